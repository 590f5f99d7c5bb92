"""Looks at a page as it must look: accessible and unbroken, at both widths, light and dark."""

import json
from urllib.parse import urlsplit

from axe_playwright_python.base import AXE_SCRIPT

from tests.browser.visiting import DESK, HEIGHTS, PHONE

TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
_RUN = """tags => axe.run(document, {
  runOnly: {type: "tag", values: tags}, resultTypes: ["violations"], iframes: false,
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


def look(page):
    """Assert that the page is sound at 1280 and 360 px, light and dark; put it back as it was.

    What only a phone shows is the same few parts on every page: there each page is looked at in
    one of the themes, every other one in the dark. Looking costs more than all else in the suite.
    """
    before = page.viewport_size
    assert page.evaluate(_DATA_IMAGES) == []  # the content security policy refuses them
    page.evaluate(AXE_SCRIPT)
    page.evaluate(_UNDOCK)
    at_night = len(urlsplit(page.url).path) % 2
    for width, themes in ((PHONE, (("light", "dark")[at_night],)), (DESK, ("dark", "light"))):
        page.set_viewport_size({"width": width, "height": HEIGHTS[width]})
        has, may = page.evaluate(_WIDTH)
        assert has <= may, f"{page.url} is {has} px wide at {width}: {page.evaluate(_WIDE)}"
        for theme in themes:
            page.emulate_media(color_scheme=theme)
            found = page.evaluate(_RUN, TAGS)
            told = json.dumps(found, indent=1, ensure_ascii=False)
            assert not found, f"{page.url} at {width} px, {theme}: {told}"
    page.evaluate(_UNDOCK.replace("static", ""))
    page.set_viewport_size(before)
