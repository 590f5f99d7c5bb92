"""Every setting of the portal, and the only module that reads the environment."""

import base64
import binascii
import os
import re
import secrets
from collections.abc import Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from datetime import timedelta
from itertools import pairwise
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from hr_portal.faults import why

PREFIX = "HR_PORTAL_"
KEY_BYTES = 32
LOOPBACK_HOSTS = frozenset({"127.0.0.1", "::1", "localhost"})
_KEYS = ("SECRET_KEY", "OLD_SECRET_KEY", "MASTER_KEY", "OLD_MASTER_KEY")
LOG_LEVELS = ("debug", "info", "warning", "error")
MIB = 1024 * 1024

_UNITS = {"": 1, "K": 1024, "M": MIB, "G": 1024 * MIB}
_SIZE = re.compile(r"([0-9]{1,15}) ?([KMG]?)(?:i?B)?", re.IGNORECASE)
_SPAN_UNITS = {"": 1.0, "s": 1.0, "m": 60.0, "h": 3600.0}
_SPAN = re.compile(r"([0-9]{1,9}(?:\.[0-9]{1,3})?) ?([smh]?)", re.IGNORECASE)
_FEWEST_DRAFT_DAYS = 15  # one more than the warning before
_FEWEST_DIFFERENT_SIGNS = 10  # 32 random hexadecimal digits hold about 14
_KNOWN_DEFAULTS = re.compile(
    r"change.?me|default|example|insecure|not.?so.?secret|rahasia|password|kata.?sandi|replace",
    re.IGNORECASE,
)


class SettingsError(ValueError):
    """The portal may not start with these settings; str() is a sentence that says why."""


def _path(text: str) -> Path:
    return Path(text).expanduser()


def _whole(text: str) -> int:
    if not re.fullmatch(r"[0-9]{1,15}", text):
        raise ValueError("bilangan bulat")
    return int(text)


def _size(text: str) -> int:
    match = _SIZE.fullmatch(text)
    if not match:
        raise ValueError("jumlah byte, atau ukuran seperti 25M atau 1G")
    return int(match[1]) * _UNITS[match[2].upper()]


def _seconds(text: str) -> float:
    match = _SPAN.fullmatch(text)
    if not match:
        raise ValueError("detik, atau lama waktu seperti 30s, 30m atau 12h")
    return float(match[1]) * _SPAN_UNITS[match[2].lower()]


def _span(text: str) -> timedelta:
    return timedelta(seconds=_seconds(text))


def _switch(text: str) -> bool:
    word = text.lower()
    if word in {"1", "true", "yes", "on", "ya"}:
        return True
    if word in {"0", "false", "no", "off", "tidak"}:
        return False
    raise ValueError("1 atau 0")


def _words(text: str) -> tuple[str, ...]:
    return tuple(word for word in re.split(r"[,\s]+", text) if word)


def _level(text: str) -> str:
    if text.lower() not in LOG_LEVELS:
        raise ValueError("salah satu dari " + ", ".join(LOG_LEVELS))
    return text.lower()


def _mail_url(text: str) -> str:
    parts = urlsplit(text)
    try:
        is_fit = parts.scheme in {"smtp", "smtps"} and bool(parts.hostname) and parts.port != 0
    except ValueError:  # a port that is no number
        is_fit = False
    if not is_fit:
        raise ValueError("alamat seperti smtp://user:sandi@surel.example.co.id:587, atau smtps://…")
    return text


def _socket(text: str) -> str:
    path = text.removeprefix("unix:")
    host, _, port = text.removeprefix("tcp://").rpartition(":")
    if not path.startswith("/") and not (host and re.fullmatch(r"[0-9]{1,5}", port)):
        raise ValueError("alamat seperti unix:/run/clamav/clamd.ctl atau 127.0.0.1:3310")
    return text


def _key(text: str) -> bytes:
    try:
        return base64.b64decode(text.translate(str.maketrans("-_", "+/")), validate=True)
    except (binascii.Error, ValueError):
        raise ValueError(f"{KEY_BYTES} byte acak dalam base64") from None


