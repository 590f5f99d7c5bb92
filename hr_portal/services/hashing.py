"""The hash under which secrets are kept that somebody else holds: session ids, tokens."""

import hashlib


def hash_of(secret: str) -> str:
    """Return SHA-256 in hex; only for secrets that can't be guessed, or as a key of a count."""
    return hashlib.sha256(secret.encode()).hexdigest()
