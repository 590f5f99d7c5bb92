"""Keys that are changed while people work (security.md J2)."""

import dataclasses
import io

from hr_portal.app import create_app
from tests.web.client import PASSWORD, PageClient

NEW = "c0f9a7d2318e4b65907de1f2a86b43c5d7108ef6492b5a3c"


def test_forms_and_sign_ins_outlive_a_change_of_the_secret_key(
    world, portal, make_settings, browser_of
):
    browser_of(world.rahma)  # gives her the password
    url, old = portal.settings.database_url, portal.settings.secret_key

    def started(**keys):
        settings = make_settings(database_url=url, **keys)
        return create_app(settings, portal=dataclasses.replace(portal, settings=settings))

    def sent(app, token, expect):
        rahma.app, rahma.client = app, app.test_client()
        rahma.client._cookies = cookies
        rahma.tokens.clear()
        form = {"csrf_token": token, "file": (io.BytesIO(b""), "kosong.csv")}
        return rahma.post("/pengajuan/baru", form, expect=expect)

    rahma = PageClient(started(secret_key=old)).sign_in(world.rahma.email, PASSWORD)
    cookies, open_form = rahma.client._cookies, rahma.token()
    refused_as_empty, asked_again = 422, 400
    changing = started(secret_key=NEW, old_secret_key=old)
    sent(changing, open_form, refused_as_empty)
    newer_form = rahma.token()
    changed = started(secret_key=NEW)
    sent(changed, newer_form, refused_as_empty)
    sent(changed, open_form, asked_again)
