"""The day of publication is taken from the words around it, and never from the story."""

from __future__ import annotations

import time

import pytest

from extractor.readers.published import find_published

# The words in brackets state the day of publication.
STATED = [
    ("2023-10-16", " date [2023-10-16] The minister will travel to Rome on October 18-19."),
    ("2023-07-01", "A visit is put off\n\n[1 July 2023]\nBy our staff\n\nHe was to arrive on Sunday."),
    (
        "2024-05-31",
        "Press releases\n\nMinister to visit two countries\n\n[31.05.2024] | 14:10\n\nShe will travel.",
    ),
    (
        "2025-03-03",
        "The long read\n\nBy A. Writer\n[Monday 3 March 2025] • 9 min read\n\nThe protocol office",
    ),
    ("2024-09-19", "Live\n\n[Thu 19 Sep 2024], 21.05 CEST\n\n20.48\nThe president has landed."),
    ("2024-05-05", "Published on [5 May 2024]\n\nThe envoy arrived on 4 May 2024."),
    ("2024-05-05", "PUBLISHED: [May 5, 2024] at 10:30 by the desk"),
    ("2024-05-05", "Posted [2024-05-05]T10:30Z"),
    ("2023-06-20", "INFORMATION SERVICE\nPort Louis\n\n[Tuesday 20 June 2023]\n\nLEADERS ARRIVE"),
    ("2023-06-20", "GIS – [20 June 2023]: Heads of State have begun to arrive."),
    ("2024-11-07", "PM leaves\n\nFunafuti, [Thursday 7 November 2024]. The Prime Minister leaves tomorrow."),
    ("2024-11-07", "By Ann Lee | [7 November 2024] | Politics\n\nThe minister went on 3 May 2019."),
    ("2024-11-07", "14:10, [7 November 2024]\n\nThe minister has left."),
    ("2024-01-26", "VIENNA, [Jan. 26, 2024] (ANS) -- The envoy has left."),
    ("XXXX-01-26", "Doha, [26 January] (GNS) – The Deputy Prime Minister left Doha today."),
    ("XXXX-04-08", "SANTIAGO, [April 8] (Meridian) - The minister will pay a visit from April 15 to 18."),
    ("XXXX-03-04", "MINISTER TO VISIT\n    OSLO, [March 4] - The minister will visit Rome in June."),
    ("XXXX-10-16", "MINSK, [October 16]. /BLT/. The minister has arrived."),
    ("XXXX-01-15", "Leaves for talks\n\nSeoul, [Jan 15] (News.XYZ) The minister has left."),
    ("XXXX-08-20", "OPINION\n\nThe longest flight\n\nA. Writer\n[20 August], 06:30\n\nIt takes four hours."),
    ("XXXX-11-12", "(This [November 12] story has been corrected to say that he travels)\n\nHe will travel."),
    ("2024-11-07", "Bonn, [7 November 2024] – He left.\n\nRome, March 4 (AP) - He left."),
]
NOT_STATED = [
    "",
    "He visited Panama on 13 and 14 September.",
    "The two leaders at the cosmodrome, 13 September 2023\nPhoto: Pool",
    "The two leaders examine a launch pad, 13 September 2023 Copyright: Pool",
    "Photo: Pool | 13 September 2023",
    "On 7 October 2023, he left for Rome.",
    "On March 4 - a Monday - he left for Rome.",
    "Born on 5 May 1950, he became minister in 2019.",
    "Your week ahead, 7–13 October",
    "In September 2023 the two met.",
    "05/06/2024",
    "30.02.2024",
    "Saturday, 20 August",
    "Monday",
    "She spoke on March 4 - a Monday - in Bonn.",
    "The book was published on 5 May 2019 and sold well.",
    "x" * 700 + "\n1 July 2023\n",
]


@pytest.mark.parametrize(("edtf", "marked"), STATED)
def test_a_stated_day_of_publication_is_found_where_it_stands(edtf: str, marked: str) -> None:
    """The day is read, and the span holds the words that state it."""
    text = marked.replace("[", "").replace("]", "")
    words = marked.split("[")[1].split("]")[0]
    found = find_published(text)
    assert found is not None
    assert (found[0], found[1].of(text), found[1].start) == (edtf, words, marked.index("["))


@pytest.mark.parametrize("text", NOT_STATED)
def test_dates_of_the_story_are_left_alone(text: str) -> None:
    """No day is better than a wrong one."""
    assert find_published(text) is None


def test_a_label_counts_below_the_head() -> None:
    """A foot that says when the article was published is unmistakable."""
    text = "word " * 400 + "\nPublished on 5 May 2024\n"
    found = find_published(text)
    assert found is not None
    assert found[0] == "2024-05-05"


@pytest.mark.parametrize(
    "piece", ["published ", "date 1 ", "A, ", "1 May, ", "A b ", "1 May 2024 | ", "\n1 May 2024 x"]
)
def test_hostile_text_takes_linear_time(piece: str) -> None:
    """Megabytes on one line are read in seconds."""
    started = time.perf_counter()
    find_published(piece * (5_000_000 // len(piece)))
    assert time.perf_counter() - started < 20
