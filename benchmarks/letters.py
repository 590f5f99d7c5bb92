"""Letters end to end, against bare WeasyPrint on the same HTML in the same run.

`python -m benchmarks.letters [corrections ...]`: a letter of two people as the portal makes
it (facts to a limited child, PDF/A, data inside, typeface proven) beside `HTML.write_pdf` of its
HTML under its CSS, by turns in one run; then how time and memory grow with the corrections.
Memory is the sum of what this process, the fork server and the child hold (PSS: shared pages
are counted once).
"""

import contextlib
import os
import statistics
import sys
import threading
import time
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Self

from hr_portal.adapters.letters import render_in_child
from hr_portal.domain.letters import (
    Addressee,
    Contact,
    LetterDocument,
    LetterFacts,
    Letterhead,
    LetterLine,
    LetterPerson,
    Signatory,
)
from hr_portal.resources import PACKAGE
from hr_portal.services.letter_tables import workbook_of

RUNS = 15
EACH = 0.1
"""Seconds between two looks at the memory."""
KINDS = (
    (("nama", "SITI CONTOHN", "SITI CONTOHAN"), ("tanggal_lahir", "1993-12-23", "1993-11-23")),
    (("nik", "3171015203919302", "3171015203919013"),),
    (
        (
            "alamat",
            "Jalan Misal Lama Nomor 8, RT 001/RW 002",
            "Perumahan Contoh Asri Blok C6 Nomor 16",
        ),
    ),
    (("hp", "081200009020", "081200009120"), ("email", "siti@lama.example", "siti@contoh.example")),
)


def facts_of(corrections: int, table: str = "printed") -> LetterFacts:
    """Return the facts of a letter of so many corrections of invented people."""
    people: list[LetterPerson] = []
    left = corrections
    while left:
        number = len(people)
        lines = KINDS[number % len(KINDS)][:left]
        people.append(
            LetterPerson(
                f"SITI CONTOHAN {number}",
                f"{99990000000 + number * 13:011}",
                f"317101520391{9001 + number % 999:04}",
                tuple(LetterLine(field, field, a, b, "KTP-el, KK") for field, a, b in lines),
            )
        )
        left -= len(lines)
    return LetterFacts(
        number="128/HRD/CSA/XI/2026",
        issued_on=date(2026, 11, 21),
        place="Jakarta",
        company=Letterhead(
            "PT Contoh Sejahtera Abadi", "99000123", "000",
            "Jalan Contoh Raya Nomor 45, Jakarta 10999", "Jakarta", "(021) 5550 0199",
            "sekretariat@contohsejahtera.example",
            (PACKAGE / "static/letters/logo-contoh.svg").read_bytes(), "image/svg+xml",
        ),
        branch=Addressee("Kantor Cabang Jakarta Contoh", "Jalan Merdeka Nomor 10", "Jakarta"),
        contact=Contact("Rina Umpamawati", "Staf SDM", "0812 0000 9001", "hrd@contoh.example"),
        signatory=Signatory("Bambang Contohadi", "Manajer SDM", "012/DIR/CSA/I/2026"),
        copies_to=("Direktur Utama",),
        people=tuple(people),
        documents=tuple(
            LetterDocument(kind, one.kpj, "berkas.pdf", pages=1)
            for one in people
            for kind in ("KTP-el", "Kartu keluarga")
        ),
        verify_url="HTTPS://PORTAL.EXAMPLE/V/ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        verify_page="https://portal.example/verifikasi",
        verify_code="ABCD-EFGH-JKLM",
        table="file" if table == "file" else "printed",
    )  # fmt: skip


