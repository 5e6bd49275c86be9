"""What trouble with a mail means for its delivery. Pure."""

import re
from typing import Final

from booking_web.mail.smtp import (
    BAD_CERTIFICATE,
    NO_LOGIN,
    NO_SMTPUTF8,
    NO_STARTTLS,
    TLS_FAILED,
    MailTrouble,
    Step,
)
from scheduling.events.deliveries import DestinationRefused, NotSent, Outcome, Refused, Unsure

ABOUT_US: Final = re.compile(
    r"relay access denied|relaying (is )?(denied|not allowed)|relay not permitted|unable to relay"
    r"|authentication (is )?required|must authenticate|send ?as ?denied|send on behalf",
    re.IGNORECASE,
)
"""What servers say where they refuse every mail of ours, whomever it is for."""

ABOUT_THE_ADDRESS: Final = ("5.1.", "5.2.")
"""Enhanced codes of an address and of a mailbox (RFC 3463 §3.2, §3.3)."""

ADDRESS: Final = re.compile(r"\S+@\S+")

AUTHENTICATION: Final = frozenset({530, 534, 535, 538})  # RFC 4954 §6


OF_THE_SERVER: Final = frozenset({NO_STARTTLS, NO_LOGIN, BAD_CERTIFICATE, TLS_FAILED})
"""Reasons that hold for every mail until somebody mends the settings or the server."""


def outcome_of(trouble: MailTrouble) -> Outcome:
    """Sort by what was being done, and what the server said to it.

    What it said before it had the message's last line is certain. When the connection breaks later
    nobody knows, and the same mail is sent again: its Message-ID folds the two into one.
    """
    if trouble.code is None:
        return _without_an_answer(trouble)
    if trouble.code < 500:
        return NotSent(trouble.reason)
    if trouble.step in {Step.RECIPIENT, Step.MESSAGE} and not _is_about_us(trouble):
        return Refused(trouble.reason)
    return DestinationRefused(trouble.reason)


def _without_an_answer(trouble: MailTrouble) -> Outcome:
    match trouble.step:
        case Step.MESSAGE:
            return Unsure(trouble.reason)
        case Step.RECIPIENT if trouble.reason == NO_SMTPUTF8:
            return Refused(trouble.reason)
        case Step.ENCRYPT | Step.LOG_IN if trouble.reason in OF_THE_SERVER:
            return DestinationRefused(trouble.reason)
        case _:
            return NotSent(trouble.reason)


def _is_about_us(trouble: MailTrouble) -> bool:
    if trouble.code in AUTHENTICATION:
        return True
    if trouble.step is Step.RECIPIENT and trouble.enhanced.startswith(ABOUT_THE_ADDRESS):
        return False
    # An address that is repeated there was typed by a contact.
    return ABOUT_US.search(ADDRESS.sub("", trouble.answer)) is not None
