"""Runs the web server and the worker together, and ends them together.

The worker is a process of its own: a file that brings it down does not touch the pages. It is
started again when it dies, but not for ever; and it notices through its standard input when this
process is gone, however that came about.
"""

import contextlib
import errno
import gc
import os
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from collections import deque
from collections.abc import Iterator
from dataclasses import replace
from types import FrameType

import click

from hr_portal import logs
from hr_portal.faults import why
from hr_portal.settings import Settings, SettingsError

# A worker that dies this often within this time will not get better by itself.
MOST_DEATHS = 5
DEATHS_WITHIN_SECONDS = 60.0
PAUSE_SECONDS = 1.0
LAST_WORK_SECONDS = 15.0
GARBAGE = 10_000, 20, 50
"""New objects, then rounds, after which garbage is looked for; a page makes some thousand."""
FILLING = ".filling"

_log = logs.get("serving")


def serve(settings: Settings, *, with_worker: bool = True) -> int:
    """Serves until Ctrl-C or SIGTERM; gives the exit code.

    The port is taken first, so that a second start fails before it touches anything. Raises
    SettingsError where the port or the data folder can't be used.
    """
    listener = take_port(settings)
    with contextlib.closing(listener):
        settings = _with_port(settings, listener.getsockname()[1])
        settings.make_folders()
        tempfile.tempdir = str(settings.temp_dir)  # half-received uploads stay on the data volume
        signal.signal(signal.SIGTERM, _interrupt)
        signal.signal(signal.SIGINT, _interrupt)  # whoever started us may have had it ignored
        try:
            return _serve_on(listener, settings, with_worker=with_worker)
        except KeyboardInterrupt:
            return 0


def take_port(settings: Settings) -> socket.socket:
    """A socket that listens: who connects before the portal is ready waits for it.

    Raises SettingsError with a sentence where the port or address can't be had.
    """
    family = socket.AF_INET6 if ":" in settings.host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((settings.host, settings.port))
        listener.listen(1024)
    except OSError as error:
        listener.close()
        raise SettingsError(_why_not(settings, error)) from None
    return listener


def prepare(settings: Settings) -> None:
    """Brings the database up to date; fills an empty demo with made-up data, whole or not."""
    from hr_portal.adapters.database import migrate

    marker = settings.data_dir / FILLING
    ours = settings.data_dir / "portal.sqlite3"
    is_own = settings.database_url == f"sqlite:///{ours}"
    if settings.demo and is_own:
        if marker.exists():
            _forget_half_made(settings)
        if not ours.exists():
            marker.touch(mode=0o600)
    migrate.upgrade(settings)
    if settings.demo and (marker.exists() or not is_own):
        from hr_portal import demo
        from hr_portal.adapters.database import tenancy
        from hr_portal.services import accounts
        from hr_portal.services.context import Portal

        with (
            tenancy.under(tenancy.Wide("command")),
            contextlib.closing(Portal.from_settings(settings)) as portal,
        ):
            if not accounts.list_users(portal):
                click.echo("Menyiapkan data contoh …")
                demo.fill(portal)
    marker.unlink(missing_ok=True)


