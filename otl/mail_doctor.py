"""`otl doctor` on mail: settings, the mail server, hosts' addresses; and a mail to try it with."""

from collections.abc import Sequence
from datetime import UTC, datetime
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from typing import Final
from uuid import uuid4

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.smtp import (
    BAD_CERTIFICATE,
    NO_LOGIN,
    NO_STARTTLS,
    TLS_FAILED,
    MailTrouble,
    Security,
    SmtpServer,
    Step,
    hand_over,
    try_sender,
)
from otl.findings import Finding, fine, mend, note
from otl.mail_settings import MailSettings
from scheduling.calendars.find import CalendarDetails, Host
from scheduling.plain_text import clean

LOOPBACK: Final = frozenset({"localhost", "127.0.0.1", "::1"})
ANSWER_LENGTH: Final = 300
NO_MAIL: Final = (
    "No mail is sent: contacts get no confirmation and hosts no invitation but in Slack and on the "
    "page. Set OTL_SMTP_URL and OTL_MAIL_FROM to change that."
)
TRIAL: Final = """This is a test mail of OTL.

Whoever runs OTL asked for it by `otl doctor --mail`. Where it has arrived, confirmations and
invitations do too. If it was among the unwanted mail, so may they be: look whether the domain of
the sender has SPF and DKIM for this mail server.
"""


async def examine_mail(
    mail: MailSettings | None, calendars: Sequence[CalendarDetails], *, waiting: int
) -> list[Finding]:
    """Look at all that mail stands on; no mail is sent.

    Args:
        waiting: how many mails there are to be sent.
    """
    if mail is None and waiting:
        words = (
            f"Mails wait, and mail is switched off: {waiting}. Set OTL_SMTP_URL and OTL_MAIL_FROM "
            "again; those whose meetings are still to come go out then."
        )
        return [mend(words)]
    if mail is None:
        return [note(NO_MAIL)]
    return [await _server(mail), *_encryption(mail.server), *_hosts(mail.sender, calendars)]


async def send_trial(mail: MailSettings | None, address: str) -> Finding:
    """Send a mail to an address of the operator's, and tell what the mail server answered."""
    if mail is None:
        return mend("No test mail was sent: OTL_SMTP_URL and OTL_MAIL_FROM are not set.")
    message = EmailMessage(policy=SMTP)
    message["From"] = mail.sender.header
    message["To"] = Mailbox("", address).header
    message["Subject"] = "Test mail of OTL"
    message["Date"] = format_datetime(datetime.now(UTC))
    message["Message-ID"] = f"<{uuid4()}@{mail.sender.domain}>"
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(TRIAL, cte="quoted-printable")
    try:
        answer = await hand_over(mail.server, message, sender=mail.sender.email, recipient=address)
    except MailTrouble as trouble:
        return mend(f"The test mail was not taken. {_words(trouble, mail)}")
    said = clean(answer, limit=ANSWER_LENGTH)
    return fine(
        f"{_where(mail.server)} took a test mail to {address}: {said}. Look whether it arrives, "
        "and not among the unwanted mail."
    )


async def _server(mail: MailSettings) -> Finding:
    try:
        await try_sender(mail.server, sender=mail.sender.email)
    except MailTrouble as trouble:
        return mend(_words(trouble, mail))
    return fine(f"The mail server {_where(mail.server)} takes mail from {mail.sender.email}.")


def _encryption(server: SmtpServer) -> list[Finding]:
    if server.security is not Security.NONE or server.host in LOOPBACK:
        return []
    what = "Mail and its login go" if server.user else "Mail goes"
    words = (
        f"{what} to {server.host} unencrypted. Use smtp+starttls:// or smtps:// in OTL_SMTP_URL "
        "where the server offers it."
    )
    return [note(words)]


def _hosts(sender: Mailbox, calendars: Sequence[CalendarDetails]) -> list[Finding]:
    hosts = {host.id: host for calendar in calendars for host in calendar.hosts}.values()
    same = [host for host in hosts if (host.email or "").casefold() == sender.email.casefold()]
    without = [host for host in hosts if not host.email]
    findings = []
    if same:
        words = (
            f"The address of {_names(same)} is OTL_MAIL_FROM. A calendar takes them for the "
            "organizer and shows them no invitation: give OTL an address of its own, or have them "
            "set theirs by `/otl me`."
        )
        findings.append(mend(words))
    if without:
        words = (
            f"No address is known of {_names(without)}, so they get no invitation. They set one by "
            "`/otl me`; with the scope users:read.email Slack tells it."
        )
        findings.append(note(words))
    return findings


def _names(hosts: Sequence[Host]) -> str:
    return ", ".join(sorted(host.name for host in hosts))


def _words(trouble: MailTrouble, mail: MailSettings) -> str:
    """Say what is wrong and what to do. What the server said is shown: it is the operator's."""
    where = _where(mail.server)
    said = clean(trouble.answer, limit=ANSWER_LENGTH)
    why = f"{trouble.code} {said}" if trouble.code is not None else said or trouble.reason
    if trouble.reason in _TODO:
        return f"{_TODO[trouble.reason].format(where=where)} ({why})"
    match trouble.step:
        case Step.LOG_IN:
            return (
                f"{where} does not take user and password of OTL_SMTP_URL: {why}. Many providers "
                "want a password made for one program; signs in it are percent-encoded."
            )
        case Step.SENDER:
            return (
                f"{where} does not let us send as {mail.sender.email}: {why}. Let the login send "
                "as it, or take another OTL_MAIL_FROM."
            )
        case Step.RECIPIENT | Step.MESSAGE:
            return f"{where} says: {why}"
        case Step.CONNECT | Step.ENCRYPT:
            return (
                f"The mail server {where} cannot be used: {why}. Check host and port in "
                "OTL_SMTP_URL, and whether this machine may send there (port 25 often is closed)."
            )


_TODO: Final = {
    BAD_CERTIFICATE: (
        "The certificate of {where} is not trusted. OTL_SMTP_URL names the server as its "
        "certificate does; one of your own must be among those that this machine trusts."
    ),
    TLS_FAILED: (
        "There is no encryption with {where}. smtps:// is for port 465, smtp+starttls:// for 587."
    ),
    NO_STARTTLS: (
        "{where} offers no STARTTLS, and nothing is sent without. smtps:// is for port 465."
    ),
    NO_LOGIN: (
        "{where} offers no login here. Use smtp+starttls:// or smtps://, or leave user and "
        "password out."
    ),
}


def _where(server: SmtpServer) -> str:
    return f"{server.host}:{server.port}"
