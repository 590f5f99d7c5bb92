"""How machines call us: marshmallow schemas, OpenAPI, one error shape."""

from flask import Flask
from flask.json.provider import DefaultJSONProvider

from hr_portal.api import (
    archive_uploads,
    batches,
    benches,
    checks,
    differences,
    documents,
    door,
    figures,
    filing,
    findings,
    history,
    installation,
    large_acts,
    letter_data,
    letter_runs,
    letters,
    mending,
    messages,
    outcomes,
    outlets,
    pages,
    papers,
    queue,
    reopening,
    review,
    review_lists,
    signing,
    splitting,
    submission,
    unsent,
)
from hr_portal.api.problems import answer
from hr_portal.api.sections import make_api

__all__ = ["answer", "register"]

SECTIONS = (
    batches.section,
    findings.section,
    differences.section,
    mending.section,
    large_acts.section,
    checks.section,
    splitting.section,
    documents.section,
    filing.section,
    archive_uploads.section,
    letters.section,
    submission.section,
    queue.section,
    review.section,
    benches.section,
    outcomes.section,
    reopening.section,
    outlets.section,
    messages.section,
    history.section,
    letter_runs.section,
    letter_data.section,
    signing.section,
    papers.section,
    figures.section,
    installation.section,
    review_lists.section,
    unsent.section,
)


def register(app: Flask) -> None:
    """Put the JSON interface into an application, under /api/v1.

    Errors are the application's to hand to `answer`, which keeps the one shape.
    """
    if isinstance(app.json, DefaultJSONProvider):
        app.json.sort_keys = False  # answers are read by people, too
    app.before_request(door.guard)
    app.extensions[pages.DOCUMENT] = make_api(app, SECTIONS)
    app.register_blueprint(pages.section)
