"""`issue CALENDAR [for CONTACT] [expires 7d]`: read, put right, given back. Pure."""

import re
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.errors import (
    CalendarMissing,
    ContactMissing,
    DeadlineMissing,
    DeadlineOutOfBounds,
    DeadlineUnreadable,
    SeveralAddresses,
)
from bot.grammar.typed_text import TEXT_LIMIT, Typed, read_typed
from scheduling.contacts import NAME_LENGTH, Contact, read_email
from scheduling.plain_text import clean

SHORTEST_DEADLINE: Final = timedelta(hours=1)
LONGEST_DEADLINE: Final = timedelta(days=365)

_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_DEADLINE: Final = re.compile(
    r"(?:in\s+)?([0-9]{1,5})\s*(h|d|w)(?:ours?|ays?|eeks?|rs?|ks?)?", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class IssueLink:
    """A link to be issued; calendar is words, not yet a slug."""

    calendar: str
    contact: Contact | None = None
    deadline: timedelta | None = None


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """What was typed for a link, as it stands, whether it can be read or not; "" is nothing."""

    calendar: str = ""
    contact: str = ""
    deadline: str = ""


@dataclass(frozen=True, slots=True)
class _Parts:
    """What follows `issue`, taken apart; None where the keyword is."""

    calendar: Typed
    contact: Typed | None
    deadline: Typed | None


def read_issue(rest: Typed) -> IssueLink:
    """Read what follows `issue`.

    Raises:
        CalendarMissing: nothing does.
        ContactMissing, SeveralAddresses: see `read_contact`.
        DeadlineUnreadable, DeadlineOutOfBounds: see `read_deadline`.
    """
    parts = _split(rest)
    deadline = None if parts.deadline is None else read_deadline(parts.deadline.text())
    words = parts.calendar.text()
    if not words:
        raise CalendarMissing
    contact = None if parts.contact is None else read_contact(parts.contact.text())
    return IssueLink(words, contact, deadline)


def read_deadline(words: str) -> timedelta:
    """Read `12h`, `7 days` or `2w`.

    Raises:
        DeadlineMissing, DeadlineUnreadable: it is none.
        DeadlineOutOfBounds: shorter than an hour or longer than a year.
    """
    found = _DEADLINE.fullmatch(words)
    if not words:
        raise DeadlineMissing
    if not found:
        raise DeadlineUnreadable(words)
    deadline = int(found[1]) * _UNITS[found[2].lower()]
    if not SHORTEST_DEADLINE <= deadline <= LONGEST_DEADLINE:
        raise DeadlineOutOfBounds(words)
    return deadline


def read_contact(words: str) -> Contact:
    """Read a name with at most one e-mail address in it.

    Raises:
        ContactMissing: there is neither.
        SeveralAddresses: a link is for one contact.
    """
    emails: list[str] = []
    rest: list[str] = []
    for word in words.split():
        email = read_email(word.strip("<>()[]{},;:\"'")) if "@" in word else None
        (rest if email is None else emails).append(word if email is None else email)
    if len(set(emails)) > 1:
        raise SeveralAddresses
    name = clean(" ".join(rest).strip('",; '), limit=NAME_LENGTH)
    if not name and not emails:
        raise ContactMissing
    return Contact(name or None, emails[0] if emails else None)


def read_draft(line: str) -> IssueDraft:
    """Return what was typed after `issue`, readable or not; nothing where it is another verb."""
    word, rest = read_typed(line[:TEXT_LIMIT]).first_word()
    if word.lower() != "issue":
        return IssueDraft()
    parts = _split(rest)
    return IssueDraft(
        parts.calendar.text(),
        parts.contact.text() if parts.contact else "",
        parts.deadline.text() if parts.deadline else "",
    )


def issue_with_calendar(rest: Typed, slug: str) -> str:
    """Return what follows `issue`, for another calendar.

    The slug is quoted, so that no keyword is read out of it.
    """
    parts = _split(rest)
    contact = f" for {parts.contact.raw()}" if parts.contact else ""
    deadline = f" expires {parts.deadline.raw()}" if parts.deadline else ""
    return f'"{slug}"{contact}{deadline}'


def _split(rest: Typed) -> _Parts:
    calendar, contact = rest.split_at_first("for")
    if contact is None:
        calendar, deadline = calendar.split_at_last("expires")
        return _Parts(calendar, None, deadline)
    contact, deadline = contact.split_at_last("expires")
    if deadline is None:
        calendar, deadline = calendar.split_at_last("expires")
    return _Parts(calendar, contact, deadline)
