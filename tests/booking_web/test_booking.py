"""POST /otl/{token}."""

import asyncio
from datetime import datetime, timedelta

import pytest
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient
from pytest_aiohttp.plugin import AiohttpClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from booking_web.app import create_site
from scheduling.bookings import BookingDetails, booking_by_id
from scheduling.calendar_changes import deactivate_calendar
from scheduling.database import Database, open_database
from scheduling.link_details import link_by_id
from scheduling.link_status import LinkStatus
from scheduling.links import Actor, delete_link
from scheduling.models import Booking
from tests.booking_web.conftest import URLS
from tests.booking_web.reading import (
    by_id,
    forms,
    headings,
    near_starts,
    parse,
    posted_fields,
    starts,
    text_of,
    words_of,
)
from tests.given import (
    KEYRING,
    MONDAY_NINE,
    NOW,
    SAM,
    GivenLink,
    given_calendar,
    given_link,
    when_booked,
)

JANE = {"start": "2026-12-07T09:00:00Z", "name": "Jane Doe", "email": "jane@example.com"}
DEAD = "Uh-oh! The link is no longer active. Please reach out to the event owner for a new link."


def bookings(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Booking)) or 0


def only_booking(session: Session) -> BookingDetails:
    return booking_by_id(session, booking_id=session.scalars(select(Booking.id)).one())


def status_of(session: Session, link: GivenLink) -> LinkStatus:
    return link_by_id(session, link_id=link.details.id, now=NOW).status


async def form_of(site: TestClient, link: GivenLink, query: str = "") -> dict[str, str]:
    """Fetch a form of one's own."""
    answer = await site.get(f"/otl/{link.token}{query}")
    return posted_fields(await answer.text())


async def send(site: TestClient, link: GivenLink, form: dict[str, str]) -> ClientResponse:
    return await site.post(f"/otl/{link.token}", data=form, allow_redirects=False)


async def test_a_contact_books_and_the_link_is_used_up(
    site: TestClient, database: Database
) -> None:
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


async def test_one_form_sent_many_times_gets_one_confirmation(
    site: TestClient, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link) | JANE

    answers = await asyncio.gather(*(send(site, link, form) for _ in range(10)))

    assert {answer.status for answer in answers} == {303}
    assert len({answer.headers["Location"] for answer in answers}) == 1
    assert await database.read(bookings) == 1


