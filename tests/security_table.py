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
LATER = "Not for one machine, or not yet:"
NO_RESULT = "–"
PASSED = re.compile(r"[1-9]\d* passed")


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
    """The lines of the table; `results` says by id what became of a requirement's tests."""
    yield f"| {' | '.join(HEAD)} |"
    yield "|---" * len(HEAD) + "|"
    for one in listed()[0]:
        shown = ", ".join(f"`{name}`" for name in one["tests"])
        shown += f" ({one['note']})" if "note" in one else ""
        shown += f" · open: {one['open']}" if "open" in one else ""
        yield f"| {one['id']} | {one['holds']} | {shown} | {results.get(one['id'], NO_RESULT)} |"


def results_of(page):
    """What the table of a page says became of each requirement's tests, by its id."""
    made = page.partition(BEGIN)[2].partition(LATER)[0]
    return dict(re.findall(r"^\| ([A-Z]\d\S*) \| .* \| ([^|]*) \|$", made, re.MULTILINE))


def without_results(text):
    """A page with the last column of its table left out."""
    return re.sub(r"^(\| [A-Z]\d.*) \| [^|]* \|$", r"\1 |", text, flags=re.MULTILINE)


def page_with(results, day):
    """The page with its table made anew; what people wrote around it stays."""
    before, _, rest = PAGE.read_text("utf-8").partition(BEGIN)
    _, _, after = rest.partition(END)
    later = [f"| {one} | {why} |" for one, why in listed()[1].items()]
    made = [
        BEGIN, f"Last run {day:%d-%m-%Y}; a case on each database is counted apart.", "", *rows(results),
        "", LATER, "", "| id | why |", "|---|---|", *later, "", END,
    ]  # fmt: skip
    return before + "\n".join(made) + after


def run(wanted, arguments):
    """What became of each of some tests, by name: how many cases passed, failed, were skipped."""
    files = written_tests()
    cases = [f"{file}::{name}" for name in wanted for file in files[name]]
    results = {}
    with TemporaryDirectory() as folder:
        told = Path(folder) / "results.xml"
        command = [sys.executable, "-m", "pytest", "-q", f"--junitxml={told}", *arguments, *cases]
        subprocess.run(command, cwd=ROOT, check=False)
        for case in ET.parse(told).iter("testcase"):
            name = case.get("name", "").partition("[")[0]
            kinds = {part.tag for part in case}
            bad, left = kinds & {"failure", "error"}, "skipped" in kinds
            word = "failed" if bad else "skipped" if left else "passed"
            results.setdefault(name, Counter())[word] += 1
    return results


def main():
    """Run the tests and write the page; the exit code says whether all of them passed.

    Words that are no options are ids: only their tests are run, other results stay as they are.
    """
    ids = [word for word in sys.argv[1:] if re.fullmatch(r"[A-Z]\d+(–[A-Z]\d+)?", word)]
    asked = [one for one in listed()[0] if not ids or one["id"] in ids]
    wanted = dict.fromkeys(name for one in asked for name in one["tests"])
    became = run(wanted, [word for word in sys.argv[1:] if word not in ids])
    results = results_of(PAGE.read_text("utf-8"))
    for one in asked:
        counts = sum((became.get(name, Counter()) for name in one["tests"]), Counter())
        counts["missing"] = sum(name not in became for name in one["tests"])
        results[one["id"]] = ", ".join(
            f"{many} {word}" for word, many in sorted(counts.items()) if many
        )
    PAGE.write_text(page_with(results, dt.datetime.now(dt.UTC).date()), "utf-8")
    bad = [
        f"{one['id']}: {results[one['id']]}"
        for one in asked
        if not PASSED.fullmatch(results[one["id"]])
    ]
    sys.stdout.write("\n".join([f"{len(wanted)} tests of {len(asked)} requirements", *bad, ""]))
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
