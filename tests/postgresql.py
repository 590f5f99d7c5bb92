"""A PostgreSQL server for the tests: the one that is named, or one of their own.

HR_PORTAL_TEST_POSTGRESQL_URL names a server where databases may be made and dropped. Without it
a cluster is made in a temporary folder, listens on a socket there and on no port, and ends with
the test process, however that ends.
"""

import itertools
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

import sqlalchemy as sa

from tests import parts

VARIABLE = "HR_PORTAL_TEST_POSTGRESQL_URL"
ACCOUNT = "postgres"  # initdb and the server refuse to run as root; Debian makes this one
_QUICK = ("fsync=off", "full_page_writes=off", "synchronous_commit=off")
_numbers = itertools.count(1)


@contextmanager
def server() -> Iterator[sa.URL]:
    """The address of a running server, as its administrator; skips where there is none."""
    if named := os.environ.get(VARIABLE, "").strip():
        url = sa.make_url(named)
        if url.drivername == "postgresql":
            url = url.set(drivername="postgresql+psycopg")
        yield url
        return
    with cluster(*_QUICK) as (url, _restart):
        yield url


@contextmanager
def cluster(*settings: str) -> Iterator[tuple[sa.URL, Callable[[], None]]]:
    """A server of one's own: its address, and what stops it at once, as a crash, and starts it."""
    program = parts.require("postgresql")
    prefix = _prefix()
    with tempfile.TemporaryDirectory(prefix="hr-pg-") as name:
        folder = Path(name)
        if os.geteuid() == 0:
            owner = pwd.getpwnam(ACCOUNT)
            os.chown(folder, owner.pw_uid, owner.pw_gid)
        data = folder / "data"
        layout = ["--encoding=UTF8", "--locale=C.UTF-8", "--username=postgres", "--pgdata", data]
        subprocess.run(
            [*prefix, program.with_name("initdb"), "--no-sync", "--auth=trust", *layout],
            check=True,
            cwd=folder,
            stdout=subprocess.DEVNULL,
        )
        options = [f"unix_socket_directories={folder}", "listen_addresses=", "lc_messages=C"]
        words = [word for option in (*options, *settings) for word in ("-c", option)]
        running: list[subprocess.Popen[str]] = []

        def start() -> None:
            process = subprocess.Popen(
                [*prefix, program, "-D", data, *words],
                cwd=folder,
                stdout=subprocess.DEVNULL,
                stderr=subprocess.PIPE,
                text=True,
            )
            running.append(process)
            _wait_until_ready(process.stderr)
            threading.Thread(target=_discard, args=[process.stderr], daemon=True).start()

        def stop(how: signal.Signals) -> None:
            process = running.pop()
            process.send_signal(how)
            process.wait(timeout=30)

        def restart() -> None:
            stop(signal.SIGQUIT)  # "immediate": nothing is ended in order
            start()

        try:
            start()
            yield (
                sa.URL.create(
                    "postgresql+psycopg",
                    username="postgres",
                    database="postgres",
                    query={"host": str(folder)},
                ),
                restart,
            )
        finally:
            if running:
                stop(signal.SIGINT)  # "fast": ends what is connected


@contextmanager
def database(server_url: sa.URL, template: str | None = None) -> Iterator[sa.URL]:
    """A fresh database, empty or a copy of `template`; dropped afterwards."""
    name = f"hr_portal_test_{os.getpid()}_{next(_numbers)}"
    # Copied as files, not block by block through the log: half the time.
    copy = f' TEMPLATE "{template}" STRATEGY FILE_COPY' if template else ""
    _administer(server_url, f'CREATE DATABASE "{name}"{copy}')
    try:
        yield server_url.set(database=name)
    finally:
        _administer(server_url, f'DROP DATABASE "{name}" WITH (FORCE)')


def _administer(server_url: sa.URL, statement: str) -> None:
    engine = sa.create_engine(server_url, isolation_level="AUTOCOMMIT")
    try:
        with engine.connect() as connection:
            connection.execute(sa.text(statement))
    finally:
        engine.dispose()


def _prefix() -> list[str]:
    """Runs a program so that it is not root and ends with this process."""
    setpriv = shutil.which("setpriv")
    if os.geteuid() != 0:
        return [setpriv, "--pdeathsig", "INT"] if setpriv else []
    try:
        pwd.getpwnam(ACCOUNT)
    except KeyError:
        parts.refuse(
            "PostgreSQL doesn't run as root and there is no account 'postgres'; "
            "to enable: apt-get install postgresql"
        )
    if not setpriv:
        parts.refuse("setpriv is missing; to enable: apt-get install util-linux")
    return [
        *(setpriv, f"--reuid={ACCOUNT}", f"--regid={ACCOUNT}", "--init-groups"),
        *("--pdeathsig", "INT"),
    ]


def _wait_until_ready(said) -> None:
    lines = []
    for line in said:
        lines.append(line)
        if "ready to accept connections" in line:
            return
    raise RuntimeError("PostgreSQL did not start:\n" + "".join(lines))


def _discard(said) -> None:
    with said:
        for _ in said:
            pass
