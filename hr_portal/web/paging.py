"""Pages of long lists: which one was asked for, and what its pager shows."""

from dataclasses import dataclass
from typing import Any, Final

from flask import request

from hr_portal.services.paging import Page

MOST: Final = 1_000_000


@dataclass(frozen=True, slots=True)
class PageView:
    """What a pager says: the items' places, and the pages beside this one."""

    first: int
    last: int
    total: int
    previous: int | None
    next: int | None
    ends: int | None = None
    """The last page, where pages are counted."""


def row_number(text: str) -> int:
    """A row of a sheet as a form or an address names it. Raises ValueError for what is none."""
    return _short(text, 7)


def finding_id(text: str) -> int:
    """The id of a finding as a form names it. Raises ValueError for what is none."""
    return _short(text, 15)


def _short(text: str, digits: int) -> int:
    """A number that a database's column can hold: few ASCII digits and nothing else."""
    if not (text.isascii() and text.isdigit() and len(text) <= digits):
        raise ValueError(text[:digits])
    return int(text)


def page_number() -> int:
    """The page that the address asks for; the first where it says nothing sensible."""
    asked = request.args.get("halaman", 1, type=int)
    return asked if 1 <= asked <= MOST else 1


def view_of(page: Page[Any]) -> PageView:
    """What the pager of `page` shows."""
    return page_view(page.page, page.per_page, page.total, len(page.items))


def page_view(page: int, per_page: int, total: int, shown: int) -> PageView:
    """What a pager shows for `shown` items on `page` of `total` in all."""
    start = (page - 1) * per_page
    return PageView(
        start + 1 if shown else 0,
        start + shown,
        total,
        page - 1 if page > 1 else None,
        page + 1 if start + shown < total and shown else None,
        max(1, -(-total // per_page)),
    )
