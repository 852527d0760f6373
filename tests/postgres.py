"""A real PostgreSQL server for the tests, from the system's package; it lives in a temporary folder."""

from __future__ import annotations

import os
import pwd
import shutil
import signal
import socket
import sqlite3
import subprocess
import tempfile
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, NamedTuple

import psycopg
from sqlalchemy import URL

USER, PASSWORD = "tester", "p@ss/word:1"
_QUOTED = "p%40ss%2Fword%3A1"
_SETTINGS = ("fsync=off", "full_page_writes=off", "lc_messages=C", "listen_addresses=127.0.0.1", "max_connections=40")


class Server(NamedTuple):
    """A running server, and what starts it again."""

    port: int
    command: list[str]
    options: dict[str, Any]

    def url(self, database: str, query: str = "") -> str:
        return f"postgresql://{USER}:{_QUOTED}@127.0.0.1:{self.port}/{database}{query}"

    def execute(self, statement: str, database: str = "postgres") -> list[tuple[Any, ...]]:
        """Do something as the owner of the server."""
        with psycopg.connect(self.url(database), autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    @contextmanager
    def running(self) -> Iterator[subprocess.Popen[bytes]]:
        """Run the server, and stop it when all is done, whoever is connected."""
        command = [*self.command, "-p", str(self.port)]
        with subprocess.Popen(command, **self.options) as process:  # noqa: S603 -- our own
            try:
                self._await(process)
                yield process
            finally:
                process.send_signal(signal.SIGINT)

    def _await(self, process: subprocess.Popen[bytes]) -> None:
        for _ in range(300):
            try:
                self.execute("SELECT 1")
            except psycopg.OperationalError:
                assert process.poll() is None, "the server has ended"
                time.sleep(0.05)
            else:
                return
        raise AssertionError("the server does not answer")


def programs() -> Path | None:
    """Return the folder of the server's programs: Debian keeps them out of PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: float(path.parts[-3]))
    initdb = shutil.which("initdb") or (found[-1] if found else None)
    return Path(initdb).resolve().parent if initdb else None


@contextmanager
def made(folder: Path) -> Iterator[Server]:
    """Make a server that is not running yet. It refuses to be root, who therefore lends it another user."""
    home = Path(tempfile.mkdtemp(prefix="postgres-", dir=folder))
    options: dict[str, Any] = {"cwd": home, "stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
    if os.geteuid() == 0:
        user = next(name for name in ("postgres", "nobody") if name in {entry.pw_name for entry in pwd.getpwall()})
        options |= {"user": user, "group": pwd.getpwnam(user).pw_gid, "extra_groups": []}
        os.chown(home, pwd.getpwnam(user).pw_uid, -1)
    bin_folder = programs()
    assert bin_folder is not None
    secret = home / "password"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)
    make = ["-D", "data", "-U", USER, "-A", "scram-sha-256", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync"]
    command = [str(bin_folder / "initdb"), *make, f"--pwfile={secret}"]
    subprocess.run(command, check=True, **options)  # noqa: S603 -- our own
    with socket.create_server(("127.0.0.1", 0)) as probe:
        port = probe.getsockname()[1]
    settings = [word for setting in (*_SETTINGS, f"unix_socket_directories={home}") for word in ("-c", setting)]
    try:
        yield Server(port, [str(bin_folder / "postgres"), "-D", "data", *settings], options)
    finally:
        shutil.rmtree(home)


def select(place: Path | URL, query: str) -> list[tuple[Any, ...]]:
    """Look into a store, on SQLite or on PostgreSQL, as any other program would."""
    if isinstance(place, Path):
        with closing(sqlite3.connect(place)) as db:
            return db.execute(query).fetchall()
    address = place.difference_update_query(["run"]).render_as_string(hide_password=False)
    with psycopg.connect(address, options=f"-csearch_path={place.query['run']}") as connection:
        return connection.execute(query.encode()).fetchall()