def bare(facts: LetterFacts) -> Callable[[], object]:
    """Return a call of WeasyPrint on the letter's own HTML and CSS, and nothing else.

    Its stylesheets are parsed and its fonts found before, as in a process that has made letters.
    """
    from weasyprint import CSS, HTML
    from weasyprint.text.fonts import FontConfiguration

    from hr_portal.adapters.letters.assets import LOGO_URL, NamedAssets, environment, stylesheet
    from hr_portal.adapters.letters.composing import TEMPLATE, compose
    from hr_portal.adapters.letters.engine import logo_css

    content = compose(facts, preview=False)
    html = environment().get_template(TEMPLATE).render(content.whole(dense=False))
    logo = content.logo
    fetcher = NamedAssets({LOGO_URL: (logo.content, logo.media_type)} if logo else {})
    fonts = FontConfiguration()
    sheets = [CSS(string=text) for text in (stylesheet(), *([logo_css(logo)] if logo else []))]

    def call() -> object:
        page = HTML(string=html, url_fetcher=fetcher)
        return page.write_pdf(stylesheets=sheets, font_config=fonts)

    return call


def in_turns(one: Callable[[], object], other: Callable[[], object]) -> Iterator[float]:
    """Yield the median seconds of two calls made by turns, and the median of their ratios.

    By turns, as what else the machine does then falls on both.
    """
    times: list[tuple[float, float]] = []
    for _ in range(RUNS + 1):
        start = time.perf_counter()
        one()
        between = time.perf_counter()
        other()
        times.append((between - start, time.perf_counter() - between))
    told = times[1:]
    yield statistics.median(first for first, _ in told)
    yield statistics.median(second for _, second in told)
    yield statistics.median(first / second for first, second in told)


class Watch:
    """Looks at the memory of this process and its children; `peak` is in MiB."""

    def __init__(self) -> None:
        self.peak = 0.0
        self._done = threading.Event()
        self._watcher = threading.Thread(target=self._look)

    def __enter__(self) -> Self:
        self._watcher.start()
        return self

    def __exit__(self, *_: object) -> None:
        self._done.set()
        self._watcher.join()

    def _look(self) -> None:
        while not self._done.wait(EACH):
            self.peak = max(self.peak, _held())


def _children(pid: int) -> list[int]:
    found: list[int] = []
    with contextlib.suppress(OSError):
        for task in Path(f"/proc/{pid}/task").iterdir():
            found += map(int, (task / "children").read_text().split())
    return found


def _spent() -> float:
    """Return the processor seconds of the fork server and of the children it has buried."""
    ticks = 0
    for child in _children(os.getpid()):
        with contextlib.suppress(OSError):
            told = Path(f"/proc/{child}/stat").read_text().rpartition(")")[2].split()
            ticks += sum(map(int, told[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def _held() -> float:
    total, waiting = 0, [os.getpid()]
    while waiting:
        process = Path(f"/proc/{waiting.pop()}")
        with contextlib.suppress(OSError, ValueError):
            told = (process / "smaps_rollup").read_text()
            total += sum(int(line.split()[1]) for line in told.splitlines() if line[:4] == "Pss:")
            waiting += _children(int(process.name))
    return total / 1024


def main(sizes: list[int]) -> None:
    """Print the ratio of a short letter, then a line a size."""
    small = facts_of(3)
    ours, floor, ratio = in_turns(lambda: render_in_child(small), bare(small))
    print(f"letter of 2 people: {ours:.3f} s, bare WeasyPrint {floor:.3f} s, {ratio:.2f} x")
    print(
        f"{'corrections':>12} {'table':>8} {'seconds':>9} {'processor':>9} {'ms each':>8}  peak MiB"
    )
    for table, corrections in [("printed", size) for size in sizes] + [("file", max(sizes))]:
        facts = facts_of(corrections, table)
        with Watch() as watch:
            start, before = time.perf_counter(), _spent()
            render_in_child(facts, workbook=workbook_of(facts))
            seconds, spent = time.perf_counter() - start, _spent() - before
        each = 1000 * spent / corrections
        told = f"{corrections:>12,} {table:>8} {seconds:9.2f} {spent:9.2f} {each:8.2f}  {watch.peak:.0f}"
        print(told, flush=True)


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [100, 1_000, 10_000])
