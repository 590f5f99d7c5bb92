"""ZIPs of documents: looked at in the request, unpacked and filed by a worker."""

import datetime as dt
import os
import tempfile
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from itertools import islice
from typing import BinaryIO, NamedTuple

import orjson
import sqlalchemy as sa
from sqlalchemy.orm import Session

from hr_portal.adapters.database.document_models import ARCHIVE_STATES, Archive
from hr_portal.adapters.database.models import Batch, new_id
from hr_portal.adapters.documents import DocumentRefused, archive, refusals
from hr_portal.adapters.documents.limits import MIB
from hr_portal.adapters.documents.process import ChildDied
from hr_portal.adapters.documents.unpacking import unpacked
from hr_portal.adapters.files import StoredFile
from hr_portal.adapters.scanner import Cause, NoVerdict
from hr_portal.adapters.spreadsheets.mapping_rows import ENDINGS, MOST_BYTES, read_mapping
from hr_portal.adapters.vault import CompanyKey
from hr_portal.domain.mapping_sheet import Line, Sheet
from hr_portal.domain.matching import match
from hr_portal.domain.permissions import Actor
from hr_portal.domain.table import Unreadable
from hr_portal.services import (
    accounts,
    audit,
    crashpoints,
    documents,
    filing,
    jobs,
    mapping_store,
    scanning,
    visible,
)
from hr_portal.services.context import Portal
from hr_portal.services.errors import Invalid, NotFound, TooLarge
from hr_portal.services.intake import clean_file_name, let_go
from hr_portal.services.intake import limits_of as reading_limits

JOB = "unpack"
STATES = ARCHIVE_STATES
AT_ONCE = max(2, min(4, os.cpu_count() or 2))
"""Documents that are made safe side by side, and written down together."""


@dataclass(frozen=True, slots=True)
class NotTaken:
    """A file of an archive that was not taken, and why."""

    path: str
    code: str
    message: str
    message_en: str


@dataclass(frozen=True, slots=True)
class ArchiveView:
    """A ZIP as the page shows it."""

    id: str
    batch_id: str
    file_name: str
    state: str
    files: int
    done: int
    kept: int
    placed: int
    repeated: int
    refused: tuple[NotTaken, ...]
    uploaded_at: dt.datetime
    is_paused: bool = False
    """The virus scanner is silent; it goes on by itself once that speaks."""

    @property
    def is_waiting(self) -> bool:
        """Whether a worker still has to do with it."""
        return self.state == "waiting"

    @property
    def in_tray(self) -> int:
        """How many of its documents did not find their rows by themselves."""
        return self.kept - self.placed


def limits_of(portal: Portal) -> archive.ArchiveLimits:
    """Return the limits of an archive as the settings have them."""
    settings = portal.settings
    return archive.ArchiveLimits(
        max_bytes=settings.max_archive_bytes,
        max_files=settings.max_archive_files,
        max_document_bytes=settings.max_document_bytes,
        sheets=ENDINGS,
        max_sheet_bytes=MOST_BYTES,
    )


