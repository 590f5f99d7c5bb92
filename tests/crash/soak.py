"""Kills the real portal at random while people work with it, and counts what that cost.

    python -m tests.crash.soak --seconds 60 [--postgresql] [--naive answer|number] [--seed N]

Two web servers and two workers run as `hr-portal serve` and `hr-portal worker` do; four clients
upload, mend, issue, submit and decide through the JSON interface; a process drawn by lot is killed
with SIGKILL again and again and started anew. Whatever a client was told is held against the
database afterwards. Prints one JSON object; exit code 1 where anything was lost, doubled, or a
letter number is missing.

`--naive` breaks the portal on purpose, to show that this would be seen: `answer` acknowledges an
upload before it is committed, `number` takes a letter's number in a transaction of its own.
"""

import argparse
import contextlib
import http.client
import json
import multiprocessing
import os
import random
import socket
import sys
import tempfile
import threading
import time
import uuid
from collections import Counter
from pathlib import Path

import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database import migrate, tenancy
from hr_portal.adapters.database.models import (
    Act,
    Batch,
    Decision,
    EditAct,
    Job,
    Letter,
    Revision,
    Row,
)
from hr_portal.adapters.database.models import Counter as NumberCounter
from hr_portal.services import accounts, number_holds, reconciling
from hr_portal.services.context import Portal
from hr_portal.settings import Settings
from tests import postgresql
from tests.crash import naive

ROWS = 2
DRAFTS = 1
"""Uploads of a client that are left as drafts, for each batch it brings to the end."""
CLIENTS = 4
PAUSES = 0.1, 1.5
"""Shortest and longest time between two kills, in seconds."""
PATIENCE = 60.0
HEADER = "KPJ;NIK;Nama Lengkap;Tanggal Lahir;No KK;Data;Semula;Menjadi;Alasan"
SECRET_KEY = "5b1f0c86e9d24a7386f2c1d90ab7e354e8602d91c47bfa35"
MASTER_KEY = "wG46UfcuSEuQ4fpWN82CtJEfDm11qzwkidbwfksThaL="
ONCE = "batch:created", "revision:checked", "batch:submitted", "batch:decided"


class Gone(Exception):  # noqa: N818 - no error, a fact
    """The run is over, or nothing was answered for too long."""


# ------------------------------------------------------------------------------- the portal


