"""Somebody at a browser, who notices whatever a page must never do."""

import re
from urllib.parse import urlsplit

from playwright.sync_api import expect

from hr_portal.services import sessions

PATIENCE = 60_000
"""Milliseconds until a page counts as stuck; a busy machine is slow, not wrong."""
expect.set_options(timeout=PATIENCE)

PHONE, DESK = 360, 1280
HEIGHTS = {PHONE: 740, DESK: 900}
ABORTED = "net::ERR_ABORTED"
"""What the browser says of a request that it gave up itself: a download, a page that was left."""
OWN_PARTS = ("chrome-extension://mhjfbmdgcfjbbpaeojofohoefgiehjai/", "chrome://")
"""Chromium's PDF viewer, which is part of the browser, and what it is made of."""
_STATUS = re.compile(r"the server responded with a status of (\d{3})")
_CARET = re.compile(r"^Loading the image 'data:image/svg\+xml,.* d='m2 5 6 6 6-6'/")
"""Bootstrap's arrow of a <select>. Our theme takes it away, but a test that measures the page
before the theme has arrived makes Chromium ask for it; `look` holds every page to having none."""


class Visitor:
    """A fresh browser profile with one page open; `complaints` holds what went wrong in it."""

    def __init__(self, browser, site, *, width=DESK, dark=False, script=True, downloads=True):
        self.site = site
        self.complaints = []
        self.expected = set()
        self.context = browser.new_context(
            base_url=site.url,
            viewport={"width": width, "height": HEIGHTS.get(width, HEIGHTS[DESK])},
            color_scheme="dark" if dark else "light",
            reduced_motion="reduce",
            locale="id-ID",
            timezone_id="Asia/Jakarta",
            java_script_enabled=script,
            accept_downloads=downloads,
        )
        self.context.set_default_timeout(PATIENCE)
        self.context.on("request", self._requested)
        self.context.on("requestfailed", self._failed)
        self.context.on("response", self._answered)
        self.context.on("console", self._printed)
        self.context.on("weberror", lambda fault: self._complain(f"script: {fault.error}"))
        self.context.on("dialog", self._asked)
        self.page = self.context.new_page()
        # Whoever listens only while waiting may be too late: Chromium is told of the first
        # listener by a message that nobody waits for, and a dialog opened before it is lost.
        self.page.on("filechooser", lambda _dialog: None)

    # --- what a page must never do ---------------------------------------------------------------

    def _complain(self, what):
        self.complaints.append(f"{self.page.url}: {what}")

    def _requested(self, request):
        # A picture that the page itself made of what it was answered is asked for as blob:.
        url = request.url.removeprefix("blob:")
        if not url.startswith((self.site.url + "/", *OWN_PARTS)):
            self._complain(f"asks for {request.url}")

    def _failed(self, request):
        if request.failure != ABORTED:
            self._complain(f"{request.method} {request.url} failed: {request.failure}")

    def _answered(self, response):
        if response.status >= 400 and response.status not in self.expected:
            self._complain(f"{response.status} for {response.request.method} {response.url}")

    def _printed(self, message):
        status = _STATUS.search(message.text)
        if (status and int(status[1]) in self.expected) or _CARET.match(message.text):
            return
        if message.type in {"error", "warning"}:
            self._complain(f"console: {message.text}")

    def _asked(self, dialog):
        self._complain(f"dialog: {dialog.message}")
        dialog.dismiss()

    # --- what people do

    def goto(self, path):
        """Type an address."""
        return self.page.goto(path)

    def sees(self, heading):
        """The page's title is this finding."""
        expect(self.page.get_by_role("heading", level=1)).to_have_text(heading)

    def reads(self, text):
        """The page shows this text."""
        expect(self.page.locator("main")).to_contain_text(text)

    def press(self, name, **more):
        """Click the button, or the link, of this name."""
        self.control(name, **more).click()

    def control(self, name, *, within=None, exact=True):
        """The one button or link of this name."""
        place = within or self.page
        return place.get_by_role("button", name=name, exact=exact).or_(
            place.get_by_role("link", name=name, exact=exact)
        )

    def sign_in_as(self, role):
        """Come in by the demo's button."""
        self.goto("/masuk")
        self.press(f"Masuk sebagai {role}")
        expect(self.page.get_by_role("button", name="Keluar")).to_be_visible()

    def sign_in(self, email, password):
        """Come in with a password."""
        self.goto("/masuk")
        self.page.get_by_label("Alamat").fill(email)
        self.page.get_by_label("Kata sandi", exact=True).fill(password)
        self.press("Masuk")
        expect(self.page.get_by_role("button", name="Keluar")).to_be_visible()

    def sign_out(self):
        """Leave by the button."""
        self.press("Keluar")
        self.sees("Masuk")

    def arrives_as(self, actor):
        """Be signed in already, where the sign-in itself is not what a test is about."""
        app = self.site.app
        session = sessions.open_session(
            self.site.portal, {"_user_id": actor.user_id, "proven": "demo"}, user_id=actor.user_id
        )
        name = app.session_interface.get_cookie_name(app)
        self.context.add_cookies([{"name": name, "value": session, "url": self.site.url}])
        return self

    @property
    def path(self):
        """Where the page is, without the host."""
        return urlsplit(self.page.url).path

    def close(self):
        """Shut the browser profile."""
        self.context.close()
