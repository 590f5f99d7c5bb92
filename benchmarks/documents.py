"""How fast 500 scans of 2 MB are taken in and made safe, and how much memory all processes take.

`python -m benchmarks.documents [COUNT]`. The aim is 5 files a second on two cores within
600 MiB of everything that belongs to this process (docs/performance.md). Their page images
are drawn by the same worker, in turns with the ZIPs; how long all of it takes is told too.
"""

import contextlib
import io
import os
import secrets
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import numpy as np
from PIL import Image

from hr_portal import demo, worker
from hr_portal.adapters.database import migrate, tenancy
from hr_portal.services import accounts, archives, documents, intake
from hr_portal.services.context import Portal
from hr_portal.settings import Settings

COUNT = 500
EACH = 150
"""Files of one ZIP, which may have 500 MB."""
HEADER = "KPJ;NIK;Nama Lengkap;Tanggal Lahir;No KK;Data;Semula;Menjadi;Alasan"
SHAPE = (1910, 1475)
"""A page of A4 at about 170 dpi; with noise like a camera's, a JPEG of about 2 MB."""


def scan(number: int) -> bytes:
    """Draw a picture of noise that no other has."""
    made = io.BytesIO()
    noise = np.random.default_rng(number).integers(90, 255, (*SHAPE, 3), dtype=np.uint8)
    Image.fromarray(noise).save(made, "JPEG", quality=88)
    return made.getvalue()


def sheet_of(count: int) -> bytes:
    """Write corrections of made-up people, one a row."""
    lines = [HEADER]
    for number in range(1, count + 1):
        day, month, year = 1 + number % 28, 1 + number % 12, 70 + number % 30
        lines.append(
            f"{number:011};317101{day:02}{month:02}{year:02}{9000 + number};CONTOH;"
            f"{day:02}-{month:02}-19{year};3171011203159001;No HP;0813{90000000 + number};"
            f"0812{10000000 + number};Sesuai KTP-el"
        )
    return "\r\n".join([*lines, ""]).encode()


class Memory(threading.Thread):
    """Watches the memory that this process and all it has started hold together."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self.over = threading.Event()
        self.peak = 0

    def run(self) -> None:
        """Look until it is over."""
        while not self.over.wait(0.05):
            self.peak = max(self.peak, sum(map(_held, _family(os.getpid()))))


def _family(root: int) -> list[int]:
    found = [root]
    for pid in found:
        for children in Path(f"/proc/{pid}/task").glob("*/children"):
            try:
                found += map(int, children.read_text().split())
            except OSError:
                continue
    return found


def _held(pid: int) -> int:
    """Return the bytes a process holds, what it shares with others in parts."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) << 10 for line in lines if line.startswith("Pss:")), 0)


def _worked() -> float:
    """Return the seconds of the processor that this process and all it has started have had."""
    ticks = 0
    for pid in _family(os.getpid()):
        with contextlib.suppress(OSError):
            told = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, told[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def main() -> None:
    """Measure and print."""
    count = int(sys.argv[1]) if len(sys.argv) > 1 else COUNT
    tenancy.of_process("command")
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        settings = Settings(
            data_dir=home / "data",
            secret_key=secrets.token_hex(32),
            master_key=secrets.token_bytes(32),
        )
        settings.make_folders()
        migrate.upgrade(settings)
        portal = Portal.from_settings(settings)
        people = demo.make_people(portal)
        actor = accounts.load_actor(portal, people.hrd[0])
        if actor is None:
            raise SystemExit("no demo")
        sheet = sheet_of(count)
        batch = intake.create_batch(portal, actor, io.BytesIO(sheet), "koreksi.csv").batch_id
        worker.run_all(portal)
        size, packed = 0, []
        for first in range(0, count, EACH):
            packed.append(home / f"scan-{first}.zip")
            with zipfile.ZipFile(packed[-1], "w") as archive:
                for number in range(first, min(count, first + EACH)):
                    content = scan(number)
                    size += len(content)
                    archive.writestr(f"KTP baris {number + 2}.jpg", content)
        memory = Memory()
        memory.start()
        load = os.getloadavg()[0]
        started, worked = time.perf_counter(), _worked()
        for one in packed:
            with one.open("rb") as source:
                archives.take_archive(portal, actor, batch, source, one.name)
        while any(one.is_waiting for one in archives.archives_of(portal, actor, batch)):
            worker.run_once(portal)
        seconds, spent = time.perf_counter() - started, _worked() - worked
        worker.run_all(portal)
        drawn = time.perf_counter() - started
        memory.over.set()
        memory.join()
        spent_in_all = _worked() - worked
        refused = sum(len(one.refused) for one in archives.archives_of(portal, actor, batch))
        listed = len(documents.list_documents(portal, actor, batch))
        portal.close()
    print(
        f"documents: {listed} pictures of {size / count / 1e6:.1f} MB in {seconds:.1f} s, "
        f"{count / seconds:.1f} files/s; with their page images {drawn:.1f} s; "
        f"processor {spent / count:.2f} and {spent_in_all / count:.2f} s each; load before {load:.1f}; "
        f"peak memory {memory.peak >> 20} MiB; refused {refused}"
    )


if __name__ == "__main__":
    main()
