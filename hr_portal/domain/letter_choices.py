"""What a company chooses of the words of its letters: column heads, salutation, three paragraphs.

The statement of responsibility can't be chosen away: no letter is signed without it.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final

from hr_portal.domain.told import Told

LONGEST_TEXT: Final = 1_500
"""Characters of a paragraph; with three as long a letter has two pages."""
LONGEST_SALUTATION: Final = 80


@dataclass(frozen=True, slots=True)
class Phrases:
    """A pair of column heads: as they are in the table, and as a sentence names them."""

    before: str
    after: str
    before_head: str
    after_head: str


PHRASES: Final[Mapping[str, Phrases]] = {
    "semula": Phrases("Semula", "Menjadi", "Semula (tertulis)", "Menjadi (seharusnya)"),
    "tertulis": Phrases("Tertulis", "Seharusnya", "Tertulis", "Seharusnya"),
    "lama": Phrases("Data lama", "Data baru", "Data lama", "Data baru"),
}

PLACEHOLDERS: Final[Mapping[str, Told]] = {
    "perusahaan": Told("nama perusahaan", "name of the company"),
    "npp": Told("NPP", "NPP"),
    "kantor_cabang": Told("nama kantor cabang yang dituju", "name of the branch it goes to"),
    "jumlah_tenaga_kerja": Told(
        "12 (dua belas) tenaga kerja", "how many employees, such as 12 (dua belas)"
    ),
    "jumlah_koreksi": Told(
        "15 (lima belas) butir koreksi", "how many corrections, such as 15 (lima belas)"
    ),
    "jenis_data": Told(
        "data yang berbeda: NIK, nama lengkap, dan tanggal lahir",
        "what differs: NIK, full name, date of birth",
    ),
    "kolom_semula": Told("judul kolom nilai yang tercatat", "title of the column of old values"),
    "kolom_menjadi": Told("judul kolom nilai yang seharusnya", "title of the column of new values"),
    "tanggal": Told("tanggal surat", "date of the letter"),
    "narahubung": Told("nama dan jabatan narahubung", "name and title of the contact"),
    "penanda_tangan": Told("nama penanda tangan", "name of who signs"),
}
"""What a paragraph may name between {{ and }}, and what stands there then."""

SALUTATION: Final = "Dengan hormat,"
OPENING: Final = (
    "Dalam rangka memenuhi kewajiban pemberi kerja menyampaikan data pekerja secara lengkap dan benar "
    "sebagaimana diatur dalam Pasal\u00a015 ayat\u00a0(2) Undang-Undang Nomor\u00a024 Tahun\u00a02011 dan "
    "Pasal\u00a09 Peraturan Pemerintah Nomor\u00a044 Tahun\u00a02015 beserta perubahannya, dengan ini kami "
    "mengajukan permohonan koreksi data peserta dengan keterangan berikut."
)
REQUEST: Final = (
    "Setelah kami cocokkan dengan dokumen kependudukan dan dokumen resmi lainnya, data tenaga kerja "
    "tersebut yang tercatat pada BPJS Ketenagakerjaan ternyata berbeda, yaitu pada {{ jenis_data }}. "
    "Sehubungan dengan itu, kami memohon agar data pada kolom {{ kolom_semula }} dikoreksi menjadi data "
    "pada kolom {{ kolom_menjadi }} sebagaimana diperinci dalam Lampiran\u00a0I."
)
CLOSING: Final = "Atas perhatian dan kerja sama Bapak/Ibu, kami mengucapkan terima kasih."


@dataclass(frozen=True, slots=True)
class LetterChoices:
    """A company's choices; each text may name placeholders, salutation included.

    The defaults are the portal's own words, so that a letter whose company chose nothing says
    what it always said.
    """

    phrases: str = "semula"
    salutation: str = SALUTATION
    opening: str = OPENING
    request: str = REQUEST
    closing: str = CLOSING

    @property
    def heads(self) -> Phrases:
        """The pair of column heads; the usual one where the kept name is not known."""
        return PHRASES.get(self.phrases, PHRASES["semula"])


USUAL: Final = LetterChoices()
TEXTS: Final = ("salutation", "opening", "request", "closing")
NAMES: Final[Mapping[str, str]] = {
    "salutation": "salam pembuka",
    "opening": "paragraf pembuka",
    "request": "paragraf permohonan",
    "closing": "paragraf penutup",
}


def choices_of(kept: Mapping[str, str] | None) -> LetterChoices:
    """Return a company's choices from what is kept of them; what is missing is as usual."""
    said = {key: value for key, value in (kept or {}).items() if value}
    known = {key: said[key] for key in ("phrases", *TEXTS) if key in said}
    return LetterChoices(**known)


def kept_choices(choices: LetterChoices) -> dict[str, str]:
    """Return what is kept of choices: only what differs from the usual words."""
    values = {key: getattr(choices, key) for key in ("phrases", *TEXTS)}
    return {key: value for key, value in values.items() if value and value != getattr(USUAL, key)}


def longest(name: str) -> int:
    """Return how many characters a text may have."""
    return LONGEST_SALUTATION if name == "salutation" else LONGEST_TEXT
