"""Renders a letter in a child process that can neither starve nor bring down its parent."""

import base64
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, Literal

from hr_portal.adapters.letters.errors import CODES, LetterError
from hr_portal.domain.letters import LetterFacts, facts_to_json
from hr_portal.domain.papers import NoticeFacts, PaperFacts, paper_to_json
from hr_portal.forkserver import Ended, ForkServer

MEMORY_BYTES = 1024**3
"""Address space of the child."""

CPU_SECONDS = 30
CPU_SECONDS_PER_LINE = 0.04
"""A line takes about 0.005 s on a plain machine; a slow one gets eight times that."""

WALL_FACTOR = 3
"""Real time allowed for each second of processor time, as machines are shared."""

REFUSED = 3
"""Exit code of the child that wrote a LetterError to standard error."""

Task = Literal["print", "preview", "check", "picture", "sample", "paper"]
SIGNING = ("certificate", "sign", "judge")
"""Tasks without facts: see `signatures`."""

SIGNING_SECONDS = 30

PICTURED_PAGES = 4
"""Pages of a letter that a picture shows, from the first."""

_RENDERERS = ForkServer(
    "hr_portal.adapters.letters.child", {"HOME": str(Path.home()), "LANG": "C.UTF-8"}
)
"""All a child knows of its surroundings is a home for the font cache."""


CPU_SECONDS_PER_FORM = 1.5
"""A form takes about 0.3 s: it is a page of its own."""


def cpu_seconds(lines: int, forms: int = 0) -> int:
    """Return the processor time a letter of so many corrections, or forms, may take."""
    return CPU_SECONDS + round(lines * CPU_SECONDS_PER_LINE + forms * CPU_SECONDS_PER_FORM)


def forms_of(facts: LetterFacts) -> int:
    """Return how many pages of forms a letter has."""
    return len(facts.people) if facts.kind == "formulir" else 0


def render_in_child(
    facts: LetterFacts,
    *,
    preview: bool = False,
    workbook: bytes = b"",
    told: Callable[[int], None] | None = None,
) -> bytes:
    """Return the letter as PDF, rendered by a child with limits on memory and time.

    The child inherits nothing but a home for the font cache, so no key or password is
    in its reach. `workbook` is what a letter names whose table is a file; `told` hears
    now and then how many percent of a long one are laid out. Raises the child's LetterError,
    LET-LIMIT where it ran out of time or memory, and LET-CHILD where it died.
    """
    return _done(facts, "preview" if preview else "print", workbook, told)


def picture_in_child(facts: LetterFacts, *, sample: bool = False, workbook: bytes = b"") -> bytes:
    """Return the first pages of a draft as PNG, rendered under the limits of `render_in_child`.

    A `sample` is marked CONTOH instead of KONSEP. Raises as `render_in_child` does.
    """
    return _done(facts, "sample" if sample else "picture", workbook)


def check_in_child(facts: LetterFacts) -> None:
    """Check, before a number is taken, that a letter can be printed; the number may be None.

    Costs about a second, whatever the letter's length. Raises LetterError as
    `render_in_child` would.
    """
    _done(facts, "check")


def paper_in_child(facts: PaperFacts | NoticeFacts) -> bytes:
    """Return a receipt, record or notices as PDF; made and failing as `render_in_child`."""
    pages = len(facts.people) if isinstance(facts, NoticeFacts) else 1
    return _run(paper_to_json(facts), "paper", cpu_seconds(0, pages))


def _done(
    facts: LetterFacts,
    task: Task,
    workbook: bytes = b"",
    told: Callable[[int], None] | None = None,
) -> bytes:
    request = {
        "facts": facts_to_json(facts),
        "task": task,
        "workbook": base64.b64encode(workbook).decode("ascii"),
    }
    return asked(request, cpu_seconds(facts.corrections, forms_of(facts)), told)


def _run(content: dict[str, Any], task: Task, seconds: int) -> bytes:
    return asked({"facts": content, "task": task}, seconds)


def asked(task: dict[str, Any], seconds: int, told: Callable[[int], None] | None = None) -> bytes:
    """Have a limited child do a task and return what it gives; raises its LetterError.

    `told` gets the percents that the child tells on its way.
    """
    request = {**task, "memory": MEMORY_BYTES, "seconds": seconds}

    def heard(said: bytes) -> None:
        if told is not None:
            told(min(100, said[-1]))

    try:
        ended = _RENDERERS.run(json.dumps(request).encode(), seconds * WALL_FACTOR, heard)
    except TimeoutError as error:
        raise out_of_limits() from error
    if ended.code == 0 and ended.out.startswith((b"%PDF-", b"\x89PNG", b"[", b"{")):
        return ended.out
    raise _failure(ended)


def _failure(child: Ended) -> LetterError:
    """Return the error for a child that brought no letter."""
    if child.code == REFUSED:
        try:
            answer = json.loads(child.err.splitlines()[-1])
            if answer["code"] in CODES:
                return LetterError(answer["code"], answer["message"], answer["message_en"])
        except (ValueError, KeyError, IndexError, TypeError):
            pass
    if child.code < 0:
        return out_of_limits()
    return LetterError(
        "LET-CHILD",
        "Pencetak surat berhenti sebelum selesai. Coba sekali lagi; bila terulang, "
        "jalankan `hr-portal doctor` pada peladen.",
        "The letter renderer died. Try once more; if it happens again, run `hr-portal doctor`.",
    )


def out_of_limits() -> LetterError:
    """Return the error for a letter that needs more than its child may have."""
    return LetterError(
        "LET-LIMIT",
        "Surat terlalu besar untuk dicetak dalam batas waktu dan memori peladen. "
        "Bagi pengajuan menjadi beberapa berkas, lalu buat satu surat untuk tiap pengajuan.",
        "The letter needs more time or memory than the server allows. Split the batch.",
    )
