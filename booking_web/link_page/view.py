"""A link's page as a value for the template: what is free, in the contact's zone. Pure."""

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from itertools import pairwise
from typing import Final
from zoneinfo import ZoneInfo

from booking_web.link_page.choices import Choice, choices_with_day, day_choices
from booking_web.link_page.month import Month, month_of, weeks_of
from booking_web.link_page.query import DAYS_SHOWN, PageQuery, address_of, first_day_shown
from booking_web.link_page.zones import Region, zone_menu
from scheduling.bookings.link_page import LinkPage
from scheduling.calendars.types import CalendarType
from scheduling.places import before_booking
from scheduling.times.time_zones import zone as zone_named
from scheduling.times.words import Clock, day, duration_words, free_day, zone_city, zone_label

NEAREST: Final = 3
MOST_STARTS: Final = 1000  # of a page, in whole days: it must not keep others waiting
UNTIL: Final = "\u2013"  # en dash
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Day:
    """A day with free times."""

    on: date
    title: str  # "Thursday 3 December"
    short: str  # "Thu 3 Dec", for the button
    choices: tuple[Choice, ...]


@dataclass(frozen=True, slots=True)
class Elsewhere:
    """A day outside the shown ones that has free times, "Thu 3 Dec"."""

    words: str
    address: str
    is_later: bool


@dataclass(frozen=True, slots=True)
class LinkView:
    """What the template shows.

    Attributes:
        meets_all: one meets all of the hosts; False: one of them.
        where: the kind of place, no URL and no number; "": nobody says.
        description: of the calendar, may have several lines; "" if there is none.
        contact: whom the link was issued for, or None.
        place: the zone's city, for the button.
        first_day: the first of the days shown, as the form and the address write it.
        span: the days shown, "Thu 3 Dec to Wed 16 Dec".
        more: the day that goes on where two weeks have too many times for one page, else None.
        elsewhere: where free times are when these days have none; None: nowhere that we know of.
        soonest: the way to the first days that can be booked.
        has_times: False only where no time can be booked at all.
        has_nobody: because whoever hosts it has left.
        near: choices to offer first when the wished time was taken; empty otherwise.
        wide: the times are written with AM and PM, or with a length, and need more room.
    """

    calendar: str
    is_active: bool
    hosts: tuple[str, ...]
    meets_all: bool
    duration: str
    where: str
    description: str
    contact: str | None
    zone: str
    zone_words: str
    place: str
    zones: tuple[Region, ...]
    first_day: str
    span: str
    earlier: str | None
    later: str | None
    month: Month
    days: tuple[Day, ...]
    more: Elsewhere | None
    elsewhere: Elsewhere | None
    soonest: str
    has_times: bool
    has_nobody: bool
    near: tuple[Choice, ...]
    wide: bool


@dataclass(frozen=True, slots=True)
class _Frame:
    """Who looks at which days: the first and the day after the last, dates in the zone."""

    zone: ZoneInfo
    clock: Clock
    query: PageQuery
    today: date
    first: date
    end: date

    def address(self, first_day: date) -> str:
        return address_of(zone=self.query.zone, first_day=first_day)

    def short(self, on: date) -> str:
        return day(on, self.clock, weekday="short", today=self.today)

    def midnight(self, on: date) -> datetime:
        return datetime.combine(on, time.min, tzinfo=self.zone).astimezone(UTC)


