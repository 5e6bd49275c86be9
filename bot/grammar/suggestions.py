"""What was probably meant, as lines that a button runs. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Final

from bot.errors import (
    ContactMissing,
    DeadlineOutOfBounds,
    DeadlineUnreadable,
    LinkUnreadable,
    SeveralAddresses,
    UnknownVerb,
)
from bot.grammar.commands import read_draft, with_calendar, with_verb
from bot.grammar.verbs import Verb
from scheduling.errors import AmbiguousCalendar, CalendarGroupNamed, UnknownCalendar

MOST: Final = 5
LONGEST_LINE: Final = 2000
"""Slack keeps so much in a button."""

_LIKE_A_TOKEN: Final = re.compile(r"(?<![a-z0-9])[a-z2-9]{32}(?![a-z0-9])", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A button.

    Attributes:
        line: what it runs, as if typed after /otl.
        verb: of the line.
        names_all: nothing is missing in the line; else the button opens a form.
    """

    label: str
    line: str
    verb: Verb
    names_all: bool = True


def suggestions(error: Exception, text: str) -> tuple[Suggestion, ...]:
    """Return what the person may have meant, best first.

    Contact and deadline stay in the line as they were typed: it stands in the button's value, in
    a message that only this person sees and that shows the same line in words.

    Args:
        text: what was typed after /otl; "" where nothing was.
    """
    match error:
        case UnknownVerb(near=Verb() as near):
            line = with_verb(text, near)
            found = [Suggestion(f"/otl {near}", line, near, names_all=" " in line)]
        case LinkUnreadable(verb=verb):
            found = [Suggestion("Choose a link", verb.value, verb, names_all=False)]
        case UnknownCalendar(near=pairs):
            found = list(_with_calendars(text, pairs))
        case AmbiguousCalendar(candidates=pairs) | CalendarGroupNamed(calendars=pairs):
            found = list(_with_calendars(text, pairs))
        case _:
            found = []
    return tuple(one for one in found if is_fit_for_a_button(one.line))[:MOST]


def form_line(error: Exception, text: str) -> str:
    """Return the line if a form helps to put it right: a link's contact or deadline is wrong."""
    match error:
        case ContactMissing() | SeveralAddresses() | DeadlineUnreadable() | DeadlineOutOfBounds():
            return text if is_fit_for_a_button(text) else ""
        case UnknownCalendar() if read_draft(text).calendar:
            return text if is_fit_for_a_button(text) else ""
        case _:
            return ""


def is_fit_for_a_button(line: str) -> bool:
    """Tell whether a line may stand in a button's value: not too long, and no link's address."""
    return len(line) <= LONGEST_LINE and not _LIKE_A_TOKEN.search(line)


def _with_calendars(text: str, pairs: Iterable[tuple[str, str]]) -> Iterable[Suggestion]:
    for slug, name in pairs:
        line = with_calendar(text, slug)
        if line is not None:
            yield Suggestion(name, line, Verb(line.partition(" ")[0]))
