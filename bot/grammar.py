"""What people type after /otl, as a value. Pure; of Slack it knows only the signs in the text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.errors import (
    CalendarMissing,
    ContactMissing,
    DeadlineOutOfBounds,
    DeadlineUnreadable,
    LinkMissing,
    LinkUnreadable,
    SeveralAddresses,
    TooLong,
    UnknownVerb,
)
from bot.typed_text import TEXT_LIMIT, Typed, read_typed
from bot.verbs import Verb, find_near_verb, find_verb
from scheduling.contacts import NAME_LENGTH, Contact, read_email
from scheduling.link_status import LinkStatus
from scheduling.plain_text import clean

SHORTEST_DEADLINE: Final = timedelta(hours=1)
LONGEST_DEADLINE: Final = timedelta(days=365)

_UNITS: Final = {"h": timedelta(hours=1), "d": timedelta(days=1), "w": timedelta(weeks=1)}
_DEADLINE: Final = re.compile(
    r"(?:in\s+)?([0-9]{1,5})\s*(h|d|w)(?:ours?|ays?|eeks?|rs?|ks?)?", re.IGNORECASE
)
_STATUSES: Final = {status.value: status for status in LinkStatus}
# Six characters of the public alphabet, which has no I, L, O, 0 and 1; phones make a dash of "-".
_LINK_ID: Final = re.compile(r"(?:L\s?[-\u2010-\u2015]?\s?)?([2-9A-HJKMNP-Z]{6})", re.IGNORECASE)
_MARKED_LINK_ID: Final = re.compile(r"L[-\u2010-\u2015]?([2-9A-HJKMNP-Z]{6})", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Help:
    """`help`, or nothing at all."""


@dataclass(frozen=True, slots=True)
class ListCalendars:
    """`calendars [words]`; words is "" for all of them."""

    words: str = ""


@dataclass(frozen=True, slots=True)
class IssueLink:
    """`issue CALENDAR [for CONTACT] [expires 7d]`; calendar is words, not yet a slug."""

    calendar: str
    contact: Contact | None = None
    deadline: timedelta | None = None


@dataclass(frozen=True, slots=True)
class CopyLink:
    """`copy LINK`, the link by its public id in normal form."""

    link: str


@dataclass(frozen=True, slots=True)
class RegenerateLink:
    """`regenerate LINK`."""

    link: str


@dataclass(frozen=True, slots=True)
class DeleteLink:
    """`delete LINK`."""

    link: str


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """`status [CALENDAR|LINK|@user] [active|used|deleted|expired]`; at most one of them set."""

    calendar: str | None = None
    link: str | None = None
    user: str | None = None
    only: LinkStatus | None = None


Command = Help | ListCalendars | IssueLink | CopyLink | RegenerateLink | DeleteLink | ShowStatus


def parse_command(text: str) -> Command:
    """Read what stands after /otl.

    Raises:
        Misunderstanding: it cannot be read; which one says why.
    """
    if len(text) > TEXT_LIMIT:
        raise TooLong(TEXT_LIMIT)
    typed = read_typed(text)
    word, rest = typed.first_word()
    if not word:
        return Help()
    verb = find_verb(word)
    if verb is None:
        raise UnknownVerb(word, find_near_verb(word))
    return _READERS[verb](rest)


def public_id(text: str) -> str | None:
    """Return the public id in normal form (`l-7k2qxa` → `L-7K2QXA`), or None if it is none."""
    found = _LINK_ID.fullmatch(text.strip())
    return f"L-{found[1].upper()}" if found else None


def _read_help(rest: Typed) -> Help:
    del rest
    return Help()


def _read_calendars(rest: Typed) -> ListCalendars:
    return ListCalendars(rest.text())


def _read_issue(rest: Typed) -> IssueLink:
    calendar, contact_part = rest.split_at_first("for")
    deadline = None
    if contact_part is None:
        calendar, deadline_part = calendar.split_at_last("expires")
    else:
        contact_part, deadline_part = contact_part.split_at_last("expires")
        if deadline_part is None:
            calendar, deadline_part = calendar.split_at_last("expires")
    if deadline_part is not None:
        deadline = read_deadline(deadline_part.text())
    words = calendar.text()
    if not words:
        raise CalendarMissing
    contact = None if contact_part is None else _read_contact(contact_part.text())
    return IssueLink(words, contact, deadline)


def read_deadline(words: str) -> timedelta:
    """Read `12h`, `7 days` or `2w`.

    Raises:
        DeadlineUnreadable: it is none.
        DeadlineOutOfBounds: shorter than an hour or longer than a year.
    """
    found = _DEADLINE.fullmatch(words)
    if not found:
        raise DeadlineUnreadable(words)
    deadline = int(found[1]) * _UNITS[found[2].lower()]
    if not SHORTEST_DEADLINE <= deadline <= LONGEST_DEADLINE:
        raise DeadlineOutOfBounds(words)
    return deadline


def _read_contact(words: str) -> Contact:
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


def _read_link(verb: Verb, rest: Typed) -> str:
    words = rest.text()
    if not words:
        raise LinkMissing(verb)
    link = public_id(words)
    if link is None:
        raise LinkUnreadable(verb, words)
    return link


def _read_copy(rest: Typed) -> CopyLink:
    return CopyLink(_read_link(Verb.COPY, rest))


def _read_regenerate(rest: Typed) -> RegenerateLink:
    return RegenerateLink(_read_link(Verb.REGENERATE, rest))


def _read_delete(rest: Typed) -> DeleteLink:
    return DeleteLink(_read_link(Verb.DELETE, rest))


def _read_status(rest: Typed) -> ShowStatus:
    subject, last = rest.last_word()
    only = _STATUSES.get(last.lower())
    if only is None:
        subject = rest
    words = subject.text()
    if not words:
        return ShowStatus(only=only)
    if subject.person:
        return ShowStatus(user=subject.person, only=only)
    if not subject.is_quoted and _names_a_link(words):
        return ShowStatus(link=public_id(words), only=only)
    return ShowStatus(calendar=words, only=only)


def _names_a_link(words: str) -> bool:
    # Without "L-" a link is told from a calendar ("review") by a digit; quotes mean a calendar.
    if _MARKED_LINK_ID.fullmatch(words):
        return True
    return public_id(words) is not None and any(sign.isdigit() for sign in words)


_READERS: Final[dict[Verb, Callable[[Typed], Command]]] = {
    Verb.HELP: _read_help,
    Verb.CALENDARS: _read_calendars,
    Verb.ISSUE: _read_issue,
    Verb.COPY: _read_copy,
    Verb.REGENERATE: _read_regenerate,
    Verb.STATUS: _read_status,
    Verb.DELETE: _read_delete,
}
