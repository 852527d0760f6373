"""Counterfactuals: copies in which everything that was changed is known, to the letter and to the value."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

import extractor
from extractor.article import Article, Span
from extractor.evaluation.counterfactuals import Copy, Edit, Shift, copied, removed
from extractor.evaluation.labels import Label, read_labels
from extractor.evaluation.shifts import shifted
from extractor.evaluation.swaps import relocated, renamed
from extractor.evaluation.turns import turned
from extractor.evaluation.wordings import wordings
from extractor.extraction.check import check
from extractor.extraction.records import Candidate
from extractor.fields import dates
from extractor.fields.gazetteer import mentions
from extractor.fields.goals import is_country
from extractor.fields.names import names, same_person
from extractor.readers import read
from extractor.schema import fields_of, load
from extractor.sentences import sentences

ROOT = Path(extractor.__file__).parents[1]
VISITS = load("visits")
Make = Callable[[Article, Sequence[Label], type[extractor.Schema], int], list[Copy]]


def labelled(folder: str) -> Mapping[str, tuple[Article, tuple[Label, ...]]]:
    """Read articles with the records that people wrote down."""
    articles = {one.id: one for one in read(ROOT / folder) if isinstance(one, Article)}
    told = read_labels(ROOT / folder / "labels.jsonl", VISITS, articles)
    return {name: (articles[name], told[name]) for name in articles}


LABELLED = {**labelled("seeds"), **labelled("benchmarks/corpus")}


def label(text: str, **values: str) -> Label:
    """Write a record whose values stand in a text as they are."""
    spans = {name: (Span(text.index(value), text.index(value) + len(value)),) for name, value in values.items()}
    return Label(values, spans)


@pytest.mark.parametrize("seed", range(40))
def test_spans_keep_their_words_whatever_is_put_elsewhere(seed: int) -> None:
    """What no edit touches has the same words in the copy, and what an edit replaces has the new ones."""
    chance = random.Random(seed)  # noqa: S311 -- nothing secret
    text = "".join(chance.choice("ab \n🧨é\u0301") for _ in range(chance.randint(1, 60)))
    pairs = [sorted((chance.randint(0, len(text)), chance.randint(0, len(text)))) for _ in range(4)]
    edits = [Edit(Span(*pair), chance.choice(["", "x", "yz" * 9])) for pair in pairs if pair[0] < pair[1]]
    copy = copied(Article(id="a", text=text), "x", edits)
    assert [copy.move(edit.span).of(copy.article.text) for edit in copy.edits] == [edit.words for edit in copy.edits]
    free = [at for at in range(len(text)) if not any(edit.span.start <= at < edit.span.end for edit in copy.edits)]
    assert [copy.move(Span(at, at + 1)).of(copy.article.text) for at in free] == [text[at] for at in free]


@pytest.mark.parametrize("article_id", LABELLED)
def test_people_of_the_records_are_others_in_every_form(article_id: str) -> None:
    """No person of a record is left in the copy, and its reader finds a name wherever one was."""
    article, records = LABELLED[article_id]
    for copy in renamed(article, records, VISITS, 0):
        left = [name.words for name in names(copy.article.text)]
        people = {str(record.values["visitor"]) for record in records}
        assert not [(name, person) for name in left for person in people if same_person(name, person)]
        assert [copy.move(n.span) for n in names(article.text)] == [n.span for n in names(copy.article.text)]
        for number, record in enumerate(records):
            assert copy.expected(number, record, VISITS)["visitor"] in " ".join(copy.article.text.split())


def test_short_and_full_forms_of_a_name_stay_one_person() -> None:
    """“Choe Son-hui”, “CHOE” and “Choe’s” become forms of the same invented name; a word that is none stays."""
    text = "Minister Choe Son-hui flew to Peru. Choe’s choice: CHOE met Ana Ruiz."
    (copy,) = renamed(Article(id="a", text=text), [label(text, visitor="Choe Son-hui", destination="Peru")], VISITS, 0)
    found = re.fullmatch(
        r"Minister (\w+) (\w+-\w+) flew to Peru\. (\w+)’s choice: (\w+) met Ana Ruiz\.", copy.article.text
    )
    assert found, copy.article.text
    assert found[1] == found[3] == found[4].title() != "Choe"
    assert found[2].partition("-")[2].islower()


@pytest.mark.parametrize("article_id", LABELLED)
def test_countries_change_places_with_their_cities_and_people(article_id: str) -> None:
    """In the copy the gazetteer reads the new country wherever it read the old one, and no old one anywhere."""
    article, records = LABELLED[article_id]
    copies = relocated(article, records, VISITS, 0)
    old = [m.code for m in mentions(article.text) if is_country(m.code)]
    assert copies or not old
    for copy in copies:
        new = [m.code for m in mentions(copy.article.text) if is_country(m.code)]
        assert new == [copy.codes[code] for code in old]
        assert len(set(copy.codes.values())) == len(copy.codes)
        assert not set(new) & set(old)


def test_countries_are_put_as_they_were() -> None:
    """Demonyms, capitals, cities, articles and abbreviations are exchanged for what stands in the same place."""
    text = (
        "An Italian envoy left Rome and Milan for the United States. Italians like the U.S., and U.S. President Ruiz."
    )
    (copy,) = relocated(Article(id="a", text=text), [], VISITS, 0)
    pattern = r"An? (\w+) envoy left [\w ]+ and [\w ]+ for ((?!the)[\w ]+)\. \1s like \2, and [\w ]+ President Ruiz\."
    assert re.fullmatch(pattern, copy.article.text), copy.article.text
    assert copy.article.text.startswith("An ") == (copy.article.text.split()[1][0] in "AEIO")


@pytest.mark.parametrize("article_id", LABELLED)
def test_shifted_words_make_the_shifted_date(article_id: str) -> None:
    """What the altered words resolve to against the new day of publication is the old date, moved as the rest."""
    article, _ = LABELLED[article_id]
    for copy in shifted(article, [], VISITS, 0):
        assert copy.shift
        for span in dates.find(article.text):
            before = dates.resolve([span.of(article.text)], article.published, None)
            after = dates.resolve([copy.move(span).of(copy.article.text)], copy.article.published, None)
            assert (after and after.edtf) == (before and copy.shift.date(before.edtf)), span.of(article.text)


def test_dates_move_by_whole_weeks() -> None:
    """Days, years and the day of publication move together, weekdays stay, and what is no date is left alone."""
    text = "On Friday, 8 March 2024, 12 of 2,024 guests came. They left on 9-11 March. See 2024-03-05."
    article = Article(id="a", text=text, published="2024-03-07")
    (copy,) = shifted(article, [label(text, visitor="They")._replace(values={"dates": "2024-03-08"})], VISITS, 0)
    assert copy.shift
    moved = copy.shift.date("2024-03-08")
    year, _, day = moved.split("-")
    found = re.fullmatch(
        rf"On Friday, {int(day)} March {year}, 12 of 2,024 guests came\. They left on (\d+)-(\d+) March\. "
        rf"See {year}-03-(\d\d)\.",
        copy.article.text,
    )
    assert found, copy.article.text
    assert [int(found[n]) - int(day) for n in (1, 2, 3)] == [1, 3, -3]
    assert copy.article.published == copy.shift.date("2024-03-07")
    assert copy.expected(0, Label({"dates": "2024-03-08"}, {}), VISITS) == {"dates": moved}


def test_without_a_day_of_publication_the_calendar_is_kept_whole() -> None:
    """Where nobody knows the year of “8 March”, only years are moved, by 28, after which all weekdays are the same."""
    (copy,) = shifted(Article(id="a", text="On 8 March he said: in May 2019 I left."), [], VISITS, 0)
    assert copy.article.text == "On 8 March he said: in May 1991 I left."
    assert copy.shift == Shift(-1461, -28)


def test_a_record_goes_with_all_sentences_that_tell_it() -> None:
    """The evidence goes, and so does a later sentence that names all key values; others stay to the letter."""
    text = "Ana Ruiz flew to Peru. Bo Berg went to Chile. It rained. Ruiz liked Peru."
    records = [
        label(text, visitor="Ana Ruiz", destination="Peru")._replace(
            values={"visitor": "Ana Ruiz", "destination": "PER"}
        ),
        label(text, visitor="Bo Berg", destination="Chile")._replace(
            values={"visitor": "Bo Berg", "destination": "CHL"}
        ),
    ]
    one, two = removed(Article(id="a", text=text), records, VISITS, 0)
    assert one.article.text == "Bo Berg went to Chile. It rained. "
    assert two.article.text == "Ana Ruiz flew to Peru. It rained. Ruiz liked Peru."
    assert (set(one.gone), set(one.doubtful), two.article.id) == ({0}, set(), "a.removed-2")


def test_a_record_that_loses_a_sentence_with_another_is_doubtful() -> None:
    """Of two trips that one sentence tells, nobody can say what is left of the other."""
    text = "Ana Ruiz flew to Peru and Chile. It rained."
    records = [label(text, visitor="Ana Ruiz", destination=name) for name in ("Peru", "Chile")]
    assert [copy.doubtful for copy in removed(Article(id="a", text=text), records, VISITS, 0)] == [{1}, {0}]


@pytest.mark.parametrize("article_id", ["s00", "s01", "s04", "d02", "d07", "d24"])
def test_turned_words_decide_for_the_value_that_is_expected(article_id: str) -> None:
    """The checks alone read the new choice off the new words, and all other values keep theirs."""
    article, records = LABELLED[article_id]
    for copy in turned(article, records, VISITS, 0):
        for number, told in copy.values.items():
            record = records[number]
            assert all(record.values[name] != value for name, value in told.items())
            rest = copy.expected(number, record, VISITS)
            assert {n: v for n, v in rest.items() if n not in told} == {
                n: v for n, v in record.values.items() if n not in told and v not in (None, [], False)
            }
            key = {name: rest[name] for name in ("visitor", "destination")}
            where = [(copy.move(s),) for s in _sentences(article, copy)]
            read_off = [check(Candidate(key, one), copy.article, VISITS, further=False).record for one in where]
            for name, value in told.items():
                assert value in [found.value for one in read_off for found in one[name]]


def _sentences(article: Article, copy: Copy) -> list[Span]:
    return [s for s in sentences(article.text) if any(edit.span.overlaps(s) for edit in copy.edits)]


def test_a_turned_sentence_still_reads() -> None:
    """Of the words for another value, those that are like the old ones are put, with the article that they need."""
    text = "Minister Ana Ruiz of Peru will visit Chile. She will pay an official visit."
    record = Label(
        {"visitor": "Ana Ruiz", "destination": "CHL", "status": "announced"},
        {"visitor": (Span(9, 17),), "destination": (Span(37, 42),), "status": (Span(26, 36),)},
    )
    seen = {turned(Article(id="a", text=text), [record], VISITS, seed)[0].article.text for seed in range(12)}
    assert len(seen) > 1
    assert all(re.match(r"Minister Ana Ruiz of Peru [\w’' ]*visit\w* Chile\. She", one) for one in seen), seen


def test_a_seed_draws_the_same_copy_again() -> None:
    """The same seed gives the same text, another one another."""
    article, records = LABELLED["s00"]
    makers: tuple[Make, ...] = (renamed, relocated, shifted)
    for make in makers:
        drawn = [make(article, records, VISITS, seed)[0].article.text for seed in (1, 1, 2, 3, 4)]
        assert drawn[0] == drawn[1], make
        assert len(set(drawn)) > 1, make


def test_hostile_text_is_moved_like_any_other() -> None:
    """Emoji, combining marks and overrides of direction around a name leave the offsets right."""
    text = "\u202e🧨 Ana Ruı́z 👩‍👩‍👧 visited Peru\u0301\u200b. Ruı́z left Chile 🏴."
    article = Article(id="a", text=text, boilerplate=(Span(0, 2),))
    record = Label({"visitor": "Ana Ruı́z", "destination": "CHL"}, {})
    for make in (renamed, relocated):
        for copy in make(article, [record], VISITS, 0):
            assert [s.of(copy.article.text) for s in copy.article.boilerplate] == ["\u202e🧨"]
            assert copy.article.text.endswith("🏴.")
            assert copy.article.text.count("👩‍👩‍👧") == 1


def test_each_field_type_follows_a_change_in_its_own_way() -> None:
    """Words become the words in their place, countries the code of the other one, dates move, choices stay."""
    copy = copied(
        Article(id="a", text="Ana Ruiz left Peru on 5 May."),
        "x",
        [Edit(Span(0, 3), "Zoe"), Edit(Span(14, 18), "Chad")],
        codes={"PER": "TCD"},
        shift=Shift(52, 1),
    )
    told = {
        "visitor": "Ana Ruiz", "destination": "Peru", "places": ["Peru", "Lima"], "when": "on 5 May",
        "dates": "2024-05-05", "status": "ongoing", "implied": True,
    }  # fmt: skip
    assert copy.expected(0, Label(told, {}), VISITS) == {
        "visitor": "Zoe Ruiz", "destination": "TCD", "places": ["Chad", "Lima"], "when": "on 5 May",
        "dates": "2025-05-04", "status": "ongoing", "implied": True,
    }  # fmt: skip


def test_wordings_are_phrases_that_the_cue_matches() -> None:
    """Every wording of every cue of the schema is matched by it, and nearly every cue has one."""
    status = fields_of(VISITS)["status"].type
    cues = [cue for value, _ in status.values() for cue in status.cues(value)]
    assert all(re.fullmatch(cue, words) for cue in cues for words in wordings(cue))
    assert sum(bool(wordings(cue)) for cue in cues) > len(cues) / 2
