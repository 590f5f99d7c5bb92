"""C3: no statement reaches a company's rows but for whom it is for, whatever a service forgets."""

import ast
import datetime as dt
from pathlib import Path

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import aliased

from hr_portal.adapters.database import tenancy, tenant_guard
from hr_portal.adapters.database.engine import bulk_insert
from hr_portal.adapters.database.models import (
    Base,
    Batch,
    Branch,
    Company,
    Correction,
    File,
    FindingRow,
    Membership,
    Revision,
    Row,
)
from hr_portal.adapters.database.plans import unindexed
from hr_portal.adapters.database.tenancy import FREE, OWNED, WIDE, Of, Wide

PACKAGE = Path(__file__).parents[2] / "hr_portal"
MISSING, MISMATCH = tenancy.TenantMissingError, tenancy.TenantMismatchError


def test_every_table_is_said_to_be_a_companys_or_nobodys_and_why():
    tables = Base.metadata.tables
    assert OWNED.keys() | FREE.keys() == tables.keys()
    assert not OWNED.keys() & FREE.keys()
    assert all({*FREE.values(), *WIDE.values()})
    for name, leads in OWNED.items():
        seen = [name]
        while seen[-1] != "companies":  # each leads to a company in the end, and none in a circle
            (key,) = tables[seen[-1]].columns[OWNED[seen[-1]]].foreign_keys
            assert key.column.table.name not in seen, leads
            seen.append(key.column.table.name)
    with pytest.raises(ValueError, match="no named scope"):
        Wide("because")


def test_services_write_no_sql_as_text_and_widen_the_scope_only_where_it_is_known():
    wide, text = set(), set()
    for file in PACKAGE.rglob("*.py"):
        place = file.relative_to(PACKAGE).as_posix()
        for node in ast.walk(ast.parse(file.read_text("utf-8"))):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute):
                if node.func.attr in {"exec_driver_sql", "cursor", "raw_connection"} or (
                    node.func.attr == "text" and ast.unparse(node.func.value) == "sa"
                ):
                    text.add(place)
                if node.func.attr == "Wide":
                    wide.add(place)
    assert {one for one in text if not one.startswith("adapters/database/")} <= {"doctor.py"}
    assert wide == {
        "commands/opening.py", "serving.py",
        "services/backup.py", "services/figures.py", "services/intake.py",
        "services/passwords.py",
        "services/letter_proofs.py", "services/memberships.py", "services/refusals.py",
        "services/scopes.py",
    }  # fmt: skip


@pytest.fixture
def two(world):
    """A batch of each of two companies: (scope of Rahma's, hers, the other's)."""
    hers = world.draft(actor=world.rahma)
    strange = world.draft(actor=world.wulan)
    return Of(world.rahma.companies), hers, strange


def revision_of(world, batch):
    with world.portal.db.read() as session:
        return session.scalar(sa.select(Revision.id).where(Revision.batch_id == batch))


def run(world, scope, statement):
    with tenancy.under(scope), world.portal.db.write() as session:
        result = session.execute(statement)
        return result.all() if statement.is_select else []


def test_without_a_scope_nothing_owned_is_read_or_written(world, two, monkeypatch):
    _scope, hers, _strange = two
    revision = revision_of(world, hers)
    monkeypatch.setattr(tenancy, "_of_process", None)  # as where pages are served
    for statement in (
        sa.select(Batch),
        sa.select(Batch.id).where(Batch.company_id.in_(world.rahma.companies)),
        sa.select(sa.func.count()).select_from(FindingRow.__table__),
        sa.select(Branch.id).where(sa.exists().where(Batch.branch_id == Branch.id)),
        sa.update(Batch).values(state="approved"),
        sa.delete(Row),
        sa.insert(Row).values(revision_id=revision, number=1),
        sa.text("select count(*) from corrections"),
    ):
        with pytest.raises(MISSING), world.portal.db.write() as session:
            session.execute(statement)
    with pytest.raises(MISSING), world.portal.db.read() as session:
        session.get(Batch, hers)
    with pytest.raises(MISSING), world.portal.db.read() as session:
        session.connection().exec_driver_sql("select id from batches")
    with pytest.raises(MISSING), world.portal.db.write() as session:
        bulk_insert(session, Row.__table__, ("revision_id", "number"), [(revision, 9)])
    with world.portal.db.read() as session:
        assert session.scalars(sa.select(Branch)).all(), "what is nobody's needs none"


