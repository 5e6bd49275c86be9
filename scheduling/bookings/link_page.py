"""What a contact sees of a link before they book."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from sqlalchemy.orm import Session

from scheduling.calendars.find import CalendarDetails, calendars_by_id
from scheduling.contacts import Contact
from scheduling.database.models import Calendar
from scheduling.links.details import contact_of, link_by_lookups, not_active
from scheduling.links.status import LinkStatus, status_of
from scheduling.times.availability import OpenTime
from scheduling.times.intervals import Interval
from scheduling.times.open_times import bookable, list_open_times, next_open_time
from scheduling.workspaces import mail_sender


@dataclass(frozen=True, slots=True)
class LinkPage:
    """What the page of an active link shows.

    Attributes:
        contact: whom the link was issued for, or None.
        takes_guests: there is mail, by which they are invited.
        lookup: the link's, for the form's ticket.
        starts: open, ascending, within the span that was asked for; () if the calendar is inactive.
        other_lengths: of those starts at which a class runs that is not as long as the calendar's
            meetings are now, by start.
        next_start: the first open one after that span, where starts is empty; None: there is none.
        earliest, latest: no start before the one, none at or after the other.
    """

    public_id: str
    contact: Contact | None
    takes_guests: bool
    calendar: CalendarDetails
    lookup: bytes = field(repr=False)
    starts: tuple[datetime, ...]
    other_lengths: Mapping[datetime, timedelta]
    next_start: datetime | None
    earliest: datetime
    latest: datetime


def link_page(
    session: Session, *, lookups: tuple[bytes, ...], within: Interval, now: datetime
) -> LinkPage:
    """Return what the page shows; it changes nothing.

    Args:
        lookups: of the token, one for each key.
        within: the starts that are wanted.

    Raises:
        UnknownLink: no link has this token.
        LinkNotActive: it is used, deleted or expired.
    """
    link = link_by_lookups(session, lookups)
    if status_of(link, now=now) is not LinkStatus.ACTIVE:
        raise not_active(link, now=now)
    row = session.get_one(Calendar, link.calendar_id)
    details = calendars_by_id(session, [row.id])[row.id]
    calendar = bookable(row, details.able_hosts)
    times: list[OpenTime] = []
    next_start = None
    if row.deactivated_at is None:
        times = list_open_times(session, calendar, within=within, now=now)
        if not times:
            next_start = next_open_time(session, calendar, after=within.end, now=now)
    earliest, latest = calendar.limits(now)
    return LinkPage(
        public_id=link.public_id,
        contact=contact_of(link),
        takes_guests=mail_sender(session) is not None,
        calendar=details,
        lookup=link.lookup,
        starts=tuple(time.start for time in times),
        other_lengths={
            time.start: time.end - time.start
            for time in times
            if time.joins is not None and time.end - time.start != row.duration
        },
        next_start=next_start,
        earliest=earliest,
        latest=latest,
    )