def take_archive(
    portal: Portal,
    actor: Actor,
    batch_id: str,
    stream: BinaryIO,
    file_name: str,
    *,
    ending: Callable[[Session, str, str], None] | None = None,
) -> ArchiveView:
    """Take a ZIP of documents in; a worker unpacks it and files each by its name.

    The same bytes again, while or after they were unpacked, are the same archive:
    a file is never kept twice. `ending` is called with the archive's id and the hash of its bytes
    in the transaction that writes it down, and may refuse it.

    Raises:
        NotFound, Forbidden, Conflict: not theirs, or no longer a draft.
        Invalid: refused as a whole (ZIP code), or nothing in it can be used.
        TooLarge: over the limit of bytes.

    """
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id, action="batch.edit")
        filing.expect_draft(session, batch)
        company = batch.company
    name = clean_file_name(file_name)
    entries = _looked_at(portal, stream, name)
    key = portal.key(company)
    stream.seek(0)
    stored = portal.files.put(stream, key.file_key, limit=portal.settings.max_archive_bytes)
    archive_id = new_id()
    try:
        with portal.db.write() as session:
            batch = visible.batch(session, actor, batch_id, action="batch.edit")
            filing.expect_draft(session, batch)
            known = session.scalar(
                sa.select(Archive).where(
                    Archive.batch_id == batch.id,
                    Archive.sha256 == stored.sha256,
                    Archive.state == "waiting",
                )
            )
            if known is not None:
                view = _view(known, key)
            else:
                made = Archive(
                    id=archive_id,
                    batch_id=batch.id,
                    file_name=key.seal(f"archives|{archive_id}", name.encode()),
                    stored=stored.name,
                    sha256=stored.sha256,
                    size=stored.size,
                    files=len(entries),
                    done=0, kept=0, placed=0, repeated=0, state="waiting",
                    uploaded_by=actor.user_id,
                    uploaded_at=portal.clock(),
                )  # fmt: skip
                session.add(made)
                session.flush()
                jobs.add(portal, session, JOB, archive_id)
                audit.record(
                    portal, session, actor, "archive:added", archive_id,
                    company_id=batch.company_id, batch=batch.id, sha256=stored.sha256,
                    files=len(entries),
                )  # fmt: skip
                view = _view(made, key)
            if ending is not None:
                ending(session, view.id, stored.sha256)
    except BaseException:
        _delete_unless_held(portal, archive_id, stored.name)
        raise
    if view.id != archive_id:
        portal.files.delete(stored.name)
    crashpoints.passing("archive:committed")
    return view


def archives_of(portal: Portal, actor: Actor, batch_id: str) -> list[ArchiveView]:
    """Return the archives of a batch, the newest first."""
    with portal.db.read() as session:
        batch = visible.batch(session, actor, batch_id)
        key = portal.key(batch.company)
        found = session.scalars(
            sa.select(Archive)
            .where(Archive.batch_id == batch.id)
            .order_by(Archive.uploaded_at.desc(), Archive.id)
        )
        return [_paused(session, _view(one, key)) for one in found]


def archive_view(portal: Portal, actor: Actor, archive_id: str) -> ArchiveView:
    """Return one archive; raises NotFound where it isn't the actor's to see."""
    with portal.db.read() as session:
        found, batch = _visible(session, actor, archive_id, "batch.read")
        return _paused(session, _view(found, portal.key(batch.company)))


def stop_archive(portal: Portal, actor: Actor, archive_id: str) -> str:
    """Stop unpacking; what was taken stays. Returns the batch's id."""
    with portal.db.write() as session:
        found, batch = _visible(session, actor, archive_id, "batch.edit")
        if found.state == "waiting":
            found.state, found.ended_at = "stopped", portal.clock()
            audit.record(
                portal, session, actor, "archive:stopped", archive_id,
                company_id=batch.company_id, batch=batch.id, done=found.done,
            )  # fmt: skip
        return batch.id


def unpack_job(portal: Portal, claimed: jobs.Claim) -> None:
    """Take everything out of an archive; the end of an "unpack" job.

    What was written down stays: after a crash the worker goes on with the file
    that comes next.

    Raises:
        LeaseLostError: another worker has taken over.

    """
    with portal.db.write() as session:
        jobs.hold(portal, session, claimed)
        found = session.get(Archive, claimed.subject)
        if found is None or found.state != "waiting" or found.stored is None:
            jobs.finish(session, claimed)
            return
        batch = session.get_one(Batch, found.batch_id)
        key = portal.key(batch.company)
        stored, done, user = found.stored, found.done, found.uploaded_by
        name = _name(found, key)
    actor = accounts.load_actor(portal, user)
    if actor is None or claimed.attempts > portal.settings.max_attempts:
        _end(portal, claimed, "stopped", [_died(name, "crash")])
        return
    with tempfile.TemporaryFile(dir=portal.settings.temp_dir) as opened:
        for chunk in portal.files.chunks(stored, key.file_key):
            opened.write(chunk)
        entries = archive.look(opened, name, limits_of(portal))
        work = _Unpacking(portal, claimed, actor, batch, key)
        try:
            work.file(opened, entries, done)
        except ChildDied as death:
            _end(portal, claimed, "stopped", [_died(name, death.cause)])
            return
        except _StoppedError:
            _end(portal, claimed, "stopped", [])
            return
        except NoVerdict:
            # Nobody is there to ask: the archive stays sealed and goes on from this file later.
            with portal.db.write() as session:
                scanning.pause(portal, session, claimed)
            return
    _end(portal, claimed, "done", [])


