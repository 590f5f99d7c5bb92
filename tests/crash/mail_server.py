"""A mail server in a process of its own: `mail_server.py FOLDER PORT`; says its port when it is up.

It appends the Message-ID of each mail it has taken to FOLDER/taken, on the disk before it says so.
Where FOLDER/answer holds a line, that is what it says instead, and the mail is not taken.
"""

import email
import os
import sys
from pathlib import Path

from aiosmtpd.controller import Controller


class Handler:
    """Takes or refuses, as the folder says at that moment."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder

    async def handle_DATA(self, _server, _session, envelope) -> str:  # noqa: N802 - aiosmtpd's name
        said = self.folder / "answer"
        if said.exists() and (answer := said.read_text()):
            return answer
        with (self.folder / "taken").open("a") as taken:
            taken.write(email.message_from_bytes(envelope.content)["Message-ID"] + "\n")
            taken.flush()
            os.fsync(taken.fileno())
        return "250 OK"


def main() -> None:
    folder, port = Path(sys.argv[1]), int(sys.argv[2])
    controller = Controller(Handler(folder), hostname="127.0.0.1", port=port)
    controller.start()
    sys.stdout.write(f"{port}\n")
    sys.stdout.flush()
    sys.stdin.read()


if __name__ == "__main__":
    main()
