"""PDFs are written anew with their pages, and what is seen on them, alone."""

import io

import pikepdf
import pytest

from hr_portal.adapters.documents import DocumentRefused, make_safe
from tests.adapters.documents import made


def code_of(data, name="dokumen.pdf", **how):
    with pytest.raises(DocumentRefused) as caught:
        make_safe(data, name, **how)
    return caught.value.code


def content_of(pdf):
    """All that is drawn on the first page, as one text."""
    page = pdf.pages[0]
    page.contents_coalesce()
    drawn = page.Contents.read_bytes()
    forms = page.get("/Resources", {}).get("/XObject", {})
    for form in forms.values():
        drawn += form.read_bytes()
    return drawn


def test_a_pdf_keeps_its_pages():
    safe = make_safe(made.pdf_with_pages(3), "kk.pdf")
    assert (safe.media_type, safe.extension, safe.pages) == ("application/pdf", ".pdf", 3)
    assert (safe.width, safe.height) == (None, None)
    with pikepdf.open(io.BytesIO(safe.data)) as pdf:
        assert len(pdf.pages) == 3
        assert [float(edge) for edge in pdf.pages[2].MediaBox] == [0, 0, 200, 200]


def test_the_same_bytes_give_the_same_bytes():
    data = made.simple_pdf(b"", b"/Contents 4 0 R", made.stream(b"0 0 m 9 9 l S"))
    assert make_safe(data, "a.pdf").data == make_safe(data, "b.pdf").data


def test_a_safe_copy_is_itself_safe_and_stays_the_same():
    once = make_safe(made.pdf_with_pages(2), "kk.pdf").data
    assert make_safe(once, "kk.pdf").data == once


def test_what_is_drawn_stays():
    data = made.simple_pdf(b"", b"/Contents 4 0 R", made.stream(b"10 10 m 190 190 l S"))
    with pikepdf.open(io.BytesIO(make_safe(data, "a.pdf").data)) as pdf:
        assert b"10 10 m 190 190 l S" in content_of(pdf)


def test_a_size_inherited_from_the_tree_counts_as_stated():
    data = made.pdf(
        made.catalog(),
        b"<</Type/Pages/Kids[3 0 R]/Count 1/MediaBox[0 0 595 842]>>",
        made.page(box=b""),
    )
    with pikepdf.open(io.BytesIO(make_safe(data, "a.pdf").data)) as pdf:
        assert [float(edge) for edge in pdf.pages[0].MediaBox] == [0, 0, 595, 842]


def test_a_filled_in_form_is_seen_as_filled_in():
    appearance = made.stream(
        b"BT /F 9 Tf (CONTOH TERISI) Tj ET", b"/Type/XObject/Subtype/Form/BBox[0 0 50 20]"
    )
    field = (
        b"<</Type/Annot/Subtype/Widget/FT/Tx/T(nama)/V(CONTOH TERISI)/Rect[10 10 60 30]/F 4"
        b"/P 3 0 R/AP<</N 5 0 R>>>>"
    )
    data = made.simple_pdf(b"/AcroForm<</Fields[4 0 R]>>", b"/Annots[4 0 R]", field, appearance)
    with pikepdf.open(io.BytesIO(make_safe(data, "surat.pdf").data)) as pdf:
        assert b"CONTOH TERISI" in content_of(pdf)
        assert "/AcroForm" not in pdf.Root
        assert "/Annots" not in pdf.pages[0]


def test_a_box_ticked_in_a_form_stays_ticked():
    ticked = made.stream(b"0 0 m 8 8 l S", b"/Type/XObject/Subtype/Form/BBox[0 0 9 9]")
    box = (
        b"<</Type/Annot/Subtype/Widget/FT/Btn/T(ya)/V/Ya/AS/Ya/F 4/Rect[10 10 19 19]"
        b"/AP<</N<</Ya 5 0 R>>>>>>"
    )
    form = b"/AcroForm<</Fields[4 0 R]/NeedAppearances true>>"
    data = made.simple_pdf(form, b"/Annots[4 0 R]", box, ticked)
    with pikepdf.open(io.BytesIO(make_safe(data, "formulir.pdf").data)) as pdf:
        assert b"0 0 m 8 8 l S" in content_of(pdf)


def test_an_empty_form_is_taken():
    field = b"<</Type/Annot/Subtype/Widget/FT/Tx/T(nama)/V( )/Rect[10 10 60 30]>>"
    form = b"/AcroForm<</Fields[4 0 R]/NeedAppearances true>>"
    assert make_safe(made.simple_pdf(form, b"/Annots[4 0 R]", field), "formulir.pdf").pages == 1


