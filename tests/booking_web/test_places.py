"""Where a meeting is: its kind before booking, all of it after, and a number where one calls."""

from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar
from sqlalchemy.orm import Session

from scheduling.database import Database
from scheduling.places import Place, PlaceKind
from tests.booking_web.reading import by_id, links, posted_fields, text_of, words_of
from tests.booking_web.site import JANE, Site, bookings, form_of, send
from tests.given import SAM, given_calendar, given_link, when_booked
from tests.scheduling.bookings.test_place_of_meeting import have_rooms
from tests.stored import rows

ROOM = "https://meet.example/sam"
ALL = "https://meet.example/all?pwd=a&b=c"
NUMBER = "+49 30 123456"


def stored_phones(session: Session) -> list[str | None]:
    return [phone for (phone,) in rows(session, "SELECT phone FROM booking")]


async def booked_page(site: Site, database: Database, **form: str) -> tuple[str, str]:
    """Book with a form; return the confirmation's address and its page."""
    link = await given_link(database)
    answer = await send(site, link, await form_of(site, link) | JANE | form)
    assert answer.status == 303, words_of(await answer.text())
    address = answer.headers["Location"]
    return address, await (await site.get(address)).text()


async def test_the_page_names_the_kind_of_place_and_not_its_url(
    site: Site, database: Database
) -> None:
    await given_calendar(database, place=Place(PlaceKind.URL, ALL), description="One.\nTwo.")
    link = await given_link(database)

    page = await (await site.get(f"/otl/{link.token}")).text()

    assert "30 min · Online meeting One. Two." in words_of(page)
    assert "meet.example" not in page


@pytest.mark.parametrize(
    ("with_room", "words"),
    [(True, "Online meeting"), (False, "Sam Rivera sends you the place")],
)
async def test_the_page_says_who_sends_the_place_where_the_host_has_no_room(
    sqlite_site: Site, sqlite_database: Database, *, with_room: bool, words: str
) -> None:
    await given_calendar(sqlite_database, place=Place(PlaceKind.HOST_ROOM))
    if with_room:
        await sqlite_database.write(have_rooms, SAM)
    link = await given_link(sqlite_database)

    page = await (await sqlite_site.get(f"/otl/{link.token}")).text()

    assert f"30 min · {words}" in words_of(page)
    assert ROOM not in page


async def test_the_confirmation_and_the_calendar_file_hold_the_room(
    site: Site, database: Database
) -> None:
    await given_calendar(database, place=Place(PlaceKind.HOST_ROOM))
    await database.write(have_rooms, SAM)

    address, page = await booked_page(site, database)

    assert f"WhereOnline meeting{ROOM}" in words_of(page)
    assert links(page)[ROOM] == ROOM
    file = await (await site.get(f"{address}/invitation.ics")).read()
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert event["LOCATION"] == ROOM
    assert event["CONFERENCE"] == ROOM
    assert event["CONFERENCE"].params["VALUE"] == "URI"
    assert event["CONFERENCE"].params["FEATURE"] == "VIDEO"
    google = parse_qs(urlsplit(links(page)["Google Calendar"]).query)
    outlook = parse_qs(urlsplit(links(page)["Outlook.com"]).query)
    assert (google["location"], outlook["location"]) == ([ROOM], [ROOM])


async def test_a_url_with_signs_of_html_stays_a_url(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database, place=Place(PlaceKind.URL, ALL))

    _, page = await booked_page(sqlite_site, sqlite_database)

    assert links(page)[ALL] == ALL


async def test_an_address_is_no_link(sqlite_site: Site, sqlite_database: Database) -> None:
    words = "javascript:alert(1) <b>Main Street 1</b>"
    await given_calendar(sqlite_database, place=Place(PlaceKind.ADDRESS, words))

    address, page = await booked_page(sqlite_site, sqlite_database)

    assert f"Where{words}" in words_of(page)
    assert words not in links(page)
    file = await (await sqlite_site.get(f"{address}/invitation.ics")).read()
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert event["LOCATION"] == words
    assert "CONFERENCE" not in event


async def test_a_host_who_calls_is_given_a_number(site: Site, database: Database) -> None:
    await given_calendar(database, place=Place(PlaceKind.PHONE))
    link = await given_link(database)
    fetched = await (await site.get(f"/otl/{link.token}")).text()

    address, page = await booked_page(site, database, phone="(0049) 30-123456")

    assert "30 min · Sam Rivera calls you" in words_of(fetched)
    assert by_id(fetched, "phone").get("required") is not None
    assert "WhereSam Rivera calls you at 0049 30 123456" in words_of(page)
    assert "123456" not in links(page)["Google Calendar"] + links(page)["Outlook.com"]
    assert await database.read(stored_phones) == ["0049 30 123456"]
    file = await (await site.get(f"{address}/invitation.ics")).read()
    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert event["LOCATION"] == "Sam Rivera calls you at 0049 30 123456"


@pytest.mark.parametrize(
    ("typed", "words"),
    [
        ("", "Write your phone number."),
        ("call me", "This is not a whole phone number. It looks like +49 30 123456."),
    ],
)
async def test_without_a_number_the_form_comes_back_and_the_link_stays_active(
    site: Site, database: Database, typed: str, words: str
) -> None:
    await given_calendar(database, place=Place(PlaceKind.PHONE))
    link = await given_link(database)
    form = await form_of(site, link) | JANE | {"phone": typed, "notes": "We are two."}

    answer = await send(site, link, form)

    page = await answer.text()
    assert answer.status == 422
    assert text_of(by_id(page, "phone-wrong")) == words
    kept = posted_fields(page)
    assert (kept["phone"], kept["notes"], kept["start"]) == (typed, "We are two.", JANE["start"])
    assert await database.read(bookings) == 0
    again = await send(site, link, kept | {"phone": NUMBER})
    assert again.status == 303


async def test_all_that_is_wrong_is_said_at_once_in_the_order_of_the_page(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database, place=Place(PlaceKind.PHONE))
    link = await given_link(sqlite_database)
    form = await form_of(sqlite_site, link) | {"notes": "x" * 2001}

    page = await (await send(sqlite_site, link, form)).text()

    targets = [href for href in links(page).values() if href.startswith("#")]
    assert [one for one in targets if not one.startswith("#day")][1:] == [
        "#times",
        "#name",
        "#email",
        "#phone",
        "#notes",
    ]


async def test_whoever_loses_a_time_keeps_the_number_that_they_typed(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    await when_booked(sqlite_database, await given_link(sqlite_database))
    await given_calendar(sqlite_database, place=Place(PlaceKind.PHONE))
    link = await given_link(sqlite_database)

    answer = await send(
        sqlite_site, link, await form_of(sqlite_site, link) | JANE | {"phone": NUMBER}
    )

    assert answer.status == 409
    assert posted_fields(await answer.text())["phone"] == NUMBER


async def test_a_number_that_nobody_asked_for_is_not_kept(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)

    await booked_page(sqlite_site, sqlite_database, phone=NUMBER)

    assert await sqlite_database.read(stored_phones) == [None]
