"""Why the agency refuses: its words sorted under a closed list of reasons.

The agency's sentences may name people and stay sealed with the company they were sent to. What
others are warned of is the reason's own text, as it stands here (decision 86).
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Reason:
    """One reason for refusals; both texts follow "karena" and "because"."""

    key: str
    label: str
    label_en: str
    advice: str
    """What to look at before submitting, as a whole sentence."""
    advice_en: str
    words: re.Pattern[str]
    """Found in the agency's words, in small letters, signs as single spaces."""


@dataclass(frozen=True, slots=True)
class Often:
    """How often one kind of correction was refused among its latest answers."""

    refused: int
    answers: int
    reason: str
    """The key of a reason that alone is frequent; "" where none is."""


def _reason(key: str, label: str, label_en: str, advice: str, advice_en: str, words: str) -> Reason:
    return Reason(key, label, label_en, advice, advice_en, re.compile(rf"\b(?:{words})"))


REASONS: tuple[Reason, ...] = (
    _reason(
        "unreadable", "dokumennya tidak terbaca", "the document can't be read",
        "Buka setiap dokumen dan pastikan seluruh tulisannya terbaca.",
        "Open every document and make sure that all of it can be read.",
        r"buram|blur|kabur|tidak (?:dapat |bisa )?(?:terbaca|dibaca|jelas)|kurang jelas|terpotong",
    ),
    _reason(
        "document", "dokumen pendukungnya kurang", "a supporting document is missing",
        "Lengkapi dokumen pada setiap baris, termasuk yang tidak diwajibkan portal.",
        "Attach documents to every row, those that the portal doesn't require as well.",
        r"(?:dokumen|berkas|lampiran|fotokopi|scan|surat)[a-z ]* (?:kurang|belum|tidak (?:ada|lengkap|sesuai))"
        r"|(?:lampirkan|melampirkan|lengkapi|tanpa (?:dokumen|lampiran))",
    ),
    _reason(
        "taken", "nilainya sudah dipakai peserta lain", "another member has the value already",
        "Cocokkan nilai baru dengan dokumen asli orang ini.",
        "Compare the new value with the person's own document.",
        r"ganda|duplikat|dobel|double|(?:sudah|telah) (?:terdaftar|digunakan|dipakai|dimiliki)"
        r"|peserta lain|milik orang lain",
    ),
    _reason(
        "account", "nama atau nomor rekeningnya tidak cocok di bank",
        "the bank has another name or number for the account",
        "Cocokkan nomor dan nama pemilik rekening dengan buku tabungan.",
        "Compare number and name of the account with the bank book.",
        r"rekening|buku tabungan|bank",
    ),
    _reason(
        "register", "datanya berbeda dengan data kependudukan",
        "the datum differs from the civil register",
        "Cocokkan dengan KTP-el dan Kartu Keluarga terbaru; bila datanya baru diubah, minta karyawan"
        " mengonfirmasi ke Dukcapil lebih dahulu.",
        "Compare with the latest KTP-el and family card; where they were changed of late, have the"
        " employee ask Dukcapil first.",
        r"dukcapil|disdukcapil|kependudukan|adminduk|tidak padan|belum padan|tidak valid di"
        r"|nik (?:tidak|belum) (?:ditemukan|terdaftar|aktif|valid|online)"
        r"|(?:tidak sesuai|berbeda|tidak sama)[a-z ]* (?:ktp|kk|kartu keluarga)",
    ),
    _reason(
        "member", "kepesertaannya tidak aktif atau tidak ditemukan",
        "the membership is not active or not found",
        "Pastikan KPJ ini milik karyawan tersebut dan kepesertaannya masih aktif.",
        "Make sure that the KPJ is this employee's and the membership is active.",
        r"non ?aktif|tidak aktif|bukan peserta|kpj (?:tidak|belum)|kepesertaan|sudah (?:keluar|berhenti)|klaim",
    ),
    _reason(
        "same", "datanya sudah sesuai", "the datum is already right",
        "Bandingkan dahulu dengan data terakhir di SIPP atau JMO.",
        "Compare with the latest data in SIPP or JMO first.",
        r"sudah (?:sesuai|benar|sama|diubah|diperbarui)|tidak ada perubahan|data sama",
    ),
    _reason(
        "format", "bentuk nilainya tidak diterima sistem", "the system doesn't take the value's form",
        "Tulis nilai seperti pada dokumen, tanpa singkatan dan tanda yang tidak perlu.",
        "Write the value as in the document, without short forms and needless signs.",
        r"format|digit|karakter|penulisan|ejaan|singkatan|panjang",
    ),
)  # fmt: skip
"""The first whose words are found counts: the more special ones stand before the others."""

MOST_SORTED = 4_000
"""Characters that are looked at for a reason: it stands at the start of what an agency writes."""

REASON: Mapping[str, Reason] = {reason.key: reason for reason in REASONS}


def sort_words(words: str) -> str:
    """Return the key of the reason that the agency's words give; "" where none fits."""
    plain = " ".join(re.sub(r"[^a-z]+", " ", words[:MOST_SORTED].lower()).split())
    return next((reason.key for reason in REASONS if reason.words.search(plain)), "")


def often(counts: Mapping[tuple[str, str], int], least: int, percent: int) -> Often | None:
    """Tell whether refusals are frequent; `counts` are answers by (answer, reason).

    Frequent are at least `least` and at least `percent` of a hundred answers. A reason is named
    only where it alone is that frequent, so that no single refusal can be told from it.
    """
    answers = sum(counts.values())
    reasons = {reason: count for (answer, reason), count in counts.items() if answer == "refused"}
    refused = sum(reasons.values())

    def is_frequent(count: int) -> bool:
        return count >= least and 100 * count >= percent * answers

    if not refused or not is_frequent(refused):
        return None
    named = [(count, key) for key, count in reasons.items() if key in REASON and is_frequent(count)]
    return Often(refused, answers, max(named)[1] if named else "")
