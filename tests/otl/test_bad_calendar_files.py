"""What is wrong with a calendar file is said in words, all at once, and nothing is loaded."""

import re
from pathlib import Path

import pytest

from otl.calendar_file import (
    FIELDS,
    UnreadableCalendar,
    UnreadableFile,
    read_calendar_file,
    refusal,
)
from scheduling.database import Database
from scheduling.errors import InvalidCalendar
from tests.otl.calendar_files import (
    NEEDED,
    a_calendar,
    a_file,
    when_loaded,
)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("[[calendar]\n", "is not valid TOML: .*line 1", id="TOML"),
        pytest.param(b"\xff\xfe\x00", "is not valid TOML", id="no text"),
        pytest.param("", r"must hold \[\[calendar\]\] tables", id="empty"),
        pytest.param('[calendar]\nslug = "x"\n', r"must hold \[\[calendar\]\]", id="one table"),
        pytest.param("calendar = [1, 2]", r"must hold \[\[calendar\]\]", id="numbers"),
        pytest.param('calendar = "x"', r"must hold \[\[calendar\]\]", id="text"),
        pytest.param(
            f"title = 1\n{a_calendar()}", "must hold .* and nothing else", id="something else"
        ),
    ],
)
def test_what_is_no_list_of_calendars_is_refused_with_the_files_name(
    tmp_path: Path, content: str | bytes, words: str
) -> None:
    path = a_file(tmp_path, content)

    with pytest.raises(UnreadableFile, match=f"^{re.escape(str(path))} {words}"):
        read_calendar_file(path)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(UnreadableFile, match=r"nowhere\.toml cannot be opened: No such file"):
        read_calendar_file(tmp_path / "nowhere.toml")
    with pytest.raises(UnreadableFile, match="cannot be opened: Is a directory"):
        read_calendar_file(tmp_path)


@pytest.mark.parametrize("slug", ["Onboarding Call", "", "-x", "x--y", "ä", "x" * 65, "x\\n"])
def test_a_slug_is_small_letters_digits_and_hyphens(tmp_path: Path, slug: str) -> None:
    path = a_file(tmp_path, a_calendar(slug))

    with pytest.raises(UnreadableCalendar, match="small letters, digits and hyphens") as refused:
        read_calendar_file(path)

    assert [field for field, _ in refused.value.problems] == ["slug"]


def test_a_calendar_without_a_slug_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCalendar) as refused:
        read_calendar_file(a_file(tmp_path, '[[calendar]]\nname = "Call"\n'))

    assert refused.value.calendar == ""
    assert [field for field, _ in refused.value.problems] == ["slug"]


def test_a_slug_that_stands_twice_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCalendar, match="stands twice in the file"):
        read_calendar_file(a_file(tmp_path, a_calendar() + a_calendar()))


