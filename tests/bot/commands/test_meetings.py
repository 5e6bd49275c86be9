"""/otl meetings, and how the App Home begins: what somebody hosts next, below its days."""

from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.registry import parse_command
from bot.errors import MeetingsUnreadable
from bot.grammar.meetings import ShowMeetings, Span
from bot.messages import meetings as rows
from bot.messages.class_booked import EVERYBODY
from bot.messages.link_used import DETAILS
from otl.practice.messages import Message
from scheduling.bookings.meetings import Meetings
from scheduling.calendars.types import CalendarType
from scheduling.contacts import Contact
from scheduling.places import Place, PlaceKind
from tests.bot.checker import assert_slack_takes_it
from tests.bot.conftest import Office, in_words
from tests.bot.home.homes import opened, said
from tests.bot.values import meetings, slack_ids
from tests.given import (
    ANA,
    KIM,
    MONDAY_NINE,
    NOW,
    SAM,
    a_booker,
    given_calendar,
    given_link,
    when_booked,
)

HOUR = timedelta(hours=1)


async def booked(office: Office, after: timedelta, name: str, **link: Any) -> None:
    given = await given_link(office.database, **link)
    await when_booked(office.database, given, start=NOW + after, booker=a_booker(name), now=NOW)


def buttons(message: Message) -> list[str]:
    found = [one["accessory"] for one in message.blocks if "accessory" in one]
    return [one["action_id"] for one in found]


@pytest.mark.parametrize(
    ("line", "meant"),
    [
        ("meetings", ShowMeetings()),
        ("meetings today", ShowMeetings(span=Span.TODAY)),
        ("Meetings WEEK", ShowMeetings(span=Span.WEEK)),
        ("meetings <@U0ANA|ana>", ShowMeetings("U0ANA")),
        ("meetings <@U0ANA> week", ShowMeetings("U0ANA", Span.WEEK)),
        ("meetings week <@U0ANA>", ShowMeetings("U0ANA", Span.WEEK)),
    ],
)
def test_it_is_read_in_any_order(line: str, meant: ShowMeetings) -> None:
    assert parse_command(line).value == meant


@pytest.mark.parametrize("line", ["tomorrow", "today week", "@nobody", "<@U0ANA> <@U0SAM>"])
def test_what_is_no_span_and_nobody_is_said(line: str) -> None:
    with pytest.raises(MeetingsUnreadable):
        parse_command(f"meetings {line}")


@given(slack_ids, st.sampled_from(Span), st.integers(0, 10**9 - 1))
def test_a_button_carries_the_page(user: str, span: Span, skip: int) -> None:
    shown = ShowMeetings(user, span, skip)

    assert ShowMeetings.of_value(shown.as_value()) == shown


@pytest.mark.parametrize("value", ["", "U0SAM week", "U0SAM month 0", "<!here> all 0"])
def test_a_value_that_no_release_wrote_is_the_command_alone(value: str) -> None:
    assert ShowMeetings.of_value(value) == ShowMeetings()


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    hosted=meetings,
    span=st.sampled_from(Span),
    zone=st.sampled_from([None, ZoneInfo("UTC")]),
    is_own=st.booleans(),
)
def test_slack_takes_every_list(
    hosted: Meetings, span: Span, zone: ZoneInfo | None, *, is_own: bool
) -> None:
    shown = ShowMeetings(hosted.user_id, span)

    assert_slack_takes_it(rows.meetings_list(hosted, shown, zone, is_own=is_own))


async def test_the_next_ones_stand_below_their_days_in_the_reader_s_zone(office: Office) -> None:
    """23:30 and 00:30 in Berlin are one day in UTC and two for whoever reads it there."""
    await given_calendar(office.database, weekly=dict.fromkeys(("mon", "tue"), ("00:00-24:00",)))
    late = timedelta(days=6, hours=14, minutes=30)  # Monday 22:30 UTC
    await booked(office, late, "Jane Doe", contact=Contact("Acme"))
    await booked(office, late + HOUR, "Joe")

    answer = await office.types(SAM, "/otl meetings")

    days = [one for one in answer.blocks if one["type"] == "context"]
    listed = [one["text"]["text"] for one in answer.blocks if one["type"] == "section"]
    assert listed[0] == "*Your meetings to come: 2*"
    assert len(days) == 2
    assert "{date_long_pretty}" in days[0]["elements"][0]["text"]
    assert listed[1].startswith("*<!date^")
    assert "Jane Doe (Acme)\nOnboarding Call" in listed[1]
    assert buttons(answer) == [DETAILS, DETAILS]


async def test_today_and_week_end_at_the_reader_s_midnight(office: Office) -> None:
    await given_calendar(office.database, weekly=dict.fromkeys(("tue", "wed"), ("00:00-24:00",)))
    await booked(office, 14 * HOUR, "Before")  # 22:00 UTC today is 23:00 in Berlin
    await booked(office, 15 * HOUR, "After")  # midnight there
    await booked(office, timedelta(days=7, hours=1), "In a week")

    today = in_words(await office.types(SAM, "/otl meetings today"))
    week = in_words(await office.types(SAM, "/otl meetings week"))

    assert [one for one in ("Before", "After", "In a week") if one in today] == ["Before"]
    assert [one for one in ("Before", "After", "In a week") if one in week] == ["Before", "After"]


