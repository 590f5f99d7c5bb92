"""Tries what this machine can do, instead of trusting version numbers.

A check fails where the portal would not work or would not be safe; it warns where a version or a
figure asks for attention. `hr-portal doctor` exits 1 only if a check fails.
"""

import contextlib
import datetime as dt
import io
import os
import platform
import shutil
import stat
import subprocess
import sys
import tempfile
import zipfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Literal
from urllib.parse import parse_qs, urlsplit
from xml.parsers import expat

from hr_portal.settings import LOOPBACK_HOSTS, MIB, Settings, SettingsError

State = Literal["ok", "warning", "failed"]

LEAST_EXPAT = (2, 6, 0)  # 2.5.0 takes more than 20 s for an attribute of 64 MiB
FREE_BYTES_WARNED = 2048 * MIB
FREE_BYTES_FAILED = 256 * MIB
CLOCK_TOLERANCE = dt.timedelta(seconds=5)
KEY_DAYS = 366
LETTER_FONT = "Carlito"
EICAR = b"X5O!P%@AP[4" + rb"\PZX54(P^)7CC)7}$" + b"EICAR-STANDARD-" + b"ANTIVIRUS-TEST-FILE!$H+H*"
"""The harmless bytes that every scanner reports; in parts, so that none reports this file."""
ATTRIBUTE_BYTES = 20 * MIB
CHILD_TRIES_BYTES = 512 * MIB
CHILD_MAY_BYTES = 256 * MIB
CHILD_SECONDS = 30


@dataclass(frozen=True, slots=True)
class Result:
    """What one check found: a stable name for programs, a sentence for people."""

    name: str
    state: State
    sentence: str


class _Failed(Exception):  # noqa: N818 - a verdict, not an error
    pass


class _Warned(Exception):  # noqa: N818 - a verdict, not an error
    pass


def examine(settings: Settings | SettingsError) -> Iterator[Result]:
    """Runs every check, one after another; a check that breaks counts as failed."""
    if isinstance(settings, SettingsError):
        yield Result("settings", "failed", str(settings))
        checks = MACHINE
    else:
        yield Result("settings", "ok", _told_settings(settings))
        checks = {
            **MACHINE,
            **{
                name: lambda check=check: check(settings)  # type: ignore[misc]
                for name, check in INSTALLATION.items()
            },
        }
    for name, check in checks.items():
        try:
            yield Result(name, "ok", check())
        except _Warned as warned:
            yield Result(name, "warning", str(warned))
        except _Failed as failed:
            yield Result(name, "failed", str(failed))
        except Exception as error:  # noqa: BLE001 - a check that breaks has found something
            yield Result(name, "failed", f"Tidak dapat diperiksa ({type(error).__name__}).")


def _told_settings(settings: Settings) -> str:
    kind = "SQLite" if settings.is_sqlite else "PostgreSQL"
    mode = "demo" if settings.demo else "produksi"
    return f"Pengaturan lengkap: mode {mode}, basis data {kind}, folder data {settings.data_dir}."


# ------------------------------------------------------------------------------ the machine


def python_version() -> str:
    """Which Python runs this."""
    return f"Python {platform.python_version()}."


def xml_parser_version() -> str:
    """Which expat reads XML; an old one is slow on hostile files and only warned about."""
    version = expat.EXPAT_VERSION.removeprefix("expat_")
    if expat.version_info < LEAST_EXPAT:
        raise _Warned(
            f"expat {version} lambat pada berkas jahat; pembaca berkas membatasinya dengan waktu. "
            "Perbarui Python ke versi dengan expat 2.6 atau lebih baru."
        )
    return f"expat {version}."


def overlapping_zip() -> str:
    """A ZIP whose entries share their bytes must be refused before it is unpacked."""
    from hr_portal.adapters.spreadsheets.archive import Archive
    from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS
    from hr_portal.domain.table import Unreadable

    try:
        Archive(overlapping_zip_bytes(), "bertumpuk.xlsx", DEFAULT_LIMITS)
    except Unreadable:
        return "Arsip dengan isi bertumpuk ditolak sebelum dibuka."
    raise _Failed("Arsip dengan isi bertumpuk tidak ditolak; berkas jahat dapat memenuhi memori.")


