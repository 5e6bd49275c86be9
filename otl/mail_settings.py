"""OTL_SMTP_URL and OTL_MAIL_FROM: through which server mail leaves, and in whose name. Pure."""

from dataclasses import dataclass
from typing import Final
from urllib.parse import unquote, urlsplit

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.smtp import Security, SmtpServer
from scheduling.contacts import ascii_email

_PORTS: Final = {Security.NONE: 25, Security.STARTTLS: 587, Security.TLS: 465}
_SERVER: Final = (
    "OTL_SMTP_URL must be the mail server's address, like "
    "smtp+starttls://user:password@mail.example.com:587 (also smtps:// and smtp://). In user and "
    "password write each of : / ? # @ % and each space as a percent sign and two digits; @ is %40."
)
_SENDER: Final = (
    "OTL_MAIL_FROM must be an address in plain letters, or a name with one: "
    "Acme Meetings <meetings@acme.com>."
)


@dataclass(frozen=True, slots=True)
class MailSettings:
    """What it takes to send mail; the sender's address is ASCII."""

    server: SmtpServer
    sender: Mailbox


def read_mail_settings(
    smtp_url: str | None, mail_from: str | None, problems: list[str]
) -> MailSettings | None:
    """Read both; None: there is no mail, or something is wrong, which is added to the problems."""
    server = None if smtp_url is None else _server(smtp_url)
    sender = None if mail_from is None else _sender(mail_from)
    if smtp_url is not None and server is None:
        problems.append(_SERVER)
    if mail_from is not None and sender is None:
        problems.append(_SENDER)
    if smtp_url is None and mail_from is not None:
        problems.append(
            "OTL_SMTP_URL is missing: OTL_MAIL_FROM alone sends no mail. Set the mail server's "
            "address too, or leave both out."
        )
    if mail_from is None and smtp_url is not None:
        problems.append(
            "OTL_MAIL_FROM is missing: the address that mail comes from, like "
            "Acme Meetings <meetings@acme.com>."
        )
    return None if server is None or sender is None else MailSettings(server, sender)


def _server(text: str) -> SmtpServer | None:
    """Read the URL; what is not understood is never repeated, for a password may be in it."""
    try:
        parts = urlsplit(text)
        security = Security(parts.scheme)
        host, port = parts.hostname, parts.port
        user, password = (_decoded(one) for one in (parts.username, parts.password))
    except ValueError:  # another scheme, a port that is none, [::1, octets that are no UTF-8
        return None
    has_more = parts.path not in {"", "/"} or parts.query or parts.fragment
    if not host or port == 0 or has_more or (user is None) != (password is None):
        return None
    if not (text.isprintable() and set(" <>\"'").isdisjoint(text)):
        return None
    return SmtpServer(host, port or _PORTS[security], security, user, password)


def _decoded(text: str | None) -> str | None:
    if not text:
        return None
    decoded = unquote(text, errors="strict")
    if not decoded.isprintable():
        raise ValueError("a control character")
    return decoded


def _sender(text: str) -> Mailbox | None:
    try:
        sender = Mailbox.parse(text)
    except ValueError:
        return None
    address = ascii_email(sender.email)
    return None if address is None else Mailbox(sender.name, address)
