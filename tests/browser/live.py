"""The portal as browsers meet it: a real server on a free port, and a worker beside it."""

import contextlib
import threading

from werkzeug.serving import WSGIRequestHandler, make_server

from hr_portal import worker
from hr_portal.app import create_app
from hr_portal.services.context import Portal
from tests.world import World


class Quiet(WSGIRequestHandler):
    """Says nothing for each request; what went wrong is told by the page itself."""

    def log(self, *_what):
        """Drop the line."""


class Site(World):
    """The demo's people on a portal that can be visited at `url`."""

    def __init__(self, portal, app, url):
        super().__init__(portal, None)
        self.app, self.url = app, url

    @property
    def settings(self):
        return self.portal.settings


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
            yield Site(portal, app, f"http://127.0.0.1:{server.port}")
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
