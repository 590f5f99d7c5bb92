"""Indonesia's public holidays of a year, by the package `holidays`."""

import datetime as dt
from functools import cache

import holidays


@cache
def public_holidays(year: int) -> dict[dt.date, str]:
    """Return the national holidays of a year with their Indonesian names.

    Days of joint leave (cuti bersama) are not among them; some future dates of the
    lunar calendar are estimates. An admin corrects both.
    """
    found = holidays.country_holidays("ID", years=year, language="id")
    return {day: name for day, name in sorted(found.items()) if day.year == year}
