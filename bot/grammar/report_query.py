"""What a report of links shows, as the text that its buttons carry. Pure."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Final, Self

from bot.grammar.status import ShowStatus
from bot.text.mrkdwn import is_slack_id
from scheduling.links.status import LinkStatus

_SLUG: Final = re.compile(r"[a-z0-9-]{1,64}")
_LETTERS: Final = {status.value[0]: status for status in LinkStatus}
_COUNT: Final = re.compile(r"([a-z])([0-9]{1,9})")
PAGE: Final = 10


@dataclass(frozen=True, slots=True)
class ReportQuery:
    """A page of a report.

    Attributes:
        shows: the subject, a calendar by its slug, and the one status or all.
        skip: how many newer links come before the page.
        seen: the counts that stood beside the button, to tell what changed since.
    """

    shows: ShowStatus
    skip: int = 0
    seen: Mapping[LinkStatus, int] | None = field(default=None, hash=False)

    def at(self, skip: int) -> Self:
        """Return another page."""
        return replace(self, skip=max(skip, 0))

    def narrowed_to(self, only: LinkStatus | None) -> Self:
        """Return the first page of one status, or of all."""
        shows = ShowStatus(calendar=self.shows.calendar, user=self.shows.user, only=only)
        return replace(self, shows=shows, skip=0)

    def as_value(self) -> str:
        """Return it as a button's value: ids, a status and numbers, nothing that people wrote."""
        parts = {
            "calendar": self.shows.calendar,
            "user": self.shows.user,
            "only": self.shows.only,
            "skip": self.skip or None,
            "seen": None
            if self.seen is None
            else "".join(f"{one.value[0]}{self.seen.get(one, 0)}" for one in LinkStatus),
        }
        return " ".join(f"{name}={part}" for name, part in parts.items() if part) or "all"


def read_query(value: str) -> ReportQuery:
    """Read a button's value; what cannot be read is left out."""
    parts = dict(part.split("=", 1) for part in value.split() if "=" in part)
    calendar, user = parts.get("calendar", ""), parts.get("user", "")
    only, skip, seen = parts.get("only", ""), parts.get("skip", ""), parts.get("seen")
    return ReportQuery(
        ShowStatus(
            calendar=calendar if _SLUG.fullmatch(calendar) else None,
            user=user if is_slack_id(user) else None,
            only=LinkStatus(only) if only in set(LinkStatus) else None,
        ),
        int(skip) if skip.isdecimal() and len(skip) < 10 else 0,
        None
        if seen is None
        else {
            _LETTERS[letter]: int(number)
            for letter, number in _COUNT.findall(seen)
            if letter in _LETTERS
        },
    )
