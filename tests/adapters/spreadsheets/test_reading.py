"""Reading in a child: progress, limits, deaths, and every refusal in plain words."""

import contextlib
import io
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
from datetime import date
from pathlib import Path

import pytest

from hr_portal.adapters.spreadsheets import guard, reading
from hr_portal.adapters.spreadsheets.limits import ReadLimits
from hr_portal.domain.table import Unreadable
from samples.people import person
from tests.adapters.spreadsheets import building

TODAY = date(2026, 11, 21)
SAMPLES = Path(__file__).parents[3] / "samples"


def check(source, name="uji.xlsx", **changes):
    return reading.check_in_child(source, name, today=TODAY, **changes)


def refused(source, name="uji.xlsx", **changes):
    with pytest.raises(Unreadable) as refusal:
        check(source, name, **changes)
    return refusal.value


@pytest.fixture(scope="module")
def large():
    """A workbook that takes the child a moment: 20,000 rows."""
    rows = "".join(
        building.text_row(n, ["", one.kpj, one.nik, one.name, "Email", "", one.email])
        for n, one in enumerate(map(person, range(20_000)), 2)
    )
    return building.workbook(building.text_row(1, building.HEADERS) + rows)


def test_a_file_may_be_given_as_path_bytes_or_stream(tmp_path):
    path = tmp_path / "uji.xlsx"
    path.write_bytes(building.workbook())
    for source in (path, path.read_bytes(), io.BytesIO(path.read_bytes())):
        report = check(source)
        assert len(report.table) == 1
        assert report.table.file == "uji.xlsx"


def as_csv(rows):
    lines = [";".join(building.HEADERS)]
    lines += [
        f";{one.kpj};{one.nik};{one.name};Email;;{one.email}" for one in map(person, range(rows))
    ]
    return "\n".join([*lines, ""]).encode()


@pytest.mark.parametrize("name", ["uji.xlsx", "uji.csv"])
def test_the_first_rows_of_a_large_file_are_told_before_the_rest(large, name):
    told, heads = [], []
    report = check(
        large if name == "uji.xlsx" else as_csv(20_000),
        name,
        progress=lambda done, total: told.append((done, total)),
        first=lambda head: heads.append((len(told), head)),
    )
    [(after, head)] = heads
    assert after < len(told)
    count = len(head.table)
    assert 500 < count < 2_000
    assert head.table.row_numbers.tolist() == report.table.row_numbers[:count].tolist()
    assert [column.values for column in head.table.columns] == [
        column.values[:count] for column in report.table.columns
    ]
    assert len(report.table) == 20_000


def many(texts, first, rows):
    return "".join(building.text_row(first + at, texts) for at in range(rows))


def test_the_first_rows_are_told_before_the_rest_is_unpacked():
    heads = []
    rows = building.table_rows() + many(building.GOOD, 3, 6_000)
    spoilt = (
        building.sheet_xml(rows).encode().replace(b"</sheetData>", b"<!-- \xff --></sheetData>")
    )
    with pytest.raises(Unreadable) as refusal:
        check(building.workbook(sheets={"Koreksi": spoilt}), first=heads.append)
    assert refusal.value.code == "FILE-08"
    assert [len(head.table) for head in heads] == [1_000 - 1]


def test_first_rows_whose_strings_come_late_are_told_once_all_are_read():
    heads = []
    strings = [f"<si><t>{at}</t></si>" for at in range(60_000)]
    strings += [f"<si><t>{text}</t></si>" for text in (*building.HEADERS, *building.GOOD)]
    place = {text: at for at, text in enumerate((*building.HEADERS, *building.GOOD), 60_000)}
    texts = [list(building.HEADERS), *[list(building.GOOD)] * 6_000]
    rows = "".join(
        f'<row r="{at}">'
        + "".join(
            f'<c r="{building.letters(column)}{at}" t="s"><v>{place[text]}</v></c>'
            for column, text in enumerate(row)
            if text
        )
        + "</row>"
        for at, row in enumerate(texts, 1)
    )
    report = check(
        building.workbook(
            sheets={"Koreksi": building.sheet_xml(rows)}, strings=building.strings_xml(strings)
        ),
        first=heads.append,
    )
    assert len(report.table) == 6_000
    assert [len(head.table) for head in heads] == [1_000 - 1]


