"""PostgreSQL that crashes while people work (security.md R14): 503, and the pool recovers."""

import contextlib
import io
import threading

import pytest
import sqlalchemy as sa
from structlog.testing import capture_logs

from hr_portal.adapters.database import migrate
from hr_portal.adapters.database.models import Batch, Revision
from hr_portal.app import create_app
from hr_portal.services import accounts, reconciling
from hr_portal.services.context import Portal
from hr_portal.web.security import HEADERS
from tests import postgresql
from tests.world import World

pytestmark = [pytest.mark.crash, pytest.mark.postgresql]
CRASHES = 2


def test_requests_in_flight_are_503_and_the_pool_recovers_from_crashes_of_the_server(make_settings):
    with contextlib.ExitStack() as ends:
        url, restart = ends.enter_context(postgresql.cluster("fsync=off", "full_page_writes=off"))
        settings = make_settings(database_url=url.render_as_string(hide_password=False))
        migrate.upgrade(settings)
        portal = ends.enter_context(contextlib.closing(Portal.from_settings(settings)))
        world = World(portal, None)
        token = accounts.create_token(portal, world.rahma.email)
        ends.enter_context(capture_logs())
        app = create_app(settings, portal=portal)
        headers = {"Authorization": f"Bearer {token}"}
        sheets = [[world.sheet(1, start=who * 1000 + n) for n in range(200)] for who in (1, 2)]
        kept, told, is_over = [], [], threading.Event()

        def upload(client, content, key):
            file = io.BytesIO(content), "a.csv"
            sent = {"Idempotency-Key": key, **headers}
            return client.post("/api/v1/batches", data={"file": file}, headers=sent)

        def work(number):
            client, left = app.test_client(), list(enumerate(sheets[number]))
            while left and not is_over.is_set():
                at, content = left[0]
                answer = upload(client, content, f"{number}-{at}")
                told.append((answer.status_code, answer.headers))
                if answer.status_code == 201:
                    kept.append(answer.json["id"])
                    left.pop(0)  # what was refused is sent again under its key
                page = client.get("/masuk")
                told.append((page.status_code, page.headers))

        people = [threading.Thread(target=work, args=[number]) for number in (0, 1)]
        for one in people:
            one.start()
        for _ in range(CRASHES):
            before = len(kept)
            while len(kept) < before + 2:  # somebody is served again before the next crash
                is_over.wait(0.01)
            restart()
        is_over.set()
        for one in people:
            one.join()
        assert {status for status, _headers in told} == {200, 201, 503}
        assert all(int(had["Retry-After"]) > 0 for status, had in told if status == 503)
        assert all(HEADERS.items() <= dict(had).items() for _status, had in told)
        last = upload(app.test_client(), world.sheet(1, start=9000), "last")
        assert last.status_code == 201, "at once, without a new start"
        with portal.db.read() as session:
            assert session.scalar(sa.select(sa.func.count(Batch.id))) == len(kept) + 1
            batches = session.scalars(sa.select(Revision.batch_id)).all()
        assert len(set(batches)) == len(batches)
        assert set(kept) < set(batches)
        assert reconciling.reconcile(portal) == []
