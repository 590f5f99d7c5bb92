"""Documents made to do harm: each test is named after what its sender hopes for."""

import io
import json
import socket
import subprocess
import sys
import zlib
from pathlib import Path

import pikepdf
import pytest

from hr_portal.adapters.documents import DEFAULT, DocumentRefused, make_safe
from hr_portal.adapters.documents.process import ChildDied, _understood
from hr_portal.adapters.documents.refusals import ACTIVE, CASES, DEATHS
from tests import parts
from tests.adapters.documents import made

MARK = b"RAHASIA-9913"
SCRIPT = b"<script>alert(document.domain)</script>"
JS = b"<</S/JavaScript/JS(app.alert\\(1\\))>>"
MIB = 1024 * 1024


def refusal(data, name, **how):
    with pytest.raises(DocumentRefused) as caught:
        make_safe(data, name, **how)
    return caught.value


def everything_in(data):
    """All bytes of a PDF, with each stream unpacked as far as it goes."""
    with pikepdf.open(io.BytesIO(data)) as pdf:
        found = data
        for thing in pdf.objects:
            found += thing.unparse(resolved=True)
            if isinstance(thing, pikepdf.Stream):
                found += thing.read_raw_bytes()
                found += (
                    thing.read_bytes(pikepdf.StreamDecodeLevel.generalized)
                    if (thing.get("/Filter") != "/DCTDecode")
                    else b""
                )
        return found


# ------------------------------------------------------------------ passing for another type


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("ktp.jpg", b"MZ\x90\0" + bytes(512)),
        ("ktp.jpg", b"GIF89a\x01\0\x01\0\0\0\0;"),
        ("ktp.png", b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'),
        ("ktp.pdf", b"<html>" + SCRIPT),
        ("ktp.pdf", SCRIPT + made.simple_pdf()),
        ("ktp.pdf", b"\xef\xbb\xbf" + made.simple_pdf()),
        ("ktp.pdf", made.jpeg()),
        ("ktp.png", made.jpeg()),
        ("ktp.jpg", made.png()),
        ("ktp.jpg", made.simple_pdf()),
        ("ktp.pdf", b"PK\x03\x04" + bytes(60)),
        ("ktp.jpg", b"\0\0\0\x18ftypheic" + bytes(60)),
        ("ktp.jpg", bytes(60)),
        ("ktp.pdf", b"\n%PDF-1.7"),
        ("ktp.exe", made.jpeg()),
        ("ktp.pdf.html", made.simple_pdf()),
        ("ktp.svg", made.png()),
        ("ktp", made.png()),
        (".pdf", made.simple_pdf()),
        ("pdf", made.simple_pdf()),
        ("ktp.jpg\0.exe", made.jpeg()),
        ("ktp.p\u202efd", made.simple_pdf()),
    ],
)
def test_a_file_that_passes_for_another_type_is_refused_by_name(name, data):
    refused = refusal(data, name)
    assert refused.code == "DOC-01"
    assert "PDF" in refused.message
    assert "PDF" in refused.message_en


def test_content_under_the_wrong_name_is_called_what_it_is():
    refused = refusal(made.png(), "ktp.jpg")
    assert "ktp.jpg bernama .jpg, tetapi isinya gambar PNG" in refused.message
    assert "ktp.jpg is named .jpg, but holds a PNG picture" in refused.message_en


@pytest.mark.parametrize("ending", [SCRIPT, b"PK\x03\x04" + bytes(30), b"MZ" + bytes(30)])
def test_a_pdf_that_is_something_else_at_its_end_is_refused(ending):
    refused = refusal(made.simple_pdf() + ending, "ktp.pdf")
    assert refused.code == "DOC-01"
    assert f"{len(ending.strip(bytes(1)))} byte" in refused.message


@pytest.mark.parametrize(
    "data",
    [
        made.png() + SCRIPT,
        made.with_segments(made.jpeg(), made.jpeg_segment(0xFE, SCRIPT)) + SCRIPT,
        made.png(icc_profile=SCRIPT),
        made.jpeg(icc_profile=SCRIPT),
        made.raw_png(
            1, 1, zlib.compress(b"\0\0\0\0"), made.png_chunk(b"tEXt", b"Comment\0" + SCRIPT)
        ),
        made.raw_png(
            1, 1, zlib.compress(b"\0\0\0\0"), after=made.png_chunk(b"tEXt", b"Late\0" + SCRIPT)
        ),
    ],
)
def test_a_script_in_or_behind_a_picture_is_not_in_the_copy(data):
    name = "a.png" if data.startswith(b"\x89PNG") else "a.jpg"
    assert SCRIPT in data or b"iCCP" in data
    copy = make_safe(data, name).data
    for trace in (b"script", b"iCCP", b"tEXt", b"ICC_PROFILE"):
        assert trace not in copy


