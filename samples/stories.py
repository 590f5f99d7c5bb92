"""The stories: what goes wrong with spreadsheets, one file each."""

from dataclasses import replace
from datetime import datetime
from typing import Any

from samples.people import Person, person
from samples.sheets import Error, Formula, Number, Row, Story

MAIL = "Email"


def correction(
    one: Person, number: int, data: str, after: object, before: str = "", **changes: object
) -> dict[str, Any]:
    """Return a row of the per-correction layout; `changes` replace cells by header."""
    cells = {
        "No": str(number), "KPJ": one.kpj, "NIK": one.nik, "Nama Lengkap": one.name,
        "Tanggal Lahir": one.birth, "No KK": one.kk, "Data": data, "Semula": before,
        "Menjadi": after, "Alasan": "Salah ketik saat pendaftaran", "Keterangan": "",
    }  # fmt: skip
    return {**cells, **changes}


def mails(first: int, rows: list[tuple[dict[str, Any], list[str]]]) -> list[Row]:
    """Return rows that correct the e-mail of people, some cells replaced, with their findings."""
    made = []
    for at, (changes, finds) in enumerate(rows):
        one = person(first + at)
        cells = correction(one, at + 1, MAIL, one.email, "lama@contoh.example")
        made.append(Row({**cells, **changes}, finds))
    return made


def clean_rows(first: int, count: int) -> list[Row]:
    """Return rows without a fault, of all common kinds."""
    rows = []
    for at in range(count):
        one, other = person(first + at), person(first + at + 500)
        kinds = [
            ("Email", one.email, "lama@contoh.example"),
            ("No HP", one.phone, other.phone),
            ("Alamat Domisili", one.address, "Jalan Lama Nomor 1, RT 001/RW 001"),
            ("Nama Ibu Kandung", one.mother, one.mother[:-1]),
            ("Jenis Kelamin", one.sex, "L" if one.sex == "P" else "P"),
            ("Status Kawin", "Y", "T"),
            ("Golongan Darah", "O", "B"),
        ]
        data, after, before = kinds[at % len(kinds)]
        rows.append(Row(correction(one, at + 1, data, after, before)))
    return rows


def employee(one: Person, number: int, **changes: object) -> dict[str, Any]:
    """Return a row of the per-employee layout."""
    return {
        "No": str(number), "KPJ": one.kpj, "NIK": one.nik, "Nama Lengkap": one.name,
        "Tanggal Lahir": one.birth, "No KK": one.kk, **changes,
    }  # fmt: skip


EMPLOYEE_HEADERS = (
    "No", "KPJ", "NIK", "Nama Lengkap", "Tanggal Lahir", "No KK", "Email", "Email (Menjadi)",
    "No HP", "No HP (Menjadi)", "Nama Ibu Kandung (Menjadi)", "NIK Seharusnya", "Alasan",
)  # fmt: skip


def clean() -> list[Story]:
    """Files without a fault."""
    employees = []
    for at in range(12):
        one = person(40 + at)
        changes = [
            {"Email": "lama@contoh.example", "Email (Menjadi)": one.email},
            {"No HP": person(700 + at).phone, "No HP (Menjadi)": one.phone},
            {"Nama Ibu Kandung (Menjadi)": one.mother},
        ][at % 3]
        employees.append(Row(employee(one, at + 1, Alasan="Pemutakhiran", **changes)))
    return [
        Story("koreksi-bersih", "One correction a row, nothing to mend: ready to be submitted.",
              clean_rows(1, 24)),
        Story("karyawan-bersih", "One employee a row, nothing to mend.", employees,
              headers=EMPLOYEE_HEADERS, layout="per-employee", inline=True),
        Story("koreksi-bersih-utf8", "Csv in UTF-8 with a BOM and commas, nothing to mend.",
              clean_rows(30, 7), suffix=".csv", encoding="utf-8-sig", delimiter=","),
        Story("koreksi-bersih-utf16", "Csv in UTF-16 with tabs, as Excel's “Unicode Text”.",
              clean_rows(30, 7), suffix=".csv", encoding="utf-16", delimiter="\t"),
    ]  # fmt: skip


