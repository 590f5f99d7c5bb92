"""The user's workbook with notes, against XlsxWriter writing the same cells.

Prints ratios of one run: `python -m benchmarks.annotated [rows ...]`. Ours is the whole
way: notes through the pipe, the limited child, the workbook out of it. The floor writes as
many cells of text, ours included, in XlsxWriter's quickest mode. Each in a process of its own.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.full_path import write_workbook

FLOOR = """
import json, sys, time
import python_calamine, xlsxwriter
sheet = python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0)
rows = [[*row, "Valid", ""] for row in sheet.iter_rows()]
start = time.perf_counter()
book = xlsxwriter.Workbook(sys.argv[1] + ".out", {"constant_memory": True})
text = book.add_format({"num_format": "@"})
sheet = book.add_worksheet("Koreksi")
for at, row in enumerate(rows):
    for column, value in enumerate(row):
        if value:
            sheet.write_string(at, column, value, text)
book.close()
print(json.dumps([time.perf_counter() - start]))
"""
OURS = """
import json, resource, sys, time
from datetime import date
from pathlib import Path
from hr_portal.adapters.spreadsheets.annotated.making import annotate_file
from hr_portal.adapters.spreadsheets.annotated.of_report import order_of, notes_of
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.adapters.spreadsheets.reading import check_path
limits = ReadLimits(child_seconds=600.0, max_rows=1_100_000, max_bytes=250 << 20, max_unpacked=2 << 30)
report = check_path(sys.argv[1], today=date(2026, 11, 21), limits=limits)
start = time.perf_counter()
with open(sys.argv[1] + ".out", "wb") as out:
    annotate_file(Path(sys.argv[1]), "uji.xlsx", order_of(report), notes_of(report), out,
                  limits=limits)
seconds = time.perf_counter() - start
peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
print(json.dumps([seconds, len(report.findings), peak]))
"""


def measure(program: str, path: Path) -> list[float]:
    """Run a program on a file in a process of its own, twice; returns the quicker figures."""
    runs = []
    for _ in range(2):
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
        )
        runs.append(json.loads(done.stdout))
    return list(min(runs))


def main(sizes: list[int]) -> None:
    """Print a line a size."""
    print(
        f"{'rows':>9}  {'XlsxWriter':>10} {'annotated':>10} {'ratio':>6}  findings, peak MiB of reader and writer"
    )
    for rows in sizes:
        with tempfile.TemporaryDirectory(prefix="hr-portal-bench-") as folder:
            path = Path(folder) / "uji.xlsx"
            write_workbook(path, rows)
            (floor,) = measure(FLOOR, path)
            ours, findings, peak = measure(OURS, path)
        print(
            f"{rows:>9,}  {floor:10.2f} {ours:10.2f} {ours / floor:6.2f}  {findings:,.0f}, {peak:.0f}"
        )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
