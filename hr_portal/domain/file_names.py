"""A file's name taken apart: the numbers, names and kinds in it, and the words left over."""

import re
from dataclasses import dataclass, field
from typing import Literal

from hr_portal.domain.document_kinds import GLUED, kinds_in
from hr_portal.domain.names import LEADING_TITLES, TRAILING_TITLES
from hr_portal.domain.roster import KPJ_DIGITS, NIK_DIGITS, Roster

By = Literal["sheet", "nik", "kpj", "kk", "row", "name", ""]


def _set(words: str) -> frozenset[str]:
    return frozenset(words.split())


NOISE = _set(
    """SCAN SCANNED SCANNER SCN HASIL FOTO PHOTO COPY SALINAN FC FOTOCOPY FOTOKOPI FOTOCOPI ASLI ORI
    ORIGINAL WARNA BARU LAMA TERBARU NEW OLD REV REVISI FINAL FIX EDIT EDITED OK HAL HALAMAN PAGE DEPAN
    BELAKANG BLKG BERKAS FILE DOKUMEN DOC DOCUMENT IMG IMAGE WA WHATSAPP AT AM PM PIC PHOTOS NIK KPJ NO
    NOMOR NAMA BARIS ROW BRS KARYAWAN PEGAWAI AN SDR SDRI BPK PAK BU MR MRS CAMSCANNER ADOBE PDF JPG JPEG
    PNG COMPRESSED KOMPRES DATA KOREKSI LEGALISIR TTD UNTUK DARI ATAS KARTU SURAT LAMPIRAN PENDUKUNG
    VERSI VER SD SMP SMA SMK STR FULL JELAS KIRIM UPLOAD DSC PXL SCREENSHOT DAN AND SERTA WHATS APP"""
)
"""Words beside a name that say nothing about whose document it is."""
BANKS = _set("BCA BRI BNI BSI BTN BJB CIMB NIAGA MANDIRI DANAMON PERMATA OCBC MEGA SYARIAH BANK")
"""Say nothing beside a bank book; elsewhere some of them are names."""
RELATIVES = _set(
    """ISTRI SUAMI ANAK IBU AYAH BAPAK ORTU ORANGTUA AHLI WARIS SAUDARA ADIK KAKAK MERTUA PASANGAN
    IBUNYA ANAKNYA ISTRINYA SUAMINYA"""
)
_TITLES = LEADING_TITLES | TRAILING_TITLES | {"HAJI", "HAJAH", "PT", "CV"}
_ROW_WORDS = r"(?:BARIS|BRS|ROW)"
_CAMEL = re.compile(
    r"(?<=[a-z])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])|(?<=[A-Za-z])(?=[0-9])|(?<=[0-9])(?=[A-Za-z])"
)
_DEGREE = re.compile(r"(?<![A-Za-z])[SDsd] ?[1-4](?![0-9A-Za-z])")
_POINTED = re.compile(r"(?<![A-Za-z])(?:[A-Za-z]\.){1,4}[A-Za-z](?![A-Za-z])")
"""Letters with points between: "a.n.", "S.E."."""
_SPACED = re.compile(r"(?<![0-9])[0-9]{2,6}(?:[ .\-_][0-9]{2,6})+(?![0-9])")
_ROW = re.compile(rf"(?<![A-Z]){_ROW_WORDS}[ ._\-#]*(?:KE[ \-])?0*([0-9]{{1,7}})(?![0-9])")
_LEADING = re.compile(r"^[^A-Z0-9]*(?:NO[ ._\-]*)?0*([0-9]{1,6})(?![0-9])")


@dataclass(slots=True)
class NamePart:
    """A folder or the name itself, taken apart."""

    people: dict[By, list[set[int]]] = field(default_factory=dict)
    named: list[set[int]] = field(default_factory=list)
    """One entry a full name found."""
    exact: list[tuple[str, ...]] = field(default_factory=list)
    kinds: tuple[str, ...] = ()
    hints: tuple[str, ...] = ()
    unknown: list[str] = field(default_factory=list)
    """Numbers as long as a NIK or KPJ that are nobody's."""
    relatives: bool = False
    left: tuple[str, ...] = ()
    """Words that explain nothing."""
    leading: int | None = None


