"""Where a meeting is: what is typed, and what who reads of it when."""

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from scheduling.places import (
    PLACE_LENGTH,
    Place,
    PlaceKind,
    before_booking,
    for_contact,
    for_team,
    kind_words,
    read_phone,
    read_place,
    read_web_address,
)

ROOM = "https://meet.example/sam"
NUMBER = "+49 30 123456"


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        (ROOM, ROOM),
        ("  https://meet.example/sam\n", ROOM),
        ("HTTPS://Meet.Example/Sam?pwd=a%20b#x", "https://meet.example/Sam?pwd=a%20b#x"),
        ("meet.example.com/abc-def", "https://meet.example.com/abc-def"),
        ("http://localhost:8080/room", "http://localhost:8080/room"),
        ("https://münchen.example/räume", "https://xn--mnchen-3ya.example/r%C3%A4ume"),
        ('https://meet.example/"><script>', "https://meet.example/%22%3E%3Cscript%3E"),
        ("", None),
        ("meet me there", None),
        ("https://", None),
        ("https://meet example/sam", None),
        ("https://meet.example/sam room", None),
        ("javascript:alert(1)", None),
        ("javascript://meet.example/%0Aalert(1)", None),
        ("data:text/html,x", None),
        ("ftp://meet.example/x", None),
        ("//meet.example/sam", None),
        ("https://sam@meet.example/", None),
        ("https://meet.example:port/", None),
        ("https://[::1/", None),
        ("https://meet.example/" + "x" * PLACE_LENGTH, None),
        ("jane@example.com", None),
    ],
)
def test_only_a_web_address_becomes_a_link(typed: str, address: str | None) -> None:
    assert read_web_address(typed) == address


@given(st.text() | st.text().map("https://meet.example/{}".format))
@example("https://\u2100.example/")
@example("https://" + "x" * 64 + ".example/")
def test_a_link_holds_nothing_that_ends_it(typed: str) -> None:
    address = read_web_address(typed)

    if address is not None:
        assert address.startswith(("http://", "https://"))
        assert address.isascii()
        assert not set(address) & set(" <>\"'|\\`\n") - {"'"}
        assert read_web_address(address) == address


@pytest.mark.parametrize(
    ("typed", "number"),
    [
        (NUMBER, NUMBER),
        ("(030) 123-456", "030 123 456"),
        ("+1.555.010.9999", "+1 555 010 9999"),
        ("030/123456", "030 123456"),
        ("\u0660\u0663\u0660 \u0661\u0662\u0663\u0664", "030 1234"),
        ("\uff0b49 30 123456", NUMBER),
        ("1234", None),
        ("", None),
        ("call me", None),
        ("+49 30 123456 ext. 7", None),
        ("49+30123456", None),
        ("1" * 21, None),
        ("12345" + " 1" * 40, None),
    ],
)
def test_a_number_is_read_leniently(typed: str, number: str | None) -> None:
    assert read_phone(typed) == number


@given(st.text())
def test_a_number_holds_digits_spaces_and_a_plus(typed: str) -> None:
    number = read_phone(typed)

    if number is not None:
        assert set(number) <= set("+0123456789 ")
        assert read_phone(number) == number


@pytest.mark.parametrize(
    ("typed", "place"),
    [
        (ROOM, Place(PlaceKind.URL, ROOM)),
        ("Room 5, second floor", Place(PlaceKind.TEXT, "Room 5, second floor")),
        (" ", None),
        ("x" * (PLACE_LENGTH + 1), None),
    ],
)
def test_what_a_host_types_is_a_link_or_words(typed: str, place: Place | None) -> None:
    assert read_place(typed) == place


PLACES = [
    pytest.param(None, "", "", "", id="nothing said"),
    pytest.param(
        Place(PlaceKind.URL, ROOM), "Online meeting", "Online meeting", "Online meeting", id="URL"
    ),
    pytest.param(
        Place(PlaceKind.HOST_ROOM, ROOM),
        "Online meeting",
        "Online meeting",
        "Online meeting",
        id="a room",
    ),
    pytest.param(
        Place(PlaceKind.HOST_ROOM),
        "Online meeting",
        "Sam Rivera sends you the place",
        "No place yet",
        id="no room",
    ),
    pytest.param(
        Place(PlaceKind.PHONE),
        "Sam Rivera calls you",
        f"Sam Rivera calls you at {NUMBER}",
        f"By phone: {NUMBER}",
        id="phone",
    ),
    pytest.param(
        Place(PlaceKind.ADDRESS, "Main Street 1"),
        "Main Street 1",
        "Main Street 1",
        "Main Street 1",
        id="address",
    ),
    pytest.param(
        Place(PlaceKind.TEXT, "Dial in: 030 123456"),
        "You read where as soon as you have booked",
        "Dial in: 030 123456",
        "Dial in: 030 123456",
        id="words with a number",
    ),
    pytest.param(
        Place(PlaceKind.TEXT, f"See {ROOM}"),
        "You read where as soon as you have booked",
        f"See {ROOM}",
        f"See {ROOM}",
        id="words with a URL",
    ),
]


@pytest.mark.parametrize(("place", "before", "contact", "team"), PLACES)
def test_each_kind_of_place_has_one_wording_for_each_reader(
    place: Place | None, before: str, contact: str, team: str
) -> None:
    hosts = ("Sam Rivera",)

    assert before_booking(place, hosts=hosts, has_room=True) == before
    assert for_contact(place, hosts=hosts, phone=NUMBER) == contact
    assert for_team(place, phone=NUMBER) == team


@pytest.mark.parametrize(("place", "before", "contact", "team"), PLACES)
def test_no_url_and_no_number_is_read_before_booking(
    place: Place | None, before: str, contact: str, team: str
) -> None:
    del before, contact, team

    said = before_booking(place, hosts=("Sam Rivera", "Ana Lopes"), has_room=True)

    assert "://" not in said
    assert "030" not in said


def test_where_no_host_has_a_room_the_page_says_who_sends_the_place() -> None:
    room = Place(PlaceKind.HOST_ROOM)

    assert before_booking(room, hosts=("Sam Rivera",), has_room=False) == (
        "Sam Rivera sends you the place"
    )
    assert before_booking(room, hosts=("Sam", "Ana"), has_room=False) == (
        "Your host sends you the place"
    )


def test_a_number_that_was_erased_is_not_missed() -> None:
    phone = Place(PlaceKind.PHONE)

    assert for_contact(phone, hosts=("Sam Rivera",), phone="") == "Sam Rivera calls you"
    assert for_team(phone, phone="") == "By phone"


@pytest.mark.parametrize(
    ("place", "words"),
    [
        (None, ""),
        (Place(PlaceKind.URL, ROOM), "online"),
        (Place(PlaceKind.HOST_ROOM), "in the host's room"),
        (Place(PlaceKind.PHONE), "by phone"),
        (Place(PlaceKind.ADDRESS, "Main Street 1"), "in person"),
        (Place(PlaceKind.TEXT, "Studio 2"), "Studio 2"),
        (Place(PlaceKind.TEXT, f"See {ROOM}"), "place told after booking"),
    ],
)
def test_the_list_of_calendars_says_the_kind_of_place(place: Place | None, words: str) -> None:
    assert kind_words(place) == words