def long_attribute() -> str:
    """An XML attribute of many megabytes must be stopped, not waited for."""
    from hr_portal.adapters.spreadsheets.limits import ReadLimits
    from hr_portal.adapters.spreadsheets.reading import check_bytes
    from hr_portal.domain.table import Unreadable

    limits = ReadLimits(child_seconds=10.0, child_seconds_per_100k_rows=0.0)
    today = dt.datetime.now(tz=dt.UTC).date()
    codes = []
    for length in (1, ATTRIBUTE_BYTES):
        try:
            check_bytes(long_attribute_bytes(length), "atribut.xlsx", limits=limits, today=today)
        except Unreadable as refused:
            codes.append(refused.code)
    # The first has no table and is read to its end; if that failed, the second would prove nothing.
    if codes[:1] != ["FILE-02"]:
        raise _Failed("Berkas coba tidak dapat dibaca; pembaca spreadsheet tidak bekerja di sini.")
    if len(codes) < 2:  # noqa: PLR2004 - both were refused
        raise _Failed("Atribut XML yang sangat panjang tidak dihentikan.")
    return "Atribut XML yang sangat panjang dihentikan."


def child_memory() -> str:
    """The memory limit of a child process must be obeyed by this kernel."""
    program = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_AS, ({CHILD_MAY_BYTES}, {CHILD_MAY_BYTES}))\n"
        "try:\n"
        f"    bytearray({CHILD_TRIES_BYTES})\n"
        "except MemoryError:\n"
        "    sys.exit(7)\n"
    )
    child = subprocess.run(
        [sys.executable, "-I", "-c", program], check=False, timeout=CHILD_SECONDS
    )
    if child.returncode == 7:  # noqa: PLR2004 - the exit code just above
        return "Batas memori proses pembaca berlaku."
    raise _Failed("Batas memori proses pembaca tidak berlaku di sistem ini.")


def letters() -> str:
    """WeasyPrint must make a PDF that carries the font of the letters."""
    import pikepdf
    from weasyprint import HTML
    from weasyprint.urls import URLFetcher

    page = f"<p style='font-family: {LETTER_FONT}'>Surat pengantar koreksi data</p>"
    nothing = URLFetcher(allowed_protocols=())
    content = HTML(string=page, url_fetcher=nothing).write_pdf()
    with pikepdf.open(io.BytesIO(content)) as pdf:
        fonts = [str(font.BaseFont) for font in pdf.pages[0].Resources.Font.values()]
    if not any(LETTER_FONT in font for font in fonts):
        raise _Failed(
            f"Surat tidak memakai huruf {LETTER_FONT}. Pasang dengan: apt-get install "
            "fonts-crosextra-carlito"
        )
    return f"Surat PDF dapat dibuat, huruf {LETTER_FONT} ikut tersimpan di dalamnya."


MACHINE: dict[str, Callable[[], str]] = {
    "python": python_version,
    "expat": xml_parser_version,
    "child-memory": child_memory,
    "overlapping-zip": overlapping_zip,
    "long-attribute": long_attribute,
    "letters": letters,
}

# ------------------------------------------------------------------------- the installation


def data_folder(settings: Settings) -> str:
    """The data folder must be writable, and nobody else's to read."""
    settings.make_folders()
    with tempfile.NamedTemporaryFile(dir=settings.data_dir) as probe:
        probe.write(b"x")
    open_to_others = [
        path
        for path in (settings.data_dir, *settings.data_dir.rglob("*"))
        if not path.is_symlink() and _is_open_to_others(path)
    ]
    if open_to_others:
        raise _Failed(
            f"{len(open_to_others)} berkas atau folder di {settings.data_dir} dapat dibaca "
            f"pengguna lain. Tutup dengan: chmod -R go= {settings.data_dir}"
        )
    return f"Folder data {settings.data_dir} dapat ditulis dan tertutup bagi pengguna lain."


def disk_space(settings: Settings) -> str:
    """Room for uploads and the database."""
    free = shutil.disk_usage(settings.data_dir).free
    told = f"{free / (1024 * MIB):.1f} GB".replace(".", ",")
    if free < FREE_BYTES_FAILED:
        raise _Failed(f"Ruang kosong di {settings.data_dir} tinggal {told}.")
    if free < FREE_BYTES_WARNED:
        raise _Warned(f"Ruang kosong di {settings.data_dir} tinggal {told}; sediakan 2 GB.")
    return f"Ruang kosong di {settings.data_dir}: {told}."


def database(settings: Settings) -> str:
    """The database must answer, and be as new as this version of the portal."""
    from hr_portal.adapters.database import migrate
    from hr_portal.adapters.database.engine import make_engine

    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            is_current = migrate.is_current(connection)
    except Exception as error:  # noqa: BLE001 - every driver has errors of its own
        raise _Failed(
            f"Basis data tidak menjawab ({type(error).__name__}). Periksa HR_PORTAL_DATABASE_URL "
            "dan apakah servernya berjalan."
        ) from None
    finally:
        engine.dispose()
    if not is_current:
        raise _Failed("Basis data belum sesuai dengan versi ini. Jalankan: hr-portal db upgrade")
    return "Basis data menjawab dan sesuai dengan versi portal ini."