# ------------------------------------------------------------------------ names as weapons


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("../../etc/ktp.pdf", "ktp.pdf"),
        ("C:\\Windows\\ktp.pdf", "ktp.pdf"),
        ("a\r\nSet-Cookie: x.pdf", "a\\u000d\\u000aSet-Cookie: x.pdf"),
        ("ktp\u202egpj.pdf", "ktp\\u202egpj.pdf"),
        ("a\0b.pdf", "a\\u0000b.pdf"),
        ("{file}{0}%s.pdf", "{file}{0}%s.pdf"),
        ("\ud800.pdf", "\\ud800.pdf"),
    ],
)
def test_a_name_made_to_deceive_is_shown_harmlessly(name, shown):
    for data in (b"", b"<html>", made.simple_pdf(b"/OpenAction" + JS)):
        refused = refusal(data, name)
        assert shown in refused.message
        assert shown in refused.message_en
        assert refused.message.isprintable()


def test_a_name_of_300_characters_is_shown_shortened():
    refused = refusal(b"", "x" * 300 + ".pdf")
    assert len(refused.message) < 400
    assert "xxx.pdf" in refused.message


# ------------------------------------------------------------------- empty, cut short, locked


@pytest.mark.parametrize("name", ["a.pdf", "a.jpg", "a.png"])
def test_an_empty_file_is_refused_as_empty(name):
    assert refusal(b"", name).code == "DOC-02"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("a.pdf", made.simple_pdf()[:120]),
        ("a.pdf", made.simple_pdf()[:-8]),
        ("a.pdf", made.simple_pdf() + b"12 0 obj\n<</Type/Catalog"),
        ("a.jpg", made.jpeg(made.gradient((400, 300)))[:900]),
        ("a.jpg", made.jpeg()[:60]),
        ("a.png", made.png(made.gradient((400, 300)))[:700]),
        ("a.png", made.png()[:20]),
        ("a.jpg", b"\xff\xd8\xff"),
        ("a.pdf", b"%PDF-1.7"),
        ("a.pdf", b"%PDF-1.7\n%%EOF"),
        ("a.pdf", made.simple_pdf().replace(b"xref", b"yref")),
        ("a.pdf", made.simple_pdf().replace(b"/Root 1 0 R", b"/Root 9 0 R")),
        ("a.png", made.raw_png(4, 4, b"not packed at all")),
    ],
)
def test_a_file_cut_short_or_damaged_is_refused_rather_than_kept_in_part(name, data):
    refused = refusal(data, name)
    assert refused.code == "DOC-03"
    assert "a." in refused.message


@pytest.mark.parametrize("password", ["", "rahasia"])
def test_an_encrypted_pdf_hides_nothing_from_us_because_it_is_refused(password):
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made.simple_pdf())) as pdf:
        pdf.save(out, encryption=pikepdf.Encryption(owner="pemilik", user=password))
    assert refusal(out.getvalue(), "slip.pdf").code == "DOC-04"


# ------------------------------------------------------------------------- PDFs that act

FILE_SPEC = b"<</Type/Filespec/F(x.exe)/EF<</F 5 0 R>>>>"
FILE = made.stream(b"MZ" + MARK, b"/Type/EmbeddedFile")
LINK = b"<</Type/Annot/Subtype/Link/Rect[0 0 9 9]/A%s>>"
TEXT = b"<</Type/Annot/Subtype/Widget/T(x)/Rect[0 0 9 9]%s>>"
WIDGET = b"<</Type/Annot/Subtype/Widget/FT/Btn/T(b)/Rect[0 0 9 9]%s>>"

