"""What was probably meant, as lines that a button runs."""

import re
from collections.abc import Iterable
from typing import Final

from bot.commands.registry import verbs
from bot.errors import (
    ContactMissing,
    DeadlineOutOfBounds,
    DeadlineUnreadable,
    LinkUnreadable,
    SeveralAddresses,
    UnknownVerb,
)
from bot.grammar.issue import read_draft
from bot.grammar.typed_text import read_typed
from bot.messages.notes import MOST_SUGGESTIONS, Suggestion
from bot.text.buttons import CHOOSE_LINK
from scheduling.errors import AmbiguousCalendar, CalendarGroupNamed, UnknownCalendar
from scheduling.plain_text import clean

LONGEST_LINE: Final = 2000
"""Slack keeps so much in a button."""

_LIKE_A_TOKEN: Final = re.compile(r"(?<![a-z0-9])[a-z2-9]{32}(?![a-z0-9])", re.IGNORECASE)


def suggestions(error: Exception, text: str) -> tuple[Suggestion, ...]:
    """Return what the person may have meant, best first.

    Contact and deadline stay in the line as they were typed: it stands in the button's value, in
    a message that only this person sees and that shows the same line in words.

    Args:
        text: what was typed after /otl; "" where nothing was.
    """
    found: list[Suggestion] = []
    match error:
        case UnknownVerb(near=str(near)):
            _, rest = read_typed(text).first_word()
            line = f"{near} {rest.raw()}".rstrip()
            # Without its link the verb only opens a form.
            question = verbs()[near].question if " " in line else None
            found = [Suggestion(f"/otl {near}", line, question)]
        case LinkUnreadable(verb=verb):
            found = [Suggestion(CHOOSE_LINK, verb)]
        case (
            UnknownCalendar(near=pairs)
            | AmbiguousCalendar(candidates=pairs)
            | CalendarGroupNamed(calendars=pairs)
        ):
            found = list(_with_calendars(text, pairs))
        case _:
            pass
    return tuple(one for one in found if is_fit_for_a_button(one.line))[:MOST_SUGGESTIONS]


def form_line(error: Exception, text: str) -> str:
    """Return the line if a form helps to put it right: a link's contact or deadline is wrong."""
    match error:
        case ContactMissing() | SeveralAddresses() | DeadlineUnreadable() | DeadlineOutOfBounds():
            line = clean(text, limit=LONGEST_LINE)
        case UnknownCalendar() if read_draft(text).calendar:
            line = clean(text, limit=LONGEST_LINE)
        case _:
            line = ""
    return line if is_fit_for_a_button(line) else ""


def is_fit_for_a_button(line: str) -> bool:
    """Tell whether a line may stand in a button's value: not too long, and no address in it."""
    is_address = "://" in line or _LIKE_A_TOKEN.search(line)
    return len(line) <= LONGEST_LINE and not is_address


def _with_calendars(text: str, pairs: Iterable[tuple[str, str]]) -> Iterable[Suggestion]:
    word, rest = read_typed(text).first_word()
    verb = verbs().get(word.lower())
    if verb is not None and verb.with_calendar is not None:
        for slug, name in pairs:
            yield Suggestion(name, f"{verb.name} {verb.with_calendar(rest, slug)}")
