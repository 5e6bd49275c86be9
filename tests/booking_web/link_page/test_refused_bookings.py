"""POST /otl/{token}: what a whole form can meet, and what the contact keeps."""

from datetime import datetime, timedelta

import pytest
from pytest_aiohttp.plugin import AiohttpClient

from booking_web.app import create_site
from scheduling.calendars.change import deactivate_calendar
from scheduling.calendars.leaving import note_presence
from scheduling.database import Database, open_database
from scheduling.links.delete import delete_link
from scheduling.links.permissions import Actor
from scheduling.links.status import LinkStatus
from tests.booking_web.conftest import URLS
from tests.booking_web.reading import (
    forms,
    headings,
    near_starts,
    posted_fields,
    starts,
    words_of,
)
from tests.booking_web.site import DEAD, JANE, Site, bookings, form_of, send, status_of
from tests.given import (
    KEYRING,
    MONDAY_NINE,
    NOW,
    SAM,
    given_calendar,
    given_link,
    when_booked,
)


async def test_the_loser_of_a_time_keeps_link_and_answers_and_books_a_near_one(
    site: Site, database: Database
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
    sqlite_site: Site, sqlite_database: Database, start: datetime
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
    sqlite_site: Site, sqlite_database: Database
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
    site: Site, database: Database
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
    site: Site, database: Database, changes: dict[str, str]
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link) | JANE | changes
    await database.write(deactivate_calendar, workspace_id=1, slug="onboarding-call", now=NOW)

    answer = await send(site, link, form)

    assert answer.status == 409
    assert headings(await answer.text()) == ["This calendar takes no bookings at the moment."]
    assert await database.read(status_of, link) is LinkStatus.ACTIVE


async def test_where_the_host_has_left_nobody_books_and_the_link_stays_good(
    site: Site, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    form = await form_of(site, link) | JANE | {"start": "2026-12-07T09:00:00Z"}
    left = {"workspace_id": 1, "user_id": SAM, "now": NOW}
    await database.write(note_presence, has_left=True, **left)

    answer = await send(site, link, form)
    opened = words_of(await (await site.get(f"/otl/{link.token}")).text())

    words = words_of(await answer.text())
    assert answer.status == 409
    for page in (words, opened):
        assert "This meeting cannot be booked at the moment." in page
        assert "reach out to whoever sent you this link" in page
    assert "just taken" not in words
    assert "Jane Doe" in str(posted_fields(await answer.text()))
    await database.write(note_presence, has_left=False, **left)
    assert (await send(site, link, form)).status == 303


async def test_while_the_database_is_away_the_form_is_kept_and_books_later(
    aiohttp_client: AiohttpClient,
    sqlite_site: Site,
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
    sqlite_site: Site,
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
    sqlite_site: Site, sqlite_database: Database, body: object
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
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)

    answer = await sqlite_site.post(f"/otl/{link.token}", json={"start": "2026-12-07T09:00:00Z"})

    assert answer.status == 422
    assert len(forms(await answer.text(), "post")) == 1