ACTIVE_PDFS = {
    "javascript when opened": ("javascript", (b"/OpenAction" + JS,)),
    "javascript in the name tree": (
        "javascript",
        (b"/Names<</JavaScript<</Names[(a)" + JS + b"]>>>>",),
    ),
    "javascript deep in the name tree": (
        "javascript",
        (
            b"/Names<</JavaScript<</Kids[4 0 R]>>>>",
            b"",
            b"<</Kids[5 0 R]>>",
            b"<</Names[(a)" + JS + b"]>>",
        ),
    ),
    "a script without its kind in the name tree": (
        "javascript",
        (b"/Names<</JavaScript<</Names[(a)<</JS(1)>>]>>>>",),
    ),
    "javascript in a stream": (
        "javascript",
        (
            b"",
            b"/Annots[4 0 R]",
            LINK % b"<</S/JavaScript/JS 5 0 R>>",
            made.stream(b"app.alert(1)"),
        ),
    ),
    "javascript inline in a link": ("javascript", (b"", b"/Annots[" + LINK % JS + b"]")),
    "javascript after a harmless action": (
        "javascript",
        (
            b"",
            b"/Annots["
            + LINK % (b"<</S/GoTo/D[3 0 R/Fit]/Next[<</S/Named/N/NextPage/Next" + JS + b">>]>>")
            + b"]",
        ),
    ),
    "javascript in a field": (
        "javascript",
        (b"/AcroForm<</Fields[4 0 R]>>", b"", WIDGET % (b"/AA<</K" + JS + b">>")),
    ),
    "javascript in a field's parent": (
        "javascript",
        (
            b"/AcroForm<</Fields[]>>",
            b"/Annots[4 0 R]",
            WIDGET % b"/Parent 5 0 R",
            b"<</AA<</F" + JS + b">>>>",
        ),
    ),
    "javascript when a page is turned": ("javascript", (b"", b"/AA<</O" + JS + b">>")),
    "javascript in a bookmark": (
        "javascript",
        (b"/Outlines<</First 4 0 R/Last 4 0 R>>", b"", b"<</Title(a)/A" + JS + b">>"),
    ),
    "javascript in a rendition": (
        "javascript",
        (b"", b"/Annots[" + LINK % b"<</S/Rendition/JS(app.alert\\(1\\))/OP 0>>" + b"]"),
    ),
    "javascript with an escaped name": ("javascript", (b"/OpenAction<</S/J#61vaScript/JS(1)>>",)),
    "javascript under a key of its own": (
        "javascript",
        (b"", b"/Mine<</Deep[[<</A" + JS + b">>]]>>"),
    ),
    "a program to start": ("launch", (b"/OpenAction<</S/Launch/F(cmd.exe)>>",)),
    "a program behind a link": (
        "launch",
        (b"", b"/Annots[" + LINK % b"<</S/Launch/F(cmd.exe)>>" + b"]"),
    ),
    "a form that sends": (
        "submit",
        (
            b"/AcroForm<</Fields[4 0 R]>>",
            b"",
            WIDGET % b"/A<</S/SubmitForm/F(http://127.0.0.1:9/)>>",
        ),
    ),
    "a form that fetches": (
        "import",
        (b"", b"/Annots[" + LINK % b"<</S/ImportData/F(a.fdf)>>" + b"]"),
    ),
    "a page of another file": (
        "remote",
        (b"", b"/Annots[" + LINK % b"<</S/GoToR/F(\\\\\\\\host\\\\a.pdf)/D[0/Fit]>>" + b"]"),
    ),
    "an article of another file": (
        "remote",
        (b"", b"/Annots[" + LINK % b"<</S/Thread/F(a.pdf)/D 0>>" + b"]"),
    ),
    "content kept in another file": (
        "remote",
        (b"", b"/Contents 4 0 R", made.stream(b"", b"/F(/etc/passwd)")),
    ),
    "a picture of another file's page": (
        "remote",
        (
            b"",
            b"/Resources<</XObject<</X 4 0 R>>>>",
            made.stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Ref<</F(a.pdf)/Page 0>>"),
        ),
    ),
    "an embedded file": (
        "embedded",
        (b"/Names<</EmbeddedFiles<</Names[(x)4 0 R]>>>>", b"", FILE_SPEC, FILE),
    ),
    "a file attached to a page": (
        "embedded",
        (
            b"",
            b"/Annots[<</Type/Annot/Subtype/FileAttachment/Rect[0 0 9 9]/FS 4 0 R>>]",
            FILE_SPEC,
            FILE,
        ),
    ),
    "an associated file": ("embedded", (b"/AF[4 0 R]", b"", FILE_SPEC, FILE)),
    "an associated file inline": ("embedded", (b"/AF[<</F(a)/EF<</UF 4 0 R>>>>]", b"", FILE)),
    "a jump into an embedded file": (
        "embedded",
        (b"", b"/Annots[" + LINK % b"<</S/GoToE/D[0/Fit]/T<</R/C/N(x)>>>>" + b"]"),
    ),
    "a portfolio": ("embedded", (b"/Collection<</View/T>>",)),
    "an XFA form": ("xfa", (b"/AcroForm<</XFA 4 0 R/Fields[]>>", b"", made.stream(b"<xdp:xdp/>"))),
    "an XFA form in pieces": (
        "xfa",
        (b"/AcroForm<</XFA[(a)4 0 R]/Fields[]>>", b"", made.stream(b"<x/>")),
    ),
    "a text that each reader draws in its own way": (
        "form",
        (b"/AcroForm<</Fields[4 0 R]>>", b"/Annots[4 0 R]", TEXT % b"/FT/Tx/V(CONTOH)"),
    ),
    "a choice that each reader draws in its own way": (
        "form",
        (
            b"/AcroForm<</Fields[5 0 R]>>",
            b"/Annots[4 0 R]",
            TEXT % b"/Parent 5 0 R",
            b"<</FT/Ch/T(x)/V[(A)]>>",
        ),
    ),
    "a text that may be drawn otherwise than it is": (
        "form",
        (
            b"/AcroForm<</Fields[4 0 R]/NeedAppearances true>>",
            b"/Annots[4 0 R]",
            TEXT % b"/FT/Tx/V(CONTOH)/AP<</N 5 0 R>>",
            made.stream(b"(LAIN) Tj", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]"),
        ),
    ),
    "a film": ("media", (b"", b"/Annots[<</Subtype/RichMedia/Rect[0 0 9 9]>>]")),
    "a film on a screen": ("media", (b"", b"/Annots[<</Subtype/Screen/Rect[0 0 9 9]>>]")),
    "a solid": ("media", (b"", b"/Annots[<</Subtype/3D/Rect[0 0 9 9]>>]")),
    "a sound": (
        "media",
        (b"", b"/Annots[" + LINK % b"<</S/Sound/Sound 4 0 R>>" + b"]", made.stream(b"")),
    ),
    "an address called when opened": (
        "automatic",
        (b"/OpenAction<</S/URI/URI(http://127.0.0.1:9/)>>",),
    ),
    "an address called after a jump": (
        "automatic",
        (b"/OpenAction<</S/GoTo/D[3 0 R/Fit]/Next<</S/URI/URI(http://127.0.0.1:9/)>>>>",),
    ),
    "an address called when closed": (
        "automatic",
        (b"/AA<</WC<</S/URI/URI(http://127.0.0.1:9/)>>>>",),
    ),
    "an address called when a page shows": (
        "automatic",
        (b"", b"/AA 4 0 R", b"<</O<</S/URI/URI(http://127.0.0.1:9/)>>>>"),
    ),
    "a PostScript program": (
        "postscript",
        (
            b"",
            b"/Resources<</XObject<</X 4 0 R>>>>",
            made.stream(b"showpage", b"/Type/XObject/Subtype/PS"),
        ),
    ),
}