BAD_VALUES = [
    ("name", "7", "must be text in quotes"),
    ("name", '" \\u0007 "', "must not be empty"),
    ("name", f'"{"x" * 201}"', "must have at most 200 characters"),
    ("type", '"meeting"', "must be event, round-robin, class or collective"),
    ("type", "[1]", "must be event, round-robin, class or collective"),
    ("duration_minutes", '"30"', "must be a whole number"),
    ("duration_minutes", "30.5", "must be a whole number"),
    ("duration_minutes", "true", "must be a whole number"),
    ("step_minutes", "{}", "must be a whole number"),
    ("buffer_before_minutes", "1e2", "must be a whole number"),
    ("buffer_after_minutes", "[]", "must be a whole number"),
    ("minimum_notice_minutes", "1" + "0" * 30, "must be at most 527040"),
    ("change_cutoff_minutes", '"2 h"', "must be a whole number"),
    ("most_moves", "2.5", "must be a whole number"),
    ("window_days", "99999999999", "must be at most 527040"),
    ("seats", '"many"', "must be a whole number"),
    ("group", "1979-05-27", "must be text in quotes"),
    ("description", "7", "must be text in quotes"),
    ("description", f'"{"x" * 1001}"', "must have at most 1000 characters"),
    ("place", '"somewhere"', 'must be "host-room", "host-calls", '),
    ("place", "7", 'must be "host-room", "host-calls", '),
    ("place", '{ url = "https://meet.example", text = "x" }', 'must be "host-room"'),
    ("place", '{ url = "javascript:alert(1)" }', "must have a url that begins with https://"),
    ("place", '{ url = "meet me" }', "must have a url that begins with https://"),
    ("place", '{ address = " " }', "must not be empty"),
    ("place", f'{{ text = "{"x" * 501}" }}', "must have at most 500 characters"),
    ("timezone", '"Berlin"', "must be a time zone like Europe/Berlin"),
    ("timezone", "1", "must be a time zone like Europe/Berlin"),
    ("hosts", "[]", "must be a list of Slack user ids"),
    ("hosts", '"U0123456789"', "must be a list of Slack user ids"),
    ("hosts", '["@jane"]', "must be a Slack user id like U0123456789"),
    ("owner", '"jane@example.com"', "must be a Slack user id like U0123456789"),
    ("notification_channel", '"#sales"', "must be a Slack channel id like C0123456789"),
    ("notification_channel", "0", "must be a Slack channel id like C0123456789"),
    ("active", '"yes"', "must be true or false"),
    ("active", "1", "must be true or false"),
    ("opening_hours", '["09:00-12:00"]', "must be a table like"),
    ("opening_hours", '{mon = "09:00-12:00"}', "hours must be a list like"),
    ("opening_hours", "{mon = [9]}", "hours must be a list like"),
    ("exceptions", "1", r"must be \[\[calendar.exceptions\]\] tables"),
    ("exceptions", "[1]", "each needs a date like 2026-12-24 and hours"),
    ("exceptions", "[{hours = []}]", "each needs a date like 2026-12-24 and hours"),
    ("exceptions", '[{date = "2026-12-24"}]', "each needs a date like 2026-12-24"),
    ("exceptions", "[{date = 2026-12-24T00:00:00Z}]", "each needs a date like 2026-12-24"),
    ("exceptions", "[{date = 2026-12-24, why = 1}]", "nothing else"),
    ("exceptions", "[{date = 2026-12-24}, {date = 2026-12-24}]", "2026-12-24 stands twice"),
    ("exceptions", '[{date = 2026-12-24, hours = "none"}]', "hours must be a list like"),
]


def test_every_field_has_a_case_below() -> None:
    assert {field for field, _, _ in BAD_VALUES} == set(FIELDS)


@pytest.mark.parametrize(("field", "value", "words"), BAD_VALUES)
def test_a_value_that_cannot_be_read_is_refused_with_calendar_and_field(
    tmp_path: Path, field: str, value: str, words: str
) -> None:
    path = a_file(tmp_path, f'[[calendar]]\nslug = "call"\n{field} = {value}\n')

    with pytest.raises(UnreadableCalendar) as refused:
        read_calendar_file(path)

    [(told_of, problem)] = refused.value.problems
    assert (refused.value.calendar, told_of) == ("call", field)
    assert re.search(words, problem), problem


def test_a_field_that_does_not_exist_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UnreadableCalendar, match="duration is no field of a calendar"):
        read_calendar_file(a_file(tmp_path, '[[calendar]]\nslug = "call"\nduration = 30\n'))


def test_all_that_cannot_be_read_of_a_calendar_is_said_at_once(tmp_path: Path) -> None:
    path = a_file(tmp_path, '[[calendar]]\nslug = "call"\nduration = 30\nseats = "x"\nname = 7\n')

    with pytest.raises(UnreadableCalendar) as refused:
        read_calendar_file(path)

    assert str(refused.value) == (
        "In calendar call, duration is no field of a calendar; name must be text in quotes;"
        " seats must be a whole number. Nothing was changed."
    )


