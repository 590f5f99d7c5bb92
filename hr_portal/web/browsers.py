"""What a browser calls itself, cut down to two words by which its owner knows it again."""

from typing import Final

from flask_babel import gettext as _

NAMES: Final = (
    ("Edg", "Edge"), ("OPR/", "Opera"), ("SamsungBrowser/", "Samsung Internet"),
    ("UCBrowser/", "UC Browser"), ("Firefox/", "Firefox"), ("FxiOS/", "Firefox"),
    ("CriOS/", "Chrome"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
"""The first that stands in the header: most call themselves Chrome and Safari, too."""
SYSTEMS: Final = (
    ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Windows", "Windows"),
    ("CrOS", "ChromeOS"), ("Macintosh", "Mac"), ("Linux", "Linux"),
)  # fmt: skip


def kind_of(user_agent: str) -> tuple[str, str]:
    """Name the browser and the system that a User-Agent header tells of; "" for what it doesn't."""
    return _first(NAMES, user_agent), _first(SYSTEMS, user_agent)


def _first(known: tuple[tuple[str, str], ...], user_agent: str) -> str:
    return next((name for mark, name in known if mark in user_agent), "")


def told(browser: str, system: str) -> str:
    """Say it as on a page: "Chrome di Windows"."""
    if browser and system:
        return _("%(browser)s di %(system)s", browser=browser, system=system)
    return browser or system or _("Peramban tidak dikenal")
