"""The portal as browsers meet it: a real server on a free port, and a worker beside it."""

import contextlib
import threading
import time

import sqlalchemy as sa
from werkzeug.serving import WSGIRequestHandler, make_server

from hr_portal import worker
from hr_portal.adapters.database.models import Job
from hr_portal.app import create_app
from hr_portal.services.context import Portal
from tests.world import World

PATIENCE = 30
"""Seconds after which a worker must have checked a small file, on a busy machine too."""


class Quiet(WSGIRequestHandler):
    """Says nothing for each request; what went wrong is told by the page itself."""

    def log(self, *_what):
        """Drop the line."""


class Site(World):
    """The demo's people on a portal that can be visited at `url`."""

    def __init__(self, portal, app, url, *, working):
        super().__init__(portal, None)
        self.app, self.url, self.working = app, url, working

    def work(self):
        """Have all files that were uploaded read and checked."""
        if not self.working:
            super().work()
        deadline = time.monotonic() + PATIENCE
        while self._unread():
            assert time.monotonic() < deadline, "the worker doesn't get on"
            threading.Event().wait(0.02)

    def _unread(self):
        unread = sa.select(sa.func.count(Job.id)).where(
            Job.kind == "read", Job.state.in_(("queued", "running"))
        )
        with self.portal.db.read() as session:
            return session.scalar(unread)


@contextlib.contextmanager
def site(settings, *, working=True):
    """Serve until the block ends; with `working`, a worker takes up what is uploaded."""
    with (
        contextlib.closing(Portal.from_settings(settings)) as portal,
        _worker(settings) if working else contextlib.nullcontext(),
    ):
        app = create_app(settings, portal=portal)
        app.config["TESTING"] = False  # faults are answered as in earnest
        server = make_server("127.0.0.1", 0, app, threaded=True, request_handler=Quiet)
        serving = threading.Thread(target=server.serve_forever, args=(0.05,))
        serving.start()
        try:
            yield Site(portal, app, f"http://127.0.0.1:{server.port}", working=working)
        finally:
            server.shutdown()
            serving.join()
            server.server_close()


@contextlib.contextmanager
def _worker(settings):
    stop = threading.Event()
    working = threading.Thread(target=worker.run, args=(settings, stop))
    working.start()
    try:
        yield
    finally:
        stop.set()
        working.join()
