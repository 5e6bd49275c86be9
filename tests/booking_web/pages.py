"""Link pages made by hand, for the pure functions."""

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta

from scheduling.bookings.link_page import LinkPage
from scheduling.calendars.find import CalendarDetails, Host
from scheduling.calendars.types import CalendarType
from tests.given import NOW, SALES, SAM

SAM_RIVERA = Host(1, SAM, "Sam Rivera")


def a_calendar(
    *,
    type_: CalendarType = CalendarType.EVENT,
    hosts: tuple[Host, ...] = (SAM_RIVERA,),
    zone: str = "UTC",
    name: str = "Onboarding Call",
) -> CalendarDetails:
    return CalendarDetails(
        id=1,
        slug="onboarding-call",
        name=name,
        type=type_,
        duration=timedelta(minutes=30),
        group=None,
        zone=zone,
        active=True,
        owner=SAM,
        hosts=hosts,
        notification_channel=SALES,
        updated_at=NOW,
    )


def a_page(
    *starts: datetime,
    calendar: CalendarDetails | None = None,
    other_lengths: Mapping[datetime, timedelta] | None = None,
    next_start: datetime | None = None,
    earliest: datetime = NOW,
    latest: datetime = NOW + timedelta(days=60),
) -> LinkPage:
    return LinkPage(
        public_id="L-7K2QXA",
        contact=None,
        takes_guests=False,
        calendar=calendar or a_calendar(),
        lookup=b"lookup",
        starts=tuple(sorted(starts)),
        other_lengths=other_lengths or {},
        next_start=next_start,
        earliest=earliest,
        latest=latest,
    )


def at(text: str) -> datetime:
    """Read "2026-12-07 09:00" as UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
