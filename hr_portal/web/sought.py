"""What somebody looks for among people, sealed where it stands in an address.

Addresses lie in histories and in the logs of proxies; a name is no part of one.
"""

import base64
from typing import Final

from hr_portal.adapters.vault import NONCE_BYTES, SealBrokenError, Vault

MOST: Final = 100
"""Characters of a text that is looked for."""


def sealed(vault: Vault, batch_id: str, text: str) -> str:
    """Return the word that stands for a text in the addresses of a batch; "" for none."""
    text = text.strip()[:MOST]
    if not text:
        return ""
    word = vault.general.seal(_place(batch_id), text.encode("utf-8", "replace"))
    return base64.urlsafe_b64encode(word).decode().rstrip("=")


def opened(vault: Vault, batch_id: str, word: str) -> str:
    """Return the text that a word stands for; "" where it is none of this batch's."""
    try:
        held = base64.urlsafe_b64decode(word + "=" * (-len(word) % 4))
        if len(held) > NONCE_BYTES:
            return vault.general.open(_place(batch_id), held).decode()
    except (ValueError, SealBrokenError):  # no base 64, too, is a ValueError
        pass
    return ""


def _place(batch_id: str) -> str:
    return f"sought|{batch_id}"