@pytest.mark.parametrize("ends", ["checked", "refused"])
def test_a_table_and_what_is_settled_are_handed_over_while_the_check_goes_on(ends):
    told, tables, settled = [], [], []
    content = as_csv(500 if ends == "checked" else 0) + b";;;;;;\n-;;;;;;\n"
    asked = {
        "progress": lambda done, total: told.append(done),
        "ahead": (
            lambda table: tables.append((len(told), table)),
            lambda told_so_far: settled.append((len(told), told_so_far)),
        ),
    }
    if ends == "refused":
        assert refused(content, "uji.csv", **asked).code == "FILE-02"
        assert not settled
    else:
        report = check(content, "uji.csv", **asked)
        assert report.table is tables[0][1]
        [(at, stands)] = settled
        assert (stands.table, stands.clean) == (report.table, report.clean)
        assert stands.corrections is report.corrections
        assert stands.empty.tolist() == [False] * 500 + [True]
        assert tables[0][0] <= at
        alone = check(content, "uji.csv")
        assert [column.values for column in report.table.columns] == [
            column.values for column in alone.table.columns
        ]
        assert report.findings.columns() == alone.findings.columns()
        assert [list(one or ()) for one in report.clean] == [list(one or ()) for one in alone.clean]
    assert len(tables) == 1


@pytest.mark.parametrize("what", [0, 1])
def test_what_a_caller_says_of_a_table_ends_the_reading(what):
    def object_to(_):
        raise KeyError("seen")

    ahead = [print, print]
    ahead[what] = object_to
    with pytest.raises(KeyError, match="seen"):
        check(as_csv(5), "uji.csv", ahead=tuple(ahead))


def test_a_small_file_has_no_first_rows_of_its_own():
    heads = []
    check(building.workbook(), first=heads.append)
    assert not heads


def test_first_rows_that_are_no_table_are_passed_over():
    heads = []
    notes = "".join(f"catatan {n};;;;;;\n" for n in range(20_000))
    content = notes.encode() + as_csv(20_000)
    with pytest.raises(Unreadable):
        check(content[:100_000] + b"x" * (1 << 20), "uji.csv", first=heads.append)
    assert not heads


def test_what_is_raised_over_the_first_rows_ends_the_child(large):
    def stop(_head):
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        check(large, first=stop)


@pytest.mark.parametrize("blank", [[" "], ["2"], ["3", "\u00a0", "-", ""]])
def test_a_table_of_blank_rows_is_as_good_as_none(blank):
    rows = building.text_row(1, building.HEADERS)
    rows += building.text_row(2, blank) + building.text_row(5, blank)
    refusal = refused(building.workbook(rows))
    assert refusal.code == "FILE-02"
    assert "(baris 1, lembar “" in refusal.message
    sheet = ";".join(building.HEADERS) + "\n" + ";".join(blank) + "\n"
    refusal = refused(sheet.encode(), "uji.csv")
    assert refusal.code == "FILE-02"
    assert "(baris 1);" in refusal.message


def test_progress_counts_rows_and_ends_at_all_of_them(large):
    told = []
    report = check(large, progress=lambda done, total: told.append((done, total)))
    assert told[-1] == (20_000, 20_000)
    assert [done for done, _ in told] == sorted(done for done, _ in told)
    assert len(report.table) == 20_000


def test_what_progress_raises_reaches_the_caller_and_ends_the_child(large):
    class LostLeaseError(Exception):
        pass

    def stop(done, total):
        raise LostLeaseError

    before = children()
    with pytest.raises(LostLeaseError):
        check(large, progress=stop)
    assert children() == before


def children(of="self"):
    """The processes this test process has started, with theirs, and not yet seen end."""
    found = set()
    for task in Path(f"/proc/{of}/task").iterdir():
        with contextlib.suppress(FileNotFoundError):  # a thread that has just ended
            for child in (task / "children").read_text().split():
                found |= {child} | children(child)
    return found


