"""How numbers, sizes, dates and times are written on the screens, as Jinja filters.

Indonesian "1.234", "18,4 MB", "21 November 2026, 10.14 WIB"; English "1,234", "18.4 MB",
"21 November 2026, 10:14 WIB". Times are shown in the zone of the branch.
"""

import datetime as dt
import functools
import re
from typing import Final
from zoneinfo import ZoneInfo

from babel.dates import format_date as babel_date
from babel.numbers import format_decimal
from flask import Flask, g
from flask_babel import gettext as _
from markupsafe import Markup, escape

from hr_portal.web.current import portal
from hr_portal.web.i18n import language

INDONESIAN_ZONES: Final = {"WIB": 7, "WITA": 8, "WIT": 9}
MIB: Final = 1024 * 1024
KIB: Final = 1024


def number(value: float) -> str:
    """A number with its thousands set apart: 1.234."""
    if isinstance(value, int):  # a page has a hundred counts, and Babel takes its time over each
        return f"{value:,}" if language() == "en" else f"{value:,}".replace(",", ".")
    return _decimal(value, language())


@functools.lru_cache(maxsize=4096)
def _decimal(value: float, lang: str) -> str:
    """A number with a fraction; a table of shares has the same ones again and again."""
    return str(format_decimal(value, locale=lang))


def size(count: int) -> str:
    """A number of bytes as people say it: 18,4 MB, 312 KB, 87 byte."""
    if count >= MIB:
        return f"{number(round(count / MIB, 1))} MB"
    if count >= KIB:
        return f"{number(round(count / KIB))} KB"
    return _("%(count)s byte", count=number(count))


def breakable(address: str) -> Markup:
    """An e-mail address that a narrow column breaks before "@" and dots, not within a word."""
    return Markup(re.sub(r"(?=[@.])", "<wbr>", str(escape(address))))  # noqa: S704 - escaped


def day(value: dt.date) -> str:
    """A date in full: 21 November 2026."""
    return _dated(value, "d MMMM y", language())


@functools.lru_cache(maxsize=4096)
def _dated(value: dt.date, pattern: str, lang: str) -> str:
    """A day written out; a page of rows has the same few again and again."""
    return str(babel_date(value, pattern, locale=lang))


def day_of(value: dt.datetime) -> str:
    """The day of a moment where the page is: 21 November 2026."""
    return day(value.astimezone(zone()).date())


def zone() -> ZoneInfo:
    """The zone of this page's times: its branch's, else the setting's."""
    return ZoneInfo(g.get("zone") or portal().settings.timezone)


def zone_short(value: dt.datetime | None = None) -> str:
    """WIB, WITA or WIT; elsewhere the distance to UTC."""
    moment = (value or dt.datetime.now(dt.UTC)).astimezone(zone())
    hours = (moment.utcoffset() or dt.timedelta()).total_seconds() / 3600
    for name, offset in INDONESIAN_ZONES.items():
        if hours == offset:
            return name
    return f"UTC{hours:+g}"


def clock(value: dt.datetime) -> str:
    """A time of day: 10.14, in English 10:14."""
    return value.astimezone(zone()).strftime("%H:%M" if language() == "en" else "%H.%M")


def moment(value: dt.datetime) -> str:
    """Date and time with its zone: 21 November 2026, 10.14 WIB."""
    return f"{day_of(value)}, {clock(value)} {zone_short(value)}"


def when(value: dt.datetime) -> str:
    """Date and time as told today: hari ini, 10.14; kemarin, 16.20; 3 November; 3 Mei 2025."""
    today = portal().clock().astimezone(zone()).date()
    local = value.astimezone(zone())
    distance = (local.date() - today).days
    if -1 <= distance <= 1:
        name = (_("hari ini"), _("besok"), _("kemarin"))[distance]
        return f"{name}, {clock(value)}"
    if local.year == today.year:
        return _dated(local.date(), "d MMMM", language())
    return day(local.date())


def init_app(app: Flask) -> None:
    """Gives the templates these filters."""
    app.jinja_env.filters.update(
        number=number,
        size=size,
        day=day,
        day_of=day_of,
        clock=clock,
        moment=moment,
        when=when,
        breakable=breakable,
    )
    app.jinja_env.globals.update(zone_short=zone_short)
