"""Writing into a stranger's workbook: the process that does it may die, and nothing else."""

import io
import json
import os
import subprocess
import sys
import tempfile
from dataclasses import asdict, replace

import pytest

from hr_portal.adapters.spreadsheets.annotated.making import annotate_file
from hr_portal.adapters.spreadsheets.annotated.of_report import notes_of, order_of
from hr_portal.adapters.spreadsheets.annotated.orders import Order, RowNote, pack
from hr_portal.adapters.spreadsheets.limits import DEFAULT_LIMITS, MIB
from hr_portal.domain.table import Unreadable
from tests.adapters.spreadsheets import building
from tests.adapters.spreadsheets.annotating import annotated, report_on


def written(data, *, limits=DEFAULT_LIMITS, order=None):
    report = report_on(data)
    out = io.BytesIO()
    annotate_file(data, "uji.xlsx", order or order_of(report), notes_of(report), out, limits=limits)
    return out.getvalue()


def test_the_process_writes_the_same_as_this_one_would():
    data = building.workbook()
    assert written(data) == annotated(data)


def test_how_far_the_process_is_can_be_read_off_the_notes_it_has_read():
    rows = [[f"0999999{n:04}", "3171014508909013", "SITI CONTOHAN"] for n in range(2_500)]
    text = "\n".join(";".join(row) for row in [["KPJ", "NIK", "Nama"], *rows]).encode()
    told = []
    order = Order("uji", 1, 2)
    notes = (RowNote(n, "Valid") for n in range(1, 2_502))
    annotate_file(text, "uji.csv", order, notes, io.BytesIO(), told=lambda *at: told.append(at))
    assert told[:2] == [(1_000, 0), (2_000, 0)], "gathered first"
    assert told == sorted(told)
    assert told[-1] == (2_501, 2_501), "then written, to the last"


def test_a_writer_without_memory_or_time_is_one_clear_message():
    data = building.workbook()
    for limits in (
        replace(DEFAULT_LIMITS, child_memory=40 * MIB),
        replace(DEFAULT_LIMITS, child_seconds=0.0, child_seconds_per_100k_rows=0.0),
    ):
        with pytest.raises(Unreadable) as refusal:
            written(data, limits=limits)
        assert refusal.value.code == "FILE-09"
        assert "Data Anda tidak berubah" in refusal.value.message


def test_a_sheet_that_is_gone_is_refused_by_name():
    data = building.workbook()
    order = replace(order_of(report_on(data)), sheet="Lain")
    with pytest.raises(Unreadable) as refusal:
        written(data, order=order)
    assert "“Lain”" in refusal.value.message


def test_no_process_and_no_descriptor_is_left(tmp_path):
    program = (
        "import os, sys\n"
        "from tests.threats.test_annotating import *\n"
        "data = building.workbook()\n"
        "before = len(os.listdir('/proc/self/fd'))\n"
        "written(data); written(data)\n"
        "print(before, len(os.listdir('/proc/self/fd')))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONPATH": "."},
    )  # fmt: skip
    before, after = done.stdout.split()
    assert before == after


def test_the_writing_process_can_neither_write_files_nor_reach_the_network():
    program = (
        "import json, sys\n"
        "from hr_portal.adapters.spreadsheets.annotated import taking, child\n"
        "tried = []\n"
        "def evil(*_):\n"
        "    import socket\n"
        "    for act in (lambda: open('/tmp/jangan-ada', 'w'), lambda: socket.socket()):\n"
        "        try:\n"
        "            act()\n"
        "        except OSError:\n"
        "            tried.append(True)\n"
        "taking.write_annotated = evil\n"
        "code = child.main()\n"
        "sys.stdout.write(json.dumps([code, tried]))\n"
    )
    data = building.workbook()
    report = report_on(data)
    with tempfile.TemporaryFile() as notes, tempfile.TemporaryFile() as file:
        for line in pack(order_of(report), notes_of(report)):
            notes.write(line)
        file.write(data)
        for each in (notes, file):
            each.flush()
            each.seek(0)
        orders = {
            "data": file.fileno(), "notes": notes.fileno(), "refusal": 2, "file": "uji.xlsx",
            "limits": asdict(DEFAULT_LIMITS), "seconds": 20,
        }  # fmt: skip
        done = subprocess.run(
            [sys.executable, "-c", program], input=json.dumps(orders), capture_output=True,
            text=True, check=True, pass_fds=(notes.fileno(), file.fileno()),
        )  # fmt: skip
    assert json.loads(done.stdout) == [0, [True, True]]
