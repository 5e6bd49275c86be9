"""Whoever booked moves or cancels on the pages of the booking, without scripts."""

import asyncio
from datetime import timedelta

import pytest

from scheduling.bookings.details import BookingDetails, booking_by_id
from scheduling.calendars.change import deactivate_calendar
from scheduling.database import Database
from scheduling.secrets.keyring import Purpose
from tests.booking_web.reading import forms, headings, posted_fields, words_of
from tests.booking_web.site import DEAD, Site
from tests.given import KEYRING, MONDAY_NINE, NOW, given_calendar, given_link, when_booked

HOUR = timedelta(hours=1)
TEN = "2026-12-07T10:00:00Z"


class Booked:
    """A booking of Jane's and the address of its page."""

    def __init__(self, database: Database, site: Site, booking_id: int, secret: str) -> None:
        self._database = database
        self._site = site
        self._id = booking_id
        self.page = f"/booking/{secret}"

    async def now(self) -> BookingDetails:
        return await self._database.read(booking_by_id, booking_id=self._id)

    async def form(self, what: str) -> dict[str, str]:
        answer = await self._site.get(f"{self.page}/{what}")
        assert answer.status == 200
        page = await answer.text()
        assert len(forms(page, "post")) == 1
        return posted_fields(page)

    async def send(self, what: str, form: dict[str, str]) -> tuple[int, str]:
        answer = await self._site.post(f"{self.page}/{what}", data=form, allow_redirects=False)
        if answer.status == 303:
            return 303, answer.headers["Location"]
        return answer.status, words_of(await answer.text())


async def given_booked(site: Site, database: Database, **settings: object) -> Booked:
    await given_calendar(database, **settings)
    booked = await when_booked(database, await given_link(database))
    return Booked(database, site, booked.booking_id, KEYRING.token(Purpose.BOOKING, booked.secret))


async def test_looking_at_the_pages_changes_nothing(site: Site, database: Database) -> None:
    booked = await given_booked(site, database)
    before = await booked.now()

    for what in ("move", "cancel"):
        await site.get(f"{booked.page}/{what}")
        await site.head(f"{booked.page}/{what}")

    assert await booked.now() == before


async def test_a_contact_moves_and_the_page_says_the_new_time(
    site: Site, database: Database
) -> None:
    booked = await given_booked(site, database)
    form = await booked.form("move")

    answer = await booked.send("move", form | {"start": TEN, "reason": "The train is late"})

    assert answer == (303, booked.page)
    moved = await booked.now()
    assert (moved.starts_at, moved.reason) == (MONDAY_NINE + HOUR, "The train is late")
    page = words_of(await (await site.get(booked.page)).text())
    assert "Mon 7 Dec, 11:00–11:30 (Berlin)" in page  # noqa: RUF001


async def test_the_time_that_it_has_is_not_offered_and_the_next_ones_are(
    site: Site, database: Database
) -> None:
    booked = await given_booked(site, database)

    page = await (await site.get(f"{booked.page}/move")).text()

    assert 'value="2026-12-07T09:00:00Z"' not in page
    assert 'value="2026-12-07T09:30:00Z"' in page
    assert "Now: Mon 7 Dec, 10:00–10:30 (Berlin)" in words_of(page)  # noqa: RUF001