def settle_memory() -> None:
    """Lets the collector of garbage pass over what stays as long as the process does.

    It walked over all modules, templates and statements every few pages, and in a worker for every
    some thousand rows: a quarter of a second that one of them waited for.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GARBAGE)


def _serve_on(listener: socket.socket, settings: Settings, *, with_worker: bool) -> int:
    prepare(settings)

    import waitress

    from hr_portal.app import create_app

    app = create_app(settings)
    settle_memory()
    with _worker(settings) if with_worker else contextlib.nullcontext() as keeper:
        server = waitress.create_server(
            app,
            sockets=[listener],
            threads=settings.threads,
            ident=None,  # which server this is concerns nobody
            # Above this the server hangs up; up to it our own page says what was too large.
            max_request_body_size=4 * max(settings.max_upload_bytes, settings.max_document_bytes),
            clear_untrusted_proxy_headers=False,  # create_app believes one proxy or nobody
        )
        click.echo("Portal Koreksi Data siap. Buka alamat ini di peramban; Ctrl-C menghentikannya.")
        click.echo(settings.base_url)
        sys.stdout.flush()
        with contextlib.closing(server):
            server.run()  # ends on KeyboardInterrupt, when the answers it has begun are given
            for connection in list(server.active_channels.values()):
                connection.handle_close()  # browsers keep theirs open
    if keeper is not None and keeper.has_given_up:
        click.echo(
            f"Pekerja berhenti {MOST_DEATHS} kali dalam satu menit, jadi portal dihentikan. "
            "Penyebabnya ada di log di atas; jalankan `hr-portal doctor`, lalu coba lagi.",
            err=True,
        )
        return 1
    return 0


@contextlib.contextmanager
def _worker(settings: Settings) -> "Iterator[WorkerKeeper]":
    keeper = WorkerKeeper(settings)
    keeper.start()
    try:
        yield keeper
    finally:
        keeper.stop()


class WorkerKeeper:
    """Keeps one worker process alive; gives up, and ends this process, when it keeps dying."""

    def __init__(self, settings: Settings) -> None:
        self._environ = settings.child_environment()
        self._stopping = threading.Event()
        self._lock = threading.Lock()  # no worker is started once stop() has begun
        self._thread = threading.Thread(target=self._keep, name="worker keeper", daemon=True)
        self.has_given_up = False
        self.process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        """Starts the first worker."""
        self.process = self._start_one()
        self._thread.start()

    def stop(self) -> None:
        """Ends the worker: by asking, and after a while by force."""
        with self._lock:
            self._stopping.set()
            process = self.process
        if process is not None and process.poll() is None:
            process.terminate()
            try:
                process.wait(LAST_WORK_SECONDS)
            except subprocess.TimeoutExpired:
                process.kill()  # its lease runs out and another worker takes over
                process.wait()
        self._thread.join()

    def _start_one(self) -> "subprocess.Popen[bytes]":
        # A session of its own: Ctrl-C reaches this process only, which then asks the worker.
        return subprocess.Popen(
            [sys.executable, "-m", "hr_portal.cli", "worker", "--with-parent"],
            stdin=subprocess.PIPE,
            env=self._environ,
            start_new_session=True,
        )

    def _keep(self) -> None:
        deaths: deque[float] = deque(maxlen=MOST_DEATHS)
        while self.process is not None:
            exit_code = self.process.wait()
            if self.process.stdin is not None:
                self.process.stdin.close()
            if self._stopping.is_set():
                return
            _log.error("worker died", exit_code=exit_code)
            deaths.append(time.monotonic())
            if len(deaths) == MOST_DEATHS and deaths[-1] - deaths[0] < DEATHS_WITHIN_SECONDS:
                self.has_given_up = True
                os.kill(os.getpid(), signal.SIGTERM)
                return
            self._stopping.wait(PAUSE_SECONDS)
            with self._lock:
                if self._stopping.is_set():
                    return
                self.process = self._start_one()


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    """SIGTERM and Ctrl-C end alike."""
    raise KeyboardInterrupt


def _with_port(settings: Settings, port: int) -> Settings:
    """The settings with the port that was really taken, where 0 asked for any."""
    if settings.port == port:
        return settings
    return replace(settings, port=port, base_url=settings.base_url.removesuffix(":0") + f":{port}")


def _why_not(settings: Settings, error: OSError) -> str:
    address = f"{settings.host}:{settings.port}"
    if error.errno == errno.EADDRINUSE:
        return (
            f"Alamat {address} sudah dipakai program lain, mungkin portal yang masih berjalan. "
            f"Hentikan program itu, atau pilih port lain: make run port={settings.port + 1} "
            f"(hr-portal serve --port {settings.port + 1})."
        )
    if error.errno == errno.EACCES:
        return f"Pengguna ini tidak boleh memakai {address}; pilih port di atas 1023."
    return f"Alamat {address} tidak ada di komputer ini ({why(error)}); periksa HR_PORTAL_HOST."


def _forget_half_made(settings: Settings) -> None:
    """Removes a demo whose filling was interrupted; there is nothing of anybody's in it."""
    import shutil

    for file in settings.data_dir.glob("portal.sqlite3*"):
        file.unlink()
    shutil.rmtree(settings.files_dir, ignore_errors=True)
    settings.make_folders()
