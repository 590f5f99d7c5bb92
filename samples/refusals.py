"""Files that are refused as a whole: what is in them, and with which code."""

import io
import zipfile
from dataclasses import dataclass

from samples.sheets import Row, Story, write
from samples.stories import clean_rows


@dataclass(frozen=True, slots=True)
class Refused:
    """A file that can't be read, and the code it must get."""

    file: str
    about: str
    code: str
    content: bytes


def _with_part(data: bytes, name: str, content: bytes) -> bytes:
    """Return a workbook with one more part in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w") as new:
        for info in old.infolist():
            new.writestr(info, old.read(info))
        added = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
        added.compress_type = zipfile.ZIP_DEFLATED
        new.writestr(added, content)
    return out.getvalue()


def all_refused() -> list[Refused]:
    """Every refused sample."""
    good = write(Story("x", "", clean_rows(260, 3)))
    headers = write(Story("x", "", []))
    other = write(
        Story(
            "x", "", [Row({"Cabang": "Contoh Raya", "Jumlah": "6"})], headers=("Cabang", "Jumlah")
        )
    )
    return [
        Refused("judul-saja.xlsx", "Headers and no row below them.", "FILE-02", headers),
        Refused("kosong.xlsx", "An empty file.", "FILE-02", b""),
        Refused("terpotong.xlsx", "A download that broke off.", "FILE-03", good[: len(good) // 2]),
        Refused("kutip-terbuka.csv", "A quote that never closes.", "FILE-03",
                b'KPJ;NIK;Nama Lengkap;Data;Menjadi\r\n1;2;"SITI;Email;a@b\r\n3;4;BUDI;Email;c@d'),
        Refused("makro.xlsx", "A macro under the name .xlsx.", "FILE-05",
                _with_part(good, "xl/vbaProject.bin", b"makro")),
        Refused("tabel-lain.xlsx", "A table, but none of corrections.", "FILE-07", other),
        Refused("nul.csv", "NUL characters.", "FILE-08",
                b"KPJ;NIK;Nama Lengkap;Data;Menjadi\r\n1;2;SI\0TI;Email;a@b\r\n"),
        Refused("gambar.xlsx", "A picture under the name .xlsx.", "FILE-01",
                b"\x89PNG\r\n\x1a\n" + bytes(64)),
    ]  # fmt: skip
