"""REQUIREMENTS: which supporting documents each kind of correction asks for, and who says so.

Seeded from the public guides; where no source names a document, it is no requirement in the
first version. Precedence where documents disagree: PRECEDENCE. Later versions are an admin's.
"""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from typing import Literal, NamedTuple

from hr_portal.domain.document_kinds import KINDS, OTHER, SIGNED_LETTER

Need = Literal["wajib", "salah_satu", "bila_perlu"]
NEEDS: tuple[Need, ...] = ("wajib", "salah_satu", "bila_perlu")

SOURCES: dict[str, tuple[str, str]] = {
    "s1": ("panduan SIPP untuk perusahaan", "SIPP guide for companies"),
    "s2": ("tiga cara koreksi data (BPJS Ketenagakerjaan)", "three ways to correct data"),
    "s3": ("syarat klaim JHT yang dipakai untuk data yang sama", "claims for the same data"),
    "o": ("sumber BPJS Ketenagakerjaan lain", "other sources of BPJS Ketenagakerjaan"),
    "i": ("disimpulkan dari layanan serupa", "concluded from similar services"),
    "a": ("ditetapkan admin; lihat catatan versinya", "set by an admin; see the note"),
}

ASKABLE = tuple(kind for kind in KINDS if kind not in {SIGNED_LETTER, OTHER})
"""Documents that a correction can ask for: the signed letter has its own place, and of "other"
nobody knows what it is."""

PRECEDENCE: tuple[tuple[str, ...], ...] = (("ktp", "kk"), ("akta_kelahiran",), ("ijazah",))
"""Which document stands where they disagree, the highest first: population data (Dukcapil) before
the birth certificate before the diploma; the others come after."""

LEFT = frozenset({"tanggal_berhenti", "sebab_berhenti"})
"""A row that corrects one of these is of a worker who has resigned; all others count as active."""

EITHER = "|"
"""Joins the keys of documents one of which is enough, in the key of a column."""


@dataclass(frozen=True, slots=True)
class Requirement:
    """One cell of the table: a kind of document for a kind of correction."""

    document: str
    """A key of ASKABLE."""
    active: Need | None
    left: Need | None
    """For workers who have resigned."""
    sources: tuple[str, ...]
    """Keys of SOURCES."""

    def need(self, *, left: bool) -> Need | None:
        """Return how it is asked for, of active workers or of those who have resigned."""
        return self.left if left else self.active


@dataclass(frozen=True, slots=True)
class CorrectionKind:
    """Fields that ask for the same documents."""

    key: str
    label: str
    label_en: str
    fields: frozenset[str]
    needs: tuple[Requirement, ...]

    def asked(self, *, left: bool) -> tuple[str, ...]:
        """Return what rows must have: documents, and EITHER-joined ones of which one is enough."""
        by_need: dict[str, list[str]] = {need: [] for need in NEEDS}
        for cell in self.needs:
            need = cell.need(left=left)
            if need:
                by_need[need].append(cell.document)
        some = by_need["salah_satu"]
        return (*by_need["wajib"], *([EITHER.join(some)] if some else []))


class Asked(NamedTuple):
    """The fields that ask for a document, of active workers and of those who have resigned."""

    active: frozenset[str]
    left: frozenset[str]


class Change(NamedTuple):
    """A cell that differs between two tables; None where it is empty."""

    correction: CorrectionKind
    document: str
    before: Requirement | None
    after: Requirement | None


def _cells(text: str) -> tuple[Requirement, ...]:
    """Read "kartu_bpjstk! s2 o; paklaring.| s2": ! wajib, | salah satu, ? bila perlu.

    A dot in front of the sign: of those who have resigned only.
    """
    signs: dict[str, Need] = {"!": "wajib", "|": "salah_satu", "?": "bila_perlu"}
    cells = []
    for head, *who in (cell.split() for cell in text.split(";")):
        need = signs[head[-1]]
        document = head[:-1].removesuffix(".")
        active = None if head[-2] == "." else need
        cells.append(Requirement(document, active, need, tuple(who)))
    return tuple(cells)


_ADMINISTRATIVE = "beda_identitas? i"

