"""Words to dates: expected values follow from the calendar and from the codebook's page on dates."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cache
from typing import Literal, cast

import pytest
from edtf import parse_edtf

from extractor.fields.dates import resolve

# Lines of "words | tense | EDTF": semicolons part words of one result, " + " joins phrases, "-" is none.
RESOLVED = {
    "2024-03-06": """
        on Monday | past | 2024-03-04
        on Monday | future | 2024-03-11
        on Monday | - | 2024-03-04
        on Saturday | - | 2024-03-09
        on Wednesday | past | 2024-03-06
        on Wednesday | future | 2024-03-06
        on Wednesday | - | 2024-03-06
        Tuesday | past | 2024-03-05
        Thursday | past | 2024-02-29
        Thursday | future | 2024-03-07
        On Friday | past | 2024-03-01
        on Monday evening; early on Monday; late Monday night | past | 2024-03-04
        early Saturday morning | future | 2024-03-09
        on the morning of Monday; at 10:30 a.m. (0230 GMT) on Monday; at noon on Monday | past | 2024-03-04
        on monday | past | 2024-03-04
        last Wednesday | past | 2024-02-28
        last Friday | past | 2024-03-01
        last Tuesday | past | 2024-03-05
        next Wednesday | future | 2024-03-13
        next Thursday | future | 2024-03-07
        next Tuesday | future | 2024-03-12
        this coming Friday | future | 2024-03-08
        this Monday | past | 2024-03-04
        this Thursday | future | 2024-03-07
        on Tuesday last week | past | 2024-02-27
        Friday of last week | past | 2024-03-01
        on Tuesday next week; next week on Tuesday | future | 2024-03-12
        since Monday | past | 2024-03-04
        from Sunday | future | 2024-03-10
        until Friday; by Friday; before Friday | future | -
        after Monday | past | -
        today | past | 2024-03-06
        tonight | future | 2024-03-06
        this morning | past | 2024-03-06
        this evening | future | 2024-03-06
        last night; yesterday; yesterday afternoon | past | 2024-03-05
        tomorrow; tomorrow morning | future | 2024-03-07
        the day before yesterday | past | 2024-03-04
        The day after tomorrow | future | 2024-03-08
        at 06 15 hours today | past | 2024-03-06
        later today | future | 2024-03-06
        two weeks ago | past | 2024-02-21
        a week ago | past | 2024-02-28
        three days ago | past | 2024-03-03
        10 days ago | past | 2024-02-25
        a month ago | past | 2024-02
        three months ago | past | 2023-12
        two years ago | past | 2022
        in two weeks | future | 2024-03-20
        in three days | future | 2024-03-09
        in two days | past | -
        two weeks from now | future | 2024-03-20
        a few days ago | past | -
        the day before Friday | future | 2024-03-07
        two days after Monday | past | 2024-03-06
        this week | future | 2024-03-04/2024-03-10
        last week | past | 2024-02-26/2024-03-03
        next week | future | 2024-03-11/2024-03-17
        earlier this week | past | 2024-03-04/2024-03-06
        later this week | future | 2024-03-06/2024-03-10
        at the end of the week; the end of this week | future | 2024-03-08/2024-03-10
        at the end of next week | future | 2024-03-15/2024-03-17
        this weekend | future | 2024-03-09/2024-03-10
        next weekend | future | 2024-03-16/2024-03-17
        last weekend; at the weekend | past | 2024-03-02/2024-03-03
        at the weekend | future | 2024-03-09/2024-03-10
        this month | past | 2024-03
        last month | past | 2024-02
        next month | future | 2024-04
        earlier this month | past | 2024-03
        later this month; at the end of the month | future | 2024-03
        at the beginning of next month | future | 2024-04
        this quarter | future | 2024-01/2024-03
        last quarter | past | 2023-10/2023-12
        next quarter | future | 2024-04/2024-06
        this year; later this year | future | 2024
        earlier this year | past | 2024
        last year | past | 2023
        next year; early next year | future | 2025
        late last year | past | 2023
        by the end of the year | future | -
        at the end of the year | future | 2024
        in March | past | 2024-03
        in March | future | 2024-03
        in March | - | 2024-03
        in April | past | 2023-04
        in April | future | 2024-04
        in April | - | 2024-04
        in February | past | 2024-02
        in February | future | 2025-02
        in September | past | 2023-09
        in September | - | 2023-09
        in October | - | 2023-10
        in January | - | 2024-01
        in Sept.; last September | past | 2023-09
        last March | past | 2023-03
        last February | past | 2024-02
        next March | future | 2025-03
        next May; this May | future | 2024-05
        in September last year | past | 2023-09
        in May next year | future | 2025-05
        in May this year | future | 2024-05
        in April 2019; in April, 2019 | past | 2019-04
        in the month of May | future | 2024-05
        early July | future | 2024-07
        mid-October | past | 2023-10
        in late April | future | 2024-04
        at the end of November | past | 2023-11
        the first week of May | future | 2024-05
        in the second half of May 2023 | past | 2023-05
        for late April or early May | future | 2024-04/2024-05
        from March to May | future | 2024-03/2024-05
        from November to February | past | 2023-11/2024-02
        between March and May 2023 | past | 2023-03/2023-05
        from November to February 2024 | past | 2023-11/2024-02
        since April | past | -
        before May | future | -
        on March 26 | future | 2024-03-26
        on March 26 | past | 2023-03-26
        on March 6 | past | 2024-03-06
        on March 6 | future | 2024-03-06
        March 5 | past | 2024-03-05
        5 March | future | 2025-03-05
        on 5 March 2019; on March 5, 2019 | past | 2019-03-05
        on the 5th of March; March 5th | past | 2024-03-05
        the twentieth of March | future | 2024-03-20
        March the twenty-first | future | 2024-03-21
        on 7 October last year | past | 2023-10-07
        on Oct. 18 | past | 2023-10-18
        on Sept 1 | future | 2024-09-01
        on 1 September | - | 2024-09-01
        on 10 September | - | 2023-09-10
        Tuesday, March 5 | past | 2024-03-05
        on Friday 8 March | future | 2024-03-08
        Friday 8 March | past | 2024-03-08
        on Thursday, 8 March | future | 2024-03-08
        on Wednesday, 8 March | future | 2023-03-08
        Friday, 8 March 2023 | past | 2023-03-08
        2024-03-05 | - | 2024-03-05
        25.01.2024; 25/01/2024; 01/25/2024 | past | 2024-01-25
        05/06/2024 | past | -
        05/05/2024 | past | 2024-05-05
        on the 11th | future | 2024-03-11
        on the 11th | past | 2024-02-11
        on the 6th | past | 2024-03-06
        on the 31st | past | 2024-01-31
        MON 11 | future | 2024-03-11
        Friday the 8th | future | 2024-03-08
        February 29 | past | 2024-02-29
        February 29 | future | 2028-02-29
        on 29 February 2023; February 30 | past | -
        31 June; on 0 May | future | -
        on March 26-28 | future | 2024-03-26/2024-03-28
        March 26–28 | future | 2024-03-26/2024-03-28
        on March 26–28, 2025 | future | 2025-03-26/2025-03-28
        on Oct. 18-19 | past | 2023-10-18/2023-10-19
        from April 15 to 18 | future | 2024-04-15/2024-04-18
        3–4 June | future | 2024-06-03/2024-06-04
        on 13 and 14 September | past | 2023-09-13/2023-09-14
        on 13, 14 and 15 September | past | 2023-09-13/2023-09-15
        on June 8, 9 and 10 | future | 2024-06-08/2024-06-10
        between April 7 and 9 | future | 2024-04-07/2024-04-09
        Oct. 30-Nov. 2 | past | 2023-10-30/2023-11-02
        from 30 March to 2 April | future | 2024-03-30/2024-04-02
        December 30 to January 2 | past | 2023-12-30/2024-01-02
        December 30 to January 2 | future | 2024-12-30/2025-01-02
        30 December to 2 January 2024; December 30, 2023 to January 2 | past | 2023-12-30/2024-01-02
        December 30, 2023 to January 2, 2024 | past | 2023-12-30/2024-01-02
        from 18 to 20 October last year | past | 2023-10-18/2023-10-20
        from Monday 11 to Wednesday 13 March; from the 11th to the 13th | future | 2024-03-11/2024-03-13
        from 8 to 5 April | future | -
        on Sunday and Monday | future | 2024-03-10/2024-03-11
        on Sunday and Monday | past | 2024-03-03/2024-03-04
        from Monday to Wednesday | past | 2024-03-04/2024-03-06
        from Wednesday to Friday | past | 2024-03-06/2024-03-08
        from Friday to Monday | future | 2024-03-08/2024-03-11
        on Friday, Saturday and Sunday | future | 2024-03-08/2024-03-10
        in the week of March 11 | future | 2024-03-11/2024-03-17
        today (Wednesday) | past | 2024-03-06
        Monday (4 March) | past | 2024-03-04
        from Thursday until Saturday | future | 2024-03-07/2024-03-09
        Monday and Tuesday next week | future | 2024-03-11/2024-03-12
        from Monday to Wednesday last week | past | 2024-02-26/2024-02-28
        today and tomorrow | future | 2024-03-06/2024-03-07
        from tomorrow to Saturday | future | 2024-03-07/2024-03-09
        from today until March 9 | past | 2024-03-06/2024-03-09
        from 2019 to 2021 | past | 2019/2021
        for a three-day trip from Sunday | future | 2024-03-10/2024-03-12
        for two days on Tuesday | future | 2024-03-12/2024-03-13
        for a week from March 29 | future | 2024-03-29/2024-04-04
        on Tuesday for two weeks | past | 2024-03-05/2024-03-18
        for one day on Tuesday | past | 2024-03-05
        on Monday + three-day; on Monday + a 3-day | past | 2024-03-04/2024-03-06
        on Monday + until Friday | past | 2024-03-04/2024-03-08
        on Monday + on Wednesday | past | 2024-03-04/2024-03-06
        on Monday + three-day + until Friday | past | 2024-03-04/2024-03-08
        on Monday + until 9 March | past | 2024-03-04/2024-03-09
        on Monday + before Friday; on Monday + currently | past | 2024-03-04
        yesterday + until Sunday | past | 2024-03-05/2024-03-10
        yesterday + four-day | past | 2024-03-05/2024-03-08
        yesterday + week-long | past | 2024-03-05/2024-03-11
        three-day + from Sunday | future | 2024-03-10/2024-03-12
        in September for two days | past | 2023-09
        last month + three-day | past | 2024-02
        that month + in March 2022 | past | 2022-03
        in the same month + in September | past | 2023-09
        the very next month + in November | past | 2023-12
        the following day + on Monday | past | 2024-03-05
        the day before + on Monday; two days later + on March 1 | past | 2024-03-03
        a month later + in December | past | 2024-01
        the day before yesterday + the day before that | past | 2024-03-03/2024-03-04
        on Monday + the following day | past | 2024-03-04/2024-03-05
        on the last day + on Monday; in the same month; that month; the day before | past | -
        the very next month | future | -
        two days later | past | -
        in spring 2023 | past | 2023-21
        in the summer of 2023 | past | 2023-22
        in autumn 2022 | past | 2022-23
        last fall | past | 2023-23
        in the winter of 2022 | past | 2022-24
        this spring; in the spring | future | 2024-21
        last summer; in the summer | past | 2023-22
        in the summer | future | 2024-22
        in the spring of last year | past | 2023-21
        before the summer | future | -
        in the second half of the year | future | 2024-07/2024-12
        in the first half of 2023 | past | 2023-01/2023-06
        in the third quarter of 2023 | past | 2023-07/2023-09
        the fourth quarter of last year | past | 2023-10/2023-12
        in the first half of next year | future | 2025-01/2025-06
        in the third half of the year | future | -
        in 1998 | past | 1998
        in the year 2000 | past | 2000
        in early 2023; at the end of 2023 | past | 2023
        in the 1990s | past | 199X
        in the early 1980s | past | 198X
        since 2011; since the attacks on 7 October last year | past | -
        before Christmas | future | -
        currently; now | past | -
        soon | future | -
        recently | past | -
        in the coming days | future | -
        in recent weeks; in the past two years | past | -
        when the apples are ripe; three-day; for two days | future | -
        """,
    "2024-01-02": """
        on December 30 | past | 2023-12-30
        on December 30 | - | 2023-12-30
        on December 30 | future | 2024-12-30
        yesterday | past | 2024-01-01
        the day before yesterday; on Sunday | past | 2023-12-31
        last month | past | 2023-12
        last week | past | 2023-12-25/2023-12-31
        this week | past | 2024-01-01/2024-01-07
        two weeks ago | past | 2023-12-19
        in December | past | 2023-12
        in the winter | past | 2023-24
        last winter | past | 2022-24
        last quarter | past | 2023-10/2023-12
        from Friday to Monday | past | 2023-12-29/2024-01-01
        """,
    "2023-09-08": """
        September 7-9; from 7 to 9 September | future | 2023-09-07/2023-09-09
        September 7-8 | future | 2023-09-07/2023-09-08
        September 5-7 | future | 2024-09-05/2024-09-07
        on September 7 | future | 2024-09-07
        """,
    "2023-12-31": """
        tomorrow | future | 2024-01-01
        on January 3 | future | 2024-01-03
        on Monday | future | 2024-01-01
        next month | future | 2024-01
        next week | future | 2024-01-01/2024-01-07
        this week | past | 2023-12-25/2023-12-31
        in January | future | 2024-01
        for a three-day trip from Saturday | past | 2023-12-30/2024-01-01
        next year | future | 2024
        """,
    "2024-02-28": """
        tomorrow | future | 2024-02-29
        on Friday | future | 2024-03-01
        on the 30th | future | 2024-03-30
        """,
    "2023-02-28": """
        tomorrow | future | 2023-03-01
        on February 29 | past | 2020-02-29
        for two days on Tuesday | past | 2023-02-28/2023-03-01
        """,
    "XXXX-01-26": """
        today | past | XXXX-01-26
        tomorrow | future | XXXX-01-27
        yesterday | past | XXXX-01-25
        two weeks ago | past | XXXX-01-12
        on Tuesday; from Sunday to Tuesday | future | -
        this week | past | -
        last month | past | XXXX-12
        next month | future | XXXX-02
        last year | past | -
        later this year; in the spring | future | -
        in September | past | XXXX-09
        on October 18 | future | XXXX-10-18
        on Oct. 18-19 | future | XXXX-10-18/XXXX-10-19
        from Jan. 9 to 12 | past | XXXX-01-09/XXXX-01-12
        December 30 to January 2 | past | XXXX-12-30/XXXX-01-02
        on February 29 | future | XXXX-02-29
        on February 30 | future | -
        today + three-day | past | XXXX-01-26/XXXX-01-28
        on 9 and 10 November 2023 | past | 2023-11-09/2023-11-10
        in March 2022 | past | 2022-03
        in 1998 | past | 1998
        """,
    "XXXX-02-28": """
        yesterday | past | XXXX-02-27
        tomorrow | future | -
        """,
    "XXXX-12-31": """
        tomorrow | future | XXXX-01-01
        """,
    "": """
        on Monday (4 March) | past | XXXX-03-04
        on October 18 | future | XXXX-10-18
        on 18 October 2023 | past | 2023-10-18
        in September | past | XXXX-09
        from June 8 to 10 | future | XXXX-06-08/XXXX-06-10
        on Monday | past | -
        MON 7 | future | -
        today; last month; in September last year; on 7 October last year | past | -
        next week; on the 11th | future | -
        in spring 2023 | past | 2023-21
        in the spring | future | -
        two weeks ago | past | -
        later this year | future | -
        in the 1990s | past | 199X
        for three days from 3 September 2019 | past | 2019-09-03/2019-09-05
        """,
    "nonsense": "on Monday | past | -",
    "2024-02-30": "on Monday | past | -",
    "9999-12-31": "tomorrow | future | -",
}


@cache
def is_edtf(text: str) -> bool:
    return parse_edtf(text) is not None


Row = tuple[list[str], str | None, Literal["past", "future"] | None, str | None]


def rows() -> Iterator[Row]:
    for anchor, table in RESOLVED.items():
        for line in table.strip().splitlines():
            words, tense, edtf = line.strip().split(" | ")
            side = None if tense == "-" else cast(Literal["past", "future"], tense)
            for phrases in words.split("; "):
                yield phrases.split(" + "), anchor or None, side, None if edtf == "-" else edtf


@pytest.mark.parametrize(("phrases", "anchor", "tense", "edtf"), list(rows()))
def test_words_resolve_as_the_codebook_says(
    phrases: list[str], anchor: str | None, tense: Literal["past", "future"] | None, edtf: str | None
) -> None:
    """Each phrase has the date that the calendar and the codebook give it, and that date is EDTF."""
    resolution = resolve(phrases, anchor, tense)
    assert (resolution and resolution.edtf) == edtf
    if resolution:
        assert is_edtf(resolution.edtf)
        assert resolution.rule


def test_nothing_to_resolve_gives_nothing() -> None:
    """No phrase, or an empty one, has no date."""
    assert resolve([], "2024-03-06", "past") is None
    assert resolve([""], "2024-03-06", "past") is None
    assert resolve(["", "on Monday"], "2024-03-06", "past") is None


def test_the_rule_can_be_checked_by_hand() -> None:
    """The rule names the weekday or month, the direction and the day it was counted from."""
    resolution = resolve(["on Tuesday"], "2024-03-06", "past")
    assert resolution
    assert resolution.rule == "Tuesday, nearest not after 2024-03-06"
