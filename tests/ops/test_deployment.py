"""The units and the image of `deploy/`: what they promise is what their parsed text says."""

import contextlib
import io
import re
import shlex
import shutil
import signal
import socket
import subprocess
import sys
from functools import partial
from pathlib import Path

import click
import pytest
import sqlalchemy as sa

from hr_portal import cli
from hr_portal.adapters.database.models import Revision
from hr_portal.services import intake
from hr_portal.services.context import Portal
from hr_portal.settings import Settings
from tests.ops.conftest import CAN_ENCLOSE, ENCLOSED, until
from tests.ops.test_wsgi import SAFE, ask, quiet
from tests.world import World

ROOT = Path(__file__).parents[2]
DEPLOY = ROOT / "deploy"
SERVICES = sorted(DEPLOY.glob("*.service"))
PROGRAM = "/opt/hr-portal/.venv/bin/hr-portal"


def parsed(unit):
    """A unit as {section: {name: [values]}}, joined lines and comments understood."""
    sections, here = {}, None
    for line in unit.read_text("utf-8").replace("\\\n", " ").splitlines():
        text = line.strip()
        if not text or text[0] in "#;":
            continue
        if text.startswith("["):
            here = sections.setdefault(text.strip("[]"), {})
        else:
            name, _, value = text.partition("=")
            here.setdefault(name, []).append(value)
    return sections


def image():
    """The instructions of each stage of the container file, in order."""
    stages = []
    for line in (DEPLOY / "Containerfile").read_text("utf-8").replace("\\\n", " ").splitlines():
        word, _, rest = line.strip().partition(" ")
        if word == "FROM":
            stages.append([])
        if word and word != "#":
            stages[-1].append((word, " ".join(rest.split())))
    return stages


@pytest.mark.parametrize("unit", SERVICES, ids=lambda unit: unit.name)
def test_a_service_runs_unprivileged_in_a_read_only_tree(unit):
    service = parsed(unit)["Service"]
    given = {name: values[-1] for name, values in service.items()}
    assert given["User"] == given["Group"] == "hr-portal"
    yes = (
        *("NoNewPrivileges", "PrivateTmp", "PrivateDevices", "ProtectHome", "ProtectClock"),
        *("ProtectControlGroups", "ProtectKernelLogs", "ProtectKernelModules"),
        *("ProtectKernelTunables", "LockPersonality", "RestrictRealtime", "RestrictSUIDSGID"),
    )
    assert {name: given[name] for name in yes} == dict.fromkeys(yes, "yes")
    assert given["ProtectSystem"] == "strict"
    assert given["CapabilityBoundingSet"] == given["AmbientCapabilities"] == ""
    assert given["UMask"] == "0077"
    assert given["LimitCORE"] == "0"
    writable = {
        *(f"/var/lib/{name}" for name in service["StateDirectory"]),
        *(f"/var/cache/{name}" for name in service.get("CacheDirectory", [])),
        *service.get("ReadWritePaths", []),
    }
    assert writable <= {"/var/lib/hr-portal", "/var/cache/hr-portal", "/var/backups/hr-portal"}
    assert (given["IPAddressDeny"], given["IPAddressAllow"]) == ("any", "localhost")


@pytest.mark.parametrize("kind", ["web", "worker"])
def test_children_can_still_build_their_walls(kind):
    """What sandbox.py asks of the kernel: namespaces of user and network, a filter of its own."""
    service = parsed(DEPLOY / f"hr-portal-{kind}.service")["Service"]
    assert set(service["RestrictNamespaces"][-1].split()) == {"user", "net"}
    assert {"@system-service", "seccomp"} <= set(service["SystemCallFilter"][-1].split())
    assert "AF_UNIX" in service["RestrictAddressFamilies"][-1].split()  # lines to fork servers
    # Either would stop the interpreter's own closures, or a child before it was made.
    assert not {"MemoryDenyWriteExecute", "LimitNPROC", "LimitAS"} & service.keys()
    # One signal to each of the children would end the work that its parent wants to finish.
    assert service["KillMode"] == ["mixed"]
    assert int(service["TimeoutStopSec"][-1]) <= 30
    assert service["RestartPreventExitStatus"] == ["2"]


@pytest.mark.skipif(shutil.which("systemd-analyze") is None, reason="systemd is not installed here")
def test_systemd_understands_every_unit_and_counts_its_exposure_as_low(tmp_path):
    for unit in [*SERVICES, *DEPLOY.glob("*.timer")]:
        text = unit.read_text("utf-8").replace(PROGRAM, "/bin/true")  # ours is not installed here
        text = re.sub(r"^(User|Group)=.*", r"\1=root", text, flags=re.MULTILINE)
        (tmp_path / unit.name).write_text(text, "utf-8")
    run = partial(subprocess.run, check=False, capture_output=True, text=True)
    told = run(["systemd-analyze", "verify", *map(str, tmp_path.iterdir())])
    assert (told.returncode, told.stderr) == (0, "")
    for unit in SERVICES:
        told = run(["systemd-analyze", "security", "--offline=true", "--threshold=20", str(unit)])
        assert told.returncode == 0, told.stdout  # 2.0 of 10 at most


def enclosed(kind, data, environ):
    """The command of a unit, begun unprivileged in a tree that is read-only but for `data`."""
    (line,) = parsed(DEPLOY / f"hr-portal-{kind}.service")["Service"]["ExecStart"]
    program, *words = shlex.split(line)
    assert program == PROGRAM
    own_tmp = data.with_name(f"tmp-of-{kind}")
    own_tmp.mkdir()
    inside = [str(data), str(own_tmp), str(ROOT), sys.executable, "-m", "hr_portal.cli"]
    return subprocess.Popen(
        [*ENCLOSED, *inside, *words], stdout=subprocess.DEVNULL, cwd=data, env=environ
    )


