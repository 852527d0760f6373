"""The server of the page answers the one who has its token, on the loopback, and nobody else; every action is saved."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx2 as httpx
import pytest

from extractor.article import Article
from extractor.errors import UsageError
from extractor.evaluation.labels import read_labels
from extractor.extraction import Extraction
from tests.reviewing import CHILE, PARIS, TOKEN, VISITS, Served, address_in, made, served

SCHOLZ = {"visitor": "Olaf Scholz", "destination": "FRA", "when": "on Tuesday", "status": "ongoing"}


@pytest.fixture(scope="module")
def run(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return made(tmp_path_factory.mktemp("run") / "visits.db")


@pytest.fixture
def page(run: Path, tmp_path: Path) -> Iterator[Served]:
    with served(run, labels=tmp_path / "labels.jsonl", name="ann") as one:
        yield one


@pytest.fixture
def client(page: Served) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=page.address, trust_env=False, follow_redirects=True) as one:
        assert one.get(f"/?token={TOKEN}").status_code == 200
        yield one


def do(client: httpx.Client, number: int, **action: Any) -> Any:
    return client.post(f"/api/articles/{number}", json=action).json()


def test_the_token_in_the_address_becomes_a_cookie_and_leaves_the_address(page: Served) -> None:
    with httpx.Client(trust_env=False) as client:
        answer = client.get(page.url)
        assert (answer.status_code, answer.headers["location"]) == (303, "/")
        cookie = answer.headers["set-cookie"].lower()
        assert "httponly" in cookie
        assert "samesite=strict" in cookie
        assert client.get(page.address).status_code == 200


PATHS = [
    "/",
    "/?token=wrong",
    "/api/session",
    "/api/articles/0",
    "/static/review.js",
    "/static/../review.py",
    "/nowhere",
]


@pytest.mark.parametrize("path", PATHS)
def test_without_the_token_nothing_is_told(page: Served, path: str) -> None:
    with httpx.Client(base_url=page.address, trust_env=False) as client:
        answer = client.get(path)
        assert answer.status_code == 403
        assert "visits" not in answer.text
        assert client.post("/api/articles/0", json={"action": "accept"}).status_code == 403
        wrong = {"Cookie": f"extractor_review_{httpx.URL(page.address).port}=wrong"}
        assert client.get("/api/session", headers=wrong).status_code == 403
    assert not page.labels.exists()


@pytest.mark.parametrize("host", ["evil.example", "evil.example:80", "127.0.0.1", "127.0.0.1:1", "localhost", ""])
def test_a_name_that_points_at_the_loopback_is_refused(client: httpx.Client, host: str) -> None:
    """Another page cannot reach the server under its own name (DNS rebinding), even with the cookie."""
    answer = client.get("/api/session", headers={"Host": host})
    assert answer.status_code == 403


@pytest.mark.parametrize("origin", ["http://evil.example", "null", "http://127.0.0.1:1", "https://localhost"])
def test_another_page_cannot_make_the_browser_act(client: httpx.Client, page: Served, origin: str) -> None:
    answer = client.post("/api/articles/0", json={"action": "accept"}, headers={"Origin": origin})
    assert answer.status_code == 403
    assert not page.labels.exists()
    own = {"Origin": page.address}
    assert client.post("/api/articles/0", json={"action": "accept"}, headers=own).status_code == 200


def test_a_form_of_another_page_is_no_action(client: httpx.Client, page: Served) -> None:
    told = client.post("/api/articles/0", content=b'{"action": "accept"}', headers={"Content-Type": "text/plain"})
    assert "application/json" in told.json()["error"]
    assert not page.labels.exists()


@pytest.mark.parametrize("path", ["/", "/api/session", "/static/review.js", "/nowhere", "/?token=wrong"])
def test_every_answer_carries_the_policy(client: httpx.Client, path: str) -> None:
    headers = client.get(path).headers
    policy = headers["content-security-policy"]
    assert policy.startswith("default-src 'none'; script-src 'self';")
    assert "unsafe" not in policy
    assert "frame-ancestors 'none'" in policy
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["cache-control"] == "no-store"


def test_the_page_has_no_inline_script_or_style(client: httpx.Client) -> None:
    html = client.get("/").text
    assert "<style" not in html
    assert " style=" not in html
    assert " on" not in html.partition("<body>")[2].replace(" on ", "").replace(" one ", "")
    assert html.count("<script") == html.count("<script src=")


@pytest.mark.parametrize("path", ["/static/..%2freview.py", "/static/%2e%2e/review.py", "/static//etc/passwd"])
def test_files_beside_the_static_ones_are_not_served(client: httpx.Client, path: str) -> None:
    assert client.get(path).status_code == 404


def test_a_session_tells_the_form_and_how_far_each_article_is(client: httpx.Client) -> None:
    told = client.get("/api/session").json()
    assert [one["state"] for one in told["articles"]] == ["open"] * 3
    assert told["articles"][0]["title"] == "Scholz in Paris"
    fields = {field["name"]: field for field in told["fields"]}
    assert fields["visitor"]["required"]
    assert not fields["places"]["required"]
    assert fields["places"]["many"]
    assert "announced" in [choice["value"] for choice in fields["status"]["choices"]]
    assert (told["mode"], told["by"]) == ("review", "ann")


def test_an_article_comes_with_the_records_of_the_run_and_suggestions(client: httpx.Client) -> None:
    told = client.get("/api/articles/0").json()
    assert told["article"]["text"] == PARIS
    assert told["records"][0]["values"] == SCHOLZ
    assert not told["records"][0]["stands"]
    assert {"value": "FRA", "words": "Paris"} in told["offers"]["destination"]


def test_an_action_is_saved_before_the_answer_and_undone_by_the_next(client: httpx.Client, page: Served) -> None:
    do(client, 0, action="accept", record=0)
    done = do(client, 0, action="finish")
    assert done["entry"]["state"] == "done"
    article = Article(id="a1", text=PARIS)
    assert read_labels(page.labels, VISITS, {"a1": article})["a1"][0].values == SCHOLZ
    back = client.post("/api/undo", json={}).json()
    assert (back["number"], back["done"], back["steps"]) == (0, False, [1, 1])
    assert client.post("/api/redo", json={}).json()["done"]


def test_the_complaint_of_the_schema_stands_beside_its_field(client: httpx.Client) -> None:
    told = do(client, 1, action="correct", record=0, field="visitor_country", value="CHL", exact=True)
    assert "cannot be the country visited" in told["records"][0]["problems"]["destination"]
    refused = do(client, 1, action="accept", record=0)
    assert refused["error"].startswith("Record 1 cannot be accepted: destination:")


BAD: list[tuple[bytes, str]] = [
    (b"{", "this is none"),
    (b"[]", "no action"),
    (b'{"action": "burn"}', "no action"),
    (b'{"action": "note", "text": 1}', "no action: note.text"),
    (b"[" * 100_000, "no"),
    (b" " * 1_100_000, "too long"),
]


@pytest.mark.parametrize(("body", "reason"), BAD, ids=[reason for _, reason in BAD])
def test_what_is_no_action_is_refused_in_a_sentence(client: httpx.Client, body: bytes, reason: str) -> None:
    told = client.post("/api/articles/0", content=body, headers={"Content-Type": "application/json"})
    assert reason in told.json()["error"]


def test_an_article_that_is_not_there_is_said_to_be_so(client: httpx.Client) -> None:
    assert client.get("/api/articles/9").status_code == 404
    assert client.post("/api/articles/9", json={"action": "add"}).json()["error"].startswith("There is no such article")


def test_a_blind_labeller_sees_neither_the_run_nor_another_labeller(run: Path, tmp_path: Path) -> None:
    with served(run, labels=tmp_path / "ben.jsonl", name="ben", blind=True) as page:
        told = page.session.article(0)
        assert told["records"] == []
        assert "ongoing" not in json.dumps(told)
        assert [one["records"] for one in page.session.facts()["articles"]] == [0, 0, 0]
        assert page.session.do(2, {"action": "finish"})["done"]
    hidden = pytest.raises(UsageError, match="holds labels of ben, which --blind would show")
    with hidden, served(run, labels=tmp_path / "ben.jsonl", name="ann", blind=True):
        pass


def labelled(folder: Path, name: str, *lines: dict[str, Any]) -> Path:
    path = folder / f"labels-{name}.jsonl"
    path.write_text("".join(f"{json.dumps(line)}\n" for line in lines), "utf-8")
    return path


def test_an_adjudication_holds_what_both_have_done_and_finishes_what_agrees(
    run: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    ann = labelled(
        tmp_path, "ann", {"id": "a1", "visits": [SCHOLZ]}, {"id": "a3", "visits": []}, {"id": "a2", "visits": []}
    )
    other = SCHOLZ | {"status": "completed"}
    ben = labelled(tmp_path, "ben", {"id": "a3", "visits": []}, {"id": "a1", "visits": [other]})
    with served(run, labels=tmp_path / "agreed.jsonl", files=(ann, ben)) as page:
        assert "only one of the two is done: 1" in capsys.readouterr().err
        assert [one["id"] for one in page.session.facts()["articles"]] == ["a1", "a3"]
        assert json.loads(page.labels.read_text("utf-8")) == {"id": "a3", "visits": []}
        told = page.session.article(0)
        assert told["differences"] == 1
        page.session.do(0, {"action": "decide", "record": 0, "field": "status", "by": "ben"})
        assert page.session.do(0, {"action": "finish"})["done"]
    agreed = read_labels(page.labels, VISITS, {"a1": Article(id="a1", text=PARIS), "a3": None})
    assert [dict(one.values) for one in agreed["a1"]] == [other]
    assert agreed["a3"] == ()


REFUSED: dict[str, tuple[dict[str, Any], str]] = {
    "two wishes": ({"blind": True, "files": ("a", "b")}, "give one of them"),
    "a name that is a path": ({"name": "../ann"}, "is no name for a file"),
    "another schema": ({"schema": "docs/examples/recipe.py"}, "has other fields"),
    "no labels": ({"files": ("a.jsonl", "b.jsonl"), "labels": "x.jsonl"}, "There are no labels at a.jsonl"),
    "a file onto itself": ({"files": ("x.jsonl", "b.jsonl"), "labels": "x.jsonl"}, "x.jsonl is one of the two files"),
    "a file below a file": ({"labels": "file/labels.jsonl"}, "cannot be written"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_wrong_call_is_one_sentence(run: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str) -> None:
    options, reason = REFUSED[name]
    if "schema" in options:
        options = options | {"schema": str(Path(__file__).parent.parent / options["schema"])}
    monkeypatch.chdir(tmp_path)
    Path("file").write_text("")
    with pytest.raises(UsageError, match=reason), served(run, **options):
        pass


def test_two_sessions_cannot_write_the_same_labels(page: Served, run: Path) -> None:
    with pytest.raises(UsageError, match="open in another review"), served(run, labels=page.labels):
        pass


def test_labels_without_a_path_are_beside_the_run(tmp_path: Path) -> None:
    run = made(tmp_path / "runs" / "visits.db", Extraction(Article(id="a2", text=CHILE)))
    with served(run, name="ann") as page:
        assert page.labels == tmp_path / "runs" / "labels-ann.jsonl"
    with served(run) as page:
        assert page.labels == tmp_path / "runs" / "labels.jsonl"
    assert not list(run.parent.glob("*.lock.lock"))


@pytest.mark.skipif(os.name == "nt", reason="signals are of POSIX")
def test_ctrl_c_ends_it_with_one_line_that_says_where_the_labels_are(run: Path, tmp_path: Path) -> None:
    """As a user starts it: the address on standard output, and after Ctrl-C one line and no traceback."""
    code = (
        "import sys, extractor.reviewing.review as r\n"
        f"try: r.review({str(run)!r}, labels='labels.jsonl', open_browser=False)\n"
        "except KeyboardInterrupt as stop: print(stop, file=sys.stderr)\n"
    )
    command = [sys.executable, "-c", code]
    environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent.parent)}
    with subprocess.Popen(  # noqa: S603 -- fixed words
        command, cwd=tmp_path, env=environment, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        url = address_in(process.stdout.readline())
        with httpx.Client(trust_env=False, follow_redirects=True) as client:
            assert client.get(url, timeout=60).status_code == 200
        process.send_signal(signal.SIGINT)
        _, told = process.communicate(timeout=60)
    assert told.splitlines() == ["The labels are in labels.jsonl."]