@pytest.mark.parametrize("threat", ACTIVE_PDFS)
def test_a_pdf_that_acts_is_refused_and_told_what_it_holds(threat):
    kind, made_of = ACTIVE_PDFS[threat]
    refused = refusal(made.simple_pdf(*made_of), "surat.pdf")
    assert refused.code == "DOC-05"
    told, told_en = ACTIVE[kind]
    assert told in refused.message
    assert told_en in refused.message_en


def test_every_kind_of_active_content_has_a_threat_here():
    assert {kind for kind, _ in ACTIVE_PDFS.values()} == set(ACTIVE)


def test_an_action_packed_away_in_an_object_stream_is_found():
    out = io.BytesIO()
    with pikepdf.open(io.BytesIO(made.simple_pdf(b"", b"/AA<</O 4 0 R>>", JS))) as pdf:
        pdf.save(out, object_stream_mode=pikepdf.ObjectStreamMode.generate)
    assert b"JavaScript" not in out.getvalue()
    assert refusal(out.getvalue(), "surat.pdf").code == "DOC-05"


def test_actions_that_follow_each_other_in_a_ring_end():
    ring = b"<</S/GoTo/D[3 0 R/Fit]/Next 4 0 R>>"
    assert make_safe(made.simple_pdf(b"/OpenAction 4 0 R", b"", ring), "a.pdf").pages == 1