@pytest.mark.parametrize("death", [signal.SIGKILL, signal.SIGSEGV, signal.SIGABRT, signal.SIGTERM])
def test_a_child_that_dies_is_one_clear_message(large, death):
    before = children()

    def kill(done, total):
        for process in children() - before:
            os.kill(int(process), death)

    refusal = refused(large, progress=kill)
    assert refusal.code == "FILE-09"
    assert "uji.xlsx" in refusal.message
    assert children() == before


def test_time_and_memory_are_limits_that_are_named(large):
    slow = refused(large, limits=ReadLimits(child_seconds=0.001, child_seconds_per_100k_rows=0))
    assert slow.code == "FILE-06"
    assert "detik" in slow.message
    # About what the interpreter and NumPy take: too little for 20,000 rows.
    little = 100 * 1024 * 1024
    small = refused(large, limits=ReadLimits(child_memory=little, child_memory_most=little))
    assert small.code in {"FILE-06", "FILE-09"}


def test_memory_and_time_grow_with_what_a_file_declares_up_to_a_limit(large):
    limits = ReadLimits()
    sizes = (0, 100 << 20, 500 << 20, limits.max_unpacked)
    memory = [limits.memory(size) for size in sizes]
    assert memory == sorted(set(memory))
    assert memory[0] == limits.child_memory
    assert memory[-1] == limits.child_memory_most
    assert limits.seconds(1_048_575) > limits.seconds(100_000) > limits.seconds(0)
    unpacked = guard.declared_size("uji.xlsx", large, limits)
    assert unpacked > len(large)
    assert guard.declared_size("uji.csv", b"a;b", limits) > 3


def test_files_that_are_no_files_are_refused_in_plain_words(tmp_path):
    (tmp_path / "folder.xlsx").mkdir()
    os.mkfifo(tmp_path / "pipa.xlsx")
    for name, code, word in (
        ("tidak-ada.xlsx", "FILE-03", "tidak ditemukan"),
        ("folder.xlsx", "FILE-01", "folder"),
        ("pipa.xlsx", "FILE-01", "perangkat"),
    ):
        with pytest.raises(Unreadable) as refusal:
            reading.check_path(tmp_path / name, today=TODAY)
        assert refusal.value.code == code
        assert word in refusal.value.message
    with pytest.raises(Unreadable) as refusal:
        reading.check_path("a\0b.xlsx", today=TODAY)
    assert refusal.value.code == "FILE-03"
    with pytest.raises(Unreadable) as refusal:
        check(tmp_path / "tidak-ada.xlsx")
    assert refusal.value.code == "FILE-03"


def test_files_that_may_not_be_read_are_refused_in_plain_words(tmp_path):
    path = tmp_path / "rahasia.xlsx"
    path.write_bytes(building.workbook())
    path.chmod(0)
    as_root = os.geteuid() == 0
    if as_root:
        os.seteuid(65_534)  # root may read everything; nobody may not
    try:
        assert refused(path).code == "FILE-03"
        with pytest.raises(Unreadable) as refusal:
            reading.check_path(path, today=TODAY)
        assert refusal.value.code == "FILE-03"
    finally:
        if as_root:
            os.seteuid(0)


def test_more_bytes_than_allowed_are_refused_without_being_copied():
    class Endless(io.RawIOBase):
        taken = 0

        def read(self, size=-1):
            self.taken += size
            return b"x" * size

    stream = Endless()
    refusal = refused(stream, limits=ReadLimits(max_bytes=1 << 20))
    assert refusal.code == "FILE-06"
    assert stream.taken <= (1 << 20) + 1


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/passwd.xlsx", "passwd.xlsx"),
        ("a\r\nSet-Cookie: x.xlsx", "a\\u000d\\u000aSet-Cookie: x.xlsx"),
        ("\u202exslx.exe.xlsx", "\\u202exslx.exe.xlsx"),
        ("<img src=x onerror=1>.xlsx", "<img src=x onerror=1>.xlsx"),
        ("C:\\data\\{0}{file}.xlsx", "{0}{file}.xlsx"),
        ("\udcff.xlsx", "\\udcff.xlsx"),
        ("x" * 300 + ".xlsx", "…"),
    ],
)
def test_names_are_shown_with_what_hides_in_them(name, shown):
    refusal = refused(b"", name)
    assert shown in refusal.message
    assert len(refusal.message) < 600
    report = check(building.workbook(), name)
    assert shown in report.table.file


