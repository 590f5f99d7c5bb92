"""What a check found is kept whole: every cell, every correction, in blocks that open again."""

import datetime as dt
import os

import pytest

from hr_portal.adapters.database.models import RowBlock
from hr_portal.adapters.spreadsheets.reading import check_bytes
from hr_portal.adapters.vault import Vault
from hr_portal.domain.report import ROW_EMPTY
from hr_portal.services.early import Early
from hr_portal.services.keeping import ahead, found_parts, settled_parts
from hr_portal.services.rowdata import EMPLOYEE_KEYS, Block, open_block

ROWS = 300
HEADER = "No;KPJ;NIK;Nama Lengkap;Tanggal Lahir;No HP;No HP (Menjadi);Nama Ibu Kandung (Menjadi)"


def line(n):
    if n % 7 == 3:
        return f"{n};;;;;;;"  # nothing but its running number
    mother = "siti umpama" if n % 5 == 0 else ""
    return (
        f"{n};{9000000 + n:011};317101{1 + n % 28:02}0285{9000 + n};Budi Contohan;{1 + n % 28}/2/1985;"
        f"0812-{90000000 + n};0813{90000000 + n};{mother}"
    )


@pytest.fixture(scope="module")
def report():
    content = "\r\n".join([HEADER, *map(line, range(ROWS))]).encode()
    return check_bytes(content, "koreksi.csv", today=dt.date(2026, 11, 27))


@pytest.fixture(scope="module")
def key():
    vault = Vault(os.urandom(32))
    return vault.company("a", vault.new_company_key("a"))


def rows_by_table(report, key, early=None):
    """Rows by table, as they go to the database."""
    rows, told = {}, (7, key, early or Early(key))
    for part in [*settled_parts(report.settled, *told), *found_parts(report, *told)]:
        for table, columns, values in part:
            rows.setdefault(table.name, []).extend(
                dict(zip(columns, one, strict=True)) for one in values
            )
    return rows


@pytest.fixture(scope="module")
def kept(report, key):
    return rows_by_table(report, key)


@pytest.fixture(scope="module")
def blocks(kept, key):
    return [open_block(key, RowBlock(**one)) for one in kept["row_blocks"]]


def test_every_cell_opens_as_it_was_found_and_cleaned(report, blocks):
    table = report.table
    place = {number: row for row, number in enumerate(table.row_numbers.tolist())}
    seen = set()
    for block in blocks:
        for slot, number in enumerate(block.numbers):
            row, cells = place[number], block.row(slot)
            seen.add(row)
            for at, column in enumerate(table.columns):
                clean = report.clean[at]
                assert cells.raw[at] == column.values[row]
                assert cells.kinds[at] == column.kinds[row]
                assert cells.clean[at] == (column.values if clean is None else clean)[row]
            assert cells.employee == {name: report.employee[name][row] for name in EMPLOYEE_KEYS}
    assert seen == {row for row in place.values() if report.row_severity[row] != ROW_EMPTY}
    assert len(seen) < len(table)


def test_every_correction_lies_in_the_block_of_its_row(report, blocks, kept):
    asked, numbers = report.corrections, report.table.row_numbers.tolist()
    expected = {}
    for row, field, before, after in zip(
        asked.row, asked.field_key, asked.before, asked.after, strict=True
    ):
        expected.setdefault(numbers[row], {})[field] = (before, after)
    found = {
        number: block.row(slot).changes
        for block in blocks
        for slot, number in enumerate(block.numbers)
        if block.row(slot).changes
    }
    assert found == expected
    assert {len(changes) for changes in found.values()} == {1, 2}
    assert [(one["row_number"], one["field"]) for one in kept["corrections"]] == [
        (number, field) for number, fields in expected.items() for field in fields
    ]


def test_rows_are_found_by_the_indexes_of_their_employee(report, kept, key):
    by_number = {one["number"]: one for one in kept["rows"]}
    for row, number in enumerate(report.table.row_numbers.tolist()):
        if report.row_severity[row] != ROW_EMPTY:
            one = by_number.pop(number)
            assert one["kpj_index"] == key.index("kpj", report.employee["kpj"][row])
            assert one["nik_index"] == key.index("nik", report.employee["nik"][row])
            assert one["severity"] == report.row_severity[row]
    assert not by_number


def opened(report, key, early=None):
    rows = rows_by_table(report, key, early)
    rows["row_blocks"] = [open_block(key, RowBlock(**one)) for one in rows["row_blocks"]]
    for one in rows["findings"]:
        del one["detail"]  # sealed
    return rows


@pytest.mark.parametrize("left_out", [True, False])
@pytest.mark.parametrize("is_cut_short", [True, False])
def test_what_is_made_before_the_check_ends_changes_nothing(key, left_out, is_cut_short):
    rows = [line(n) for n in range(2_500) if left_out or n % 7 != 3]
    rows[1_500] = rows[1_500].replace(";0000900", ";0000 900")  # a KPJ that the check cleans
    content = "\r\n".join([HEADER, *rows]).encode()
    report = check_bytes(content, "koreksi.csv", today=dt.date(2026, 11, 27))
    with Early(key) as early:
        making = early.begin(report.table)
        if not is_cut_short:
            making.result()
        early.stop()
        made = opened(report, key, early)
    assert made == opened(report, key)


def test_a_block_packed_again_is_the_same_block(blocks):
    for block in blocks:
        assert Block.unpacked(block.packed()) == Block.unpacked(
            Block.unpacked(block.packed()).packed()
        )
        assert [Block.unpacked(block.packed()).row(slot) for slot in range(len(block.numbers))] == [
            block.row(slot) for slot in range(len(block.numbers))
        ]


def test_what_is_made_ahead_comes_in_order_and_fails_in_its_place():
    def make():
        yield 1
        yield 2
        raise KeyError("third")

    made = ahead(make())
    assert [next(made), next(made)] == [1, 2]
    with pytest.raises(KeyError, match="third"):
        next(made)
