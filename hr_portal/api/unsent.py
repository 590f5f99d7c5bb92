"""E-mails that no mail server took, for an admin: why, when they are tried again, sending one."""

from typing import Any

from marshmallow import fields

from hr_portal.api import answers, asks
from hr_portal.api.answers import Answer, said
from hr_portal.api.door import caller, needs, portal
from hr_portal.api.parsing import Paging
from hr_portal.api.sections import Section
from hr_portal.services import unsent

section = Section("Mail", "E-mails that were not sent, kept for an admin")


class UnsentMail(Answer):
    """An e-mail that its server has not taken, or perhaps not."""

    id = fields.Integer(required=True)
    subject = fields.String(required=True)
    to = fields.Nested(answers.Named, required=True)
    created_at = fields.AwareDateTime(required=True)
    error = fields.String(
        required=True,
        metadata=said(
            "`refused`: the address; `unknown`: it may have come, ask before you send it again; "
            "else what the mail server or the network said, such as SMTPAuthenticationError"
        ),
    )
    next_try = fields.AwareDateTime(
        required=True, allow_none=True, metadata=said("null = not tried again by itself")
    )
    may_send_again = fields.Boolean(
        required=True, metadata=said("false: on its way, or of no use any more, such as a code")
    )


class SentAgain(Answer):
    """How many are still unsent; what fails again comes back."""

    unsent = fields.Integer(required=True)


@section.get("/unsent-mails")
@needs("installation.manage")
@section.query(Paging)
@section.answers(200, answers.paged(UnsentMail))
def list_unsent(query: dict[str, Any]) -> dict[str, Any]:
    """List the e-mails that were not sent, the latest first."""
    found = unsent.page(portal(), caller(), number=query["page"], per_page=query["per_page"])
    items = [
        {
            **{name: getattr(one, name) for name in UnsentMail().fields if name != "to"},
            "to": {"id": one.user_id, "name": one.name},
        }
        for one in found.items
    ]
    return answers.page_of(items, found)


@section.post("/unsent-mails/<int:mail>/send")
@needs("installation.manage")
@section.body(asks.Nothing, required=False)
@section.answers(200, SentAgain)
def send_mail_again(body: dict[str, Any], mail: int) -> dict[str, Any]:
    """Send one now, whatever became of it before; recorded.

    Refused with 409 where it was sent meanwhile, is on its way, or is of no use any more.
    """
    del body
    unsent.send_again(portal(), caller(), mail)
    return {"unsent": unsent.count(portal(), caller())}
