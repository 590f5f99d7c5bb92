"""A letter is seen on its page, by the viewer that people's browsers have."""

import pytest

from tests import parts
from tests.browser.visiting import OWN_PARTS, Visitor


@pytest.fixture
def whole_browser(browser_type, browser_type_launch_args):
    """Chromium with the PDF viewer that the one without windows lacks."""
    whole = {**browser_type_launch_args, "executable_path": str(parts.require("chromium"))}
    browser = browser_type.launch(**whole)
    yield browser
    browser.close()


def test_a_letter_opens_in_the_frame_on_its_page(whole_browser, scenery):
    rahma = Visitor(whole_browser, scenery).arrives_as(scenery.rahma)
    with rahma.context.expect_event("request", lambda asked: asked.url.startswith(OWN_PARTS)):
        rahma.goto(f"/pengajuan/{scenery.ids['issued']}/surat")
        rahma.page.locator("iframe").scroll_into_view_if_needed()
    rahma.close()
    assert rahma.complaints == []
