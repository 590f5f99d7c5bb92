"""One row or one file for each rule that no other story breaks."""

from dataclasses import replace
from datetime import date

from samples.people import person
from samples.sheets import Number, Row, Story
from samples.stories import correction, employee

NPP = "NPP Perusahaan"
MONTHS = ("Januari", "Februari", "Maret", "April", "Mei", "Juni", "Juli", "Agustus", "September",
          "Oktober", "November", "Desember")  # fmt: skip
IDENTITY = ("No", "KPJ", "NIK", "Nama Lengkap", "Tanggal Lahir", "No KK")


def _changes(first: int, changes: list[tuple[str, object, list[str]]]) -> list[Row]:
    """Return rows of the per-correction layout: Data, Menjadi, what must be found."""
    return [
        Row(correction(person(first + at), at + 1, data, after), finds)
        for at, (data, after, finds) in enumerate(changes)
    ]


def _employees(first: int, changes: list[tuple[dict[str, object], list[str]]]) -> list[Row]:
    """Return rows of the per-employee layout that correct a title besides."""
    return [
        Row(employee(person(first + at), at + 1, **{"Gelar (Menjadi)": "S.E.", **cells}), finds)
        for at, (cells, finds) in enumerate(changes)
    ]


def stories() -> list[Story]:
    """Every story of this module."""
    return [_tax(), _banks(), _people(), _numbers(), *_columns(), _shared(), _company(), _tidied()]


def _tax() -> Story:
    other = person(699)
    return Story(
        "aturan-npwp", "NPWP of every kind that can't be used, or only after a look.",
        _changes(300, [
            ("NPWP", "09987654299900", ["TAX-01@Menjadi"]),
            ("NPWP", other.nik, ["TAX-02@Menjadi"]),
            ("NPWP", "0099876543999000", ["TAX-03@Menjadi"]),
            ("NPWP", "3171018508909013", ["TAX-04@Menjadi"]),
            ("NPWP", "09.987.654.3-999.000", ["TAX-05@Menjadi", "TAX-06@Menjadi"]),
            ("NPWP", "09.987.654.2-999.000", ["TAX-06@Menjadi"]),
            ("NPWP", "09.987.654.2-999.001", ["TAX-06@Menjadi", "TAX-07@Menjadi"]),
            ("NPWP", Number("99876542999000"), ["TAX-08@Menjadi"]),
            ("NPWP", "0099876542999000000001", ["TAX-09@Menjadi"]),
            ("NPWP", "000000000000000", ["TAX-10@Menjadi"]),
            ("NPWP", Number("1009987654299900000000"), ["CELL-08@Menjadi"]),
        ]),
    )  # fmt: skip


def _banks() -> Story:
    headers = (*IDENTITY, "Kode Bank", "No Rekening (Menjadi)", "Nama Rekening (Menjadi)", "Alasan")
    bank, account, holder = "Kode Bank", "No Rekening (Menjadi)", "Nama Rekening (Menjadi)"
    rows = [
        ({account: "1234"}, ["BNK-01@No Rekening (Menjadi)"]),
        ({bank: "009", account: "900000011"}, ["BNK-02@No Rekening (Menjadi)"]),
        ({bank: "14", account: "9000000112"}, ["BNK-03@Kode Bank"]),
        ({bank: "014", account: Number("112000011")}, ["BNK-04@No Rekening (Menjadi)"]),
        ({bank: "002", account: Number("1234567890123450")}, ["BNK-05@No Rekening (Menjadi)"]),
        (
            {bank: "014", account: "9000000201", holder: person(699).name},
            ["BNK-06@Nama Rekening (Menjadi)"],
        ),
        ({account: "081200000001"}, ["BNK-07@No Rekening (Menjadi)"]),
        ({bank: "014", account: "9000000303"}, ["BNK-08@No Rekening (Menjadi)"]),
        ({bank: "014", account: "9000000303"}, ["BNK-08@No Rekening (Menjadi)"]),
    ]
    return Story(
        "aturan-rekening", "Bank accounts that a bank would not know, or several people share.",
        [Row(employee(person(320 + at), at + 1, **cells), finds) for at, (cells, finds) in enumerate(rows)],
        headers=headers, layout="per-employee",
    )  # fmt: skip


