"""What goes with a letter of request: numbered for itself, and no longer than its letter stands."""

import pytest

from hr_portal import demo
from hr_portal.services import documents, letter_proofs, letter_views, letters, submission
from hr_portal.services.errors import Invalid, NotFound
from tests.services.test_review import _png


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


def beside(world, portal, batch, kind="pengantar"):
    return letters.issue_companion(portal, world.rahma, batch, kind, wait=False)


def states(world, portal, batch):
    listed = letter_views.list_letters(portal, world.rahma, batch)
    return {(view.kind, view.number[:3]): view.state for view in listed}


def test_it_needs_a_letter_of_request_that_stands(world, portal):
    batch = world.draft()
    with pytest.raises(Invalid, match="request_missing"):
        beside(world, portal, batch)
    letters.issue(portal, world.rahma, batch, wait=False)
    documents.add_document(portal, world.rahma, batch, _png(), "kk.png", kind="kk", row=2)
    with pytest.raises(Invalid, match="request_missing"):
        beside(world, portal, batch)
    with pytest.raises(NotFound):
        letters.issue_companion(portal, world.wulan, batch, "pengantar")


def test_each_kind_is_issued_once_with_a_number_of_its_own(world, portal):
    batch = world.ready()
    first, again = beside(world, portal, batch), beside(world, portal, batch)
    assert first.id == again.id
    other = beside(world, portal, batch, "pernyataan")
    numbers = {one.number for one in letter_views.list_letters(portal, world.rahma, batch)}
    assert len(numbers) == 3
    assert (first.kind, other.kind) == ("pengantar", "pernyataan")
    # the letter of request is still the one that a submission needs
    assert submission.lacks(portal, world.rahma, batch) == []


def test_another_letter_of_request_takes_its_companions_with_it(world, portal):
    batch = world.ready()
    old = beside(world, portal, batch)
    documents.add_document(portal, world.rahma, batch, _png(), "kk.png", kind="kk", row=2)
    assert letter_views.letter_view(portal, world.rahma, old.id).is_stale
    letters.issue(portal, world.rahma, batch, wait=False)
    assert letter_views.letter_view(portal, world.rahma, old.id).state == "superseded"
    new = beside(world, portal, batch)
    assert new.id != old.id
    assert not new.is_stale


def test_revoking_the_letter_of_request_revokes_what_goes_with_it(world, portal):
    batch = world.ready()
    form = beside(world, portal, batch, "formulir")
    statement = beside(world, portal, batch, "pernyataan")
    letters.revoke(portal, world.rahma, statement.id, reason="Salah penanda tangan")
    (request,) = [
        one
        for one in letter_views.list_letters(portal, world.rahma, batch)
        if one.kind == "permohonan"
    ]
    assert request.state == "issued"
    letters.revoke(portal, world.rahma, request.id, reason="Salah alamat")
    assert set(states(world, portal, batch).values()) == {"revoked"}
    proof = letter_proofs.look_up(portal, form.proof_code, address="192.0.2.1")
    assert (proof.series, proof.state) == ("formulir", "revoked")


def test_its_pdf_is_made_and_kept_like_any_letters(world, portal):
    batch = world.ready()
    letter = letters.issue_companion(portal, world.rahma, batch, "pernyataan")
    view, pdf = letter_views.open_letter(portal, world.rahma, letter.id)
    assert view.sha256
    assert pdf.startswith(b"%PDF-")
    shown = letters.preview(portal, world.rahma, batch, kind="formulir")
    assert shown.startswith(b"%PDF-")


def test_a_form_tells_the_birthplace_as_corrected_else_as_on_record(world, portal):
    head = "KPJ;NIK;Nama Lengkap;Tanggal Lahir;No KK;Tempat Lahir;Tempat Lahir (Menjadi);No HP;No HP (Menjadi)"
    rows = [
        ";".join((*(demo._person(800 + at)[key] for key in ("kpj", "nik", "nama", "lahir", "kk")),
                  place, new, f"08139000080{at}", f"08129000080{at}"))
        for at, (place, new) in enumerate((("Tangerang", ""), ("Jakrata", "Jakarta"), ("", "")))
    ]  # fmt: skip
    batch = world.draft("\r\n".join([head, *rows, ""]).encode())
    letters.issue(portal, world.rahma, batch, wait=False)
    people = letters.request_of(portal, world.rahma, batch).facts.people
    assert [one.birthplace for one in people] == ["Tangerang", "Jakarta", ""]
    assert all(one.birth_date.startswith("19") for one in people)