REQUIREMENTS: tuple[CorrectionKind, ...] = (
    CorrectionKind(
        "nama", "Nama", "Name", frozenset({"nama", "gelar"}),
        _cells("kartu_bpjstk! s2 o; ktp! s1 s2 o; kk! s2; akta_kelahiran? i; ijazah? i;"
               f"{_ADMINISTRATIVE}; penetapan_pengadilan? i"),
    ),
    CorrectionKind(
        "nik", "NIK", "NIK", frozenset({"nik"}),
        _cells(f"kartu_bpjstk! s2 o; ktp! s2 o; kk! s2; {_ADMINISTRATIVE}"),
    ),
    CorrectionKind(
        "kk", "No KK", "Family card number", frozenset({"kk"}), _cells("kartu_bpjstk! s2; kk! s2"),
    ),
    CorrectionKind(
        "lahir", "Tempat dan tanggal lahir", "Place and date of birth",
        frozenset({"tempat_lahir", "tanggal_lahir"}),
        _cells("kartu_bpjstk! s2 o; ktp! s2 o; kk! s2; akta_kelahiran? i; ijazah? i;"
               f"{_ADMINISTRATIVE}"),
    ),
    CorrectionKind(
        "kelamin", "Jenis kelamin", "Sex", frozenset({"jenis_kelamin"}),
        _cells("kartu_bpjstk! s2; ktp! s2 i; kk? s2; akta_kelahiran? i"),
    ),
    CorrectionKind(
        "ibu", "Nama ibu kandung", "Mother's maiden name", frozenset({"nama_ibu"}),
        _cells("kartu_bpjstk! s2; ktp! s2; kk! s2; akta_kelahiran? i"),
    ),
    CorrectionKind(
        "alamat", "Alamat", "Address", frozenset({"alamat", "kode_pos"}),
        _cells(f"kartu_bpjstk! s2; ktp! s2; kk? s2; {_ADMINISTRATIVE}"),
    ),
    CorrectionKind(
        "kontak", "HP dan surel", "Phone and e-mail",
        frozenset({"hp", "email", "darurat_nama", "darurat_hp", "darurat_hubungan"}),
        _cells("kartu_bpjstk! s2; ktp? o"),
    ),
    CorrectionKind(
        "npwp", "NPWP", "NPWP", frozenset({"npwp"}), _cells("kartu_bpjstk! s2; ktp! s2; npwp! s2"),
    ),
    CorrectionKind(
        "rekening", "Rekening bank", "Bank account",
        frozenset({"kode_bank", "no_rekening", "nama_rekening"}),
        _cells("kartu_bpjstk! s3; ktp! s3; buku_tabungan! s1 s3"),
    ),
    CorrectionKind(
        "kerja", "Status kerja", "Employment",
        frozenset({"status_kerja", "tanggal_mulai", "tanggal_berhenti", "sebab_berhenti"}),
        _cells("kartu_bpjstk! s3; ktp! s3; kk? s3; pengunduran_diri.| s2; paklaring.| s2 s3 o"),
    ),
    CorrectionKind(
        "gabung", "Gabung KPJ", "Merging KPJ", frozenset({"kpj_digabung"}),
        _cells("kartu_bpjstk! o; ktp! o; kk! o; paklaring! o"),
    ),
    CorrectionKind(
        "lain", "Data lain", "Other data",
        frozenset({"kpj", "status_kawin", "golongan_darah", "kewarganegaraan"}),
        _cells("kartu_bpjstk! s2; ktp! s2; kk? s2"),
    ),
)  # fmt: skip
"""Version 1, built in; it never changes. One document that is only preferred is "bila perlu"."""

FIRST = 1
CORRECTIONS = {one.key: one for one in REQUIREMENTS}
_OF_FIELD: dict[str, str] = {field: one.key for one in REQUIREMENTS for field in one.fields}


@dataclass(frozen=True, slots=True)
class Table:
    """A version of the table: the kinds of correction with what they ask for."""

    number: int
    corrections: tuple[CorrectionKind, ...]

    def kinds_of(self, fields: Iterable[str]) -> tuple[CorrectionKind, ...]:
        """Return the kinds of correction that these fields are, in the order of the table."""
        asked = {_OF_FIELD[field] for field in fields}
        return tuple(one for one in self.corrections if one.key in asked)

    def askers(self, fields: Iterable[str]) -> dict[str, Asked]:
        """Return for each document asked for here those of the fields that ask for it.

        In the order of KINDS; keys joined by EITHER, of which one is enough, come last.
        """
        found: dict[str, Asked] = {}
        for field in sorted(set(fields)):
            (one,) = self.kinds_of((field,))
            for left in (False, True):
                for key in one.asked(left=left):
                    known = found.get(key, Asked(frozenset(), frozenset()))
                    mine = known.left | {field} if left else known.active | {field}
                    found[key] = known._replace(left=mine) if left else known._replace(active=mine)
        order = list(KINDS)
        return dict(
            sorted(
                found.items(),
                key=lambda one: (EITHER in one[0], order.index(one[0].split(EITHER)[0])),
            )
        )

    def changed(self, key: str, cells: Iterable[Requirement]) -> "Table":
        """Return the table with other cells for one kind of correction, in the order of KINDS."""
        order = list(KINDS)
        needs = tuple(sorted(cells, key=lambda cell: order.index(cell.document)))
        return Table(
            self.number,
            tuple(
                CorrectionKind(one.key, one.label, one.label_en, one.fields, needs)
                if one.key == key
                else one
                for one in self.corrections
            ),
        )


BUILT_IN = Table(FIRST, REQUIREMENTS)


def label_of(key: str) -> tuple[str, str]:
    """Return what a document, or EITHER-joined ones, are called in both languages."""
    labels = [KINDS[document] for document in key.split(EITHER)]
    return " atau ".join(one[0] for one in labels), " or ".join(one[1] for one in labels)


