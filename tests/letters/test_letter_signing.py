"""An electronic signature: made in the letter's own room, judged by pyHanko's own validator."""

import contextlib
import datetime as dt
import io
import zlib
from dataclasses import replace

import pikepdf
import pytest
from pyhanko.pdf_utils import generic

from hr_portal.adapters.letters import LetterError, render_letter, signing
from hr_portal.adapters.letters.embedding import read_data
from hr_portal.adapters.letters.engine import prove_typeface
from hr_portal.adapters.letters.signatures import (
    judge,
    kept_verdict,
    read_certificate,
    sign,
    verdict_of,
)
from tests.letters.certificates import PASSWORD, SUBJECT, made, valid

NOW = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)
DAY = dt.timedelta(days=1)


@pytest.fixture(scope="module")
def letter(make_facts):
    return render_letter(make_facts(3))


@pytest.fixture(scope="module")
def signed(letter):
    return sign(letter, valid(), PASSWORD, at=NOW, moment="21 November 2026 pukul 10.00 WIB")


def test_a_signed_letter_validates_and_every_changed_byte_of_it_is_noticed(letter, signed):
    (verdict,) = judge(signed, letter).verdicts
    assert verdict.holds
    assert verdict.certificate.subject == SUBJECT
    assert verdict_of(kept_verdict(verdict)) == verdict
    for place in (200, len(letter) // 2, len(letter) - 40):
        changed = bytearray(signed)
        changed[place] ^= 1
        found = []
        with contextlib.suppress(LetterError):  # no longer a PDF with a signature at all
            found = signing.judged(bytes(changed))
        assert not any(one["intact"] for one in found)
    assert judge(letter, letter).verdicts == []


def test_the_letter_stays_byte_for_byte_and_so_do_its_data_and_its_kind_of_archive(letter, signed):
    assert signed.startswith(letter)
    assert read_data(signed) == read_data(letter)
    prove_typeface(signed)
    with pikepdf.open(io.BytesIO(signed)) as opened:
        assert opened.open_metadata().pdfa_status == "3A"
        (field,) = opened.Root.AcroForm.Fields
        assert field.T == signing.FIELD
        assert field.V.SubFilter == "/ETSI.CAdES.detached"
        assert int(field.F) & 4, "it is printed"


def test_the_visible_field_stands_in_the_room_above_the_signatory(signed, read_pages):
    page = read_pages(signed)[0]
    field, name = (
        page.find("Ditandatangani", "secara", "elektronik"),
        page.find("Bambang", "Contohadi"),
    )
    title = page.find("Manajer", "Sumber", "Daya", "Manusia,")
    assert title.bottom <= field.top
    assert page.find("21", "November", "2026", "pukul").bottom < name.top
    assert abs(field.left - title.left) < 4


def test_something_added_after_the_signature_is_told(letter, signed):
    writer = signing.IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    page["/Rotate"] = signing_number(90)
    writer.update_container(page)
    later = io.BytesIO()
    writer.write(later)
    (verdict,) = judge(later.getvalue(), letter).verdicts
    assert not verdict.whole
    assert not verdict.holds


def signing_number(value):
    from pyhanko.pdf_utils.generic import NumberObject

    return NumberObject(value)


REFUSED = {
    "another password": (valid, "salah", "Kata sandi sertifikat tidak cocok"),
    "no certificate at all": (lambda: b"%PDF-1.7", PASSWORD, "bukan sertifikat PKCS#12"),
    "expired": (lambda: made(NOW - 9 * DAY, NOW - DAY), PASSWORD, "berakhir 20 November 2026"),
    "not yet valid": (lambda: made(NOW + DAY, NOW + 9 * DAY), PASSWORD, "mulai 22 November 2026"),
    "a weak key": (lambda: made(NOW - DAY, NOW + DAY, bits=1_024), PASSWORD, "tidak cukup kuat"),
    "another purpose": (
        lambda: made(NOW - DAY, NOW + DAY, signs=False),
        PASSWORD,
        "tidak dibuat untuk tanda tangan",
    ),
}


@pytest.mark.parametrize(("pkcs12", "password", "said"), REFUSED.values(), ids=REFUSED)
def test_a_certificate_that_cannot_sign_is_explained(pkcs12, password, said):
    with pytest.raises(LetterError) as caught:
        read_certificate(pkcs12(), password, NOW)
    assert caught.value.code == "LET-CERT"
    assert said in caught.value.message


def test_a_certificate_s_name_is_text_that_can_be_kept_and_shown():
    odd = made(NOW - DAY, NOW + DAY, subject="PT\0Contoh\u202e")
    assert read_certificate(odd, PASSWORD, NOW).subject == "PT\ufffdContoh\ufffd"


def test_a_letter_is_signed_once_and_only_where_it_has_room(signed, make_facts):
    with pytest.raises(LetterError, match="LET-SIGN"):
        sign(signed, valid(), PASSWORD, at=NOW, moment="kini")
    forms = replace(
        make_facts(1), kind="formulir", request_number="1/X/2026", request_date=NOW.date()
    )
    with pytest.raises(LetterError, match="LET-SIGN"):
        sign(render_letter(forms), valid(), PASSWORD, at=NOW, moment="kini")


def test_a_pdf_that_came_back_is_held_against_its_letter(letter, signed, make_facts):
    other = render_letter(make_facts(2))
    assert judge(signed, letter).is_letter
    assert not judge(signed, other).is_letter
    with pytest.raises(LetterError, match="LET-SIGN"):
        judge(b"%PDF-1.7 and nothing more", letter)
    with pikepdf.open(io.BytesIO(letter)) as opened:
        opened.Root.OpenAction = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert(1)")
        running = io.BytesIO()
        opened.save(running)
    active = sign(running.getvalue(), valid(), PASSWORD, at=NOW, moment="kini")
    returned = judge(active, letter)
    assert returned.is_letter, "its data are the letter's"
    assert returned.active


def changed(letter, change):
    """The letter with an incremental update, as anybody may append one, and then signed."""
    writer = signing.IncrementalPdfFileWriter(io.BytesIO(letter))
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    change(writer, page)
    writer.update_container(page)
    later = io.BytesIO()
    writer.write(later)
    return sign(later.getvalue(), valid(), PASSWORD, at=NOW, moment="kini")


def painted(dots):
    def change(writer, page):
        over = generic.StreamObject(stream_data=b"q 1 1 1 rg " + dots + b" re f Q")
        held = page.raw_get("/Contents")
        before = list(page["/Contents"]) if isinstance(page["/Contents"], list) else [held]
        page["/Contents"] = generic.ArrayObject([*before, writer.add_object(over)])

    return change


def annotated(**entries):
    def change(writer, page):
        note = {
            generic.NameObject("/Type"): generic.NameObject("/Annot"),
            generic.NameObject("/Rect"): generic.ArrayObject(map(generic.NumberObject, (9, 9, 20, 20))),
            **{generic.NameObject(f"/{name}"): value for name, value in entries.items()},
        }  # fmt: skip
        page["/Annots"] = generic.ArrayObject(
            [*page.get("/Annots", []), writer.add_object(generic.DictionaryObject(note))]
        )

    return change


def test_a_letter_whose_print_was_changed_before_it_was_signed_is_not_that_letter(letter, signed):
    """An update appended to the letter's bytes covers a line, then it is soundly signed."""
    forged = changed(letter, painted(b"60 300 475 60"))
    assert forged.startswith(letter)
    returned = judge(forged, letter)
    assert returned.verdicts[0].holds, "the signature itself is sound"
    assert not returned.is_letter
    assert judge(changed(letter, painted(b"0 0 20 20")), letter).is_letter, "the margin is blank"
    assert judge(signed, letter).is_letter


def test_an_action_within_another_object_and_a_file_of_somebody_else_are_found(letter):
    launch = generic.DictionaryObject(
        {
            generic.NameObject("/S"): generic.NameObject("/Launch"),
            generic.NameObject("/F"): generic.pdf_string("x.exe"),
        }
    )
    link = annotated(Subtype=generic.NameObject("/Link"), A=launch)
    assert judge(changed(letter, link), letter).active == "/Launch"
    with pikepdf.open(io.BytesIO(letter)) as opened:
        opened.attachments["x.exe"] = b"MZ"
        with_file = io.BytesIO()
        opened.save(with_file)
    returned = judge(sign(with_file.getvalue(), valid(), PASSWORD, at=NOW, moment="kini"), letter)
    assert returned.active == "/EmbeddedFile"


def test_an_oversized_picture_in_a_foreign_signature_field_ends_no_child(letter):
    """30,000 dots square, 112 MB unpacked and 0.1 MB packed, in the blank margin."""
    side, name = 30_000, generic.NameObject
    picture = generic.StreamObject(
        {
            name("/Type"): name("/XObject"),
            name("/Subtype"): name("/Image"),
            name("/Width"): generic.NumberObject(side),
            name("/Height"): generic.NumberObject(side),
            name("/BitsPerComponent"): generic.NumberObject(1),
            name("/ColorSpace"): name("/DeviceGray"),
            name("/Filter"): name("/FlateDecode"),
        },
        encoded_data=zlib.compress(bytes(side * side // 8), 1),
    )

    def change(writer, page):
        images = generic.DictionaryObject({name("/I"): writer.add_object(picture)})
        form = generic.StreamObject(
            {
                name("/Type"): name("/XObject"),
                name("/Subtype"): name("/Form"),
                name("/BBox"): generic.ArrayObject(map(generic.NumberObject, (0, 0, 9, 9))),
                name("/Resources"): generic.DictionaryObject({name("/XObject"): images}),
            },
            stream_data=b"q 9 0 0 9 0 0 cm /I Do Q",
        )
        drawn = generic.DictionaryObject({name("/N"): writer.add_object(form)})
        annotated(Subtype=name("/Stamp"), AP=drawn)(writer, page)

    returned = judge(changed(letter, change), letter)
    assert (returned.is_letter, returned.verdicts[0].holds) == (True, True)
