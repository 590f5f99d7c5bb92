"""The real web and worker processes under load, killed at random: `python -m tests.crash.soak`.

Clients upload and issue letters by the JSON interface and write down what was acknowledged; what
isn't is sent again under the same key. In the end everything acknowledged has to be there, once,
checked, with its file; letter numbers have no gap and no double (security.md R1).

`--naive` runs workers whose queue forgets a job when it is taken: the harness has to see that.
Exit code 1 where anything is lost, doubled or missing.
"""

import argparse
import base64
import contextlib
import json
import os
import random
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import zlib
from dataclasses import asdict, dataclass, field
from pathlib import Path

import sqlalchemy as sa

from hr_portal import demo
from hr_portal.adapters.database import migrate
from hr_portal.adapters.database.models import Batch, Job, Letter, Revision, Row
from hr_portal.services import accounts, audit_chain, reconciling
from hr_portal.services.context import Portal
from hr_portal.settings import Settings
from tests.world import HEADER

WEBS, WORKERS, CLIENTS = 2, 2, 3
ROWS = 3
WORKER_LIVES = (3.0, 12.0)
"""Seconds that a worker gets at least, its start among them."""
PATIENCE_SECONDS = 90
_EXPECTED = (OSError, urllib.error.URLError, ValueError)
"""What a client sees of a server that dies under it, a half answer among it."""


@dataclass
class Outcome:
    """What was done, and what of it was not found again."""

    seconds: float
    kills: int = 0
    acknowledged: int = 0
    letters: int = 0
    sent_again: int = 0
    lost: int = 0
    """Acknowledged batches or letters that are not there, or not worked through."""
    duplicates: int = 0
    """Batches beyond one a key, rows beyond those of the file, letter numbers given twice."""
    gaps: int = 0
    """Missing letter numbers."""
    faults: list[str] = field(default_factory=list)
    """Of files, leases and the audit."""

    @property
    def is_sound(self) -> bool:
        found = self.lost or self.duplicates or self.gaps or self.faults
        return not found and self.kills > 0 and self.acknowledged > 0


