"""Who does a deed, as far as word order tells. The names are invented."""

from __future__ import annotations

import pytest

from extractor.article import Span
from extractor.fields.clauses import acts, deeds, distance
from extractor.fields.names import names

GOES = (r"visit(?!or)\w*", r"trips?\b", r"arriv\w+", r"left for", r"travel\w*", r"flew", r"invited")


def agents(text: str, cues: tuple[str, ...] = GOES, where: tuple[Span, ...] = ()) -> list[list[str]]:
    """Return the agents of each deed of `text` (or of ``where[0]``), each name once."""
    found = deeds(text, where or (Span(0, len(text)),), cues)
    return [list(dict.fromkeys(name.words for name in deed.agents)) for deed in found]


@pytest.mark.parametrize(
    ("text", "agent"),
    [
        # active
        ("Mara Lindqvist will visit Peru.", "Mara Lindqvist"),
        ("Foreign Minister Mara Lindqvist arrived in Lima.", "Mara Lindqvist"),
        ("Mara Lindqvist, the Swedish foreign minister, arrived in Lima.", "Mara Lindqvist"),
        ("Sweden's Mara Lindqvist arrived in Lima.", "Mara Lindqvist"),
        ("On Monday Mara Lindqvist left for Lima.", "Mara Lindqvist"),
        ("President Lindqvist will visit Peru.", "Lindqvist"),
        ("Will Mara Lindqvist visit Peru?", "Mara Lindqvist"),
        ("Mara Lindqvist, 61, will visit Peru.", "Mara Lindqvist"),
        ("Mara Lindqvist (Sweden) will visit Peru.", "Mara Lindqvist"),
        ("Mara Lindqvist will visit Peru to meet Olaf Stein.", "Mara Lindqvist"),
        ("Mara Lindqvist succeeded Olaf Stein and will visit Peru.", "Mara Lindqvist"),
        ("Mara Lindqvist met Olaf Stein and then flew to Peru.", "Mara Lindqvist"),
        ("Mara Lindqvist said Olaf Stein will visit Peru.", "Olaf Stein"),
        ("Mara Lindqvist left for Lima, Olaf Stein said.", "Mara Lindqvist"),
        ("Mara Lindqvist rather than Olaf Stein will visit Peru.", "Mara Lindqvist"),
        ("Mara Lindqvist, accompanied by Olaf Stein, visited Peru.", "Mara Lindqvist"),
        ("Mara Lindqvist, along with Olaf Stein, visited Peru.", "Mara Lindqvist"),
        ("A delegation led by Mara Lindqvist visited Peru.", "Mara Lindqvist"),
        ("A delegation headed by Foreign Minister Mara Lindqvist visited Peru.", "Mara Lindqvist"),
        ("Mara Lindqvist's office said Olaf Stein will visit Peru.", "Olaf Stein"),
        ("Arriving in Lima, Mara Lindqvist smiled.", "Mara Lindqvist"),
        ("While visiting Peru, Olaf Stein laughed.", "Olaf Stein"),
        ("“We will visit Peru,” said Mara Lindqvist.", "Mara Lindqvist"),
        # possessive
        ("Mara Lindqvist's visit to Peru pleased everybody.", "Mara Lindqvist"),
        ("Mara Lindqvist’s first official visit to Peru ended.", "Mara Lindqvist"),
        ("Hans Jonas’ visit to Peru ended.", "Hans Jonas"),
        ("Olaf Stein welcomed Mara Lindqvist's visit.", "Mara Lindqvist"),
        ("Olaf Stein spoke before Mara Lindqvist's trip.", "Mara Lindqvist"),
        # by-phrase
        ("a visit to Peru by Mara Lindqvist", "Mara Lindqvist"),
        ("a visit by Mara Lindqvist to Peru", "Mara Lindqvist"),
        ("a visit from Mara Lindqvist to Peru", "Mara Lindqvist"),
        ("Olaf Stein announced a visit from Foreign Minister Mara Lindqvist to Peru.", "Mara Lindqvist"),
        ("a visit to Peru by Swedish Foreign Minister Mara Lindqvist", "Mara Lindqvist"),
        ("a visit to Peru by the Swedish foreign minister, Mara Lindqvist", "Mara Lindqvist"),
        ("Olaf Stein announced a visit to Peru by Mara Lindqvist.", "Mara Lindqvist"),
        ("Olaf Stein is in Lima ahead of a visit by Mara Lindqvist.", "Mara Lindqvist"),
        ("Peru will be visited by Mara Lindqvist.", "Mara Lindqvist"),
        # relative clauses
        ("Ula Tamm met Olaf Stein, who visited Peru last week.", "Olaf Stein"),
        ("Ula Tamm spoke with Olaf Stein, who will visit Peru.", "Olaf Stein"),
        ("Mara Lindqvist, who visited Peru last week, met Olaf Stein.", "Mara Lindqvist"),
        ("Olaf Stein received Mara Lindqvist, who arrived on Monday.", "Mara Lindqvist"),
        ("Olaf Stein will host Mara Lindqvist, who travels to Lima.", "Mara Lindqvist"),
        (
            "Olaf Stein on Monday received Mara Lindqvist, the Swedish foreign minister, who arrived in Lima.",
            "Mara Lindqvist",
        ),
        ("Olaf Stein, who met Mara Lindqvist, will visit Peru.", "Olaf Stein"),
        # pronouns
        ("Mara Lindqvist spoke to Olaf Stein before she visited Peru.", "Mara Lindqvist"),
        ("Mara Lindqvist told Olaf Stein she would visit Peru.", "Mara Lindqvist"),
        ("Ula Tamm met Olaf Stein, whose plane left for Peru.", "Olaf Stein"),
        # of two who are joined, neither or both act
        ("Mara Lindqvist left for Lima with Olaf Stein and Trade Minister Ula Tamm.", "Mara Lindqvist"),
        ("On her visit Mara Lindqvist met with Olaf Stein, and Trade Minister Ula Tamm.", "Mara Lindqvist"),
        # invitations
        ("Mara Lindqvist visited Peru at the invitation of Olaf Stein.", "Mara Lindqvist"),
        ("Mara Lindqvist will visit Peru at Olaf Stein's invitation.", "Mara Lindqvist"),
        ("At Olaf Stein's invitation, Mara Lindqvist visited Peru.", "Mara Lindqvist"),
        ("Mara Lindqvist accepted Olaf Stein's invitation to visit Peru.", "Mara Lindqvist"),
        ("At the invitation of Olaf Stein, Mara Lindqvist visited Peru.", "Mara Lindqvist"),
        ("After meeting Olaf Stein, Mara Lindqvist visited Peru.", "Mara Lindqvist"),
        ("Instead of Olaf Stein, Mara Lindqvist visited Peru.", "Mara Lindqvist"),
    ],
)
def test_one_agent(text: str, agent: str) -> None:
    """The subject, the owner, who stands behind “by” or before “who” does the deed; host, object and source do not."""
    assert agents(text)[0] == [agent]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Mara Lindqvist and Olaf Stein will visit Peru.", {"Mara Lindqvist", "Olaf Stein"}),
        ("Mara Lindqvist and Defence Minister Olaf Stein will visit Peru.", {"Mara Lindqvist", "Olaf Stein"}),
        ("Mara Lindqvist met Olaf Stein and Ula Tamm. ", set()),
        ("a planned trip to Peru by both Mara Lindqvist and Olaf Stein", {"Mara Lindqvist", "Olaf Stein"}),
    ],
)
def test_a_list_shares_the_deed(text: str, expected: set[str]) -> None:
    found = agents(text)
    assert set(found[0] if found else []) == expected


