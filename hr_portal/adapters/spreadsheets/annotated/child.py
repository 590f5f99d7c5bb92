"""The writing process: one workbook in, the same with notes out, then the end.

Started by `making.annotate_file` like the reading process: an empty
environment, the file and the notes as descriptors, its orders as JSON on
standard input. The workbook goes to standard output, a refusal to a descriptor
of its own. It may write no file.
"""

import gc
import json
import os
import sys

from hr_portal.adapters.spreadsheets.limits import ReadLimits

DONE, OUT_OF_MEMORY, REFUSED, OUT_OF_TIME = 0, 3, 4, 5
"""How the process ends; any other code is a death. The last is the parent's own verdict."""


def main() -> int:
    """Do what standard input orders; returns how that ended."""
    gc.disable()
    orders = json.loads(sys.stdin.buffer.read())
    limits = ReadLimits(**orders["limits"])
    # Here and not above: the parent imports this module too, and needs none of these.
    from hr_portal.adapters.spreadsheets import sandbox
    from hr_portal.adapters.spreadsheets.annotated.orders import unpack
    from hr_portal.adapters.spreadsheets.annotated.taking import write_annotated
    from hr_portal.adapters.spreadsheets.child import content
    from hr_portal.domain.table import Unreadable

    # Only our own code has run so far; not a byte of the file is read before this.
    sandbox.limit_resources(limits, orders["seconds"])
    sandbox.lock()
    out = sys.stdout.buffer
    try:
        with os.fdopen(orders["notes"], "rb") as told:
            order, notes = unpack(told)
            write_annotated(content(orders["data"]), orders["file"], order, notes, out, limits)
    except Unreadable as refusal:
        said = [refusal.code, refusal.message, refusal.message_en]
        os.write(orders["refusal"], json.dumps(said).encode())
        return REFUSED
    out.flush()
    return DONE


if __name__ == "__main__":
    try:
        code = main()
    except MemoryError:
        code = OUT_OF_MEMORY
    # Skip the tidying up: the answer is out.
    os._exit(code)
