"""`meetings [today|week|@user]`, read; and the same as the value of a button. Pure."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final, Self

from bot.errors import MeetingsUnreadable
from bot.grammar.typed_text import Typed

PAGE: Final = 10
_VALUE: Final = re.compile(r"([UW][A-Z0-9]{1,31}) (all|today|week) ([0-9]{1,9})")


class Span(StrEnum):
    """How far ahead one looks."""

    ALL = "all"
    TODAY = "today"
    WEEK = "week"


@dataclass(frozen=True, slots=True)
class ShowMeetings:
    """Meetings that are asked for.

    Attributes:
        user: Slack user id of whose they are; None: of who asks.
        skip: how many earlier ones come before the page.
    """

    user: str | None = None
    span: Span = Span.ALL
    skip: int = 0

    def at(self, skip: int) -> Self:
        """Return another page."""
        return replace(self, skip=max(skip, 0))

    def as_value(self) -> str:
        """Return it as a button's value; whose they are must be known."""
        return f"{self.user} {self.span} {self.skip}"

    @classmethod
    def of_value(cls, value: str) -> Self:
        """Read a button's value; one that cannot be read is that of the command alone."""
        found = _VALUE.fullmatch(value)
        return cls(found[1], Span(found[2]), int(found[3])) if found else cls()


def read_meetings(rest: Typed) -> ShowMeetings:
    """Read what follows `meetings`, in any order.

    Raises:
        MeetingsUnreadable: it is neither a span nor a person, or several of one kind.
    """
    user: str | None = None
    span: Span | None = None
    for word in rest.words:
        if word.person and user is None:
            user = word.person
        elif word.text.lower() in {Span.TODAY, Span.WEEK} and span is None:
            span = Span(word.text.lower())
        else:
            raise MeetingsUnreadable(rest.text())
    return ShowMeetings(user, span or Span.ALL)
