"""What every test may ask for: settings, databases of both kinds, and the machine's parts."""

import shutil
from pathlib import Path

import argon2
import jinja2
import pytest
import sqlalchemy
import structlog
from flask import Flask
from werkzeug.routing import Rule

from hr_portal.adapters.database import engine as database_engine
from hr_portal.adapters.database import tenancy
from hr_portal.domain import regions
from hr_portal.services import accounts
from hr_portal.serving import settle_memory
from hr_portal.settings import Settings
from tests import parts, postgresql
from tests.migrated import MASTER_KEY, SECRET_KEY, migrate, migrated_sqlite


class _Compiled(jinja2.BytecodeCache):
    """Every test makes an application of its own; a template is compiled once in a process."""

    def __init__(self):
        self.codes = {}

    def load_bytecode(self, bucket):
        if bucket.key in self.codes:
            bucket.bytecode_from_string(self.codes[bucket.key])

    def dump_bytecode(self, bucket):
        self.codes[bucket.key] = bucket.bytecode_to_string()


_make_engine = sqlalchemy.create_engine
_first: dict[str, sqlalchemy.Engine] = {}


def _engine_that_knows_the_statements(url, **options):
    """Every test has a database of its own; a statement is compiled once in a process.

    SQLAlchemy keeps what it compiled by engine and dialect, and a fifth of a test went into that.
    """
    engine = _make_engine(url, **{"query_cache_size": 5_000, **options})
    if "isolation_level" in options:
        return engine  # its dialect is its own
    first = _first.setdefault(engine.dialect.name, engine)
    if first is not engine:
        engine.dialect = engine.pool._dialect = first.dialect
        engine._compiled_cache = first._compiled_cache
    return engine


# As the tests' PostgreSQL does, SQLite leaves it to the system when to write: what a kill leaves is
# tried in processes of their own, which don't read this file.
database_engine.SQLITE_PRAGMAS = tuple(
    "synchronous=OFF" if pragma.startswith("synchronous") else pragma
    for pragma in database_engine.SQLITE_PRAGMAS
)
sqlalchemy.create_engine = _engine_that_knows_the_statements

# A password is hashed slowly by design; how slowly is the business of one test, which asks for it.
SLOW_HASHER = accounts._hasher
accounts._hasher = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
_compile = Rule.compile
_compiled: dict[tuple, dict] = {}


def _compiled_once(rule):
    """Every test makes an application; what finds and builds its addresses is the same."""
    key = rule.rule, rule.subdomain, rule.host, rule.merge_slashes, repr(rule.defaults)
    if key not in _compiled:
        _compile(rule)
        _compiled[key] = {
            name: getattr(rule, name) for name in ("_parts", "_trace", "_converters", "arguments")
        } | {name: getattr(rule, name).__func__ for name in ("_build", "_build_unknown")}
        return
    for name, value in _compiled[key].items():
        is_method = name.startswith("_build")
        setattr(rule, name, value.__get__(rule, None) if is_method else value)


Rule.compile = _compiled_once
Flask.jinja_options = {**Flask.jinja_options, "bytecode_cache": _Compiled()}

# Where a test sets up no log, a fault is told in plain lines: a picture of it with its code in
# colours, which a package that comes with the tests draws, took a tenth of tests/threats.
structlog.configure(
    processors=[
        *structlog.get_config()["processors"][:-1],
        structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback),
    ]
)


tenancy.of_process("command")  # what tests do to the portal by themselves; requests have their own


def pytest_collection_modifyitems(items):
    """Marks the tests whose fixtures tell what they need."""
    for item in items:
        needed = getattr(item, "fixturenames", ())
        if "page" in needed or "browser" in needed:
            item.add_marker("browser")
        kind = getattr(item, "callspec", None) and item.callspec.params.get("database_kind")
        if kind == "postgresql" or "postgresql_url" in needed:
            item.add_marker("postgresql")


def pytest_collection_finish():
    """What was loaded and collected stays to the end; as in a server, it isn't walked any more."""
    settle_memory()


@pytest.fixture(autouse=True)
def _own_region_codes():
    """An edition that a test imported is forgotten with it."""
    yield
    regions.use(None)


@pytest.fixture(scope="session")
def require():
    """`require("libreoffice")` gives the program, or skips; in CI a missing part fails."""
    return parts.require


@pytest.fixture
def make_settings(tmp_path):
    """Settings as in demo mode, on a data folder of this test; named values replace others."""

    def make(**changes):
        values = {
            "data_dir": tmp_path / "data",
            "secret_key": SECRET_KEY,
            "master_key": MASTER_KEY,
            "demo": True,
            "poll_seconds": 0.01,
            **changes,
        }
        settings = Settings(**values)
        settings.make_folders()
        return settings

    return make


@pytest.fixture
def settings(make_settings, database_url):
    """Settings on a fresh, migrated database: the test runs on SQLite and on PostgreSQL."""
    return make_settings(database_url=database_url)


@pytest.fixture
def sqlite_settings(make_settings, sqlite_url):
    """The same on SQLite alone, for tests in which the database has no part."""
    return make_settings(database_url=sqlite_url)


# ------------------------------------------------------------------------------- databases


@pytest.fixture(params=["sqlite", "postgresql"])
def database_kind(request):
    """Which database the test runs on."""
    return request.param


@pytest.fixture
def database_url(database_kind, request):
    """A fresh, migrated database of each kind."""
    return request.getfixturevalue(f"{database_kind}_url")


@pytest.fixture
def blank_database_url(database_kind, request):
    """A fresh database of each kind without any table, for the migrations themselves."""
    return request.getfixturevalue(f"blank_{database_kind}_url")


@pytest.fixture
def blank_sqlite_url(tmp_path):
    """An SQLite database that doesn't exist yet."""
    return f"sqlite:///{tmp_path / 'blank.sqlite3'}"


@pytest.fixture
def sqlite_url(tmp_path, _migrated_sqlite):
    """A fresh, migrated SQLite database."""
    file = tmp_path / "portal.sqlite3"
    shutil.copyfile(_migrated_sqlite, file)
    return f"sqlite:///{file}"


@pytest.fixture
def blank_postgresql_url(_postgresql_server):
    """A fresh PostgreSQL database without any table."""
    with postgresql.database(_postgresql_server) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture
def postgresql_url(_postgresql_server, _migrated_postgresql):
    """A fresh, migrated PostgreSQL database."""
    with postgresql.database(_postgresql_server, template=_migrated_postgresql) as url:
        yield url.render_as_string(hide_password=False)


@pytest.fixture(scope="session")
def _postgresql_server():
    with postgresql.server() as url:
        yield url


@pytest.fixture(scope="session")
def _migrated_sqlite() -> Path:
    return migrated_sqlite()


@pytest.fixture(scope="session")
def _migrated_postgresql(_postgresql_server, tmp_path_factory):
    with postgresql.database(_postgresql_server) as url:
        migrate(tmp_path_factory.mktemp("postgresql"), url.render_as_string(hide_password=False))
        yield url.database


# --------------------------------------------------------------------------------- browser


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    """Debian's Chromium: nothing is downloaded, and it stays off the network.

    The one that can't show a window takes half the processor of the one that hides it, which
    does where it is missing.
    """
    quiet = ["--disable-background-networking", "--disable-component-update", "--disable-sync"]
    return {
        **browser_type_launch_args,
        "executable_path": str(parts.require("chromium without windows")),
        "args": ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", *quiet],
    }
