"""The limited child: facts as JSON on standard input, the PDF or PNG on standard output.

A signature, too, is made and judged here: see `signing`.

The request is an object of `facts` (the snapshot), `task` (print, preview, check,
picture, sample or paper), `workbook` (base64, of a letter whose table is a file) and the
limits: `memory` in bytes and `seconds` of the processor. How far a long letter is goes to
descriptor 3, a byte a time: percent.

Exit code 0 with the file; 3 with a LetterError as one line of JSON on standard
error. Forked for `limited` by a fork server that has run `prepare`.
"""

import base64
import contextlib
import json
import logging
import os
import resource
import sys
from typing import Any

from hr_portal.adapters.letters.errors import LetterError
from hr_portal.adapters.letters.limited import PICTURED_PAGES, REFUSED, SIGNING, out_of_limits
from hr_portal.domain.letters import facts_from_json
from hr_portal.domain.papers import paper_from_json
from hr_portal.forkserver import TELLING


def prepare() -> None:
    """Load what every letter needs; no letter is there yet."""
    from hr_portal.adapters.letters import papers, warming  # noqa: F401

    _silence()
    warming.warm_up()


def run() -> int:
    """Set the limits, then render; return the exit code."""
    request = json.loads(sys.stdin.buffer.read())
    memory, seconds = request["memory"], request["seconds"]
    resource.setrlimit(resource.RLIMIT_AS, (memory, memory))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds + 5))
    try:
        if request["task"] in SIGNING:
            from hr_portal.adapters.letters import signing

            _silence()
            pdf = signing.run(request)
        else:
            workbook = base64.b64decode(request.get("workbook", ""))
            pdf = _done(request["task"], request["facts"], workbook)
    except LetterError as error:
        return _refused(error)
    except MemoryError:
        return _refused(out_of_limits())
    sys.stdout.buffer.write(pdf)
    return 0


def _silence() -> None:
    """What the libraries have to say may quote the text of the letter."""
    for name in ("weasyprint", "pyhanko", "pyhanko_certvalidator"):
        logging.getLogger(name).setLevel(logging.CRITICAL)


def _tell(percent: int) -> None:
    with contextlib.suppress(OSError):  # whoever asked has hung up, and will end us
        os.write(TELLING, bytes([percent]))


def _done(task: str, content: dict[str, Any], workbook: bytes) -> bytes:
    from hr_portal.adapters.letters.composing import DRAFT, SAMPLE
    from hr_portal.adapters.letters.papers import render_paper
    from hr_portal.adapters.letters.rendering import check_letter, render_letter

    _silence()
    if task == "paper":
        return render_paper(paper_from_json(content))
    facts = facts_from_json(content)
    if task == "check":
        return check_letter(facts)
    if task in ("picture", "sample"):
        from hr_portal.adapters.letters.pictures import stacked

        watermark = SAMPLE if task == "sample" else DRAFT
        pdf = render_letter(facts, preview=True, watermark=watermark, workbook=workbook)
        return stacked(pdf, PICTURED_PAGES)
    return render_letter(facts, preview=task == "preview", workbook=workbook, told=_tell)


def _refused(error: LetterError) -> int:
    answer = {"code": error.code, "message": error.message, "message_en": error.message_en}
    sys.stderr.write(f"{json.dumps(answer)}\n")
    return REFUSED