def damaged_numbers() -> list[Story]:
    """Identifiers that went through a number cell."""
    papua = replace(person(61), nik="9404010101909002")
    return [
        Story(
            "angka-excel",
            "NIK, KPJ and phones as numbers: last digits and leading zeros are gone.",
            [
                Row(correction(person(60), 1, MAIL, person(60).email,
                               NIK=Number(person(60).nik[:15] + "0")), ["CELL-05@NIK"]),
                Row(correction(papua, 2, MAIL, papua.email, NIK=Number(papua.nik),
                               **{"Tanggal Lahir": "01-01-1990"}), ["CELL-07@NIK"]),
                Row(correction(person(62), 3, MAIL, person(62).email,
                               NIK=Number(person(62).nik)), ["CELL-06@NIK"]),
                Row(correction(person(63), 4, MAIL, person(63).email,
                               KPJ=Number(person(63).kpj, "00000000000")), ["KPJ-03@KPJ"]),
                Row(correction(person(64), 5, "No HP", Number(person(64).phone))),
                Row(correction(person(65), 6, "No HP", Number("62" + person(65).phone[1:]))),
                Row(correction(person(66), 7, MAIL, person(66).email,
                               **{"No KK": Number(person(66).kk[:15] + "0")}), ["CELL-05@No KK"]),
            ],
        ),
        Story(
            "notasi-ilmiah", "Csv saved by Excel: NIK became 3,17101E+15.",
            mails(70, [
                ({"NIK": "3,17101E+15"}, ["CELL-10@NIK"]),
                ({"NIK": "3.17101450890901E+15"}, ["CELL-10@NIK"]),
                ({"KPJ": "9,999E+09"}, ["CELL-10@KPJ"]),
                ({"No KK": "3,17101E+15"}, ["CELL-10@No KK"]),
                ({}, []),
            ]),
            suffix=".csv",
        ),
    ]  # fmt: skip


def layout_faults() -> list[Story]:
    """Tables that do not begin at A1, or hide something."""
    rows = clean_rows(90, 6)
    count = [f"({at})" for at in range(1, 12)]
    return [
        Story(
            "judul-di-atas", "Report title above the table, a row of column numbers, a total below.",
            rows,
            title=(["DAFTAR KOREKSI DATA PESERTA"], ["PT Contoh Sejahtera", "", "NPP 90000123"], []),
            below=(count,), after=(["Jumlah: 6 koreksi"],),
        ),
        Story(
            "tersembunyi", "Rows hidden, crossed out, commented on, in white on white, a hidden column, other sheets.",
            [rows[0], Row(rows[1].cells, ["FIL-10"], look={"font_color": "white"}),
             Row(rows[2].cells, ["FIL-09"], comments={"Menjadi": "yang benar: Jalan Contoh Nomor 2"}),
             Row(rows[3].cells, ["FIL-05"], hidden=True),
             Row(rows[4].cells, ["FIL-08"], look={"font_strikeout": True}), *rows[5:]],
            hidden_columns=("Semula",),
            other_sheets={"Rekap": [["Cabang", "Jumlah"], ["Contoh Raya", "6"]],
                          "-Arsip": [["lama"], ["data"]]},
        ),
        Story(
            "titik-koma-cp1252", "Csv of an Indonesian Excel: semicolons, Windows-1252.",
            [
                *clean_rows(100, 4),
                Row(correction(person(104), 5, "Nama Ibu Kandung", "RENÉE PUSPA"),
                    ["NAM-04@Menjadi"]),
                Row(correction(person(105), 6, "Alamat Domisili",
                               "Jalan “Misal” – Nomor 8; RT 001/RW 002")),
            ],
            suffix=".csv", encoding="cp1252",
        ),
        Story(
            "templat-terisi", "The portal's template filled in; its example row is skipped.",
            clean_rows(110, 5),
            below=(["Contoh", "09999990017", "3171014508909013", "SITI CONTOHAN", "05-08-1990",
                    "3171011203159001", "Nama Ibu Kandung", "SRI UMPAMI", "SRI UMPAMA",
                    "Salah ketik saat pendaftaran"],),
        ),
    ]  # fmt: skip


