"""Issues letters of a batch until it is killed or has enough: `numbering.py USER BATCH COUNT`.

Says the number of each on a line once it is committed; the letter before is revoked, so that
each takes a number of its own.
"""

import sys

from hr_portal.adapters.database import tenancy
from hr_portal.services import accounts, letter_views, letters
from hr_portal.services.context import Portal
from hr_portal.settings import Settings


def main() -> None:
    user, batch, count = sys.argv[1:4]
    tenancy.of_process("command")
    portal = Portal.from_settings(Settings.from_env())
    actor = accounts.load_actor(portal, user)
    for standing in letter_views.list_letters(portal, actor, batch):
        if standing.state == "issued":
            letters.revoke(portal, actor, standing.id, reason="Uji")
    for _ in range(int(count)):
        letter = letters.issue(portal, actor, batch, wait=False)
        sys.stdout.write(f"{letter.number}\n")
        sys.stdout.flush()
        letters.revoke(portal, actor, letter.id, reason="Uji")


if __name__ == "__main__":
    main()