def test_under_a_companys_scope_a_statement_that_names_no_tenant_raises(world, two):
    scope, hers, _strange = two
    other = aliased(Batch)
    mine = Batch.company_id.in_(scope.companies)
    for statement in (
        sa.select(Batch),
        sa.select(Batch).where(Batch.state == "draft"),
        sa.select(FindingRow.id).where(FindingRow.code == "NIK-02"),
        sa.select(Company.id, Company.name),
        # one side of OR says nothing
        sa.select(Batch).where(sa.or_(mine, Batch.state == "draft")),
        # neither does what is not so
        sa.select(Batch).where(~mine),
        sa.select(Batch).where(Batch.company_id != "x"),
        sa.select(Batch).where(~sa.exists().where(Revision.batch_id == Batch.id, mine)),
        # a table joined by something else than whose it is
        sa.select(Row).join(Revision, Revision.number == Row.number).where(Revision.batch_id == hers),
        # all of the left side come through an outer join
        sa.select(Revision).outerjoin(Batch, sa.and_(Batch.id == Revision.batch_id, mine)),
        # the same table twice, tied once
        sa.select(Batch.id, other.id).where(mine, other.state == Batch.state),
        sa.select(Batch.id).where(Batch.state.in_(sa.select(other.state).where(other.id == hers))),
        sa.select(Batch.id).join(
            sa.select(Batch.id, Batch.state).where(mine).subquery(), sa.true()
        ),
        # inside: in a column, in SET, in a part of UNION
        sa.select(Branch.id, sa.select(sa.func.count(Batch.id)).scalar_subquery()),
        sa.update(Batch).where(Batch.id == hers)
        .values(number=sa.select(sa.func.max(other.number)).scalar_subquery()),
        sa.union(sa.select(Batch.id).where(mine), sa.select(Batch.id)),
        sa.update(Batch).values(version=1),
        sa.delete(Row).where(Row.number == 1),
        sa.text("select count(*) from corrections"),
    ):  # fmt: skip
        with pytest.raises(MISSING):
            run(world, scope, statement)


def test_under_a_companys_scope_what_names_its_tenant_passes(world, two):
    scope, hers, _strange = two
    revision = revision_of(world, hers)
    mine = Batch.company_id.in_(scope.companies)
    later = aliased(Revision)
    inner = sa.select(Revision.id.label("id")).join(Batch).where(mine).subquery()
    for statement in (
        sa.select(Batch.id).where(mine),
        sa.select(Batch.id).where(sa.or_(mine, sa.and_(mine, Batch.state == "draft"))),
        sa.select(Revision.id).where(Revision.batch_id == hers),
        sa.select(Revision.id).join(Batch, Batch.id == Revision.batch_id).where(mine),
        sa.select(Revision.id).where(Revision.batch_id.in_(sa.select(Batch.id).where(mine))),
        sa.select(Row.revision_id).join(inner, inner.c.id == Row.revision_id),
        sa.select(Batch.id).outerjoin(later, later.batch_id == Batch.id).where(mine),
        sa.select(Batch.id).where(mine, ~sa.exists().where(Revision.batch_id == Batch.id, Revision.number > 1)),
        sa.select(Revision.id).where(sa.exists().where(Batch.id == Revision.batch_id, mine)),
        sa.select(Row.number).where(sa.tuple_(Row.revision_id, Row.number).in_([(revision, 2)])),
        sa.select(Batch.id).where(unindexed(Batch.id) == hers),
    ):  # fmt: skip
        assert run(world, scope, statement), statement
    run(world, scope, sa.update(Batch).where(Batch.id == hers).values(version=1))


