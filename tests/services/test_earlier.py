"""Beside a row: what was asked before for the same employee, as far as its reader may see it."""

import pytest

from hr_portal import demo
from hr_portal.services import earlier
from hr_portal.services.errors import NotFound
from tests.services.test_outlets import forwarded, kpj, taken


def test_earlier_corrections_of_the_employee_are_named_with_their_outcome(world, portal):
    approved = world.decided(world.sheet(2))
    refused = world.decided(world.sheet(1, line=demo._address_line), verdict="reject")
    world.decided(world.sheet(2), actor=world.wulan)  # the same people in another company
    world.submitted(world.sheet(1, 300))
    waiting = world.submitted(world.sheet(2, line=demo._birth_line))

    def told(row, actor=world.bayu, batch=waiting):
        found = earlier.earlier(portal, actor, batch, row)
        return [(one.batch_id, one.field, one.verdict) for one in found]

    assert told(2) == [(refused, "alamat", "reject"), (approved, "hp", "approve")]
    assert told(3) == [(approved, "hp", "approve")]
    assert told(2, batch=refused) == [
        (waiting, "tanggal_lahir", None),
        (approved, "hp", "approve"),
    ]
    assert told(99) == []
    with pytest.raises(NotFound):
        told(2, world.wulan)


def test_what_the_agency_has_answered_since_is_told_with_it(world, portal):
    taken(
        world, forwarded(world),
        f"{kpj(101)};No HP;Ditolak;Sudah dipakai", f"{kpj(102)};No HP;Diterima;",
    )  # fmt: skip
    waiting = world.submitted(world.sheet(3, line=demo._birth_line))
    found = [earlier.earlier(portal, world.bayu, waiting, row) for row in (2, 3, 4)]
    assert [(one.verdict, one.answer) for (one,) in found] == [
        ("approve", "refused"), ("approve", "accepted"), ("approve", None),
    ]  # fmt: skip
