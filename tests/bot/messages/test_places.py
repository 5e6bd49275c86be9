"""Where a meeting is: in private messages with all of it, in the list of calendars its kind."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.messages.booked_for_you import booked_for_you, details
from bot.messages.calendar_list import calendar_list
from bot.messages.link_used import link_used
from bot.messages.message import Message
from scheduling.bookings.details import BookingDetails
from scheduling.contacts import Booker
from scheduling.places import Place, PlaceKind
from tests.bot.values import NOW, SAM_HOST, SECRET, a_calendar

ROOM = "https://meet.example/sam?a=b&c=d"
NUMBER = "+49 30 123456"


def a_booking(place: Place | None) -> BookingDetails:
    return BookingDetails(
        appointment_id=7,
        calendar=a_calendar(),
        hosts=(SAM_HOST,),
        starts_at=NOW,
        ends_at=NOW + timedelta(minutes=30),
        booker=Booker("Jane Doe", "jane@example.com", "", "UTC", NUMBER),
        link_public_id="L-7K2QXA",
        link_issued_by="U0ANA",
        link_issued_at=NOW,
        link_contact=None,
        link_channel_id="C0SALES",
        place=place,
        uid="uid",
        sequence=0,
        appointment_uid="appointment uid",
        appointment_sequence=0,
        booked_at=NOW,
        cancelled_at=None,
        secret=SECRET,
    )


def buttons(message: Message) -> list[tuple[str, str]]:
    """Return label and value of each button beside a paragraph."""
    blocks: list[dict[str, Any]] = message.block_json()
    beside = [block["accessory"] for block in blocks if "accessory" in block]
    found = [one for one in beside if one["type"] == "button"]
    return [(one["text"]["text"], one["value"]) for one in found]


@pytest.mark.parametrize(
    ("place", "said", "label"),
    [
        (Place(PlaceKind.HOST_ROOM), "No place yet", "Add the place"),
        (
            Place(PlaceKind.HOST_ROOM, ROOM),
            "Online meeting: <https://meet.example/sam?a=b&amp;c=d>",
            "Change",
        ),
        (Place(PlaceKind.PHONE), f"By phone: {NUMBER}", "Change"),
        (Place(PlaceKind.TEXT, "<!channel> *hall*"), "&lt;!channel&gt; \u2217hall\u2217", "Change"),
    ],
)
def test_the_host_reads_where_it_is_and_can_say_it(place: Place, said: str, label: str) -> None:
    message = booked_for_you(a_booking(place), now=NOW, reader="U0SAM")

    assert said in [block["text"]["text"] for block in message.block_json() if "text" in block]
    assert said in message.text.splitlines()
    assert buttons(message) == [(label, "7")]


def test_whoever_is_no_host_reads_it_without_the_button() -> None:
    booking = a_booking(Place(PlaceKind.HOST_ROOM))

    for message in (
        booked_for_you(booking, now=NOW, reader="U0ANA"),
        booked_for_you(booking, now=NOW, reader=None),
        details(booking, now=NOW),
    ):
        assert "No place yet" in message.text
        assert buttons(message) == []


def test_where_nobody_says_where_it_is_there_is_no_line() -> None:
    message = booked_for_you(a_booking(None), now=NOW, reader="U0SAM")

    assert len(message.text.splitlines()) == 4
    assert buttons(message) == []


@pytest.mark.parametrize("place", [Place(PlaceKind.URL, ROOM), Place(PlaceKind.PHONE)])
def test_the_channel_reads_neither_url_nor_number(place: Place) -> None:
    message = link_used(a_booking(place), now=NOW)

    said = message.text + json.dumps(message.block_json())
    assert "meet.example" not in said
    assert "123456" not in said


def test_the_list_of_calendars_says_the_kind_of_place() -> None:
    calendar = a_calendar(place=Place(PlaceKind.URL, ROOM))

    message = calendar_list([calendar], searched="")

    assert "30 min · online · Event" in message.text
    assert "meet.example" not in message.text
