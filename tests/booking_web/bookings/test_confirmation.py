"""GET /booking/{secret} and its calendar file."""

from dataclasses import replace
from urllib.parse import parse_qs, urlsplit

import pytest
from icalendar import Calendar

from booking_web.bookings.confirmation import confirmation
from booking_web.rendering import Pages
from booking_web.static_files import load_static_files
from scheduling.bookings.confirmation_mail import ConfirmationMail
from scheduling.bookings.details import BookingDetails, booking_by_id
from scheduling.contacts import Booker
from scheduling.database import Database
from scheduling.secrets.keyring import Purpose
from scheduling.times.words import CLOCK_24
from tests.booking_web.reading import headings, links, words_of
from tests.booking_web.site import Site
from tests.given import KEYRING, MONDAY_NINE, NOW, given_calendar, given_link, when_booked

CHANGE = "The time does not suit? Move or cancel the booking."


async def given_booking(
    database: Database, *, zone: str = "Europe/Berlin", notes: str = ""
) -> tuple[BookingDetails, str]:
    """Book as Jane; return the booking and its secret."""
    link = await given_link(database)
    booker = Booker("Jane Doe", "jane@example.com", notes, zone)
    booked = await when_booked(database, link, booker=booker)
    details = await database.read(booking_by_id, booking_id=booked.booking_id)
    return details, KEYRING.token(Purpose.BOOKING, booked.secret)


async def test_the_confirmation_says_first_that_and_when_one_is_booked(
    site: Site, database: Database
) -> None:
    await given_calendar(database, zone="Europe/Berlin")
    _, secret = await given_booking(database)

    answer = await site.get(f"/booking/{secret}")

    page = await answer.text()
    assert answer.status == 200
    assert words_of(page).startswith("You're booked. Mon 7 Dec, 10:00–10:30 (Berlin)")  # noqa: RUF001
    for expected in ("Onboarding Call, 30 min", "Sam Rivera", "Jane Doe", "No e-mail is sent."):
        assert expected in words_of(page)


