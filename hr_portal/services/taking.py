"""Taking the next batch: the oldest of the queue that nobody holds and the reviewer may take."""

from typing import Final

from hr_portal.domain.permissions import Actor
from hr_portal.services import queues, review
from hr_portal.services.context import Portal
from hr_portal.services.errors import Conflict, NotFound

TRIES: Final = 5
"""How often "the next" is looked for while others take what was found."""


def take_next(portal: Portal, actor: Actor) -> str | None:
    """Take the oldest batch that the actor may take, and return its id; None where none waits.

    Of two at once, each gets another. Raises Forbidden: not a reviewer.
    """
    for _try in range(TRIES):
        batch_id = queues.next_for(portal, actor)
        if batch_id is None:
            break
        try:
            review.take(portal, actor, batch_id)
        except (Conflict, NotFound):  # another took it meanwhile, or HRD withdrew it
            continue
        return batch_id
    return None