@pytest.mark.parametrize(
    "text",
    [
        "Nobody visited Peru.",
        "The delegation visited Peru to meet Olaf Stein.",
        "The Swedish prime minister will visit Peru at the invitation of Olaf Stein.",
        "A delegation of Olaf Stein visited Peru.",
    ],
)
def test_a_host_or_owner_is_no_agent(text: str) -> None:
    """Where word order names nobody, nobody of the sentence is offered."""
    assert agents(text)[0] == []


def test_a_sentence_without_the_deed_has_none() -> None:
    assert deeds("Mara Lindqvist smiled.", (Span(0, 22),), GOES) == ()


def test_each_deed_has_its_own_agent() -> None:
    """The main clause and the subordinate one are told apart, in the order of the text."""
    text = "Olaf Stein travelled to Rome after a visit to Peru by Mara Lindqvist."
    assert agents(text) == [["Olaf Stein"], ["Mara Lindqvist"]]
    found = deeds(text, (Span(0, len(text)),), GOES)
    assert [deed.span.of(text) for deed in found] == ["travelled", "visit"]


def test_by_behind_the_next_deed_belongs_to_that_one() -> None:
    """“by” reaches back to its own deed, not over it to the one before."""
    text = "Mara Lindqvist arrived before the trip by Olaf Stein."
    assert agents(text) == [["Mara Lindqvist"], ["Olaf Stein"]]