@pytest.mark.parametrize(
    ("field", "value", "told_of", "words"),
    [
        ("duration_minutes", "0", "duration_minutes", "must be 1 to 1440"),
        ("duration_minutes", "-30", "duration_minutes", "must be 1 to 1440"),
        ("duration_minutes", "1441", "duration_minutes", "must be 1 to 1440"),
        ("step_minutes", "0", "step_minutes", "must be 1 to 1440"),
        ("buffer_before_minutes", "-1", "buffer_before_minutes", "must be 0 to 1440"),
        ("buffer_after_minutes", "1441", "buffer_after_minutes", "must be 0 to 1440"),
        ("minimum_notice_minutes", "-1", "minimum_notice_minutes", "must not be negative"),
        ("change_cutoff_minutes", "-1", "change_cutoff_minutes", "must not be negative"),
        ("most_moves", "-1", "most_moves", "must be 0 to 100"),
        ("most_moves", "101", "most_moves", "must be 0 to 100"),
        ("window_days", "0", "window_days", "must be 1 to 366"),
        ("window_days", "367", "window_days", "must be 1 to 366"),
        ("seats", "2", "seats", "1 for every other type"),
        ("type", '"class"', "seats", "must be 2 to 500 for a class"),
        ("hosts", '["U0123456789", "U2X"]', "hosts", "must be one for event and class"),
        ("hosts", '["U0STRANGER"]', "hosts", "Slack knows nobody as U0STRANGER"),
        ("owner", '"U0STRANGER"', "owner", "Slack knows nobody as U0STRANGER"),
        ("opening_hours", '{mon = ["9-5"]}', "opening_hours", "'9-5' is no span"),
        ("opening_hours", '{monday = ["09:00-17:00"]}', "opening_hours", "is no weekday"),
    ],
)
async def test_a_setting_that_cannot_be_is_refused_and_nothing_of_the_file_is_loaded(
    sqlite_database: Database, tmp_path: Path, field: str, value: str, told_of: str, words: str
) -> None:
    fine = a_calendar("another")
    both = a_file(tmp_path, fine + a_calendar(**{field: value}))

    with pytest.raises(InvalidCalendar) as refused:
        await when_loaded(sqlite_database, both)

    assert refusal(refused.value).startswith(f"In calendar call, {told_of} ")
    assert words in refusal(refused.value)
    assert (await when_loaded(sqlite_database, a_file(tmp_path, fine))).created == ("another",)


@pytest.mark.parametrize("field", NEEDED)
async def test_a_new_calendar_without_a_field_that_it_needs_is_refused(
    sqlite_database: Database, tmp_path: Path, field: str
) -> None:
    path = a_file(tmp_path, a_calendar(**{field: None}))

    with pytest.raises(InvalidCalendar) as refused:
        await when_loaded(sqlite_database, path)

    assert refusal(refused.value) == f"In calendar call, {field} is missing. Nothing was changed."


async def test_all_that_cannot_be_is_said_at_once(
    sqlite_database: Database, tmp_path: Path
) -> None:
    wrong = {
        "duration_minutes": "0",
        "window_days": "400",
        "seats": "2",
        "owner": '"U0STRANGER"',
        "opening_hours": '{mon = ["09:00-12:00", "11:00-13:00"], funday = []}',
        "exceptions": '[{date = 2026-12-24, hours = ["25:00-26:00"]}]',
    }

    with pytest.raises(InvalidCalendar) as refused:
        await when_loaded(sqlite_database, a_file(tmp_path, a_calendar(**wrong)))

    assert refusal(refused.value) == (
        "In calendar call, duration_minutes must be 1 to 1440; window_days must be 1 to 366;"
        " seats must be 2 to 500 for a class, and 1 for every other type;"
        " owner cannot be: Slack knows nobody as U0STRANGER;"
        " opening_hours cannot be: mon: 09:00-12:00 and 11:00-13:00 overlap;"
        " opening_hours cannot be: 'funday' is no weekday;"
        " they are mon, tue, wed, thu, fri, sat, sun;"
        " exceptions cannot be: 2026-12-24: '25:00-26:00' is no span such as 09:00-12:00."
        " Nothing was changed."
    )