async def test_of_two_forms_on_one_link_one_books_and_the_other_finds_it_dead(
    site: TestClient, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    jane, joe = await form_of(site, link) | JANE, await form_of(site, link) | JANE

    answers = await asyncio.gather(send(site, link, jane), send(site, link, joe))

    assert sorted(answer.status for answer in answers) == [303, 410]
    assert await database.read(bookings) == 1


async def test_a_form_that_booked_and_comes_back_incomplete_finds_its_booking(
    site: TestClient, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link) | JANE
    booked = await send(site, link, form)

    again = await send(site, link, form | {"name": "", "start": ""})

    assert again.status == 303
    assert again.headers["Location"] == booked.headers["Location"]


async def test_an_incomplete_form_of_somebody_else_finds_the_link_dead(
    site: TestClient, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link)
    await when_booked(database, link)

    answer = await send(site, link, form)

    assert answer.status == 410
    assert words_of(await answer.text()) == DEAD


async def test_a_wrong_form_comes_back_with_every_answer_in_it(
    site: TestClient, database: Database
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


async def test_a_wrong_form_is_mended_and_books(site: TestClient, database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    wrong = await send(site, link, await form_of(site, link) | JANE | {"name": ""})

    answer = await send(site, link, posted_fields(await wrong.text()) | {"name": "Jane"})

    assert answer.status == 303


async def test_the_errors_stand_first_and_lead_to_their_fields(
    sqlite_site: TestClient, sqlite_database: Database
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
    sqlite_site: TestClient, sqlite_database: Database, field: str, text: str, words: str
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
    site: TestClient, database: Database
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


async def test_the_loser_of_a_time_keeps_link_and_answers_and_books_a_near_one(
    site: TestClient, database: Database
) -> None:
    await given_calendar(database)
    link, other = await given_link(database), await given_link(database)
    form = await form_of(site, link, "?zone=Europe/Berlin") | JANE | {"notes": "Hello."}
    await when_booked(database, other, start=MONDAY_NINE)

    answer = await send(site, link, form)

    page = await answer.text()
    assert answer.status == 409
    assert "That time was just taken" in words_of(page)
    assert near_starts(page) == [
        "2026-12-07T09:30:00Z",
        "2026-12-07T10:00:00Z",
        "2026-12-07T10:30:00Z",
    ]
    kept = posted_fields(page)
    assert {name: kept[name] for name in ("name", "email", "notes", "zone")} == {
        "name": "Jane Doe",
        "email": "jane@example.com",
        "notes": "Hello.",
        "zone": "Europe/Berlin",
    }
    assert "start" not in kept
    assert await database.read(status_of, link) is LinkStatus.ACTIVE
    again = await send(site, link, kept | {"start": near_starts(page)[0]})
    assert again.status == 303


@pytest.mark.parametrize(
    "start",
    [
        pytest.param(NOW - timedelta(days=1), id="past"),
        pytest.param(MONDAY_NINE + timedelta(minutes=7), id="off the grid"),
        pytest.param(MONDAY_NINE + timedelta(microseconds=1), id="off by a microsecond"),
        pytest.param(MONDAY_NINE - timedelta(hours=3), id="outside the hours"),
        pytest.param(NOW + timedelta(days=300), id="beyond the window"),
        pytest.param(MONDAY_NINE.replace(year=2999), id="in the far future"),
    ],
)
async def test_a_start_that_is_not_open_is_a_conflict(
    sqlite_site: TestClient, sqlite_database: Database, start: datetime
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)
    form = await form_of(sqlite_site, link)

    answer = await send(sqlite_site, link, form | JANE | {"start": start.isoformat()})

    page = await answer.text()
    assert answer.status == 409
    assert len(near_starts(page)) == 3
    assert await sqlite_database.read(status_of, link) is LinkStatus.ACTIVE


async def test_a_time_that_went_while_the_form_was_mended_is_marked(
    sqlite_site: TestClient, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link, other = await given_link(sqlite_database), await given_link(sqlite_database)
    form = await form_of(sqlite_site, link) | JANE | {"name": ""}
    await when_booked(sqlite_database, other, start=MONDAY_NINE)

    answer = await send(sqlite_site, link, form)

    page = await answer.text()
    assert answer.status == 422
    assert "The time you chose is not free any more." in words_of(page)
    assert "2026-12-07T09:00:00Z" not in starts(page)


async def test_a_link_that_was_deleted_under_the_form_is_gone(
    site: TestClient, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link) | JANE
    await database.write(
        delete_link,
        workspace_id=1,
        public_id=link.details.public_id,
        actor=Actor(SAM, is_admin=False),
        now=NOW,
    )

    answer = await send(site, link, form)

    assert answer.status == 410
    assert words_of(await answer.text()) == DEAD
    assert await database.read(bookings) == 0


@pytest.mark.parametrize("changes", [{}, {"name": ""}], ids=["whole", "incomplete"])
async def test_a_deactivated_calendar_books_nothing_and_the_link_stays_good(
    site: TestClient, database: Database, changes: dict[str, str]
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link) | JANE | changes
    await database.write(deactivate_calendar, workspace_id=1, slug="onboarding-call", now=NOW)

    answer = await send(site, link, form)

    assert answer.status == 409
    assert headings(await answer.text()) == ["This calendar takes no bookings at the moment."]
    assert await database.read(status_of, link) is LinkStatus.ACTIVE


async def test_while_the_database_is_away_the_form_is_kept_and_books_later(
    aiohttp_client: AiohttpClient,
    sqlite_site: TestClient,
    sqlite_url: str,
    sqlite_database: Database,
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)
    form = await form_of(sqlite_site, link, "?zone=Europe/Berlin") | JANE | {"notes": "Hello."}
    away = open_database(sqlite_url)
    await away.close()
    broken = await aiohttp_client(create_site(database=away, keyring=KEYRING, urls=URLS))

    answer = await send(broken, link, form)

    page = await answer.text()
    assert answer.status == 503
    assert int(answer.headers["Retry-After"]) > 0
    assert "Mon 7 Dec, 10:00" in words_of(page)
    assert len(forms(page, "post")) == 1
    assert posted_fields(page) == form
    assert (await send(sqlite_site, link, posted_fields(page))).status == 303


async def test_while_the_database_is_away_a_forged_form_gets_a_ticket_all_the_same(
    aiohttp_client: AiohttpClient,
    sqlite_site: TestClient,
    sqlite_url: str,
    sqlite_database: Database,
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)
    away = open_database(sqlite_url)
    await away.close()
    broken = await aiohttp_client(create_site(database=away, keyring=KEYRING, urls=URLS))

    answer = await send(broken, link, JANE | {"zone": "UTC"})

    kept = posted_fields(await answer.text())
    assert answer.status == 503
    assert (await send(sqlite_site, link, kept)).status == 303


async def in_pieces() -> object:
    for _ in range(30):
        yield b"notes=" + b"x" * 10_000


@pytest.mark.parametrize("body", [b"notes=" + b"x" * 300_000, in_pieces], ids=["told", "in pieces"])
async def test_a_form_that_is_too_large_is_refused_with_words(
    sqlite_site: TestClient, sqlite_database: Database, body: object
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)

    answer = await sqlite_site.post(
        f"/otl/{link.token}",
        data=body() if callable(body) else body,
        headers={"Content-Type": "application/x-www-form-urlencoded"},
    )

    assert answer.status == 413
    assert headings(await answer.text()) == ["That was too much text."]


async def test_what_is_no_form_at_all_gets_the_form(
    sqlite_site: TestClient, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)

    answer = await sqlite_site.post(f"/otl/{link.token}", json={"start": "2026-12-07T09:00:00Z"})

    assert answer.status == 422
    assert len(forms(await answer.text(), "post")) == 1
