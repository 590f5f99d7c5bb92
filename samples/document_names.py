"""Names of documents as people write them, each with where it belongs.

A file says `place` where a person who reads only its name has no doubt; `ask`
where there is one: a namesake, a relative, a number of somebody else, no kind.
"""

from dataclasses import dataclass

from samples.people import Person, person

PLACE, ASK = "place", "ask"
Changes = dict[str, tuple[str, str]]


@dataclass(frozen=True, slots=True)
class Named:
    """A file name with its label."""

    path: str
    rows: tuple[int, ...]
    """The right rows; () where nobody can tell."""
    kind: str | None
    verdict: str
    manner: str


MANNERS: tuple[tuple[str, str, str], ...] = (
    # path, kind, in words: {nik} {kpj} {kk} {row} NAME as {n}, Title as {t}, lower as {l}
    ("KTP_{nik}.jpg", "ktp", "kind and NIK"),
    ("{nik}_ktp.pdf", "ktp", "NIK and kind"),
    ("{nik}/kk.jpg", "kk", "a folder for each NIK"),
    ("Berkas/{nik}/Akta Lahir.PDF", "akta_kelahiran", "a folder in a folder"),
    ("{nik}-{n}-KK.jpeg", "kk", "NIK, name, kind"),
    ("KTP {n} {nik}.jpg", "ktp", "kind, name, NIK"),
    ("{kpj}.kartu peserta.jpg", "kartu_bpjstk", "KPJ and card"),
    ("Kartu BPJS TK - {kpj}.pdf", "kartu_bpjstk", "card and KPJ"),
    ("KPJ {kpj} KTP.jpg", "ktp", "KPJ as a word before the number"),
    ("BPJSTK_{kpj}_{t}.png", "kartu_bpjstk", "card, KPJ, name"),
    ("kpj{kpj}.jpg", "kartu_bpjstk", "KPJ glued to its number"),
    ("KTP {n}.jpg", "ktp", "kind and name"),
    ("ktp {l}.jpg", "ktp", "all lower case"),
    ("{t} - KTP.pdf", "ktp", "name, dash, kind"),
    ("{t}_KK.jpg", "kk", "name, underscore, kind"),
    ("KTP_{u}.jpg", "ktp", "underscores for spaces"),
    ("scan ktp {l}.pdf", "ktp", "with the word scan"),
    ("Scan KTP-el a.n. {t}.pdf", "ktp", "atas nama"),
    ("FC KK {n} (2).jpg", "kk", "photocopy, second download"),
    ("Foto KTP {t} depan.jpg", "ktp", "front side"),
    ("{t}/KTP.jpg", "ktp", "a folder for each name"),
    ("{t}/kartu keluarga.jpg", "kk", "a folder for each name, long kind"),
    ("KTP/{t}.jpg", "ktp", "a folder for each kind"),
    ("Kartu Keluarga/{n}.pdf", "kk", "a folder for each kind, long"),
    ("03. Akta/{u}.jpg", "akta_kelahiran", "numbered folders of kinds"),
    ("NPWP/{nik}.jpg", "npwp", "NIK in the folder of a kind"),
    ("baris {row} ktp.jpg", "ktp", "row number"),
    ("Baris_{row}_Buku Tabungan.pdf", "buku_tabungan", "row number, bank book"),
    ("row {row} - ijazah.pdf", "ijazah", "row number in English"),
    ("akta lahir {l}.pdf", "akta_kelahiran", "birth certificate"),
    ("Akte Kelahiran {t}.jpg", "akta_kelahiran", "birth certificate, old spelling"),
    ("Ijazah S1 {t}.pdf", "ijazah", "diploma with degree"),
    ("ijazah SMA {l}.pdf", "ijazah", "diploma of a school"),
    ("NPWP {n}.jpg", "npwp", "tax card"),
    ("buku tabungan BCA {l}.jpg", "buku_tabungan", "bank book with the bank"),
    ("Paklaring {t}.pdf", "paklaring", "work certificate"),
    ("surat pengunduran diri {l}.pdf", "pengunduran_diri", "resignation"),
    ("Surat Pernyataan Beda Identitas {t}.pdf", "beda_identitas", "statement"),
    ("Penetapan Pengadilan {t}.pdf", "penetapan_pengadilan", "court decision"),
    ("Buku Nikah {t}.pdf", "lain", "marriage book"),
    ("KTP{g}.jpg", "ktp", "camel case"),
    ("{g}_KK.jpg", "kk", "camel case before the kind"),
    ("ktp{s}.jpg", "ktp", "all glued, lower case"),
    ("KTP {spaced}.jpg", "ktp", "NIK in groups with spaces"),
    ("KTP {dotted}.jpg", "ktp", "NIK in groups with points"),
    ("WhatsApp Image 2026-11-03 at 09.15.22 KTP {t}.jpeg", "ktp", "from WhatsApp"),
    ("Dokumen Koreksi November 2026/{nik} {t}/kk.jpeg", "kk", "NIK and name as folder"),
    ("KK_{kk}_{u}.jpg", "kk", "KK number and name"),
    ("{row}. KTP {t}.jpg", "ktp", "a counter before it"),
    ("KTP_{t}_baru_fix.jpg", "ktp", "words of versions"),
    ("kartu jamsostek {l}.jpg", "kartu_bpjstk", "the old card"),
    ("Kartu BPJS Ketenagakerjaan {t} depan-belakang.pdf", "kartu_bpjstk", "card in full"),
)
"""Manners in which a name leaves no doubt; each is tried with several people."""