def test_an_upload_is_looked_at_without_unpacking_and_left_at_its_start():
    stream = io.BytesIO(building.workbook())
    reading.look_at_upload(stream, "uji.xlsx")
    assert stream.tell() == 0
    with pytest.raises(Unreadable):
        reading.look_at_upload(io.BytesIO(building.workbook()[:-5]), "uji.xlsx")


class Counting(io.FileIO):
    """A file that knows how much was read of it."""

    taken = 0

    def read(self, size=-1):
        data = super().read(size)
        self.taken += len(data)
        return data


def test_a_large_upload_that_lies_in_a_file_is_looked_at_without_being_read(tmp_path):
    path = tmp_path / "besar.xlsx"
    path.write_bytes(building.workbook(extra={"xl/media/foto.png": os.urandom(5 << 20)}))
    with Counting(path) as stream:
        reading.look_at_upload(stream, "besar.xlsx")
        with pytest.raises(Unreadable) as refusal:
            reading.look_at_upload(stream, "besar.xlsx", ReadLimits(max_bytes=1 << 20))
        assert refusal.value.code == "FILE-06"
        assert stream.tell() == 0
        assert stream.taken <= 4096
    with tempfile.SpooledTemporaryFile() as spool:
        spool.write(path.read_bytes()[:-5])
        with pytest.raises(Unreadable) as refusal:
            reading.look_at_upload(spool, "besar.xlsx")
        assert refusal.value.code == "FILE-03"


LOCKED = """
import socket, sys, os
from hr_portal.adapters.spreadsheets import sandbox
from hr_portal.adapters.spreadsheets.limits import ReadLimits
sandbox.limit_resources(ReadLimits(), 20)
{lock}
try:
    {act}
except OSError as error:
    print(type(error).__name__)
else:
    print("done")
"""


def behind_walls(act, *, hook=True):
    lock = "sandbox.lock()" if hook else "sandbox._filter_system_calls()"
    done = subprocess.run(
        [sys.executable, "-c", LOCKED.format(lock=lock, act=act)],
        capture_output=True, text=True, check=False, cwd=Path(__file__).parents[3], timeout=60,
    )  # fmt: skip
    return done.stdout.strip() or done.stderr


@pytest.mark.parametrize("hook", [True, False], ids=["in Python", "in the kernel"])
def test_the_child_can_reach_no_network(hook):
    listener = socket.create_server(("127.0.0.1", 0))
    listener.settimeout(0.2)
    port = listener.getsockname()[1]
    try:
        said = behind_walls(f"socket.create_connection(('127.0.0.1', {port}), 2)", hook=hook)
        assert said == "PermissionError"
        with pytest.raises(TimeoutError):
            listener.accept()
    finally:
        listener.close()


@pytest.mark.parametrize(
    "act",
    ["open('/tmp/x', 'w')", "os.system('true')", "os.fork()", "os.execv('/bin/true', ['true'])",
     "os.remove('/tmp/tidak-ada')"],
)  # fmt: skip
def test_the_child_can_write_nothing_and_start_nothing(act):
    assert behind_walls(act) == "PermissionError"


def test_the_kernel_forbids_other_programs_too():
    assert behind_walls("os.execv('/bin/true', ['true'])", hook=False) == "PermissionError"


def test_two_files_can_be_read_at_once(large):
    results = []
    threads = [
        threading.Thread(target=lambda: results.append(len(check(large).table))) for _ in range(2)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert results == [20_000, 20_000]


def test_the_child_inherits_no_secret_from_the_environment(monkeypatch, large):
    monkeypatch.setenv("HR_PORTAL_SECRET_KEY", "rahasia")
    before = children()
    seen = []

    def look(done, total):
        for process in children() - before:
            os.kill(int(process), signal.SIGSTOP)
            seen.append(Path(f"/proc/{process}/environ").read_bytes())
            os.kill(int(process), signal.SIGCONT)

    check(large, progress=look)
    assert seen
    assert all(b"LC_ALL" in each and b"rahasia" not in each for each in seen)