def test_a_link_to_an_address_is_taken_out_and_the_page_kept():
    link = LINK % (b"<</S/URI/URI(http://127.0.0.1:9/" + MARK + b")>>")
    data = made.simple_pdf(b"/URI<</Base(http://127.0.0.1:9/)>>", b"/Annots[4 0 R]", link)
    safe = make_safe(data, "surat.pdf")
    assert safe.pages == 1
    whole = everything_in(safe.data)
    assert MARK not in whole
    assert b"127.0.0.1" not in whole
    assert b"/Annots" not in whole


# ----------------------------------------------------------- carrying what nobody sees along


PERSONAL_PDFS = {
    "the document's properties": (b"", b"", b"<</Author(" + MARK + b")>>"),
    "XMP": (b"/Metadata 4 0 R", b"", made.stream(MARK, b"/Type/Metadata/Subtype/XML")),
    "XMP of a page": (b"", b"/Metadata 4 0 R", made.stream(MARK, b"/Type/Metadata/Subtype/XML")),
    "a program's own data": (b"", b"/PieceInfo<</App<</Private(" + MARK + b")>>>>"),
    "a thumbnail from before it was cut": (b"", b"/Thumb 4 0 R", made.stream(MARK)),
    "a comment": (b"", b"/Annots[<</Subtype/Text/Rect[0 0 9 9]/Contents(" + MARK + b")>>]"),
    "a comment's window": (
        b"",
        b"/Annots[<</Subtype/Popup/Rect[0 0 9 9]/Contents(" + MARK + b")>>]",
    ),
    "the note on a stamp": (
        b"",
        b"/Annots[<</Subtype/Stamp/Rect[0 0 9 9]/Contents(" + MARK + b")>>]",
    ),
    "a bookmark": (b"/Outlines<</First 4 0 R/Last 4 0 R>>", b"", b"<</Title(" + MARK + b")>>"),
    "an object nobody refers to": (b"", b"", b"<</X(" + MARK + b")>>"),
    "a key of its own in the catalog": (b"/Mine(" + MARK + b")",),
    "a key of its own on a page": (b"", b"/Mine[[(" + MARK + b")]]"),
    "the structure for reading aloud": (b"/StructTreeRoot<</K<</S/P/Alt(" + MARK + b")>>>>",),
    "a layer's name": (
        b"/OCProperties<</OCGs[4 0 R]/D<<>>>>",
        b"",
        b"<</Type/OCG/Name(" + MARK + b")>>",
    ),
    "a picture's properties": (
        b"",
        b"/Resources<</XObject<</X 4 0 R>>>>",
        made.stream(b"", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]/Metadata 5 0 R"),
        made.stream(MARK, b"/Type/Metadata/Subtype/XML"),
    ),
}


@pytest.mark.parametrize("place", PERSONAL_PDFS)
def test_what_nobody_sees_in_a_pdf_is_not_in_the_copy(place):
    trailer = b"/Info 4 0 R" if place == "the document's properties" else b""
    data = made.simple_pdf(*PERSONAL_PDFS[place], trailer=trailer)
    assert MARK in everything_in(data) + data
    assert MARK not in everything_in(make_safe(data, "surat.pdf").data)


def test_an_older_state_of_a_pdf_is_not_in_the_copy():
    before = made.simple_pdf(b"", b"/Contents 4 0 R", made.stream(b"(" + MARK + b") Tj"))
    start = before.rindex(b"startxref") + len(b"startxref\n")
    previous = before[start:].split()[0]
    change = b"4 0 obj\n" + made.stream(b"0 0 m 9 9 l S") + b"\nendobj\n"
    after = before + change + b"xref\n4 1\n%010d 00000 n \n" % len(before)
    after += b"trailer\n<</Size 5/Root 1 0 R/Prev %s>>\nstartxref\n%d\n%%%%EOF\n" % (
        previous,
        len(before) + len(change),
    )
    assert MARK not in everything_in(make_safe(after, "surat.pdf").data)


def test_the_place_where_a_photo_was_taken_is_in_neither_copy():
    photo = made.with_segments(made.jpeg(), made.exif(1, MARK), made.jpeg_segment(0xFE, MARK))
    assert MARK not in make_safe(photo, "foto.jpg").data
    head = b"/Type/XObject/Subtype/Image/Width 48/Height 32/BitsPerComponent 8"
    head += b"/ColorSpace/DeviceRGB"
    resources = b"/Resources<</XObject<</I 4 0 R>>>>"
    plain = made.stream(photo + MARK, head + b"/Filter/DCTDecode")
    packed = made.stream(zlib.compress(photo), head + b"/Filter[/FlateDecode/DCTDecode]")
    for picture in (plain, packed):
        data = made.simple_pdf(b"", resources, picture)
        assert MARK not in everything_in(make_safe(data, "foto.pdf").data)


