"""Time check() alone on sheets of 10,000 and 100,000 rows; prints seconds a sheet.

    python benchmarks/check_rules.py [rows ...]

Clean sheets (nothing to say), usual sheets (lower case names, separators,
slashes in dates) and bad ones (a finding in nearly every row).
"""

import random
import sys
import time
from datetime import date

import numpy as np

from hr_portal.domain.checking import check
from hr_portal.domain.fields import FIELD
from hr_portal.domain.table import Column, Kind, Role, Table

TODAY = date(2026, 11, 21)
FIRST = ("SITI", "BUDI", "DEWI", "AGUS", "RINA", "JOKO", "MAYA", "HADI", "LINA", "TONO")
LAST = ("CONTOHAN", "MISALNYA", "UMPAMA", "TELADAN", "REKAAN")
RECORD = (
    "kpj", "nik", "nama", "tanggal_lahir", "jenis_kelamin", "kk", "tempat_lahir", "nama_ibu",
    "alamat", "kode_pos", "hp", "email", "npwp", "kode_bank", "no_rekening", "nama_rekening",
)  # fmt: skip
WOMEN = 0.5
AFTER = ("hp", "email", "alamat", "tempat_lahir")


def person(place: int, style: str, rng: random.Random) -> dict[str, str]:
    """Return one invented employee, written cleanly, as usual, or badly."""
    woman = rng.random() < WOMEN
    born = date(1970 + rng.randrange(35), 1 + rng.randrange(12), 1 + rng.randrange(28))
    day = born.day + 40 * woman
    serial = 9000 + place % 1000
    district = ("317101", "327301", "351514", "337401")[place // 1000 % 4]
    nik = f"{district}{day:02d}{born:%m%y}{serial}"
    name = f"{rng.choice(FIRST)} {rng.choice(LAST)}"
    values = {
        "kpj": f"{9_000_000 + place:011d}", "nik": nik, "nama": name,
        "tanggal_lahir": f"{born:%d-%m-%Y}", "jenis_kelamin": "P" if woman else "L",
        "kk": f"{district}{1 + place // 4000:02d}0315{serial}", "tempat_lahir": "JAKARTA",
        "nama_ibu": f"{rng.choice(FIRST)} {rng.choice(LAST)}",
        "alamat": f"Jalan Misal Nomor {place}, RT 001/RW 002", "kode_pos": "10110",
        "hp": f"0812{place:08d}", "email": f"karyawan{place}@contoh.example", "npwp": nik,
        "kode_bank": "014", "no_rekening": f"{9_000_000_000 + place}", "nama_rekening": name,
    }  # fmt: skip
    if style != "clean":
        values["nama"] = values["nama"].title()
        values["nama_ibu"] = values["nama_ibu"].title()
        values["tanggal_lahir"] = f"{born.day}/{born.month}/{born.year}"
        values["nik"] = " ".join(nik[i : i + 4] for i in range(0, 16, 4))
        values["hp"] = f"0812-{place:08d}"
    if style == "bad":
        values["nik"], values["kpj"], values["hp"] = nik[:15], values["kpj"][1:], "02155500001"
    return values


def changed(key: str, value: str) -> str:
    """Return another value for a field."""
    return value.replace("0812", "0813", 1) if key == "hp" else f"{value}x".replace("xx", "x")


def sheet(rows: int, style: str) -> Table:
    """Return a per-employee table of 20 text columns."""
    rng = random.Random(7)
    people = [person(place, style, rng) for place in range(rows)]
    roles = [Role("record", key) for key in RECORD] + [Role("after", key) for key in AFTER]
    kinds = np.full(rows, Kind.TEXT, np.uint8)
    columns = [Column([each[key] for each in people], kinds) for key in RECORD]
    columns += [Column([changed(key, each[key]) for each in people], kinds) for key in AFTER]
    return Table(
        file="bench.xlsx", sheet="Data", layout="per-employee", header_row=1,
        headers=[FIELD[role.field or ""].label for role in roles],
        letters=[chr(65 + place) for place in range(len(roles))], roles=roles, columns=columns,
        row_numbers=np.arange(2, rows + 2, dtype=np.int32),
    )  # fmt: skip


def main(sizes: list[int]) -> None:
    """Print seconds and findings of each size and style."""
    for rows in sizes:
        for style in ("clean", "usual", "bad"):
            table = sheet(rows, style)
            started = time.perf_counter()
            report = check(table, today=TODAY)
            took = time.perf_counter() - started
            print(f"{rows:>8} rows  {style:<6} {took:6.2f} s  {len(report.findings):>8} findings")


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
