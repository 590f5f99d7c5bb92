"""Comments on cells: told row by row as not read; ours and those of the header are not."""

import io
import subprocess

import openpyxl
import pytest
from openpyxl.comments import Comment

from hr_portal.adapters.spreadsheets.annotated.orders import COMMENT_END, COMMENT_MARK
from hr_portal.domain.table import Unreadable
from tests.adapters.spreadsheets import building, odsbuilding
from tests.adapters.spreadsheets.annotating import (
    BROKEN,
    annotated,
    assert_sound,
    parts_of,
    report_on,
)
from tests.adapters.spreadsheets.building import GOOD, HEADERS, MAIN

OFFICE = "http://schemas.microsoft.com/office"
NOTE = '<comment ref="{}" authorId="0"><text>{}</text></comment>'
OURS = f"<r><t>{COMMENT_MARK}</t></r><r><t>\nNIK-01: salah</t></r>"


def commented(comments, rows=(GOOD, BROKEN)):
    """A workbook of openpyxl with comments by cell."""
    book = openpyxl.Workbook()
    for row in (HEADERS, *rows):
        book.active.append(row)
    for cell, text in comments.items():
        book.active[cell].comment = Comment(text, "Rina")
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()


def made(notes=None, threads=None):
    """A workbook of our own with the XML of its notes and conversations."""
    extra, related = {}, []
    for name, kind, xml in (
        ("comments1", f"{building.RELATIONS}/comments", notes),
        ("threadedComment1", f"{OFFICE}/2017/10/relationships/threadedComment", threads),
    ):
        if xml is not None:
            extra[f"xl/{name}.xml"] = xml
            related.append(f'<Relationship Id="{name}" Type="{kind}" Target="../{name}.xml"/>')
    extra["xl/worksheets/_rels/sheet1.xml.rels"] = (
        f'<Relationships xmlns="{building.PACKAGE}/relationships">{"".join(related)}</Relationships>'
    )
    rows = building.table_rows(GOOD, GOOD, GOOD)
    return building.packed(building.parts({"Koreksi": building.sheet_xml(rows)}, extra=extra))


def notes(*each):
    return f'<comments xmlns="{MAIN}"><authors><author/></authors><commentList>{"".join(each)}</commentList></comments>'


def told(report):
    """The cells a remark names, and the rows that are warned of."""
    texts = [one.text for one in report.table.remarks if one.kind == "comments"]
    found = zip(report.findings.code, report.findings.row, strict=True)
    rows = [int(report.table.row_numbers[row]) for code, row in found if code == "FIL-09"]
    assert len(texts) == bool(rows)
    return "".join(texts).removeprefix("Komentar pada sel ").partition(" tidak")[0], rows


def test_comments_are_told_cell_by_cell_be_it_of_no_row_but_not_those_of_the_header():
    data = commented({
        "A1": "nomor urut", "G2": "yang benar: SITI", "D3": "lihat KTP", "C2": "cek", "K3": "di luar tabel", "B9": "?",
    })  # fmt: skip
    assert told(report_on(data)) == ("C2, G2, D3, K3, B9", [2, 3])
    alone = [
        one for one in report_on(commented({"B9": "?"})).table.remarks if one.kind == "comments"
    ]
    assert [(one.rows, one.cells) for one in alone] == [((9,), ("B9",))]
    assert told(report_on(commented({"A1": "nomor urut"}))) == ("", [])


def test_many_comments_are_named_in_part_and_warned_of_in_every_row():
    data = commented({f"G{row}": "cek" for row in range(2, 16)}, [GOOD] * 14)
    named, rows = told(report_on(data))
    assert named == ", ".join(f"G{row}" for row in range(2, 14)) + " …"
    assert rows == list(range(2, 16))


def test_when_the_checked_workbook_comes_back_their_comments_are_told_and_ours_are_not():
    data = commented({"C3": "Tanya Pak Budi", "A2": "Nomor urut"})
    assert told(report_on(data)) == ("A2, C3", [2, 3])
    back = annotated(data)
    sheet = openpyxl.load_workbook(io.BytesIO(back)).active
    ours = [
        cell.coordinate for row in sheet.iter_rows() for cell in row
        if cell.comment and COMMENT_MARK in cell.comment.text
    ]  # fmt: skip
    assert {"B3", "C3"} < set(ours)
    assert told(report_on(back)) == ("A2, C3", [2, 3])


