"""Which row is the header, what its columns mean, and which layout that makes.

Pure recognition over texts: no file formats here. Two layouts are known: one
correction a row (Data, Semula, Menjadi) and one employee a row (a column a
field, with `<label> (Menjadi)` beside it).
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from hr_portal.domain.fields import FIELD, field_by_header, header_key
from hr_portal.domain.table import Layout, Role

LayoutChoice = Literal["auto", "per-correction", "per-employee"]

UNKNOWN = Role("unknown")
REQUIRED: tuple[tuple[str, str], ...] = (("kpj", "KPJ"), ("nik", "NIK"), ("nama", "Nama Lengkap"))


def _keys(*texts: str) -> frozenset[str]:
    return frozenset(header_key(text) for text in texts)


WORDS: tuple[tuple[Role, frozenset[str]], ...] = (
    (Role("number"), _keys("No", "Nomor", "No Urut", "Nomor Urut", "Urut")),
    (
        Role("which"),
        _keys(
            "Data", "Jenis Data", "Jenis Koreksi", "Kolom", "Elemen Data", "Elemen", "Nama Data",
            "Data yang Dikoreksi", "Data Dikoreksi", "Jenis Perubahan", "Data yang Diubah",
            "Jenis Perubahan Data", "Jenis Koreksi Data", "Data yang Diperbaiki", "Data yg Dikoreksi",
            "Data yg Diubah", "Elemen yang Dikoreksi", "Elemen Koreksi", "Jenis Data yang Dikoreksi",
            "Jenis Data yang Diubah", "Jenis Data yang Diperbaiki", "Data Type", "Type of Data",
            "Data Field", "Field Name", "Jenis Data Koreksi", "Kolom yang Dikoreksi", "Correction Type",
            "Type of Correction", "Data to Be Corrected", "Yang Dikoreksi", "Yang Diubah",
            "Yang Diperbaiki", "Item Koreksi", "Item yang Dikoreksi", "Poin Koreksi",
            "Bagian yang Dikoreksi",
        ),
    ),
    (
        Role("before"),
        _keys(
            "Semula", "Tertulis", "Data Lama", "Data Semula", "Nilai Lama", "Lama", "Sebelum",
            "Sebelumnya", "Data Sebelumnya", "Data Awal", "Data Tertulis", "Salah", "Data Salah",
            "Data yang Salah", "Yang Tertulis", "Data yang Tertulis", "Tercatat", "Data Tercatat",
            "Terdaftar", "Data Terdaftar", "Nilai Semula", "Data Sebelum", "Data Sebelum Koreksi",
            "Data Sebelum Perubahan", "Old Value", "Old Data", "Old", "Before", "Previous Value",
            "Previous Data", "Previous", "Existing Data", "Current Value", "Wrong Data", "Nilai Salah",
            "Nilai yang Salah", "Isi Lama", "Isian Lama", "Data Existing", "Wrong Value",
            "Semula Sebelum Koreksi", "Sebelum Diperbaiki", "Sebelum Diubah",
        ),
    ),
    (
        Role("after"),
        _keys(
            "Menjadi", "Seharusnya", "Data Baru", "Data Menjadi", "Nilai Baru", "Baru", "Sesudah",
            "Data Seharusnya", "Data yang Benar", "Perbaikan", "Data Perbaikan", "Koreksi", "Setelah",
            "Benar", "Data Benar", "Yang Benar", "Yang Seharusnya", "Data yang Seharusnya",
            "Nilai Menjadi", "Data Sesudah", "Data Setelah", "Data Setelah Koreksi",
            "Data Sesudah Koreksi", "Data Setelah Perubahan", "Data Sesudah Perubahan", "New Value",
            "New Data", "New", "After", "Corrected Value", "Corrected Data", "Correct Value",
            "Correct Data", "Should Be", "Changed To", "Diubah Menjadi", "Jadi", "Pembetulan", "Isian Baru",
            "Isi Baru", "Nilai Benar", "Nilai yang Benar", "Nilai Seharusnya", "Nilai yang Seharusnya",
            "Diperbaiki Menjadi", "Dikoreksi Menjadi", "Dirubah Menjadi", "Berubah Menjadi",
            "Diganti Menjadi", "Perubahan Menjadi", "Koreksi Menjadi", "Ubah Menjadi", "Data Sebenarnya",
            "Data yang Sebenarnya", "Sebenarnya", "Revisi", "Data Revisi", "Menjadi Setelah Koreksi",
            "Menjadi Sesudah Koreksi", "Setelah Diperbaiki", "Sesudah Diperbaiki", "Setelah Diubah",
            "Sesudah Diubah", "Diubah Ke", "Hasil Koreksi", "Hasil Perbaikan",
        ),
    ),
    (
        Role("reason"),
        _keys(
            "Alasan", "Alasan Koreksi", "Alasan Perubahan", "Sebab Koreksi", "Alasan Perbaikan",
            "Alasan Perubahan Data", "Alasan Koreksi Data", "Alasan Keterangan", "Dasar Perubahan", "Dasar Koreksi",
            "Reason", "Reason for Correction", "Reason for Change",
        ),
    ),
    (
        Role("note"),
        _keys(
            "Keterangan", "Ket", "Catatan", "Keterangan Lain", "Keterangan Tambahan", "Remark",
            "Remarks", "Note", "Notes", "Comments",
        ),
    ),
    # Plain "NPP" is an employee's number at some companies, and "Divisi" a department.
    (
        Role("company", "npp"),
        _keys(
            "NPP Perusahaan", "NPP BPJS", "NPP BPJSTK", "NPP BPJS TK", "NPP BPJS Ketenagakerjaan",
            "NPP Badan Usaha", "Nomor Pendaftaran Perusahaan", "No Pendaftaran Perusahaan",
        ),
    ),
    (Role("company", "divisi"), _keys("Kode Divisi", "Divisi NPP", "Kode Divisi NPP")),
)  # fmt: skip
_BY_WORD: dict[str, Role] = {key: role for role, keys in WORDS for key in keys}

_AFTER_WORDS = frozenset(
    {
        "MENJADI",
        "SEHARUSNYA",
        "BARU",
        "KOREKSI",
        "PERBAIKAN",
        "BENAR",
        "SESUDAH",
        "SETELAH",
        "NEW",
        "AFTER",
        "CORRECTED",
        "TERBARU",
        "REVISI",
        "UPDATE",
        "UPDATED",
        "JADI",
        "PEMBETULAN",
    }
)
_BEFORE_WORDS = frozenset(
    {
        "SEMULA",
        "TERTULIS",
        "LAMA",
        "SEBELUMNYA",
        "AWAL",
        "SALAH",
        "SEBELUM",
        "TERCATAT",
        "TERDAFTAR",
        "OLD",
        "BEFORE",
        "PREVIOUS",
        "EXISTING",
    }
)
_ACTS = frozenset({"KOREKSI", "PERBAIKAN", "PERUBAHAN", "DIKOREKSI", "DIPERBAIKI", "DIUBAH"})
"""Said after "sebelum" or "sesudah", they add nothing: "NIK Sebelum Koreksi"."""
_FILLERS = frozenset({"DATA", "YANG", "YG", "WAJIB", "DIISI", "OPSIONAL", "NILAI"})
_OWNERS = frozenset({"PESERTA", "KARYAWAN", "PEGAWAI", "PEKERJA"})
"""Whose datum it is goes without saying, but for the NIK: "NIK Karyawan" is a staff number."""
_SOURCES = _keys(
    "KTP", "E KTP", "KTP EL", "KTP KK", "KTP EL KK", "BPJS", "BPJS TK", "BPJSTK", "BPJS Ketenagakerjaan", "BPJAMSOSTEK",
    "Jamsostek", "SIPP", "Kartu", "Kartu Peserta", "Kartu BPJS", "Kartu BPJS TK", "Sistem",
)  # fmt: skip
_LINK = r"(?:(?:sesuai|di|pada|menurut|versi|dari)\s+(?:data\s+)?)"
_BY_SOURCE = re.compile(
    rf"\s*([^(\[]+?)\s*(?:[(\[]\s*{_LINK}?([^)\]]+)[)\]]|\s{_LINK}([^(\[]+))\s*", re.IGNORECASE
)
_BRACKETED = re.compile(r"[(\[][^)\]]*[)\]]")
MAX_HEADER = 120


@dataclass(frozen=True, slots=True)
class Header:
    """A header row as understood: one role a column, and how sure that is."""

    texts: tuple[str, ...]
    roles: tuple[Role, ...]

    @property
    def score(self) -> int:
        """How much this looks like the header of a table of corrections."""
        seen = set(self.roles) - {UNKNOWN}
        weight = sum(3 if _is_telling(role) else 1 for role in seen)
        return weight if len(seen) > 1 else 0

    def having(self, part: str, field: str | None = None) -> list[int]:
        """Return the columns with this part, of this field."""
        return [
            column
            for column, role in enumerate(self.roles)
            if role.part == part and role.field == field
        ]

    def field_afters(self) -> list[int]:
        """Return the `<label> (Menjadi)` columns."""
        return [
            column
            for column, role in enumerate(self.roles)
            if role.part == "after" and role.field is not None
        ]


def _is_telling(role: Role) -> bool:
    return role.part in {"after", "which"} or (
        role.part == "record" and role.field in {"kpj", "nik", "nama"}
    )


def words_of(text: str) -> list[str]:
    """Return the words of a header: upper-case ASCII letters and digits."""
    decomposed = unicodedata.normalize("NFKD", text)
    plain = "".join(char for char in decomposed if not unicodedata.combining(char))
    return [word for word in re.split(r"[^A-Z0-9]+", plain.upper()) if word]


@lru_cache(maxsize=4096)
def role_of(text: str) -> Role:
    """Tell what a column means by its header; `UNKNOWN` where it is not known."""
    # The first header of a csv that was opened in the wrong encoding still carries its BOM.
    text = text.removeprefix("\ufeff").removeprefix("ï»¿")
    if not text or len(text) > MAX_HEADER:
        return UNKNOWN
    return (
        _side_by_source(text)
        or _role_of(text)
        or _role_of(_BRACKETED.sub(_keep_telling_brackets, text))
        or UNKNOWN
    )


def _side_by_source(text: str) -> Role | None:
    """Return the side of "Semula (BPJS TK)" and "Seharusnya sesuai KTP".

    Where a value is written is no datum: the numbers of KTP and BPJS are called so, too.
    """
    found = _BY_SOURCE.fullmatch(text)
    if found is None or header_key(found[2] or found[3]) not in _SOURCES:
        return None
    side = group_of(found[1])
    return None if side is None else Role(side)


def _keep_telling_brackets(match: re.Match[str]) -> str:
    telling = set(words_of(match[0])) & (_AFTER_WORDS | _BEFORE_WORDS | _ACTS)
    return match[0] if telling else " "


def _role_of(text: str) -> Role | None:
    word = _BY_WORD.get(header_key(text))
    if word is not None:
        return word
    field = field_by_header(text)
    if field is not None:
        return Role("record", field.key)
    return _role_of_words(_core(text)) or _said_twice(words_of(text))


def _said_twice(words: list[str]) -> Role | None:
    """Return what a header in two languages says: "Nama Lengkap / Full Name"; both must agree."""
    for at in range(1, len(words)):
        one, other = (_role_of_part(part) for part in (words[:at], words[at:]))
        if one is not None and one == other:
            return one
    return None


def _role_of_part(words: list[str]) -> Role | None:
    return _BY_WORD.get("".join(words)) or _role_of_words(words)


def _core(text: str) -> list[str]:
    """Return the words of a header that say something."""
    core: list[str] = []
    for word in words_of(text):
        after_timing = bool(core) and core[-1] in {"SEBELUM", "SESUDAH", "SETELAH"}
        said = {*core[-1:], word}  # "HP Baru / New" says its side twice
        twice = bool(core) and (said <= _AFTER_WORDS or said <= _BEFORE_WORDS)
        if word not in _FILLERS and not twice and not (after_timing and word in _ACTS):
            core.append(word)
    return core


def _role_of_words(words: list[str]) -> Role | None:
    if not words:
        return None
    for at in (-1, 0):
        field = _field_of(words[:-1] if at else words[1:])
        if field is not None and words[at] in _AFTER_WORDS:
            return Role("after", field)
        if field is not None and words[at] in _BEFORE_WORDS:
            return Role("record", field)
    if "SESUAI" in words:  # "Nama Baru Sesuai KTP"
        role = _role_of_words(words[: words.index("SESUAI")])
        if role is not None and role.part == "after":
            return role
    field = _field_of(words)
    return Role("record", field) if field is not None else None


def _field_of(words: list[str]) -> str | None:
    field = field_by_header(" ".join(words))
    if field is None and len(words) > 1 and words[-1] in _OWNERS:
        field = field_by_header(" ".join(words[:-1]))
        if field is not None and field.key == "nik":
            return None
    return None if field is None else field.key


def group_of(text: str) -> Literal["before", "after"] | None:
    """Tell which side of the correction a heading over several columns stands for.

    "Data Lama", "SEMULA", "Data Baru (sesuai KTP)"; None where it says anything else.
    """
    text = _BRACKETED.sub(_keep_telling_brackets, text)
    role = _BY_WORD.get(header_key(text))
    if role is not None and role.field is None and role.part in {"before", "after"}:
        return "after" if role.part == "after" else "before"
    words = [word for word in _core(text) if word not in _OWNERS]
    if words and set(words) <= _BEFORE_WORDS:
        return "before"
    if words and set(words) <= _AFTER_WORDS:
        return "after"
    return None


_SURELY_NEW = frozenset(
    {"MENJADI", "BARU", "SEHARUSNYA", "BENAR", "TERBARU", "NEW", "CORRECTED", "JADI", "PEMBETULAN"}
)


def says_new(text: str) -> bool:
    """Tell whether a header says at one of its ends that it holds new values: "TTL (Menjadi)"."""
    words = words_of(text)
    return len(words) > 1 and not _SURELY_NEW.isdisjoint((words[0], words[-1]))


def tells_side(text: str) -> bool:
    """Tell whether a header says itself whether it holds old or new values: "No HP (Semula)"."""
    return not (_AFTER_WORDS | _BEFORE_WORDS).isdisjoint(words_of(text))


def understand(texts: Sequence[str]) -> Header:
    """Understand a row of texts as if it were the header."""
    return Header(tuple(texts), tuple(role_of(text) for text in texts))


@dataclass(frozen=True, slots=True)
class Fault:
    """Why a header can't be used.

    `kind` is "missing" (columns that are not there), "duplicate" (two columns
    of one meaning) or "mixed" (both layouts at once).
    """

    kind: Literal["missing", "duplicate", "mixed"]
    columns: tuple[int, ...] = ()
    names: tuple[str, ...] = ()
    names_en: tuple[str, ...] = ()
    lacking: frozenset[str] = frozenset()
    """What is missing: keys of REQUIRED, "which", "after", or "correction" for either layout's."""


