"""Words of the article: found exactly or not at all, or read behind the words that introduce them."""

from __future__ import annotations

import pytest
from pydantic import BaseModel, ValidationError, create_model

from extractor.article import Article, Span
from extractor.fields.base import Found, View
from extractor.fields.quoted import PartyType, QuotedType

QUOTED = QuotedType()
PARTY = PartyType()


def view(text: str, *lead: str, before: str = "") -> View:
    whole = before + text
    where = (Span(len(before), len(whole)), *([Span(0, len(before))] if before else []))
    return View(Article(id="a", text=whole), where, lead=lead)


def test_found_words_are_the_articles_own() -> None:
    """Case, quotes, dashes and white space of the value do not matter; what is kept is what the article writes."""
    text = "She spoke at the “Green\u00a0Seas – Now” forum."
    found = QUOTED.locate('"green seas - now" Forum', view(text))
    assert found == Found("“Green\u00a0Seas – Now” forum", (Span(17, 41),), "stated")


@pytest.mark.parametrize("value", ["green seas", "Green Seas Now", "Seas Green", "Gren Seas", "forums", ""])
def test_other_words_are_not_found(value: str) -> None:
    assert QUOTED.locate(value, view("at the “Green – Seas” forum")) is None


def test_the_nearest_stretch_comes_first() -> None:
    found = QUOTED.locate("forum", view("A forum.", before="The forum. "))
    assert found is not None
    assert found.spans == (Span(13, 18),)


def test_a_quotation_that_is_asked_for_is_short_and_not_empty() -> None:
    """A model that drifts in long quotes is stopped by the form."""
    form: type[BaseModel] = create_model("Form", words=(QUOTED.ask(view("x")), ...))
    form(words="the Oslo forum")
    for words in ("", "word " * 100):
        with pytest.raises(ValidationError):
            form(words=words)


@pytest.mark.parametrize(
    ("text", "lead", "words"),
    [
        ("She went to attend the Nordic Forum, he said.", "to attend ", "Nordic Forum"),
        ("She went to attend a Nordic Forum on Friday.", "to attend ", "Nordic Forum"),
        ("She went TO ATTEND the Nordic Forum", "to attend ", "Nordic Forum"),
        ("She went to attend the Nordic Forum amid protests", "to attend ", "Nordic Forum"),
        ("She went to attend the Nordic Forum when it rained", "to attend ", "Nordic Forum"),
        ("She went to attend the Nordic Forum (in Oslo)", "to attend ", "Nordic Forum"),
        ("The ship, Aurora, sank.", r"The ship, (?P<value>\w+), sank", "Aurora"),
        ("She went to attend the Nordic Trade (NTX) Forum, he said.", "to attend ", "Nordic Trade (NTX) Forum"),
        ("She went to attend the (Nordic) trade forum.", "to attend ", "(Nordic) trade forum"),
        ("She went to attend the Nordic Forum and to sleep.", "to attend ", "Nordic Forum"),
        ("She went to attend the 1.2 billion\n  euro forum.", "to attend ", "1.2 billion\n  euro forum"),
    ],
)
def test_the_phrase_behind_the_lead_words_is_read(text: str, lead: str, words: str) -> None:
    """Up to the end of the phrase and without a leading article, or the group that the lead words name."""
    (found,) = QUOTED.read(view(text, lead))
    assert found == Found(words, (Span(text.index(words), text.index(words) + len(words)),), "stated")


@pytest.mark.parametrize(
    ("text", "lead"),
    [
        ("She stayed.", "to attend "),
        ("She went to attend ", "to attend "),
        ("She is able to attendtoo", "to attend "),
        ("unto attend the forum", "to attend "),
    ],
)
def test_without_the_lead_words_or_a_phrase_nothing_is_read(text: str, lead: str) -> None:
    assert QUOTED.read(view(text, lead)) == []


def test_lead_words_may_have_to_begin_the_passage() -> None:
    lead = r"^(?P<value>\w+) said"
    assert [found.value for found in QUOTED.read(view("Berg said no.", lead, before="Well. "))] == ["Berg"]
    assert QUOTED.read(view("So Berg said no.", lead)) == []


def test_the_sentences_that_go_on_are_read_after_the_passage() -> None:
    text = "To aid trade. To aid peace. To aid war."
    seen = View(Article(id="a", text=text), (Span(14, 27),), lead=("to aid ",), onward=(Span(0, 13),))
    assert [found.value for found in QUOTED.read(seen)] == ["peace", "trade"]


def test_only_the_passage_is_read() -> None:
    assert QUOTED.read(view("She stayed.", "to attend ", before="He came to attend the Forum. ")) == []


def test_compared_without_case_and_leading_article() -> None:
    assert QUOTED.same("the Nordic Forum", "nordic forum")
    assert not QUOTED.same("Nordic Forum", "Baltic Forum")


INVITED = r"at the invitation of (?:the )?"


def test_a_party_in_person_is_named_without_title() -> None:
    text = "She came at the invitation of President Olaf Stein."
    (found,) = PARTY.read(view(text, INVITED))
    assert found == Found("Olaf Stein", (Span(40, 50),), "stated")


def test_a_party_is_named_in_the_fullest_form_of_the_article() -> None:
    """The surname in place and the full name elsewhere together carry it."""
    before = "Olaf Stein spoke. "
    text = "She came at the invitation of Stein."
    (found,) = PARTY.read(view(text, INVITED, before=before))
    assert (found.value, found.verdict) == ("Olaf Stein", "derived")
    assert {span.of(before + text) for span in found.spans} == {"Olaf Stein", "Stein"}
    assert found.rule


def test_a_party_that_is_no_person_stays_as_written() -> None:
    text = "She came at the invitation of the Peruvian government."
    (found,) = PARTY.read(view(text, INVITED))
    assert found == Found("Peruvian government", (Span(34, 53),), "stated")


@pytest.mark.parametrize(
    ("text", "party"),
    [
        ("invited by Peru's prime minister, Olaf Stein, today", "Olaf Stein"),
        ("invited by the Peruvian minister, Dr. Olaf Stein, today", "Olaf Stein"),
        ("invited by Peru's state news agency PNX", "PNX"),
        ("invited by state-run Andes Television", "Andes Television"),
        ("invited by the state media", "state media"),
        ("invited by the government, Olaf Stein said", "government"),
    ],
)
def test_a_party_goes_by_its_own_name(text: str, party: str) -> None:
    """A title is followed by its holder's name, and the kind of an agency by its own."""
    assert [found.value for found in PARTY.read(view(text, r"invited by (?:the )?"))] == [party]


@pytest.mark.parametrize("pronoun", ["it", "she", "He", "they"])
def test_a_pronoun_names_no_party(pronoun: str) -> None:
    assert PARTY.read(view(f"invited by {pronoun}.", "invited by ")) == []
