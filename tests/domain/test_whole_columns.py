"""A column that has lost its last digits on the way (CELL-15), at its thresholds."""

import pytest

from tests.domain.sheets import found, judge, num, person


def sheet(niks, **cells):
    return [person(kpj=f"0999999{1000 + i}", nik=nik, **cells) for i, nik in enumerate(niks)]


def numbers(count, zeros, prefix="317101450890"):
    """So many NIK, so many of them ending in 0."""
    return [f"{prefix}{9000 + 10 * i + (0 if i < zeros else 1)}" for i in range(count)]


def papua(count, others=0, odd=0):
    """So many NIK of Papua, all even but some, and others of Jakarta."""
    niks = [f"940401450890{9002 + 10 * i + (1 if i < odd else 0)}" for i in range(count)]
    return niks + [f"317101450890{9001 + 10 * i}" for i in range(others)]


@pytest.mark.parametrize(
    ("count", "zeros", "said"),
    [(20, 6, True), (20, 5, False), (19, 19, False), (30, 9, True), (30, 8, False)],
)
def test_three_in_ten_of_twenty_end_in_zero(count, zeros, said):
    report = judge(sheet(numbers(count, zeros)))
    expected = [("CELL-15", "zeros", "W", 0, "NIK")] if said else []
    assert found(report, "CELL-15") == expected


def test_the_finding_tells_the_counts_and_leaves_the_rows_alone():
    report = judge(sheet(numbers(20, 6)))
    assert report.findings.params == [{"zeros": 6, "count": 20}]
    assert report.counts()["valid"] == 20


@pytest.mark.parametrize(
    ("niks", "said"),
    [(papua(8, 12), True), (papua(7, 13), False), (papua(8, 12, odd=1), False), (papua(20), True), (papua(19), False)],
)  # fmt: skip
def test_all_numbers_of_papua_are_even(niks, said):
    assert bool(found(judge(sheet(niks)), "CELL-15")) == said


def test_numeric_cells_have_their_own_finding():
    assert not found(judge(sheet([num(nik) for nik in numbers(20, 20)])), "CELL-15")


def test_the_family_card_is_looked_at_too():
    rows = [person(kpj=f"0999999{1000 + i}", nik=f"317101010190{9001 + 3 * i}", kk=f"31710112031590{10 + i}"[:15] + "0")
            for i in range(20)]  # fmt: skip
    assert found(judge(rows), "CELL-15") == [("CELL-15", "zeros", "W", 0, "No KK")]


def test_lines_of_one_employee_are_counted_once():
    rows = sheet(numbers(10, 10))
    lines = [row | {"Gelar (Menjadi)": "", f"{header} (Menjadi)": value}
             for row in rows for header, value in (("Email", "a@contoh.example"), ("Kode Pos", "10110"))]  # fmt: skip
    assert len(lines) == 20
    assert not found(judge(lines), "CELL-15")


def test_replaced_values_are_not_counted():
    rows = [
        person(kpj=f"0999999{1000 + i}", nik=nik, kk="3171011203159001", gelar_baru="")
        | {"NIK (Menjadi)": f"{nik[:15]}7"}
        for i, nik in enumerate(numbers(20, 20))
    ]
    assert not found(judge(rows), "CELL-15")
