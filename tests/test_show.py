"""Show: what a person reads and what a program reads, whatever the articles hold."""

from __future__ import annotations

import json
import re
import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest

from extractor import Article, Extraction, Span, UsageError, show
from extractor.batch.lines import to_json
from extractor.batch.provenance import provenance
from extractor.batch.store import Store
from extractor.batch.terminal import harmless, harmless_json
from extractor.extraction import Record, Rejected
from extractor.fields import Found
from extractor.models import ModelSpec, Usage
from extractor.schema import load

FIELDS = {
    "visitor": False,
    "role": False,
    "destination": False,
    "when": False,
    "dates": False,
    "meets": True,
    "aim": False,
}
MADE = replace(
    provenance(load("visits"), ModelSpec.parse("local"), {}), fields=FIELDS, keys=["visitor", "destination"], weights={}
)
TEXT = "Dateline. Foreign Minister Sergei Lavrov flies to Seoul on Tuesday. He meets Kim and Yoon to talk peace."
AIM = "to " + "talk about a lasting peace " * 4


def found(words: str, value: object = None, rule: str | None = None) -> Found:
    start = TEXT.index(words)
    return Found(value or words, (Span(start, start + len(words)),), "derived" if rule else "stated", rule)


RECORD: Record = {
    "visitor": (found("Sergei Lavrov"),),
    "role": (found("Foreign Minister"),),
    "destination": (found("Seoul", "KOR", "capital"),),
    "when": (found("on Tuesday"),),
    "dates": (found("on Tuesday", "2024-03-05", "weekday"),),
    "meets": (found("Kim"), found("Yoon")),
    "aim": (found("to talk peace", AIM),),
}
EMPTY: Record = dict.fromkeys(FIELDS, ())
FULL = Extraction(
    Article(id="s00", text=TEXT, published="2024-03-04", publisher="The Times"),
    (RECORD, EMPTY | {"visitor": (found("Kim"),), "destination": RECORD["destination"]}),
    (
        Rejected("dates", "2023", "the words give no year"),
        Rejected(None, {"visitor": "Yoon", "aim": None}, "he is at home"),
    ),
    Usage(100, 20, 3, 1.5),
)
NONE = Extraction(Article(id="s01", text="Nothing."))
FAILED = Extraction(Article(id="s02", text=""), error="The text is empty.")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return stored(tmp_path / "run.db", FULL, NONE, FAILED)


def stored(path: Path, *extractions: Extraction) -> Path:
    with Store.resume(path, MADE) as store:
        for extraction in extractions:
            store.add(extraction)
    return path


def shown(capsys: pytest.CaptureFixture[str]) -> str:
    return capsys.readouterr().out


