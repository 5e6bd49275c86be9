"""Calendars as they are loaded and as they stand then."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from scheduling.bookings.link_page import LinkPage, link_page
from scheduling.calendars.change import (
    Loaded,
    load_calendars,
)
from scheduling.calendars.find import CalendarDetails, find_calendar
from scheduling.calendars.hosts import Person
from scheduling.calendars.limits import CalendarSettings
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.times.intervals import Interval
from tests.given import (
    EVERY_DAY,
    MONDAY_NINE,
    NOW,
    PEOPLE,
    SAM,
    GivenLink,
)

LATER = NOW + timedelta(hours=1)
NAMED: Mapping[str, Any] = {
    "name": "Onboarding Call",
    "type": CalendarType.EVENT,
    "duration": timedelta(minutes=30),
    "zone": "UTC",
    "hosts": (SAM,),
    "owner": SAM,
    "weekly": EVERY_DAY,
}


async def loading(
    database: Database,
    *,
    now: Any = NOW,
    people: Mapping[str, Person] = PEOPLE,
    **settings: Any,
) -> Loaded:
    return await database.write(
        load_calendars,
        workspace_id=1,
        calendars=[CalendarSettings(slug="onboarding-call", **settings)],
        people=people,
        now=now,
    )


async def the_calendar(database: Database) -> CalendarDetails:
    return await database.read(find_calendar, workspace_id=1, words="onboarding-call")


def facts_of(calendar: CalendarDetails) -> dict[str, Any]:
    return {name: getattr(calendar, name) for name in CalendarDetails.__dataclass_fields__}


async def page(database: Database, link: GivenLink) -> LinkPage:
    """Return the page with the times of two days, Monday and Tuesday."""
    within = Interval(MONDAY_NINE, MONDAY_NINE + timedelta(hours=39))
    return await database.read(link_page, lookups=link.lookups, within=within, now=NOW)
