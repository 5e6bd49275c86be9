"""The file of `otl calendars load`: read as people write it, refused with words, idempotent."""

import re
from datetime import date, timedelta
from pathlib import Path

import pytest

from otl.calendar_file import (
    read_calendar_file,
)
from scheduling.calendars.change import Loaded
from scheduling.calendars.limits import CalendarSettings
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.places import Place, PlaceKind
from tests.given import NOW
from tests.otl.calendar_files import (
    JANE,
    OF_THE_ISSUE,
    ROOT,
    a_calendar,
    a_file,
    stored,
    when_loaded,
)


def test_the_file_of_the_issue_is_read_as_it_stands() -> None:
    calendars = read_calendar_file(OF_THE_ISSUE)

    assert calendars == [
        CalendarSettings(
            slug="onboarding-call",
            name="Onboarding Call",
            type=CalendarType.EVENT,
            duration=timedelta(minutes=30),
            group="Dev + QA Group Calendar",
            zone="Europe/Berlin",
            hosts=(JANE,),
            owner=JANE,
            notification_channel="C0123456789",
            buffer_before=timedelta(0),
            active=True,
            weekly={"mon": ("09:00-12:00", "13:00-17:00"), "tue": ("09:00-17:00",)},
            exceptions={date(2026, 12, 24): ()},
        )
    ]


async def test_loading_the_file_again_changes_nothing(database: Database) -> None:
    first = await when_loaded(database, OF_THE_ISSUE)
    made = await stored(database, "onboarding-call")

    second = await when_loaded(database, OF_THE_ISSUE, later=5)

    assert first == Loaded(created=("onboarding-call",), changed=(), unchanged=())
    assert second == Loaded(created=(), changed=(), unchanged=("onboarding-call",))
    assert await stored(database, "onboarding-call") == made
    assert made.updated_at == NOW


async def test_only_the_fields_that_the_file_names_are_changed(
    database: Database, tmp_path: Path
) -> None:
    await when_loaded(database, OF_THE_ISSUE)
    made = await stored(database, "onboarding-call")
    shorter = a_file(tmp_path, '[[calendar]]\nslug = "onboarding-call"\nduration_minutes = 15\n')

    loaded = await when_loaded(database, shorter, later=5)

    now = await stored(database, "onboarding-call")
    assert loaded.changed == ("onboarding-call",)
    assert now.duration == timedelta(minutes=15)
    assert now.updated_at > made.updated_at
    assert (now.name, now.group, now.hosts, now.notification_channel) == (
        made.name,
        made.group,
        made.hosts,
        made.notification_channel,
    )


async def test_empty_text_takes_group_and_notification_channel_away(
    database: Database, tmp_path: Path
) -> None:
    await when_loaded(database, OF_THE_ISSUE)
    bare = '[[calendar]]\nslug = "onboarding-call"\ngroup = ""\nnotification_channel = ""\n'

    await when_loaded(database, a_file(tmp_path, bare))

    now = await stored(database, "onboarding-call")
    assert now.group is None
    assert now.notification_channel is None


def test_the_example_of_the_readme_is_read_as_it_stands(tmp_path: Path) -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    examples = re.findall(r"```toml\n(.*?)```", readme, re.DOTALL)

    calendars = [read_calendar_file(a_file(tmp_path, example)) for example in examples]

    assert [one.slug for read in calendars for one in read] == ["onboarding-call"]


def test_a_byte_order_mark_and_windows_line_ends_do_not_matter(tmp_path: Path) -> None:
    windows = b"\xef\xbb\xbf" + a_calendar().replace("\n", "\r\n").encode()

    assert read_calendar_file(a_file(tmp_path, windows))[0].slug == "call"


def test_a_file_may_hold_no_calendar_yet(tmp_path: Path) -> None:
    assert read_calendar_file(a_file(tmp_path, "calendar = []")) == []


async def test_a_place_and_a_description_are_loaded_and_taken_away_again(
    sqlite_database: Database, tmp_path: Path
) -> None:
    fields = {"description": '"One.\\nTwo."', "place": '{ url = "meet.example.com/all" }'}
    await when_loaded(sqlite_database, a_file(tmp_path, a_calendar(**fields)))
    loaded = await stored(sqlite_database, "call")

    await when_loaded(sqlite_database, a_file(tmp_path, a_calendar(description='""', place='""')))

    gone = await stored(sqlite_database, "call")
    assert loaded.description == "One.\nTwo."
    assert loaded.place == Place(PlaceKind.URL, "https://meet.example.com/all")
    assert (gone.description, gone.place) == ("", None)


@pytest.mark.parametrize(
    ("value", "place"),
    [
        ('"host-room"', Place(PlaceKind.HOST_ROOM)),
        ('"host-calls"', Place(PlaceKind.PHONE)),
        ('{ address = "Main Street 1" }', Place(PlaceKind.ADDRESS, "Main Street 1")),
        ('{ text = "In the lobby" }', Place(PlaceKind.TEXT, "In the lobby")),
    ],
)
async def test_every_kind_of_place_can_be_loaded(
    sqlite_database: Database, tmp_path: Path, value: str, place: Place
) -> None:
    path = a_file(tmp_path, a_calendar(place=value))

    await when_loaded(sqlite_database, path)

    assert (await stored(sqlite_database, "call")).place == place
    assert (await when_loaded(sqlite_database, path)).unchanged == ("call",)
