"""Named points where a test may stop the process dead, as `kill -9` would.

A test arms one point in a process of its own; in production nothing is armed and
`passing` costs one comparison.
"""

import os

_armed: str | None = None


def arm(name: str | None) -> None:
    """Choose the point at which the process is to die; None disarms."""
    global _armed  # noqa: PLW0603 - one switch a process, set once at start
    _armed = name


def passing(name: str) -> None:
    """Die here, without any clean-up, where this point is armed."""
    if _armed == name:
        os._exit(137)