class Soak:
    """One run on a data folder and database of its own."""

    def __init__(self, settings: Settings, *, seed: int, naive: bool = False) -> None:
        self.settings, self.naive = settings, naive
        self.chance = random.Random(seed)
        self.stop = threading.Event()
        self.ports = [_free_port() for _ in range(WEBS)]
        self.batches: dict[str, str] = {}
        """Key of an upload: the id that was acknowledged."""
        self.letters: dict[str, str] = {}
        """Batch: the number of its letter that was acknowledged."""
        self.sent_again = 0
        self.portal = Portal.from_settings(settings)
        people = demo.make_people(self.portal)
        with self.portal.db.read() as session:
            user = accounts.load_actor(self.portal, people.hrd[0])
            del session
        self.token = accounts.create_token(self.portal, user.email)

    def run(self, seconds: float) -> Outcome:
        outcome = Outcome(seconds)
        running = [self._web(port) for port in self.ports]
        running += [self._worker() for _ in range(WORKERS)]
        clients = [threading.Thread(target=self._client, args=[n]) for n in range(CLIENTS)]
        try:
            self._wait_for_a_page()
            for client in clients:
                client.start()
            end = time.monotonic() + seconds
            begun = [time.monotonic()] * len(running)
            while time.monotonic() < end:
                self.stop.wait(self.chance.uniform(0.1, 1.0))
                at = self.chance.randrange(len(running))
                if not self._is_at_work(at, begun[at]):
                    continue  # it is still starting; one that never works would prove little
                running[at].kill()
                running[at].wait()
                outcome.kills += 1
                running[at] = self._web(self.ports[at]) if at < WEBS else self._worker()
                begun[at] = time.monotonic()
            self.stop.set()
            for client in clients:
                client.join()
            self._drain()
        finally:
            self.stop.set()
            for process in running:
                process.kill()
                process.wait()
        self._judge(outcome)
        return outcome

    # --- processes --------------------------------------------------------------------------------

    def _web(self, port: int) -> "subprocess.Popen[bytes]":
        return self._start("hr_portal.cli", "serve", "--demo", "--no-worker", "--port", str(port))

    def _worker(self) -> "subprocess.Popen[bytes]":
        if self.naive:
            return self._start("tests.crash.naive_worker")
        return self._start("hr_portal.cli", "worker", "--demo")

    def _start(self, *words: str) -> "subprocess.Popen[bytes]":
        settings = self.settings
        environ = {
            **{
                name: value
                for name, value in os.environ.items()
                if not name.startswith("HR_PORTAL_")
            },
            "HR_PORTAL_DATA_DIR": str(settings.data_dir),
            "HR_PORTAL_DATABASE_URL": settings.database_url,
            "HR_PORTAL_SECRET_KEY": settings.secret_key,
            "HR_PORTAL_MASTER_KEY": base64.b64encode(settings.master_key).decode(),
            "HR_PORTAL_DEMO": "1",
            "HR_PORTAL_LEASE_SECONDS": "3",
            "HR_PORTAL_MAX_ATTEMPTS": "1000",  # a kill is not the fault of the file
            "HR_PORTAL_POLL_SECONDS": "0.05",
        }
        quiet = subprocess.DEVNULL
        return subprocess.Popen(
            [sys.executable, "-m", *words], env=environ, stdin=quiet, stdout=quiet, stderr=quiet
        )

    def _wait_for_a_page(self) -> None:
        until = time.monotonic() + PATIENCE_SECONDS
        while not self._answers(self.ports[0], patience=5):
            if time.monotonic() > until:
                raise TimeoutError("no page came")
            self.stop.wait(0.1)

    def _is_at_work(self, at: int, begun: float) -> bool:
        if at < WEBS:
            return self._answers(self.ports[at])
        return time.monotonic() - begun > self.chance.uniform(*WORKER_LIVES)

    def _answers(self, port: int, *, patience: float = 0.3) -> bool:
        with contextlib.suppress(*_EXPECTED):
            urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=patience).close()
            return True
        return False

    # --- load -------------------------------------------------------------------------------------

    def _client(self, which: int) -> None:
        turn = 0
        while not self.stop.is_set():
            turn += 1
            key = f"client-{which}-{turn}"
            batch = self._until_answered(lambda key=key: self._upload(key))
            if batch is None:
                return
            self.batches[key] = batch
            letter = self._until_answered(lambda batch=batch: self._letter(batch))
            if letter is not None:
                self.letters[batch] = letter

    def _until_answered(self, ask):
        """Ask again, under the same key, until somebody answers; None when the time is over."""
        while not self.stop.is_set():
            try:
                found = ask()
            except _EXPECTED:
                self.sent_again += 1
                found = None
            if found is not None:
                return found
            self.stop.wait(0.05)
        return None

    def _upload(self, key: str) -> str | None:
        number = zlib.crc32(key.encode()) % 800
        lines = [
            ";".join(
                (one["kpj"], one["nik"], one["nama"], one["lahir"], one["kk"],
                 *demo._phone_line(place, one), "Sesuai KTP-el")
            )
            for place in range(1, ROWS + 1)
            for one in [demo._person(100 + (number + place) % 800)]
        ]  # fmt: skip
        content = "\r\n".join([HEADER, *lines, ""]).encode()
        edge = "soak-boundary"
        body = (
            (
                f'--{edge}\r\nContent-Disposition: form-data; name="file"; filename="{key}.csv"\r\n'
                "Content-Type: text/csv\r\n\r\n"
            ).encode()
            + content
            + f"\r\n--{edge}--\r\n".encode()
        )
        answer = self._ask(
            "/batches",
            body,
            {"Content-Type": f"multipart/form-data; boundary={edge}", "Idempotency-Key": key},
        )
        return None if answer is None else str(answer["id"])

    def _letter(self, batch: str) -> str | None:
        answer = self._ask(f"/batches/{batch}/letters", b"{}", {"Content-Type": "application/json"})
        return None if answer is None else str(answer["number"])

    def _ask(self, path: str, body: bytes, headers: dict[str, str]) -> dict[str, object] | None:
        """What was answered; None where it is not ready yet. Raises what `_EXPECTED` lists."""
        port = self.chance.choice(self.ports)
        asked = urllib.request.Request(
            f"http://127.0.0.1:{port}/api/v1{path}", body,
            {"Authorization": f"Bearer {self.token}", **headers}, method="POST",
        )  # fmt: skip
        try:
            with urllib.request.urlopen(asked, timeout=30) as answer:
                return json.loads(answer.read())
        except urllib.error.HTTPError as refusal:
            refusal.read()
            if refusal.code >= 500 and refusal.code != 503:
                self.errors.append(f"{path.rsplit('/', 1)[-1]}: {refusal.code}")
            return None

    @property
    def errors(self) -> list[str]:
        return self.__dict__.setdefault("_errors", [])

    # --- the end ----------------------------------------------------------------------------------

    def _drain(self) -> None:
        """Wait for the workers to do what is left."""
        until = time.monotonic() + PATIENCE_SECONDS
        while time.monotonic() < until:
            with self.portal.db.read() as session:
                left = session.scalar(
                    sa.select(sa.func.count(Job.id)).where(
                        Job.state.in_(("queued", "running")), Job.kind != "render"
                    )
                )
            if not left:
                return
            time.sleep(0.2)

    def _judge(self, outcome: Outcome) -> None:
        outcome.acknowledged, outcome.letters = len(self.batches), len(self.letters)
        outcome.sent_again = self.sent_again
        with self.portal.db.read() as session:
            keys = session.execute(sa.select(Batch.idempotency_key, Batch.id)).all()
            states = dict(session.execute(sa.select(Revision.batch_id, Revision.state)).all())
            rows = dict(
                session.execute(
                    sa.select(Revision.batch_id, sa.func.count(Row.number))
                    .join(Row, Row.revision_id == Revision.id)
                    .group_by(Revision.batch_id)
                ).all()
            )
            issued = session.execute(
                sa.select(Letter.batch_id, Letter.number, Letter.sequence)
            ).all()
        by_key = dict(keys)
        for key, batch in self.batches.items():
            if (
                by_key.get(key) != batch
                or states.get(batch) != "checked"
                or rows.get(batch) != ROWS
            ):
                outcome.lost += 1
        numbers = {(batch, number) for batch, number, _ in issued}
        outcome.lost += sum(told not in numbers for told in self.letters.items())
        outcome.duplicates = len(keys) - len(by_key)
        outcome.duplicates += sum(max(0, count - ROWS) for count in rows.values())
        sequences = sorted(sequence for _, _, sequence in issued)
        outcome.duplicates += len(sequences) - len(set(sequences))
        outcome.gaps = (sequences[-1] if sequences else 0) - len(set(sequences))
        outcome.faults = [
            f"{one.kind} {one.subject}"
            for one in reconciling.reconcile(self.portal, deep=True)
            if one.kind != "file_of_nobody"  # a kill between file and row: harmless, and told
        ]
        outcome.faults += [f"audit {one.kind}" for one in audit_chain.verify(self.portal).faults]
        outcome.faults += self.errors
        self.portal.close()


def _free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


def settings_in(folder: Path, url: str = "") -> Settings:
    """Settings of a fresh, migrated portal in a folder."""
    made = Settings(
        data_dir=folder, database_url=url, demo=True,
        secret_key=os.urandom(32).hex(), master_key=os.urandom(32),
    )  # fmt: skip
    made.make_folders()
    migrate.upgrade(made)
    return made


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--database", default="", help="an empty database; SQLite without")
    parser.add_argument("--seed", type=int, default=random.randrange(10**6))
    parser.add_argument("--naive", action="store_true")
    told = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="hr-portal-soak-") as folder:
        settings = settings_in(Path(folder) / "data", told.database)
        outcome = Soak(settings, seed=told.seed, naive=told.naive).run(told.seconds)
    sys.stdout.write(json.dumps({"seed": told.seed, **asdict(outcome)}, indent=2) + "\n")
    return 0 if outcome.is_sound else 1


if __name__ == "__main__":
    sys.exit(main())