# ---------------------------------------------------------------------------------- bombs


def test_a_file_over_10_mb_is_refused_after_reading_no_more_than_that():
    class Endless(io.RawIOBase):
        given = 0

        def read(self, size=-1):
            assert 0 < size <= 10 * MIB + 1
            self.given += size
            return b"%PDF-" + bytes(size - 5)

    source = Endless()
    refused = refusal(source, "surat.pdf")
    assert refused.code == "DOC-06"
    assert "10 MB" in refused.message
    assert source.given == 10 * MIB + 1


@pytest.mark.parametrize(
    ("name", "data", "told"),
    [
        (
            "a.png",
            made.raw_png(60_000, 60_000, zlib.compress(bytes(1000))),
            "60.000 × 60.000 piksel (3.600 megapiksel); batasnya 40 megapiksel",
        ),
        (
            "a.png",
            made.raw_png(8_001, 5_000, zlib.compress(bytes(1000)), colour=0),
            "8.001 × 5.000 piksel (41 megapiksel); batasnya 40 megapiksel",
        ),
        (
            "a.jpg",
            made.jpeg().replace(b"\x08\x00\x20\x00\x30", b"\x08\xff\xdc\xff\xdc"),
            "65.500 × 65.500 piksel",
        ),
        (
            "a.png",
            made.raw_png(40_000, 1, zlib.compress(bytes(40_001)), colour=0),
            "batas satu sisi 32.767 piksel",
        ),
    ],
)
def test_a_picture_that_claims_to_be_huge_is_refused_by_its_header(name, data, told):
    refused = refusal(data, name)
    assert refused.code == "DOC-06"
    assert told in refused.message


def test_a_picture_of_40_megapixels_is_just_allowed():
    rows = zlib.compressobj()
    packed = b"".join(rows.compress(bytes(8_001)) for _ in range(5_000)) + rows.flush()
    safe = make_safe(made.raw_png(8_000, 5_000, packed, colour=0), "a.png")
    assert (safe.width, safe.height) == (8_000, 5_000)


@pytest.mark.parametrize("late", [False, True])
def test_a_text_that_unpacks_to_32_mb_inside_a_picture_is_refused(late):
    bomb = made.png_chunk(b"zTXt", b"c\0\0" + zlib.compress(b"A" * (32 * MIB), 9))
    pixels = zlib.compress(b"\0\0\0\0")
    data = made.raw_png(1, 1, pixels, after=bomb) if late else made.raw_png(1, 1, pixels, bomb)
    refused = refusal(data, "a.png")
    assert refused.code == "DOC-06"
    assert "1 MB" in refused.message


@pytest.fixture(scope="module")
def packed_once():
    return zlib.compress(bytes(200 * MIB), 9)


@pytest.mark.parametrize("twice", [False, True])
def test_a_stream_that_unpacks_without_end_is_refused(packed_once, twice):
    content = zlib.compress(packed_once, 9) if twice else packed_once
    filters = b"/Filter[/FlateDecode/FlateDecode]" if twice else b"/Filter/FlateDecode"
    data = made.simple_pdf(b"", b"/Contents 4 0 R", made.stream(content, filters))
    refused = refusal(data, "surat.pdf")
    assert refused.code == "DOC-06"
    assert "160 MB" in refused.message


def test_many_streams_that_unpack_to_too_much_together_are_refused():
    piece = made.stream(zlib.compress(bytes(8 * MIB), 9), b"/Filter/FlateDecode")
    numbers = b" ".join(b"%d 0 R" % (4 + number) for number in range(6))
    data = made.simple_pdf(b"", b"/Contents[" + numbers + b"]", *[piece] * 6)
    limits = DEFAULT._replace(max_unpacked_bytes=40 * MIB)
    assert make_safe(data, "surat.pdf").pages == 1
    refused = refusal(data, "surat.pdf", limits=limits)
    assert refused.code == "DOC-06"
    assert "40 MB" in refused.message


