"""Labels that the codebook does not allow are refused by line and field; good ones are read whole."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from extractor.article import Article, Span
from extractor.errors import UsageError
from extractor.evaluation.labels import read_labels
from extractor.schema import load

VISITS = load("visits")
ARTICLE = Article(id="a1", text="Olaf Scholz arrived in Paris on Tuesday.")
VISIT = {"visitor": "Olaf Scholz", "destination": "FRA", "status": "ongoing", "places": ["Paris"]}


def write(folder: Path, *lines: object) -> Path:
    path = folder / "labels.jsonl"
    path.write_text("\n".join(line if isinstance(line, str) else json.dumps(line) for line in lines), "utf-8")
    return path


def labelled(**changes: object) -> dict[str, Any]:
    return {"id": "a1", "visits": [{**VISIT, **changes}]}


def test_reads_values_and_evidence(tmp_path: Path) -> None:
    """A label keeps its values as written and its evidence as spans; an article may have no record."""
    path = write(tmp_path, labelled(evidence={"visitor": [[0, 11]]}), "", {"id": "a2", "visits": []})
    found = read_labels(path, VISITS, {"a1": ARTICLE, "a2": None})
    assert found["a1"][0].values == VISIT
    assert found["a1"][0].evidence == {"visitor": (Span(0, 11),)}
    assert found["a2"] == ()


BAD: dict[str, tuple[object, list[str]]] = {
    "not JSON": ("{'id': 1}", ["line 1", "not JSON"]),
    "no object": ("[1]", ["line 1", "object"]),
    "unknown article": ({"id": "zz", "visits": []}, ["line 1", "'zz'"]),
    "no list": ({"id": "a1", "visitors": []}, ["line 1", "visits"]),
    "unknown field": (labelled(colour="red"), ["line 1", "visits[0]", "“colour”", "visitor_country"]),
    "missing key field": (
        {"id": "a1", "visits": [{"visitor": "Olaf Scholz"}]},
        ["visits[0]", "“destination”"],
    ),
    "value not allowed": (labelled(status="planned"), ["line 1", "status", "'planned'", "announced"]),
    "a word for a list": (labelled(places="Paris"), ["places", "'Paris'", "list"]),
    "rule of the schema": (labelled(visitor_country="FRA"), ["destination", "country visited"]),
    "evidence out of the text": (
        labelled(evidence={"visitor": [[0, 41]]}),
        ["visitor", "0 to 40", "[[0, 41]]"],
    ),
    "empty evidence": (labelled(evidence={"visitor": [[3, 3]]}), ["visitor", "[[3, 3]]"]),
    "evidence that is no pair": (labelled(evidence={"visitor": [[0, True]]}), ["visitor"]),
    "evidence of no field": (labelled(evidence={"colour": [[0, 4]]}), ["“colour”"]),
    "evidence that is no object": (labelled(evidence=[[0, 4]]), ["“evidence”"]),
}


@pytest.mark.parametrize(("line", "named"), BAD.values(), ids=BAD)
def test_refuses_bad_labels_in_one_sentence(line: object, named: list[str], tmp_path: Path) -> None:
    """Each bad label gets one sentence that names the file, the line and what is wrong there."""
    path = write(tmp_path, line)
    with pytest.raises(UsageError) as error:
        read_labels(path, VISITS, {"a1": ARTICLE})
    message = str(error.value)
    assert "\n" not in message
    assert all(part in message for part in [str(path), *named]), message


def test_refuses_a_second_line_for_an_article(tmp_path: Path) -> None:
    """Labels of one article stand on one line, so that none is lost in silence."""
    with pytest.raises(UsageError, match=r"line 2.*'a1'"):
        read_labels(write(tmp_path, labelled(), labelled()), VISITS, {"a1": ARTICLE})


def test_refuses_a_file_that_is_not_there_or_no_text(tmp_path: Path) -> None:
    """A file that cannot be read is wrong usage, not a crash."""
    with pytest.raises(UsageError, match="No such file"):
        read_labels(tmp_path / "none.jsonl", VISITS, {})
    (tmp_path / "bytes.jsonl").write_bytes(b"\xff\xfe\xff")
    with pytest.raises(UsageError, match="UTF-8"):
        read_labels(tmp_path / "bytes.jsonl", VISITS, {})


def test_an_unknown_text_bounds_no_evidence(tmp_path: Path) -> None:
    """Where a run does not hold the text, evidence beyond it cannot be told."""
    path = write(tmp_path, labelled(evidence={"visitor": [[0, 9999]]}))
    assert read_labels(path, VISITS, {"a1": None})["a1"][0].evidence["visitor"] == (Span(0, 9999),)
