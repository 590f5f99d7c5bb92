"""What stands in for a value in the sentence of a rule, where the rule itself is read."""

import re
from typing import Final

from hr_portal.domain.told import Told

PARTS: Final[dict[str, Told]] = {
    "accepted": Told("isian yang diterima", "what is accepted"),
    "age": Told("usia", "age"),
    "answers": Told("banyaknya jawaban", "how many answers"),
    "bank": Told("nama bank", "name of the bank"),
    "batch": Told("nomor pengajuan", "number of the submission"),
    "before": Told("nilai sebelumnya", "value before"),
    "birth": Told("tanggal pada nomor", "day in the number"),
    "branch": Told("kode cabang", "code of the branch"),
    "cells": Told("alamat sel", "addresses of cells"),
    "count": Told("jumlah", "how many"),
    "date": Told("tanggal", "date"),
    "dates": Told("jumlah sel tanggal", "how many cells of dates"),
    "day": Told("tanggal", "date"),
    "district": Told("kode kecamatan", "code of the district"),
    "edition": Told("edisi kode wilayah", "edition of the region codes"),
    "field": Told("nama data", "name of the field"),
    "header": Told("nama kolom", "name of the column"),
    "length": Told("jumlah karakter", "how many characters"),
    "letters": Told("huruf", "letters"),
    "look": Told("yang perlu dicocokkan", "what to compare"),
    "marks": Told("tanda", "marks"),
    "name": Told("nama", "name"),
    "npp": Told("NPP perusahaan", "the company's NPP"),
    "p": Told("jumlah P", "how many P"),
    "prefix": Told("awalan", "prefix"),
    "province": Told("provinsi", "province"),
    "reason": Told("alasan", "reason"),
    "recorded": Told("tanggal pada nomor", "day in the number"),
    "refused": Told("jumlah yang ditolak", "how many were refused"),
    "regency": Told("kode kabupaten/kota", "code of the regency"),
    "rows": Told("nomor baris", "row numbers"),
    "sex": Told("jenis kelamin", "sex"),
    "short": Told("singkatan", "abbreviation"),
    "source": Told("dokumen asal", "source document"),
    "successor": Told("kode penggantinya", "code that took its place"),
    "suggestion": Told("usulan", "proposal"),
    "texts": Told("jumlah sel teks", "how many cells of text"),
    "titles": Told("gelar", "titles"),
    "today": Told("tanggal hari ini", "today's date"),
    "usual": Told("jumlah digit yang lazim", "usual number of digits"),
    "value": Told("isi sel", "what the cell holds"),
    "w": Told("jumlah W", "how many W"),
    "which": Told("data yang berbeda", "what differs"),
    "zeros": Told("jumlah yang berakhiran 0", "how many end in 0"),
    "zones": Told("awalan kode pos", "first digits of the postal code"),
}


def readable(sentence: str, *, english: bool) -> str:
    """Return the sentence of a rule with ⟨isi sel⟩ where its template says ⟨value⟩."""

    def named(found: re.Match[str]) -> str:
        told = PARTS[found[1].removesuffix("_en")]
        return f"⟨{told.english if english else told}⟩"

    return re.sub(r"⟨(\w+)⟩", named, sentence)
