"""Many letters at once: one a draft (a company's division), or one form an employee.

A worker makes them one by one. Each is issued as a single one is, so numbers stay
without a gap; killed at any point, the next worker finds the letter that stands and
takes no second number. The ZIP is put together from the kept bytes when it is fetched.
"""

import datetime as dt
import io
import logging
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final, Literal

import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.letter_models import LetterRun, LetterRunItem
from hr_portal.adapters.database.models import Batch, Company, Letter
from hr_portal.adapters.letters.embedding import read_workbook
from hr_portal.adapters.spreadsheets.plain_workbook import Sheet, write
from hr_portal.domain.letters import has_left
from hr_portal.domain.permissions import Actor
from hr_portal.services import (
    accounts,
    crashpoints,
    jobs,
    letter_failures,
    letter_views,
    letters,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid, NotFound, ServiceError

logger = logging.getLogger(__name__)

JOB: Final = "letters"
MOST_LETTERS: Final = 500
"""Letters of one run; a ZIP of so many has some 50 MB."""
MOST_RECENT: Final = 10
LIST_NAME: Final = "daftar-surat.xlsx"

Whose = Literal["left", "all"]


@dataclass(frozen=True, slots=True)
class ItemView:
    """One letter of a run, or why there is none."""

    place: int
    batch_id: str
    batch_number: str
    company_name: str
    person: int
    letter_id: str | None
    number: str | None
    is_made: bool
    problem: str | None
    problem_en: str | None


@dataclass(frozen=True, slots=True)
class RunView:
    """A run as its page shows it."""

    id: str
    kind: str
    made_at: dt.datetime
    ended_at: dt.datetime | None
    items: list[ItemView]
    is_stopped: bool = False
    """True where a fault ended it before each letter was tried."""

    @property
    def total(self) -> int:
        """How many letters were asked for."""
        return len(self.items)

    @property
    def done(self) -> int:
        """How many are made or can't be."""
        return sum(item.is_made or item.problem is not None for item in self.items)

    @property
    def can_be_tried_again(self) -> bool:
        """Whether nobody is at it and a letter is missing."""
        return self.is_stopped or (self.ended_at is not None and self.made < self.total)

    @property
    def made(self) -> int:
        """How many are in the ZIP."""
        return sum(item.is_made for item in self.items)


def ask_for_drafts(portal: Portal, actor: Actor, batch_ids: Sequence[str]) -> str:
    """Have the letters of some drafts issued; returns the id of the run.

    Raises:
        NotFound, Forbidden: not all are theirs. Invalid: none, or too many.

    """
    wanted = list(dict.fromkeys(batch_ids))
    _expect(len(wanted), "Pilih pengajuannya dahulu.", "Choose the submissions first.")
    with portal.db.write() as session:
        for batch_id in wanted:
            visible.batch(session, actor, batch_id, action="letter.issue")
        return _queued(portal, session, actor, "permohonan", [(one, 0) for one in wanted])


def ask_for_forms(portal: Portal, actor: Actor, batch_id: str, whose: Whose) -> str:
    """Have one form an employee issued, of those who left or of all; returns the id of the run.

    Raises:
        NotFound, Forbidden.
        Invalid: no letter of request stands, none of them left, or too many.

    """
    request = letters.request_of(portal, actor, batch_id)
    places = [
        (batch_id, place)
        for place, person in enumerate(request.facts.people, start=1)
        if whose == "all" or has_left(person)
    ]
    _expect(
        len(places),
        "Tidak ada tenaga kerja yang berhenti pada surat ini: tidak ada koreksi tanggal atau "
        "sebab berhenti. Pilih semua tenaga kerja bila formulirnya tetap diperlukan.",
        "Nobody on this letter has left: there is no correction of the date or reason of leaving. "
        "Choose all employees if the forms are needed all the same.",
    )
    with portal.db.write() as session:
        visible.batch(session, actor, batch_id, action="letter.issue")
        return _queued(portal, session, actor, "formulir", places)


def _expect(count: int, nothing: str, nothing_en: str) -> None:
    if not count:
        raise Invalid(nothing, nothing_en, code="nothing_chosen")
    if count > MOST_LETTERS:
        raise Invalid(
            f"Sekali jalan paling banyak {MOST_LETTERS} surat; ini {count}. Bagi menjadi beberapa kali.",
            f"At most {MOST_LETTERS} letters at once; this is {count}. Do it in parts.",
            code="too_many",
        )


def _queued(
    portal: Portal, session: Session, actor: Actor, kind: str, wanted: list[tuple[str, int]]
) -> str:
    run = LetterRun(kind=kind, made_by=actor.user_id, made_at=portal.clock())
    session.add(run)
    session.flush()
    session.add_all(
        LetterRunItem(run_id=run.id, place=place, batch_id=batch_id, person=person)
        for place, (batch_id, person) in enumerate(wanted, start=1)
    )
    jobs.add(portal, session, JOB, run.id)
    return run.id


def run_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Make the letters of a run that are left; the end of a "letters" job.

    What fails unexpectedly is tried again with the job; on its last try it is noted at the
    letter, and the others are made.
    """
    with portal.db.read() as session:
        run = session.get_one(LetterRun, claimed.subject)
        kind, made_by = run.kind, run.made_by
        left = session.execute(
            sa.select(LetterRunItem.place, LetterRunItem.batch_id, LetterRunItem.person)
            .outerjoin(Letter, Letter.id == LetterRunItem.letter_id)
            .where(
                LetterRunItem.run_id == claimed.subject,
                LetterRunItem.problem.is_(None),
                sa.or_(Letter.id.is_(None), Letter.sha256.is_(None)),
            )
            .order_by(LetterRunItem.place)
        ).all()
    requests: dict[str, letters.Request] = {}
    for place, batch_id, person in left:
        letter_id: str | None = None
        problem: letter_failures.Why | None = None
        try:
            letter_id = _issued(portal, made_by, kind, batch_id, person, requests)
            crashpoints.passing("letters:issued")
            letters.finish_rendering(portal, letter_id, _holder(portal, claimed))
        except ServiceError as refusal:
            problem = letter_failures.told(refusal)
        except jobs.LeaseLostError:
            raise
        except Exception as fault:
            if claimed.attempts <= portal.settings.max_attempts:
                raise
            logger.exception("letter failed", extra={"job": claimed.id, "kind": claimed.kind})
            problem = letter_failures.told(fault)
        with portal.db.write() as session:
            jobs.hold(portal, session, claimed)
            item = session.get_one(LetterRunItem, (claimed.subject, place))
            item.letter_id = letter_id
            if problem is not None:
                item.problem, item.problem_en = problem
        crashpoints.passing("letters:noted")
    with portal.db.write() as session:
        jobs.finish(session, claimed)
        session.get_one(LetterRun, claimed.subject).ended_at = portal.clock()


def _issued(
    portal: Portal,
    made_by: str,
    kind: str,
    batch_id: str,
    person: int,
    requests: dict[str, letters.Request],
) -> str:
    """Issue one letter for whoever asked for the run, and return its id."""
    actor = accounts.load_actor(portal, made_by)
    if actor is None:
        raise NotFound
    if kind != "formulir":
        return letters.issue(portal, actor, batch_id, wait=False).id
    if batch_id not in requests:
        requests[batch_id] = letters.request_of(portal, actor, batch_id)
    return letters.issue_form(portal, actor, requests[batch_id], person)


def _holder(portal: Portal, claimed: jobs.Claim) -> letters.Told:
    def hold(_percent: int) -> None:
        with portal.db.write() as session:
            jobs.hold(portal, session, claimed)

    return hold


def try_again(portal: Portal, actor: Actor, run_id: str) -> None:
    """Have the letters of a run that are missing made anew; one on its way stays on it.

    Raises:
        NotFound: no such run, or somebody else's.

    """
    seen = view(portal, actor, run_id)
    if not seen.can_be_tried_again:
        return
    with portal.db.write() as session:
        run = session.get_one(LetterRun, run_id)
        if run.ended_at is None and jobs.failure(session, JOB, run_id) is None:
            return  # somebody else has just asked
        run.ended_at = None
        session.execute(
            sa.update(LetterRunItem)
            .where(
                LetterRunItem.run_id == run_id,
                LetterRunItem.batch_id.in_({item.batch_id for item in seen.items}),
            )
            .values(problem=None, problem_en=None)
        )
        jobs.again(portal, session, JOB, run_id)


def view(portal: Portal, actor: Actor, run_id: str) -> RunView:
    """Return a run that the actor asked for; raises NotFound.

    Of letters and drafts that are no longer theirs nothing is told.
    """
    with portal.db.read() as session:
        run = session.get(LetterRun, run_id)
        if run is None or run.made_by != actor.user_id:
            raise NotFound
        found = session.execute(
            sa.select(LetterRunItem, Batch.number, Company.name, Letter.number, Letter.sha256)
            .join(Batch, Batch.id == LetterRunItem.batch_id)
            .join(Company, Company.id == Batch.company_id)
            .outerjoin(Letter, Letter.id == LetterRunItem.letter_id)
            .where(LetterRunItem.run_id == run.id, visible.batches_of(actor))
            .order_by(LetterRunItem.place)
        )
        items = [
            ItemView(
                item.place, item.batch_id, batch, company, item.person, item.letter_id, number,
                sha256 is not None,
                *((None, None) if sha256 is not None else (item.problem, item.problem_en)),
            )
            for item, batch, company, number, sha256 in found
        ]  # fmt: skip
        stopped = run.ended_at is None and jobs.failure(session, JOB, run.id) is not None
        return RunView(run.id, run.kind, run.made_at, run.ended_at, items, stopped)


def recent(portal: Portal, actor: Actor) -> list[RunView]:
    """Return the latest runs that the actor asked for, without their letters."""
    with portal.db.read() as session:
        found = session.scalars(
            sa.select(LetterRun)
            .where(LetterRun.made_by == actor.user_id)
            .order_by(LetterRun.made_at.desc())
            .limit(MOST_RECENT)
        )
        return [RunView(one.id, one.kind, one.made_at, one.ended_at, []) for one in found]


def zipped(portal: Portal, actor: Actor, run_id: str) -> bytes:
    """Return the letters of a run as a ZIP, each as it is kept, and a list of all asked for.

    Each letter in it is opened, so each look is an act. Raises NotFound; Invalid while the
    run is not through.
    """
    run = view(portal, actor, run_id)
    if run.ended_at is None and not run.is_stopped:
        raise Invalid(
            "Surat-surat ini masih dibuat. Tunggu sampai selesai, lalu unduh.",
            "These letters are still being made. Wait until they are done, then download them.",
            code="not_ready",
        )
    out = io.BytesIO()
    hashes: dict[int, str] = {}
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for item in run.items:
            if item.letter_id is None or not item.is_made:
                continue
            letter, pdf = letter_views.open_letter(portal, actor, item.letter_id)
            hashes[item.place] = letter.sha256 or ""
            name = f"{item.place:03} Surat {letter.number.replace('/', '-')}"
            archive.writestr(f"{name}.pdf", pdf, zipfile.ZIP_STORED)  # it is packed already
            if letter.table_sha256 is not None:
                archive.writestr(f"{name} - Lampiran I.xlsx", read_workbook(pdf))
        archive.writestr(LIST_NAME, write("Daftar surat", [_list(run, hashes)]))
    return out.getvalue()


def _list(run: RunView, hashes: dict[int, str]) -> Sheet:
    columns = (
        ("No.", 6), ("Nomor surat", 30), ("Perusahaan", 32), ("Pengajuan", 18),
        ("Lampiran I nomor", 16), ("SHA-256", 66), ("Keterangan", 70),
    )  # fmt: skip
    return Sheet("Surat", columns, _lines(run, hashes))


def _lines(run: RunView, hashes: dict[int, str]) -> Iterator[tuple[str, ...]]:
    for item in run.items:
        told = "" if item.place in hashes else item.problem or "Belum dibuat"
        yield (
            str(item.place), item.number or "–", item.company_name, item.batch_number,
            str(item.person or "–"), hashes.get(item.place, "–"), told,
        )  # fmt: skip
