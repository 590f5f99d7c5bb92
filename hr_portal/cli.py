"""The `hr-portal` command.

Exit codes: 0 done · 1 something found or failed · 2 the command, a setting or a file can't be
used · 70 a fault of the portal itself · 130 interrupted. A person gets one sentence, never a
traceback; `--debug` shows it to a developer.
"""

import errno
import importlib
import os
import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from hr_portal import __version__, logs
from hr_portal.commands.usage import sentence_of, usage_of
from hr_portal.settings import SettingsError

DONE, FOUND, UNUSABLE, FAULT, INTERRUPTED = 0, 1, 2, 70, 130

# Name, module of hr_portal.commands, attribute, and the line that `--help` shows. A command is
# imported when it is used, so that `check` starts without Flask and the database.
COMMANDS: dict[str, tuple[str, str, str]] = {
    "check": ("check", "command", "Periksa berkas koreksi tanpa server dan tanpa basis data."),
    "template": ("template", "command", "Buat buku kerja kosong untuk diisi."),
    "letters": ("letters", "letters", "Terbitkan dan kelola surat; baca isi PDF-nya."),
    "rules": ("rules", "command", "Tampilkan semua aturan pemeriksaan."),
    "documents": ("documents", "documents", "Pasangkan nama dokumen dengan baris, tanpa server."),
    "regions": ("regions", "regions", "Kelola edisi kode wilayah."),
    "serve": ("running", "serve", "Jalankan halaman web beserta pekerjanya."),
    "worker": ("running", "worker", "Jalankan pekerja saja."),
    "db": ("running", "db", "Kelola basis data."),
    "users": ("people", "users", "Kelola pengguna."),
    "tokens": ("people", "tokens", "Kelola token API."),
    "audit": ("audit", "audit", "Buktikan bahwa jejak audit utuh."),
    "keys": ("keys", "keys", "Ganti kunci enkripsi tanpa menghentikan portal."),
    "companies": ("keys", "companies", "Musnahkan data sebuah perusahaan."),
    "purge": ("retention", "purge", "Hapus yang sudah melewati masa simpan."),
    "backup": ("backups", "backup", "Buat cadangan terenkripsi selagi portal berjalan."),
    "verify": ("backups", "verify", "Buktikan bahwa sebuah cadangan utuh."),
    "restore": ("backups", "restore", "Pulihkan cadangan ke pemasangan yang kosong."),
    "reconcile": ("backups", "reconcile", "Cocokkan basis data dengan folder data."),
    "numbers": ("backups", "numbers", "Nomor surat terakhir, dan kelanjutannya setelah pemulihan."),
    "doctor": ("doctor", "doctor", "Periksa apakah komputer ini siap menjalankan portal."),
}


class LazyGroup(click.Group):
    """A group whose commands are imported when they are called."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names of all commands, in the order of COMMANDS."""
        del ctx
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command of that name, or None."""
        del ctx
        if cmd_name not in COMMANDS:
            return None
        module, attribute, _ = COMMANDS[cmd_name]
        found = getattr(importlib.import_module(f"hr_portal.commands.{module}"), attribute)
        return found if isinstance(found, click.Command) else None

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Writes the list of commands without importing any."""
        del ctx
        with formatter.section("Perintah"):
            formatter.write_dl([(name, told) for name, (_, _, told) in COMMANDS.items()])


@click.group(
    cls=LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Kode keluar: 0 selesai · 1 ada temuan atau gagal · 2 perintah, pengaturan atau berkas "
    "tidak dapat dipakai · 70 kesalahan portal · 130 dihentikan. Pengaturan: docs/operations.md.",
)
@click.version_option(
    __version__, "--version", prog_name="hr-portal", message="%(prog)s %(version)s"
)
@click.option("--debug", is_flag=True, help="Tampilkan rincian kesalahan untuk pengembang.")
def cli(*, debug: bool) -> None:
    """Portal Koreksi Data: koreksi data karyawan di BPJS Ketenagakerjaan."""
    del debug  # main() looks at it, because a fault may come before this runs


def main(arguments: Sequence[str] | None = None) -> NoReturn:
    """Runs one command and ends the process with its exit code."""
    sys.exit(run(sys.argv[1:] if arguments is None else arguments))


def run(arguments: Sequence[str]) -> int:  # noqa: PLR0911 - one return an exit code
    """Runs one command and gives its exit code; whatever happens, a sentence and no traceback."""
    try:
        result = cli.main(list(arguments), prog_name="hr-portal", standalone_mode=False)
    except click.exceptions.Exit as asked:
        return asked.exit_code
    except (click.Abort, KeyboardInterrupt):
        say("Dihentikan.")
        return INTERRUPTED
    except click.exceptions.NoArgsIsHelpError as error:
        say(error.format_message())
        return UNUSABLE
    except click.ClickException as error:
        if isinstance(error, click.UsageError) and error.ctx is not None:
            say(usage_of(error.ctx))
        say(f"Kesalahan: {sentence_of(error)}")
        return UNUSABLE
    except SettingsError as error:
        say(f"Kesalahan: {error}")
        return UNUSABLE
    except BrokenPipeError:
        # Who read our output has had enough, as `head` does; nothing is wrong.
        _drop_output()
        return DONE
    except Exception as error:  # noqa: BLE001 - the last line of defence against a traceback
        return _told(error, debug="--debug" in arguments)
    return result if isinstance(result, int) else DONE


def _drop_output() -> None:
    """Sends what is still to be written nowhere, lest the end of the process tries again."""
    os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def say(sentence: str) -> None:
    """Writes a line for a person to standard error."""
    click.echo(sentence, err=True)


def _told(error: Exception, *, debug: bool) -> int:
    if isinstance(error, OSError) and error.errno == errno.ENOSPC:
        _drop_output()
        say(
            "Kesalahan: disk penuh, jadi hasilnya tidak tertulis seluruhnya. Kosongkan ruang, lalu jalankan lagi."
        )
        return UNUSABLE
    # Only what refuses has a sentence for people; looked at by name, so that `check` need not
    # import the services.
    sentence = getattr(error, "message", None)
    if _is_refusal(error) and isinstance(sentence, str):
        say(f"Kesalahan: {sentence}")
        for name, why in getattr(error, "fields", {}).items():
            say(f"  {name}: {why}")
        return FOUND
    reference = logs.new_id()
    say(
        "Portal gagal menjalankan perintah ini karena kesalahan di dalam portal, bukan karena data "
        f"Anda. Jalankan lagi dengan --debug, atau laporkan nomor rujukan {reference}."
    )
    logs.configure("error")
    logs.get("cli").error("command failed", reference=reference, exc_info=error)
    if debug:
        raise error
    return FAULT


def _is_refusal(error: Exception) -> bool:
    return any(
        f"{kind.__module__}.{kind.__qualname__}" == "hr_portal.services.errors.ServiceError"
        for kind in type(error).__mro__
    )


if __name__ == "__main__":
    main()
