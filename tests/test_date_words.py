"""Time expressions are found whole, with their preposition, in any text, however hostile."""

from __future__ import annotations

import random
import time

import pytest
from edtf import parse_edtf

from extractor.fields.dates import find, resolve

FOUND = """
    He will visit [on Oct. 18-19], officials said [on Monday].
    She leaves [for a three-day trip from Sunday].
    She was there [from Sunday to Tuesday].
    He is there [for two days on Tuesday] and flies home.
    He came [in September last year] and again [last month].
    a visit [on 13 and 14 September] that ended
    He is [currently] in Beijing; [now] he may go on.
    He flies [tomorrow morning].
    He landed [at 06 15 hours today].
    [The day before yesterday] I was in Accra.
    the cosmodrome, [13 September 2023]
    [later this year], [before Christmas] or [in the second half of the year]
    and [the very next month] he returned [on the 11th] to rest
    [MON 7]
    a trip [in spring 2023], not [at the end of the month]
    He stays [until Friday] on [a four-day] visit. ([until Wed])
    [In April 2019] he came; [recently] too; [soon] again; [this morning] as well.
    [on Monday evening] and [in the same month]
    He went [that month], [earlier this week], [two weeks ago], and goes [next week].
    [early July]; [mid-October]
    [between April 7 and 9]; [from April 15 to 18]; [June 8-10]; the [June 8-10] summit; [Oct. 30-Nov. 2]; [3–4 June]
    [for late April or early May]
    He flew in [yesterday], and [on Monday] and [on Tuesday] he slept.
    [in the 1990s] and [in 1998]; [on Friday 13 September]; [2024-03-05]; [25.01.2024]
    [in September for two days] and [for three days from April 14]
    [in the coming days], [in recent weeks], [at the weekend], [at the moment]
    [on the morning of March 5, 2024] at the palace
    Theresa May may march in the sun on the 11th floor, said the Mon people.
    on 12 ships, 5 to 6 tonnes, 2,000 of them, 3.5 in all; on and on and on
    his first in five years, to start in Bonn, [a three-day] visit
    the day that peace came, on one of those in a million
    """


@pytest.mark.parametrize("line", [line.strip() for line in FOUND.strip().splitlines()])
def test_time_expressions_are_found_whole(line: str) -> None:
    """The bracketed words are found, with their preposition, and nothing else is."""
    text = line.replace("[", "").replace("]", "")
    wanted = [part.split("]")[0] for part in line.split("[")[1:]]
    assert [span.of(text) for span in find(text)] == wanted


def test_a_phrase_may_cross_a_line_but_not_a_paragraph() -> None:
    """Wrapped lines and no-break spaces join words; an empty line parts them."""
    text = "held on 13\nand 14\u00a0September\n\n2023"
    assert [span.of(text) for span in find(text)] == ["on 13\nand 14\u00a0September"]


HOSTILE = """on on on 1 1 1|1.|on 1, 2, 3, 4 and|Monday and|from|the|twenty-|May|-|for a three-day|Sept.|۱۲|,
10:30 (10:30)|11111111111111111111111|this last next|5 and 6, 7|on the|two days before""".replace("\n", "").split("|")


@pytest.mark.parametrize("piece", HOSTILE)
@pytest.mark.parametrize("glue", ["", " "])
def test_hostile_text_takes_linear_time(piece: str, glue: str) -> None:
    """Twenty times the text takes about twenty times as long, not four hundred."""
    find(piece)

    def seconds(size: int) -> float:
        started = time.perf_counter()
        find((piece + glue) * (size // len(piece + glue)))
        return time.perf_counter() - started

    assert seconds(200_000) < 100 * max(seconds(10_000), 0.005)


def test_megabytes_on_one_line_are_read_in_seconds() -> None:
    """Five megabytes of prepositions and numbers hold no date, and that is soon seen."""
    started = time.perf_counter()
    assert find("on on on 1 1 1 " * 333_333) == ()
    assert time.perf_counter() - started < 30


VOCABULARY = """
    on in from to until before after since the a last next this that same and - , . May Sept. Monday Fri 31 30
    29 0 11th 2024 1999 1990s 2024-02-30 31.02.2024 two 999999999 day days weeks months year years ago later
    end earlier of half second quarter spring winter today yesterday morning week-long three-day weekend (
"""


def test_no_words_raise() -> None:
    """Words of dates in any order, against any anchor, give EDTF or nothing."""
    vocabulary = VOCABULARY.split()
    seen: set[str] = set()
    chance = random.Random(7)  # noqa: S311
    for _ in range(1500):
        phrases = [" ".join(chance.choices(vocabulary, k=chance.randint(1, 7))) for _ in range(chance.randint(1, 3))]
        anchor = chance.choice([None, "2024-02-29", "XXXX-02-29", "1000-01-01", "8999-12-31"])
        resolution = resolve(phrases, anchor, chance.choice(["past", "future", None]))
        if resolution and resolution.edtf not in seen:
            seen.add(resolution.edtf)
            parse_edtf(resolution.edtf)