def is_known(key: str) -> bool:
    """Say whether a key names documents, one or several of which one is enough."""
    return all(document in KINDS for document in key.split(EITHER))


def differences(before: Table, after: Table) -> tuple[Change, ...]:
    """Return the cells in which two tables differ, in the order of the table."""
    found = []
    for one, other in zip(before.corrections, after.corrections, strict=True):
        was = {cell.document: cell for cell in one.needs}
        becomes = {cell.document: cell for cell in other.needs}
        found += [
            Change(one, document, was.get(document), becomes.get(document))
            for document in ASKABLE
            if was.get(document) != becomes.get(document)
        ]
    return tuple(found)


def packed(table: Table) -> dict[str, list[list[object]]]:
    """Return the cells as plain data: by correction, [document, active, left, sources]."""
    return {
        one.key: [[cell.document, cell.active, cell.left, list(cell.sources)] for cell in one.needs]
        for one in table.corrections
    }


def unpacked(number: int, cells: Mapping[str, Collection[Collection[object]]]) -> Table:
    """Return the table of these cells.

    Raises ValueError with a sentence in both languages for what no table can hold: an unknown
    correction, document, need or source, a cell twice, one document of which one is to be enough,
    or nothing asked for at all.
    """
    unknown = next((key for key in cells if key not in CORRECTIONS), None)
    if unknown is not None:
        raise ValueError(
            f"Jenis koreksi “{unknown}” tidak dikenal. Yang dikenal: {', '.join(CORRECTIONS)}.",
            f"Unknown kind of correction “{unknown}”. Known are: {', '.join(CORRECTIONS)}.",
        )
    table = Table(number, REQUIREMENTS)
    for key, one in CORRECTIONS.items():
        made = [_cell(one, cell) for cell in cells.get(key, ())]
        made = [cell for cell in made if cell.active or cell.left]
        _expect_sense(one, made)
        table = table.changed(key, made)
    if not any(one.asked(left=left) for one in table.corrections for left in (False, True)):
        raise ValueError(
            "Tabel ini tidak mewajibkan dokumen apa pun. Tandai sedikitnya satu dokumen sebagai wajib.",
            "This table asks for no document at all. Mark at least one as required.",
        )
    return table


def _cell(one: CorrectionKind, cell: Collection[object]) -> Requirement:
    if isinstance(cell, str | Mapping) or len(cell) != 4:  # noqa: PLR2004 - as `packed` has it
        raise ValueError(
            f"{one.label}: satu sel berisi dokumen, aktif, berhenti, dan sumber.",
            f"{one.label_en}: a cell holds document, active, left and sources.",
        )
    document, active, left, sources = cell
    if document not in ASKABLE:
        known = document in KINDS
        why = "tidak dapat diminta pada baris" if known else "tidak dikenal"
        why_en = "can't be asked for on a row" if known else "is unknown"
        raise ValueError(
            f"{one.label}: dokumen “{document}” {why}. Pilih dari: {', '.join(ASKABLE)}.",
            f"{one.label_en}: document “{document}” {why_en}. Choose from: {', '.join(ASKABLE)}.",
        )
    told = [next((need for need in NEEDS if need == given), None) for given in (active, left)]
    if any(
        given not in {None, ""} and need is None
        for given, need in zip((active, left), told, strict=True)
    ):
        raise ValueError(
            f"{one.label}, {KINDS[str(document)][0]}: pilih wajib, salah_satu, bila_perlu, atau kosong.",
            f"{one.label_en}, {KINDS[str(document)][1]}: choose wajib, salah_satu, bila_perlu or nothing.",
        )
    if not isinstance(sources, list | tuple) or not all(given in SOURCES for given in sources):
        raise ValueError(
            f"{one.label}, {KINDS[str(document)][0]}: sumber harus dari {', '.join(SOURCES)}.",
            f"{one.label_en}, {KINDS[str(document)][1]}: sources must be of {', '.join(SOURCES)}.",
        )
    return Requirement(str(document), told[0], told[1], tuple(map(str, sources)))


def _expect_sense(one: CorrectionKind, cells: list[Requirement]) -> None:
    documents = [cell.document for cell in cells]
    twice = next((document for document in documents if documents.count(document) > 1), None)
    if twice:
        raise ValueError(
            f"{one.label}: {KINDS[twice][0]} tertulis dua kali.",
            f"{one.label_en}: {KINDS[twice][1]} stands there twice.",
        )
    for left, who, who_en in ((False, "pekerja aktif", "active workers"),
                              (True, "yang sudah berhenti", "those who resigned")):  # fmt: skip
        some = [cell.document for cell in cells if cell.need(left=left) == "salah_satu"]
        if len(some) == 1:
            raise ValueError(
                f"{one.label}, {who}: “salah satu” memerlukan sedikitnya dua dokumen; hanya "
                f"{KINDS[some[0]][0]} yang ditandai. Jadikan wajib atau bila perlu.",
                f"{one.label_en}, {who_en}: “one of” needs at least two documents; only "
                f"{KINDS[some[0]][1]} is marked. Make it required or where needed.",
            )
