"""Every case of every rule: a sheet that breaks it, and a near one that does not.

The list is compared with RULES, so that no case can be added without both.
"""

from datetime import date

import pytest

from hr_portal.domain.history import History
from hr_portal.domain.refusals import Often
from hr_portal.domain.rules import RULES, severity
from hr_portal.domain.table import PICTURE, Remark
from tests.domain.sheets import (
    CORRECTION,
    boolean,
    clock,
    computed,
    day,
    error,
    formula,
    found,
    judge,
    num,
    person,
)  # fmt: skip

KK = "3171011203159001"
NIK = "3171014508909013"


def with_new(header, value, **cells):
    """A person whose one field becomes a new value."""
    row = person(kk=KK, **cells)
    del row["Gelar (Menjadi)"]
    return row | {f"{header} (Menjadi)": value}


_KPJ, _OTHER = "09999990017", "3171014508909021"


def merging(keeps, merged, **cells):
    """A person who keeps one KPJ and has another merged into it."""
    return with_new("KPJ Digabung", merged, kpj=keeps, **cells)


def people(count, **cells):
    """Several employees, each with a KPJ and NIK of its own; cells may ask for the number."""
    rows = []
    for i in range(count):
        own = {key: value(i) if callable(value) else value for key, value in cells.items()}
        row = {"kpj": f"0999999{1000 + i}", "nik": f"317101450890{9001 + i * 3}"} | own
        rows.append(person(**row))
    return rows


def data(**cells):
    """One row of the per-correction layout."""
    return {**CORRECTION, **cells}


STRUCK = Remark("struck-rows", "Baris 2 dicoret.", "Row 2 is crossed out.", (2,))
HIDDEN = Remark("hidden-rows", "Baris 2 tersembunyi.", "Row 2 is hidden.", (2,))
COMMENTED = Remark("comments", "Komentar pada sel F2.", "A comment on cell F2.", (2,))
COMMENTED_CELLS = Remark(
    "comments", "Komentar pada sel F2.", "A comment on cell F2.", (2,), ("F2",)
)
UNSEEN = Remark("unseen-cells", "Isi sel F2.", "What cell F2 holds.", (2,))
UNSEEN_CELLS = Remark("unseen-cells", "Isi sel F2.", "What cell F2 holds.", (2,), ("F2",))
SEEN = {
    ("FIL-05", ""): HIDDEN, ("FIL-08", ""): STRUCK, ("FIL-09", ""): COMMENTED, ("FIL-09", "cells"): COMMENTED_CELLS,
    ("FIL-10", ""): UNSEEN, ("FIL-10", "cells"): UNSEEN_CELLS,
}  # fmt: skip
HISTORY = History(
    pending={("09999990017", "hp"): "PKD-1"},
    approved={("09999990017", "hp", "+6281200000001"): "PKD-2"},
    nik_changed={"09999990017": "PKD-3"},
    refused={"hp": Often(7, 40, "taken"), "email": Often(5, 12, "")},
)