def test_a_hidden_stamp_is_not_brought_to_light():
    appearance = made.stream(b"(TERSEMBUNYI) Tj", b"/Type/XObject/Subtype/Form/BBox[0 0 50 20]")
    stamp = b"<</Type/Annot/Subtype/Stamp/Rect[10 10 60 30]/F 2/AP<</N 5 0 R>>>>"
    data = made.simple_pdf(b"", b"/Annots[4 0 R]", stamp, appearance)
    with pikepdf.open(io.BytesIO(make_safe(data, "surat.pdf").data)) as pdf:
        assert b"TERSEMBUNYI" not in content_of(pdf)


def test_bookmarks_and_a_first_view_are_left_behind_without_a_fuss():
    data = made.simple_pdf(
        b"/OpenAction[3 0 R/XYZ 0 0 0]/PageMode/UseOutlines/Outlines<</First 4 0 R/Last 4 0 R>>",
        b"",
        b"<</Title(Bab 1)/Dest[3 0 R/Fit]>>",
    )
    with pikepdf.open(io.BytesIO(make_safe(data, "a.pdf").data)) as pdf:
        assert set(pdf.Root.keys()) == {"/Type", "/Pages"}


@pytest.mark.parametrize("action", [b"/S/GoTo/D[3 0 R/Fit]", b"/S/Named/N/FirstPage"])
def test_an_action_that_only_turns_to_a_page_is_left_behind_without_a_fuss(action):
    safe = make_safe(made.simple_pdf(b"/OpenAction<<" + action + b">>"), "a.pdf")
    assert b"OpenAction" not in safe.data


def test_an_empty_tree_of_attachments_is_no_attachment():
    make_safe(made.simple_pdf(b"/Names<</EmbeddedFiles<</Names[]>>>>"), "a.pdf")


def test_a_font_called_like_an_action_is_a_font():
    fonts = b"/Resources<</Font<</JS 4 0 R/AA 4 0 R/EF 4 0 R/Launch 4 0 R>>>>"
    font = b"<</Type/Font/Subtype/Type1/BaseFont/Helvetica>>"
    safe = make_safe(made.simple_pdf(b"", fonts, font), "a.pdf")
    with pikepdf.open(io.BytesIO(safe.data)) as pdf:
        assert set(pdf.pages[0].Resources.Font.keys()) == {"/JS", "/AA", "/EF", "/Launch"}


def test_a_pdf_without_a_page_is_called_empty():
    data = made.pdf(made.catalog(), b"<</Type/Pages/Kids[]/Count 0>>")
    assert code_of(data) == "DOC-02"


def test_200_pages_are_taken_and_201_are_not():
    assert make_safe(made.pdf_with_pages(200), "a.pdf").pages == 200
    assert code_of(made.pdf_with_pages(201)) == "DOC-06"


@pytest.mark.parametrize(
    ("box", "code"),
    [
        (b"/MediaBox[0 0 14400 14400]", None),
        (b"/MediaBox[0 0 14401 10]", "DOC-06"),
        (b"/MediaBox[0 0 7201 10]/UserUnit 2", "DOC-06"),
        (b"/MediaBox[0 0 1e9 1e9]", "DOC-03"),
        (b"/MediaBox[0 0 0 100]", "DOC-03"),
        (b"/MediaBox[0 0 200]", "DOC-03"),
        (b"/MediaBox[0 0(a)200]", "DOC-03"),
        (b"", "DOC-03"),
    ],
)
def test_a_page_must_have_the_size_of_paper(box, code):
    data = made.pdf(made.catalog(), made.PAGES, made.page(box=box))
    if code is None:
        assert make_safe(data, "a.pdf").pages == 1
    else:
        assert code_of(data) == code


def test_line_breaks_and_zeros_after_the_end_are_no_content():
    assert make_safe(made.simple_pdf() + b"\r\n\0\0\0\x1a", "a.pdf").pages == 1


def test_a_photo_in_a_pdf_keeps_its_pixels_to_the_bit():
    photo = made.jpeg()
    head = b"/Type/XObject/Subtype/Image/Width 48/Height 32/BitsPerComponent 8"
    head += b"/ColorSpace/DeviceRGB/Filter/DCTDecode"
    data = made.simple_pdf(
        b"",
        b"/Contents 4 0 R/Resources<</XObject<</I 5 0 R>>>>",
        made.stream(b"/I Do"),
        made.stream(made.with_segments(photo, made.exif(1, b"DI RUMAH")), head),
    )
    with pikepdf.open(io.BytesIO(make_safe(data, "foto.pdf").data)) as pdf:
        kept = pdf.pages[0].Resources.XObject.I.read_raw_bytes()
    assert b"DI RUMAH" not in kept
    assert made.opened(kept).tobytes() == made.opened(photo).tobytes()
