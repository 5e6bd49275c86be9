"""What the bot says about the mail as a whole: what waits, why, and what to do about it."""

from typing import Final

from bot.text.mrkdwn import code, moment
from scheduling.events.mail_health import MailHealth

_NO_ANSWERS: Final = frozenset(
    {"ConnectionRefusedError", "gaierror", "OSError", "TimeoutError", "SMTPServerDisconnected"}
)
_WHAT_IT_REFUSES: Final = {
    "535": "it does not take our login",
    "534": "it does not take our login",
    "530": "it wants a login",
    "no login offered": "it offers no login",
    "no STARTTLS": "it offers no encryption",
    "certificate not trusted": "its certificate is not trusted",
    "TLS failed": "encryption fails",
}


def is_troubled(mail: MailHealth) -> bool:
    """Tell whether mail waits for somebody to mend something."""
    return bool(mail.waiting) and (not mail.is_on or mail.refusal is not None)


def waiting(mail: MailHealth) -> list[str]:
    """Return what waits and why, and what did not arrive, a paragraph each."""
    return [words for words in (_waiting(mail), _unreached(mail), _too_late(mail)) if words]


def _waiting(mail: MailHealth) -> str:
    if not mail.waiting and (mail.refusal is None or not mail.is_on):
        return ""
    wait = f"{_mails(mail.waiting)} {'waits' if mail.waiting == 1 else 'wait'}"
    if mail.waiting_since:
        wait = f"{wait}, since {moment(mail.waiting_since)}"
    if not mail.is_on:
        return (
            f"*Mail is switched off.* {wait}. Whoever runs OTL sets `OTL_SMTP_URL` and "
            "`OTL_MAIL_FROM` again and restarts; what is still to come goes out then."
        )
    if mail.refusal is not None:
        at = f" since {moment(mail.refused_at)}" if mail.refused_at else ""
        why = _WHAT_IT_REFUSES.get(mail.refusal) or _WHAT_IT_REFUSES.get(mail.refusal[:3])
        why = f"{why} ({code(mail.refusal)})" if why else f"it says {code(mail.refusal)}"
        return (
            f"*The mail server takes nothing from us*{at}: {why}. {wait}. `otl doctor` tells "
            "whoever runs OTL what to do; all that waits goes out then."
        )
    if mail.reason is None:
        return f"{_mails(mail.waiting)} {'is' if mail.waiting == 1 else 'are'} on the way."
    what = "does not answer" if mail.reason in _NO_ANSWERS else "does not take them yet"
    return (
        f"{wait}: the mail server {what} ({code(mail.reason)}). I keep trying, at least every "
        "5 minutes. If it lasts, `otl doctor` tells whoever runs OTL more."
    )


def _unreached(mail: MailHealth) -> str:
    if not mail.unreached:
        return ""
    return (
        f"{_mails(mail.unreached)} reached nobody in the last 7 days: the address takes none. "
        "Whoever issued the link, or the host, was told."
    )


def _too_late(mail: MailHealth) -> str:
    if not mail.too_late:
        return ""
    return (
        f"{_mails(mail.too_late)} {'was' if mail.too_late == 1 else 'were'} not sent in the last "
        "7 days: the meeting was over before the mail server took it."
    )


def sent(mail: MailHealth) -> str:
    """Return how much mail went out, or that none does."""
    if mail.is_on or mail.sent:
        return f"{_mails(mail.sent)} sent in the last 7 days"
    return "No mail is sent: `OTL_SMTP_URL` is not set"


def _mails(number: int) -> str:
    return "1 mail" if number == 1 else f"{number or 'No'} mails"