DOUBTFUL: tuple[tuple[str, bool, str], ...] = (
    # path, whether the person is told by it, in words
    ("{nik}.jpg", True, "no kind"),
    ("{t}.pdf", True, "a name and no kind"),
    ("scan {l}.jpg", True, "only the word scan"),
    ("KTP KK {t}.pdf", True, "two kinds at once"),
    ("KTP istri {t}.jpg", True, "the card of his wife"),
    ("KTP anak {t}.jpg", True, "the card of her child"),
    ("KTP {near}.jpg", True, "a NIK one digit away"),
    ("KTP {first}.jpg", False, "a first name only"),
    ("{row}_ktp.jpg", True, "a bare number"),
    ("KTP {t} Bandung.jpg", True, "a word that may be a name"),
    ("KTP 3171019912899999 {t}.jpg", True, "a NIK of nobody beside a name"),
    ("KTP {nik} {other}.jpg", False, "the NIK of one, the name of another"),
    ("KK {kpj} {othernik}.jpg", False, "the KPJ of one, the NIK of another"),
)

_FIRST_ROW = 2
_PLAIN = 40
_STEP = 7


def _special() -> list[tuple[Person, str]]:
    """Return people whose names are hard: (person with numbers of their own, name)."""
    names = (
        "SITI REKAAN", "SITI REKAAN", "DEWI MISALNYA", "DEWI MISALNYA PERTIWI", "NUR'AINI UMPAMA",
        "MUH. ILHAM CONTOHAN", "SUPARMISAL", "H. SLAMET ANDAIAN, S.E.", "RÉNATA KHAYALI",
        "ABDUL RAHMAN-KARANGAN", "ANAK AGUNG REKAAN", "SRI",
    )  # fmt: skip
    return [(person(300 + at), name) for at, name in enumerate(names)]


def roster() -> list[tuple[int, dict[str, str], Changes]]:
    """Return the sheet's rows as the roster takes them; one employee has two of them."""
    rows: list[tuple[int, dict[str, str], Changes]] = []
    for number in range(_PLAIN):
        one = person(number)
        rows.append((_FIRST_ROW + number, _employee(one, one.name), {}))
    for at, (one, name) in enumerate(_special()):
        rows.append((_FIRST_ROW + _PLAIN + at, _employee(one, name), {}))
    couple = [person(400), person(401)]
    for at, one in enumerate(couple):
        employee = {**_employee(one, one.name), "kk": couple[0].kk}
        rows.append((_COUPLE + at, employee, {}))
    twice = person(402)
    rows += [(_TWICE + at, _employee(twice, twice.name), {}) for at in range(2)]
    changed, before = person(403), person(404)
    rows.append(
        (
            _CHANGED,
            _employee(changed, changed.name),
            {"nik": (before.nik, changed.nik), "nama": (before.name, changed.name)},
        )
    )
    return rows


_COUPLE = _FIRST_ROW + _PLAIN + 12
_TWICE = _COUPLE + 2
_CHANGED = _TWICE + 2


def labelled() -> list[Named]:
    """Return the labelled names; the same ones each time."""
    found: list[Named] = []
    for at, (manner, kind, words) in enumerate(MANNERS):
        for turn in range(_STEP):
            number = (at * _STEP + turn) % _PLAIN
            found.append(Named(_filled(manner, number), (_FIRST_ROW + number,), kind, PLACE, words))
    for at, (manner, is_told, words) in enumerate(DOUBTFUL):
        for turn in range(4):
            number = (at * 4 + turn) % _PLAIN
            rows = (_FIRST_ROW + number,) if is_told else ()
            found.append(Named(_filled(manner, number), rows, None, ASK, words))
    return [*found, *_by_hand()]