def value_faults() -> list[Story]:
    """Cells that are no plain values, and values that are no plain text."""
    hostile = [
        "<script>alert('x')</script>", "=cmd|' /C calc'!A0", "+62+cmd", "-2+3", "@SUM(1+1)",
        "{{7*7}} ${7*7}", "'; DROP TABLE batches; --", "Jalan \u202eterbalik\u202c 5",
        "Jalan\tTab\x07 7", "_x0041_ Nomor 1", "😀 Jalan Emoji 3",
    ]  # fmt: skip
    return [
        Story(
            "rumus-dan-galat", "Formulas, #N/A and TRUE where values belong.",
            [
                Row(correction(person(120), 1, MAIL,
                               Formula("=LOWER(Z1)", person(120).email)), ["CELL-17@Menjadi"]),
                Row(correction(person(121), 2, MAIL, Error()), ["CELL-13@Menjadi"]),
                Row(correction(person(122), 3, MAIL, person(122).email,
                               NIK=Error("#REF!")), ["CELL-13@NIK"]),
                Row(correction(person(123), 4, MAIL, person(123).email,
                               KPJ=Formula('="0"&Z9', person(123).kpj)), ["CELL-17@KPJ"]),
                Row(correction(person(124), 5, MAIL, person(124).email, NIK=True),
                    ["CELL-13@NIK"]),
                Row(correction(person(125), 6, MAIL, person(125).email)),
            ],
        ),
        Story(
            "tanggal-1904", "A workbook of an old Mac: the 1904 date system.",
            [
                Row(correction(person(130 + at), at + 1, MAIL, person(130 + at).email,
                               **{"Tanggal Lahir": person(130 + at).born}),
                    ["DAT-05@Tanggal Lahir"])
                for at in range(3)
            ],
            epoch_1904=True,
        ),
        Story(
            "tanggal", "Dates in many spellings, readable and not.",
            mails(140, [
                ({"Tanggal Lahir": person(140).born}, []),
                ({"Tanggal Lahir": f"{person(141).born:%Y-%m-%d} 00:00:00"}, []),
                ({"Tanggal Lahir": "31/02/1990"}, ["DAT-01@Tanggal Lahir"]),
                ({"Tanggal Lahir": "08/13/1990"}, ["DAT-01@Tanggal Lahir"]),
                ({"Tanggal Lahir": "besok"}, ["DAT-01@Tanggal Lahir"]),
                ({"Tanggal Lahir": "05-08-2030"}, ["DAT-11@Tanggal Lahir"]),
                ({"Tanggal Lahir": datetime(1990, 8, 5, 13, 30)},  # noqa: DTZ001
                 ["DAT-09@Tanggal Lahir", "NIK-11@Tanggal Lahir"]),
                ({"Tanggal Lahir": Number("33090")},
                 ["DAT-06@Tanggal Lahir", "NIK-11@Tanggal Lahir"]),
            ]),
        ),
        Story(
            "teks-berbahaya", "Texts that look like scripts, formulas or control characters.",
            [
                Row(correction(person(150 + at), at + 1, "Alamat Domisili", text))
                for at, text in enumerate(hostile)
            ],
            inline=True,
        ),
    ]  # fmt: skip