def _people() -> Story:
    long_name = "PUTRI" + "ANDAI" * 6 + " " + "CONTOH" * 5
    return Story(
        "aturan-orang", "Names, dates and words of people that need a look.",
        [
            *_changes(340, [
                ("Nama Lengkap", long_name, ["NAM-05@Menjadi"]),
                ("Nama Lengkap", "SITI", ["NAM-06@Menjadi"]),
                ("Nama Lengkap", "SITI (CONTOHAN)", ["NAM-07@Menjadi"]),
                ("Nama Lengkap", "H. BUDI CONTOH, S.E.", ["NAM-08@Menjadi"]),
                ("Nama Lengkap", "MUH. ALI CONTOH", ["NAM-09@Menjadi"]),
                ("Nama Ibu Kandung", "ALMH. SRI UMPAMA", ["NAM-11@Menjadi"]),
                ("Nama Ibu Kandung", "3171014508909013", ["NAM-12@Menjadi"]),
                ("Tempat Lahir", "JAKARTA, 05-08-1990", ["POB-01@Menjadi"]),
                ("Status Kawin", "K/1", ["COD-03@Menjadi"]),
                ("Golongan Darah", "0", ["COD-04@Menjadi"]),
                ("Jenis Kelamin", "L", ["NIK-13@Menjadi"]),
                ("No HP", "+60123456789", ["TEL-08@Menjadi"]),
                ("Kode Pos", "01110", ["POS-01@Menjadi"]),
                ("Alamat Domisili", "s.d.a.", ["CELL-18@Menjadi"]),
                ("Nama Ibu Kandung", "lihat lampiran", ["CELL-18@Menjadi"]),
                ("Nama Ibu Kandung", "semula SRI UMPAM menjadi SRI UMPAMA", ["CELL-18@Menjadi"]),
            ]),
        ],
    )  # fmt: skip


def _numbers() -> Story:
    siti = replace(person(370), nik="3171014508909013", born=date(1990, 8, 5))
    headers = (*IDENTITY, "Alamat Domisili", "Kode Pos", "Gelar (Menjadi)", "Alasan")
    rows = [
        ({"KPJ": "099999900171"}, ["KPJ-01@KPJ"]),
        ({"No KK": "9971011203159001"}, ["KK-02@No KK"]),
        ({"No KK": "3171011203150000"}, ["KK-07@No KK"]),
        ({"NIK": date(1990, 8, 5)}, ["CELL-12@NIK"]),
        ({"NIK": siti.nik, "Tanggal Lahir": "06-08-90"}, ["DAT-04@Tanggal Lahir"]),
        ({"NIK": "3171014508909021", "Tanggal Lahir": "05081990"}, ["DAT-07@Tanggal Lahir"]),
        ({"NIK": "3171014508909031", "Tanggal Lahir": date(1990, 5, 8)}, ["DAT-08@Tanggal Lahir"]),
        ({"NIK": "3171014508909041", "Tanggal Lahir": "08-05-1990"}, ["NIK-12@Tanggal Lahir"]),
        ({"NIK": "3171017112299001", "Tanggal Lahir": "31-12-1929"}, ["DAT-10@Tanggal Lahir"]),
        ({"NIK": "3171016211119003", "Tanggal Lahir": "22-11-2011"}, ["DAT-12@Tanggal Lahir"]),
        ({"Kode Pos": "10110", "Alamat Domisili": "Jalan Misal, Jawa Timur"}, ["POS-02@Kode Pos"]),
    ]
    return Story(
        "aturan-angka", "Numbers and dates that can't be, or don't go together.",
        _employees(370, rows), headers=headers, layout="per-employee",
    )  # fmt: skip