def test_table(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Keys first, then what most records have, the rest below the row; a plain no is no news; all articles."""
    show(path)
    assert shown(capsys) == (
        "s00 · The Times · 2024-03-04\n"
        "  visitor        destination  meets      when        dates       role\n"
        "  Sergei Lavrov  KOR          Kim, Yoon  on Tuesday  2024-03-05  Foreign Minister\n"
        "    aim to talk about a lasting peace talk about a lasting peace talk about a lasting peace talk\n"
        "    about a lasting peace\n"
        "  Kim            KOR\n"
        "\n"
        "s01\n"
        "  no records\n"
        "\n"
        "s02\n"
        "  failed: The text is empty.\n"
        "\n"
    )


def test_evidence_and_rejected(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """On request: each sentence with its words in brackets, the spans, the rules, and what was not kept."""
    show(path, evidence=True, rejected=True)
    out = shown(capsys)
    assert (
        "    [Foreign Minister] [Sergei Lavrov] flies to [Seoul] [on Tuesday].\n"
        "      visitor 27:40, role 10:26, destination 50:55 (derived: capital), when 56:66, dates 56:66\n"
        "      (derived: weekday)\n"
        "    He meets [Kim] and [Yoon] [to talk peace].\n"
        "      meets 77:80, meets 85:89, aim 90:103\n"
    ) in out
    assert "  rejected dates: 2023: the words give no year\n" in out
    assert "  rejected record: visitor Yoon: he is at home\n" in out
    for start, end in re.findall(r"(\d+):(\d+)", out):
        assert TEXT[int(start) : int(end)] in {
            "Foreign Minister", "Sergei Lavrov", "Seoul", "on Tuesday", "Kim", "Yoon", "to talk peace",
        }  # fmt: skip


def test_json_has_one_line_for_each_article(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Every field is there, with its evidence; articles without records and failed ones are there too."""
    show(path, json=True)
    full, none, failed = map(json.loads, capsys.readouterr().out.splitlines())
    assert list(full) == ["article", "published", "records", "rejected", "usage", "error"]
    assert [list(record) for record in full["records"]] == [[*FIELDS, "confidence"]] * 2
    assert full["records"][0]["confidence"] is None
    assert full["records"][0]["destination"] == {
        "value": "KOR", "text": "Seoul", "evidence": [[50, 55]], "verdict": "derived", "rule": "capital",
    }  # fmt: skip
    assert [person["value"] for person in full["records"][0]["meets"]] == ["Kim", "Yoon"]
    assert (full["records"][1]["dates"], full["records"][1]["meets"]) == (None, [])
    assert full["rejected"] == [
        {"field": "dates", "value": "2023", "reason": "the words give no year"},
        {"record": {"visitor": "Yoon", "aim": None}, "value": None, "reason": "he is at home"},
    ]
    assert full["usage"] == {"prompt_tokens": 100, "completion_tokens": 20, "calls": 3, "seconds": 1.5}
    assert (none["records"], none["error"]) == ([], None)
    assert (failed["published"], failed["error"]) == (None, "The text is empty.")


def test_words_are_those_of_the_spans() -> None:
    """A value that rests on several places shows their words in the order of the text, each a slice of it."""
    value = Found("x", (Span(50, 55), Span(27, 40)), "judged")
    (record,) = to_json(Extraction(FULL.article, ({"visitor": (value,)},)), {"visitor": False})["records"]
    assert record["visitor"]["text"] == "Sergei Lavrov … Seoul"
    assert [TEXT[start:end] for start, end in record["visitor"]["evidence"]] == ["Sergei Lavrov", "Seoul"]


HOSTILE = "[bold]Kim[/bold] :smile: \x1b[31mred\x07 \u202egnp\u2066\x9b2J\u200b\x00\r\n\u2028end"


@pytest.mark.parametrize("json_lines", [False, True])
def test_hostile_text_is_harmless(tmp_path: Path, capsys: pytest.CaptureFixture[str], json_lines: bool) -> None:
    """No character that steers a terminal gets through, wherever it stands; markup is text."""
    article = Article(id="x\x9b", text=HOSTILE, publisher="\x1b]0;title\x07")
    value = Found(HOSTILE, (Span(0, len(HOSTILE)),), "derived", "\x1b[0m")
    record: Record = dict.fromkeys(FIELDS, (value,))
    hostile = Extraction(article, (record,), (Rejected("visitor", HOSTILE, HOSTILE),), Usage(), HOSTILE)
    show(stored(tmp_path / "run.db", hostile), json=json_lines, evidence=True, rejected=True)
    out = capsys.readouterr().out
    assert {c for c in out if unicodedata.category(c) in ("Cc", "Cf", "Zl", "Zp", "Cs")} == {"\n"}
    assert "[bold]Kim[/bold] :smile:" in out
    if json_lines:
        assert json.loads(out)["records"][0]["visitor"]["value"] == HOSTILE
    else:
        assert "<1B>[31mred<07> <202E>gnp" in out


def test_every_format_character_is_harmless() -> None:
    """The list of steering characters is complete by the Unicode tables of this Python."""
    every = [chr(code) for code in range(0x110000)]
    steering = [
        c
        for c in every
        if unicodedata.category(c) in ("Cc", "Zl", "Zp", "Cs")
        or unicodedata.bidirectional(c) in ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
    ]
    for character in steering:
        assert character not in harmless(character)
        line = json.dumps(character, ensure_ascii=False)
        assert character not in harmless_json(line)
        assert json.loads(harmless_json(line)) == character
    assert json.loads(harmless_json('"\U000e0041"')) == "\U000e0041"


def test_an_empty_run_says_so(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """A person is not left with a blank screen."""
    show(stored(tmp_path / "run.db"))
    assert capsys.readouterr().out == "This run has no articles yet.\n"


def test_long_values_wrap(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """No line is wider than 100 columns, and no letter of a value is lost."""
    long = "Donaudampfschifffahrtsgesellschaft" * 5
    record = EMPTY | {"visitor": (found("Kim", long),), "aim": (found("Kim", long),)}
    show(stored(tmp_path / "run.db", replace(FULL, records=(record,))))
    lines = capsys.readouterr().out.splitlines()
    assert max(map(len, lines)) <= 100
    assert "".join(line.split("  ")[1] for line in lines[2:10]).replace(" ", "").startswith(long[:100])


def test_no_store(tmp_path: Path) -> None:
    """What is not there cannot be shown."""
    with pytest.raises(UsageError, match="There is no store at"):
        show(tmp_path / "missing.db")
