"""Every member of a source comes out: as an article, or as one sentence that says why not."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from extractor.article import Article
from extractor.errors import UsageError
from extractor.readers import Unreadable, read
from extractor.readers.raw import LARGEST
from extractor.sentences import sentences
from tests.reading import TEXT, articles, listing, refused, write


def test_a_folder_gives_its_texts_by_name(tmp_path: Path) -> None:
    write(tmp_path, {"b.txt": TEXT, "a.txt": TEXT, ".hidden.txt": TEXT, "notes.md": TEXT, "C.TXT": TEXT})
    assert [article.id for article in articles(tmp_path)] == ["C", "a", "b"]


def test_metadata_are_taken_from_the_list(tmp_path: Path) -> None:
    entry = {
        "id": "s1",
        "file": "b.txt",
        "published": "2024-03-05",
        "publisher": "Fjord",
        "url": "https://f.example",
    }
    extra = {"language": "en", "origin": "elsewhere", "rating": 5}
    write(tmp_path, {"articles.jsonl": listing(entry | extra), "b.txt": TEXT})
    (article,) = articles(tmp_path)
    known = article.model_dump(exclude={"text", "published_evidence", "boilerplate", "source"})
    assert known == {key: entry[key] for key in ("id", "published", "publisher", "url")} | {"language": "en"}


def test_listed_articles_come_first_and_the_others_are_not_lost(tmp_path: Path) -> None:
    write(tmp_path, {"articles.jsonl": listing({"file": "b.txt"}), "a.txt": TEXT, "b.txt": TEXT})
    assert [article.id for article in articles(tmp_path)] == ["b", "a"]
    assert [article.id for article in articles(tmp_path / "articles.jsonl")] == ["b"]


def test_a_list_may_hold_the_texts_themselves(tmp_path: Path) -> None:
    write(
        tmp_path,
        {"articles.jsonl": b"\xef\xbb\xbf" + listing({"id": "x", "text": TEXT + "\r\n"}, "", {"id": 7, "text": TEXT})},
    )
    for source in (tmp_path, str(tmp_path), tmp_path / "articles.jsonl"):
        assert [(article.id, article.text) for article in articles(source)] == [
            ("x", TEXT + "\r\n"),
            ("7", TEXT),
        ]


def test_several_sources_are_read_in_turn(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.txt": TEXT, "b.txt": TEXT})
    made = Article(id="c", text=TEXT)
    assert [article.id for article in articles([tmp_path / "one", str(tmp_path / "b.txt"), made])] == [
        "a",
        "b",
        "c",
    ]
    (gone,) = refused([tmp_path / "b.txt", tmp_path / "gone.txt"])
    assert gone.reason == f"{tmp_path}/gone.txt does not exist."


EXACT = [
    "a\r\nb\rc\nd\n",
    "\ufeffAnn",
    "nul \x00 bell \x07 escape \x1b",
    "line\u2028separator\x85",
    "Ngô 😀 é e\u0301",
    " x ",
]


@pytest.mark.parametrize("text", EXACT)
def test_a_text_is_never_changed(tmp_path: Path, text: str) -> None:
    write(tmp_path, {"a.txt": text})
    (article,) = articles(tmp_path / "a.txt")
    assert article.text == text == (tmp_path / "a.txt").read_bytes().decode()


def test_boilerplate_is_marked_and_stays_in_the_text(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt": f"{TEXT}\r\n\r\nYou may also like\r\nBell in Rome"})
    (article,) = articles(tmp_path)
    assert [span.of(article.text) for span in article.boilerplate] == ["You may also like\r\nBell in Rome"]


def test_a_date_that_the_text_states_is_taken_with_its_evidence(tmp_path: Path) -> None:
    dated = f"Bell in Oslo\n\n7 March 2024\n\n{TEXT}"
    known = {"id": "known", "text": dated, "published": "2024-03-08"}
    unknown = {"id": "unknown", "text": dated, "published": None}
    write(tmp_path, {"articles.jsonl": listing(known, unknown)})
    given, found = articles(tmp_path)
    assert (given.published, given.published_evidence) == ("2024-03-08", None)
    assert found.published == "2024-03-07"
    assert found.published_evidence is not None
    assert found.published_evidence.of(dated) == "7 March 2024"


DAYS = {
    "2024-03-05": "2024-03-05",
    "2024-03": "2024-03",
    "2024": "2024",
    "XXXX-02-29": "XXXX-02-29",
    "2024-03-05T23:30:00-05:00": "2024-03-05",
    "2024-03-05 10:00": "2024-03-05",
    "": None,
}


@pytest.mark.parametrize(("written", "kept"), DAYS.items())
def test_a_day_of_publication_is_kept_as_edtf(tmp_path: Path, written: str, kept: str | None) -> None:
    write(tmp_path, {"articles.jsonl": listing({"id": "a", "text": TEXT, "published": written})})
    assert articles(tmp_path)[0].published == kept


BAD_FILES: dict[str, tuple[bytes, str]] = {
    "empty": (b"", "The text is empty."),
    "blank": (b"\xef\xbb\xbf \r\n\t", "The text is empty."),
    "latin-1": (b"Montr\xe9al", "{path} is not UTF-8: byte 0xe9 at position 5."),
    "utf-16": ("Oslo".encode("utf-16"), "{path} is not UTF-8: byte 0xff at position 0."),
    "cut off": ("é".encode()[:1], "{path} is not UTF-8: byte 0xc3 at position 0."),
}


@pytest.mark.parametrize(("content", "reason"), BAD_FILES.values(), ids=BAD_FILES.keys())
def test_a_bad_file_is_named_and_the_others_are_read(tmp_path: Path, content: bytes, reason: str) -> None:
    path = write(tmp_path, {"bad.txt": content, "good.txt": TEXT}) / "bad.txt"
    bad, good = read(tmp_path)
    assert bad == Unreadable("bad", path, reason.format(path=path))
    assert isinstance(good, Article)


SURROGATE = '{"id": "a", "text": "Oslo \\ud83d"}'
BAD_LINES: dict[str, tuple[object, str]] = {
    "not JSON": (
        "{id: 1}",
        "articles.jsonl, line 1, is not JSON (Expecting property name enclosed in double quotes).",
    ),
    "deep": ("[" * 100_000, "articles.jsonl, line 1, is not JSON (maximum recursion depth exceeded"),
    "not an object": ("[1]", "articles.jsonl, line 1, is not a JSON object."),
    "no text": (
        {"id": "a", "rating": 5},
        "articles.jsonl, line 1, is refused: an article needs either 'file' or 'text' "
        "(there are id, rating; --text-column names the one with the text).",
    ),
    "two texts": (
        {"id": "a", "file": "good.txt", "text": TEXT},
        "articles.jsonl, line 1, is refused: an article needs either 'file' or 'text'.",
    ),
    "latin-1": (b'{"id": "Montr\xe9al"}', "articles.jsonl, line 1, is not UTF-8: byte 0xe9 at position 13."),
    "two days": (
        {"id": "a", "text": TEXT, "published": "03/05/2024"},
        "articles.jsonl, line 1, is refused: published: "
        "'03/05/2024' may be two different days, so write it as 2024-03-05 is written.",
    ),
    "long url": (
        {"id": "a", "text": TEXT, "url": "x" * 10_001},
        "articles.jsonl, line 1, is refused: url: String should have at most 10000 characters.",
    ),
    "wrong type": (
        {"id": "a", "text": [TEXT]},
        "articles.jsonl, line 1, is refused: text: Input should be a valid string.",
    ),
    "yesterday": (
        {"id": "a", "text": TEXT, "published": "yesterday"},
        "articles.jsonl, line 1, is refused: published: "
        "'yesterday' is no date such as 2024-03-05, 2024-03 or XXXX-03-05.",
    ),
    "no such day": (
        {"id": "a", "text": TEXT, "published": "2023-02-30"},
        "articles.jsonl, line 1, is refused: published: "
        "'2023-02-30' is no date such as 2024-03-05, 2024-03 or XXXX-03-05.",
    ),
    "empty text": ({"id": "a", "text": " "}, "articles.jsonl, line 1: The text is empty."),
    "half a pair": (SURROGATE, "articles.jsonl, line 1: The text holds half a surrogate pair at position 5."),
    "missing": ({"file": "gone.txt"}, "articles.jsonl, line 1: {folder}/gone.txt does not exist."),
    "folder": ({"file": "sub"}, "articles.jsonl, line 1: {folder}/sub is a folder, not a text file."),
    "upward": (
        {"file": "../../etc/passwd"},
        "articles.jsonl, line 1: {folder}/../../etc/passwd lies outside the folder {folder} and is not read.",
    ),
    "absolute": (
        {"file": "/etc/passwd"},
        "articles.jsonl, line 1: /etc/passwd lies outside the folder {folder} and is not read.",
    ),
    "link": (
        {"file": "link.txt"},
        "articles.jsonl, line 1: {folder}/link.txt lies outside the folder {folder} and is not read.",
    ),
    "pipe": ({"file": "pipe"}, "articles.jsonl, line 1: {folder}/pipe is no regular file, not a text file."),
    "NUL in the name": (
        {"file": "a\0b"},
        "articles.jsonl, line 1: {folder}/a?b cannot be read: embedded null byte.",
    ),
    "long name": ({"file": "x" * 400}, "articles.jsonl, line 1: {folder}/x"),
    "slash in id": (
        {"id": "../a", "text": TEXT},
        "articles.jsonl, line 1: The id '../a' cannot be used: it must be short, without slashes or control codes.",
    ),
    "control in id": (
        {"id": "a\nb", "text": TEXT},
        "articles.jsonl, line 1: The id 'a\\nb' cannot be used: it must be short, without slashes or control codes.",
    ),
}


@pytest.mark.parametrize(("line", "reason"), BAD_LINES.values(), ids=BAD_LINES.keys())
def test_a_bad_line_is_named_and_the_others_are_read(tmp_path: Path, line: object, reason: str) -> None:
    folder = write(tmp_path / "in" / "here", {"good.txt": TEXT, "sub/x": TEXT, "../outside": TEXT})
    (folder / "link.txt").symlink_to(tmp_path / "in" / "outside")
    os.mkfifo(folder / "pipe")
    write(folder, {"articles.jsonl": listing(line, {"id": "good", "text": TEXT})})
    bad, good = read(folder / "articles.jsonl")
    assert isinstance(bad, Unreadable)
    assert bad.reason.startswith(reason.format(folder=folder))
    assert "\n" not in bad.reason
    assert isinstance(good, Article)


def test_a_refused_line_does_not_come_back_as_a_file_without_its_date(tmp_path: Path) -> None:
    write(tmp_path, {"articles.jsonl": listing({"file": "a.txt", "published": "soon"}), "a.txt": TEXT})
    (bad,) = read(tmp_path)
    assert isinstance(bad, Unreadable)


@pytest.mark.parametrize("article_id", ["", " ", ".", "..", "a/b", "a\\b", "a\x00", "a\x7f", "a\u2028b", "x" * 201])
def test_an_id_that_could_name_no_file_is_refused(tmp_path: Path, article_id: str) -> None:
    write(tmp_path, {"articles.jsonl": listing({"id": article_id, "text": TEXT})})
    (bad,) = refused(tmp_path)
    assert "cannot be used" in bad.reason


def test_the_second_article_with_an_id_is_refused(tmp_path: Path) -> None:
    write(tmp_path, {"one/a.txt": "First.", "two/a.txt": "Second."})
    first, second = read([tmp_path / "one", tmp_path / "two"])
    assert isinstance(first, Article)
    assert first.text == "First."
    assert isinstance(second, Unreadable)
    assert second.reason == f"A second article at {tmp_path}/two/a.txt has the id 'a'; ids must be unique."


def test_a_text_file_that_is_a_folder_is_named(tmp_path: Path) -> None:
    write(tmp_path, {"a.txt/x": TEXT, "b.txt": TEXT})
    (bad,) = refused(tmp_path)
    assert bad.reason == f"{tmp_path}/a.txt is a folder, not a text file."


def test_a_loop_of_links_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.txt").symlink_to(tmp_path / "a.txt")
    (bad,) = refused(tmp_path)
    assert bad.reason.startswith(f"{tmp_path}/a.txt cannot be read: Symlink loop")


def test_a_huge_line_is_read_and_a_monstrous_one_refused(tmp_path: Path) -> None:
    write(tmp_path, {"huge.txt": "word " * 400_000})
    with (tmp_path / "monster.txt").open("wb") as handle:
        handle.truncate(LARGEST + 1_000_000)
    huge, monster = read(tmp_path)
    assert isinstance(huge, Article)
    assert len(sentences(huge.text, huge.boilerplate)) > 3_000
    assert isinstance(monster, Unreadable)
    assert monster.reason == f"{tmp_path}/monster.txt has more than 50 MB, the most that an article may have."


def test_a_source_without_articles_is_wrong_usage(tmp_path: Path) -> None:
    write(tmp_path, {"empty/notes.md": TEXT, "list/articles.jsonl": "\n \n"})
    needs = "holds no articles; what can be read are .txt, "
    wrong = {
        "gone": f"{tmp_path}/gone does not exist.",
        "a\0b": f"{tmp_path}/a?b does not exist.",
        "x" * 400: f"{tmp_path}/x",
        "empty": f"{tmp_path}/empty {needs}",
        "list": f"{tmp_path}/list {needs}",
        "list/articles.jsonl": f"{tmp_path}/list/articles.jsonl {needs}",
    }
    for name, message in wrong.items():
        with pytest.raises(UsageError) as caught:
            list(read(tmp_path / name))
        assert str(caught.value).startswith(message)


def test_a_list_that_is_a_folder_is_wrong_usage(tmp_path: Path) -> None:
    (tmp_path / "articles.jsonl").mkdir()
    with pytest.raises(UsageError, match=r"articles\.jsonl cannot be read: Is a directory\.$"):
        list(read(tmp_path))