def clock(settings: Settings) -> str:
    """The clock must not run behind what is written already, nor beside the database's."""
    from hr_portal.adapters.database.engine import make_engine
    from hr_portal.adapters.database.moments import latest_act, server_time

    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            last, server = latest_act(connection), server_time(connection)
            now = dt.datetime.now(dt.UTC)
    except Exception as error:  # noqa: BLE001 - every driver has errors of its own
        raise _Failed(f"Jam tidak dapat dibandingkan ({type(error).__name__}).") from None
    finally:
        engine.dispose()
    if last is not None and now < last - CLOCK_TOLERANCE:
        raise _Failed(
            f"Jam komputer ini ({now:%d-%m-%Y %H:%M} UTC) lebih awal daripada catatan terakhir "
            f"({last:%d-%m-%Y %H:%M} UTC). Periksa penyelarasan waktu (NTP)."
        )
    if server is not None and abs(server - now) > CLOCK_TOLERANCE:
        raise _Warned(
            f"Jam komputer ini berbeda {abs((server - now).total_seconds()):.0f} detik dari jam "
            "basis data. Periksa penyelarasan waktu (NTP)."
        )
    return f"Jam {now:%d-%m-%Y %H:%M} UTC, tidak mendahului catatan."


def master_key_age(settings: Settings) -> str:
    """A master key is changed once a year, and the old one is not left lying in the settings."""
    from hr_portal.adapters.database.engine import make_engine
    from hr_portal.adapters.database.moments import key_changed

    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            since = key_changed(connection)
    except Exception as error:  # noqa: BLE001 - every driver has errors of its own
        raise _Failed(f"Umur kunci induk tidak diketahui ({type(error).__name__}).") from None
    finally:
        engine.dispose()
    if settings.old_master_key:
        raise _Warned(
            "HR_PORTAL_OLD_MASTER_KEY masih terisi. Jalankan hr-portal keys rotate; setelah "
            "hr-portal keys status menyebut 0, kosongkan."
        )
    if since is None:
        return "Kunci induk belum pernah dipakai."
    days = (dt.datetime.now(dt.UTC) - since).days
    if days > KEY_DAYS:
        raise _Warned(
            f"Kunci induk sudah dipakai {days} hari. Ganti setiap tahun: docs/operations.md, "
            "Changing keys."
        )
    return f"Kunci induk dipakai {days} hari."


def production(settings: Settings) -> str:
    """What may be left open in a demo and nowhere else."""
    if settings.demo:
        raise _Warned("Mode demo: akun contoh tanpa kata sandi; jangan isi data sungguhan.")
    faults = []
    if not settings.base_url.startswith("https://"):
        faults.append(
            "HR_PORTAL_BASE_URL tidak memakai https, padahal cookie masuk hanya dikirim lewat https"
        )
    if "*" in "".join(settings.trusted_hosts):
        faults.append("HR_PORTAL_TRUSTED_HOSTS menerima nama apa pun")
    if settings.host not in LOOPBACK_HOSTS and not settings.trusted_proxy:
        faults.append(
            "portal melayani jaringan tanpa proxy TLS (isi HR_PORTAL_TRUSTED_PROXY, atau biarkan "
            "HR_PORTAL_HOST di 127.0.0.1)"
        )
    if not _is_database_trusted(settings):
        faults.append(
            "database dihubungi lewat jaringan tanpa TLS yang memeriksa sertifikatnya (tambahkan "
            "?sslmode=verify-full pada HR_PORTAL_DATABASE_URL)"
        )
    if faults:
        raise _Failed("Belum aman untuk data sungguhan: " + "; ".join(faults) + ".")
    if os.geteuid() == 0:
        raise _Warned("Portal berjalan sebagai root; jalankan sebagai pengguna biasa.")
    return "Cookie aman, nama host terbatas, tidak ada akun bawaan."


def _is_database_trusted(settings: Settings) -> bool:
    """Whether the database is of this machine, or proves by its certificate who it is."""
    url = urlsplit(settings.database_url)
    asked = parse_qs(url.query)
    hosts = [url.hostname or "", *",".join(asked.get("host", [])).split(",")]
    here = all(not host or host.startswith("/") or host in LOOPBACK_HOSTS for host in hosts)
    return here or asked.get("sslmode") == ["verify-full"]


def region_codes(settings: Settings) -> str:
    """Which edition of the region codes is in use, and that it can be read."""
    from hr_portal.adapters.regions import newest
    from hr_portal.domain.regions import load_regions, packaged

    folder = newest(settings.data_dir)
    table = load_regions(folder or packaged())
    source = "impor" if folder else "bawaan"
    return (
        f"Kode wilayah: {table.edition} ({table.dated}, {source}), "
        f"{int((table.regency == 1).sum())} kabupaten/kota."
    )