CASES = [
    # code, case, broken rows, sound rows, options of the check
    ("CELL-04", "", [person(nik="31710145O8909013")], [person(nik=NIK)], {}),
    ("CELL-05", "", [person(nik=num(3171014508909010))], [person(nik="3171014508909010")], {}),
    ("CELL-06", "", [person(nik=num(3171014508909013))], [person(nik=NIK)], {}),
    ("CELL-07", "", [person(nik=num(9404014508909001))], [person(nik="9404014508909001")], {}),
    (
        "CELL-08", "", [with_new("NPWP", num("1009987654299900000000"))],
        [with_new("NPWP", num("99876542999000"))], {},
    ),
    ("CELL-10", "", [person(nik="3,17101E+15")], [person(nik="317101E15")], {}),
    ("CELL-12", "", [person(nik=day("1990-08-05"))], [person(lahir=day("1990-08-05"))], {}),
    ("CELL-13", "error", [person(nik=error())], [person(nik=NIK)], {}),
    ("CELL-13", "picture", [person(nik=error(PICTURE))], [person(nik=error())], {}),
    ("CELL-13", "formula", [person(nik=formula())], [person(nik=computed(NIK))], {}),
    ("CELL-13", "boolean", [person(nama=boolean())], [person(nama="TRUE CONTOHAN")], {}),
    (
        "CELL-15", "zeros", people(20, nik=lambda i: f"31710145089{9000 + i * 10:05d}"),
        people(20, nik=lambda i: f"317101450890{9001 + i * 10:04d}"), {},
    ),
    (
        "CELL-15", "papua", people(20, nik=lambda i: f"940401450890{9002 + i * 2}"[:15] + "2"
                                   if i % 2 else f"940401050890{9004 + i * 20}"),
        people(20, nik=lambda i: f"940401450890{9001 + i * 7}"), {},
    ),
    ("CELL-17", "", [person(nik=computed(NIK))], [person(nik=NIK)], {}),
    ("CELL-18", "text", [with_new("Alamat Domisili", "s.d.a.")], [with_new("Alamat Domisili", "Jalan S.D.A")], {}),
    ("CELL-18", "number", [person(nik="belum ada")], [person(nik=NIK)], {}),
    ("CELL-18", "name", [person(nama="lihat lampiran")], [person(nama="LIHAT CONTOHAN")], {}),
    (
        "CELL-18", "both", [person(nama="semula SITI CONTO menjadi SITI CONTOHAN")],
        [person(nama="SITI CONTOHAN")], {},
    ),
    ("NIK-01", "", [person(nik=NIK[:15])], [person(nik=NIK)], {}),
    ("NIK-01", "several", [person(nik=f"{NIK} / 3171014508909021")], [person(nik="3171 0145 0890 9013")], {}),
    ("NIK-02", "", [person(nik="9971014508909013")], [person(nik="9671014508909013")], {}),
    ("NIK-04", "", [person(nik="9109010107889004")], [person(nik="9404010107889004")], {}),
    ("NIK-05", "", [person(nik="6473010203809005")], [person(nik="6571010203809005")], {}),
    ("NIK-06", "", [person(nik="3199010101909001")], [person(nik="3171010101909001")], {}),
    ("NIK-07", "", [person(nik="3207201708929006")], [person(nik="3207011708929006")], {}),
    ("NIK-08", "", [person(nik="3171018508909013")], [person(nik="3171017108909013")], {}),
    ("NIK-09", "", [person(nik="3171013002909001")], [person(nik="3171012802909001")], {}),
    ("NIK-10", "", [person(nik="3171010508900000")], [person(nik="3171010508909001")], {}),
    ("NIK-11", "", [person(lahir="06-08-1990")], [person(lahir="05-08-1990")], {}),
    ("NIK-12", "", [person(lahir="08-05-1990")], [person(lahir="05-08-1990")], {}),
    ("NIK-13", "", [person(jk="L")], [person(jk="P")], {}),
    ("NIK-14", "", [person(nik="1212121212121212")], [person(nik=NIK)], {}),
    ("NIK-15", "", [person(nik="0971014508909013")], [person(nik=NIK)], {}),
    ("NIK-16", "", [person(), person(kpj="09999990025")], [person(), person()], {}),
    (
        "NIK-17", "", [person(), person(kpj="09999990025", nama="BUDI CONTOH")],
        [person(), person(kpj="09999990025")], {},
    ),
    ("NIK-18", "", [with_new("NIK", "3171014508909021")], [with_new("NIK", NIK)], {}),
    ("KK-01", "", [person(kk=KK[:15])], [person(kk=KK)], {}),
    ("KK-01", "several", [person(kk=f"{KK}\n3171011203159003")], [person(kk=KK)], {}),
    ("KK-02", "province", [person(kk="9971011203159001")], [person(kk=KK)], {}),
    ("KK-02", "regency", [person(kk="3199011203159001")], [person(kk=KK)], {}),
    ("KK-02", "old", [person(kk="9109011203159001")], [person(kk="9404011203159001")], {}),
    ("KK-02", "district", [person(kk="3171991203159001")], [person(kk=KK)], {}),
    ("KK-03", "", [person(kk="3171013002159001")], [person(kk="3171012802159001")], {}),
    ("KK-04", "", [person(kk="3171015203159001")], [person(kk=KK)], {}),
    ("KK-05", "own", [person(kk=NIK)], [person(kk=KK)], {}),
    (
        "KK-05", "other", [person(), person(kpj="09999990025", nik="3171010508909021", kk=NIK)],
        [person(), person(kpj="09999990025", nik="3171010508909021", kk=KK)], {},
    ),
    ("KK-06", "", [person(kk="3171012211269001")], [person(kk="3171012111269001")], {}),
    ("KK-07", "", [person(kk="3171011203150000")], [person(kk=KK)], {}),
    ("KK-09", "", people(21, kk=KK), people(20, kk=KK), {}),
    ("KPJ-01", "", [person(kpj="099999900171")], [person(kpj="09999990017")], {}),
    (
        "KPJ-01", "several", [with_new("KPJ Digabung", "09999990025 dan 09999990033")],
        [with_new("KPJ Digabung", "09999990025")], {},
    ),
    ("KPJ-02", "lookalike", [person(kpj="0999999O017")], [person(kpj="0999999X017")], {}),
    ("KPJ-02", "old-card", [person(kpj="99X99990017")], [person(kpj="99O99990017")], {}),
    ("KPJ-03", "", [person(kpj=num(9999990017))], [person(kpj=num(19999990017))], {}),
    ("KPJ-04", "", [person(kpj="9999990017")], [person(kpj=num(9999990017))], {}),
    ("KPJ-05", "", [person(kpj="0009999900171")], [person(kpj="0019999900171")], {}),
    ("KPJ-06", "", [person(kpj=NIK)], [person(kpj="099999900171234")], {}),
    ("KPJ-07", "", [person(), person(nama="BUDI CONTOH")], [person(), person()], {}),
    (
        "KPJ-07", "chain", [merging(_KPJ, "09999990025"), merging("09999990025", "09999990033")],
        [merging(_KPJ, "09999990033"), merging(_KPJ, "09999990041"), merging("09999990025", "09999990025")], {},
    ),
    (
        "KPJ-07", "twice", [merging(_KPJ, "09999990033"), merging("09999990025", "09999990033", nik=_OTHER)],
        [merging(_KPJ, "09999990033"), merging("9", "09999990033", nik=_OTHER)], {},
    ),
    (
        "KPJ-07", "other", [merging(_KPJ, "09999990025"), person(kpj="09999990025", nik=_OTHER)],
        [merging(_KPJ, "09999990025"), person(kpj="09999990025")], {},
    ),
    ("KPJ-08", "", [person(), person(kpj="09999990025")], [person(), person()], {}),
    ("NPP-01", "form", [person(NPP="9000012")], [person(NPP="90000123")], {}),
    (
        "NPP-01", "foreign", [person(NPP="9000012")], [person(NPP="90000124")],
        {"npp": "90000123"},
    ),
    ("NPP-02", "", [person(NPP="9000012A")], [person(NPP="90000123")], {}),
    ("NPP-03", "", [person(NPP="90000124")], [person(NPP="90000123")], {"npp": "90000123"}),
    ("DIV-01", "", [person(**{"Kode Divisi": "0001"})], [person(**{"Kode Divisi": "1"})], {}),
    ("TAX-01", "", [with_new("NPWP", "09987654299900")], [with_new("NPWP", NIK)], {}),
    ("TAX-02", "", [with_new("NPWP", "3171014508909021")], [with_new("NPWP", NIK)], {}),
    (
        "TAX-03", "", [with_new("NPWP", "0099876543999000")],
        [with_new("NPWP", "0099876542999000")], {},
    ),
    ("TAX-04", "", [with_new("NPWP", "3171018508909013")], [with_new("NPWP", NIK)], {}),
    (
        "TAX-05", "", [with_new("NPWP", "09.987.654.3-999.000")],
        [with_new("NPWP", "09.987.654.2-999.000")], {},
    ),
    ("TAX-06", "", [with_new("NPWP", "09.987.654.2-999.000")], [with_new("NPWP", NIK)], {}),
    (
        "TAX-07", "", [with_new("NPWP", "09.987.654.2-999.001")],
        [with_new("NPWP", "09.987.654.2-999.000")], {},
    ),
    (
        "TAX-08", "", [with_new("NPWP", num(99876542999000))],
        [with_new("NPWP", num(99876543999000))], {},
    ),
    ("TAX-09", "", [with_new("NPWP", "0099876542999000000001")], [with_new("NPWP", NIK)], {}),
    ("TAX-10", "", [with_new("NPWP", "000000000000000")], [with_new("NPWP", NIK)], {}),
    ("NAM-01", "empty", [person(nama="")], [person(nama="SITI CONTOHAN")], {}),
    (
        "NAM-01", "erase", [with_new("Nama Lengkap", "HAPUS")],
        [with_new("Nama Lengkap", "BUDI CONTOH")], {},
    ),
    ("NAM-01", "no-letters", [person(nama="...")], [person(nama="AB")], {}),
    ("NAM-01", "one-letter", [person(nama="Y.")], [person(nama="YO")], {}),
    ("NAM-02", "", [person(nama="BUD1 CONT0H")], [person(nama="BUDI CONTOH")], {}),
    ("NAM-03", "", [person(nama="SITI Иванова")], [person(nama="SITI IVANOVA")], {}),
    ("NAM-04", "", [person(nama="JOSÉ CONTOH")], [person(nama="JOSE CONTOH")], {}),
    ("NAM-05", "", [person(nama="A" * 30 + " " + "B" * 30)], [person(nama="A" * 30 + " " + "B" * 29)], {}),
    ("NAM-06", "", [person(nama="SITI")], [person(nama="SITI CONTOHAN")], {}),
    ("NAM-07", "usual", [person(nama="MA’RUF CONTOHAN")], [person(nama="MARUF CONTOHAN")], {}),
    ("NAM-07", "odd", [person(nama="SITI (CONTOHAN)")], [person(nama="SITI CONTOHAN-UMPAMA")], {}),
    ("NAM-08", "", [person(nama="H. BUDI CONTOH, S.E.")], [person(nama="BUDI CONTOH")], {}),
    ("NAM-09", "", [person(nama="MUH. ALI CONTOH")], [person(nama="MUHAMMAD ALI CONTOH")], {}),
    (
        "NAM-11", "", [with_new("Nama Ibu Kandung", "ALMH. SRI UMPAMA")],
        [with_new("Nama Ibu Kandung", "SRI UMPAMA")], {},
    ),
    ("NAM-12", "name", [person(nik="SITI CONTOHAN")], [person(nik="SITI")], {}),
    ("NAM-12", "number", [person(nama=NIK)], [person(nama="12345")], {}),
    ("DAT-01", "form", [person(lahir="Agustus 1990")], [person(lahir="5 Agustus 1990")], {}),
    ("DAT-01", "calendar", [person(lahir="31/02/1990")], [person(lahir="05/08/1990")], {}),
    ("DAT-04", "", [person(lahir="06-08-90")], [person(lahir="05-08-90")], {}),
    (
        "DAT-05", "", [person(lahir=day("1990-08-05"))], [person(lahir="05-08-1990")],
        {"epoch_1904": True},
    ),
    ("DAT-06", "serial", [person(lahir=num(33090))], [person(lahir=day("1990-08-05"))], {}),
    ("DAT-07", "one-reading", [person(lahir="05081990")], [person(lahir="05-08-1990")], {}),
    ("DAT-07", "doubtful", [person(lahir=num(5081990))], [person(lahir=num(19900805))], {}),
    ("DAT-08", "", [person(lahir=day("1990-05-08"))], [person(lahir=day("1990-08-05"))], {}),
    ("DAT-09", "time", [person(lahir=clock("13:00:00"))], [person(lahir=day("1990-08-05"))], {}),
    (
        "DAT-09", "with-time", [person(lahir=day("1990-08-05T13:00:00"))],
        [person(lahir=day("1990-08-05T00:00:00"))], {},
    ),
    (
        "DAT-09", "zone", [person(lahir="1990-08-04T17:00:00Z")],
        [person(lahir="1990-08-05T00:00:00Z")], {},
    ),
    ("DAT-10", "", [person(lahir="31-12-1929")], [person(lahir="01-01-1930")], {}),
    ("DAT-11", "", [person(lahir="22-11-2026")], [person(lahir="21-11-2026")], {}),
    ("DAT-12", "", [person(lahir="22-11-2011")], [person(lahir="21-11-2011")], {}),
    (
        "DAT-14", "",
        [person(kpj="09999990025", nik="3171015305909021", lahir="13-05-1990"),
         person(lahir=day("1990-05-08"))],
        [person(kpj="09999990025", nik="3171014505909021", lahir="05-05-1990"),
         person(lahir=day("1990-05-08"))], {},
    ),
    (
        "POB-01", "", [with_new("Tempat Lahir", "JAKARTA, 05-08-1990")],
        [with_new("Tempat Lahir", "JAKARTA")], {},
    ),
    (
        "POB-01", "long", [with_new("Tempat Lahir", "LLANFAIRPWLLGWYNG " * 6)],
        [with_new("Tempat Lahir", "L" * 100)], {},
    ),
    ("COD-01", "value", [person(jk="X")], [person(jk="PEREMPUAN")], {}),
    ("COD-01", "data", [data(Data="Zodiak")], [data(Data="gelar")], {}),
    ("COD-01", "several", [data(Data="NIK dan Nama")], [data(Data="gelar")], {}),
    (
        "COD-01", "country", [with_new("Kewarganegaraan", "WNA")],
        [with_new("Kewarganegaraan", "WNA Malaysia")], {},
    ),
    ("COD-01", "rhesus", [with_new("Golongan Darah", "A+")], [with_new("Golongan Darah", "A")], {}),
    (
        "COD-02", "", people(2, jk=lambda i: "WP"[i]), people(3, jk=lambda i: "WPL"[i]), {},
    ),
    ("COD-03", "", [with_new("Status Kawin", "K/1")], [with_new("Status Kawin", "KAWIN")], {}),
    ("COD-04", "", [with_new("Golongan Darah", "0")], [with_new("Golongan Darah", "O")], {}),
    ("TEL-01", "other", [with_new("No HP", "0841234567")], [with_new("No HP", "0812345678")], {}),
    (
        "TEL-01", "fixed-line", [with_new("No HP", "02155500001")],
        [with_new("No HP", "081200000001")], {},
    ),
    (
        "TEL-05", "", [with_new("No HP", "081200000001/081200000002")],
        [with_new("No HP", "0812/00000001")], {},
    ),
    (
        "TEL-07", "", people(4, **{"No HP": "081200000001"}),
        people(3, **{"No HP": "081200000001"}), {},
    ),
    (
        "TEL-08", "valid", [with_new("No HP", "+60123456789")],
        [with_new("No HP", "+6281200000001")], {},
    ),
    ("TEL-08", "invalid", [with_new("No HP", "+999 123")], [with_new("No HP", "+60123456789")], {}),
    ("EML-01", "form", [with_new("Email", "siti@contoh")], [with_new("Email", "siti@contoh.example")], {}),
    (
        "EML-01", "several", [with_new("Email", "a@contoh.example; b@contoh.example")],
        [with_new("Email", "a@contoh.example")], {},
    ),
    (
        "EML-02", "", people(4, Email="hrd@contoh.example"), people(3, Email="hrd@contoh.example"), {},
    ),
    ("POS-01", "", [with_new("Kode Pos", "01110")], [with_new("Kode Pos", "10110")], {}),
    (
        "POS-02", "", [with_new("Kode Pos", "10110", **{"Alamat Domisili": "Jalan Misal, Jawa Timur"})],
        [with_new("Kode Pos", "60110", **{"Alamat Domisili": "Jalan Misal, Jawa Timur"})], {},
    ),
    ("BNK-01", "", [with_new("No Rekening", "1234")], [with_new("No Rekening", "12345")], {}),
    (
        "BNK-01", "several", [with_new("No Rekening", "9000000112/9000000113")],
        [with_new("No Rekening", "0123-01-012345-50-1")], {},
    ),
    (
        "BNK-02", "", [with_new("No Rekening", "900000011", **{"Kode Bank": "009"})],
        [with_new("No Rekening", "9000000112", **{"Kode Bank": "009"})], {},
    ),
    ("BNK-03", "padded", [with_new("Kode Bank", "14")], [with_new("Kode Bank", num(14))], {}),
    ("BNK-03", "form", [with_new("Kode Bank", "0140")], [with_new("Kode Bank", "014")], {}),
    (
        "BNK-04", "", [with_new("No Rekening", num(112000011), **{"Kode Bank": "014"})],
        [with_new("No Rekening", num(112000011), **{"Kode Bank": "009"})], {},
    ),
    (
        "BNK-05", "lost", [with_new("No Rekening", num(1234567890123450))],
        [with_new("No Rekening", num(123456789012345))], {},
    ),
    (
        "BNK-05", "exact", [with_new("No Rekening", num(1234567890123451))],
        [with_new("No Rekening", "1234567890123451")], {},
    ),
    (
        "BNK-06", "", [with_new("Nama Rekening", "BUDI CONTOH")],
        [with_new("Nama Rekening", "Siti Contohan, S.E.")], {},
    ),
    (
        "BNK-07", "", [with_new("No Rekening", "081200000001")],
        [with_new("No Rekening", "0812000000011", **{"Kode Bank": "008"})], {},
    ),
    (
        "BNK-08", "", people(2, **{"No Rekening": "9000000112"}),
        people(2, **{"No Rekening": "9000000112", "Kode Bank": lambda i: ("014", "009")[i]}), {},
    ),
    ("REQ-01", "empty", [person(nik="")], [person(nik=NIK)], {}),
    (
        "REQ-01", "column", [{"KPJ": "09999990017", "Nama Lengkap": "SITI CONTOHAN",
                              "Gelar (Menjadi)": "S.E."}], [person()], {},
    ),
    (
        "REQ-01", "kk", [with_new("NIK", "3171014508909021") | {"No KK": ""}],
        [with_new("NIK", "3171014508909021")], {},
    ),
    (
        "REQ-01", "kk-column", [person(**{"NIK (Menjadi)": "3171014508909021"})],
        [with_new("NIK", "3171014508909021")], {},
    ),
    ("REQ-01", "which", [data(Data="")], [data()], {}),
    ("REQ-01", "erase", [with_new("NIK", "hapus")], [with_new("Email", "hapus")], {}),
    ("ROW-01", "cell", [data(Menjadi="")], [data(Menjadi="HAPUS")], {}),
    ("ROW-01", "row", [person(gelar_baru="") | {"Gelar (Menjadi)": ""}], [person()], {}),
    (
        "ROW-02", "conflict", [data(), data(Menjadi="S.H.")],
        [data(), data(Data="Email", Menjadi="siti@contoh.example")], {},
    ),
    ("ROW-02", "repeat", [data(), data()], [data(), data(KPJ="09999990025", NIK="3171010508909021")], {}),
    (
        "ROW-03", "itself", [data(Data="KPJ Digabung", Menjadi="09999990017")],
        [data(Data="KPJ Digabung", Menjadi="09999990025")], {},
    ),
    ("ROW-03", "", [data(Semula="s.e.", Menjadi="s.e.")], [data(Semula="S.H.")], {}),
    ("CELL-19", "code", [data(Data="Nama Ibu Kandung", Menjadi="TUTI&nbsp;REKAAN")], [data()], {}),
    ("CELL-19", "encoding", [with_new("Alamat Domisili", "Jl. Misal â€“ 5")], [data()], {}),
    ("CELL-19", "lost", [with_new("Alamat Domisili", "Jl. Misal \ufffd 5")], [data()], {}),
    ("ROW-04", "", [data(Menjadi="tidak berubah")], [data()], {}),
    ("ROW-04", "row", [data(Menjadi="Tidak berubah")], [data()], {}),
    ("ROW-05", "above", [data(), {"Menjadi": "M.M."}], [data()], {}),
    ("ROW-05", "perhaps", [data(), {"Nama Lengkap": "WIJAYA"}], [data()], {}),
    ("ROW-05", "below", [data(), {"Nama Lengkap": "WIJAYA"}], [data()], {}),
    ("FIL-05", "", [person()], [person(kpj="09999990025")], {}),
    ("FIL-08", "", [person()], [person(kpj="09999990025")], {}),
    ("FIL-09", "", [person()], [person(kpj="09999990025")], {}),
    ("FIL-09", "cells", [person()], [person(kpj="09999990025")], {}),
    ("FIL-10", "", [person()], [person(kpj="09999990025")], {}),
    ("FIL-10", "cells", [person()], [person(kpj="09999990025")], {}),
    ("HIS-01", "", [with_new("No HP", "081200000002")], [with_new("Email", "siti@contoh.example")],
     {"history": HISTORY}),
    ("HIS-02", "", [with_new("No HP", "081200000001")], [with_new("No HP", "081200000002")],
     {"history": HISTORY}),
    ("HIS-03", "", [with_new("NIK", "3171014508909021")], [with_new("Gelar", "S.E.")],
     {"history": HISTORY}),
    ("HIS-04", "reason", [with_new("No HP", "081200000009")], [with_new("Gelar", "S.E.")],
     {"history": HISTORY}),
    ("HIS-04", "mixed", [with_new("Email", "siti@contoh.example")], [with_new("Gelar", "S.E.")],
     {"history": HISTORY}),
]  # fmt: skip