def test_a_key_of_another_companys_thing_reaches_nothing(world, two):
    scope, hers, strange = two
    theirs, own = revision_of(world, strange), revision_of(world, hers)
    with world.portal.db.read() as session:
        file = session.scalar(sa.select(Revision.file_id).where(Revision.id == theirs))
        company = session.scalar(sa.select(Batch.company_id).where(Batch.id == strange))
    for statement in (
        sa.select(Batch).where(Batch.id == strange),
        sa.select(Batch).where(Batch.company_id == company),
        sa.select(Batch.id).where(Batch.id.in_([hers, strange])),
        sa.select(Batch.id).where(unindexed(Batch.id).in_([hers, strange])),
        sa.select(Revision).where(Revision.batch_id == strange),
        sa.select(Row).where(Row.revision_id == theirs),
        sa.select(Row).where(sa.or_(Row.revision_id == own, Row.revision_id == theirs)),
        sa.select(Row.number).where(sa.tuple_(Row.revision_id, Row.number).in_([(own, 2), (theirs, 2)])),
        sa.select(File).where(File.id == file),
        sa.select(Company).where(Company.id == company),
        sa.update(Batch).where(Batch.id == strange).values(version=9),
        sa.update(Batch).where(Batch.id == hers).values(company_id=company),
        sa.delete(Correction).where(Correction.revision_id == theirs),
        sa.insert(File).values(company_id=company, name="n", sha256="0" * 64, size=1,
                               created_at=dt.datetime.now(dt.UTC)),
    ):  # fmt: skip
        with pytest.raises(MISMATCH):
            run(world, scope, statement)
    with pytest.raises(MISMATCH), tenancy.under(scope), world.portal.db.write() as session:
        bulk_insert(session, Row.__table__, ("revision_id", "number"), [(own, 9), (theirs, 9)])
    with pytest.raises(MISMATCH), tenancy.under(scope), world.portal.db.write() as session:
        session.add(Revision(batch_id=strange, number=2, file_name="x", uploaded_by="x"))
    assert run(world, scope, sa.select(Batch).where(Batch.id == "0" * 32)) == []


def test_of_what_a_statement_has_found_only_theirs_is_remembered(world, two):
    scope, hers, strange = two
    both = sa.select(Batch.id, Batch.company_id, Batch.branch_id).where(
        Batch.id.in_([hers, strange])
    )
    with world.portal.db.read() as session:
        found = session.execute(both).all()
    with tenancy.under(scope):
        tenant_guard.know(found)
    assert scope.known == {("batches", hers)}
    with pytest.raises(MISMATCH):
        run(world, scope, sa.select(Revision).where(Revision.batch_id == strange))


def test_a_reviewer_reaches_what_companies_handed_in_to_their_branch(world):
    batch = world.submitted()
    scope, elsewhere = Of(branches=world.bayu.branches), Of(branches=frozenset({"elsewhere"}))
    revision = revision_of(world, batch)
    with world.portal.db.read() as session:
        file = session.scalar(sa.select(Revision.file_id).where(Revision.id == revision))
        company = session.scalar(sa.select(Batch.company_id).where(Batch.id == batch))
        foreign = session.scalar(
            sa.select(Membership.company_id).where(Membership.user_id == world.wulan.user_id)
        )
    assert run(world, scope, sa.select(Row.number).where(Row.revision_id == revision))
    assert run(world, scope, sa.select(File.id).where(File.id == file))
    assert run(world, scope, sa.select(Company.name).where(Company.id == company))
    for statement in (
        sa.select(Company.name).where(Company.id == foreign),
        sa.select(Batch).where(Batch.branch_id == "elsewhere"),
    ):
        with pytest.raises(MISMATCH):
            run(world, scope, statement)
    for statement in (
        sa.select(Row.number).where(Row.revision_id == revision),
        sa.select(Company.name).where(Company.id == company),
    ):
        with pytest.raises(MISMATCH):
            run(world, elsewhere, statement)
