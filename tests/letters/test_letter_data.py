"""A letter for programs: archival, its corrections inside, and read back exactly."""

import io
import json
import re
import subprocess

import pikepdf
import pytest

from hr_portal.adapters.letters import LetterError, render_letter
from hr_portal.adapters.letters.chunks import chunked_letter
from hr_portal.adapters.letters.composing import compose
from hr_portal.adapters.letters.embedding import as_csv, read_data, read_rows
from hr_portal.domain.letter_data import FORMAT, rows_of
from hr_portal.domain.letters import LetterLine, LetterPerson
from hr_portal.resources import PACKAGE

SCHEMA = json.loads((PACKAGE / "static/letters/surat-koreksi-1.schema.json").read_text())


@pytest.fixture(scope="module")
def whole(make_facts):
    return render_letter(make_facts(12))


@pytest.fixture(scope="module")
def in_parts(make_facts):
    facts = make_facts(30)
    return chunked_letter(compose(facts, preview=False), facts, 20)


def check(value, schema, place="$"):
    """The few words of JSON Schema that ours uses."""
    kinds = {"object": dict, "array": list, "string": str, "integer": int}
    if "const" in schema:
        assert value == schema["const"], place
        return
    assert isinstance(value, kinds[schema["type"]]), place
    if schema["type"] == "object":
        assert set(value) == set(schema["required"]) == set(schema["properties"]), place
        for name, part in schema["properties"].items():
            check(value[name], part, f"{place}.{name}")
    if schema["type"] == "array":
        assert len(value) >= schema["minItems"], place
        for part in value:
            check(part, schema["items"], f"{place}[]")


def test_the_content_is_as_its_published_schema_says(whole):
    data = read_data(whole)
    assert SCHEMA["title"] == SCHEMA["properties"]["format"]["const"] == FORMAT
    check(data, SCHEMA)


def test_a_letter_gives_back_exactly_its_rows_whole_or_in_parts(make_facts, whole, in_parts):
    assert read_rows(whole) == list(rows_of(make_facts(12).people))
    assert read_rows(in_parts) == list(rows_of(make_facts(30).people))


def test_names_that_are_markup_or_turned_round_come_back_as_they_were(make_facts):
    odd = LetterPerson(
        "AN <b>& {{ 7*7 }}\u202e SITI", "09999990017", "3171014508909013",
        (LetterLine("alamat", "Alamat Domisili", "", '=HYPERLINK("x")\u200b', ""),),
    )  # fmt: skip
    assert read_rows(render_letter(make_facts(1, people=(odd,), documents=()))) == (
        list(rows_of((odd,)))
    )


@pytest.mark.parametrize("name", ["whole", "in_parts"])
def test_a_letter_is_archival_with_its_files_named_and_related(request, name):
    with pikepdf.open(io.BytesIO(request.getfixturevalue(name))) as pdf:
        assert str(pdf.pdf_version) == "1.7"
        xmp = pdf.Root.Metadata.read_bytes().decode()
        level = "A" if name == "whole" else "U"
        assert 'pdfaid:part="3"' in xmp
        assert f'pdfaid:conformance="{level}"' in xmp
        assert pdf.Root.OutputIntents[0].S == "/GTS_PDFA1"
        assert pdf.Root.Lang == "id"
        assert "/ID" in pdf.trailer
        assert [str(spec.UF) for spec in pdf.Root.AF] == ["surat-koreksi.csv", "surat-koreksi.json"]
        for spec, media_type in zip(pdf.Root.AF, ("/text/csv", "/application/json"), strict=True):
            assert spec.AFRelationship == "/Data"
            assert spec.EF.F.Subtype == media_type
            assert str(spec.EF.F.Params.ModDate).startswith("D:20261121")
        if name == "whole":
            assert pdf.Root.MarkInfo.Marked
            assert pdf.Root.StructTreeRoot.K


@pytest.mark.parametrize("name", ["whole", "in_parts"])
def test_other_programs_find_nothing_wrong(request, require, tmp_path, name):
    require("poppler")
    file = tmp_path / "surat.pdf"
    file.write_bytes(request.getfixturevalue(name))

    def run(*command):
        return subprocess.run(command, capture_output=True, text=True, check=True).stdout

    with pikepdf.open(file) as pdf:
        assert pdf.check_pdf_syntax() == []
    assert f"Tagged:          {'yes' if name == 'whole' else 'no'}" in run("pdfinfo", str(file))
    fonts = [line.split() for line in run("pdffonts", str(file)).splitlines()[2:]]
    assert fonts
    for font in fonts:
        assert re.fullmatch(r"[A-Z]{6}\+Carlito(-\w+)?", font[0])
        assert font[-5:-2] == ["yes", "yes", "yes"]  # embedded, subset, mapped to Unicode
    listed = run("pdfdetach", "-list", str(file))
    assert "surat-koreksi.json" in listed


def test_a_preview_is_made_the_same_way_and_holds_its_content_too(make_facts):
    assert (
        read_data(render_letter(make_facts(1, number=None), preview=True))["letter"]["number"] == ""
    )


def test_the_csv_is_what_a_spreadsheet_of_this_country_opens(make_facts, whole):
    text = as_csv(read_rows(whole)).decode("utf-8-sig")
    assert text.startswith("No;KPJ;NIK;Nama Lengkap;Data;Semula;Menjadi;Keterangan\r\n")
    assert text.count("\r\n") == make_facts(12).corrections + 1


def attached(content: bytes) -> bytes:
    pdf = pikepdf.new()
    pdf.add_blank_page()
    pdf.attachments["surat-koreksi.json"] = pikepdf.AttachedFileSpec(pdf, content)
    out = io.BytesIO()
    pdf.save(out)
    return out.getvalue()


@pytest.mark.parametrize(
    ("pdf", "says"),
    [
        (b"", "bukan PDF yang utuh"),
        (b"%PDF-1.7\nnothing", "bukan PDF yang utuh"),
        (attached(b"{}").replace(b"surat-koreksi", b"surat-lainnya"), "tidak memuat"),
        (attached(b"{"), "bukan data surat"),
        (attached(b"[" * 100_000), "bukan data surat"),
        (attached(b'{"format": "surat-koreksi/9"}'), "bukan data surat"),
    ],
)
def test_what_holds_no_content_of_a_letter_is_a_sentence(pdf, says):
    with pytest.raises(LetterError, match="LET-DATA") as refusal:
        read_data(pdf)
    assert says in refusal.value.message