def _setting(default: Any, read: Any, doc: str, *, secret: bool = False) -> Any:
    """A field that the environment may set: its default, its reader and what it is for."""
    return field(default=default, repr=not secret, metadata={"read": read, "doc": doc})


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What the portal was told by whoever runs it; made once and handed down.

    Each field that the environment may set is HR_PORTAL_ and its name in capitals; the keys may
    also be read from a file that HR_PORTAL_SECRET_KEY_FILE and its like name. Raises SettingsError
    where the values are unsafe: a weak key, demo mode on an address that others can reach.
    """

    data_dir: Path = _setting(Path("data"), _path, "folder of the database, files and keys")
    database_url: str = _setting(
        "", str, "SQLAlchemy address; empty means SQLite in the data folder", secret=True
    )
    secret_key: str = _setting(
        "", str, "signs forms and cookies; 32 characters or more", secret=True
    )
    old_secret_key: str = _setting(
        "", str, "the secret key before; forms that it has signed are still taken", secret=True
    )
    master_key: bytes = _setting(b"", _key, "encrypts personal data; 32 bytes, base64", secret=True)
    old_master_key: bytes = _setting(
        b"", _key, "the master key before, while keys are rotated; base64", secret=True
    )
    demo: bool = _setting(False, _switch, "demo mode: made-up people, loopback only")

    host: str = _setting("127.0.0.1", str, "address to listen on")
    port: int = _setting(8000, _whole, "port to listen on; 0 takes a free one")
    base_url: str = _setting("", str, "address that people type; empty means http://HOST:PORT")
    trusted_hosts: tuple[str, ...] = _setting(
        (), _words, "host names to answer to; empty means the one of the base address"
    )
    trusted_proxy: str = _setting("", str, "address of the proxy whose X-Forwarded-* are believed")
    threads: int = _setting(8, _whole, "requests answered at once by `serve`")

    max_upload_bytes: int = _setting(250 * MIB, _size, "largest spreadsheet")
    max_document_bytes: int = _setting(10 * MIB, _size, "largest supporting document")
    max_archive_bytes: int = _setting(500 * MIB, _size, "largest ZIP of documents")
    max_archive_files: int = _setting(5_000, _whole, "most files in a ZIP of documents")
    upload_keep: timedelta = _setting(
        timedelta(hours=48), _span, "a ZIP of which no further part comes for so long is given up"
    )
    clamav: str = _setting(
        "", _socket, "socket of clamd: unix:/run/clamav/clamd.ctl or host:3310; empty = no scanner"
    )
    max_rows: int = _setting(1_048_575, _whole, "most rows in a spreadsheet")
    max_columns: int = _setting(512, _whole, "most columns in a spreadsheet")
    max_unpacked_bytes: int = _setting(2048 * MIB, _size, "largest spreadsheet after unpacking")
    max_ratio: int = _setting(150, _whole, "most bytes a packed byte may become")
    max_ratio_above_bytes: int = _setting(4 * MIB, _size, "size from which that ratio counts")

    child_memory_bytes: int = _setting(
        1024 * MIB, _size, "memory of the process that reads a small file"
    )
    child_memory_most_bytes: int = _setting(6144 * MIB, _size, "and for the largest file")
    child_seconds: float = _setting(20.0, _seconds, "time of that process for a small file")
    child_seconds_per_100k_rows: float = _setting(20.0, _seconds, "and more for each 100,000 rows")
    letter_lines: int = _setting(
        10_000, _whole, "corrections a letter prints; more stand in a workbook that it names"
    )
    lease_seconds: float = _setting(
        60.0, _seconds, "how long a worker may be silent about its work"
    )
    poll_seconds: float = _setting(0.5, _seconds, "how often a worker looks for work")
    max_attempts: int = _setting(3, _whole, "tries of one piece of work")

    uploads_per_minute: int = _setting(
        600, _whole, "sheets and archives a person may send a minute; 0 = any number"
    )
    files_per_minute: int = _setting(3_000, _whole, "documents a person may send a minute")
    exports_per_minute: int = _setting(120, _whole, "files a person may take away a minute")
    searches_per_minute: int = _setting(
        60, _whole, "searches for a number or a text a person may make a minute; 0 = any number"
    )
    calls_per_minute: int = _setting(
        3_000, _whole, "changes a person's programs may ask for a minute"
    )
    session_idle: timedelta = _setting(timedelta(minutes=30), _span, "sign-in ends when unused")
    session_absolute: timedelta = _setting(timedelta(hours=12), _span, "sign-in ends in any case")
    password_classes: bool = _setting(
        False, _switch, "a password needs a capital letter, a small letter and a digit"
    )
    hold_idle: timedelta = _setting(
        timedelta(hours=8), _span, "a batch goes back to the queue when its reviewer does nothing"
    )
    reviewers_never_of_company: bool = _setting(
        True, _switch, "a reviewer never decides about a company they belong to"
    )
    refusals_window: int = _setting(
        200, _whole, "latest answers of the agency to each kind of correction that checks look at"
    )
    refusals_least: int = _setting(
        5, _whole, "refusals among them from which checks warn (HIS-04); 0 = never"
    )
    refusals_percent: int = _setting(10, _whole, "and their least share, in percent")
    retain_documents_days: int = _setting(
        180, _whole, "days after the decision until documents and uploads are deleted, rows masked"
    )
    retain_log_years: int = _setting(
        5, _whole, "years after the decision until the masked rows and the letters go, too"
    )
    retain_drafts_days: int = _setting(
        90, _whole, "days after which a draft that nobody touches goes as well; 0 = never"
    )
    mail_url: str = _setting(
        "", _mail_url, "SMTP server, smtp://user:password@host:587; empty = console", secret=True
    )
    mail_from: str = _setting("Portal Koreksi Data <portal@localhost>", str, "sender of e-mails")
    timezone: str = _setting("Asia/Jakarta", str, "time zone of dates on screens and letters")
    log_level: str = _setting("info", _level, "least serious event that is logged")

    def __post_init__(self) -> None:
        _refuse_weak_secret(self.secret_key)
        _refuse_weak_master_key(self.master_key)
        _refuse_odd_old_key(self.old_master_key, self.master_key)
        _refuse_odd_old_secret(self.old_secret_key, self.secret_key)
        if self.demo and self.host not in LOOPBACK_HOSTS:
            raise SettingsError(
                "Mode demo membuka akun contoh tanpa kata sandi, jadi hanya melayani komputer ini, "
                f"bukan {self.host}. Kosongkan HR_PORTAL_HOST, atau matikan HR_PORTAL_DEMO."
            )
        if self.port > 65535:  # noqa: PLR2004 - the largest port there is
            raise SettingsError(
                f"HR_PORTAL_PORT berisi {self.port}; nomor port paling besar 65535."
            )
        if min(self.poll_seconds, self.lease_seconds, self.child_seconds) <= 0:
            raise SettingsError(
                "HR_PORTAL_POLL_SECONDS, HR_PORTAL_LEASE_SECONDS dan HR_PORTAL_CHILD_SECONDS "
                "harus lebih dari 0."
            )
        _refuse_odd_retention(
            self.retain_documents_days, self.retain_log_years, self.retain_drafts_days
        )
        try:
            ZoneInfo(self.timezone)
        except (ZoneInfoNotFoundError, ValueError):
            raise SettingsError(
                f"HR_PORTAL_TIMEZONE berisi {self.timezone!r}; tulis nama seperti Asia/Jakarta."
            ) from None
        fill = object.__setattr__
        fill(self, "data_dir", self.data_dir.absolute())
        if not self.database_url:
            fill(self, "database_url", f"sqlite:///{self.data_dir / 'portal.sqlite3'}")
        if not self.base_url:
            host = f"[{self.host}]" if ":" in self.host else self.host
            fill(self, "base_url", f"http://{host}:{self.port}")
        fill(self, "base_url", self.base_url.rstrip("/"))
        parts = urlsplit(self.base_url)
        if parts.scheme not in {"http", "https"} or not parts.hostname:
            raise SettingsError(
                f"HR_PORTAL_BASE_URL berisi {self.base_url!r}; tulis alamat lengkap, misalnya "
                "https://koreksi.example.co.id."
            )
        if not self.trusted_hosts:
            local = sorted(LOOPBACK_HOSTS) if parts.hostname in LOOPBACK_HOSTS else []
            fill(self, "trusted_hosts", tuple(dict.fromkeys([parts.hostname, *local])))

    @property
    def cookie_secure(self) -> bool:
        """False only in demo mode, which speaks plain HTTP to this machine alone."""
        return not self.demo

    @property
    def is_sqlite(self) -> bool:
        """Whether the database is a file of the data folder rather than a server."""
        return self.database_url.startswith("sqlite")

    @property
    def files_dir(self) -> Path:
        """The folder of the encrypted store."""
        return self.data_dir / "files"

    @property
    def temp_dir(self) -> Path:
        """The folder of half-received uploads; on the same volume as the store."""
        return self.data_dir / "tmp"

    def make_folders(self) -> None:
        """Makes the data folder and its parts, readable by their owner only.

        Files that this process makes afterwards are so too. Raises SettingsError where the
        folder can't be made or written.
        """
        os.umask(0o077)
        try:
            for folder in (self.data_dir, self.files_dir, self.temp_dir):
                folder.mkdir(mode=0o700, parents=True, exist_ok=True)
            self.data_dir.chmod(0o700)
        except OSError as error:
            raise SettingsError(
                f"Folder data {self.data_dir} tidak dapat dipakai: {why(error)}. Pilih folder "
                "lain dengan HR_PORTAL_DATA_DIR, atau beri pengguna ini hak menulis di sana."
            ) from None

    def child_environment(self) -> dict[str, str]:
        """The environment in which another process of the portal reads these same settings."""
        environ = {
            name: value
            for name, value in os.environ.items()
            if name not in {variable_of(item) + "_FILE" for item in _settable()}
        }
        for item in _settable():
            value = getattr(self, item.name)
            environ[variable_of(item)] = _as_text(value)
        return environ

    @classmethod
    def from_env(cls, environ: Mapping[str, str] | None = None, **chosen: object) -> Self:
        """The settings of this process; `chosen` holds what the command line said, None is unsaid.

        In demo mode the two keys are made on first use, in the data folder's `keys`.
        Raises SettingsError with a sentence for a person.
        """
        environ = os.environ if environ is None else environ
        values = {name: value for name, value in chosen.items() if value is not None}
        known = {variable_of(item) for item in _settable()}
        known |= {f"{PREFIX}{key}_FILE" for key in _KEYS}
        for name in environ:
            if name.startswith(PREFIX) and name not in known and not _is_foreign(name):
                raise SettingsError(
                    f"{name} bukan pengaturan portal. Daftar lengkapnya ada di docs/operations.md."
                )
        for item in _settable():
            text = _text_of(item, environ)
            if item.name not in values and text is not None:
                values[item.name] = _read(item, text)
        if values.get("demo"):
            folder = Path(str(values.get("data_dir", "data"))) / "keys"
            if not values.get("secret_key"):
                values["secret_key"] = _demo_key(folder / "secret_key").hex()
            if not values.get("master_key"):
                values["master_key"] = _demo_key(folder / "master_key")
        return cls(**values)  # type: ignore[arg-type]


def variable_of(item: "Field[Any] | str") -> str:
    """The environment variable that sets a field."""
    return PREFIX + (item if isinstance(item, str) else item.name).upper()


def variables() -> dict[str, str]:
    """Every environment variable that the portal reads, with what it is for, in order."""
    found: dict[str, str] = {}
    for item in _settable():
        found[variable_of(item)] = item.metadata["doc"]
        if not item.repr and item.name.endswith("_key"):
            found[variable_of(item) + "_FILE"] = f"file that holds {variable_of(item)}"
    return found


def data_dir_of(environ: Mapping[str, str] | None = None) -> Path:
    """The data folder alone, for commands that need no keys and no database."""
    item = next(item for item in _settable() if item.name == "data_dir")
    text = _text_of(item, os.environ if environ is None else environ)
    return _path(text or str(item.default)).absolute()


def _settable() -> "list[Field[Any]]":
    return [item for item in fields(Settings) if "read" in item.metadata]


def _is_foreign(name: str) -> bool:
    """Whether a variable with our prefix belongs to the tests or to the set-up scripts."""
    return name.startswith((PREFIX + "TEST_", PREFIX + "SETUP_"))


def _text_of(item: "Field[Any]", environ: Mapping[str, str]) -> str | None:
    name = variable_of(item)
    text = environ.get(name, "").strip()
    if text:
        return text
    file = environ.get(name + "_FILE", "").strip() if item.name.endswith("_key") else ""
    if not file:
        return None
    try:
        return Path(file).read_text(encoding="ascii").strip()
    except (OSError, UnicodeDecodeError):
        raise SettingsError(
            f"{name}_FILE menunjuk {file}, yang tidak dapat dibaca sebagai teks."
        ) from None


def _read(item: "Field[Any]", text: str) -> object:
    try:
        return item.metadata["read"](text)
    except ValueError as error:
        shown = repr(text) if item.repr else "nilai lain"
        raise SettingsError(f"{variable_of(item)} berisi {shown}; seharusnya {error}.") from None


def _as_text(value: object) -> str:
    if isinstance(value, bytes):
        return base64.b64encode(value).decode("ascii")
    if isinstance(value, bool):
        return "1" if value else "0"
    if isinstance(value, timedelta):
        return f"{value.total_seconds():.3f}"
    if isinstance(value, tuple):
        return ",".join(value)
    return str(value)


def _refuse_weak_secret(key: str, which: str = "") -> None:
    advice = (
        "Buat dengan: python3 -c 'import secrets; print(secrets.token_hex(32))' lalu isikan pada "
        "HR_PORTAL_SECRET_KEY, atau tulis nama berkasnya pada HR_PORTAL_SECRET_KEY_FILE."
    )
    if not key:
        raise SettingsError(
            f"Portal tidak dijalankan tanpa kunci rahasia. {advice} Untuk data contoh yang dibuat "
            "make run, cukup tulis HR_PORTAL_DEMO=1 di depan perintahnya."
        )
    if len(key) < KEY_BYTES:
        raise SettingsError(
            f"Kunci rahasia {which}hanya {len(key)} karakter; perlu {KEY_BYTES} atau lebih. {advice}"
        )
    if _KNOWN_DEFAULTS.search(key) or _is_monotonous(key.encode()):
        raise SettingsError(f"Kunci rahasia {which}mudah ditebak. {advice}")


def _refuse_odd_old_secret(old: str, present: str) -> None:
    if old:
        _refuse_weak_secret(old, "lama ")
    if old == present:
        raise SettingsError(
            "HR_PORTAL_OLD_SECRET_KEY sama dengan HR_PORTAL_SECRET_KEY. Isikan kunci yang "
            "dipakai sebelumnya, atau kosongkan."
        )


def _refuse_weak_master_key(key: bytes) -> None:
    advice = (
        "Buat dengan: python3 -c 'import base64, secrets; "
        "print(base64.b64encode(secrets.token_bytes(32)).decode())' lalu isikan pada "
        "HR_PORTAL_MASTER_KEY, atau tulis nama berkasnya pada HR_PORTAL_MASTER_KEY_FILE. Simpan "
        "salinannya terpisah dari cadangan data: tanpa kunci ini data tidak dapat dibaca lagi."
    )
    if not key:
        raise SettingsError(f"Portal tidak dijalankan tanpa kunci induk. {advice}")
    if len(key) != KEY_BYTES:
        raise SettingsError(
            f"Kunci induk berisi {len(key)} byte; harus tepat {KEY_BYTES} byte. {advice}"
        )
    if _is_monotonous(key):
        raise SettingsError(f"Kunci induk mudah ditebak. {advice}")


def _refuse_odd_retention(documents_days: int, log_years: int, drafts_days: int) -> None:
    if not 1 <= documents_days <= 365 * log_years:
        raise SettingsError(
            "HR_PORTAL_RETAIN_DOCUMENTS_DAYS paling sedikit 1 hari dan tidak lebih lama "
            "daripada HR_PORTAL_RETAIN_LOG_YEARS."
        )
    if 0 < drafts_days < _FEWEST_DRAFT_DAYS:
        raise SettingsError(
            f"HR_PORTAL_RETAIN_DRAFTS_DAYS paling sedikit {_FEWEST_DRAFT_DAYS} hari, karena HRD "
            "diberi tahu 14 hari sebelumnya; 0 berarti draf tidak pernah dihapus."
        )


def _refuse_odd_old_key(old: bytes, present: bytes) -> None:
    if old and (len(old) != KEY_BYTES or old == present):
        raise SettingsError(
            f"HR_PORTAL_OLD_MASTER_KEY harus tepat {KEY_BYTES} byte dan berbeda dari "
            "HR_PORTAL_MASTER_KEY; kosongkan setelah hr-portal keys rotate selesai."
        )


def _is_monotonous(key: bytes) -> bool:
    """Whether a key has few different signs, repeats itself or counts up."""
    if len(set(key)) < _FEWEST_DIFFERENT_SIGNS:
        return True
    if any(key[step:] == key[:-step] for step in range(1, len(key) // 2 + 1)):
        return True
    steps = [after - before for before, after in pairwise(key)]
    return max(steps.count(step) for step in set(steps)) > len(steps) // 2


def _demo_key(file: Path) -> bytes:
    """The 32 bytes of a demo key; made once even where two processes start together."""
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        file.parent.parent.chmod(0o700)
        if not file.exists():
            fresh = file.with_name(f".{file.name}-{secrets.token_hex(8)}")
            with os.fdopen(
                os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb"
            ) as out:
                out.write(secrets.token_bytes(KEY_BYTES))
            try:
                os.link(fresh, file)  # fails where another process was faster: its key stands
            except FileExistsError:
                pass
            finally:
                fresh.unlink()
        key = file.read_bytes()
    except OSError as error:
        raise SettingsError(
            f"Kunci demo tidak dapat disimpan di {file.parent}: {why(error)}. Pilih folder "
            "lain dengan HR_PORTAL_DATA_DIR."
        ) from None
    if len(key) != KEY_BYTES:
        raise SettingsError(
            f"{file} tidak berisi kunci demo {KEY_BYTES} byte. Hapus folder data demo, lalu "
            "jalankan lagi."
        )
    return key


def default_of(name: str) -> object:
    """The value that a setting has when nobody sets it, for the documentation and its test."""
    item = next(item for item in _settable() if item.name == name)
    return None if item.default is MISSING else item.default
