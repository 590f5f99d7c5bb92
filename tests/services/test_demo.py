"""The demo shows every state that this portal reaches, and fills nothing twice."""

import re

import pytest
import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database.models import Batch, Revision
from hr_portal.services.errors import NotFound
from hr_portal.services.rowdata import walk_blocks


@pytest.mark.parametrize("database_kind", ["sqlite"])  # services are tried on both
def test_the_demo_has_a_batch_in_every_state(portal, capsys):
    demo.fill(portal)
    assert capsys.readouterr().out == "", "its letters would bury the address to open"
    with portal.db.read() as session:
        assert set(session.scalars(sa.select(Batch.state))) == {
            "draft", "submitted", "in_review", "returned", "approved", "partly_approved", "rejected", "cancelled"
        }  # fmt: skip
        assert set(session.scalars(sa.select(Revision.state))) == {"checked", "unreadable"}
    with pytest.raises(NotFound):
        demo.fill(portal)
    # what a thief of the data folder could read with `strings`
    numbers = set(_numbers_of_everybody(portal))
    assert len(numbers) > 200
    written = b"\n".join(
        path.read_bytes() for path in portal.settings.data_dir.rglob("*") if path.is_file()
    )
    assert len(written) > 100_000
    read = {one.decode() for one in re.findall(rb"(?=([0-9]{16}))", written)}
    assert read & numbers == set()


def _numbers_of_everybody(portal):
    """The NIK of everybody in the demo, on record and asked for."""
    with portal.db.read() as session:
        for revision in session.scalars(sa.select(Revision).where(Revision.state == "checked")):
            key = portal.key(session.get_one(Batch, revision.batch_id).company)
            for block in walk_blocks(session, key, revision.id):
                for slot in range(len(block.numbers)):
                    row = block.row(slot)
                    yield from {row.employee.get("nik", ""), *row.changes.get("nik", ())} - {""}
