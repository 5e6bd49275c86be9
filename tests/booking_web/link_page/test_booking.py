"""POST /otl/{token}: a form books, or comes back to be mended."""

import asyncio

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from booking_web.mail.readers import Reader
from scheduling.bookings.details import BookingDetails, booking_by_id
from scheduling.database import Database
from scheduling.database.models import Booking
from scheduling.links.status import LinkStatus
from scheduling.times.words import CLOCK_24, Clock
from tests.booking_web.reading import (
    by_id,
    headings,
    parse,
    posted_fields,
    text_of,
    words_of,
)
from tests.booking_web.site import DEAD, JANE, Site, bookings, form_of, send, status_of
from tests.given import (
    MONDAY_NINE,
    given_calendar,
    given_link,
    when_booked,
)


def only_booking(session: Session) -> BookingDetails:
    return booking_by_id(session, booking_id=session.scalars(select(Booking.id)).one())


async def test_a_contact_books_and_the_link_is_used_up(site: Site, database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link, "?zone=Europe/Berlin")

    answer = await send(site, link, form | JANE | {"notes": "We are two.\r\nBoth remote."})

    assert answer.status == 303
    confirmation = await site.get(answer.headers["Location"])
    assert headings(await confirmation.text()) == ["You're booked."]
    booking = await database.read(only_booking)
    assert booking.starts_at == MONDAY_NINE
    assert (booking.booker.name, booking.booker.email) == ("Jane Doe", "jane@example.com")
    assert (booking.booker.notes, booking.booker.zone) == (
        "We are two.\nBoth remote.",
        "Europe/Berlin",
    )
    assert (await site.get(f"/otl/{link.token}")).status == 410


@pytest.mark.parametrize(
    ("header", "language", "clock"),
    [
        ("en-US,en;q=0.9", "en-US", Clock(twelve_hours=True, month_first=True)),
        ("de-CH, en;q=0.5", "de-CH", CLOCK_24),
        ("tlh, en-AU;q=0.7", "en-AU", Clock(twelve_hours=True)),
        ("", "en-GB", CLOCK_24),
        ("\\x;q=z, *", "en-GB", CLOCK_24),
    ],
)
async def test_a_booking_keeps_the_language_and_the_clock_of_its_contact(
    site: Site, database: Database, header: str, language: str, clock: Clock
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link) | JANE

    await site.post(
        f"/otl/{link.token}",
        data=form,
        headers={"Accept-Language": header},
        allow_redirects=False,
    )

    booking = await database.read(only_booking)
    assert (booking.booker.language, booking.booker.clock) == (language, clock)
    assert Reader.contact(booking).clock == clock


async def test_one_form_sent_many_times_gets_one_confirmation(
    site: Site, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link) | JANE

    answers = await asyncio.gather(*(send(site, link, form) for _ in range(10)))

    assert {answer.status for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert await database.read(bookings) == 1


async def test_of_two_forms_on_one_link_one_books_and_the_other_finds_it_dead(
    site: Site, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    jane, joe = await form_of(site, link) | JANE, await form_of(site, link) | JANE

    answers = await asyncio.gather(send(site, link, jane), send(site, link, joe))

    assert sorted(answer.status for answer in answers) == [303, 410]
    assert await database.read(bookings) == 1


async def test_a_form_that_booked_and_comes_back_incomplete_finds_its_booking(
    site: Site, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link) | JANE
    booked = await send(site, link, form)

    again = await send(site, link, form | {"name": "", "start": ""})

    assert again.status == 303
    assert again.headers["Location"] == booked.headers["Location"]


async def test_an_incomplete_form_of_somebody_else_finds_the_link_dead(
    site: Site, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link)
    await when_booked(database, link)

    answer = await send(site, link, form)

    assert answer.status == 410
    assert words_of(await answer.text()) == DEAD


async def test_a_wrong_form_comes_back_with_every_answer_in_it(
    site: Site, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link, "?zone=Asia/Tokyo&from=2026-12-05")
    wrong = form | JANE | {"email": "jane@", "notes": "We are two.\n\nBoth remote."}

    answer = await send(site, link, wrong)

    page = await answer.text()
    assert answer.status == 422
    assert posted_fields(page) == wrong
    field = by_id(page, "email")
    assert field.get("aria-invalid") == "true"
    assert "not a whole e-mail address" in text_of(by_id(page, field.get("aria-describedby") or ""))
    assert by_id(page, "name").get("aria-invalid") is None
    assert await database.read(status_of, link) is LinkStatus.ACTIVE


async def test_a_wrong_form_is_mended_and_books(site: Site, database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    wrong = await send(site, link, await form_of(site, link) | JANE | {"name": ""})

    answer = await send(site, link, posted_fields(await wrong.text()) | {"name": "Jane"})

    assert answer.status == 303


async def test_the_errors_stand_first_and_lead_to_their_fields(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)

    answer = await send(sqlite_site, link, await form_of(sqlite_site, link))

    page = await answer.text()
    (summary,) = [one for one in parse(page).iter() if one.get("role") == "alert"]
    targets = [(link.get("href") or "")[1:] for link in summary.iter("a")]
    assert summary.get("autofocus") is not None
    assert targets == ["times", "name", "email"]
    assert by_id(page, "times").get("aria-invalid") == "true"


@pytest.mark.parametrize(
    ("field", "text", "words"),
    [
        pytest.param("name", "x" * 201, "Your name has more than 200 characters", id="name"),
        pytest.param("notes", "long " * 401, "Your note has more than 2,000 characters", id="note"),
    ],
)
async def test_a_text_that_is_too_long_is_given_back_and_not_cut(
    sqlite_site: Site, sqlite_database: Database, field: str, text: str, words: str
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)
    form = await form_of(sqlite_site, link)

    answer = await send(sqlite_site, link, form | JANE | {field: text})

    page = await answer.text()
    assert answer.status == 422
    assert words in words_of(page)
    assert posted_fields(page)[field] == text.strip()


async def test_a_forged_form_is_given_back_with_a_ticket_that_works(
    site: Site, database: Database
) -> None:
    await given_calendar(database)
    link, other = await given_link(database), await given_link(database)
    forged = await form_of(site, other) | JANE

    answer = await send(site, link, forged)

    page = await answer.text()
    assert answer.status == 422
    assert "had lost its connection to the page" in words_of(page)
    assert posted_fields(page)["submission_id"] != forged["submission_id"]
    assert await database.read(bookings) == 0
    assert (await send(site, link, posted_fields(page))).status == 303
