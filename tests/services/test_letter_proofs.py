"""Who holds a letter may look it up; who guesses learns nothing."""

import dataclasses

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.models import Letter
from hr_portal.domain.letter_proof import TOKEN_SIGNS
from hr_portal.services import documents, letter_proofs, letter_views, letters, places, submission
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound, TooMany
from tests.services.test_review import _png


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


def look(portal, typed, address="192.0.2.1"):
    return letter_proofs.look_up(portal, typed, address=address)


def test_a_letter_is_proved_by_its_token_and_by_its_code(world, portal):
    letter = letters.issue(portal, world.rahma, world.draft())
    with portal.db.read() as session:
        token = session.get_one(Letter, letter.id).token
    assert len(token) == TOKEN_SIGNS
    proof = look(portal, token)
    assert proof == look(portal, letter.proof_code.lower())
    assert (proof.number, proof.state, proof.sha256) == (letter.number, "issued", letter.sha256)
    assert (proof.people, proof.corrections) == (3, 3)
    assert (proof.company_name, proof.branch_name) == (
        "PT Contoh Sejahtera Abadi",
        world.view(letter.batch_id).branch_name,
    )


def test_a_proof_holds_no_name_and_no_identifier(world, portal):
    batch = world.draft()
    letter = letters.issue(portal, world.rahma, batch)
    told = repr(dataclasses.asdict(look(portal, letter.proof_code)))
    for line in world.sheet().decode().splitlines()[1:]:
        for value in line.split(";")[:3]:
            assert value not in told


def test_the_proof_tells_the_company_as_the_letter_does(world, portal):
    letter = letters.issue(portal, world.rahma, world.draft())
    places.edit_company(portal, world.admin, world.people.companies[0], {"name": "PT Nama Baru"})
    assert look(portal, letter.proof_code).company_name == "PT Contoh Sejahtera Abadi"


def test_tokens_and_codes_are_drawn_anew_for_the_same_content(world, portal):
    batch = world.draft()
    first = letters.issue(portal, world.rahma, batch, wait=False)
    letters.revoke(portal, world.rahma, first.id, reason="Salah alamat")
    second = letters.issue(portal, world.rahma, batch, wait=False)
    with portal.db.read() as session:
        drawn = list(session.execute(sa.select(Letter.token, Letter.code)))
    assert len({sign for pair in drawn for sign in pair}) == 4
    assert second.proof_code != first.proof_code


def test_what_took_a_letters_place_is_named(world, portal):
    batch = world.draft()
    first = letters.issue(portal, world.rahma, batch, wait=False)
    documents.add_document(portal, world.rahma, batch, _png(), "kk.png", kind="kk", row=2)
    second = letters.issue(portal, world.rahma, batch, wait=False)
    proof = look(portal, first.proof_code)
    assert (proof.state, proof.superseded_by) == ("superseded", second.number)
    assert look(portal, second.proof_code).superseded_by is None


def test_a_revoked_letter_says_so_and_the_batch_needs_another(world, portal):
    batch = world.ready()
    (letter,) = letter_views.list_letters(portal, world.rahma, batch)
    revoked = letters.revoke(portal, world.rahma, letter.id, reason="  Salah   alamat ")
    assert (revoked.state, revoked.revoked_reason) == ("revoked", "Salah alamat")
    proof = look(portal, letter.proof_code)
    assert proof.state == "revoked"
    assert proof.revoked_on is not None
    assert "letter_missing" in [lack.code for lack in submission.lacks(portal, world.rahma, batch)]
    again = letters.issue(portal, world.rahma, batch, wait=False)
    assert again.number.startswith("002/")
    assert [act.action for act in letter_views.history(portal, world.rahma, batch)] == [
        "letter:issued", "letter:revoked", "letter:issued",
    ]  # fmt: skip


def test_a_letter_is_revoked_once_with_a_reason_and_not_while_the_office_has_it(world, portal):
    batch = world.ready()
    (letter,) = letter_views.list_letters(portal, world.rahma, batch)
    for reason in ("", "   ", "x" * 501):
        with pytest.raises(Invalid, match="reason_required"):
            letters.revoke(portal, world.rahma, letter.id, reason=reason)
    submission.submit(portal, world.rahma, batch, version=None, declaration=True)
    with pytest.raises(Conflict, match="letter_in_use"):
        letters.revoke(portal, world.rahma, letter.id, reason="Salah")
    with pytest.raises(Forbidden):
        letters.revoke(portal, world.bayu, letter.id, reason="Salah")
    with pytest.raises(NotFound):
        letters.revoke(portal, world.wulan, letter.id, reason="Salah")
    submission.withdraw(portal, world.rahma, batch, version=None, reason="Salah")
    letters.revoke(portal, world.rahma, letter.id, reason="Salah")
    with pytest.raises(Conflict, match="letter_closed"):
        letters.revoke(portal, world.rahma, letter.id, reason="Salah")


@pytest.mark.parametrize(
    "typed", ["", "7K4M-2QPX-9T3D", "0" * 26, "' OR 1=1 --", "../../etc", "x" * 9000]
)
def test_unknown_and_malformed_answer_alike(world, portal, typed):  # fmt: skip
    letters.issue(portal, world.rahma, world.draft(), wait=False)
    with pytest.raises(NotFound):
        look(portal, typed)


def test_an_address_that_asks_too_often_waits_and_others_do_not(world, portal, clock):
    for _ in range(letter_proofs.LOOKS_A_MINUTE):
        with pytest.raises(NotFound):
            look(portal, "7K4M-2QPX-9T3D")
    with pytest.raises(TooMany) as refusal:
        look(portal, "7K4M-2QPX-9T3D")
    assert 0 < refusal.value.retry_after <= 60
    with pytest.raises(NotFound):
        look(portal, "7K4M-2QPX-9T3D", "192.0.2.2")
    clock.go(seconds=61)
    with pytest.raises(NotFound):
        look(portal, "7K4M-2QPX-9T3D")