def _by_hand() -> list[Named]:
    special = _FIRST_ROW + _PLAIN
    husband, wife = person(400), person(401)
    twice, changed, before = person(402), person(403), person(404)

    def sure(path: str, row: int | tuple[int, ...], kind: str, manner: str) -> Named:
        return Named(path, row if isinstance(row, tuple) else (row,), kind, PLACE, manner)

    def open_(path: str, manner: str) -> Named:
        return Named(path, (), None, ASK, manner)

    both = (_COUPLE, _COUPLE + 1)
    return [
        open_("KTP Siti Rekaan.jpg", "a namesake"),
        open_("Siti Rekaan/KK.jpg", "a namesake as folder"),
        sure(f"KTP Siti Rekaan {person(300).nik}.jpg", special, "ktp", "a namesake with her NIK"),
        open_("KTP Dewi Misalnya.jpg", "a name that a longer one begins with"),
        sure("KTP Dewi Misalnya Pertiwi.jpg", special + 3, "ktp", "the longer of two names"),
        sure("KTP Nur'aini Umpama.jpg", special + 4, "ktp", "an apostrophe"),
        sure("ktp nur’aini umpama.jpg", special + 4, "ktp", "a curly apostrophe"),
        sure("KTP Nuraini Umpama.jpg", special + 4, "ktp", "without the apostrophe"),
        sure("KTP Muh. Ilham Contohan.jpg", special + 5, "ktp", "an abbreviated name"),
        sure("KTP Muh Ilham Contohan.jpg", special + 5, "ktp", "abbreviated, without the point"),
        open_("KTP Muhammad Ilham Contohan.jpg", "an abbreviation written out"),
        sure("KTP Suparmisal.jpg", special + 6, "ktp", "one word is the whole name"),
        sure("KK H. Slamet Andaian, S.E..jpg", special + 7, "kk", "titles before and after"),
        sure("KK Slamet Andaian.jpg", special + 7, "kk", "titles left out"),
        sure("KTP Renata Khayali.jpg", special + 8, "ktp", "an accent left out"),
        sure("KTP Re\u0301nata Khayali.jpg", special + 8, "ktp", "an accent of its own (macOS)"),
        sure("KTP Abdul Rahman Karangan.jpg", special + 9, "ktp", "a hyphen left out"),
        sure("KTP Anak Agung Rekaan.jpg", special + 10, "ktp", "a name that begins with anak"),
        sure("KTP Sri.jpg", special + 11, "ktp", "a very short whole name"),
        open_("KTP Sri Wahyuni Karangan.jpg", "a short name inside that of a stranger"),
        open_("KTP SupramisaI.jpg", "a slip in the only word"),
        sure(f"KK {husband.name} dan {wife.name}.pdf", both, "kk", "a couple by name"),
        sure(f"KK {husband.name} & {wife.name}.pdf", both, "kk", "a couple with an ampersand"),
        sure(f"KK_{husband.kk}.pdf", both, "kk", "the family's own number"),
        sure(f"KK {husband.nik} {wife.nik}.pdf", both, "kk", "a couple by NIK"),
        open_(f"KTP {husband.name} dan {wife.name}.pdf", "one card of two people"),
        open_(f"{husband.kk}.pdf", "a family's number without a kind"),
        sure(f"KTP {twice.nik}.jpg", (_TWICE, _TWICE + 1), "ktp", "an employee of two rows"),
        sure(f"baris {_TWICE} kk.jpg", (_TWICE, _TWICE + 1), "kk", "one row of two"),
        sure(f"KTP lama {before.nik}.jpg", _CHANGED, "ktp", "the NIK before the correction"),
        sure(f"KTP baru {changed.nik}.jpg", _CHANGED, "ktp", "the NIK after it"),
        sure(f"Akta {before.name.title()}.jpg", _CHANGED, "akta_kelahiran", "the name before it"),
        sure(f"Akta {changed.name.title()}.jpg", _CHANGED, "akta_kelahiran", "the name after it"),
        open_("scan0031.pdf", "a scanner's own name"),
        open_("IMG_20261103_091522.jpg", "a camera's own name"),
        open_("WhatsApp Image 2026-11-03 at 09.15.22 (1).jpeg", "a messenger's own name"),
        open_("dokumen karyawan.pdf", "words only"),
        open_("KTP.jpg", "a kind only"),
        open_("KTP orang lain.jpg", "nobody of the sheet"),
        open_("KTP baris 9999.jpg", "a row that is none"),
        open_("KTP 3171010101019999.jpg", "a NIK of nobody"),
        open_("KTP 31710145089.jpg", "a KPJ of nobody"),
        open_("BPJS Kesehatan.jpg", "another agency's card"),
        open_("KTP " + person(0).name + " " + person(1).name + ".jpg", "two people's one card"),
    ]  # fmt: skip


def _filled(manner: str, number: int) -> str:
    one, other = person(number), person((number + 11) % _PLAIN)
    last = "1" if one.nik[-1] != "1" else "2"
    words = one.name.split()
    return manner.format(
        nik=one.nik, kpj=one.kpj, kk=one.kk, row=_FIRST_ROW + number, n=one.name,
        t=one.name.title(), l=one.name.lower(), u="_".join(words), g=one.name.title().replace(" ", ""),
        s=one.name.lower().replace(" ", ""),
        spaced=" ".join(one.nik[at : at + 4] for at in (0, 4, 8, 12)),
        dotted=".".join((one.nik[:6], one.nik[6:12], one.nik[12:])),
        near=one.nik[:-1] + last, first=words[0].title(), other=other.name.title(),
        othernik=other.nik,
    )  # fmt: skip


def _employee(one: Person, name: str) -> dict[str, str]:
    return {
        "kpj": one.kpj, "nik": one.nik, "kk": one.kk, "nama": name, "tanggal_lahir": one.birth,
    }  # fmt: skip
