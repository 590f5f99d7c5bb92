"""The terms: read by everybody, accepted before anything else, asked again for a new edition."""

import hashlib

import pytest
import sqlalchemy as sa

from hr_portal.adapters.database.account_models import Acceptance
from hr_portal.adapters.database.models import Act, User
from hr_portal.domain.terms import CURRENT, EDITIONS
from hr_portal.services import accounts
from hr_portal.web.terms import TEXTS
from tests.parts import ROOT
from tests.web.client import PASSWORD, PageClient

NINA = "nina@contoh.example"


@pytest.fixture
def nina(portal, people, app):
    """Somebody whose account an admin made: they have accepted nothing yet."""
    accounts.create_user(
        portal, email=NINA, name="Nina Tamsilan", password=PASSWORD, role="hrd",
        company_id=people.company_id,
    )  # fmt: skip
    return PageClient(app).sign_in(NINA)


def test_nothing_is_done_before_the_terms_are_accepted_and_again_with_a_new_edition(
    nina, portal, people, app
):
    token = accounts.create_token(portal, NINA)

    def program():
        return app.test_client().get(
            "/api/v1/batches", headers={"Authorization": f"Bearer {token}"}
        )

    for _edition in ("the first", "a newer one"):
        with portal.db.write() as session:  # what they accepted was the edition before
            mine = (
                Acceptance.user_id == sa.select(User.id).where(User.email == NINA).scalar_subquery()
            )
            session.execute(sa.update(Acceptance).where(mine).values(edition=0))
        to = nina.get("/pengajuan?status=draf", expect=302).headers["Location"]
        assert to == "/ketentuan?next=/pengajuan?status%3Ddraf"
        assert nina.get("/akun", expect=302).headers["Location"] == "/ketentuan?next=/akun"
        assert nina.post("/pengajuan/baru", {}).headers["Location"] == "/ketentuan"
        refused = program()
        assert (refused.status_code, refused.json["error"]["code"]) == (403, "terms_not_accepted")
        assert "Setujui dan lanjutkan" in nina.get(to).text
        for sent in ({"edition": CURRENT.number}, {"edition": 0, "agreed": "ya"}):
            nina.post("/ketentuan", sent, expect=422)
        yes = {"edition": CURRENT.number, "agreed": "ya", "next": "/pengajuan?status=draf"}
        assert nina.post("/ketentuan", yes).headers["Location"] == yes["next"]
        nina.post("/ketentuan", yes)
        nina.get(yes["next"])
        assert program().status_code == 200
        assert "Anda menyetujuinya pada" in nina.get("/ketentuan").text
    with portal.db.read() as session:
        told = session.scalars(
            sa.select(Act.details)
            .where(Act.action == "user:terms_accepted")
            .order_by(Act.id.desc())
        ).all()
    assert told[:2] == [{"edition": CURRENT.number}] * 2
    assert nina.post("/keluar").headers["Location"] == "/masuk"


def test_everybody_reads_the_terms_in_both_languages(visitor):
    page = visitor.get("/ketentuan").text
    assert "pengendali data pribadi" in page
    assert "Setujui" not in page
    visitor.get("/bahasa/en", expect=302)
    assert "controller of its employees" in visitor.get("/ketentuan").text


def test_the_words_of_an_edition_never_change():
    for edition in EDITIONS:
        text = (ROOT / "templates" / TEXTS[edition.number, "id"]).read_bytes()
        assert hashlib.sha256(text).hexdigest() == edition.sha256, (
            "a new wording is a new edition, with a file of its own"
        )
        assert (edition.number, "en") in TEXTS