@pytest.mark.parametrize("own", ["", "Tanya Pak Budi\n"])
@pytest.mark.parametrize("by_hand", [False, True])
def test_what_is_added_behind_our_comment_is_told_and_kept(own, by_hand):
    """By a program that keeps the pieces of a text, or by one that makes one text of it."""
    back = annotated(commented({"C3": own} if own else {}))
    assert told(report_on(back)) == (("C3", [3]) if own else ("", []))
    parts = parts_of(back)
    if by_hand:
        (name,) = [each for each in parts if "/comment" in each and each.endswith("xml")]
        ref = parts[name].index(b'ref="C3"')
        at = parts[name].index(COMMENT_END.encode(), ref) + len(COMMENT_END)
        parts[name] = parts[name][:at] + b" sudah sesuai KTP &amp; KK" + parts[name][at:]
        replied = building.packed(parts)
    else:
        book = openpyxl.load_workbook(io.BytesIO(back))
        book["Sheet"]["C3"].comment.text += "\nsudah sesuai KTP & KK"
        out = io.BytesIO()
        book.save(out)
        replied = out.getvalue()
    assert told(report_on(replied)) == ("C3", [3])
    for data in (annotated(replied), annotated(annotated(replied))):
        assert_sound(data)
        said = openpyxl.load_workbook(io.BytesIO(data))["Sheet"]["C3"].comment.text
        theirs, _, ours = said.partition(COMMENT_MARK)
        assert theirs.strip() == f"{own}sudah sesuai KTP & KK"
        assert ours.startswith("\nNIK-01: ")
        assert ours.endswith(COMMENT_END)
        assert COMMENT_MARK not in ours


@pytest.mark.parametrize(
    ("text", "cells"),
    [
        ("<t>SITI</t>", "C2"), ("<r><t>SI</t></r><r><t>TI</t></r>", "C2"), ("<t> \n</t>", ""), ("", ""), (OURS, ""),
        (f"<t>{COMMENT_MARK}\nNIK-01: salah</t>", ""), (f"<r><t>lihat KTP\n</t></r>{OURS}", "C2"),
    ],
)  # fmt: skip
def test_only_what_the_user_says_in_a_note_is_told(text, cells):
    assert told(report_on(made(notes(NOTE.format("C2", text)))))[0] == cells


def test_a_conversation_is_told_once_whether_or_not_a_note_stands_in_for_it():
    threads = (
        f'<ThreadedComments xmlns="{OFFICE}/spreadsheetml/2018/threadedcomments">'
        '<threadedComment ref="C3" id="{1}"><text>salah</text></threadedComment>'
        '<threadedComment ref="C3" id="{2}" parentId="{1}"><text>ya</text></threadedComment>'
        '<threadedComment ref="D4" id="{3}"><text>cek</text></threadedComment></ThreadedComments>'
    )
    stand_in = notes(NOTE.format("C3", "<t>[Threaded comment]\n\nComment: salah</t>"))
    assert told(report_on(made(threads=threads))) == ("C3, D4", [3, 4])
    assert told(report_on(made(stand_in, threads))) == ("C3, D4", [3, 4])


def test_comments_of_an_opendocument_sheet_are_told_by_what_its_paragraphs_say():
    def cell(*lines, text=""):
        said = "".join(f"<text:p>{line}</text:p>" for line in lines)
        note = f"<office:annotation><dc:creator>Rina</dc:creator>{said}</office:annotation>"
        body = f"{note}<text:p>{text}</text:p>" if text else note
        return odsbuilding.cell(
            body, 'office:value-type="string"' if text else 'table:style-name="x"'
        )

    ours = (f"<text:span>{COMMENT_MARK}</text:span>", "NIK-01: salah")
    data = odsbuilding.workbook(
        odsbuilding.row(cell("cek", text=HEADERS[0]), *HEADERS[1:]),
        odsbuilding.row(*GOOD[:5], cell("yang benar: <text:span>SITI</text:span>"), GOOD[6]),
        odsbuilding.row(*GOOD[:3], cell(*ours, text=GOOD[3]), *GOOD[4:]),
        odsbuilding.row(*GOOD[:3], cell("lihat KTP", *ours, text=GOOD[3]), *GOOD[4:]),
        odsbuilding.row(*GOOD[:6], cell(text=GOOD[6])),
    )
    report = report_on(data, "uji.ods")
    assert told(report) == ("F2, D4", [2, 4])
    assert list(report.table.columns[3].values) == [GOOD[3]] * 4
    assert list(report.table.columns[0].values) == [GOOD[0]] * 4


@pytest.mark.libreoffice
def test_comments_are_told_of_files_that_libreoffice_saved(require, tmp_path):
    """A workbook that came back, saved anew: its comment on C3 is theirs and ours."""
    path = tmp_path / "komentar.xlsx"
    path.write_bytes(
        annotated(commented({"A1": "?", "C3": "Tanya Pak Budi", "G2": "yang benar: SITI"}))
    )
    for kind in ("ods", "xls", "xlsx"):
        folder = tmp_path / kind
        subprocess.run(
            [require("libreoffice"), f"-env:UserInstallation=file://{tmp_path}/profil", "--headless", "--convert-to",
             kind, "--outdir", folder, path],
            check=True, capture_output=True, timeout=120,
        )  # fmt: skip
        saved = folder / f"komentar.{kind}"
        assert told(report_on(saved.read_bytes(), saved.name)) == ("G2, C3", [2, 3])


def test_a_note_that_lies_nowhere_is_none_and_a_part_that_is_no_xml_is_refused():
    odd = notes(*(NOTE.format(at, "<t>x</t>") for at in ("", "C", "3", "C0", "c3", "ABCD2")))
    assert told(report_on(made(odd))) == ("", [])
    with pytest.raises(Unreadable) as refusal:
        report_on(made(notes("<comment>")))
    assert "xl/comments1.xml" in refusal.value.message
