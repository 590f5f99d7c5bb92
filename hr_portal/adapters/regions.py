"""Editions of the region codes that were imported into the data folder.

Each import is a folder of its own, written whole and then named, so that every
process sees either the edition before or this one. Nothing is replaced: what was
a code stays one, as superseded, because numbers issued under it stay valid.
"""

import csv
import datetime as dt
import io
import os
import re
import secrets
import shutil
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from hr_portal.domain.regions import load_regions, packaged, read_edition, use
from hr_portal.faults import why

FOLDER = "regions"
LEVELS = {2: "province", 4: "regency", 6: "district"}
CALLED = {"province": "provinsi", "regency": "kabupaten/kota", "district": "kecamatan"}
FEWEST = {"province": 30, "regency": 400, "district": 5_000}
"""A file with fewer is cut short, or something else altogether."""
MOST_GONE = 0.2
"""Share of regencies that may vanish at once; more is another numbering, such as that of BPS."""
MOST_TOLD = 10
MAX_BYTES = 20 * 1024 * 1024
MAX_NAME = 100
_REGENCY, _VILLAGE = 4, 10
_COLUMNS = ("code", "name", "level")
_STAMP = "%Y%m%dT%H%M%S%f"


class EditionRefused(Exception):  # noqa: N818 - a verdict on a file
    """The file is no edition; str() says in Indonesian what is wrong and where."""


@dataclass(frozen=True, slots=True)
class Imported:
    """What an import changed."""

    edition: str
    counts: dict[str, int]
    """Codes of today by level."""
    added: int
    retired: int
    """Provinces and regencies that are superseded from now on."""
    villages: int
    """Lines that were left out, because numbers don't carry villages."""


def newest(data_dir: Path) -> Path | None:
    """Return the imported edition that counts; None where the package's own is later."""
    folder = max(_editions(data_dir), default=None, key=lambda one: one.name)
    if folder is None or read_edition(folder)[1] < read_edition(packaged())[1]:
        return None
    return folder


def use_newest(data_dir: Path) -> None:
    """Let this process judge by the edition that counts now; asked before each piece of work."""
    use(newest(data_dir))


def import_edition(data_dir: Path, file: Path, *, name: str | None, now: dt.datetime) -> Imported:
    """Check a file as a whole and make it the edition in use; the ones before stay.

    Raises:
        EditionRefused: it can't be read, is incomplete, or changes nothing.

    """
    rows, villages = _read(file)
    folder = newest(data_dir) or packaged()
    before = _table(folder, "regions.csv")
    now_held = {code: row["name"] for code, row in before.items()}
    if rows == now_held:
        told = read_edition(folder)[0]
        raise EditionRefused(f"Isinya sama dengan edisi yang sudah dipakai ({told}).")
    retired = _retired(now_held, rows)
    edition = " ".join((name or f"Impor {file.name}").split())[:MAX_NAME]
    _write(data_dir / FOLDER, _files(folder, rows, retired, edition, now), now)
    return Imported(
        edition,
        {level: sum(len(code) == n for code in rows) for n, level in LEVELS.items()},
        len(rows.keys() - now_held.keys()),
        len(retired),
        villages,
    )


def _editions(data_dir: Path) -> list[Path]:
    """Return the imported editions; none where there is no such folder, or not for us to see."""
    try:
        found = [one for one in (data_dir / FOLDER).iterdir() if not one.name.startswith(".")]
        return [one for one in found if (one / "edition.txt").is_file()]
    except (FileNotFoundError, NotADirectoryError, PermissionError):
        return []


def _read(file: Path) -> tuple[dict[str, str], int]:
    """Return name by code, and how many villages were left out."""
    reader = csv.reader(io.StringIO(_text_of(file), newline=""), strict=True)
    rows: dict[str, str] = {}
    faults: list[str] = []
    villages = 0
    try:
        header = [cell.strip().lower() for cell in next(reader, [])]
        if header != list(_COLUMNS):
            told = ",".join(header)[:80] or "kosong"
            raise EditionRefused(f"Baris pertama harus {','.join(_COLUMNS)}; tertulis {told}.")
        for cells in reader:
            if not any(cell.strip() for cell in cells):
                continue
            fault, code = _judge(cells, rows)
            if fault:
                faults.append(f"baris {reader.line_num}: {fault}")
            elif len(code) == _VILLAGE:
                villages += 1
            else:
                rows[code] = cells[1].strip()
    except csv.Error as error:
        raise EditionRefused(f"Baris {reader.line_num} bukan CSV: {error}.") from None
    faults += _faults_of_all(rows)
    if faults:
        more = f"; dan {len(faults) - MOST_TOLD} lagi" if len(faults) > MOST_TOLD else ""
        raise EditionRefused("Edisi ini belum benar: " + "; ".join(faults[:MOST_TOLD]) + more + ".")
    return rows, villages