def read_name(text: str, roster: Roster) -> NamePart:
    """Take one folder name, or the file name without its ending, apart."""
    part = NamePart()
    rest = _numbers(text, roster, part)
    upper = rest.upper()
    row = _ROW.search(upper)
    if row:
        at = roster.by_row.get(int(row[1]))
        part.people.setdefault("row", []).append(set() if at is None else {at})
        if at is None:
            part.unknown.append(row[1])
    else:
        leading = _LEADING.match(upper)
        part.leading = int(leading[1]) if leading else None
    short = _POINTED.sub(lambda found: found[0].replace(".", ""), rest)
    plain = _DEGREE.sub(" ", _CAMEL.sub(" ", short))
    words = tuple(re.findall("[A-Z]+", plain.upper()))
    words = _names(_unglued(words, roster), roster, part)
    told = kinds_in(words)
    part.kinds, part.hints = told.kinds, told.hints
    part.relatives = bool(RELATIVES & set(told.rest))
    nothing = NOISE | RELATIVES | _TITLES | (BANKS if "buku_tabungan" in told.kinds else set())
    left = tuple(word for word in told.rest if word not in nothing)
    joined = roster.by_joined.get("".join(left)) if left else None
    if joined and not part.named:
        part.named.append(joined)
        part.exact.append(_spelt(left, joined, roster))
        left = ()
    part.left = left
    return part


def _unglued(words: tuple[str, ...], roster: Roster) -> tuple[str, ...]:
    """Set a kind apart that is glued to a whole name: KTPSITICONTOHAN."""
    apart: list[str] = []
    for word in words:
        glued = next(
            (
                pair
                for kind in GLUED
                for pair in ((kind, word.removeprefix(kind)), (word.removesuffix(kind), kind))
                if word not in roster.by_word and any(one in roster.by_joined for one in pair)
            ),
            (word,),
        )
        apart.extend(glued)
    return tuple(apart)


def _spelt(words: tuple[str, ...], people: set[int], roster: Roster) -> tuple[str, ...]:
    """Return the name that these words make when nothing stands between them."""
    joined = "".join(words)
    return next(
        name for at in people for name in roster.people[at].names if "".join(name) == joined
    )


def _numbers(text: str, roster: Roster, part: NamePart) -> str:
    """Note the identifiers in a text; return it without them."""

    def known(digits: str) -> bool:
        sources: tuple[tuple[By, dict[str, set[int]]], ...] = (
            ("nik", roster.by_nik), ("kpj", roster.by_kpj), ("kk", roster.by_kk)
        )  # fmt: skip
        for by, index in sources:
            if digits in index:
                part.people.setdefault(by, []).append(index[digits])
                return True
        return False

    def whole(found: re.Match[str]) -> str:
        if not known(found[0]) and len(found[0]) in {NIK_DIGITS, KPJ_DIGITS}:
            part.unknown.append(found[0])
        return " _ "

    def spaced(found: re.Match[str]) -> str:
        digits = re.sub("[^0-9]", "", found[0])
        return " _ " if len(digits) >= KPJ_DIGITS and known(digits) else found[0]

    rest = re.sub(rf"(?<![0-9])[0-9]{{{KPJ_DIGITS - 1},}}(?![0-9])", whole, text)
    return _SPACED.sub(spaced, rest)


def _names(words: tuple[str, ...], roster: Roster, part: NamePart) -> tuple[str, ...]:
    """Note the full names among words, the longest first; return the other words."""
    rest: list[str] = []
    at = 0
    while at < len(words):
        longest = max(
            (
                name
                for name in roster.by_first.get(words[at], ())
                if words[at : at + len(name)] == name
            ),
            key=len,
            default=None,
        )
        if longest is None:
            rest.append(words[at])
            at += 1
        else:
            part.named.append(roster.by_name[longest])
            part.exact.append(longest)
            at += len(longest)
    return tuple(rest)
