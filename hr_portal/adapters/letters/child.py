"""The limited child: facts as JSON on standard input, the PDF or PNG on standard output.

A signature, too, is made and judged here: see `signing`.

The request is an object of `facts` (the snapshot), `task` (print, preview, check,
picture or sample) and the limits: `memory` in bytes and `seconds` of the processor.

Exit code 0 with the file; 3 with a LetterError as one line of JSON on standard
error. Forked for `limited` by a fork server that has run `prepare`.
"""

import json
import logging
import resource
import sys

from hr_portal.adapters.letters.errors import LetterError
from hr_portal.adapters.letters.limited import PICTURED_PAGES, REFUSED, SIGNING, out_of_limits
from hr_portal.domain.letters import facts_from_json


def prepare() -> None:
    """Load what every letter needs; no letter is there yet."""
    from hr_portal.adapters.letters import rendering  # noqa: F401


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
            sys.stdout.buffer.write(signing.run(request))
            return 0
        facts = facts_from_json(request["facts"])
        from hr_portal.adapters.letters.composing import DRAFT, SAMPLE
        from hr_portal.adapters.letters.rendering import check_letter, render_letter

        _silence()
        if request["task"] == "check":
            pdf = check_letter(facts)
        elif request["task"] in ("picture", "sample"):
            from hr_portal.adapters.letters.pictures import stacked

            watermark = SAMPLE if request["task"] == "sample" else DRAFT
            drawn = render_letter(facts, preview=True, watermark=watermark)
            pdf = stacked(drawn, PICTURED_PAGES)
        else:
            pdf = render_letter(facts, preview=request["task"] == "preview")
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


def _refused(error: LetterError) -> int:
    answer = {"code": error.code, "message": error.message, "message_en": error.message_en}
    sys.stderr.write(f"{json.dumps(answer)}\n")
    return REFUSED
