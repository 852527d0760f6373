"""The labelled sets of events: their labels follow the schema, and every record belongs to one visit."""

from __future__ import annotations

import json
import re
from collections import Counter
from hashlib import sha256
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

from extractor.article import Article
from extractor.evaluation.labels import has_value, read_labels
from extractor.fields.date_values import clash, days_ahead
from extractor.readers import read
from extractor.schema import fields_of, load

FOLDER = Path(__file__).parents[1] / "benchmarks" / "events"
SETS = (FOLDER, FOLDER / "second", FOLDER / "third")
VISITS = load("visits")
QUOTED = ("visitor", "visitor_role", "places", "when", "occasion", "invited_by", "meets", "purpose", "reported_by")
OFTEN_WRONG = {"date-disagreement", "return-day"}
"""Cases in which an outlet's days need not be those of the visit."""


def lines(path: Path) -> list[dict[str, Any]]:
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]


def articles(folder: Path) -> dict[str, Article]:
    return {article.id: article for article in read(folder) if isinstance(article, Article)}


ARTICLES = {one.id: one for folder in SETS for one in articles(folder).values()}
LABELS = {
    article: labels
    for folder in SETS
    for article, labels in read_labels(folder / "labels.jsonl", VISITS, articles(folder)).items()
}
EVENTS = [{**event, "set": folder.name} for folder in SETS for event in lines(folder / "events.jsonl")]
RECORDS = {(article, i): label for article, labels in LABELS.items() for i, label in enumerate(labels)}
FIRST = [event for event in EVENTS if event["set"] == FOLDER.name]
MENTIONS = [(event, (article, i)) for event in EVENTS for article, i in event["mentions"]]


def test_it_is_as_large_as_it_says() -> None:
    assert len(articles(FOLDER)) >= 60
    assert len(FIRST) >= 30
    assert 100 <= sum(len(event["mentions"]) for event in FIRST) <= 150
    assert {str(label.values["status"]) for label in RECORDS.values()} == {
        value for value, _ in fields_of(VISITS)["status"].type.values()
    }
    published = sorted(str(article.published) for article in articles(FOLDER).values())
    assert int(published[-1][:4]) - int(published[0][:4]) == 2


@pytest.mark.parametrize("folder", SETS, ids=lambda folder: folder.name)
def test_the_list_names_every_text_once(folder: Path) -> None:
    listed = lines(folder / "articles.jsonl")
    ids = [line["id"] for line in listed]
    assert len(set(ids)) == len(ids)
    assert sorted(line["file"] for line in listed) == sorted(path.name for path in folder.glob("*.txt"))
    assert set(ids) == set(articles(folder)) <= set(LABELS)


@pytest.mark.parametrize("article", ARTICLES.values(), ids=lambda article: article.id)
def test_articles_are_short(article: Article) -> None:
    assert 40 <= len(article.text.split()) <= 120


@pytest.mark.parametrize("place", RECORDS, ids=str)
def test_every_value_has_the_words_that_carry_it(place: tuple[str, int]) -> None:
    """What is labelled as written stands in its evidence letter by letter; the rest points somewhere."""
    label, text = RECORDS[place], ARTICLES[place[0]].text
    for name, value in label.values.items():
        if not has_value(value) or name in ("dates", VISITS.lenient):
            continue
        words = [span.of(text) for span in label.evidence[name]]
        assert all(word == word.strip() for word in words)
        if name in QUOTED:
            assert set(value if isinstance(value, list) else [value]) <= set(words), name
    assert has_value(label.values["dates"]) <= has_value(label.values["when"])


@pytest.mark.parametrize("place", RECORDS, ids=str)
def test_status_and_dates_agree_with_the_day_of_publication(place: tuple[str, int]) -> None:
    """What is announced is not over, and what has begun does not begin later."""
    values, published = RECORDS[place].values, str(ARTICLES[place[0]].published)
    if not values["dates"]:
        return
    start = values["dates"].partition("/")[0]
    match values["status"]:
        case "announced" | "possible":
            assert not clash(f"{published}/..", values["dates"])
        case "ongoing":
            assert (days_ahead(start, published) or 0) <= 0
        case "completed" | "not_held":
            assert not clash(f"../{published}", values["dates"])


def test_every_record_belongs_to_one_event() -> None:
    counted = Counter(place for _, place in MENTIONS)
    assert set(counted) == set(RECORDS)
    assert set(counted.values()) == {1}


def test_events_are_told_apart() -> None:
    """Ids are unique, each event has a mention, and none has two of one article."""
    assert len({(event["set"], event["id"]) for event in EVENTS}) == len(EVENTS)
    for event in EVENTS:
        articles = [article for article, _ in event["mentions"]]
        assert articles
        assert len(set(articles)) == len(articles)
        assert event["note"].endswith(".")


def test_no_traveller_is_twice_in_one_country_at_one_time() -> None:
    """Two events of the same visitor and destination never overlap."""
    for one, other in combinations(EVENTS, 2):
        same = all(one[name] == other[name] for name in ("set", "visitor", "visitor_country", "destination"))
        if same and one["dates"] and other["dates"]:
            assert clash(one["dates"], other["dates"]), (one["id"], other["id"])


def test_records_agree_with_their_event() -> None:
    """Countries always, and days unless the event is marked as one on whose days outlets disagree."""
    for event, place in MENTIONS:
        values = RECORDS[place].values
        assert values["destination"] == event["destination"], place
        assert values["visitor_country"] == event["visitor_country"], place
        if values["dates"] and event["dates"] and not OFTEN_WRONG & set(event["cases"]):
            assert not clash(values["dates"], event["dates"]), place


def test_stories_are_held_out_by_hash() -> None:
    """A hash decides, and no article has records of both parts."""
    for event in FIRST:
        held = int(sha256(event["group"].encode()).hexdigest(), 16) % 3 == 0
        assert event["split"] == ("held" if held else "dev")
    groups: dict[str, set[str]] = {}
    for event, (article, _) in MENTIONS:
        groups.setdefault(article, set()).add(event["group"])
    assert all(len(found) == 1 for found in groups.values())
    assert 0.25 <= sum(event["split"] == "held" for event in FIRST) / len(FIRST) <= 0.45


def test_the_page_counts_what_is_there() -> None:
    page = (FOLDER / "README.md").read_text("utf-8")
    counted = Counter((case, event["split"]) for event in FIRST for case in event["cases"])
    rows = re.findall(r"^\| `([\w-]+)` \|.*\| (\d+) \| (\d+) \|$", page, re.MULTILINE)
    assert {name: (int(dev), int(held)) for name, dev, held in rows} == {
        case: (counted[case, "dev"], counted[case, "held"]) for case, _ in counted
    }
    records = sum(len(event["mentions"]) for event in FIRST)
    assert f"| together | {len({event['group'] for event in FIRST})} | {len(FIRST)} | {records} |" in page
