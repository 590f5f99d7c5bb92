"""A consistent copy of the whole database while it is in use, and its way back.

SQLite by `VACUUM INTO`, never by copying files of a live database; PostgreSQL by `pg_dump` and
`pg_restore`, which see one moment of it (security.md K1).
"""

import shutil
import sqlite3
import subprocess
from contextlib import closing
from pathlib import Path

import sqlalchemy as sa

from hr_portal.adapters.database.engine import make_engine

SQLITE_NAME, POSTGRESQL_NAME = "database.sqlite3", "database.pgdump"


class CopyFailedError(Exception):
    """The copy could not be made or brought back; str() is a sentence for the operator."""


def copy_name(url: str) -> str:
    """Return what a copy of this database is called in a backup."""
    return SQLITE_NAME if _is_sqlite(url) else POSTGRESQL_NAME


def copy_database(url: str, target: Path) -> None:
    """Write a copy of the database at `url` to the new file `target`.

    Raises CopyFailedError.
    """
    if not _is_sqlite(url):
        _run("pg_dump", url, "--format=custom", "--no-owner", "--no-acl", f"--file={target}")
        return
    try:
        with closing(sqlite3.connect(_file(url))) as database:
            database.execute("VACUUM INTO ?", [str(target)])
    except sqlite3.Error as error:
        raise CopyFailedError(f"Basis data tidak dapat disalin: {error}.") from error


def bring_back(url: str, copy: Path) -> None:
    """Fill the empty database at `url` from a copy.

    Raises CopyFailedError: it isn't empty, the copy is of the other kind, or a program fails.
    """
    if copy.name != copy_name(url):
        raise CopyFailedError(
            f"Cadangan ini memuat {copy.name}, sedangkan HR_PORTAL_DATABASE_URL menunjuk jenis basis "
            "data lain. Pulihkan ke jenis yang sama."
        )
    if not is_empty(url):
        raise CopyFailedError(
            "Basis data tujuan sudah berisi tabel. Pulihkan hanya ke basis data yang kosong."
        )
    if not _is_sqlite(url):
        _run("pg_restore", url, "--exit-on-error", "--no-owner", "--no-acl", str(copy))
        return
    file = _file(url)
    for leftover in (file, *(file.with_name(file.name + end) for end in ("-wal", "-shm"))):
        leftover.unlink(missing_ok=True)
    shutil.copyfile(copy, file)
    file.chmod(0o600)


def is_empty(url: str) -> bool:
    """Say whether a database has no table; one that doesn't exist yet is empty."""
    if _is_sqlite(url) and not _file(url).exists():
        return True
    engine = make_engine(url)
    try:
        return not sa.inspect(engine).get_table_names()
    finally:
        engine.dispose()


def is_whole(copy: Path) -> bool:
    """Say whether a copy can be read from its first to its last page."""
    if copy.name == POSTGRESQL_NAME:
        return subprocess.run(
            [_program("pg_restore"), "--file=/dev/null", str(copy)],
            check=False, stderr=subprocess.DEVNULL,
        ).returncode == 0  # fmt: skip
    try:
        with closing(sqlite3.connect(f"{copy.as_uri()}?mode=ro", uri=True)) as database:
            return bool(database.execute("PRAGMA integrity_check").fetchone() == ("ok",))
    except sqlite3.Error:
        return False


def _run(name: str, url: str, *arguments: str) -> None:
    """Run one of PostgreSQL's programs on the database; the password never is an argument."""
    address = sa.make_url(url)
    query = {key: value for key, value in address.query.items() if isinstance(value, str)}
    told = {
        "PGHOST": address.host or query.pop("host", ""),
        "PGPORT": str(address.port or query.pop("port", "")),
        "PGUSER": address.username or "", "PGPASSWORD": str(address.password or ""),
        "PGDATABASE": address.database or "",
        **{f"PG{key.upper()}": value for key, value in query.items()},
    }  # fmt: skip
    database = [f"--dbname={address.database}"] if name == "pg_restore" else []
    done = subprocess.run(
        [_program(name), *database, *arguments],
        check=False, capture_output=True, text=True,
        env={"PATH": "/usr/bin:/bin", "LC_ALL": "C.UTF-8"} | {k: v for k, v in told.items() if v},
    )  # fmt: skip
    if done.returncode:
        last = (done.stderr.strip().splitlines() or ["tanpa keterangan"])[-1]
        raise CopyFailedError(f"{name} gagal: {last}")


def _program(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise CopyFailedError(
            f"Program {name} tidak ada di komputer ini. Pasang dengan: apt-get install postgresql-client"
        )
    return found


def _is_sqlite(url: str) -> bool:
    return sa.make_url(url).get_backend_name() == "sqlite"


def _file(url: str) -> Path:
    return Path(sa.make_url(url).database or "")
