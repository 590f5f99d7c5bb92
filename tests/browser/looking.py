"""Looks at a page as it must look: accessible and unbroken, at both widths, light and dark."""

import json

from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.visiting import DESK, HEIGHTS, PHONE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """([only, rules]) => axe.run(document, {
  runOnly: only, rules, resultTypes: ["violations"], iframes: false,
}).then(found => found.violations.map(one => ({
  rule: one.id, help: one.help,
  nodes: one.nodes.map(node => node.target.join(" ") + ": " + node.html.slice(0, 200)),
})))"""
_WIDTH = "() => [document.scrollingElement.scrollWidth, innerWidth]"
_DATA_IMAGES = """() => [...document.querySelectorAll("*")].filter(one =>
    [null, "::before", "::after"].some(part => getComputedStyle(one, part).backgroundImage.includes("data:")))
  .map(one => one.outerHTML.slice(0, 160))"""
_UNDOCK = (
    """() => document.querySelectorAll(".pk-dock").forEach(one => one.style.position = "static")"""
)
"""What lies under the bar at the foot is reached by scrolling; axe takes it for covered."""
_WIDE = """() => [...document.querySelectorAll("main *, header *, footer *")]
  .filter(one => one.getBoundingClientRect().right > innerWidth + 1 && !one.closest(".pk-scroll"))
  .slice(0, 5).map(one => one.outerHTML.slice(0, 160))"""


_COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}
_ALL = {"type": "tag", "values": TAGS}
_BUT_COLOURS = {rule: {"enabled": False} for rule in _COLOURS["values"]}


def look(page, *, wholly=False):
    """Assert that the page is sound at 1280 and 360 px, light and dark; put it back as it was.

    Looking costs more than all else in the suite, so what can't differ is asked once: in the dark
    the colours, on a phone all but them, in one of the themes. `wholly` asks everything everywhere.
    """
    before = page.viewport_size
    assert page.evaluate(_DATA_IMAGES) == []  # the content security policy refuses them
    page.evaluate(AXE_SCRIPT)
    page.evaluate(_UNDOCK)
    for width, theme, asked, without in (
        (PHONE, "light", _ALL, {} if wholly else _BUT_COLOURS),
        *([(PHONE, "dark", _ALL, {})] if wholly else []),
        (DESK, "dark", _ALL if wholly else _COLOURS, {}),
        (DESK, "light", _ALL, {}),
    ):
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        has, may = page.evaluate(_WIDTH)
        assert has <= may, f"{page.url} is {has} px wide at {width}: {page.evaluate(_WIDE)}"
        page.emulate_media(color_scheme=theme)
        found = page.evaluate(_RUN, [asked, without])
        told = json.dumps(found, indent=1, ensure_ascii=False)
        assert not found, f"{page.url} at {width} px, {theme}: {told}"
    page.evaluate(_UNDOCK.replace("static", ""))
    page.set_viewport_size(before)
