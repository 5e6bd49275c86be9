"""Calendars made and changed by what a file names."""

from dataclasses import replace
from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from scheduling.bookings.book import Booked, book
from scheduling.calendars.change import (
    Loaded,
    activate_calendar,
    deactivate_calendar,
    load_calendars,
)
from scheduling.calendars.hosts import Person
from scheduling.calendars.limits import CalendarSettings
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.errors import CalendarInactive
from scheduling.links.issue import issue_link
from tests.arguments import booking, free_starts, issuing
from tests.given import (
    ANA,
    EVERY_DAY,
    KIM,
    MONDAY_NINE,
    NOW,
    PEOPLE,
    SAM,
    given_calendar,
    given_link,
    given_workspace,
    when_booked,
)
from tests.rendezvous import all_of
from tests.scheduling.calendars.loading import LATER, NAMED, facts_of, loading, page, the_calendar
from tests.stored import count, rows


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
