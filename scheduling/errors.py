"""Refusals of the business: facts as attributes, no words for people, never a token or an address.

The bot and the site each have words of their own for every one of them.
"""

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from scheduling.calendars.limits import Problem

if TYPE_CHECKING:  # a refusal carries the status; the file that computes it knows the database
    from scheduling.links.status import LinkStatus


class SchedulingError(Exception):
    """A refusal. Whoever raises it has changed nothing."""


class UnknownCalendar(SchedulingError):
    """No calendar goes by these words.

    Attributes:
        words: what was asked for.
        near: slug and name of calendars that are spelled nearly so, best first; may be empty.
    """

    def __init__(self, words: str, near: tuple[tuple[str, str], ...] = ()) -> None:
        super().__init__("no such calendar")
        self.words = words
        self.near = near


class AmbiguousCalendar(SchedulingError):
    """Several calendars begin with these words; candidates holds slug and name of each."""

    def __init__(self, words: str, candidates: tuple[tuple[str, str], ...]) -> None:
        super().__init__("several calendars match")
        self.words = words
        self.candidates = candidates


class CalendarGroupNamed(SchedulingError):
    """A group was named; a one-time link belongs to one calendar in it.

    Attributes:
        group: the group's name.
        calendars: slug and name of its active calendars; may be empty.
    """

    def __init__(self, group: str, calendars: tuple[tuple[str, str], ...]) -> None:
        super().__init__("a group is not a calendar")
        self.group = group
        self.calendars = calendars


class CalendarInactive(SchedulingError):
    """The calendar is deactivated: it issues no links and takes no bookings."""

    def __init__(self, slug: str, name: str) -> None:
        super().__init__("calendar is deactivated")
        self.slug = slug
        self.name = name


class InvalidCalendar(SchedulingError):
    """A calendar cannot be so.

    Attributes:
        calendar: its slug.
        problems: all that is wrong with it, at least one.
    """

    def __init__(self, calendar: str, problems: tuple[Problem, ...]) -> None:
        wrong = ", ".join(f"{problem.field} {problem.kind}" for problem in problems)
        super().__init__(f"calendar {calendar}: {wrong}")
        self.calendar = calendar
        self.problems = problems


class UnknownLink(SchedulingError):
    """No link has this public id, or none this secret (public_id is None then)."""

    def __init__(self, public_id: str | None = None) -> None:
        super().__init__("no such link")
        self.public_id = public_id


class LinkNotActive(SchedulingError):
    """The link is used, deleted or past its deadline.

    Attributes:
        status: never ACTIVE.
        since: when it came to be so, in UTC.
    """

    def __init__(self, public_id: str, status: "LinkStatus", since: datetime) -> None:
        super().__init__(f"link {public_id} is {status}")
        self.public_id = public_id
        self.status = status
        self.since = since


class NotAllowed(SchedulingError):
    """This person may not do this to this link.

    Attributes:
        issued_by: Slack user id of who may.
        calendar_owner: Slack user id of the calendar's owner, who may too (except copy), or None.
    """

    def __init__(self, public_id: str, issued_by: str, calendar_owner: str | None) -> None:
        super().__init__(f"not allowed on link {public_id}")
        self.public_id = public_id
        self.issued_by = issued_by
        self.calendar_owner = calendar_owner


class BookingIsPrivate(SchedulingError):
    """They may not read a booking's address and note.

    Attributes:
        public_id: of its link.
        issued_by, calendar_owner: Slack user ids of whom they may ask.
    """

    def __init__(self, public_id: str, issued_by: str, calendar_owner: str) -> None:
        super().__init__("booking is private")
        self.public_id = public_id
        self.issued_by = issued_by
        self.calendar_owner = calendar_owner


class NotYourMeeting(SchedulingError):
    """They may not say where a meeting is.

    Attributes:
        hosts, calendar_owner: Slack user ids of who may.
    """

    def __init__(self, hosts: tuple[str, ...], calendar_owner: str) -> None:
        super().__init__("not their meeting")
        self.hosts = hosts
        self.calendar_owner = calendar_owner


class MeetingOver(SchedulingError):
    """The meeting is over, or was cancelled: it takes no other place."""

    def __init__(self) -> None:
        super().__init__("meeting is over")


class StartTaken(SchedulingError):
    """The start is not open: past, outside the hours, off the grid or just taken."""

    def __init__(self, start: datetime) -> None:
        super().__init__("start is not open")
        self.start = start


class PhoneMissing(SchedulingError):
    """The host calls the contact, who gave no number."""

    def __init__(self) -> None:
        super().__init__("no number to call")


class UnknownBooking(SchedulingError):
    """No booking has this secret."""

    def __init__(self) -> None:
        super().__init__("no such booking")


class AddressCorrected(SchedulingError):
    """The contact's address was corrected before: once is all."""

    def __init__(self) -> None:
        super().__init__("address was corrected before")


class BookingCancelled(SchedulingError):
    """The booking was cancelled: it cannot be moved."""

    def __init__(self) -> None:
        super().__init__("booking is cancelled")


class BookingChanged(SchedulingError):
    """The booking is not any more what the page showed: somebody changed it meanwhile."""

    def __init__(self) -> None:
        super().__init__("booking changed meanwhile")


class TooLateToChange(SchedulingError):
    """The meeting is too near, or over, for whoever booked it to move or cancel.

    Attributes:
        cutoff: so long before its start they may.
    """

    def __init__(self, starts_at: datetime, cutoff: timedelta) -> None:
        super().__init__("too late to change")
        self.starts_at = starts_at
        self.cutoff = cutoff


class NoMovesLeft(SchedulingError):
    """Whoever booked has moved the meeting as often as the calendar lets them."""

    def __init__(self, most: int) -> None:
        super().__init__("moved too often")
        self.most = most


class SecondWorkspace(SchedulingError):
    """This installation serves another Slack workspace already (its name and team id)."""

    def __init__(self, name: str, team_id: str) -> None:
        super().__init__(f"this installation serves workspace {team_id}")
        self.name = name
        self.team_id = team_id


class DatabaseUnavailable(SchedulingError):
    """The database did not answer, or three tries collided; whether it wrote is unknown."""

    def __init__(self) -> None:
        super().__init__("the database is unavailable")
