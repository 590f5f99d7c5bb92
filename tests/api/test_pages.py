"""The documentation page: offline, without a fault in the browser, under the strict policy."""

import threading

import pytest
from werkzeug.serving import make_server

from tests.web.client import check_page

SCROLLED_TO_OTHERS = """known => {
  if (known.length) window.scrollBy(0, 100);
  return [...document.querySelectorAll(".opblock")].some(one => !known.includes(one.id));
}"""


def test_the_page_is_a_whole_page_that_loads_only_from_here(scene):
    answer = scene.caller().call("GET", "/docs")
    check_page(answer)
    assert "http://" not in answer.text.replace("http://www.w3.org", "")
    assert "https://" not in answer.text
    assert "unsafe" not in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["swagger-ui.css", "swagger-ui-bundle.js"])
def test_swagger_ui_is_served_from_its_package(scene, name):
    answer = scene.caller().call("GET", f"/docs/{name}")
    assert answer.status_code == 200
    assert len(answer.data) > 100_000
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "public" in answer.headers["Cache-Control"]
    answer.close()


@pytest.mark.parametrize(
    "name", ["oauth2-redirect.html", "index.css", "..%2f..%2fapp.py", "LICENSE"]
)
def test_nothing_else_of_that_package_is_served(scene, name):
    assert scene.caller().call("GET", f"/docs/{name}").status_code == 404


def test_the_page_draws_every_operation_without_a_fault(scene, page):
    server = make_server("127.0.0.1", 0, scene.app, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    faults, elsewhere = [], []
    page.on(
        "console",
        lambda said: faults.append(said.text) if said.type in {"error", "warning"} else None,
    )
    page.on("pageerror", lambda error: faults.append(str(error)))
    page.on("requestfailed", lambda request: faults.append(request.url))
    page.on("request", lambda request: elsewhere.append(request.url))
    try:
        page.goto(f"http://127.0.0.1:{server.port}/api/v1/docs")
        page.get_by_text("Upload a spreadsheet as a new batch").wait_for()
        count = sum(
            len(set(item) - {"parameters"})
            for item in scene.caller().call("GET", "/openapi.json").json["paths"].values()
        )
        drawn: set[str] = set()
        while len(drawn) < count:  # of so many, those in sight are drawn
            page.wait_for_function(SCROLLED_TO_OTHERS, arg=list(drawn), polling=50)
            drawn |= set(page.locator(".opblock").evaluate_all("all => all.map(one => one.id)"))
        page.evaluate("window.scrollTo(0, 0)")
        page.get_by_text("Upload a spreadsheet as a new batch").click()
        page.get_by_text("Idempotent-Replay").first.wait_for()
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert faults == []
    assert {url.split("/")[2] for url in elsewhere if not url.startswith("data:")} == {
        f"127.0.0.1:{server.port}"
    }