def decide(header: Header, choice: LayoutChoice = "auto") -> tuple[Layout, Header] | Fault:
    """Choose the layout a header has, or say why there is none.

    What has no place in the chosen layout becomes an unknown column; a second
    column for the running number, reason or note likewise.
    """
    which, after = header.having("which"), header.having("after")
    fields = header.field_afters()
    layout: Layout
    if choice != "auto":
        layout = choice
    elif which and after and fields:
        return Fault("mixed", tuple(fields))
    elif fields:
        layout = "per-employee"
    else:
        layout = "per-correction"
    roles = list(_fitting(header.roles, layout))
    missing = [(key, label, label) for key, label in REQUIRED if Role("record", key) not in roles]
    if layout == "per-employee":
        missing += [] if fields else [_NO_FIELD_AFTER]
    elif choice == "auto" and not which and not after:
        missing.append(_NO_CORRECTION)
    else:
        missing += [] if which else [("which", "Data", "Data")]
        missing += [] if after else [("after", "Menjadi", "Menjadi")]
    if missing:
        lacking, names, names_en = zip(*missing, strict=True)
        return Fault("missing", (), names, names_en, frozenset(lacking))
    return _without_repeats(roles) or (layout, Header(header.texts, tuple(roles)))


_NO_CORRECTION = (
    "correction",
    "nilai baru, misalnya “No HP (Menjadi)” (atau Data + Menjadi)",
    "of the new values, for example “No HP (Menjadi)” (or Data + Menjadi)",
)
_NO_FIELD_AFTER = (
    "correction",
    "“… (Menjadi)”, misalnya “NIK (Menjadi)”",
    "“… (Menjadi)”, for example “NIK (Menjadi)”",
)


