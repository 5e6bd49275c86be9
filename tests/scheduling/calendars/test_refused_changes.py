"""A calendar that cannot be is refused with its field, and nothing of the file is changed."""

from datetime import date, timedelta
from typing import Any

import pytest

from scheduling.calendars.change import (
    activate_calendar,
    deactivate_calendar,
    load_calendars,
)
from scheduling.calendars.limits import CalendarSettings, Problem, ProblemKind
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.errors import InvalidCalendar, UnknownCalendar
from tests.given import (
    ANA,
    NOW,
    PEOPLE,
    SAM,
    given_calendar,
    given_workspace,
)
from tests.scheduling.calendars.loading import LATER, NAMED, loading, the_calendar
from tests.stored import count

REFUSED = [
    pytest.param({"duration": timedelta(0)}, "duration", id="no duration"),
    pytest.param({"duration": timedelta(days=1, minutes=1)}, "duration", id="too long"),
    pytest.param({"step": timedelta(0)}, "step", id="no step"),
    pytest.param({"step": timedelta(days=2)}, "step", id="too wide a step"),
    pytest.param({"buffer_before": timedelta(minutes=-1)}, "buffer_before", id="negative buffer"),
    pytest.param({"buffer_after": timedelta(days=2)}, "buffer_after", id="long buffer"),
    pytest.param({"minimum_notice": timedelta(minutes=-1)}, "minimum_notice", id="negative notice"),
    pytest.param({"window": timedelta(0)}, "window", id="no window"),
    pytest.param({"window": timedelta(days=367)}, "window", id="too long a window"),
    pytest.param({"seats": 2}, "seats", id="seats in an event"),
    pytest.param({"type": CalendarType.CLASS}, "seats", id="a class with one seat"),
    pytest.param({"type": CalendarType.CLASS, "seats": 501}, "seats", id="too many seats"),
    pytest.param({"hosts": (SAM, ANA)}, "hosts", id="two hosts in an event"),
    pytest.param({"hosts": ()}, "hosts", id="nobody"),
    pytest.param({"hosts": ("U0NOBODY",)}, "hosts", id="somebody unknown"),
    pytest.param({"weekly": {"funday": ("09:00-10:00",)}}, "weekly", id="no weekday"),
    pytest.param({"weekly": {"mon": ("9-10",)}}, "weekly", id="no hours"),
    pytest.param(
        {"exceptions": {date(2026, 12, 24): ("25:00-26:00",)}}, "exceptions", id="no time"
    ),
]


@pytest.mark.parametrize(("change", "field"), REFUSED)
async def test_a_new_calendar_that_cannot_be_is_refused_with_its_field(
    sqlite_database: Database, change: dict[str, Any], field: str
) -> None:
    await given_workspace(sqlite_database)

    with pytest.raises(InvalidCalendar) as refusal:
        await loading(sqlite_database, **(dict(NAMED) | change))

    assert refusal.value.calendar == "onboarding-call"
    assert [problem.field for problem in refusal.value.problems] == [field]
    assert await sqlite_database.read(count, "calendar") == 0
    assert await sqlite_database.read(count, "resource") == 0


@pytest.mark.parametrize(("change", "field"), REFUSED)
async def test_a_change_that_cannot_be_is_refused_and_nothing_is_changed(
    sqlite_database: Database, change: dict[str, Any], field: str
) -> None:
    await given_calendar(sqlite_database)
    before = await the_calendar(sqlite_database)

    with pytest.raises(InvalidCalendar) as refusal:
        await loading(sqlite_database, **(change | {"name": "Changed"}), now=LATER)

    assert [problem.field for problem in refusal.value.problems] == [field]
    assert await the_calendar(sqlite_database) == before


@pytest.mark.parametrize(
    "missing", ["name", "type", "duration", "zone", "hosts", "owner", "weekly"]
)
async def test_a_new_calendar_needs_its_main_fields(
    sqlite_database: Database, missing: str
) -> None:
    await given_workspace(sqlite_database)

    with pytest.raises(InvalidCalendar) as refusal:
        await loading(sqlite_database, **(dict(NAMED) | {missing: None}))

    assert refusal.value.problems == (Problem(missing, ProblemKind.MISSING),)


async def test_one_calendar_that_cannot_be_keeps_all_of_the_file_out(database: Database) -> None:
    await given_workspace(database)

    with pytest.raises(InvalidCalendar):
        await database.write(
            load_calendars,
            workspace_id=1,
            calendars=[
                CalendarSettings(slug="good", **NAMED),
                CalendarSettings(slug="bad", **(dict(NAMED) | {"seats": 9})),
            ],
            people=PEOPLE,
            now=NOW,
        )

    assert await database.read(count, "calendar") == 0


@pytest.mark.parametrize("switch", [deactivate_calendar, activate_calendar])
async def test_an_unknown_calendar_cannot_be_switched(database: Database, switch: Any) -> None:
    await given_workspace(database)

    with pytest.raises(UnknownCalendar):
        await database.write(switch, workspace_id=1, slug="nonsense", now=NOW)