@pytest.mark.parametrize(
    "second",
    [
        "She will visit Peru.",
        "The minister will visit Peru.",
        "Her visit to Peru begins soon.",
        "The visit to Peru begins soon.",
    ],
)
def test_a_pronoun_or_an_office_may_be_who_was_spoken_of_before(second: str) -> None:
    """The sentences before tell who “she” or “the minister” is."""
    first = "Foreign Minister Mara Lindqvist spoke."
    text = f"{first} {second}"
    where = (Span(len(first) + 1, len(text)), Span(0, len(first)))
    assert agents(text, where=where)[0] == ["Mara Lindqvist"]


@pytest.mark.parametrize("credit", ["By Ula Tamm", "Photo by Ula Tamm", "Reporting by Ula Tamm", "Ula Tamm/ANA"])
def test_who_wrote_it_down_does_nothing(credit: str) -> None:
    text = f"{credit}\nMara Lindqvist smiled. She arrived in Lima."
    second = text.index("She")
    where = (Span(second, len(text)), Span(len(credit) + 1, second), Span(0, len(credit)))
    assert agents(text, where=where) == [["Mara Lindqvist"]]


def test_who_is_named_in_the_sentence_needs_nothing_from_before() -> None:
    """With a subject of its own, a sentence offers nobody of the sentences before."""
    first = "Ula Tamm spoke."
    text = f"{first} Mara Lindqvist will visit Peru."
    where = (Span(len(first) + 1, len(text)), Span(0, len(first)))
    assert agents(text, where=where)[0] == ["Mara Lindqvist"]


def test_a_title_in_capitals_or_a_cue_in_capitals_counts() -> None:
    """Case does not matter to a cue."""
    assert agents("Mara Lindqvist VISITED Peru.") == [["Mara Lindqvist"]]


@pytest.mark.parametrize(
    ("text", "acting"),
    [
        ("He met Olaf Stein.", False),
        ("talks with Foreign Minister Olaf Stein", False),
        ("her counterpart Olaf Stein", False),
        ("at Olaf Stein's invitation", False),
        ("Olaf Stein’s office", False),
        ("led by Olaf Stein", True),
        ("hosted by Olaf Stein", False),
        ("Olaf Stein", True),
        ("said Olaf Stein", True),
        ("the Peruvian president, Olaf Stein", True),
    ],
)
def test_who_can_act(text: str, acting: bool) -> None:
    """An object, a counterpart or the owner of an invitation does not; a leader does."""
    (name,) = names(text)
    assert acts(text, name, 0) is acting


def test_distance_counts_a_goal_behind_its_deed_as_nearer() -> None:
    """A goal before the deed is rarer, so it counts threefold; one inside it is at no distance."""
    assert distance(Span(10, 15), Span(18, 22)) == 3
    assert distance(Span(10, 15), Span(4, 7)) == 9
    assert distance(Span(10, 15), Span(12, 14)) == 0
    assert distance(Span(10, 15), Span(15, 20)) == 0


def test_who_is_joined_to_one_that_is_met_does_nothing() -> None:
    first = "Mara Lindqvist smiled."
    text = f"{first} During the visit she will meet with Olaf Stein, and the Minister of Crafts, Ula Tamm."
    where = (Span(len(first) + 1, len(text)), Span(0, len(first)))
    assert agents(text, where=where) == [["Mara Lindqvist"]]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Olaf Stein spoke of Mara Lindqvist visiting Peru.", ["Mara Lindqvist"]),  # she does, though she is spoken of
        ("Olaf Stein held talks with visiting ministers.", []),  # it tells who the ministers are
        ("Olaf Stein held talks with visiting Premier Mara Lindqvist.", ["Mara Lindqvist"]),
        ("Olaf Stein said the government would not travel to Peru.", []),  # a group has no name
        ("Olaf Stein urged African leaders to visit Peru.", []),  # he stays
        ("House of Commons Speaker Mara Lindqvist visited Peru.", ["Mara Lindqvist"]),
    ],
)
def test_who_is_meant_beside_others(text: str, expected: list[str]) -> None:
    """The subject of a sentence does not do what it says of somebody else."""
    assert agents(text)[-1] == expected
