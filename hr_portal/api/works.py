"""What a worker does for a reviewer over many rows: asked for with 202, then asked after."""

from typing import Any

from flask import Response, jsonify, url_for
from marshmallow import fields

from hr_portal.api import review_answers
from hr_portal.api.answers import Answer
from hr_portal.domain.workflow import BATCH_STATES
from hr_portal.services.left_out import Left
from hr_portal.services.review_works import WorkView


class Ordered(Answer):
    """The number of a piece of work; ask after it at its address, in `Location`."""

    work = fields.Integer(required=True)


class Answered(Answer):
    """What an agency's answer did; refused corrections live on in the child batch."""

    accepted = fields.Integer(required=True)
    refused = fields.Integer(required=True)
    known = fields.Integer(required=True)
    waiting = fields.Integer(required=True)
    state = fields.String(required=True, metadata={"enum": list(BATCH_STATES)})
    child_batch_id = fields.String(required=True, allow_none=True)
    child_number = fields.String(required=True, allow_none=True)


class WorkProblem(Answer):
    """Why a piece of work ended before its end."""

    message = fields.String(required=True)
    message_en = fields.String(required=True)


class ReviewWork(Answer):
    """How a piece of work over many rows stands; `left` names its first 1,000 rows."""

    id = fields.Integer(required=True)
    act = fields.String(required=True)
    state = fields.String(required=True)
    done = fields.Integer(required=True)
    total = fields.Integer(required=True)
    corrections = fields.Integer(required=True)
    left = fields.List(fields.Nested(review_answers.LeftRow), required=True)
    left_count = fields.Integer(required=True)
    answered = fields.Nested(Answered, required=True, allow_none=True)
    problem = fields.Nested(WorkProblem, required=True, allow_none=True)


def ordered(batch_id: str, work: int) -> Response:
    """Say that a worker does it, and where to ask after it."""
    answer = jsonify(work=work)
    answer.status_code = 202
    answer.headers["Location"] = url_for("api-review.show_work", batch_id=batch_id, work=work)
    return answer


def told_of(work: WorkView) -> dict[str, Any]:
    """Return what a `ReviewWork` tells of a piece of work."""
    return {
        **{name: getattr(work, name) for name in ("id", "act", "state", "done", "total")},
        "corrections": work.corrections,
        "left": [Left(*one) for one in work.left],
        "left_count": work.left_count,
        "answered": work.outcome if work.act == "answer" and "waiting" in work.outcome else None,
        "problem": problem_of(work.problem),
    }


def problem_of(said: tuple[str, str] | None) -> dict[str, str] | None:
    """Return what a `WorkProblem` tells: why it ended before its end, in both languages."""
    return {"message": said[0], "message_en": said[1]} if said else None
