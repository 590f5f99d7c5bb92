"""Reasons in somebody's own words: bounded, and kept as written."""

import unicodedata

from hr_portal.services.errors import Invalid

MAX_REASON = 10_000


def reason_of(text: str) -> str:
    """Return a reason without the space around it; "" where nothing can be read.

    Raises:
        Invalid: it is longer than anybody reads.

    """
    reason = text.replace("\r\n", "\n").strip()  # as typed: a form sends two signs for each line
    if all(unicodedata.category(sign)[0] in "CZ" for sign in reason):
        return ""  # nothing of it can be seen
    if len(reason) > MAX_REASON:
        raise Invalid(
            f"Alasan paling panjang {MAX_REASON:,} huruf; ini {len(reason):,}.".replace(",", "."),
            f"A reason has at most {MAX_REASON:,} characters; this has {len(reason):,}.",
            fields={"reason": "Terlalu panjang"},
        )
    return reason