def _without_repeats(roles: list[Role]) -> Fault | None:
    """Make repeated notes and numbers unknown; other repeats are a fault."""
    for column, role in enumerate(roles):
        if role == UNKNOWN or role not in roles[:column]:
            continue
        if role.part not in {"number", "reason", "note"}:
            name = meaning(role)
            return Fault("duplicate", (roles.index(role), column), (name,), (name,))
        roles[column] = UNKNOWN
    return None


def _fitting(roles: Sequence[Role], layout: Layout) -> list[Role]:
    per_employee = layout == "per-employee"
    fitting = []
    for role in roles:
        generic = role.part in {"which", "before"} or (role.part == "after" and role.field is None)
        alien = generic if per_employee else role.part == "after" and role.field is not None
        fitting.append(UNKNOWN if alien else role)
    return fitting


def meaning(role: Role) -> str:
    """Return how a role is called on screens: the header the template has for it."""
    if role.part == "company":
        return "NPP" if role.field == "npp" else "Divisi"
    names = {
        "which": "Data", "before": "Semula", "reason": "Alasan", "note": "Keterangan",
        "number": "No", "unknown": "?",
    }  # fmt: skip
    if role.field is None:
        return names.get(role.part, "Menjadi")
    label = FIELD[role.field].label
    return f"{label} (Menjadi)" if role.part == "after" else label