def rule_faults() -> list[Story]:
    """What the rules of the identifiers are for."""
    twin, other = person(160), person(161)
    return [
        Story(
            "kolom-tertukar", "NIK and KK in each other's column.",
            [
                # A woman's NIK can't be a KK number; a man's looks like one of another time.
                Row(correction(person(170 + at), at + 1, MAIL, person(170 + at).email,
                               NIK=person(170 + at).kk, **{"No KK": person(170 + at).nik}),
                    ["NIK-11@Tanggal Lahir", ("KK-06@No KK" if at % 2 else "KK-04@No KK")])
                for at in range(6)
            ],
        ),
        Story(
            "ganda", "One KPJ with two names, one NIK of two people, one correction twice.",
            [
                Row(correction(twin, 1, MAIL, twin.email), ["ROW-02@Menjadi"]),
                Row(correction(twin, 2, MAIL, "lain@contoh.example"), ["ROW-02@Menjadi"]),
                Row(correction(other, 3, MAIL, other.email), ["KPJ-07@KPJ"]),
                Row(correction(other, 4, "No HP", other.phone,
                               **{"Nama Lengkap": "ORANG LAIN SEKALI"}), ["KPJ-07@KPJ"]),
                Row(correction(replace(person(162), nik=person(163).nik), 5, MAIL,
                               person(162).email), ["NIK-17@NIK", "NIK-11@Tanggal Lahir"]),
                Row(correction(person(163), 6, MAIL, person(163).email), ["NIK-17@NIK"]),
            ],
        ),
        Story(
            "aturan-nik", "NIK that are impossible, old, or doubtful.",
            mails(180, [
                ({"NIK": "317101450890901"}, ["NIK-01@NIK"]),
                ({"NIK": "3171014508909O13"}, ["CELL-04@NIK"]),
                ({"NIK": "1111111111111111"}, ["NIK-14@NIK"]),
                ({"NIK": "0910145089090131"}, ["NIK-15@NIK"]),
                ({"NIK": "9971014508909013"}, ["NIK-02@NIK"]),
                ({"NIK": "1473010101909001", "Tanggal Lahir": "01-01-1990"}, ["NIK-06@NIK"]),
                ({"NIK": "3171018508909013"}, ["NIK-08@NIK"]),
                ({"NIK": "3171013002909001"}, ["NIK-09@NIK"]),
                ({"NIK": "3171010508900000", "Tanggal Lahir": "05-08-1990"}, ["NIK-10@NIK"]),
                ({"NIK": "9109010107889004", "Tanggal Lahir": "01-07-1988"}, ["NIK-04@NIK"]),
                ({"NIK": "6473010203809005", "Tanggal Lahir": "02-03-1980"}, ["NIK-05@NIK"]),
                ({"NIK": "3207201708929006", "Tanggal Lahir": "17-08-1992"}, ["NIK-07@NIK"]),
                ({"Tanggal Lahir": "07-08-1991"}, ["NIK-11@Tanggal Lahir"]),
                ({"NIK": "3171 0145 0890 9013\u200b", "Tanggal Lahir": "05-08-1990"}, []),
                ({"NIK": ""}, ["REQ-01@NIK"]),
            ]),
        ),
        Story(
            "aturan-kk-kpj", "KK and KPJ that can't be used.",
            [
                *mails(200, [
                    ({"KPJ": "9999990017"}, ["KPJ-04@KPJ"]),
                    ({"KPJ": "0009999900171"}, ["KPJ-05@KPJ"]),
                    ({"KPJ": person(202).nik}, ["KPJ-06@KPJ"]),
                    ({"KPJ": "99X99990017"}, ["KPJ-02@KPJ"]),
                    ({"KPJ": ""}, ["REQ-01@KPJ"]),
                    ({"No KK": "317101120315900"}, ["KK-01@No KK"]),
                    ({"No KK": "3171015203159001"}, ["KK-04@No KK"]),
                    ({"No KK": person(207).nik}, ["KK-05@No KK"]),
                    ({"No KK": "3171013102159001"}, ["KK-03@No KK"]),
                    ({"No KK": ""}, []),
                ]),
                Row(correction(person(210), 11, "NIK", person(210).nik, person(210).nik[:15],
                               **{"No KK": ""}), ["REQ-01@No KK", "NIK-18@Menjadi"]),
            ],
        ),
        Story(
            "aturan-lain", "Names, sex, phones, e-mails, and incomplete rows.",
            [
                Row(correction(person(220), 1, "Nama Lengkap", "BUD1 CONT0H"), ["NAM-02@Menjadi"]),
                Row(correction(person(221), 2, "Nama Lengkap", "Иван Контохан"),
                    ["NAM-03@Menjadi"]),
                Row(correction(person(222), 3, MAIL, person(222).email, **{"Nama Lengkap": ""}),
                    ["NAM-01@Nama Lengkap"]),
                Row(correction(person(223), 4, "Jenis Kelamin", "X"), ["COD-01@Menjadi"]),
                Row(correction(person(224), 5, "No HP", "02155500001"), ["TEL-01@Menjadi"]),
                Row(correction(person(225), 6, "No HP", "081200000001/081200000002"),
                    ["TEL-05@Menjadi"]),
                Row(correction(person(226), 7, MAIL, "bukan alamat"), ["EML-01@Menjadi"]),
                Row(correction(person(227), 8, MAIL, ""), ["ROW-01@Menjadi"]),
                Row(correction(person(228), 9, MAIL, person(228).email, person(228).email),
                    ["ROW-03@Menjadi"]),
                Row(correction(person(229), 10, "Zodiak", "Leo"), ["COD-01@Data"]),
                Row(correction(person(230), 11, "No HP", "+62 0812-0000-0001")),
                Row(correction(person(231), 12, "TTL", "BOGOR, 05-08-1990"), ["COD-01@Data"]),
                Row(correction(person(232), 13, MAIL, "TIDAK BERUBAH", person(232).email),
                    ["ROW-04", "ROW-04@Menjadi"]),
                Row(correction(person(233), 14, "Alamat Domisili", "Jalan Misal &amp; Contoh 1"),
                    ["CELL-19@Menjadi"]),
                Row(correction(person(234), 15, "Alamat Domisili", "Jalan Misal Nomor 1"), ["ROW-05"]),
                Row({"Menjadi": "RT 001/RW 002"}, ["ROW-05"]),
            ],
        ),
        Story(
            "karyawan-hapus", "One employee a row; HAPUS erases, an empty cell changes nothing.",
            [
                Row(employee(person(240), 1, **{"Email": "lama@contoh.example",
                                                "Email (Menjadi)": "HAPUS"})),
                Row(employee(person(241), 2, **{"No HP (Menjadi)": person(241).phone,
                                                "Email (Menjadi)": person(241).email})),
                Row(employee(person(242), 3), ["ROW-01"]),
                Row(employee(person(243), 4, **{"NIK Seharusnya": person(243).nik[:15]}),
                    ["NIK-01@NIK Seharusnya"]),
            ],
            headers=EMPLOYEE_HEADERS, layout="per-employee",
        ),
    ]  # fmt: skip


def all_stories() -> list[Story]:
    """Every story but the demo workbook."""
    return [
        *clean(), *damaged_numbers(), *layout_faults(), *value_faults(), *rule_faults(),
    ]  # fmt: skip
