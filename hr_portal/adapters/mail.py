"""E-mail through Flask-Mailman: to an SMTP server, or to the console where none is named."""

import contextlib
import smtplib
import sys
from collections.abc import Callable
from typing import Any, Final
from urllib.parse import unquote, urlsplit

from flask import Flask
from flask_mailman import EmailMessage, Mail

TIMEOUT: Final = 20
"""Seconds without a word from the server."""


FINAL: Final = 500
"""Replies from here on say that trying again would end the same way (RFC 5321, 4.2.1)."""


class NotSentError(Exception):
    """The server has certainly not taken the message; it may be tried again."""

    def __init__(self, kind: str, *, is_final: bool = False) -> None:
        super().__init__(kind)
        self.kind = kind
        """What happened, in a word without personal data."""
        self.is_final = is_final
        """Trying again would end the same way."""


class PerhapsSentError(Exception):
    """The connection was lost while the message was on its way: nobody knows."""


class Mailer:
    """Sends one message at a time as a setting says: "smtp://user:password@host:587"."""

    def __init__(self, url: str, sender: str) -> None:
        """Take the server's address; "" = the console, smtps = TLS from the start.

        `smtp` begins TLS on every port but on this machine's own (STARTTLS).
        """
        parts = urlsplit(url)
        is_local = parts.hostname in {"127.0.0.1", "::1", "localhost"}
        self._app = Flask("mail")
        self._app.config.update(
            MAIL_BACKEND="smtp",
            MAIL_SERVER=parts.hostname,
            MAIL_PORT=parts.port or (465 if parts.scheme == "smtps" else 587),
            MAIL_USERNAME=unquote(parts.username) if parts.username else None,
            MAIL_PASSWORD=unquote(parts.password) if parts.password else None,
            MAIL_USE_SSL=parts.scheme == "smtps",
            MAIL_USE_TLS=parts.scheme == "smtp" and not is_local,
            MAIL_DEFAULT_SENDER=sender,
            MAIL_TIMEOUT=TIMEOUT,
        )
        self._mail = Mail(self._app)
        self._is_console = not url

    def send(
        self,
        to: str,
        subject: str,
        body: str,
        *,
        message_id: str,
        before_handing_over: Callable[[], None],
    ) -> None:
        """Send a message of plain text; what is to be done before the server gets it, is called.

        Until then a process that dies leaves nothing behind at the server.

        Raises:
            NotSentError: no server, or it refused. PerhapsSentError: nobody knows.

        """
        if self._is_console:
            before_handing_over()
            _print(to, subject, body)
            return
        with self._app.app_context():
            connection: Any = self._mail.get_connection()
            message = EmailMessage(
                subject,
                body,
                None,
                [to],
                headers={"Message-ID": message_id, "Auto-Submitted": "auto-generated"},
            )
            try:
                connection.open()
            except (OSError, smtplib.SMTPException) as error:
                raise NotSentError(type(error).__name__) from error
            handed = _note_handing_over(connection.connection, before_handing_over)
            try:
                connection.send_messages([message])
            except smtplib.SMTPRecipientsRefused as error:
                codes = [code for code, _said in error.recipients.values()]
                raise NotSentError(
                    "refused", is_final=all(code >= FINAL for code in codes)
                ) from error
            except smtplib.SMTPResponseException as error:
                final = error.smtp_code >= FINAL
                raise NotSentError(type(error).__name__, is_final=final) from error
            except (OSError, smtplib.SMTPException) as error:
                if not handed:
                    raise NotSentError(type(error).__name__) from error
                raise PerhapsSentError from error
            finally:
                # what became of the message is known by now: a farewell that fails changes nothing
                with contextlib.suppress(OSError, smtplib.SMTPException):
                    connection.close()


def _note_handing_over(
    server: Any,  # noqa: ANN401 - smtplib's own class
    before: Callable[[], None],
) -> list[bool]:
    """Return a list that is empty until the message itself goes to the server.

    Before that (sender, recipient) a lost connection leaves nothing behind, whatever was answered.
    """
    handed: list[bool] = []
    hand_over = server.data

    def data(message: Any) -> Any:  # noqa: ANN401 - as smtplib has it
        before()
        handed.append(True)
        return hand_over(message)

    server.data = data
    return handed


def _print(to: str, subject: str, body: str) -> None:
    """Show a message to whoever watches the terminal: they look for its link, not its headers."""
    line = "-" * 79
    sys.stdout.write(f"\n{line}\nSurel kepada {to}\n{subject}\n\n{body}\n{line}\n\n")
    sys.stdout.flush()
