"""The process that reads a sheet as it stands, without looking for corrections in it.

Started like the reading process: an empty environment, the file as a descriptor, its
orders as JSON on standard input. The filled rows, or the lines of its mapping sheets,
go out as JSON, a refusal to a descriptor of its own.
"""

import gc
import json
import os
import sys

from hr_portal.adapters.spreadsheets.limits import ReadLimits

DONE, OUT_OF_MEMORY, REFUSED = 0, 3, 4
"""How the process ends; any other code is a death."""


def main() -> int:
    """Do what standard input orders; returns how that ended."""
    gc.disable()
    orders = json.loads(sys.stdin.buffer.read())
    limits = ReadLimits(**orders["limits"])
    # Here and not above: the parent imports this module too, and needs none of these.
    from hr_portal.adapters.spreadsheets import sandbox
    from hr_portal.adapters.spreadsheets.child import content
    from hr_portal.adapters.spreadsheets.mapping_rows import mapping_lines
    from hr_portal.adapters.spreadsheets.plain_rows import filled_rows
    from hr_portal.domain.table import Unreadable

    # Only our own code has run so far; not a byte of the file is read before this.
    sandbox.limit_resources(limits, orders["seconds"])
    sandbox.lock()
    try:
        data, file = content(orders["data"]), orders["file"]
        if orders.get("mapping"):
            rows: object = mapping_lines(data, file, limits, orders["beside"])
        else:
            rows = filled_rows(data, file, limits)
    except Unreadable as refusal:
        said = [refusal.code, refusal.message, refusal.message_en]
        os.write(orders["refusal"], json.dumps(said).encode())
        return REFUSED
    sys.stdout.buffer.write(json.dumps(rows).encode())
    sys.stdout.buffer.flush()
    return DONE


if __name__ == "__main__":
    try:
        code = main()
    except MemoryError:
        code = OUT_OF_MEMORY
    # Skip the tidying up: the answer is out.
    os._exit(code)