class _Unscanned(NamedTuple):
    """A file of an archive that the scanner, though it is there, said nothing of."""

    path: str
    data: bytes
    cause: Cause


class _StoppedError(Exception):
    """Somebody stopped it, or the batch is no longer a draft."""


class _Unpacking:
    """The work on one archive."""

    def __init__(
        self, portal: Portal, claimed: jobs.Claim, actor: Actor, batch: Batch, key: CompanyKey
    ) -> None:
        self.portal, self.claimed, self.actor = portal, claimed, actor
        self.batch, self.batch_id, self.key = batch, batch.id, key
        self.mapping: Sheet | None = None

    def file(self, opened: BinaryIO, entries: list[archive.Entry], done: int) -> None:
        """Go through all entries from number `done` on, a few at a time."""
        limits = limits_of(self.portal)
        self._map(opened, entries, limits)
        left = entries[done:]
        order = [one.index for one in left if one.refused is None and not one.may_map]
        contents = unpacked(opened, order, limits)
        for group in _groups(left, AT_ONCE):
            self._group(group, contents)

    def _map(
        self, opened: BinaryIO, entries: list[archive.Entry], limits: archive.ArchiveLimits
    ) -> None:
        """Read the mapping sheets among the entries; what may be one and is none is refused.

        Without one in the archive, that of the batch counts.
        """
        maybe = [one.index for one in entries if one.may_map and one.refused is None]
        lines: list[Line] = []
        for index, content in unpacked(opened, maybe, limits):
            one = entries[index]
            try:
                found = self._lines(one, content)
            except Invalid as error:
                refusal = DocumentRefused(error.code, error.message, error.message_en)
                entries[index] = replace(one, refused=refusal)
                continue
            lines += found
            if not found:
                case = "entry-mapping" if one.is_named_so else "extension"
                entries[index] = replace(one, refused=refusals.refuse(case, one.path))
        paths = [one.path[-filing.MOST_PATH :] for one in entries if not one.may_map]
        with self.portal.db.write() as session:
            jobs.hold(self.portal, session, self.claimed)
            batch = visible.batch(session, self.actor, self.batch_id, action="batch.edit")
            if lines and batch.state == "draft":
                mapping_store.keep(self.portal, session, self.actor, batch, self.key, lines)
            kept = mapping_store.of_batch(session, self.key, self.batch_id)
            self.mapping = None if kept is None else kept.among(paths)

    def _lines(self, one: archive.Entry, content: bytes | str) -> list[Line]:
        """Return the lines of what may be a mapping sheet; raises Invalid, NoVerdict."""
        if isinstance(content, str):
            told = refusals.refuse(content, one.path)
            raise Invalid(told.message, told.message_en, code=told.code)
        name = clean_file_name(one.path)
        scanning.expect_clean(self.portal, self.actor, self.batch, content, name)
        try:
            return read_mapping(content, name, limits=reading_limits(self.portal))
        except Unreadable as refusal:
            if not one.is_named_so:
                return []
            raise Invalid(refusal.message, refusal.message_en, code=refusal.code) from refusal

    def _group(
        self, group: list[archive.Entry], contents: Iterator[tuple[int, bytes | str]]
    ) -> None:
        refused: list[NotTaken] = []
        taken: list[tuple[str, bytes]] = []
        for one in group:
            if one.refused is not None:
                refused.append(_not_taken(one.path, one.refused))
            elif not one.may_map:
                _index, content = next(contents)
                if isinstance(content, str):
                    refused.append(_not_taken(one.path, refusals.refuse(content, one.path)))
                else:
                    taken.append((one.path, content))
        prepared, unscanned = self._prepared(taken, refused)
        crashpoints.passing("archive:prepared")
        held: list[tuple[_Unscanned, StoredFile]] = []
        try:
            if unscanned and (self.portal.scanner is None or not self.portal.scanner.is_there()):
                raise NoVerdict(unscanned[0].cause)  # noqa: TRY301 - the copies are removed below
            held += [(one, scanning.store(self.portal, self.key, one.data)) for one in unscanned]
            self._record(len(group), prepared, refused, held)
        except BaseException:
            for one_prepared in prepared:
                if one_prepared.stored is not None:
                    let_go(self.portal, one_prepared.stored)
            for _one, stored in held:
                scanning.let_go(self.portal, stored)
            raise
        crashpoints.passing("archive:group")

    def _prepared(
        self, taken: list[tuple[str, bytes]], refused: list[NotTaken]
    ) -> tuple[list[filing.Prepared], list["_Unscanned"]]:
        hashes = [filing.digest_of(content) for _path, content in taken]
        known = filing.known_hashes(self.portal, self.batch_id, hashes)

        def prepare(one: tuple[str, bytes]) -> filing.Prepared | NotTaken | _Unscanned:
            path, content = one
            name = clean_file_name(path)
            try:
                documents.expect_type(content, name)
                if filing.digest_of(content) not in known:
                    scanning.expect_clean(self.portal, self.actor, self.batch, content, name)
                return filing.prepare(self.portal, self.key, content, path, known)
            except Invalid as error:
                return NotTaken(path, error.code, error.message, error.message_en)
            except NoVerdict as silent:
                return _Unscanned(path, content, silent.cause)

        with ThreadPoolExecutor(AT_ONCE) as pool:
            results = list(pool.map(prepare, taken))
        refused += [one for one in results if isinstance(one, NotTaken)]
        return (
            [one for one in results if isinstance(one, filing.Prepared)],
            [one for one in results if isinstance(one, _Unscanned)],
        )

    def _record(
        self,
        count: int,
        prepared: list[filing.Prepared],
        refused: list[NotTaken],
        unscanned: list[tuple["_Unscanned", StoredFile]],
    ) -> None:
        portal = self.portal
        with portal.db.write() as session:
            jobs.hold(portal, session, self.claimed)
            held = session.get_one(Archive, self.claimed.subject, populate_existing=True)
            batch = visible.batch(session, self.actor, self.batch_id, action="batch.edit")
            if held.state != "waiting" or batch.state != "draft":
                raise _StoppedError
            revision = filing.expect_draft(session, batch)
            roster = filing.roster_of(session, self.key, batch, revision)
            for one in prepared:
                told = match(one.path[-filing.MOST_PATH :], roster, self.mapping)
                filed = filing.record(portal, session, self.actor, batch, self.key, one, told)
                held.kept += not filed.is_repeated
                held.repeated += filed.is_repeated
                held.placed += filed.is_placed and not filed.is_repeated
            for one_unscanned, stored in unscanned:
                scanning.hold(
                    portal, session, self.actor, batch, self.key, stored,
                    one_unscanned.path[-filing.MOST_PATH :], cause=one_unscanned.cause, by_name=True,
                )  # fmt: skip
            held.done += count
            if refused:
                held.refused = _seal_refused(held, self.key, refused)
            documents.touch(portal, batch, self.actor)


