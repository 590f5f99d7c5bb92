"""From the stored file to every row and finding in the database, against the bare read.

Prints ratios of one run, on the clock and of the processor in all processes:
`python -m benchmarks.full_path [rows ...]`. The floor is
python-calamine reading the same file and doing nothing with it, in a process of
its own; ours is the worker's whole job (store, guard, read, check, seal, insert) on
SQLite. Peak memory is that of the largest process, and of all together.
"""

import contextlib
import datetime as dt
import os
import resource
import secrets
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterable
from pathlib import Path

FLOOR = """
import sys, time, python_calamine as pc
start, taken = time.perf_counter(), time.process_time()
rows = sum(1 for _ in pc.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0).iter_rows())
print(time.perf_counter() - start, time.process_time() - taken)
"""
HEADERS = (
    "No", "KPJ", "NIK", "Nama Lengkap", "Tanggal Lahir", "No KK", "Jenis Kelamin", "Tempat Lahir", "Nama Ibu Kandung",
    "Alamat Domisili", "Alamat Domisili (Menjadi)", "No HP", "No HP (Menjadi)", "Email", "No Rekening",
    "Nama Rekening", "Kode Pos", "Status Kawin", "Golongan Darah", "Catatan",
)  # fmt: skip
FAULT_EVERY = 25
REGIONS, PEOPLE = (3171, 3173, 3174, 3175), 336_000
"""Day, month, year and serial come together anew every 336,000 rows; then in another town."""
CARDS = 99_000
"""So many rows have family cards of one day: some eleven people a card, at any size."""


