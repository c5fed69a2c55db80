"""A mail server over SMTP, with its answers sorted into now, later and never."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
from dataclasses import dataclass
from enum import StrEnum

from matcher.post.outgoing import Outgoing, Refused, TryLater, Unreachable, as_mail

_PERMANENT = range(500, 600)
_SERVICE_CLOSING = 421


class Security(StrEnum):
    """How the line to the mail server is closed to others."""

    STARTTLS = "starttls"
    TLS = "tls"
    NONE = "none"
    """Only for a mail server on this machine or network."""


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where the mail server is and how to talk to it; `timeout` in seconds for each step."""

    host: str
    port: int
    security: Security
    timeout: float
    username: str | None = None
    password: str | None = None


class SmtpSender:
    """Hands messages to a mail server, one connection each."""

    def __init__(self, server: SmtpServer) -> None:
        self._server = server

    def deliver(self, outgoing: Outgoing) -> None:
        """Returns once the server said that it has the message.

        Unreachable when the server is gone, refuses this service or does not offer what was
        asked; TryLater on an answer of the 400s, Refused on one of the 500s about the receiver or
        the message.
        """
        try:
            connection = self._connect()
        except (OSError, smtplib.SMTPException) as error:
            raise Unreachable(f"the mail server: {type(error).__name__}") from error
        try:
            connection.sendmail(outgoing.sender, [outgoing.recipient], as_mail(outgoing))
        except smtplib.SMTPRecipientsRefused as error:
            # The fault holds the address, so it goes no further.
            code = next(iter(error.recipients.values()))[0]
            raise _fault(code, "the receiver") from None
        except smtplib.SMTPDataError as error:
            raise _fault(error.smtp_code, "the message") from None
        except smtplib.SMTPNotSupportedError:
            raise Refused("the address needs what the mail server does not offer") from None
        except (OSError, smtplib.SMTPException) as error:
            # Also a refused sender: that is about this service, not about this message.
            raise Unreachable(f"the mail server: {type(error).__name__}") from None
        finally:
            # After the message was taken over nothing that goes wrong here may undo that.
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _connect(self) -> smtplib.SMTP:
        server = self._server
        if server.security is Security.TLS:
            connection: smtplib.SMTP = smtplib.SMTP_SSL(
                server.host,
                server.port,
                timeout=server.timeout,
                context=ssl.create_default_context(),
            )
        else:
            connection = smtplib.SMTP(server.host, server.port, timeout=server.timeout)
        try:
            if server.security is Security.STARTTLS:
                connection.starttls(context=ssl.create_default_context())
            if server.username is not None:
                connection.login(server.username, server.password or "")
        except BaseException:
            connection.close()
            raise
        return connection


def _fault(code: int, about: str) -> Unreachable | TryLater | Refused:
    if code == _SERVICE_CLOSING:
        return Unreachable("the mail server is closing")
    if code in _PERMANENT:
        return Refused(f"{about} was refused with {code}")
    return TryLater(f"{about} was put off with {code}")
