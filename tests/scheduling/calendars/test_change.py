"""Calendars made and changed by what a file names."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from scheduling.bookings.book import Booked, book
from scheduling.bookings.link_page import LinkPage, link_page
from scheduling.calendars.change import (
    Loaded,
    activate_calendar,
    deactivate_calendar,
    load_calendars,
)
from scheduling.calendars.find import CalendarDetails, find_calendar
from scheduling.calendars.hosts import Person
from scheduling.calendars.limits import CalendarSettings, Problem, ProblemKind
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.errors import CalendarInactive, InvalidCalendar, UnknownCalendar
from scheduling.links.issue import issue_link
from scheduling.times.intervals import Interval
from tests.arguments import booking, free_starts, issuing
from tests.given import (
    ANA,
    EVERY_DAY,
    KIM,
    MONDAY_NINE,
    NOW,
    PEOPLE,
    SAM,
    GivenLink,
    given_calendar,
    given_link,
    given_workspace,
    when_booked,
)
from tests.rendezvous import all_of
from tests.stored import count, rows

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


async def test_a_new_calendar_has_what_the_file_names_and_defaults(database: Database) -> None:
    await given_workspace(database)

    loaded = await loading(database, **NAMED)

    assert loaded == Loaded(created=("onboarding-call",), changed=(), unchanged=())
    [stored] = await database.read(
        rows,
        "SELECT step, buffer_before, buffer_after, minimum_notice, booking_window, seats,"
        " group_name, notification_channel, deactivated_at FROM calendar",
    )
    assert stored == (None, 0, 0, 0, 60 * 24 * 60, 1, None, None, None)
    assert (await the_calendar(database)).updated_at == NOW


async def test_loading_the_same_again_changes_nothing(database: Database) -> None:
    everything = dict(NAMED) | {
        "step": timedelta(minutes=15),
        "buffer_before": timedelta(minutes=5),
        "buffer_after": timedelta(minutes=10),
        "minimum_notice": timedelta(hours=2),
        "window": timedelta(days=30),
        "group": "Sales",
        "notification_channel": "C0MANAGERS",
        "active": True,
        "exceptions": {date(2026, 12, 24): ()},
    }
    await given_workspace(database)
    await loading(database, **everything)
    before = await database.read(rows, "SELECT * FROM calendar")

    loaded = await loading(database, **everything, now=LATER)

    assert loaded == Loaded(created=(), changed=(), unchanged=("onboarding-call",))
    assert await database.read(rows, "SELECT * FROM calendar") == before


@pytest.mark.parametrize(
    ("change", "seen"),
    [
        pytest.param({"name": "Welcome"}, {"name": "Welcome"}, id="its name"),
        pytest.param(
            {"duration": timedelta(hours=1)}, {"duration": timedelta(hours=1)}, id="its length"
        ),
        pytest.param({"zone": "Europe/Berlin"}, {"zone": "Europe/Berlin"}, id="its zone"),
        pytest.param({"owner": ANA}, {"owner": ANA}, id="its owner"),
        pytest.param({"group": "Sales"}, {"group": "Sales"}, id="into a group"),
        pytest.param({"group": ""}, {"group": None}, id="out of its group"),
        pytest.param(
            {"notification_channel": "C0OTHER"}, {"notification_channel": "C0OTHER"}, id="a channel"
        ),
        pytest.param(
            {"notification_channel": ""}, {"notification_channel": None}, id="no channel any more"
        ),
        pytest.param({"active": False}, {"active": False}, id="off"),
        pytest.param(
            {"type": CalendarType.COLLECTIVE}, {"type": CalendarType.COLLECTIVE}, id="its type"
        ),
    ],
)
async def test_a_change_touches_only_the_field_that_it_names(
    sqlite_database: Database, change: dict[str, Any], seen: dict[str, Any]
) -> None:
    await given_calendar(sqlite_database, group="Support", notification_channel="C0MANAGERS")
    before = await the_calendar(sqlite_database)

    loaded = await loading(sqlite_database, **change, now=LATER)

    after = await the_calendar(sqlite_database)
    expected = facts_of(before) | seen | {"updated_at": LATER}
    assert loaded == Loaded(created=(), changed=("onboarding-call",), unchanged=())
    assert facts_of(after) == expected


async def test_hosts_may_be_changed_and_are_known_by_what_slack_says_now(
    database: Database,
) -> None:
    await given_calendar(database, type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA))
    people = dict(PEOPLE) | {SAM: Person(SAM, "Samuel Rivera", "sam@example.org", "Europe/Madrid")}

    loaded = await loading(database, hosts=(KIM, SAM, SAM), people=people, now=LATER)

    after = await the_calendar(database)
    assert loaded.changed == ("onboarding-call",)
    assert {host.name for host in after.hosts} == {"Samuel Rivera", "Kim Park"}
    assert after.updated_at == LATER
    known = await database.read(
        rows, "SELECT name, email, zone FROM resource WHERE slack_user_id = 'U0SAM'"
    )
    assert known == [("Samuel Rivera", "sam@example.org", "Europe/Madrid")]


async def test_a_host_of_two_calendars_is_one_person(database: Database) -> None:
    await given_calendar(database)
    await given_calendar(database, slug="another")

    assert await database.read(count, "resource") == 1


async def test_exceptions_are_changed_without_the_weekly_hours_and_the_other_way(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    await loading(database, exceptions={MONDAY_NINE.date(): ("10:00-11:00",)})
    with_exception = await page(database, link)

    await loading(database, weekly=dict.fromkeys(EVERY_DAY, ("14:00-15:00",)))

    assert [start.hour for start in with_exception.starts[:2]] == [10, 10]
    again = await page(database, link)
    assert [start.hour for start in again.starts] == [10, 10, 14, 14]
    await loading(database, exceptions={})
    without = await page(database, link)
    assert [start.hour for start in without.starts] == [14, 14, 14, 14]


async def test_of_several_calendars_each_is_told_apart_in_the_answer(database: Database) -> None:
    await given_calendar(database, slug="same")
    await given_calendar(database, slug="other")

    loaded = await database.write(
        load_calendars,
        workspace_id=1,
        calendars=[
            CalendarSettings(slug="same", name="Same"),
            CalendarSettings(slug="other", name="Another Name"),
            CalendarSettings(slug="fresh", **NAMED),
        ],
        people=PEOPLE,
        now=LATER,
    )

    assert loaded == Loaded(created=("fresh",), changed=("other",), unchanged=("same",))


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


async def test_loads_and_bookings_at_once_never_wait_for_each_other_in_a_circle(
    database: Database,
) -> None:
    """Of two that did, PostgreSQL would undo one, which then runs a second time."""
    slugs = [f"calendar-{letter}" for letter in "abcdef"]
    for slug in slugs:
        await given_calendar(
            database, slug=slug, type=CalendarType.ROUND_ROBIN, hosts=(ANA, KIM, SAM)
        )
    links = [await given_link(database, calendar=slugs[number % 6]) for number in range(24)]
    runs: list[str] = []

    def load(session: Session, **arguments: Any) -> Loaded:
        runs.append("load")
        return load_calendars(session, **arguments)

    def reserve(session: Session, **arguments: Any) -> Booked:
        runs.append("book")
        return book(session, **arguments)

    await all_of(
        [
            *(
                database.write(
                    load,
                    workspace_id=1,
                    calendars=[
                        CalendarSettings(slug=slug, name=f"Name {number}", hosts=(SAM, ANA, KIM))
                        for slug in (slugs if number % 2 else reversed(slugs))
                    ],
                    people={
                        user_id: replace(person, name=f"{person.name} {number}")
                        for user_id, person in PEOPLE.items()
                    },
                    now=LATER,
                )
                for number in range(24)
            ),
            *(
                database.write(reserve, **booking(link, start=start))
                for link, start in zip(links, free_starts(24), strict=True)
            ),
        ]
    )

    assert sorted(runs) == ["book"] * 24 + ["load"] * 24


async def test_an_empty_file_changes_nothing(database: Database) -> None:
    await given_workspace(database)

    loaded = await database.write(load_calendars, workspace_id=1, calendars=[], people={}, now=NOW)

    assert loaded == Loaded((), (), ())


async def test_one_new_calendar_loaded_20_times_at_once_is_one(database: Database) -> None:
    await given_workspace(database)

    answers = await all_of(loading(database, **NAMED) for _ in range(20))

    assert sorted(len(answer.created) for answer in answers) == [0] * 19 + [1]
    assert await database.read(count, "calendar") == 1
    assert await database.read(count, "calendar_host") == 1


async def test_a_calendar_is_switched_off_and_on_again(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    await database.write(deactivate_calendar, workspace_id=1, slug="onboarding-call", now=LATER)
    off = await the_calendar(database)
    with pytest.raises(CalendarInactive):
        await database.write(issue_link, **issuing())

    await database.write(activate_calendar, workspace_id=1, slug="onboarding-call", now=LATER)

    assert (off.active, off.updated_at) == (False, LATER)
    assert (await the_calendar(database)).active
    booked = await when_booked(database, link)
    assert booked.link_public_id == link.details.public_id


async def test_switching_off_what_is_off_keeps_the_time_at_which_it_was(
    database: Database,
) -> None:
    await given_calendar(database)
    off: dict[str, Any] = {"workspace_id": 1, "slug": "onboarding-call"}
    await database.write(deactivate_calendar, **off, now=NOW)
    before = await database.read(rows, "SELECT deactivated_at, updated_at FROM calendar")

    await database.write(deactivate_calendar, **off, now=LATER)
    await loading(database, active=False, now=LATER)

    assert await database.read(rows, "SELECT deactivated_at, updated_at FROM calendar") == before


@pytest.mark.parametrize("switch", [deactivate_calendar, activate_calendar])
async def test_an_unknown_calendar_cannot_be_switched(database: Database, switch: Any) -> None:
    await given_workspace(database)

    with pytest.raises(UnknownCalendar):
        await database.write(switch, workspace_id=1, slug="nonsense", now=NOW)


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
