"""/healthz: whether this process answers and reaches its database; nothing else to strangers."""

from flask import Blueprint

from hr_portal import logs
from hr_portal.web.access import OPEN, needs
from hr_portal.web.current import portal

blueprint = Blueprint("health", __name__)


@blueprint.get("/healthz")
@needs(OPEN)
def alive() -> tuple[dict[str, str], int]:
    """`{"status": "ok"}`, or 503 and `{"status": "no database"}`."""
    try:
        with portal().db.read() as session:
            session.connection()
    except Exception as error:  # noqa: BLE001 - whatever the driver raises means the same here
        logs.get("web").error("database unreachable", exc_info=error)
        return {"status": "no database"}, 503
    return {"status": "ok"}, 200