def _name(i: int) -> str:
    return "CONTOH NOMOR " + "".join(chr(65 + i // 26**place % 26) for place in range(4))


def write_workbook(path: Path, rows: int) -> None:
    """Write `rows` x 20 text cells of made-up people, every 25th with a fault."""
    write_lines(path, (person(i, region(i), f"{i:011}", 12 + i // CARDS) for i in range(rows)))


def region(i: int) -> str:
    """Return the region code of a made-up person; a full sheet of them shares no NIK."""
    return f"{REGIONS[i // PEOPLE % 4]}{1 + i // 1000 % 8:02}"


def person(i: int, region: str, kpj: str | int, card_day: int = 12) -> tuple[str | int, ...]:
    """Return the 20 cells of a made-up person; every 25th has the phone of a landline."""
    day, month, year = 1 + i % 28, 1 + i // 28 % 12, 60 + i // 336 % 40
    serial = 9000 + i % 1000
    return (
        str(i + 1), kpj, f"{region}{day:02}{month:02}{year:02}{serial}", _name(i),
        f"{day:02}-{month:02}-19{year}", f"317101{card_day:02}03{15 + i % 9:02}{serial}", "L", "JAKARTA", "SRI UMPAMA",
        f"Jalan Misal {i}", f"Jalan Misal Baru {i}", f"0811{10_000_000 + i}",
        f"0812{10_000_000 + i}" if i % FAULT_EVERY else "0217654321", f"orang{i}@contoh.example",
        f"{9000000000 + i}", _name(i), "10110", "T", "O", "tidak dipakai",
    )  # fmt: skip


def write_lines(path: Path, lines: Iterable[tuple[str | int, ...]]) -> None:
    """Write a workbook of these cells under the headers, numbers as numbers."""
    import xlsxwriter

    book = xlsxwriter.Workbook(str(path), {"constant_memory": True, "strings_to_numbers": False})
    sheet = book.add_worksheet("Koreksi")
    for column, header in enumerate(HEADERS):
        sheet.write_string(0, column, header)
    for row, line in enumerate(lines, start=1):
        for column, value in enumerate(line):
            if isinstance(value, int):
                sheet.write_number(row, column, value)
            elif value:
                sheet.write_string(row, column, value)
    book.close()


def _processor() -> float:
    """Return the seconds of the processor that this process and its children have taken.

    The fork server's children are its own, and count with it once it has waited for them.
    """
    ticks, me = 0, os.getpid()
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with contextlib.suppress(OSError):
            told = stat.read_text().rpartition(")")[2].split()
            if me in (int(told[1]), int(stat.parent.name)):
                ticks += sum(map(int, told[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


Taken = tuple[float, float]
"""Seconds on the clock, and of the processor."""


def measure(rows: int, folder: Path) -> tuple[Taken, Taken]:
    """Return what the floor and the whole job take for so many rows."""
    from hr_portal import demo, worker
    from hr_portal.adapters.database import migrate, tenancy
    from hr_portal.services import accounts, batch_views, intake
    from hr_portal.services.context import Portal
    from hr_portal.serving import settle_memory
    from hr_portal.settings import Settings

    book = folder / f"{rows}.xlsx"
    write_workbook(book, rows)
    read = [sys.executable, "-c", FLOOR, str(book)]
    floors = [tuple(map(float, subprocess.check_output(read).split())) for _ in range(2)]
    floor = min(clock for clock, _ in floors), min(processor for _, processor in floors)
    data = folder / f"data-{rows}"
    settings = Settings(
        data_dir=data, database_url=f"sqlite:///{data / 'portal.sqlite3'}", demo=True,
        secret_key=secrets.token_hex(32), master_key=secrets.token_bytes(32), child_seconds=300.0, max_rows=1_100_000,
        max_upload_bytes=250 << 20, max_unpacked_bytes=2 << 30,
    )  # fmt: skip
    settings.make_folders()
    migrate.upgrade(settings)
    tenancy.of_process("command")
    portal = Portal.from_settings(settings)
    people = demo.make_people(portal)
    hrd = accounts.load_actor(portal, people.hrd[0])
    if hrd is None:
        raise SystemExit("no demo people")
    with book.open("rb") as stream:
        taken = intake.create_batch(portal, hrd, stream, book.name)
    settle_memory()  # as the command of a worker does
    start, before = time.perf_counter(), _processor()
    worker.run_once(portal)
    ours = time.perf_counter() - start, _processor() - before
    view = batch_views.batch_view(portal, hrd, taken.batch_id).revision
    if view.state != "checked":
        raise SystemExit(f"the file is {view.state}")
    after = _processor()
    worker.run_all(portal)
    print(
        f"  afterwards, in jobs of their own (texts to search): {_processor() - after:.2f} s of the processor"
    )
    print(
        f"  {view.state}: {view.total} rows, {view.invalid} invalid, {view.warning} with warnings; "
        f"{(portal.settings.data_dir / 'portal.sqlite3').stat().st_size >> 20} MiB of database"
    )
    portal.close()
    return floor, ours


def main() -> None:
    """Measure each size named on the command line."""
    sizes = [int(word) for word in sys.argv[1:]] or [10_000, 100_000]
    seconds: dict[int, Taken] = {}
    with tempfile.TemporaryDirectory(prefix="hr-portal-bench-") as folder:
        for rows in sizes:
            (floor, bare), (ours, taken) = measure(rows, Path(folder))
            seconds[rows] = ours, taken
            own = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss >> 10
            child = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss >> 10
            print(
                f"{rows:>9} x {len(HEADERS)}: {ours / floor:5.2f} x the bare read "
                f"({floor:.2f} s, ours {ours:.2f} s), {taken / bare:.2f} x of the processor "
                f"({bare:.2f} s, ours {taken:.2f} s); peak worker {own} MiB, child {child} MiB"
            )
        if len(sizes) > 1:
            clock, processor = (
                high / low for low, high in zip(seconds[sizes[0]], seconds[sizes[-1]], strict=True)
            )
            print(
                f"growth from {sizes[0]} to {sizes[-1]} rows: {clock:.1f} x, {processor:.1f} x of the processor"
            )
    print(dt.datetime.now(dt.UTC).date())


if __name__ == "__main__":
    main()
