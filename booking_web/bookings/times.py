"""When a meeting is, on both sides: one wording for page, mail and invitation."""

from datetime import datetime

from scheduling.bookings.details import BookingDetails
from scheduling.times.time_zones import zone as zone_named
from scheduling.times.words import Clock, span


def two_sides(
    booking: BookingDetails, *, zone: str, other_zone: str, clock: Clock, now: datetime
) -> tuple[str, str]:
    """Return the time for its reader, and for the other side where its clocks differ, else "".

    Args:
        zone, other_zone: IANA names.
        clock: how the reader writes times.
    """
    starts_at, ends_at = booking.starts_at, booking.ends_at
    own, there = zone_named(zone), zone_named(other_zone)
    same_clocks = all(
        instant.astimezone(own).utcoffset() == instant.astimezone(there).utcoffset()
        for instant in (starts_at, ends_at)
    )
    when = span(starts_at, ends_at, own, clock, now=now)
    return when, "" if same_clocks else span(starts_at, ends_at, there, clock, now=now)


def zone_of_hosts(booking: BookingDetails) -> str:
    """Return the IANA name of the zone of a host who is alone; unknown or many: the calendar's."""
    own = booking.hosts[0].zone if len(booking.hosts) == 1 else None
    return own or booking.calendar.zone
