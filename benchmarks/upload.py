"""Guard, read and check in the limited child, against the bare calamine read.

Prints ratios of one run: `python -m benchmarks.upload [rows ...]`. Each figure
is the best of three, each run in a fresh process, because the floor's peak memory
would hide ours. `full_path` adds the database.
"""

import json
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.full_path import write_workbook

RUNS = 3
MIB = 1024 * 1024

FLOOR = """
import json, resource, sys, time
import python_calamine
start = time.perf_counter()
sheet = python_calamine.CalamineWorkbook.from_path(sys.argv[1]).get_sheet_by_index(0)
rows = sum(1 for _ in sheet.iter_rows())
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
READ = """
import json, resource, sys, time
from pathlib import Path
from hr_portal.adapters.spreadsheets.tables import read_table
start = time.perf_counter()
read_table(Path(sys.argv[1]).read_bytes(), "uji.xlsx")
seconds = time.perf_counter() - start
print(json.dumps([seconds, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024]))
"""
WHOLE = """
import json, resource, sys, time
from datetime import date
from pathlib import Path
from hr_portal.adapters.spreadsheets.reading import check_in_child
start = time.perf_counter()
first = []
def tell(done, total):
    first or first.append(time.perf_counter() - start)
report = check_in_child(Path(sys.argv[1]), "uji.xlsx", today=date(2026, 11, 21), progress=tell)
seconds = time.perf_counter() - start
peaks = [resource.getrusage(who).ru_maxrss / 1024
         for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN)]
print(json.dumps([seconds, *peaks, len(report.table), len(report.findings)]))
"""


def measure(program: str, path: Path) -> list[float]:
    """Run a program on a file in processes of its own; returns the quickest run's figures."""
    runs = []
    for _ in range(RUNS):
        done = subprocess.run(
            [sys.executable, "-c", program, str(path)], capture_output=True, text=True, check=True
        )
        runs.append(json.loads(done.stdout))
    return list(min(runs))


def main(sizes: list[int]) -> None:
    """Print a line a size and step."""
    print(f"{'rows':>9}  {'step':34} {'seconds':>8} {'ratio':>6}  peak MiB")
    for rows in sizes:
        with tempfile.TemporaryDirectory(prefix="hr-portal-bench-") as folder:
            path = Path(folder) / "uji.xlsx"
            write_workbook(path, rows)
            floor, floor_peak = measure(FLOOR, path)
            read, read_peak = measure(READ, path)
            whole, parent, child, held, findings = measure(WHOLE, path)
            packed = path.stat().st_size / MIB
        print(
            f"{rows:>9,}  {f'calamine, bare ({packed:.1f} MB)':34} {floor:8.2f} {1:6.2f}  {floor_peak:.0f}"
        )
        print(
            f"{'':9}  {'guard + exact read, in process':34} {read:8.2f} {read / floor:6.2f}  {read_peak:.0f}"
        )
        print(
            f"{'':9}  {'guard + read + check in the child':34} {whole:8.2f} {whole / floor:6.2f}  "
            f"{parent:.0f} + {child:.0f} (caller + child), {held:,} rows, {findings:,} findings"
        )


if __name__ == "__main__":
    main([int(size) for size in sys.argv[1:]] or [10_000, 100_000])