@pytest.mark.parametrize("lying", [False, True])
def test_a_huge_picture_inside_a_pdf_is_refused(lying):
    size = (48, 32) if lying else (60_000, 60_000)
    photo = made.jpeg().replace(b"\x08\x00\x20\x00\x30", b"\x08\xff\xdc\xff\xdc")
    head = b"/Type/XObject/Subtype/Image/Width %d/Height %d/BitsPerComponent 8" % size
    head += b"/ColorSpace/DeviceRGB/Filter/DCTDecode"
    picture = made.stream(photo if lying else made.jpeg(), head)
    data = made.simple_pdf(b"", b"/Resources<</XObject<</I 4 0 R>>>>", picture)
    refused = refusal(data, "surat.pdf")
    assert refused.code == "DOC-06"
    assert "piksel" in refused.message


def test_a_page_tree_without_end_is_refused():
    loop = made.pdf(made.catalog(), b"<</Type/Pages/Kids[2 0 R]/Count 1>>")
    assert refusal(loop, "a.pdf").code == "DOC-03"


def test_one_page_shown_100000_times_is_refused_by_the_page_limit():
    kids = b"3 0 R " * 100_000
    data = made.pdf(
        made.catalog(), b"<</Type/Pages/Kids[" + kids + b"]/Count 100000>>", made.page()
    )
    refused = refusal(data, "a.pdf")
    assert refused.code == "DOC-06"
    assert "200 halaman" in refused.message


def test_a_pdf_of_too_many_parts_is_refused():
    data = made.simple_pdf(b"", b"/Mine[" + b"[]" * 2_000 + b"]")
    limits = DEFAULT._replace(max_objects=1_000)
    assert make_safe(data, "a.pdf").pages == 1
    refused = refusal(data, "a.pdf", limits=limits)
    assert refused.code == "DOC-06"
    assert "1.000 bagian" in refused.message


def test_arrays_nested_without_end_are_refused():
    data = made.simple_pdf(b"", b"/Mine" + b"[" * 50_000 + b"]" * 50_000)
    assert refusal(data, "a.pdf").code in {"DOC-03", "DOC-09"}


# ------------------------------------------------------------------- the process that opens it


def open_files():
    return {entry.name for entry in Path("/proc/self/fd").iterdir()}


def children():
    """The processes that this one has started and that still are; other tests may keep some."""
    listed = Path("/proc/self/task").glob("*/children")
    return {pid for each in listed for pid in each.read_text().split()}


@pytest.mark.parametrize(
    ("limits", "cause"),
    [
        (DEFAULT._replace(child_seconds=0), "time"),
        (DEFAULT._replace(child_memory_bytes=80 * MIB), "memory"),
        (DEFAULT._replace(child_memory_bytes=1), "memory"),
        (DEFAULT._replace(child_memory_bytes="no number"), "crash"),
    ],
)
def test_a_converter_that_dies_costs_one_document_and_leaves_nothing_running(limits, cause):
    rows = zlib.compressobj()
    packed = b"".join(rows.compress(bytes(18_001)) for _ in range(6_000)) + rows.flush()
    large = made.raw_png(6_000, 6_000, packed)
    make_safe(made.png(), "a.png")  # the fork server is there, and stays
    before, running = open_files(), children()
    refused = refusal(large, "scan.png", limits=limits)
    assert refused.code == "DOC-09"
    assert DEATHS[cause][0] in refused.message
    assert DEATHS[cause][1] in refused.message_en
    assert children() <= running
    assert open_files() == before


def test_refusals_leave_no_file_open():
    make_safe(made.png(), "a.png")  # the fork server is there, and stays
    before = open_files()
    for _ in range(3):
        refusal(made.simple_pdf(b"/OpenAction" + JS), "a.pdf")
        make_safe(made.png(), "a.png")
    assert open_files() == before


GOOD_PDF = b"%PDF-1.7\n"


