"""`status [CALENDAR|LINK|@user] [active|used|deleted|expired]`, read. Pure."""

from dataclasses import dataclass
from typing import Final

from bot.grammar.link_ids import names_a_link, public_id
from bot.grammar.typed_text import Typed
from scheduling.links.status import LinkStatus

_STATUSES: Final = {status.value: status for status in LinkStatus}


@dataclass(frozen=True, slots=True)
class ShowStatus:
    """Links whose status is asked for; at most one of calendar, link and user is set."""

    calendar: str | None = None
    link: str | None = None
    user: str | None = None
    only: LinkStatus | None = None


def read_status(rest: Typed) -> ShowStatus:
    """Read what follows `status`; quotes mean a calendar."""
    subject, last = rest.last_word()
    only = _STATUSES.get(last.lower())
    if only is None:
        subject = rest
    words = subject.text()
    if not words:
        return ShowStatus(only=only)
    if subject.person:
        return ShowStatus(user=subject.person, only=only)
    if not subject.is_quoted and names_a_link(words):
        return ShowStatus(link=public_id(words), only=only)
    return ShowStatus(calendar=words, only=only)


def status_with_calendar(rest: Typed, slug: str) -> str:
    """Return what follows `status`, for another calendar.

    The slug is quoted, so that no link's id is read out of it.
    """
    _, last = rest.last_word()
    only = f" {last}" if last.lower() in _STATUSES else ""
    return f'"{slug}"{only}'
