"""GET /otl/{token}."""

from datetime import timedelta

import pytest
from freezegun import freeze_time
from sqlalchemy import text
from sqlalchemy.orm import Session

from scheduling.calendars.change import deactivate_calendar
from scheduling.contacts import Contact
from scheduling.database import Database
from scheduling.links.delete import delete_link
from scheduling.links.permissions import Actor
from tests.booking_web.reading import days, forms, headings, links, posted_fields, starts, words_of
from tests.booking_web.site import Site
from tests.given import EVERY_DAY, NOW, SAM, GivenLink, given_calendar, given_link, when_booked

TABLES = ("one_time_link", "booking", "appointment", "occupation", "event", "delivery")
DEAD = "Uh-oh! The link is no longer active. Please reach out to the event owner for a new link."


def all_rows(session: Session) -> list[object]:
    """Return every row that a visit could have changed."""
    return [list(session.execute(text(f"SELECT * FROM {table}"))) for table in TABLES]  # noqa: S608


async def page_of(site: Site, link: GivenLink, query: str = "") -> str:
    answer = await site.get(f"/otl/{link.token}{query}")
    assert answer.status == 200
    return await answer.text()


async def test_a_contact_sees_what_is_offered_and_when(site: Site, database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database, contact=Contact("Jane"))

    page = await page_of(site, link)

    words = words_of(page)
    assert headings(page) == ["Onboarding Call"]
    for expected in ("Sam Rivera", "30 min", "For Jane", "This link works for one booking.", "UTC"):
        assert expected in words
    assert len(days(page)) == 14
    assert days(page)["Monday 7 December"][:2] == ["09:00", "09:30"]
    assert "2026-12-07T09:00:00Z" in starts(page)


async def test_a_link_for_nobody_names_nobody(sqlite_site: Site, sqlite_database: Database) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)

    page = await page_of(sqlite_site, link)

    assert "For " not in words_of(page)


async def test_opening_changes_nothing(site: Site, database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    before = await database.read(all_rows)

    for _ in range(3):
        await page_of(site, link)
        assert (await site.head(f"/otl/{link.token}")).status == 200

    assert await database.read(all_rows) == before


async def test_the_page_has_one_form_that_books_and_it_holds_no_address(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)

    page = await page_of(sqlite_site, link, "?zone=Europe/Berlin&from=2026-12-07")

    (form,) = forms(page, "post")
    fields = posted_fields(page)
    assert len(list(form.iter("button"))) == 1
    assert (fields["zone"], fields["from"]) == ("Europe/Berlin", "2026-12-07")
    assert link.token not in page


async def test_two_visits_are_two_submissions(sqlite_site: Site, sqlite_database: Database) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)

    first, second = await page_of(sqlite_site, link), await page_of(sqlite_site, link)

    assert posted_fields(first)["submission_id"] != posted_fields(second)["submission_id"]


async def test_zone_and_days_are_chosen_by_address(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)

    page = await page_of(sqlite_site, link, "?zone=Asia/Tokyo&from=2026-12-10")

    assert next(iter(days(page))) == "Thursday 10 December"
    assert days(page)["Thursday 10 December"][-1] == "23:30"
    assert links(page)["Later"] == "?zone=Asia/Tokyo&from=2026-12-24"


@pytest.mark.parametrize(
    ("query", "hint"),
    [
        pytest.param("?zone=Mars/Base", "We do not know that time zone", id="no zone"),
        pytest.param("?from=tomorrow", "We could not read that day", id="no day"),
        pytest.param("?zone=%00%ff&from=%F0%9F%92%A9", "We do not know", id="rubbish"),
        pytest.param("?zone=" + "x" * 5000, "We do not know", id="long rubbish"),
    ],
)
async def test_an_address_that_cannot_be_read_falls_back_with_a_hint(
    sqlite_site: Site, sqlite_database: Database, query: str, hint: str
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)

    page = await page_of(sqlite_site, link, query)

    assert hint in words_of(page)
    assert next(iter(days(page))) == "Tuesday 1 December"


@pytest.mark.parametrize(
    ("day", "first"),
    [
        pytest.param("2026-01-01", "Tuesday 1 December", id="the past"),
        pytest.param("2027-06-01", "Sunday 17 January 2027", id="after the window"),
        pytest.param("9999-12-31", "Sunday 17 January 2027", id="the last day of all"),
    ],
)
async def test_days_outside_the_booking_window_are_drawn_into_it(
    sqlite_site: Site, sqlite_database: Database, day: str, first: str
) -> None:
    await given_calendar(sqlite_database, window=timedelta(days=60))
    link = await given_link(sqlite_database)

    page = await page_of(sqlite_site, link, f"?from={day}")

    assert next(iter(days(page))) == first


