"""A large sheet is read by two processes: the same comes out, whatever becomes of the second."""

import os
import signal
import socket
import threading
from contextlib import contextmanager
from pathlib import Path

import pytest

from hr_portal.adapters.spreadsheets import partner
from hr_portal.adapters.spreadsheets.guard import inspect
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS
from hr_portal.adapters.spreadsheets.pairing import Pair, pair_for
from hr_portal.adapters.spreadsheets.xlsx import XlsxReader
from samples.people import person
from tests.adapters.spreadsheets import building
from tests.adapters.spreadsheets.test_both_gears import plain
from tests.adapters.spreadsheets.test_reading import check, children

ROWS = 6_000
LARGE = 1 << 20
STRINGS = [f"<si><t>{text}</t></si>" for text in ("satu", "", "tiga", "empat")]


def row(n):
    """Columns of every make: texts, entities, escapes, numbers, strings of the workbook, gaps."""

    def text(column, said):
        return f'<c r="{column}{n}" t="inlineStr"><is><t>{said}</t></is></c>'

    cells = [text("A", f"a{n}" + "x" * 600), text("B", "LP"[n % 2])]
    cells += [text("C", f"lepas {n}")] * (n % 3 > 0)
    cells += [text("D", f"S &amp; P {n}" if n % 900 == 9 else f"PT {n}_x")]
    cells += [text("E", {3_500: "_x0000_", 5_600: "_xD83D_"}.get(n, f"_x0041_{n}"))]
    cells += [f'<c r="F{n}"><v>{n}</v></c>' if n % 2 else text("F", f"0{n}")]
    cells += [f'<c r="G{n}" t="str"><f>A{n}</f><v>é{n}</v></c>']
    cells += [f'<c r="H{n}" t="s"><v>{n % 4}</v></c>'] * (n > 1_800)
    cells += [f'<c r="I{n}" t="s"><v>0</v></c>' if n % 2 else text("I", "teks")] * (n > 5_000)
    cells += [f'<c r="J{n}" t="inlineStr"><is><r><t>kaya</t></r></is></c>'] * (n == 2_700)
    hidden = ' hidden="1"' if n % 1_000 == 1 else ""
    return f'<row r="{n}"{hidden}>{"".join(cells) if n % 700 else ""}</row>'


@pytest.fixture(autouse=True)
def two_processors(monkeypatch):
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0, 1})


@pytest.fixture(scope="module")
def book():
    rows = "".join(map(row, range(1, ROWS + 1)))
    return building.workbook(rows, strings=building.strings_xml(STRINGS))


@pytest.fixture(scope="module")
def exactly(book):
    return plain(sheet_of(book, quick=False))


def sheet_of(book, **how):
    reader = XlsxReader(inspect(book, "uji.xlsx"), DEFAULT_LIMITS, **how)
    return reader.read(reader.book.sheets[0])


class Counting(partner.Partner):
    """A partner that remembers of which pieces it could say anything, and ends after some."""

    def __init__(self, line, room, most):
        super().__init__(line, room)
        self.said, self.most = [], most
        self.line = socket.socket(fileno=os.dup(line))
        self.end_after(most)

    def answer(self, place):
        found = super().answer(place)
        self.said.append(found is not None)
        self.end_after(self.most)
        return found

    def end_after(self, most):
        if len(self.said) == most:
            self.line.shutdown(socket.SHUT_RDWR)


@contextmanager
def paired(most=None):
    """A partner beside us, in a thread; the line to it is cut after so many answers."""
    with pair_for("uji.xlsx", LARGE) as pair:
        theirs = os.dup(pair.partner), os.dup(pair.room)
        other = Counting(os.dup(pair.reader), os.dup(pair.room), most)
        life = threading.Thread(target=partner.serve, args=theirs)
        life.start()
        yield other
        other.end_after(len(other.said))
        life.join()
        other.line.close()


def test_two_read_what_one_reads(book, exactly):
    with paired() as other:
        assert plain(sheet_of(book, partner=other)) == exactly
    # Some only we can read: those before it knows the strings, or whose texts can't be handed over.
    assert {True, False} == set(other.said)


@pytest.mark.parametrize("answers", [0, 1])
def test_what_a_dead_partner_owes_is_read_without_it(book, exactly, answers):
    with paired(answers) as other:
        assert plain(sheet_of(book, partner=other)) == exactly


@pytest.fixture(scope="module")
def large():
    """A workbook worth two processes."""
    rows = "".join(
        building.text_row(n, ["", one.kpj, one.nik, one.name, "Email", "", one.email])
        for n, one in enumerate(map(person, range(30_000)), 2)
    )
    made = building.workbook(building.text_row(1, building.HEADERS) + rows)
    assert len(made) > LARGE
    return made


def is_partner(process):
    """Whether a child has a line to another but tells no progress."""
    held = {one.name for one in Path(f"/proc/{process}/fd").iterdir()}
    return "5" in held and "4" not in held


def test_a_partner_has_the_reader_s_walls_and_may_die(large):
    before, ended = children(), []

    def end(_done, _total):
        for process in children() - before:
            if not ended and is_partner(process):
                told = Path(f"/proc/{process}/status").read_text()
                limits = Path(f"/proc/{process}/limits").read_text()
                os.kill(int(process), signal.SIGKILL)
                ended.append((told, limits))

    alone, report = check(large, name="uji.xlsx"), check(large, progress=end)
    ((told, limits),) = ended
    assert "Seccomp:\t2" in told
    assert [line.split()[-2] for line in limits.splitlines() if "Max file size" in line] == ["0"]
    assert [list(one.values) for one in report.table.columns] == [
        list(one.values) for one in alone.table.columns
    ]


def test_two_read_only_what_is_worth_it(monkeypatch):
    for name, size in (("uji.xlsx", LARGE - 1), ("uji.csv", LARGE), ("uji.xls", LARGE)):
        with pair_for(name, size) as pair:
            assert pair is None
    with pair_for("UJI.XLSX", LARGE) as pair:
        assert isinstance(pair, Pair)
    monkeypatch.setattr(os, "sched_getaffinity", lambda _: {0})
    with pair_for("UJI.XLSX", LARGE) as pair:
        assert pair is None