async def test_anybody_sees_names_and_times_and_only_whom_it_concerns_more(office: Office) -> None:
    await given_calendar(office.database)
    await booked(office, timedelta(days=6, hours=1), "Jane Doe", issued_by=KIM)

    hers = await office.types(ANA, "/otl meetings @sam")
    his = await office.types(KIM, "/otl meetings @sam")

    assert "Jane Doe" in in_words(hers)
    assert f"*Meetings of <@{SAM}> to come: 1*" in in_words(hers)
    assert "jane@" not in in_words(hers) + hers.text
    assert (buttons(hers), buttons(his)) == ([], [DETAILS])


async def test_details_open_from_the_answer_and_from_the_home(office: Office) -> None:
    await given_calendar(office.database)
    await booked(office, timedelta(days=6, hours=1), "Jane Doe")
    answer = await office.types(SAM, "/otl meetings")

    await office.press_only(SAM, answer, DETAILS)
    await office.slack.until(lambda: "jane@example.com" in modal(office))
    shown = office.slack.modal(SAM)
    assert shown is not None
    await office.slack.close_view(shown)
    await opened(office)
    home = office.slack.home(SAM)
    assert home is not None
    await office.slack.press_in_view(home, DETAILS)

    await office.slack.until(lambda: "jane@example.com" in modal(office))


def modal(office: Office) -> str:
    shown = office.slack.modal(SAM)
    return "" if shown is None else str(shown.blocks)


async def test_a_class_is_one_row_with_everybody_a_press_away(office: Office) -> None:
    await given_calendar(office.database, type=CalendarType.CLASS, seats=9)
    for number in range(5):
        await booked(office, timedelta(days=6, hours=1), f"Contact {number}")

    answer = await office.types(SAM, "/otl meetings")

    assert "Contact 4, Contact 3, Contact 2 and 2 more" in in_words(answer)
    assert buttons(answer) == [EVERYBODY]


async def test_its_host_finds_the_room_there_and_nobody_else(office: Office) -> None:
    room = "https://meet.example.com/sam"
    await given_calendar(office.database, place=Place(PlaceKind.URL, room))
    await booked(office, timedelta(days=6, hours=1), "Jane Doe")

    own = in_words(await office.types(SAM, "/otl meetings"))
    other = in_words(await office.types(ANA, "/otl meetings @sam"))

    assert f"<{room}|Online meeting>" in own
    assert f"<{room}|Online meeting>" in await opened(office)
    assert room not in other


async def test_many_have_pages(office: Office) -> None:
    await given_calendar(office.database)
    for number in range(12):
        await booked(
            office, timedelta(days=6, hours=1, minutes=30 * number), f"Contact {number:02}"
        )
    answer = await office.types(SAM, "/otl meetings")
    assert "1 to 10 of 12" in in_words(answer)

    await office.changes(SAM, answer, rows.LATER)
    assert "Contact 11" in in_words(answer)
    assert "Contact 09" not in in_words(answer)
    await office.changes(SAM, answer, rows.EARLIER)

    assert "Contact 00" in in_words(answer)


async def test_where_there_is_none_it_is_said(office: Office) -> None:
    await given_calendar(office.database)

    own = await office.types(SAM, "/otl meetings week")
    other = await office.types(SAM, "/otl meetings @ana")

    assert own.text == "You have no meeting in the next seven days"
    assert other.text == f"<@{ANA}> has no meeting to come"


async def test_home_begins_with_ten_and_says_how_many_more(office: Office) -> None:
    await given_calendar(office.database)
    for number in range(12):
        await booked(
            office, timedelta(days=6, hours=1, minutes=30 * number), f"Contact {number:02}"
        )

    words = await opened(office)

    home = office.slack.home(SAM)
    assert home is not None
    assert home.blocks[0]["text"]["text"] == "*My next meetings*"
    assert "and 2 more: `/otl meetings`" in words
    assert words.index("Contact 09") < words.index("My links:")


async def test_a_booking_of_their_time_changes_an_open_home_at_once(office: Office) -> None:
    await given_calendar(office.database, hosts=(ANA,))
    await opened(office, ANA)

    await booked(office, timedelta(days=6, hours=1), "Jane Doe", issued_by=SAM)

    await office.slack.until(lambda: "Jane Doe" in said(office, ANA))


async def test_a_meeting_that_is_over_leaves_an_open_home_by_itself(
    office: Office, clock: Any
) -> None:
    await given_calendar(office.database, hosts=(ANA,))
    link = await given_link(office.database)
    await when_booked(office.database, link)
    assert "Jane Doe" in await opened(office, ANA)

    clock.move_to(MONDAY_NINE + HOUR)

    await office.slack.until(lambda: "Jane Doe" not in said(office, ANA), seconds=20)