async def test_a_calendar_that_opens_in_months_shows_its_first_days(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(
        sqlite_database, minimum_notice=timedelta(days=90), window=timedelta(days=120)
    )
    link = await given_link(sqlite_database)

    page = await page_of(sqlite_site, link)

    assert next(iter(days(page))) == "Monday 1 March 2027"


async def test_two_empty_weeks_lead_to_the_next_free_day(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    opens = (NOW + timedelta(days=34)).date()
    await given_calendar(sqlite_database, weekly={}, exceptions={opens: ("10:00-12:00",)})
    link = await given_link(sqlite_database)

    page = await page_of(sqlite_site, link)

    words = "No free times in these two weeks. The next one is Mon 4 Jan 2027."
    assert words in words_of(page)
    assert links(page)["Go to Mon 4 Jan 2027"] == "?from=2027-01-04"
    assert forms(page, "post") == []


async def test_page_by_page_a_contact_comes_to_every_time_of_a_crowded_calendar(
    site: Site, database: Database
) -> None:
    await given_calendar(
        database,
        duration=timedelta(minutes=5),
        weekly=dict.fromkeys(EVERY_DAY, ("00:00-24:00",)),
        window=timedelta(days=14),
    )
    link = await given_link(database)

    query, seen = "", []
    for _ in range(5):
        page = await page_of(site, link, query)
        assert len(starts(page)) <= 1000
        seen += starts(page)
        query = next((way for words, way in links(page).items() if "Go on from" in words), "")

    assert query == ""
    assert len(seen) == len(set(seen)) == 14 * 288
    assert seen == sorted(seen)


async def test_a_calendar_without_any_time_says_so(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database, weekly={})
    link = await given_link(sqlite_database)

    page = await page_of(sqlite_site, link)

    assert "No free times at the moment. This link stays good" in words_of(page)
    assert "Later" not in links(page)


async def test_a_deactivated_calendar_has_its_own_words_and_no_times(
    site: Site, database: Database
) -> None:
    await given_calendar(database)
    link = await given_link(database)
    await database.write(deactivate_calendar, workspace_id=1, slug="onboarding-call", now=NOW)

    page = await page_of(site, link)

    assert headings(page) == ["This calendar takes no bookings at the moment."]
    assert "stays good for one booking" in words_of(page)
    assert forms(page, "post") == []
    assert "Onboarding" not in page


async def used(database: Database) -> GivenLink:
    link = await given_link(database)
    await when_booked(database, link)
    return link


async def deleted(database: Database) -> GivenLink:
    link = await given_link(database)
    await database.write(
        delete_link,
        workspace_id=1,
        public_id=link.details.public_id,
        actor=Actor(SAM, is_admin=False),
        now=NOW,
    )
    return link


async def expired(database: Database) -> GivenLink:
    early = NOW - timedelta(days=2)
    return await given_link(database, deadline=timedelta(days=1), now=early)


@pytest.mark.parametrize("dead", [used, deleted, expired])
async def test_a_dead_link_is_gone_and_names_no_calendar(
    site: Site, database: Database, dead: object
) -> None:
    await given_calendar(database)
    link = await dead(database)  # type: ignore[operator]  # one of the three above

    answer = await site.get(f"/otl/{link.token}")

    page = await answer.text()
    assert answer.status == 410
    assert words_of(page) == DEAD
    assert headings(page) == ["Uh-oh! The link is no longer active."]
    assert "Onboarding" not in page


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("a" * 32, id="right shape"),
        pytest.param("A" * 32, id="wrong letters"),
        pytest.param("short", id="short"),
        pytest.param("%00%0A%F0%9F%92%A9", id="rubbish"),
        pytest.param("x" * 4000, id="long"),
    ],
)
@pytest.mark.parametrize("method", ["GET", "HEAD", "POST"])
async def test_an_unknown_link_reads_like_a_dead_one(
    sqlite_site: Site, sqlite_database: Database, token: str, method: str
) -> None:
    await given_calendar(sqlite_database)

    answer = await sqlite_site.request(method, f"/otl/{token}")

    assert answer.status == 404
    if method != "HEAD":
        assert words_of(await answer.text()) == DEAD


async def test_a_link_dies_at_its_deadline_while_the_page_is_open(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database, deadline=timedelta(hours=1))
    await page_of(sqlite_site, link)

    with freeze_time(NOW + timedelta(hours=1), real_asyncio=True):
        answer = await sqlite_site.get(f"/otl/{link.token}")

    assert answer.status == 410


async def test_times_are_written_as_the_browser_language_does(
    sqlite_site: Site, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(sqlite_database)

    answer = await sqlite_site.get(
        f"/otl/{link.token}", headers={"Accept-Language": "en-US,en;q=0.9"}
    )

    assert days(await answer.text())["Monday, December 7"][0] == "9:00 AM"
