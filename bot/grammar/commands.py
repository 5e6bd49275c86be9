"""What people type after /otl, as a value. Pure; of Slack it knows only the signs in the text."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from typing import Final

from bot.errors import (
    CalendarMissing,
    ContactMissing,
    DeadlineMissing,
    DeadlineOutOfBounds,
    DeadlineUnreadable,
    LinkMissing,
    LinkUnreadable,
    SeveralAddresses,
    TooLong,
    UnknownVerb,
)
from bot.grammar.typed_text import TEXT_LIMIT, Typed, read_typed
from bot.grammar.verbs import Verb, find_near_verb, find_verb
from scheduling.contacts import NAME_LENGTH, Contact, read_email
from scheduling.links.status import LinkStatus
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
class NextSteps:
    """Nothing at all after /otl."""


@dataclass(frozen=True, slots=True)
class Help:
    """`help`."""


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


@dataclass(frozen=True, slots=True)
class ShowHealth:
    """`health`."""


Command = (
    NextSteps
    | Help
    | ListCalendars
    | IssueLink
    | CopyLink
    | RegenerateLink
    | DeleteLink
    | ShowStatus
    | ShowHealth
)


@dataclass(frozen=True, slots=True)
class IssueDraft:
    """What was typed for a link, as it stands, whether it can be read or not; "" is nothing."""

    calendar: str = ""
    contact: str = ""
    deadline: str = ""


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
        return NextSteps()
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


def _read_health(rest: Typed) -> ShowHealth:
    del rest
    return ShowHealth()


def _read_calendars(rest: Typed) -> ListCalendars:
    return ListCalendars(rest.text())


@dataclass(frozen=True, slots=True)
class _IssueParts:
    """`CALENDAR [for CONTACT] [expires DEADLINE]`, taken apart; None where the keyword is."""

    calendar: Typed
    contact: Typed | None
    deadline: Typed | None


def _split_issue(rest: Typed) -> _IssueParts:
    calendar, contact = rest.split_at_first("for")
    if contact is None:
        calendar, deadline = calendar.split_at_last("expires")
        return _IssueParts(calendar, None, deadline)
    contact, deadline = contact.split_at_last("expires")
    if deadline is None:
        calendar, deadline = calendar.split_at_last("expires")
    return _IssueParts(calendar, contact, deadline)


def _read_issue(rest: Typed) -> IssueLink:
    parts = _split_issue(rest)
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


def read_draft(text: str) -> IssueDraft:
    """Return what was typed after `issue`, readable or not; nothing where it is another verb."""
    word, rest = read_typed(text[:TEXT_LIMIT]).first_word()
    if find_verb(word) is not Verb.ISSUE:
        return IssueDraft()
    parts = _split_issue(rest)
    return IssueDraft(
        parts.calendar.text(),
        parts.contact.text() if parts.contact else "",
        parts.deadline.text() if parts.deadline else "",
    )


def with_calendar(text: str, slug: str) -> str | None:
    """Return the same line for another calendar; None if it is none that names a calendar.

    The slug is quoted, so that no keyword and no link's id is read out of it.
    """
    word, rest = read_typed(text).first_word()
    verb = find_verb(word)
    if verb is Verb.ISSUE:
        parts = _split_issue(rest)
        contact = f" for {parts.contact.raw()}" if parts.contact else ""
        deadline = f" expires {parts.deadline.raw()}" if parts.deadline else ""
        return f'{verb} "{slug}"{contact}{deadline}'
    if verb is Verb.STATUS:
        _, last = rest.last_word()
        only = f" {last}" if last.lower() in _STATUSES else ""
        return f'{verb} "{slug}"{only}'
    return None


def with_verb(text: str, verb: Verb) -> str:
    """Return the same line with another first word."""
    _, rest = read_typed(text).first_word()
    return f"{verb} {rest.raw()}".rstrip()


_READERS: Final[dict[Verb, Callable[[Typed], Command]]] = {
    Verb.HELP: _read_help,
    Verb.CALENDARS: _read_calendars,
    Verb.ISSUE: _read_issue,
    Verb.COPY: _read_copy,
    Verb.REGENERATE: _read_regenerate,
    Verb.STATUS: _read_status,
    Verb.DELETE: _read_delete,
    Verb.HEALTH: _read_health,
}