async def test_the_confirmation_shows_no_more_than_it_needs(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    _, secret = await given_booking(sqlite_database, notes="The budget is 5,000.")

    page = await (await sqlite_site.get(f"/booking/{secret}")).text()

    assert "jane@example.com" not in page
    assert "budget" not in page
    assert "L-" not in words_of(page)


async def test_where_the_host_has_other_clocks_both_times_are_named(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database, zone="Europe/Berlin")
    _, secret = await given_booking(sqlite_database, zone="Asia/Tokyo")

    words = words_of(await (await sqlite_site.get(f"/booking/{secret}")).text())

    assert "Mon 7 Dec, 18:00–18:30 (Tokyo)" in words  # noqa: RUF001
    assert "Mon 7 Dec, 10:00–10:30 (Berlin) for Sam Rivera" in words  # noqa: RUF001


async def test_zones_with_the_same_clock_are_named_once(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database, zone="Europe/Paris")
    _, secret = await given_booking(sqlite_database)

    words = words_of(await (await sqlite_site.get(f"/booking/{secret}")).text())

    assert "(Berlin)" in words
    assert "Paris" not in words


async def test_the_calendar_file_holds_the_meeting(site: Site, database: Database) -> None:
    await given_calendar(database)
    booking, secret = await given_booking(database, notes="We are two.")
    page = await (await site.get(f"/booking/{secret}")).text()

    answer = await site.get(links(page)["Add to calendar"])

    assert answer.content_type == "text/calendar"
    assert answer.headers["Content-Disposition"] == 'attachment; filename="onboarding-call.ics"'
    (event,) = Calendar.from_ical(await answer.read()).walk("VEVENT")
    assert event["UID"] == booking.uid
    assert event.decoded("DTSTART") == MONDAY_NINE
    assert event["SUMMARY"] == "Onboarding Call with Sam Rivera"
    assert event["URL"] == f"https://book.example.com/booking/{secret}"


async def test_the_calendar_file_is_the_same_each_time(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    _, secret = await given_booking(sqlite_database)

    files = [
        await (await sqlite_site.get(f"/booking/{secret}/invitation.ics")).read() for _ in range(2)
    ]

    assert files[0] == files[1]


async def test_other_calendars_learn_title_and_time_and_nothing_else(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    _, secret = await given_booking(sqlite_database)

    ways = links(await (await sqlite_site.get(f"/booking/{secret}")).text())

    assert parse_qs(urlsplit(ways["Google Calendar"]).query) == {
        "action": ["TEMPLATE"],
        "text": ["Onboarding Call with Sam Rivera"],
        "dates": ["20261207T090000Z/20261207T093000Z"],
    }
    for name in ("Outlook.com", "Microsoft 365"):
        assert parse_qs(urlsplit(ways[name]).query) == {
            "path": ["/calendar/action/compose"],
            "rru": ["addevent"],
            "subject": ["Onboarding Call with Sam Rivera"],
            "startdt": ["2026-12-07T09:00:00Z"],
            "enddt": ["2026-12-07T09:30:00Z"],
        }


def shown(booking: BookingDetails) -> str:
    words = confirmation(booking, clock=CLOCK_24, now=NOW)
    page = (
        Pages(load_static_files())
        .answer("booked.html", booking=words, path="…", correction=None)
        .text
    )
    return words_of(page or "")


@pytest.mark.parametrize(
    ("mail", "expected"),
    [
        (ConfirmationMail.ON_ITS_WAY, "The confirmation is on its way to jane@example.com."),
        (ConfirmationMail.SENT, "The confirmation was sent to jane@example.com."),
    ],
)
async def test_where_there_is_mail_the_page_says_to_which_address_it_goes(
    sqlite_database: Database, mail: ConfirmationMail, expected: str
) -> None:
    await given_calendar(sqlite_database)
    booking, _ = await given_booking(sqlite_database)

    words = shown(replace(booking, mail=mail))

    assert f"{expected} {CHANGE}" in words
    assert "No e-mail is sent" not in words


async def test_where_no_mail_arrives_the_page_promises_none(sqlite_database: Database) -> None:
    await given_calendar(sqlite_database)
    booking, _ = await given_booking(sqlite_database)

    refused = shown(replace(booking, mail=ConfirmationMail.REFUSED))
    without = shown(replace(booking, mail=ConfirmationMail.NONE))

    assert "No mail reaches jane@example.com. Keep this page, it is your confirmation" in refused
    assert "No e-mail is sent. Keep this page, it is your confirmation" in without
    for words in (refused, without):
        assert CHANGE in words


async def test_the_calendar_file_asks_nobody_to_answer_a_mail(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    _, secret = await given_booking(sqlite_database, notes="The budget is 5,000.")

    file = await (await sqlite_site.get(f"/booking/{secret}/invitation.ics")).read()

    (event,) = Calendar.from_ical(file).walk("VEVENT")
    assert "To move or cancel, open your booking." in event["DESCRIPTION"]
    assert "budget" not in event["DESCRIPTION"]


@pytest.mark.parametrize("path", ["", "/invitation.ics"])
@pytest.mark.parametrize("secret", ["a" * 32, "short", "%00"])
async def test_an_unknown_booking_has_words_of_its_own(
    sqlite_site: Site, secret: str, path: str
) -> None:
    answer = await sqlite_site.get(f"/booking/{secret}{path}")

    assert answer.status == 404
    assert headings(await answer.text()) == ["There is no booking here."]


async def test_the_secret_of_a_link_opens_no_booking(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)
    await when_booked(sqlite_database, link)

    assert (await sqlite_site.get(f"/booking/{link.token}")).status == 404


async def test_a_cancelled_booking_says_so_and_offers_no_calendar_file(
    sqlite_database: Database,
) -> None:
    await given_calendar(sqlite_database)
    booking, _ = await given_booking(sqlite_database)

    shown = confirmation(replace(booking, cancelled_at=NOW), clock=CLOCK_24, now=NOW)

    page = (
        Pages(load_static_files())
        .answer("booked.html", booking=shown, path="…", correction=None)
        .text
    )
    assert headings(page or "") == ["This booking was cancelled."]
    assert links(page or "") == {}