def run_portal(words: list[str], environ: dict[str, str], log: str, variant: str) -> None:
    """Be `hr-portal` with these words, in a process of its own."""
    os.environ.update(environ)
    written = os.open(log, os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    os.dup2(written, 1)
    os.dup2(written, 2)
    naive.break_it(variant)
    from hr_portal import cli

    sys.exit(cli.run(words))


class Processes:
    """Web servers and workers, each started anew when it was killed."""

    def __init__(self, environ: dict[str, str], log: Path, variant: str) -> None:
        self._context = multiprocessing.get_context("forkserver")
        self._context.set_forkserver_preload(
            ["hr_portal.app", "hr_portal.worker", "hr_portal.serving", "waitress", "hr_portal.cli"]
        )
        self._environ, self._log, self._variant = environ, log, variant
        self.ports = [_free_port(), _free_port()]
        self._words = [["serve", "--no-worker", "--port", str(port)] for port in self.ports]
        self._words += [["worker"], ["worker"]]
        self._running = [self._start(words) for words in self._words]

    def _start(self, words):
        process = self._context.Process(
            target=run_portal, args=(words, self._environ, str(self._log), self._variant)
        )
        process.start()
        return process

    def kill_one(self, chance: random.Random) -> bool:
        """Kill one drawn by lot and start it anew; False where it had ended by itself."""
        place = chance.randrange(len(self._running))
        lived = self._running[place].is_alive()
        self._end(place)
        self._running[place] = self._start(self._words[place])
        return lived

    def close(self) -> None:
        """End all of them, as hard."""
        while self._running:
            self._end(-1)
            self._running.pop()

    def _end(self, place: int) -> None:
        self._running[place].kill()
        self._running[place].join()
        self._running[place].close()


def _free_port() -> int:
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


# ------------------------------------------------------------------------------ the clients


class Client(threading.Thread):
    """Brings batches from the upload to the decision, asking again whenever it got no answer."""

    def __init__(self, number: int, ports, hrd: str, reviewer: str, over: threading.Event) -> None:
        super().__init__(daemon=True)
        self._number, self._ports, self._over = number, ports, over
        self._hrd, self._reviewer = hrd, reviewer
        self._batches = 0
        self._asked = 0
        self.keys: list[str] = []
        self.told: list[dict] = []
        self.odd: Counter[str] = Counter()

    def run(self) -> None:
        with contextlib.suppress(Gone):
            while not self._over.is_set():
                self._one_batch()

    def _one_batch(self) -> None:
        for _ in range(DRAFTS):
            self._upload()
        told = self._upload()
        here = f"/batches/{told['id']}"
        batch = self._wait(here, lambda one: one["file_state"] == "checked")
        told["checked"] = True
        self._step("mended", told, here, "/fixes", {"code": "KPJ-03", "version": batch["version"]},
                   lambda one: one["rows"]["valid"] == ROWS)  # fmt: skip
        self._step("explained", told, here, "/explanations", {"reason": "Aslinya dibawa ke cabang"},
                   lambda one: "documents_lacking" not in {lack["code"] for lack in one["missing"]})  # fmt: skip
        letter = self._ask("POST", f"{here}/letters", {})
        told["letter"] = letter["id"], letter["number"]
        version = self._ask("GET", here)["version"]
        self._step("submitted", told, here, "/submit", {"version": version, "declaration": True},
                   lambda one: one["state"] == "submitted")  # fmt: skip
        self._step("taken", told, here, "/take", {},
                   lambda one: one["state"] == "in_review", self._reviewer)  # fmt: skip
        version = self._ask("GET", here, who=self._reviewer)["version"]
        verdict = {"version": version, "rows": "rest", "verdict": "approve"}
        self._step("judged", told, here, "/verdicts", verdict, lambda _: False, self._reviewer)
        self._step("decided", told, here, "/decide", {"version": version},
                   lambda one: one["state"] == "approved", self._reviewer)  # fmt: skip

    def _upload(self) -> dict:
        self._batches += 1
        key = uuid.uuid4().hex
        self.keys.append(key)
        taken = self._ask("POST", "/batches", upload=self._sheet(), key=key)
        told = {"key": key, "id": taken["id"], "number": taken["number"]}
        self.told.append(told)
        return told

    def _step(self, name, told, here, path, body, is_done, who=None) -> None:
        """One act; where its answer got lost and the batch shows it done, that is an answer."""
        while True:
            answer = self._try("POST", here + path, body, who=who)
            if answer is None:
                if is_done(self._ask("GET", here, who=who)):
                    break
                continue
            status, said = answer
            if status < 300:
                break
            if is_done(self._ask("GET", here, who=who)):
                break
            self.odd[f"{path} {status} {said.get('error', {}).get('code')}"] += 1
            time.sleep(0.05)
            if self._over.is_set():
                raise Gone
        told[name] = True

    def _wait(self, here, is_reached) -> dict:
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until and not self._over.is_set():
            answer = self._try("GET", here)
            if answer and answer[0] == 200 and is_reached(answer[1]):
                return answer[1]
            time.sleep(0.03)
        raise Gone

    def _ask(self, method, path, body=None, *, who=None, upload=None, key=None) -> dict:
        """What is answered at last, however often it takes."""
        until = time.monotonic() + PATIENCE
        while time.monotonic() < until:
            answer = self._try(method, path, body, who=who, upload=upload, key=key)
            if answer is not None and answer[0] < 300:
                return answer[1]
            if answer is not None:
                self.odd[f"{path.split('/')[-1][:12]} {answer[0]}"] += 1
            if self._over.is_set():
                break
            time.sleep(0.03)
        raise Gone

    def _try(self, method, path, body=None, *, who=None, upload=None, key=None):
        """Status and answer, or None where the connection broke or the portal was busy."""
        self._asked += 1
        port = self._ports[self._asked % len(self._ports)]
        headers = {"Authorization": f"Bearer {who or self._hrd}"}
        content = None
        if upload is not None:
            headers |= {"Idempotency-Key": key, "Content-Type": "multipart/form-data; boundary=x7"}
            content = (
                b'--x7\r\nContent-Disposition: form-data; name="file"; filename="koreksi.csv"'
                b"\r\nContent-Type: text/csv\r\n\r\n" + upload + b"\r\n--x7--\r\n"
            )
        elif body is not None:
            headers["Content-Type"] = "application/json"
            content = json.dumps(body).encode()
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)
        try:
            connection.request(method, "/api/v1" + path, content, headers)
            answer = connection.getresponse()
            text = answer.read()
            if answer.status in (429, 503):
                return None
            return answer.status, json.loads(text)
        except (OSError, http.client.HTTPException):
            time.sleep(0.02)
            return None
        finally:
            connection.close()

    def _sheet(self) -> bytes:
        """Rows of people nobody else's batches have; Excel took the zero before each KPJ."""
        lines = [HEADER]
        for i in range(ROWS):
            serial = self._number + CLIENTS * (self._batches * ROWS + i)
            who = demo._person(1 + serial % 899)
            kpj = f"99{serial % 10**8:08}"
            day = f"{who['nik'][:12]}{9000 + serial % 1000:04}"
            lines.append(
                f"{kpj};{day};{who['nama']};{who['lahir']};{who['kk']};No HP;"
                f"08139{serial:07};08129{serial:07};Sesuai KTP-el"
            )
        return "\r\n".join([*lines, ""]).encode()