def virus_scanner(settings: Settings) -> str:
    """The virus scanner, where one is named, must answer and find its own test file."""
    from hr_portal.adapters.scanner import NoVerdict, Scanner

    if not settings.clamav:
        raise _Warned(
            "Tidak ada pemindai virus (HR_PORTAL_CLAMAV kosong). Dokumen tetap dibuat ulang sebelum "
            "disimpan, tetapi berkas asli tidak dipindai."
        )
    scanner = Scanner(settings.clamav)
    try:
        if scanner.scan(b"hr-portal") is not None:
            raise _Failed("Pemindai virus menyebut berkas bersih bervirus.")
        # As large as the largest sheet: a scanner with a lower limit would let it wait forever.
        piece = bytes(MIB)
        scanner.scan(piece for _ in range(settings.max_upload_bytes // MIB))
        found = scanner.scan(EICAR)
    except NoVerdict as silent:
        if silent.cause == "limit":
            raise _Failed(
                "Batas pemindai virus lebih kecil daripada HR_PORTAL_MAX_UPLOAD_BYTES; berkas besar akan "
                "menunggu terus. Naikkan StreamMaxLength, MaxScanSize dan MaxFileSize di clamd.conf."
            ) from None
        raise _Failed(
            f"Pemindai virus di {settings.clamav} tidak menjawab ({silent.cause}); dokumen akan menunggu. "
            "Periksa apakah clamd berjalan dan soketnya boleh dipakai akun portal."
        ) from None
    if found is None:
        raise _Failed("Pemindai virus tidak mengenali berkas uji EICAR. Perbarui basis datanya.")
    return (
        f"Pemindai virus di {settings.clamav} menjawab dan mengenali berkas uji. {_held(settings)}"
    )


def _held(settings: Settings) -> str:
    from hr_portal.adapters.database.engine import make_engine
    from hr_portal.adapters.database.moments import waiting_for_scanner

    engine = make_engine(settings.database_url)
    try:
        with engine.connect() as connection:
            return f"{waiting_for_scanner(connection)} dokumen menunggu pemindaian."
    except Exception as error:  # noqa: BLE001 - every driver has errors of its own
        return f"Berapa dokumen yang menunggu tidak diketahui ({type(error).__name__})."
    finally:
        engine.dispose()


INSTALLATION: dict[str, Callable[[Settings], str]] = {
    "region-codes": region_codes,
    "data-folder": data_folder,
    "disk": disk_space,
    "database": database,
    "clock": clock,
    "master-key": master_key_age,
    "virus-scanner": virus_scanner,
    "production": production,
}

# -------------------------------------------------------------------- hostile files for tries


def overlapping_zip_bytes() -> bytes:
    """A ZIP in which two names of the directory share one run of bytes."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        archive.writestr("[Content_Types].xml", "<Types/>")
        archive.writestr("xl/workbook.xml", "<workbook/>")
        # The directory is written on close: point its second entry at the first one's bytes.
        archive.infolist()[1].header_offset = archive.infolist()[0].header_offset
    return made.getvalue()


def long_attribute_bytes(length: int) -> bytes:
    """A workbook that is empty but for an attribute of `length` bytes in its sheet."""
    kinds = "application/vnd.openxmlformats-officedocument.spreadsheetml."
    schemas = "http://schemas.openxmlformats.org/"
    parts = {
        "[Content_Types].xml": f'<Types xmlns="{schemas}package/2006/content-types">'
        '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.'
        f'relationships+xml"/><Override PartName="/xl/workbook.xml" ContentType="{kinds}sheet.main'
        '+xml"/><Override PartName="/xl/worksheets/sheet1.xml" '
        f'ContentType="{kinds}worksheet+xml"/></Types>',
        "_rels/.rels": _relation(schemas, "officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": f'<workbook xmlns="{schemas}spreadsheetml/2006/main" '
        f'xmlns:r="{schemas}officeDocument/2006/relationships"><sheets>'
        '<sheet name="A" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": _relation(schemas, "worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": f'<worksheet xmlns="{schemas}spreadsheetml/2006/main">'
        f'<sheetData><row r="1" spans="{"1" * length}"/></sheetData></worksheet>',
    }
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w") as archive:
        for name, text in parts.items():
            archive.writestr(name, f'<?xml version="1.0" encoding="UTF-8"?>{text}')
    return made.getvalue()


def _relation(schemas: str, kind: str, target: str) -> str:
    return (
        f'<Relationships xmlns="{schemas}package/2006/relationships"><Relationship Id="rId1" '
        f'Type="{schemas}officeDocument/2006/relationships/{kind}" Target="{target}"/>'
        "</Relationships>"
    )


def _is_open_to_others(path: Path) -> bool:
    with contextlib.suppress(OSError):
        return bool(path.stat().st_mode & (stat.S_IRWXG | stat.S_IRWXO))
    return False
