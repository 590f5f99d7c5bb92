"""Electronic signatures, made and judged in the limited child: see `signing`.

The password goes to the child on its standard input and is kept nowhere.
"""

import base64
import datetime as dt
import json
from dataclasses import dataclass
from typing import Any

from hr_portal.adapters.letters.limited import SIGNING_SECONDS, asked


@dataclass(frozen=True, slots=True)
class CertificateFacts:
    """What a certificate says of itself."""

    subject: str
    issuer: str
    not_before: dt.datetime
    not_after: dt.datetime
    sha256: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What was found of one signature."""

    certificate: CertificateFacts
    at: dt.datetime | None
    """As the signer's own clock told."""
    in_term: bool
    """The certificate was valid at that time."""
    intact: bool
    whole: bool

    @property
    def holds(self) -> bool:
        """Whether signature and file belong together, unchanged, in the certificate's term."""
        return self.intact and self.whole and self.in_term


def read_certificate(pkcs12: bytes, password: str, at: dt.datetime) -> CertificateFacts:
    """Open a PKCS#12 file; raises LetterError LET-CERT for what can't sign at that time."""
    return _facts(json.loads(_ask("certificate", pkcs12=pkcs12, password=password, at=at)))


def sign(pdf: bytes, pkcs12: bytes, password: str, *, at: dt.datetime, moment: str) -> bytes:
    """Return a letter signed; `moment` is the time as shown. Raises LET-CERT and LET-SIGN."""
    return _ask("sign", pdf=pdf, pkcs12=pkcs12, password=password, at=at, moment=moment)


@dataclass(frozen=True, slots=True)
class Returned:
    """A PDF that came back for a letter."""

    verdicts: list[Verdict]
    is_letter: bool
    """It begins with the letter's bytes or holds the same data inside."""
    active: str
    """Something that would run when it is opened; "" for nothing."""


def judge(pdf: bytes, letter: bytes) -> Returned:
    """Return what a PDF is, that came back for a letter; raises LetterError LET-SIGN."""
    told = json.loads(_ask("judge", pdf=pdf, letter=letter))
    verdicts = [verdict_of(one) for one in told["verdicts"]]
    return Returned(verdicts, told["is_letter"], told["active"])


def verdict_of(told: dict[str, Any]) -> Verdict:
    """Return a verdict from what is kept of it."""
    at = told["at"]
    return Verdict(
        _facts(told),
        dt.datetime.fromisoformat(at) if at else None,
        told["in_term"],
        told["intact"],
        told["whole"],
    )


def kept_verdict(one: Verdict) -> dict[str, Any]:
    """Return what is kept of a verdict."""
    held = one.certificate
    return {
        "subject": held.subject,
        "issuer": held.issuer,
        "not_before": held.not_before.isoformat(),
        "not_after": held.not_after.isoformat(),
        "sha256": held.sha256,
        "at": one.at.isoformat() if one.at else None,
        "in_term": one.in_term,
        "intact": one.intact,
        "whole": one.whole,
    }


def _facts(told: dict[str, Any]) -> CertificateFacts:
    return CertificateFacts(
        told["subject"],
        told["issuer"],
        dt.datetime.fromisoformat(told["not_before"]),
        dt.datetime.fromisoformat(told["not_after"]),
        told["sha256"],
    )


def _ask(task: str, **given: Any) -> bytes:  # noqa: ANN401 - bytes, words and times
    for name, value in given.items():
        if isinstance(value, bytes):
            given[name] = base64.b64encode(value).decode("ascii")
        elif isinstance(value, dt.datetime):
            given[name] = value.isoformat()
    return asked({"task": task, **given}, SIGNING_SECONDS)
