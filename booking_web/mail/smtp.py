"""The mail server: one connection a message, and what went wrong at which step."""

import asyncio
import re
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.policy import SMTP as CRLF
from enum import StrEnum
from typing import Final

from aiosmtplib import SMTP, SMTPException, SMTPResponseException

from scheduling.contacts import ascii_email

CONNECT_SECONDS: Final = 8.0
TOTAL_SECONDS: Final = 25.0
"""Less than the worker gives one delivery, so that we know at which step it was."""

NO_STARTTLS: Final = "no STARTTLS"
NO_LOGIN: Final = "no login offered"
NO_SMTPUTF8: Final = "no SMTPUTF8"
BAD_CERTIFICATE: Final = "certificate not trusted"
TLS_FAILED: Final = "TLS failed"

_SAY_GOODBYE_SECONDS: Final = 1.0
_ENHANCED: Final = re.compile(r"\s*([245]\.\d{1,3}\.\d{1,3})\b")


class Security(StrEnum):
    """How the connection is encrypted, by the scheme of OTL_SMTP_URL."""

    NONE = "smtp"
    STARTTLS = "smtp+starttls"
    TLS = "smtps"


@dataclass(frozen=True, slots=True)
class SmtpServer:
    """Where mail is handed over.

    Attributes:
        user, password: both None where nobody logs in.
        tls: whose certificates are trusted; None: those that this machine trusts.
    """

    host: str
    port: int
    security: Security
    user: str | None = field(default=None, repr=False)
    password: str | None = field(default=None, repr=False)
    tls: ssl.SSLContext | None = field(default=None, repr=False, compare=False)


class Step(StrEnum):
    """What was being done when it went wrong."""

    CONNECT = "connect"
    ENCRYPT = "encrypt"
    LOG_IN = "log in"
    SENDER = "sender"
    RECIPIENT = "recipient"
    MESSAGE = "message"  # from here on the server may have taken it


class MailTrouble(Exception):
    """A mail was not handed over, or nobody knows.

    Attributes:
        code: of the server's answer (RFC 5321 §4.2); None: it gave none.
        answer: its own words, "" if there are none. They may repeat an address: not for a log.
        reason: what may be stored and logged: "550 5.1.1", or the kind of trouble.
    """

    def __init__(
        self, step: Step, reason: str, *, code: int | None = None, answer: str = ""
    ) -> None:
        super().__init__(f"{step}: {reason}")
        self.step = step
        self.code = code
        self.answer = answer
        self.reason = reason

    @property
    def enhanced(self) -> str:
        """Return the enhanced status code (RFC 3463), "5.1.1"; "" if there is none."""
        return self.reason.partition(" ")[2] if self.code is not None else ""


async def hand_over(
    server: SmtpServer, message: EmailMessage, *, sender: str, recipient: str
) -> str:
    """Give the server one message for one recipient; return what it answered.

    Raises:
        MailTrouble: it did not take it, or did not say.
    """
    ascii_recipient = ascii_email(recipient)
    async with _connection(server, sender) as (smtp, at):
        at.step = Step.SENDER
        options = []
        if ascii_recipient is None:
            if not smtp.supports_extension("smtputf8"):
                raise MailTrouble(Step.RECIPIENT, NO_SMTPUTF8)
            options = ["SMTPUTF8"]
        await smtp.mail(sender, options=options, encoding="utf-8")
        at.step = Step.RECIPIENT
        await smtp.rcpt(ascii_recipient or recipient, encoding="utf-8")
        at.step = Step.MESSAGE
        answer = await smtp.data(octets(message, utf8=ascii_recipient is None))
        return f"{answer.code} {answer.message}"


async def try_sender(server: SmtpServer, *, sender: str) -> None:
    """Connect, log in and name the sender, and send nothing.

    Raises:
        MailTrouble: one of these fails.
    """
    async with _connection(server, sender) as (smtp, at):
        at.step = Step.SENDER
        await smtp.mail(sender)
        await smtp.rset()


def octets(message: EmailMessage, *, utf8: bool) -> bytes:
    """Return what goes over the line: seven bits, but for addresses under SMTPUTF8 (RFC 6531)."""
    return message.as_bytes(policy=CRLF.clone(utf8=utf8, cte_type="7bit"))


@dataclass(slots=True)
class _Progress:
    step: Step = Step.CONNECT


@asynccontextmanager
async def _connection(server: SmtpServer, sender: str) -> AsyncIterator[tuple[SMTP, _Progress]]:
    """Yield a connection on which the sender may be named."""
    smtp = SMTP(
        hostname=server.host,
        port=server.port,
        use_tls=server.security is Security.TLS,
        start_tls=False,
        tls_context=server.tls,
        # Else the machine's own name is looked up, which blocks where DNS does not answer.
        local_hostname=sender.rpartition("@")[2],
        timeout=TOTAL_SECONDS,
    )
    at = _Progress()
    try:
        async with asyncio.timeout(TOTAL_SECONDS):
            await smtp.connect(timeout=CONNECT_SECONDS)
            await smtp.ehlo()
            if server.security is Security.STARTTLS:
                at.step = Step.ENCRYPT
                if not smtp.supports_extension("starttls"):
                    raise MailTrouble(at.step, NO_STARTTLS)
                await smtp.starttls()
                await smtp.ehlo()
            if server.user is not None and server.password is not None:
                at.step = Step.LOG_IN
                if not smtp.supported_auth_methods:
                    raise MailTrouble(at.step, NO_LOGIN)
                await smtp.login(server.user, server.password)
            yield smtp, at
        await _say_goodbye(smtp)
    except (SMTPException, OSError) as error:
        raise _trouble(at.step, error) from None  # the error may name an address
    finally:
        smtp.close()


async def _say_goodbye(smtp: SMTP) -> None:
    """Say QUIT; whatever comes of it, what was handed over is."""
    with suppress(SMTPException, OSError):
        async with asyncio.timeout(_SAY_GOODBYE_SECONDS):
            await smtp.quit()


def _trouble(step: Step, error: SMTPException | OSError) -> MailTrouble:
    if isinstance(error, SMTPResponseException) and 400 <= error.code < 600:
        enhanced = _ENHANCED.match(error.message)
        reason = f"{error.code} {enhanced[1]}" if enhanced else str(error.code)
        return MailTrouble(step, reason, code=error.code, answer=error.message)
    cause = error.__cause__ if isinstance(error.__cause__, OSError) else error
    if isinstance(cause, ssl.SSLCertVerificationError):
        return MailTrouble(Step.ENCRYPT, BAD_CERTIFICATE, answer=cause.verify_message)
    if isinstance(cause, ssl.SSLError):
        return MailTrouble(Step.ENCRYPT, TLS_FAILED, answer=cause.reason or "")
    return MailTrouble(step, type(cause).__name__)
