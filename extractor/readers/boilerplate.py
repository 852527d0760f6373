"""Mark what is on the page but not in the article: menus, appeals, lists of headlines, comments, words to machines.

The rules look at lines and what stands around them, never at one publisher's words. They prefer to miss: a
menu that stays costs a few tokens, a paragraph that is marked can never be found again.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from extractor.article import Span
from extractor.readers.addressed import find_addressed
from extractor.readers.lettering import Plain, overrides
from extractor.readers.markup import find_markup
from extractor.sentences import lines

_LONGEST_BIOGRAPHY = 1500
_PLAIN = str.maketrans("’\u00a0", "' ")
_SHORT = 400  # rules read lines up to this length, in code points; longer ones are paragraphs


class _Line(NamedTuple):
    span: Span
    words: str  # the first `_SHORT` code points, apostrophes and spaces made plain
    opens_block: bool  # a blank line, or nothing, stands before it


def _pattern(*alternatives: str) -> re.Pattern[str]:
    return re.compile("(?:" + "|".join(alternatives) + ")", re.IGNORECASE)


# Lines that are boilerplate by themselves, wherever they stand; each must match whole.
_LINES = _pattern(
    r"skip to (?:main )?content\b.*",  # menus for screen readers
    r"home(?: [/›»>] [^.!?]{1,40}){1,5}",  # breadcrumbs
    r"[\w' ]{1,40}(?: [›»>] [\w' ]{1,40}){1,5}",
    r"(?:\d+ )?shares?|share (?:this|via|on)\b.{0,60}|.{0,40}\bcopy to clipboard.*",  # share widgets
    r"follow us\b.{0,100}|for (?:all )?the latest\b.{0,40}\bfollow (?:us|our)\b.*",
    r"copy/paste .*\bembed .*|embed (?:code|this video)\b.*",  # embed codes
    r"was this (?:page|article) helpful\?.*",
    # copyright; a photo credit, which gives no year, stays
    r"(?:copyright )?(?:©|\(c\)) ?\d{4}\b.*|copyright ©.*|.{0,60}\ball rights reserved\b.*",
    r"sign up (?:now|today|here|for (?:our|the|free|news)\b|to (?:our|receive|get)\b).*",  # newsletters
    r"subscribe (?:now|today|here|for|to)\b.*|unsubscribe\b.*|.{0,200} unsubscribe\W?",
    r"you are receiving this (?:because|e-?mail)\b.*|.{0,100}\bsuccessfully subscribed\b.*|subscribed\W?",
    r"by (?:entering your e-?mail|clicking|signing up|subscribing)\b.*\byou agree\b.*",
    r"agree to receive .*\b(?:communications|e-?mails)\b.*",
    r".{0,150}\bnewsletters?\b.{0,20}\bbrings you\b.*",
    r"(?:click|tap) (?:here|to)\b.{0,100}",  # calls to act
    r"(?:we|this (?:web)?site|our (?:web)?site)(?: and our partners)? uses? cookies\b.*",  # cookie banners
    r"(?:accept|reject|manage) (?:all )?cookies\b.*|cookie (?:settings|policy|preferences|notice)\b.{0,60}",
    r"by continuing to (?:use|browse)\b.*",
    r"read (?:more|next|also) ?[:|>→].*",  # links to other articles
    r"read more (?:about|on|from|in|here|stories|articles|news|interviews)\b.{0,60}",
    r"(?:also read|see also|related(?: (?:article|story|video))?|more|watch|listen|don't miss): .{0,200}",
    r"next (?:gallery|story|article|video): .{0,200}",
    r"(?:subscribers|readers|people|others) (?:also|are) read(?:ing)?:? .{0,200}",
    r"\(?(?:additional )?reporting by .{3,200}\bediting by\b.*",  # agency footers
    r"\W*additional reporting\b.{0,200}",
    r".{0,100}\bcontributed (?:to this (?:report|article|story)|reporting)\W*",
    r"our standards: .{0,100}",
    r"the (?:views|opinions) expressed .{0,100}\b(?:author|writer|own)\b.*",
    r"(?:press |media )?(?:contact|e-?mail)s?: ?\S+ ?@ ?\S+",  # contact lines
    r".{0,60}\S ?@ ?\w+\.\w[\w.]{1,30}",
    r"(?:this is a|transcripts are created on a) rush (?:transcript|deadline)\b.*",
)
_CAPITALS = re.compile(r"(?:READ (?:NEXT|MORE|ALSO)|ALSO READ|WATCH:|RELATED:) .{5,200}")

# Buttons: a line of nothing else is a menu. Single words that an interviewee may answer need company.
_BUTTON = re.compile(
    r"share(?: this(?: article| story| page)?)?|comments?(?: \(\d+\))?|close(?: button)?|save|print|e-?mail"
    r"|gift this article|listen(?: to this (?:story|article))?|\d{1,2}:\d\d|download(?: \(subscribers\))?"
    r"|facebook|twitter|instagram|telegram|whatsapp|linkedin|reddit|youtube|copy link|tap to enlarge"
    r"|log ?in(?: to (?:reply|comment))?|sign (?:in|up|out)|subscribe|register|search|menu|home|loader"
    r"|loading|find us|events|podcasts|newsletters?|report comment|read more interviews|reply",
    re.IGNORECASE,
)
_BUTTONS = re.compile(rf"(?:(?:{_BUTTON.pattern})[\s|•·/:]*)+", re.IGNORECASE)
_SURE_BUTTON = _pattern(
    "share this", "close button", "gift this", "listen", "loader", "find us", "tap to", "log ?in", "report"
)
_MENU = re.compile(r"(?:[^\W\d][^\W\d]*(?: [^\W\d]+){0,2}\s*[|•·]\s*){2,}[^\W\d]+(?: [^\W\d]+){0,2}")

_AD_LABEL = re.compile(
    r"\W*(?:advertisement|advertising|sponsored(?: content)?|paid (?:content|post)|promoted)\W*",
    re.IGNORECASE,
)

# Headings over lists of other articles.
_LIST_HEADING = _pattern(
    r"you (?:might|may) also (?:like|enjoy)|recommended(?: for you)?|trending(?: now)?",
    r"more (?:from|on|in) (?:this|the|our) (?:section|author|topic|story|series)|more (?:stories|news)",
    r"most (?:popular|read|viewed|shared|commented|watched)|editor'?s'? picks?|top stories|popular(?: now)?",
    r"related(?: (?:topics?|articles?|stor(?:y|ies)|content|links|coverage|news|posts?))?",
    r"(?:read|see|watch) (?:more|next|also)|also read|what to read next|latest (?:news|stories|headlines)",
)
_COMMENTS_HEADING = _pattern(
    r"(?:facebook |reader )?comments?(?: \(\d+\))?|\d+ comments?",
    r"leave a (?:comment|reply)|join the conversation",
)
_COMMENT_MARK = re.compile(r"\bago$|\blog in to\b|\breply$|^@\w|^(?:like|likes|report)\b", re.IGNORECASE)
_APPEAL_HEADING = _pattern(r"a (?:message|note|word) from .{2,60}", r"support (?:the|our|us\b|independent).{0,40}")
_APPEAL = _pattern(
    r"dear readers?|support(?:ing)? us|by supporting|donat|\bgifts?\b|we need your help",
    r"per month|a month|monthly",
)
_APPEAL_END = re.compile(r"(?:^|.*\. )remind me\b.{0,30}", re.IGNORECASE)
_CONTACT_HEADING = _pattern(
    "additional information", "for (?:more|further) information", "(?:press|media) contacts?", "contacts?"
)
_ABOUT = re.compile(r"A(?:bout|BOUT) (?:[Tt]he [Aa]uthors?|THE AUTHORS?|[A-Z][\w'-]+(?: [A-Z][\w'-]+){0,3})")
_TRADE = _pattern(
    r"\b(?:columnist|correspondent|reporter|editor|writer|author|journalist|contributor|fellow|professor|lecturer)\b"
)
_BYLINE = re.compile(r"(?:[Bb]y )?([A-Z][\w'.-]+(?: [\w'.-]+){0,2} [A-Z][\w'.-]+)")
# What is boilerplate only where no paragraph of the article follows.
_TRAILING = _pattern(
    r"(?:also|more) in [\w &'-]{1,40}: .{0,200}[^.]",
    r".{0,40}\b(?:can be (?:reached|contacted) at|tweets (?:at|@)|on (?:x|twitter):? @).*",
    r"(?:.{0,200}\W)?e-?mail: \S+@\S+",
)


def find_boilerplate(text: str) -> tuple[Span, ...]:
    r"""Find the spans of `text` that are not the article, in order and apart from one another.

    >>> text = "Lavrov is in Seoul.\n\nYou might also like\nPutin in Pyongyang"
    >>> [span.of(text) for span in find_boilerplate(text)]
    ['You might also like\nPutin in Pyongyang']
    """
    for_machines = list(_for_machines(text))
    page = list(_page(text))
    marked = [_by_itself(line.words) for line in page]
    _mark_covered(page, for_machines, marked)
    _mark_blocks(page, marked)
    spans = [line.span for line, is_marked in zip(page, marked, strict=True) if is_marked]
    return tuple(_merged(text, sorted([*spans, *for_machines])))


def _page(text: str) -> Iterator[_Line]:
    end = 0
    for span in lines(text):
        words = text[span.start : min(span.end, span.start + _SHORT + 1)].translate(_PLAIN)
        yield _Line(span, words, text.count("\n", end, span.start) != 1)
        end = span.end


def _for_machines(text: str) -> Iterator[Span]:
    """Find what is not for people: markup, what is shown in another order than it has, words to machines that read."""
    plain = Plain.of(text)
    markup = list(_merged(text, sorted([*map(plain.back, find_markup(plain.text)), *overrides(text)])))
    return _merged(text, sorted([*markup, *find_addressed(text, markup)]))


def _mark_covered(page: Sequence[_Line], spans: Sequence[Span], marked: list[bool]) -> None:
    rest = iter(spans)
    span = next(rest, None)
    for index, line in enumerate(page):
        while span and span.end < line.span.end:
            span = next(rest, None)
        if span and span.covers(line.span):
            marked[index] = True


def _by_itself(words: str) -> bool:
    if len(words) > _SHORT:
        return False
    if _BUTTONS.fullmatch(words):
        return bool(_SURE_BUTTON.search(words)) or len(_BUTTON.findall(words)) > 2
    return any(pattern.fullmatch(words) for pattern in (_AD_LABEL, _LINES, _CAPITALS, _MENU))


def _mark_blocks(page: Sequence[_Line], marked: list[bool]) -> None:
    """Mark what headings open, from the last line up, so that what follows one is already judged."""
    paragraphs = [index for index in range(len(page)) if not marked[index] and _is_paragraph(page, index)]
    first = paragraphs[0] if paragraphs else len(page)
    authors = {match[1] for line in page[1:10] if (match := _BYLINE.fullmatch(line.words))}
    below = [len(page)]  # the paragraphs of the article below, the nearest last
    for start in range(len(page) - 1, -1, -1):
        end = _block_end(page, marked, start, below[-1])
        if start > first:
            end = end or _tail_end(page, start, below[-1], authors)
        if end:
            marked[start:end] = [True] * (end - start)
            while below[-1] < end:
                below.pop()
        elif not marked[start] and _is_paragraph(page, start):
            below.append(start)


def _is_paragraph(page: Sequence[_Line], index: int) -> bool:
    """Say whether a line reads like a paragraph of an article and not like a headline or a button."""
    words = page[index].words
    below = page[index + 1] if index + 1 < len(page) else None
    if len(words) > 40 and below and not below.opens_block and below.words[0].islower():
        return True  # hard-wrapped: the sentence goes on
    return len(words) > 200 or (words.rstrip("\"”')").endswith(".") and words.count(" ") >= 5)


def _block_end(page: Sequence[_Line], marked: Sequence[bool], start: int, following: int) -> int | None:
    """Return the index after the last line of the block that line `start` opens, if it opens one."""
    heading = page[start].words.rstrip(" :…")
    if len(heading) > 80:
        return None
    if _AD_LABEL.fullmatch(heading):
        return _ad_end(page, start, following)
    if _LIST_HEADING.fullmatch(heading):
        return _list_end(page, marked, start, following)
    return None


def _ad_end(page: Sequence[_Line], start: int, following: int) -> int:
    """End an advertisement at a second label, if that stands in the same block with no paragraph between."""
    for index in range(start + 1, min(start + 8, following)):
        if page[index].opens_block:
            break
        if _AD_LABEL.fullmatch(page[index].words):
            return index + 1
    return start + 1


def _list_end(page: Sequence[_Line], marked: Sequence[bool], start: int, following: int) -> int:
    """End a list of headlines with the page, or else at the first blank line after a headline."""
    if following == len(page):
        return following
    end = min(start + 2, following)
    while end < following and not page[end].opens_block and not marked[end]:
        end += 1
    if end == following and not page[end].opens_block:
        return min(start + 2, following)  # no blank line parts the list from the article: take one headline
    return end


def _appeal_end(page: Sequence[_Line], start: int) -> int | None:
    """End an appeal with its "Remind me later", else at a blank line; it must ask for something twice."""
    block = page[start + 1 : start + 16]
    ends = [number for number, line in enumerate(block, 1) if _APPEAL_END.fullmatch(line.words)]
    if not ends:
        ends = [number for number, line in enumerate(block[1:], 1) if line.opens_block]
    length = ends[0] if ends else len(block)
    asked = {cue.lower() for line in block[:length] for cue in _APPEAL.findall(line.words)}
    return start + 1 + length if len(asked) > 1 else None


def _tail_end(page: Sequence[_Line], start: int, following: int, authors: set[str]) -> int | None:
    """Return where the boilerplate ends that line `start` opens below the article, if it does."""
    words = page[start].words
    heading = words.rstrip(" :")
    trailing = following == len(page)
    if _COMMENTS_HEADING.fullmatch(heading):
        marks = sum(bool(_COMMENT_MARK.search(line.words)) for line in page[start + 1 : start + 9])
        return len(page) if trailing or marks > 1 else start + 1
    if _APPEAL_HEADING.fullmatch(heading):
        return _appeal_end(page, start)
    if _ABOUT.fullmatch(heading) and page[-1].span.end - page[start].span.end < _LONGEST_BIOGRAPHY:
        return len(page) if any(_TRADE.search(line.words) for line in page[start + 1 :]) else None
    if trailing and _CONTACT_HEADING.fullmatch(heading):
        return len(page) if any("@" in line.words for line in page[start + 1 : start + 6]) else None
    if trailing and (_TRAILING.fullmatch(words) or _is_biography(words, authors)):
        return start + 1
    return None


def _is_biography(words: str, authors: set[str]) -> bool:
    """Say whether a paragraph presents the writer whom a byline names."""
    return any(
        words.startswith(f"{author} ") and _TRADE.search(words, len(author), len(author) + 80) for author in authors
    )


def _merged(text: str, spans: Sequence[Span]) -> Iterator[Span]:
    """Join spans that overlap or have only white space between them."""
    last: Span | None = None
    for span in spans:
        if last and (span.start <= last.end or text[last.end : span.start].isspace()):
            last = Span(last.start, max(last.end, span.end))
        else:
            if last:
                yield last
            last = span
    if last:
        yield last