@pytest.mark.crash
@pytest.mark.skipif(
    not CAN_ENCLOSE, reason="no user namespaces here (kernel.unprivileged_userns_clone)"
)
def test_the_commands_of_the_units_work_unprivileged_in_a_read_only_tree(
    environ, tmp_path, sqlite_url
):
    """The filter of system calls and the limits on addresses are systemd's, and not tried here."""
    data = tmp_path / "data"
    settings = Settings.from_env(
        {
            **SAFE,
            "HR_PORTAL_DATA_DIR": str(data),
            "HR_PORTAL_DATABASE_URL": f"sqlite:///{data}/p.sqlite3",
        }
    )
    settings.make_folders()
    Path(sqlite_url.removeprefix("sqlite:///")).rename(data / "p.sqlite3")
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    with (
        contextlib.closing(Portal.from_settings(settings)) as portal,
        contextlib.ExitStack() as ends,
    ):
        world = World(portal, None)
        sheet = io.BytesIO(world.sheet(3))
        revision = intake.create_batch(portal, world.rahma, sheet, "koreksi.csv")
        of_units = quiet(environ) | SAFE | {
            "HR_PORTAL_DATABASE_URL": settings.database_url, "HR_PORTAL_PORT": str(port),
            "XDG_CACHE_HOME": str(data / "cache"), "PYTHONDONTWRITEBYTECODE": "1",
        }  # fmt: skip
        started = [enclosed(kind, data, of_units) for kind in ("web", "worker")]
        for process in started:
            ends.callback(process.kill)

        def answers():
            with contextlib.suppress(OSError):
                return ask(port, "/healthz")[0] == 200

        until(answers)
        assert "Masuk" in ask(port, "/masuk")[2]

        def checked():
            with portal.db.read() as session:
                wanted = sa.select(Revision.state).where(Revision.batch_id == revision.batch_id)
                return session.scalar(wanted) == "checked"

        until(checked)  # read by a child of the worker's, behind walls of its own
        for process in started:
            process.send_signal(signal.SIGTERM)
            assert process.wait(30) == 0


def test_every_command_of_a_unit_is_one_of_the_portals():
    lines = [
        line
        for unit in SERVICES
        for name, values in parsed(unit)["Service"].items()
        if name.startswith("ExecStart")
        for line in values
    ]
    called = set()
    for line in lines:
        words = shlex.split(line)
        inner = words[-1] if words[0] == "/bin/sh" else line
        called |= {tuple(found.split()) for found in re.findall(rf"{PROGRAM} ([a-z -]+)", inner)}
    assert called >= {("serve", "--no-worker"), ("worker",), ("db", "upgrade"), ("backup",)}
    for name, *words in called:
        command = cli.cli.get_command(click.Context(cli.cli), name)
        assert command is not None, name
        options = {one for part in command.params for one in part.opts}
        known = options | set(getattr(command, "commands", ()))
        assert set(words) <= known, (name, words)


def test_a_backup_is_made_each_night_and_read_to_its_end():
    timer = parsed(DEPLOY / "hr-portal-backup.timer")
    assert timer["Timer"]["Persistent"] == ["yes"]
    (line,) = parsed(DEPLOY / "hr-portal-backup.service")["Service"]["ExecStart"]
    script = shlex.split(line)[-1]
    made, read = re.findall(rf'{PROGRAM} (\w+) "\$\$file"', script)
    assert (made, read) == ("backup", "verify")


def test_the_image_runs_unprivileged_and_holds_no_key():
    made, last = image()
    words = {}
    for word, rest in last:
        words.setdefault(word, []).append(rest)
    assert words["USER"] == ["10001:10001"]
    assert last[-1] == ("CMD", '["serve"]')
    assert words["ENTRYPOINT"] == ['["hr-portal"]']
    assert not any("KEY" in rest for word, rest in made + last if word in {"ENV", "ARG"})
    copied = [rest for word, rest in last if word == "COPY"]
    assert copied == ["--from=made /opt/hr-portal /opt/hr-portal"]  # of root's, so read-only
    installed = [rest for word, rest in made if word == "RUN" and "requirements.lock" in rest]
    assert all("--require-hashes" in rest for rest in installed)
    assert len(installed) == 1
    sources = {name for word, rest in made if word == "COPY" for name in rest.split()[:-1]}
    assert all((ROOT / name).exists() for name in sources)
    ignored = (ROOT / ".dockerignore").read_text("utf-8").splitlines()
    assert ignored[0] == "*"  # what isn't named is not even sent, data and keys among it
    assert sources == {line[1:] for line in ignored if line.startswith("!")}
    names = dict(part.split("=", 1) for part in shlex.split(words["ENV"][0]))
    names = {name: value for name, value in names.items() if name.startswith("HR_PORTAL_")}
    keys = {"HR_PORTAL_SECRET_KEY": "5b1f0c86e9d24a7386f2c1d90ab7e354e8602d91c47bfa35",
            "HR_PORTAL_MASTER_KEY": "wG46UfcuSEuQ4fpWN82CtJEfDm11qzwkidbwfksThaL=",
            "HR_PORTAL_BASE_URL": "https://koreksi.example.co.id"}  # fmt: skip
    settings = Settings.from_env(names | keys)
    assert (str(settings.data_dir), settings.host) == ("/var/lib/hr-portal", "0.0.0.0")