@pytest.mark.parametrize(
    "answer",
    [
        b"",
        b"\n",
        b"null\n",
        b"[]\n",
        b"{}\n",
        b"\xff\xfe\n",
        b"[" * 4_000 + b"\n",
        b"x" * 5_000 + b"\n",
        json.dumps({"media_type": "application/pdf", "size": 99, "pages": 1}).encode()
        + b"\n"
        + GOOD_PDF,
        json.dumps({"media_type": "text/html", "size": 9, "pages": 1}).encode() + b"\n" + GOOD_PDF,
        json.dumps({"media_type": "application/pdf", "size": 9}).encode() + b"\n" + GOOD_PDF,
        json.dumps({"media_type": "application/pdf", "size": 9, "pages": "1"}).encode()
        + b"\n"
        + GOOD_PDF,
        json.dumps({"media_type": "application/pdf", "size": 9, "pages": -1}).encode()
        + b"\n"
        + GOOD_PDF,
        json.dumps({"media_type": "application/pdf", "size": 9, "pages": 1, "x": 1}).encode()
        + b"\n"
        + GOOD_PDF,
        b'{"refused": "no such case"}\n',
        b'{"refused": ["active"]}\n',
        b'{"refused": "active"}\n',
        b'{"refused": "active", "<script>": 1}\n',
        b'{"refused": "pixels", "width": 1}\n',
        b'{"refused": "encrypted", "size": 1}\nx',
    ],
)
def test_a_converter_taken_over_can_say_nothing_we_did_not_agree_on(answer):
    with pytest.raises(ChildDied) as caught:
        _understood(answer, "application/pdf")
    assert caught.value.cause == "answer"


def test_the_answers_we_agreed_on_are_understood():
    header = json.dumps({"media_type": "application/pdf", "size": 9, "pages": 1}).encode()
    assert _understood(header + b"\n" + GOOD_PDF, "application/pdf").figures == {"pages": 1}
    assert _understood(b'{"refused": "encrypted"}\n', "application/pdf").refused == "encrypted"


def in_limited_process(program):
    """Runs a program that has limited itself as the converter does; gives what it prints."""
    beginning = (
        "import os, socket, sys\n"
        f"sys.path.insert(0, {str(parts.ROOT)!r})\n"
        "from hr_portal.adapters.documents.child import limit_this_process\n"
        "from hr_portal.adapters.documents.limits import DEFAULT\n"
        "if sys.argv[1] == 'limited': limit_this_process(DEFAULT)\n"
    )
    answers = []
    for mode in ("free", "limited"):
        command = [sys.executable, "-c", beginning + program, mode]
        done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
        answers.append(done.stdout.strip())
    return answers


def may_leave_network():
    tried = "import ctypes, sys; c = ctypes.CDLL(None)\n"
    tried += "sys.exit(c.unshare(0x40000000) != 0 and c.unshare(0x50000000) != 0)"
    return subprocess.run([sys.executable, "-c", tried], check=False).returncode == 0


def test_a_converter_taken_over_cannot_reach_the_network():
    if not may_leave_network():
        pytest.skip(
            "this system lets no process leave the network (kernel.unprivileged_userns_clone)"
        )
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
        program = f"s = socket.socket(); print(s.connect_ex(('127.0.0.1', {port})) == 0)"
        assert in_limited_process(program) == ["True", "False"]


def test_a_converter_taken_over_cannot_write_a_file(tmp_path):
    target = tmp_path / "bocor"
    program = (
        f"file = os.open({str(target)!r}, os.O_CREAT | os.O_WRONLY)\n"
        "try:\n  os.write(file, b'x'); print('ditulis')\n"
        "except OSError: print('ditolak')\n"
    )
    assert in_limited_process(program) == ["ditulis", "ditolak"]
    assert target.read_bytes() == b"x"  # of the free one


def test_a_converter_taken_over_cannot_fill_the_memory():
    program = (
        "try:\n  bytearray(1100 << 20); print('diberi')\nexcept MemoryError: print('ditolak')\n"
    )
    assert in_limited_process(program) == ["diberi", "ditolak"]


def test_a_converter_taken_over_finds_no_secret_in_its_environment(monkeypatch):
    monkeypatch.setenv("HR_PORTAL_MASTER_KEY", MARK.decode())
    from hr_portal.adapters.documents import process

    with subprocess.Popen(
        [sys.executable, "-c", "import os; print(sorted(os.environ))"],
        env=process.ENVIRONMENT,
        stdout=subprocess.PIPE,
    ) as child:
        printed, _ = child.communicate(timeout=60)
    assert b"HR_PORTAL" not in printed


# --------------------------------------------------------------------------- the sentences


def test_every_refusal_says_file_need_and_remedy_in_both_languages():
    for told in CASES.values():
        assert told.code.startswith(("DOC-", "ZIP-0"))
        for text in (told.text, told.text_en):
            assert "{file}" in text
            assert text.endswith(".")
            assert text.count(". ") >= 1
        assert any(word in told.text.lower() for word in ("unggah", "lagi", "ulang"))