NAMES = [f"{code} {case}".strip() for code, case, *_ in CASES]


@pytest.mark.parametrize(("code", "case", "broken", "sound", "options"), CASES, ids=NAMES)
def test_a_case_is_reported_where_it_is_broken_and_only_there(code, case, broken, sound, options):
    if (code, case) in SEEN:
        report = judge([*broken, *sound], remarks=[SEEN[code, case]])
        assert [(each[1], row) for *each, row, _ in found(report, code)] == [(case, 2)]
        return
    reported = [each for each in found(judge(broken, **options), code) if each[1] == case]
    assert reported, found(judge(broken, **options))
    assert not [each for each in found(judge(sound, **options), code) if each[1] == case]


def plain(settled):
    """What is settled as nested plain values, as it is in this moment."""
    tidied = {code: [at.tolist() for at in places] for code, places in settled.tidied_cells.items()}
    clean = [None if values is None else list(values) for values in settled.clean]
    employee = {key: list(values) for key, values in settled.employee.items()}
    asked = settled.corrections
    corrections = [list(asked.row), *map(list, (asked.field_key, asked.before, asked.after))]
    return settled.empty.tolist(), clean, employee, corrections, tidied


COMPLETED = person(lahir="05-08-90", **{"NPWP": num(99876542999000), "Kode Divisi": "1"}) | {
    "Kode Bank": num(14), "No Rekening": num(112000011),
}  # fmt: skip
"""What its rules put back: a century, zeros."""


@pytest.mark.parametrize(
    "rows",
    [[COMPLETED], *[broken for _, _, broken, *_ in CASES], *[sound for *_, sound, _ in CASES]],
)
def test_what_is_settled_before_the_last_rules_stands_in_the_end(rows):
    early = []
    report = judge(rows, settle=lambda settled: early.append(plain(settled)))
    assert early == [plain(report.settled)] == [plain(judge(rows).settled)]


def test_every_case_of_the_law_has_its_sheets():
    assert {(code, case) for code, case, *_ in CASES} == {
        (rule.code, case.key) for rule in RULES for case in rule.cases
    }


def test_the_day_of_the_check_is_an_argument():
    rows = [person(lahir="05-08-1990")]
    assert found(judge(rows, today=date(2026, 11, 21))) == []
    assert found(judge(rows, today=date(1989, 1, 1)))[0][0] == "DAT-11"
    assert severity("DAT-11").json == "error"