async def test_a_contact_cancels_and_the_link_stays_dead(site: Site, database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    done = await when_booked(database, link)
    booked = Booked(database, site, done.booking_id, KEYRING.token(Purpose.BOOKING, done.secret))
    form = await booked.form("cancel")

    answer = await booked.send("cancel", form | {"reason": "We chose somebody else"})

    assert answer == (303, booked.page)
    page = await (await site.get(booked.page)).text()
    assert headings(page) == ["This booking was cancelled."]
    assert (await booked.now()).reason == "We chose somebody else"
    again = await site.get(f"/otl/{link.token}")
    assert (again.status, DEAD in words_of(await again.text())) == (410, True)


async def test_presses_at_once_are_one_change(site: Site, database: Database) -> None:
    booked = await given_booked(site, database)
    form = await booked.form("move") | {"start": TEN}

    answers = await asyncio.gather(*(booked.send("move", form) for _ in range(5)))

    assert set(answers) == {(303, booked.page)}
    assert (await booked.now()).moves == 1


async def test_a_stale_page_shows_how_it_is_and_keeps_the_reason(
    site: Site, database: Database
) -> None:
    booked = await given_booked(site, database)
    to_cancel = await booked.form("cancel") | {"reason": "No budget"}
    to_move = await booked.form("move") | {"start": TEN, "reason": "Too early"}
    await booked.send("move", await booked.form("move") | {"start": "2026-12-07T12:00:00Z"})

    moving, cancelling = await booked.send("move", to_move), await booked.send("cancel", to_cancel)

    for (status, words), reason in ((moving, "Too early"), (cancelling, "No budget")):
        assert status == 409
        assert "changed meanwhile" in words
        assert "13:00–13:30 (Berlin)" in words  # noqa: RUF001
        assert reason in words
    assert (await booked.now()).cancelled_at is None


async def test_a_time_that_was_just_taken_leaves_the_booking_as_it_was(
    site: Site, database: Database
) -> None:
    booked = await given_booked(site, database)
    form = await booked.form("move") | {"start": TEN, "reason": "Too early"}
    await when_booked(database, await given_link(database), start=MONDAY_NINE + HOUR)

    status, words = await booked.send("move", form)

    assert status == 409
    assert "That time was just taken" in words
    assert "Your booking stays as it was." in words
    assert "Too early" in words


@pytest.mark.parametrize("start", ["", "soon", "2026-12-07"])
async def test_a_form_without_a_time_asks_for_one(
    site: Site, database: Database, start: str
) -> None:
    booked = await given_booked(site, database)

    status, words = await booked.send(
        "move", await booked.form("move") | {"start": start, "reason": "Too early"}
    )

    assert status == 422
    assert "Choose a time." in words
    assert "Too early" in words


async def test_too_late_says_so_and_whom_to_ask(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    booked = await given_booked(sqlite_site, sqlite_database, change_cutoff=timedelta(days=30))

    for what in ("move", "cancel"):
        answer = await sqlite_site.post(
            f"{booked.page}/{what}", data={"sequence": "0", "start": TEN}, allow_redirects=False
        )
        words = words_of(await answer.text())
        assert answer.status == 409
        assert "It begins in less than 720 h." in words
        assert "Tell Sam Rivera" in words


async def test_neither_too_many_moves_nor_an_inactive_calendar_keep_from_cancelling(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    booked = await given_booked(sqlite_site, sqlite_database, most_moves=0)

    often = await sqlite_site.get(f"{booked.page}/move")
    await sqlite_database.write(
        deactivate_calendar, workspace_id=1, slug="onboarding-call", now=NOW
    )
    inactive = await sqlite_site.get(f"{booked.page}/move")

    assert "You have moved it as often as you can." in words_of(await often.text())
    assert "takes no other times at the moment" in words_of(await inactive.text())
    assert (often.status, inactive.status) == (409, 409)
    answer = await booked.send("cancel", await booked.form("cancel"))
    assert answer == (303, booked.page)


async def test_a_cancelled_booking_leads_to_its_page(site: Site, database: Database) -> None:
    booked = await given_booked(site, database)
    form = await booked.form("move") | {"start": TEN}
    await booked.send("cancel", await booked.form("cancel"))

    assert await booked.send("move", form) == (303, booked.page)
    assert await booked.send("cancel", form) == (303, booked.page)
    for what in ("move", "cancel"):
        answer = await site.get(f"{booked.page}/{what}", allow_redirects=False)
        assert (answer.status, answer.headers["Location"]) == (303, booked.page)


async def test_an_address_that_never_was_is_not_found(site: Site) -> None:
    secret = "q" * 32

    answers = [
        await site.request(method, f"/booking/{secret}/{what}", data={})
        for what in ("move", "cancel")
        for method in ("GET", "POST")
    ]

    assert {answer.status for answer in answers} == {404}


async def test_the_confirmation_leads_to_both(site: Site, database: Database) -> None:
    booked = await given_booked(site, database)

    page = await (await site.get(booked.page)).text()

    assert f'href="{booked.page}/move"' in page
    assert f'href="{booked.page}/cancel"' in page