# ------------------------------------------------------------------------------ what is held


def judge(portal: Portal, told: list[dict], keys: list[str]) -> dict[str, object]:
    """Hold what the clients were told against the database and the store."""
    lost: list[str] = []
    doubled: list[str] = []
    with portal.db.read() as session:
        batches = {one.id: one for one in session.scalars(sa.select(Batch))}
        letters = {one.id: one for one in session.scalars(sa.select(Letter))}
        counters = list(session.scalars(sa.select(NumberCounter)))
        decided = Counter(session.scalars(sa.select(Decision.batch_id)))
        mended = Counter(
            session.scalars(
                sa.select(Revision.batch_id).join(EditAct, EditAct.revision_id == Revision.id)
            )
        )
        rows = Counter(
            session.scalars(sa.select(Revision.batch_id).join(Row, Row.revision_id == Revision.id))
        )
        acts = Counter(tuple(one) for one in session.execute(sa.select(Act.action, Act.subject_id)))
        late = session.scalars(sa.select(Job.kind).where(Job.state != "done", *_due(portal)))
        open_jobs = sorted(late)
    for one in told:
        batch = batches.get(one["id"])
        if batch is None or batch.number != one["number"]:
            lost.append(f"batch {one['number']}")
            continue
        if "checked" in one and rows.get(batch.id) != ROWS:
            lost.append(f"rows {batch.number}")
        if "mended" in one and not mended[batch.id]:
            lost.append(f"mending {batch.number}")
        if "letter" in one:
            letter = letters.get(one["letter"][0])
            if letter is None or letter.number != one["letter"][1] or letter.file_id is None:
                lost.append(f"letter {one['letter'][1]}")
        if "submitted" in one and batch.submitted_at is None:
            lost.append(f"submission {batch.number}")
        if "decided" in one and (batch.state != "approved" or not decided[batch.id]):
            lost.append(f"decision {batch.number}")
    by_key = Counter(one.idempotency_key for one in batches.values())
    doubled += [f"batch {key}" for key, count in by_key.items() if count > 1]
    doubled += [f"batch of nobody {key}" for key in by_key.keys() - set(keys)]
    doubled += [f"mending {one}" for one, count in mended.items() if count > 1]
    doubled += [f"decision {one}" for one, count in decided.items() if count > 1]
    doubled += [f"rows {one}" for one, count in rows.items() if count > ROWS]
    doubled += [f"{act[0]} {act[1]}" for act, count in acts.items() if act[0] in ONCE and count > 1]
    numbers = Counter((one.company_id, one.number) for one in letters.values())
    doubled += [f"number {number}" for (_, number), count in numbers.items() if count > 1]
    standing = Counter((one.batch_id, one.series) for one in letters.values())
    doubled += [f"letter of {one}" for (one, _), count in standing.items() if count > 1]
    return {
        "lost": lost,
        "duplicates": doubled,
        "gaps": _gaps(letters.values(), counters),
        "unfinished": open_jobs,
        "broken": [f"{one.kind} {one.subject}" for one in reconciling.reconcile(portal, deep=True)],
        "letters": len(letters),
        "decisions": sum(decided.values()),
    }


def _gaps(letters, counters) -> list[str]:
    """Numbers that were taken and that no letter carries."""
    series: dict[tuple[str, str, str], set[int]] = {}
    for one in letters:
        series.setdefault((one.company_id, one.series, one.period), set()).add(one.sequence)
    taken = {
        (one.scope.removeprefix(number_holds.LETTERS), one.series, one.period): one.value
        for one in counters
        if one.scope.startswith(number_holds.LETTERS)
    }
    return [
        f"{key[1]} {key[2]} {missing}"
        for key in series.keys() | taken.keys()
        for missing in sorted(
            set(range(1, max(taken.get(key, 0), *series.get(key, ()), 0) + 1))
            - series.get(key, set())
        )
    ]


