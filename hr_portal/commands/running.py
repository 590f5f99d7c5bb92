"""`hr-portal serve`, `worker` and `db`: what keeps the portal running."""

import os
import signal
import sys
import threading
from types import FrameType

import click

from hr_portal import logs
from hr_portal.settings import Settings


@click.command()
@click.option("--demo", is_flag=True, help="Mode demo: data contoh, hanya di komputer ini.")
@click.option("--host", help="Alamat yang dilayani (HR_PORTAL_HOST).")
@click.option("--port", type=click.IntRange(0, 65535), help="Nomor port (HR_PORTAL_PORT).")
@click.option("--no-worker", is_flag=True, help="Halaman web saja; pekerja dijalankan terpisah.")
def serve(*, demo: bool, host: str | None, port: int | None, no_worker: bool) -> int:
    """Jalankan halaman web beserta pekerjanya.

    Basis data dimutakhirkan lebih dahulu. Dengan --demo, folder data yang kosong diisi data
    contoh. Ctrl-C menghentikan semuanya dengan rapi.
    """
    from hr_portal import serving

    settings = Settings.from_env(demo=demo or None, host=host, port=port)
    logs.configure(_level(settings))
    return serving.serve(settings, with_worker=not no_worker)


@click.command()
@click.option("--demo", is_flag=True, help="Mode demo: folder data dan kunci milik demo.")
@click.option("--with-parent", is_flag=True, hidden=True)
def worker(*, demo: bool, with_parent: bool) -> int:
    """Jalankan pekerja: membaca berkas, memeriksa baris, dan pekerjaan lama lainnya.

    Boleh lebih dari satu, di komputer mana pun yang memakai basis data dan folder data yang sama.
    Yang mati di tengah pekerjaan tidak menghilangkan apa pun: pekerjaannya diambil yang lain.
    """
    stop = stop_on_signals()
    if with_parent:
        # `serve` holds the other end of standard input: however it dies, we notice and end too.
        threading.Thread(target=_stop_with_parent, args=[stop], daemon=True).start()
    settings = Settings.from_env(demo=demo or None)
    logs.configure(_level(settings))
    settings.make_folders()
    from hr_portal.serving import settle_memory
    from hr_portal.worker import run

    settle_memory()
    run(settings, stop)
    return 0


@click.group()
def db() -> None:
    """Kelola basis data."""


@db.command()
@click.option("--demo", is_flag=True, help="Basis data demo.")
def upgrade(*, demo: bool) -> int:
    """Mutakhirkan basis data ke versi portal ini; aman dijalankan berulang kali."""
    from hr_portal.adapters.database import migrate

    settings = Settings.from_env(demo=demo or None)
    logs.configure(_level(settings))
    settings.make_folders()
    migrate.upgrade(settings)
    click.echo("Basis data sudah sesuai dengan versi portal ini.")
    return 0


def stop_on_signals() -> threading.Event:
    """An event that Ctrl-C and SIGTERM set; a second one ends the process at once."""
    stop = threading.Event()

    def asked(number: int, _frame: FrameType | None) -> None:
        if stop.is_set():
            sys.exit(128 + number)
        stop.set()

    signal.signal(signal.SIGTERM, asked)
    signal.signal(signal.SIGINT, asked)
    return stop


def _stop_with_parent(stop: threading.Event) -> None:
    # Unbuffered: this thread may still wait here when the interpreter ends, holding no lock.
    while os.read(sys.stdin.fileno(), 1):
        pass
    stop.set()


def _level(settings: Settings) -> str:
    """What is logged; the demo's terminal belongs to the person who tries it."""
    return "warning" if settings.demo and settings.log_level == "info" else settings.log_level
