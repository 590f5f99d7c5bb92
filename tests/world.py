"""A portal on a fresh database of either kind, with the demo's people, and short ways to act."""

import contextlib
import datetime as dt
import functools
import io

import pytest

from hr_portal import demo, worker
from hr_portal.services import (
    accounts,
    batch_views,
    changes,
    coverage,
    explaining,
    intake,
    letters,
    results,
    review,
    submission,
)
from hr_portal.services.context import Portal
from tests.furnished import again, furnish

HEADER = "KPJ;NIK;Nama Lengkap;Tanggal Lahir;No KK;Data;Semula;Menjadi;Alasan"


class Clock:
    """A clock that stands where the test puts it, moving a second at each look."""

    def __init__(self):
        self.now = dt.datetime(2026, 11, 21, 3, 0, tzinfo=dt.UTC)

    def __call__(self):
        self.now += dt.timedelta(seconds=1)
        return self.now

    def go(self, **span):
        self.now += dt.timedelta(**span)


def _people_and_time(portal):
    return demo.make_people(portal), portal.clock()


def _often_first(act):
    """Copies what many tests begin with, where nothing went before: all acts look at the clock."""

    @functools.wraps(act)
    def way(self, *args, **more):
        if self.began is None or self.clock.now != self.began:
            return act(self, *args, **more)

        def apart(portal):
            world = World(portal, portal.clock)
            return act(world, *args, **more), world.clock.now

        def do():
            return act(self, *args, **more), self.clock.now

        what = act.__name__, args, tuple(sorted(more.items()))
        made, self.clock.now = again(self.portal, what, do, apart)
        return made

    return way


class World:
    """The people of the demo as actors, and what tests do all the time."""

    def __init__(self, portal, clock, *, copies=False):
        self.portal, self.clock = portal, clock
        self.people, now = furnish(portal, _people_and_time)
        if clock is not None:
            clock.now = now
        actor = lambda user: accounts.load_actor(portal, user)  # noqa: E731
        self.rahma, self.surya, self.wulan, self.yoga = map(actor, self.people.hrd)
        self.bayu, self.lestari = map(actor, self.people.reviewers)
        self.admin = actor(self.people.admin)
        # by the machine's own clock nobody could tell whether anything went before
        self.began = clock.now if copies and isinstance(clock, Clock) else None

    def sheet(self, count=3, start=100, line=demo._phone_line):
        """CSV of `count` clean rows, from row 2 of the sheet on."""
        rows = []
        for i in range(1, count + 1):
            who = demo._person(start + i)
            rows.append(
                ";".join(
                    (
                        who["kpj"],
                        who["nik"],
                        who["nama"],
                        who["lahir"],
                        who["kk"],
                        *line(i, who),
                        "Sesuai KTP-el",
                    )
                )
            )
        return "\r\n".join([HEADER, *rows, ""]).encode()

    def upload(self, content=None, actor=None, name="koreksi.csv", **more):
        content = self.sheet() if content is None else content
        return intake.create_batch(
            self.portal, actor or self.rahma, io.BytesIO(content), name, **more
        )

    def revise(self, batch_id, content, actor=None, name="koreksi-2.csv", **more):
        return intake.add_revision(
            self.portal, actor or self.rahma, batch_id, io.BytesIO(content), name, **more
        )

    def work(self):
        return worker.run_all(self.portal)

    @_often_first
    def draft(self, content=None, actor=None, **more):
        batch = self.upload(content, actor, **more).batch_id
        self.work()
        return batch

    def confirm(self, batch_id, actor=None):
        """Say all that HRD has to say: why warned data are right, why documents are not there."""
        for item in results.todo(self.portal, actor or self.rahma, batch_id):
            if item.severity == "warning":
                results.confirm_warnings(
                    self.portal,
                    actor or self.rahma,
                    batch_id,
                    reason="Sesuai KTP-el",
                    code=item.code,
                )
        self.without_documents(batch_id, actor)

    def without_documents(self, batch_id, actor=None):
        """State why the batch goes without the documents that its corrections ask for."""
        actor = actor or self.rahma
        if coverage.matrix(self.portal, actor, batch_id).lacking:
            explaining.explain(self.portal, actor, batch_id, reason="Aslinya dibawa ke cabang")

    @_often_first
    def ready(self, content=None, actor=None, **more):
        batch = self.draft(content, actor, **more)
        self.confirm(batch, actor)
        letters.issue(self.portal, actor or self.rahma, batch, wait=False)
        return batch

    @_often_first
    def submitted(self, content=None, actor=None, **more):
        batch = self.ready(content, actor, **more)
        submission.submit(self.portal, actor or self.rahma, batch, version=None, declaration=True)
        return batch

    @_often_first
    def decided(self, content=None, actor=None, verdict="approve", **more):
        """A batch with one verdict for all of it; a second reviewer approves what needs one."""
        batch = self.submitted(content, actor, **more)
        reason = "" if verdict == "approve" else "Belum cocok dengan dokumen"
        give = {"version": None, "rows": "rest", "verdict": verdict, "reason": reason}
        review.take(self.portal, self.bayu, batch)
        review.give_verdicts(self.portal, self.bayu, batch, **give)
        if not changes.counts(self.portal, self.bayu, batch).second:
            review.decide(self.portal, self.bayu, batch, version=None)
            return batch
        review.pass_on(self.portal, self.bayu, batch, version=None)
        review.take(self.portal, self.lestari, batch)
        rows = changes.second_rows(self.portal, self.lestari, batch)
        review.give_verdicts(self.portal, self.lestari, batch, **{**give, "rows": rows})
        review.decide(self.portal, self.lestari, batch, version=None)
        return batch

    def view(self, batch_id, actor=None, **more):
        return batch_views.batch_view(self.portal, actor or self.rahma, batch_id, **more)


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def portal(settings, clock):
    with contextlib.closing(Portal.from_settings(settings, clock=clock)) as opened:
        yield opened


@pytest.fixture
def world(portal, clock, request):
    # What is done while parts are exchanged is no use to others.
    return World(portal, clock, copies="monkeypatch" not in request.fixturenames)
