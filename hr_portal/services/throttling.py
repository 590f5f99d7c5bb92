"""Tries that are counted, and slowed down above a limit, by all processes together."""

import datetime as dt
from collections.abc import Callable
from functools import lru_cache

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import Session

from hr_portal.adapters.database.models import Throttle, User
from hr_portal.services.context import Portal
from hr_portal.services.errors import TooMany
from hr_portal.services.hashing import hash_of

TRIES = 5
TRY_WINDOW = dt.timedelta(minutes=1)
CODE_TRIES = {
    "code": TRY_WINDOW,
    "email-code": dt.timedelta(minutes=10),
    "email-code-sent": dt.timedelta(minutes=10),
}
"""How long tries of codes of each kind are counted."""
CLOCKS_DIFFER = dt.timedelta(minutes=5)
"""A beginning further ahead than this was written by a clock that ran wrong: it has ended."""


def throttle_key(kind: str, value: str) -> str:
    """Return under which key tries of a kind are counted."""
    return hash_of(f"{kind}|{value}")


def count_sign_in_tries(
    portal: Portal, email: str, address: str, *, device: str | None = None
) -> None:
    """Count a try on an account from an address, or from a known device; raises TooMany."""
    # an address may be a whole office behind one router
    account, place = _sign_in_keys(email, address, device)
    count_tries(
        portal,
        {account: TRIES, place: TRIES * 4},
        lambda wait: TooMany(
            f"Terlalu banyak percobaan masuk. Tunggu {wait} detik, lalu coba lagi.",
            f"Too many sign-in attempts. Wait {wait} seconds, then try again.",
            retry_after=wait,
        ),
    )


def forget_tries(session: Session, email: str, address: str, *, device: str | None = None) -> None:
    """Forget an account's tries, that a right password has made good, and this one of the address.

    The address keeps its other tries: who has an account of their own could else go on guessing
    those of others for ever, signing in to theirs in between.
    """
    account, place = _sign_in_keys(email, address, device)
    session.execute(sa.delete(Throttle).where(Throttle.key == account))
    session.execute(
        sa.update(Throttle)
        .where(Throttle.key == place, Throttle.tries > 0)
        .values(tries=Throttle.tries - 1)
    )


def forget_code_tries(session: Session, user_id: str) -> None:
    """Forget a person's tries of codes, of the authenticator and by e-mail."""
    kept = [throttle_key(kind, user_id) for kind in CODE_TRIES]
    session.execute(sa.delete(Throttle).where(Throttle.key.in_(kept)))


def locked_until(portal: Portal, user_id: str) -> dt.datetime | None:
    """Return until when a person's next password or code is refused unread; None where it isn't."""
    now = portal.clock()
    with portal.db.read() as session:
        email = session.get_one(User, user_id).email
        windows = {
            throttle_key("account", email): TRY_WINDOW,
            throttle_key("device", user_id): TRY_WINDOW,
            **{throttle_key(kind, user_id): window for kind, window in CODE_TRIES.items()},
        }
        counted = session.scalars(
            sa.select(Throttle).where(Throttle.key.in_(windows), Throttle.tries >= TRIES)
        ).all()
    ends = [one.window_from + windows[one.key] for one in counted]
    return max((end for end in ends if end > now), default=None)


def _sign_in_keys(email: str, address: str, device: str | None) -> tuple[str, str]:
    account = (
        throttle_key("account", email.strip().lower())
        if device is None
        else throttle_key("device", device)
    )
    return account, throttle_key("address", address)


def count_tries(
    portal: Portal,
    limits: dict[str, int],
    refusal: Callable[[int], TooMany],
    *,
    window: dt.timedelta = TRY_WINDOW,
) -> None:
    """Count a try under each key; raise `refusal(seconds to wait)` above a key's limit a window.

    One statement for all, so that no try is lost between processes, nor between a count and
    somebody who makes the tries good.
    """
    now, keys = portal.clock(), sorted(limits)  # in one order: nobody waits for each other
    values: dict[str, object] = {"now": now, "ended": now - window, "ahead": now + CLOCKS_DIFFER}
    values |= {f"of_{at}": key for at, key in enumerate(keys)}
    with portal.db.write() as session:
        counted = session.connection().execute(_counting(len(keys), portal.db.is_sqlite), values)
        begun = {key: since for key, tries, since in counted if tries > limits[key]}
        first = next((begun[key] for key in keys if key in begun), None)
        if first is not None:
            raise refusal(max(1, int((first + window - now).total_seconds())))


@lru_cache(maxsize=16)
def _counting(keys: int, is_sqlite: bool) -> sa.Executable:  # noqa: FBT001 - names a cached statement
    """Return the statement that counts a try under so many keys; made once for each number."""
    into = sqlite.insert(Throttle) if is_sqlite else postgresql.insert(Throttle)
    now = sa.bindparam("now", type_=Throttle.window_from.type)
    # chosen, not listed as values: lists of values are the one statement that is compiled each time
    tries = [
        sa.select(sa.bindparam(f"of_{at}", type_=Throttle.key.type), sa.literal_column("1"), now)
        for at in range(keys)
    ]
    is_over = sa.or_(
        Throttle.window_from <= sa.bindparam("ended", type_=Throttle.window_from.type),
        Throttle.window_from > sa.bindparam("ahead", type_=Throttle.window_from.type),
    )
    counted: sa.Executable = (
        into.from_select(["key", "tries", "window_from"], sa.union_all(*tries))
        .on_conflict_do_update(
            index_elements=[Throttle.key],
            set_={
                "tries": sa.case((is_over, 1), else_=Throttle.tries + 1),
                "window_from": sa.case((is_over, now), else_=Throttle.window_from),
            },
        )
        .returning(Throttle.key, Throttle.tries, Throttle.window_from)
    )
    return counted
