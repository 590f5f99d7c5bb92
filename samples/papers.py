"""The documents of `koreksi-bersih.xlsx`: one page each, of invented people, in one ZIP.

Plain PDF with the letters every reader brings along, so the whole ZIP is smaller than one scan.
"""

import io
import zipfile

from hr_portal.adapters.documents.specimen import NOTICE
from hr_portal.domain.document_kinds import KINDS
from hr_portal.domain.fields import field_by_header
from hr_portal.domain.requirements import BUILT_IN
from samples.sheets import Story

FILE = "dokumen-bersih.zip"
ABOUT = "The documents of `koreksi-bersih.xlsx`; each finds its row by the number in its name."
NAMES = {"kartu_bpjstk": "Kartu BPJS TK {KPJ}", "ktp": "KTP {NIK}", "kk": "KK {NIK}"}


def documents(story: Story) -> bytes:
    """Return the ZIP of all documents that the portal asks for the rows of a story."""
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        for row in story.rows:
            field = field_by_header(str(row.cells["Data"]))
            assert field is not None
            (asked,) = BUILT_IN.kinds_of((field.key,))
            for kind in asked.asked(left=False):
                name = NAMES[kind].format_map(row.cells)
                entry = zipfile.ZipInfo(f"{name}.pdf", (2026, 11, 21, 8, 0, 0))
                archive.writestr(entry, _page(KINDS[kind][0], str(row.cells["Nama Lengkap"])))
    return held.getvalue()


def _page(kind: str, name: str) -> bytes:
    notice = NOTICE.replace("–", "-")
    lines = (
        (16, 230, notice), (13, 200, kind), (11, 150, f"Nama: {name}"),
        (9, 40, "Orang dan data rekaan untuk uji coba"),
    )  # fmt: skip
    drawn = "".join(f"BT /F1 {size} Tf 30 {at} Td ({text}) Tj ET\n" for size, at, text in lines)
    parts = (
        "<< /Type /Catalog /Pages 2 0 R >>",
        "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        "<< /Type /Page /Parent 2 0 R /MediaBox [0 0 420 265] /Contents 4 0 R /Resources 6 0 R >>",
        f"<< /Length {len(drawn)} >>\nstream\n{drawn}endstream",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
        "<< /Font << /F1 5 0 R >> >>",
    )
    made, places = "%PDF-1.4\n", []
    for number, part in enumerate(parts, 1):
        places.append(len(made))
        made += f"{number} 0 obj\n{part}\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"trailer\n<< /Size {len(parts) + 1} /Root 1 0 R >>\nstartxref\n{len(made)}\n%%EOF\n"
    return (made + f"xref\n0 {len(parts) + 1}\n0000000000 65535 f \n{table}" + end).encode("ascii")
