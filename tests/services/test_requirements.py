"""Versions of the table of required documents: drafted, in force, and which judges a batch."""

import io
import threading

import pytest

from hr_portal.domain.requirements import BUILT_IN, packed
from hr_portal.services import coverage, documents, explaining, letters, requirements, submission
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.adapters.documents.made import small_png

KTP_TOO = {"kartu_bpjstk": ("wajib", "wajib"), "ktp": ("wajib", "wajib")}


def asked(world, batch):
    found = coverage.matrix(world.portal, world.rahma, batch)
    return found.version, [one.kind for one in found.columns]


def resigned(number, who):
    return ("Tanggal Berhenti", "01-01-2026", "01-02-2026")


@pytest.fixture
def admin(world):
    return world.admin


def test_a_batch_is_judged_by_the_version_of_the_day_it_was_begun(world, portal, admin):
    before = world.draft()
    sent = world.submitted(world.sheet(1, start=300))
    assert asked(world, before) == (1, ["kartu_bpjstk"])
    requirements.change(portal, admin, "kontak", KTP_TOO, seen=0)
    assert asked(world, world.draft(world.sheet(1, start=310)))[0] == 1  # a draft judges nobody
    assert requirements.put_into_force(portal, admin, note="Surat edaran 7", seen=1) == 2
    after = world.draft(world.sheet(2, start=320))
    assert asked(world, after) == (2, ["kartu_bpjstk", "ktp"])
    assert asked(world, before) == (1, ["kartu_bpjstk"])
    assert asked(world, sent) == (1, ["kartu_bpjstk"])
    world.revise(before, world.sheet(3, start=330))
    world.work()
    assert asked(world, before) == (1, ["kartu_bpjstk"])  # the file is new, the batch isn't
    newest, first = requirements.versions(portal)
    assert (newest.number, newest.note, newest.made_by) == (2, "Surat edaran 7", admin.name)
    assert (first.number, first.made_at) == (1, None)
    assert requirements.draft(portal, admin) is None
    cell = next(one for one in newest.table.corrections if one.key == "kontak").needs
    assert [(one.document, one.sources) for one in cell] == [
        ("kartu_bpjstk", ("s2",)), ("ktp", ("a",)),
    ]  # fmt: skip


def test_who_resigned_brings_one_of_two_letters(world, portal):
    batch = world.draft(world.sheet(2, line=resigned))
    either = "pengunduran_diri|paklaring"
    assert asked(world, batch)[1] == ["kartu_bpjstk", "ktp", either]
    letters.issue(portal, world.rahma, batch, wait=False)
    with pytest.raises(Invalid) as refusal:
        submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    assert (
        "Surat pengunduran diri atau Paklaring (baris 2, 3)"
        in (refusal.value.fields["documents_lacking"])
    )
    assert explaining.explain(portal, world.rahma, batch, reason="Menyusul", kind=either, rows=[3])
    documents.add_document(
        portal, world.rahma, batch, io.BytesIO(small_png()), "p.png", kind="paklaring", row=2
    )
    cells = [row.cells for row in coverage.matrix(portal, world.rahma, batch, show="all").rows]
    assert [one[2] for one in cells] == ["there", "explained"]


def test_two_admins_do_not_undo_each_other(world, portal, admin):
    requirements.change(portal, admin, "kontak", KTP_TOO, seen=0)
    for late in (
        lambda: requirements.change(portal, admin, "nik", KTP_TOO, seen=0),
        lambda: requirements.put_into_force(portal, admin, note="Lama", seen=0),
        lambda: requirements.discard(portal, admin, seen=0),
    ):
        with pytest.raises(Conflict):
            late()
    cells = {"kontak": [["ktp", "wajib", "wajib", ["o"]]]}
    assert requirements.publish(portal, admin, based_on=1, note="Langsung", cells=cells) == 2
    with pytest.raises(Conflict) as refusal:
        requirements.put_into_force(portal, admin, note="Dari versi 1", seen=1)
    assert "Versi 2 sudah berlaku" in refusal.value.message
    requirements.discard(portal, admin, seen=1)
    for seen in (0, 1):
        with pytest.raises(Conflict):
            requirements.put_into_force(portal, admin, note="Tidak ada draf", seen=seen)


def test_of_two_who_publish_at_once_one_is_told(world, portal, admin):
    ended, start = [], threading.Barrier(2)

    def publish(document):
        start.wait()
        cells = {"kontak": [[document, "wajib", "wajib", ["a"]]]}
        try:
            ended.append(
                requirements.publish(portal, admin, based_on=1, note=document, cells=cells)
            )
        except Conflict as error:
            ended.append(error.code)

    both = [threading.Thread(target=publish, args=(one,)) for one in ("ktp", "kk")]
    for one in both:
        one.start()
    for one in both:
        one.join()
    assert sorted(map(str, ended)) == ["2", "version_conflict"]
    assert [one.number for one in requirements.versions(portal)] == [2, 1]


def test_bad_versions_are_sentences_and_change_nothing(world, portal, admin):
    same = packed(BUILT_IN)
    empty = {key: [] for key in same}
    for based_on, note, cells in (
        (1, "Catatan", {}),
        (1, "Catatan", same),
        (1, "Catatan", empty),
        (1, " ", {"kontak": []}),
        (1, "x" * 501, {"kontak": []}),
        (1, "Catatan", {"gaji": []}),
    ):
        with pytest.raises(Invalid):
            requirements.publish(portal, admin, based_on=based_on, note=note, cells=cells)
    with pytest.raises(Conflict):
        requirements.publish(portal, admin, based_on=7, note="Catatan", cells={"kontak": []})
    with pytest.raises(NotFound):
        requirements.change(portal, admin, "gaji", {}, seen=0)
    with pytest.raises(NotFound):
        requirements.one(portal, 2)
    with pytest.raises(Invalid):
        requirements.change(portal, admin, "nik", {"ktp": ("salah_satu", "")}, seen=0)
    for stranger in (world.rahma, world.bayu):
        with pytest.raises(Forbidden):
            requirements.publish(portal, stranger, based_on=1, note="Catatan", cells={"nik": []})
        with pytest.raises(Forbidden):
            requirements.change(portal, stranger, "nik", {}, seen=0)
    assert [one.number for one in requirements.versions(portal)] == [1]
    assert requirements.draft(portal, admin) is None
