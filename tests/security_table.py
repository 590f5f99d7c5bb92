"""The table of docs/security.md, made from tests/security.toml and from the tests' own results.

`make security-table` runs every test that the list names and writes what became of it beside the
requirement. That the list is complete, that its tests exist and that the table is the list's is
held by tests/house/test_security.py, which runs none of them.
"""

import datetime as dt
import re
import subprocess
import sys
import tomllib
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

ROOT = Path(__file__).parents[1]
LIST = ROOT / "tests" / "security.toml"
PAGE = ROOT / "docs" / "security.md"
BEGIN, END = "<!-- made by `make security-table` -->", "<!-- end of what is made -->"
HEAD = ("id", "what holds", "shown by", "result")
NO_RESULT = "–"


def listed():
    """Every requirement of the list, in its order; and what is left for later, by id."""
    told = tomllib.loads(LIST.read_text("utf-8"))
    return told["requirement"], told["later"]


def written_tests():
    """Each test's name, with the files that hold a test of that name."""
    found = {}
    for file in sorted((ROOT / "tests").rglob("test_*.py")):
        for name in re.findall(r"^def (test_\w+)\(", file.read_text("utf-8"), re.MULTILINE):
            found.setdefault(name, []).append(file)
    return found


def rows(results):
    """The lines of the table; `results` holds what became of each test, by name."""
    yield f"| {' | '.join(HEAD)} |"
    yield "|---" * len(HEAD) + "|"
    for one in listed()[0]:
        shown = ", ".join(f"`{name}`" for name in one["tests"])
        shown += f" ({one['note']})" if "note" in one else ""
        shown += f" · open: {one['open']}" if "open" in one else ""
        became = sum((results.get(name, Counter()) for name in one["tests"]), Counter())
        result = ", ".join(f"{count} {word}" for word, count in sorted(became.items()))
        yield f"| {one['id']} | {one['holds']} | {shown} | {result or NO_RESULT} |"


def without_results(text):
    """A page with the last column of its table left out."""
    return re.sub(r"^(\| [A-Z]\d.*) \| [^|]* \|$", r"\1 |", text, flags=re.MULTILINE)


def page_with(results, day):
    """The page with its table made anew; what people wrote around it stays."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    later = [f"| {one} | {why} |" for one, why in listed()[1].items()]
    made = [
        BEGIN, f"Results of {day:%d-%m-%Y}, a case on each database counted apart.", "", *rows(results),
        "", "Not for one machine, or not yet:", "", "| id | why |", "|---|---|", *later, "", END,
    ]  # fmt: skip
    return before + "\n".join(made) + after


def run(arguments):
    """What became of each test of the list, by its name: how many cases passed, failed, skipped."""
    files = written_tests()
    wanted = dict.fromkeys(name for one in listed()[0] for name in one["tests"])
    cases = [f"{file}::{name}" for name in wanted for file in files[name]]
    with TemporaryDirectory() as folder:
        told = Path(folder) / "results.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={told}", *arguments, *cases]
        subprocess.run(command, cwd=ROOT, check=False)
        results = {}
        for case in ET.parse(told).iter("testcase"):
            name = case.get("name", "").partition("[")[0]
            kinds = {part.tag for part in case}
            word = (
                "failed"
                if kinds & {"failure", "error"}
                else "skipped"
                if "skipped" in kinds
                else "passed"
            )
            results.setdefault(name, Counter())[word] += 1
    return results


def main():
    """Run the tests and write the page; the exit code says whether all of them passed."""
    results = run(sys.argv[1:])
    PAGE.write_text(page_with(results, dt.datetime.now(dt.UTC).date()), "utf-8")
    bad = sorted(name for name, became in results.items() if became["failed"])
    told = [f"{len(results)} tests of {len(listed()[0])} requirements", *bad, ""]
    sys.stdout.write("\n".join(told))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
