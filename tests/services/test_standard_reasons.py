"""The list of reasons: kept by an admin; what was sent with a verdict stays as it was written."""

import pytest

from hr_portal.services import results, review, standard_reasons
from hr_portal.services.errors import Conflict, Forbidden, Invalid, NotFound
from tests.services.test_review import taken


@pytest.fixture
def settings(sqlite_settings):
    return sqlite_settings


def test_a_reason_is_added_worded_otherwise_and_removed_and_verdicts_keep_their_words(
    world, portal
):
    admin = world.admin
    first = standard_reasons.offered(portal)[0][0]
    assert first == "KTP tidak terbaca"
    made = standard_reasons.add(portal, admin, text="  KTP \n buram ", text_en="")
    assert standard_reasons.offered(portal)[-1] == ("KTP buram", "KTP buram")
    batch = taken(world, portal)
    review.give_verdicts(
        portal, world.bayu, batch, version=None, rows=[2], verdict="return", reason="KTP buram"
    )
    standard_reasons.change(portal, admin, made, text="Foto KTP buram", text_en="Blurred card")
    assert standard_reasons.offered(portal)[-1] == ("Foto KTP buram", "Blurred card")
    standard_reasons.remove(portal, admin, made)
    assert "Foto KTP buram" not in dict(standard_reasons.offered(portal))
    row = results.row_view(portal, world.bayu, batch, 2)
    assert row.corrections[0].reason == "KTP buram"
    again = standard_reasons.add(portal, admin, text="foto ktp buram", text_en="")
    assert again == made  # what was removed comes back, as it is written now
    assert standard_reasons.listed(portal, admin)[-1].text == "foto ktp buram"


def test_the_list_takes_no_empty_double_or_long_reason_and_only_from_an_admin(world, portal):
    admin, held = world.admin, standard_reasons.listed(portal, world.admin)
    for text in (" ", "x" * 201):
        with pytest.raises(Invalid):
            standard_reasons.add(portal, admin, text=text, text_en="")
    with pytest.raises(Invalid):
        standard_reasons.add(portal, admin, text="Baru", text_en="x" * 201)
    with pytest.raises(Conflict):
        standard_reasons.add(portal, admin, text="ktp TIDAK terbaca", text_en="")
    with pytest.raises(Conflict):
        standard_reasons.change(portal, admin, held[0].id, text=held[1].text, text_en="")
    for act in (
        lambda who: standard_reasons.listed(portal, who),
        lambda who: standard_reasons.add(portal, who, text="Baru", text_en=""),
        lambda who: standard_reasons.change(portal, who, held[0].id, text="Baru", text_en=""),
        lambda who: standard_reasons.remove(portal, who, held[0].id),
    ):
        with pytest.raises(Forbidden):
            act(world.bayu)
    standard_reasons.remove(portal, admin, held[0].id)
    with pytest.raises(NotFound):
        standard_reasons.remove(portal, admin, held[0].id)
    for at in range(standard_reasons.MOST_REASONS - len(held) + 1):
        standard_reasons.add(portal, admin, text=f"Alasan {at}", text_en="")
    with pytest.raises(Invalid, match="invalid") as refusal:
        standard_reasons.add(portal, admin, text="Satu lagi", text_en="")
    assert "Paling banyak 40" in refusal.value.message