def _text_of(file: Path) -> str:
    try:
        with file.open("rb") as stream:
            data = stream.read(MAX_BYTES + 1)
        if len(data) > MAX_BYTES:
            raise EditionRefused(f"Berkas {file} lebih besar dari 20 MB.")
        return data.decode("utf-8-sig")
    except OSError as error:
        raise EditionRefused(f"Berkas {file} tidak dapat dibaca: {why(error)}.") from None
    except UnicodeDecodeError:
        raise EditionRefused(f"Berkas {file} bukan teks UTF-8.") from None


def _judge(cells: list[str], rows: dict[str, str]) -> tuple[str, str]:
    """Return what is wrong with a line ("" = nothing), and its code without dots."""
    if len(cells) != len(_COLUMNS):
        return f"berisi {len(cells)} kolom, seharusnya {len(_COLUMNS)}", ""
    code, name, level = (cell.strip() for cell in cells)
    code = code.replace(".", "")
    expected = {**LEVELS, _VILLAGE: "village"}.get(len(code))
    fault = ""
    if not re.fullmatch(r"[1-9][0-9]*", code, re.ASCII):
        fault = f"kode “{cells[0][:20]}” bukan angka"
    elif expected is None:
        fault = f"kode {code[:20]} berisi {len(code)} digit, seharusnya 2, 4, atau 6"
    elif level.lower() != expected:
        fault = f"kode {code} berjenjang “{level[:20]}”, seharusnya {expected}"
    elif not name or len(name) > MAX_NAME or not name.isprintable():
        fault = f"nama untuk kode {code} kosong atau tidak terbaca"
    elif code in rows:
        fault = f"kode {code} tertulis dua kali"
    return fault, code


def _faults_of_all(rows: dict[str, str]) -> list[str]:
    faults = [
        f"kode {code} tidak memiliki induk {code[:-2]}"
        for code in rows
        if len(code) > min(LEVELS) and code[:-2] not in rows
    ]
    for length, level in LEVELS.items():
        count = sum(len(code) == length for code in rows)
        if count < FEWEST[level]:
            faults.append(f"hanya {count} {CALLED[level]}, seharusnya sekurangnya {FEWEST[level]}")
    return faults


def _table(folder: Path, name: str) -> dict[str, dict[str, str]]:
    with (folder / name).open(encoding="utf-8", newline="") as file:
        return {row["code"]: row for row in csv.DictReader(file)}


def _retired(before: dict[str, str], rows: dict[str, str]) -> dict[str, str]:
    """Return the provinces and regencies that are no codes of today any more, by code."""
    gone = {
        code: name for code, name in before.items() if len(code) < max(LEVELS) and code not in rows
    }
    regencies, lost = (sum(len(code) == _REGENCY for code in one) for one in (before, gone))
    if lost > MOST_GONE * regencies:
        raise EditionRefused(
            f"{lost} dari {regencies} kabupaten/kota tidak ada lagi di berkas ini. Mungkin kodenya bukan kode "
            "Kemendagri (misalnya kode BPS), jadi edisi ini tidak dipakai."
        )
    return gone


def _files(
    folder: Path, rows: dict[str, str], retired: dict[str, str], edition: str, now: dt.datetime
) -> dict[str, str]:
    """Return the four files of the new edition; what was superseded before stays so."""
    by_name = {name.casefold(): code for code, name in rows.items() if len(code) == _REGENCY}
    superseded = {
        code: (row["name"], row["current_code"])
        for code, row in _table(folder, "superseded.csv").items()
    }
    superseded |= {code: (name, by_name.get(name.casefold(), "")) for code, name in retired.items()}
    return {
        "regions.csv": _csv(
            _COLUMNS, [(code, name, LEVELS[len(code)]) for code, name in sorted(rows.items())]
        ),
        "superseded.csv": _csv(
            ("code", "name", "current_code"),
            [
                (code, name, new if new in rows else "")
                for code, (name, new) in sorted(superseded.items())
                if code not in rows
            ],
        ),
        "probable.csv": _csv(
            ("code", "note"),
            [
                (code, row["note"])
                for code, row in _table(folder, "probable.csv").items()
                if code not in rows
            ],
        ),
        "edition.txt": f"{edition}\n{now.date().isoformat()}\n",
    }


def _csv(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\n")
    writer.writerow(header)
    writer.writerows(rows)
    return out.getvalue()


def _write(folder: Path, files: dict[str, str], now: dt.datetime) -> None:
    """Write an edition beside the others and let it appear under its name at once."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    fresh = folder / f".{secrets.token_hex(8)}"
    fresh.mkdir(mode=0o700)
    try:
        for name, text in files.items():
            made = os.open(fresh / name, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(made, "w", encoding="utf-8", newline="") as out:
                out.write(text)
                out.flush()
                os.fsync(out.fileno())
        load_regions(fresh)  # what can't be read again is never put in place
        fresh.rename(folder / now.astimezone(dt.UTC).strftime(_STAMP))
    except BaseException:
        shutil.rmtree(fresh, ignore_errors=True)
        raise
