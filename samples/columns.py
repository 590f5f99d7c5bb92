"""Files whose columns are not called as in the template."""

from samples.people import person
from samples.sheets import PER_CORRECTION, Row, Story
from samples.stories import correction

SIPP = (
    "KPJ*", "NIK", "Nama Lengkap", "Lokasi Pekerjaan", "PKWT", "Tanggal Akhir Kontrak",
    "Nama Ibu Kandung", "Handphone", "Email",
)  # fmt: skip
TWO_ROWS = ("No", "KPJ", "NIK", "Nama", "HP lama", "Surel lama", "HP baru", "Surel baru", "Alasan")
TYPOS = (
    "No", "No. KPJ", "NIK (16 digit)", "Nama Lengkp", "Tangal Lahir", "Nomor KK", "Jenis Dta", "Semulla",
    "Menjdi", "Alasan Koreksi", "Ket.",
)  # fmt: skip


def _sipp() -> Story:
    rows = []
    for at in range(6):
        one = person(900 + at)
        rows.append(
            Row({
                "KPJ*": one.kpj, "NIK": one.nik, "Nama Lengkap": one.name,
                "Lokasi Pekerjaan": "JAKARTA", "PKWT": "PKWT", "Tanggal Akhir Kontrak": "31-12-2027",
                "Nama Ibu Kandung": one.mother, "Handphone": one.phone, "Email": one.email,
            })
        )  # fmt: skip
    return Story(
        "sipp-koreksi-tk", "SIPP's form of corrections: metadata in row 1, new values under plain names.",
        rows, headers=SIPP, layout="per-employee", sheet="Koreksi Elemen TK",
        title=(["KOREKSI_TK", "90000123", "000", "VLD"],),
        asks={
            "A": "kpj", "B": "nik", "C": "nama", "D": "abaikan", "E": "status_kerja:menjadi",
            "F": "tanggal_berhenti:menjadi", "G": "nama_ibu:menjadi", "H": "hp:menjadi",
            "I": "email:menjadi",
        },
    )  # fmt: skip


def _two_rows() -> Story:
    rows = []
    for at in range(6):
        one, other = person(910 + at), person(960 + at)
        rows.append(
            Row({
                "No": str(at + 1), "KPJ": one.kpj, "NIK": one.nik, "Nama": one.name,
                "HP lama": other.phone, "Surel lama": "lama@contoh.example", "HP baru": one.phone,
                "Surel baru": one.email, "Alasan": "Ganti nomor",
            })
        )  # fmt: skip
    return Story(
        "judul-dua-baris", "Data Lama and Data Baru over the names, totals and signatures below.", rows,
        headers=TWO_ROWS, layout="per-employee",
        title=(
            ["DAFTAR PERUBAHAN DATA KARYAWAN"],
            ["No", "KPJ", "NIK", "Nama", "Data Lama", "", "Data Baru", "", "Alasan"],
        ),
        shown=("", "", "", "", "No HP", "Email", "No HP", "Email", ""),
        after=(
            ["Jumlah", "", "6"], [], ["", "", "", "", "", "", "Jakarta, 21 November 2026"],
            ["Mengetahui,", "", "", "", "", "", "Hormat kami,"], [],
            ["(BUDI CONTOH)", "", "", "", "", "", "(SITI CONTOHAN)"],
        ),
    )  # fmt: skip


def _typos() -> Story:
    rows = []
    for at in range(6):
        one = person(920 + at)
        told = correction(one, at + 1, "Email", one.email, "lama@contoh.example")
        rows.append(Row(dict(zip(TYPOS, (told[name] for name in PER_CORRECTION), strict=True))))
    return Story("judul-salah-ketik", "Headers with typing mistakes and notes in brackets.", rows,
                 headers=TYPOS)  # fmt: skip


def _nameless() -> Story:
    names = [f"Kolom{at}" for at in range(1, len(PER_CORRECTION))]
    rows = []
    for at in range(8):
        one = person(930 + at)
        told = correction(one, at + 1, "Email", one.email, "lama@contoh.example")
        values = [told[name] for name in PER_CORRECTION if name != "Keterangan"]
        rows.append(Row(dict(zip(names, values, strict=True))))
    return Story(
        "judul-tanpa-arti", "Headers that say nothing: the content tells what it can.", rows,
        headers=names,
        asks={
            "A": "abaikan", "B": "kpj", "C": "nik", "D": "nama", "E": "tanggal_lahir", "F": "kk",
            "G": "data", "H": "semula", "I": "menjadi", "J": "abaikan",
        },
    )  # fmt: skip


def all_stories() -> list[Story]:
    """Every one of these files."""
    return [_sipp(), _two_rows(), _typos(), _nameless()]