def link_view(
    page: LinkPage,
    query: PageQuery,
    *,
    clock: Clock,
    now: datetime,
    chosen: datetime | None = None,
    taken: datetime | None = None,
) -> LinkView:
    """Lay out a link's page.

    Args:
        chosen: the start that was chosen in the form; it stays so if it is still free.
        taken: the start that was wished and is not free; the nearest ones are offered first.
    """
    zone = zone_named(query.zone or page.calendar.zone)
    first = first_day_shown(query, page, zone)
    starts = page.starts
    fortnight = _Frame(
        zone, clock, query, now.astimezone(zone).date(), first, first + DAYS_SHOWN * _DAY
    )
    frame = _shortened(fortnight, starts)
    if chosen and frame.midnight(frame.end) <= chosen < frame.midnight(fortnight.end):
        first = chosen.astimezone(zone).date()
        frame = _shortened(replace(fortnight, first=first), starts)
    last_day = (page.latest - timedelta(microseconds=1)).astimezone(zone).date()
    days = _days(page, frame, chosen)
    near = _nearest(starts, page.next_start, taken) if taken else ()
    earlier = _earlier(frame, page)
    elsewhere = None if days else _elsewhere(starts, page.next_start, frame)
    return LinkView(
        calendar=page.calendar.name,
        is_active=page.calendar.active,
        hosts=tuple(host.name for host in page.calendar.hosts),
        meets_all=page.calendar.type is not CalendarType.ROUND_ROBIN,
        duration=duration_words(page.calendar.duration),
        where=before_booking(
            page.calendar.place,
            hosts=[host.name for host in page.calendar.hosts],
            has_room=any(host.room_url for host in page.calendar.hosts),
        ),
        description=page.calendar.description,
        contact=page.contact.name if page.contact else None,
        zone=zone.key,
        zone_words=zone_label(zone, frame.midnight(first), frame.midnight(frame.end)),
        place=zone_city(zone),
        zones=zone_menu(zone.key, first),
        first_day=first.isoformat(),
        span=f"{frame.short(first)} {UNTIL} {frame.short(frame.end - _DAY)}",
        earlier=earlier,
        later=frame.address(frame.end) if frame.end <= last_day else None,
        month=_month(starts, frame, last_day),
        days=days,
        more=_other_day(frame.end, frame) if frame.end < fortnight.end else None,
        elsewhere=elsewhere,
        soonest=address_of(zone=query.zone, first_day=None),
        has_times=bool(days or elsewhere or (earlier and page.calendar.offers_times)),
        has_nobody=not page.calendar.offers_times,
        near=choices_with_day(near, zone, clock, now=now, lengths=page.other_lengths),
        wide=clock.twelve_hours or bool(page.other_lengths),
    )


def _shortened(frame: _Frame, starts: Sequence[datetime]) -> _Frame:
    """Leave out the days behind as many whole ones as a page may hold; one it always may."""
    number = 0
    for on, of_day in _by_day(starts, frame, frame.first, frame.end):
        if number and number + len(of_day) > MOST_STARTS:
            return replace(frame, end=on)
        number += len(of_day)
    return frame


def _days(page: LinkPage, frame: _Frame, chosen: datetime | None) -> tuple[Day, ...]:
    return tuple(
        Day(
            on=on,
            title=day(on, frame.clock, today=frame.today),
            short=frame.short(on),
            choices=day_choices(
                of_day, frame.zone, frame.clock, chosen=chosen, lengths=page.other_lengths
            ),
        )
        for on, of_day in _by_day(page.starts, frame, frame.first, frame.end)
    )


def _by_day(
    starts: Sequence[datetime], frame: _Frame, first: date, end: date
) -> list[tuple[date, Sequence[datetime]]]:
    """Return the days from first to before end that have starts, with them; starts ascend."""
    dates = [first + number * _DAY for number in range((end - first).days + 1)]
    borders = [bisect_left(starts, frame.midnight(on)) for on in dates]
    return [
        (on, starts[low:high])
        for on, (low, high) in zip(dates, pairwise(borders), strict=False)
        if low < high
    ]


def _month(starts: Sequence[datetime], frame: _Frame, last_day: date) -> Month:
    first = frame.first.replace(day=1)
    weeks = weeks_of(first, since=frame.today)
    free = {on for on, _ in _by_day(starts, frame, weeks[0][0], weeks[-1][-1] + _DAY)}

    def address(on: date) -> str:
        shown = frame.first <= on < frame.end
        return f"#day-{on.isoformat()}" if shown else frame.address(on)

    month = month_of(first, weeks, free, address=address, say=lambda on: free_day(on, frame.clock))
    return month.turning(frame.address, first_open=frame.today, last_open=last_day)


def _earlier(frame: _Frame, page: LinkPage) -> str | None:
    soonest = max(frame.today, page.earliest.astimezone(frame.zone).date())
    if frame.first <= soonest:
        return None
    return frame.address(max(frame.first - (frame.end - frame.first), soonest))


def _elsewhere(
    starts: Sequence[datetime], next_start: datetime | None, frame: _Frame
) -> Elsewhere | None:
    """Return the way to the first free time after the days shown, else to the last before them."""
    after = starts[bisect_left(starts, frame.midnight(frame.end)) :]
    before = starts[: bisect_left(starts, frame.midnight(frame.first))]
    for start in (*after[:1], *([next_start] if next_start else []), *before[-1:]):
        return _other_day(start.astimezone(frame.zone).date(), frame)
    return None


def _other_day(on: date, frame: _Frame) -> Elsewhere:
    return Elsewhere(frame.short(on), frame.address(on), is_later=on >= frame.end)


def _nearest(
    starts: Sequence[datetime], next_start: datetime | None, wished: datetime
) -> Sequence[datetime]:
    nearest = sorted(starts, key=lambda start: abs(start - wished))[:NEAREST]
    return sorted(nearest) or ([next_start] if next_start else [])