def _columns() -> list[Story]:
    """Faults of a whole column: no single cell shows them."""
    headers = (*IDENTITY, "Gelar (Menjadi)", "Alasan")
    zeros: list[tuple[dict[str, object], list[str]]] = [
        ({"NIK": f"{person(400 + at).nik[:12]}{9000 + at * 10}"}, []) for at in range(24)
    ]
    sexes: list[tuple[dict[str, object], list[str]]] = [
        ({"Jenis Kelamin": "WP"[at % 2]}, ["NIK-13@Jenis Kelamin"] if at % 2 else [])
        for at in range(6)
    ]
    dates: list[tuple[dict[str, object], list[str]]] = []
    for at in range(8):
        born = date(1990, 1 + at, 2 + at) if at % 2 else date(1990, 1 + at, 14 + at)
        nik = f"317101{born.day:02}{born:%m%y}{9101 + at}"
        shown = date(born.year, born.day, born.month) if at % 2 else f"{born:%d-%m-%Y}"
        dates.append(
            ({"NIK": nik, "Tanggal Lahir": shown}, ["DAT-08@Tanggal Lahir"] if at % 2 else [])
        )
    return [
        Story("kolom-nol", "A column of NIK that ends in 0 too often: it was numeric once.",
              _employees(400, zeros), headers=headers, layout="per-employee", file_finds=("CELL-15",)),
        Story("kolom-kelamin", "W and P for women and men, where P usually means a woman.",
              _employees(430, sexes), headers=(*IDENTITY, "Jenis Kelamin", "Gelar (Menjadi)", "Alasan"),
              layout="per-employee", file_finds=("COD-02",)),
        Story("kolom-tanggal", "Day and month swapped by Excel wherever the day is at most 12.",
              _employees(440, dates), headers=headers, layout="per-employee", file_finds=("DAT-14",)),
    ]  # fmt: skip


def _shared() -> Story:
    twin = person(450)
    card, mail, phone = person(460).kk, "hrd@contoh.example", "081270000450"
    rows = [
        Row(correction(twin, 1, "Gelar", "S.E."), ["KPJ-08@KPJ", "NIK-16@NIK"]),
        Row(correction(replace(person(451), nik=twin.nik, name=twin.name, born=twin.born), 2,
                       "Gelar", "S.E."), ["KPJ-08@KPJ", "NIK-16@NIK"]),
        *[Row(correction(person(452 + at), 3 + at, "Email", mail), ["EML-02@Menjadi"]) for at in range(4)],
        *[Row(correction(person(456 + at), 7 + at, "No HP", phone), ["TEL-07@Menjadi"]) for at in range(4)],
        *[Row(correction(replace(person(460 + at), kk=card), 11 + at, "Gelar", "S.E."), ["KK-09@No KK"])
          for at in range(21)],
    ]  # fmt: skip
    return Story("nomor-bersama", "One NIK, card, phone or address of several people.", rows)


def _company() -> Story:
    rows: list[tuple[dict[str, object], list[str]]] = [
        ({NPP: "90000123", "Kode Divisi": "000"}, []),
        ({NPP: "9000012", "Kode Divisi": "000"}, ["NPP-01@NPP Perusahaan"]),
        ({NPP: "9000012A", "Kode Divisi": "000"}, ["NPP-02@NPP Perusahaan"]),
        ({NPP: "90000123", "Kode Divisi": "0001"}, ["DIV-01@Kode Divisi"]),
        ({NPP: "90000124", "Kode Divisi": "000"}, []),
    ]
    return Story(
        "badan-usaha", "The employer's NPP and division beside each row.",
        _employees(490, rows), headers=(NPP, "Kode Divisi", *IDENTITY, "Gelar (Menjadi)", "Alasan"),
        layout="per-employee",
    )  # fmt: skip


def _tidied() -> Story:
    """What is tidied without a word: nothing to mend, and raw stands beside clean."""
    born = person(512).born
    written = f"{born.day} {MONTHS[born.month - 1]} {born.year}"
    rows = [
        correction(person(510), 1, "Gelar", "S.E.", NIK=f'="{person(510).nik}"'),
        correction(person(511), 2, "Gelar", "S.E.", **{"No KK": "-"}),
        correction(person(512), 3, "Gelar", "S.E.", **{"Tanggal Lahir": written}),
        correction(person(513), 4, "No HP", "0062" + person(513).phone[1:]),
        correction(person(514), 5, "Kode Pos", "10110.0"),
    ]
    return Story(
        "dirapikan", "Apostrophes, dashes, month names and prefixes: tidied, nothing to mend.",
        [Row(row) for row in rows],
    )  # fmt: skip