# ----------------------------------------------------------------------------------- the run


def soak(url: str, folder: Path, *, seconds: float, seed: int, variant: str) -> dict[str, object]:
    """Let clients work for so long while processes die; give what was counted."""
    environ = {
        "HR_PORTAL_DATA_DIR": str(folder),
        "HR_PORTAL_DATABASE_URL": url,
        "HR_PORTAL_SECRET_KEY": SECRET_KEY,
        "HR_PORTAL_MASTER_KEY": MASTER_KEY,
        "HR_PORTAL_DEMO": "1",
        "HR_PORTAL_LEASE_SECONDS": "2",
        "HR_PORTAL_POLL_SECONDS": "0.05",
        # A death counts as a try: here it is the machine that fails, again and again, not the file.
        "HR_PORTAL_MAX_ATTEMPTS": "1000",
    }
    settings = Settings.from_env(environ)
    settings.make_folders()
    migrate.upgrade(settings)
    with contextlib.closing(Portal.from_settings(settings)) as portal:
        people = demo.make_people(portal)
        addresses = {user["id"]: user["email"] for user in accounts.list_users(portal)}
        hrd = [accounts.create_token(portal, addresses[user]) for user in people.hrd[:2]]
        reviewer = accounts.create_token(portal, addresses[people.reviewers[0]])
    log = folder / "stderr"
    over = threading.Event()
    chance = random.Random(seed)
    kills = 0
    with contextlib.closing(Processes(environ, log, variant)) as processes:
        clients = [
            Client(number, processes.ports, hrd[number % 2], reviewer, over)
            for number in range(CLIENTS)
        ]
        for client in clients:
            client.start()
        while not any(client.told for client in clients):  # the time counts from the first answer
            if not any(client.is_alive() for client in clients):
                raise SystemExit(
                    f"nothing was ever answered; see {log}:\n{log.read_text()[-4000:]}"
                )
            time.sleep(0.05)
        until = time.monotonic() + seconds
        while time.monotonic() < until:
            time.sleep(chance.uniform(*PAUSES))
            kills += processes.kill_one(chance)
        over.set()
        for client in clients:
            client.join(PATIENCE)
        with contextlib.closing(Portal.from_settings(settings)) as portal:
            _wait_for_workers(portal)
            processes.close()
            told = [one for client in clients for one in client.told]
            found = judge(portal, told, [key for client in clients for key in client.keys])
    odd = sum((client.odd for client in clients), Counter())
    return {
        "database": url.split(":", maxsplit=1)[0].split("+", maxsplit=1)[0],
        "seconds": seconds,
        "seed": seed,
        "kills": kills,
        "acknowledged": sum(len(one) - 2 for one in told),
        "batches": len(told),
        **found,
        "odd_answers": dict(odd),
    }


def _wait_for_workers(portal: Portal) -> None:
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        busy = sa.select(sa.func.count()).where(Job.state.in_(("queued", "running")), *_due(portal))
        with portal.db.read() as session:
            if not session.scalar(busy):
                return
        time.sleep(0.1)


def _due(portal: Portal) -> tuple[sa.ColumnElement[bool], ...]:
    """What a worker should have done by now; a letter's PDF is looked after only if it is late."""
    return (Job.run_after <= portal.clock(),)


def main() -> int:
    """Run as told by the command line; 1 where something was lost, doubled or missing."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--postgresql", action="store_true")
    parser.add_argument("--naive", choices=naive.VARIANTS, default="")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    asked = parser.parse_args()
    tenancy.of_process("command")
    with contextlib.ExitStack() as stack:
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="soak-")))
        url = f"sqlite:///{folder / 'soak.sqlite3'}"
        if asked.postgresql:
            server = stack.enter_context(postgresql.server())
            database = stack.enter_context(postgresql.database(server))
            url = database.render_as_string(hide_password=False)
        found = soak(
            url, folder / "data", seconds=asked.seconds, seed=asked.seed, variant=asked.naive
        )
    counted = ("lost", "duplicates", "gaps", "unfinished", "broken")
    sys.stdout.write(json.dumps(found, indent=1) + "\n")
    return int(any(found[name] for name in counted))


if __name__ == "__main__":
    sys.exit(main())