def _groups(items: Sequence[archive.Entry], size: int) -> Iterator[list[archive.Entry]]:
    walking = iter(items)
    while group := list(islice(walking, size)):
        yield group


def _looked_at(portal: Portal, stream: BinaryIO, name: str) -> list[archive.Entry]:
    """Return what an archive holds; raises Invalid where nothing of it can be used."""
    limits = limits_of(portal)
    if stream.seek(0, os.SEEK_END) > limits.max_bytes:
        told = refusals.refuse("zip-bytes", name, limit=limits.max_bytes // MIB)
        raise TooLarge(told.message, told.message_en, code=told.code)
    try:
        entries = archive.look(stream, name, limits)
        reasons = [one.refused for one in entries if one.refused is not None]
        if len(reasons) == len(entries):
            first = (reasons[0].message, reasons[0].message_en)
            raise refusals.refuse("zip-nothing", name, found=first)
    except DocumentRefused as refusal:
        raise Invalid(
            refusal.message, refusal.message_en, code=refusal.code, fields={"file": name}
        ) from refusal
    return entries


def _end(portal: Portal, claimed: jobs.Claim, state: str, refused: list[NotTaken]) -> None:
    """Close an archive and delete its bytes; one of which nothing was taken is refused."""
    with portal.db.write() as session:
        jobs.finish(session, claimed)
        held = session.get_one(Archive, claimed.subject, populate_existing=True)
        batch = session.get_one(Batch, held.batch_id)
        key = portal.key(batch.company)
        if refused:
            held.refused = _seal_refused(held, key, refused)
        if held.state == "waiting":
            is_nothing = state == "done" and held.kept + held.repeated == 0 and bool(held.refused)
            held.state, held.ended_at = "refused" if is_nothing else state, portal.clock()
        stored, held.stored = held.stored, None
        audit.record(
            portal, session, None, f"archive:{held.state}", held.id,
            company_id=batch.company_id, batch=batch.id, files=held.files, kept=held.kept,
            placed=held.placed, repeated=held.repeated,
        )  # fmt: skip
    if stored is not None:
        portal.files.delete(stored)


def _delete_unless_held(portal: Portal, archive_id: str, stored: str) -> None:
    """Delete a stored archive, unless the database has it after all."""
    try:
        with portal.db.read() as session:
            held = session.get(Archive, archive_id)
    except sa.exc.SQLAlchemyError:
        return
    if held is None:
        portal.files.delete(stored)


def _not_taken(path: str, refusal: DocumentRefused) -> NotTaken:
    return NotTaken(refusals.shown_path(path), refusal.code, refusal.message, refusal.message_en)


def _died(name: str, cause: str) -> NotTaken:
    return _not_taken(name, refusals.refuse_death(name, cause))


def _seal_refused(held: Archive, key: CompanyKey, more: list[NotTaken]) -> bytes:
    listed = [*_refused(held, key), *more]
    plain = orjson.dumps([[one.path, one.code, one.message, one.message_en] for one in listed])
    return key.seal(f"archives|{held.id}|refused", plain)


def _refused(held: Archive, key: CompanyKey) -> tuple[NotTaken, ...]:
    if held.refused is None:
        return ()
    plain = orjson.loads(key.open(f"archives|{held.id}|refused", held.refused))
    return tuple(NotTaken(*one) for one in plain)


def _name(held: Archive, key: CompanyKey) -> str:
    return key.open(f"archives|{held.id}", held.file_name).decode()


def _view(held: Archive, key: CompanyKey) -> ArchiveView:
    return ArchiveView(
        held.id, held.batch_id, _name(held, key), held.state, held.files, held.done, held.kept,
        held.placed, held.repeated, _refused(held, key), held.uploaded_at,
    )  # fmt: skip


def _paused(session: Session, view: ArchiveView) -> ArchiveView:
    is_paused = view.is_waiting and scanning.is_paused(session, JOB, view.id)
    return replace(view, is_paused=is_paused)


def waiting(batch_id: "str | sa.BindParameter[str]") -> sa.Select[int]:
    """Return the question how many archives of a batch a worker has still to do with."""
    return sa.select(sa.func.count()).where(
        Archive.batch_id == batch_id, Archive.state == "waiting"
    )


def _visible(session: Session, actor: Actor, archive_id: str, action: str) -> tuple[Archive, Batch]:
    found = session.get(Archive, archive_id)
    if found is None:
        raise NotFound
    batch = visible.batch(session, actor, found.batch_id, action=action)
    return found, batch
