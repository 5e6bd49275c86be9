"""A limit slows a client down; it closes no link and loses nothing that was typed."""

import pytest
from pytest_aiohttp.plugin import AiohttpClient

from booking_web.app import create_site
from booking_web.limits.rate_limits import GUESSES, POSTS
from scheduling.database import Database
from scheduling.links.status import LinkStatus
from tests.booking_web.conftest import URLS
from tests.booking_web.reading import headings, posted_fields, words_of
from tests.booking_web.site import JANE, Site, bookings, form_of, status_of
from tests.given import KEYRING, GivenLink, given_calendar, given_link

UNKNOWN = f"/otl/{'a' * 32}"
EVE = {"X-Forwarded-For": "203.0.113.9"}
JANES = {"X-Forwarded-For": "198.51.100.7"}


@pytest.fixture
async def behind_a_proxy(
    aiohttp_client: AiohttpClient, sqlite_database: Database, today: None
) -> Site:
    """The site, told that one proxy stands before it."""
    site = create_site(database=sqlite_database, keyring=KEYRING, urls=URLS, trusted_proxies=1)
    return await aiohttp_client(site)


@pytest.fixture
async def link(sqlite_database: Database) -> GivenLink:
    await given_calendar(sqlite_database)
    return await given_link(sqlite_database)


async def use_up_posts(site: Site, link: GivenLink, headers: dict[str, str]) -> None:
    for _ in range(POSTS.burst + 3):
        await site.post(f"/otl/{link.token}/seen", data={}, headers=headers)


async def use_up_guesses(site: Site, headers: dict[str, str]) -> list[int]:
    return [(await site.get(UNKNOWN, headers=headers)).status for _ in range(GUESSES.burst + 3)]


async def test_whoever_guesses_addresses_is_asked_to_wait(behind_a_proxy: Site) -> None:
    statuses = await use_up_guesses(behind_a_proxy, EVE)

    assert set(statuses[: GUESSES.burst]) == {404}
    assert statuses[-1] == 429
    answer = await behind_a_proxy.get(UNKNOWN, headers=EVE)
    assert headings(await answer.text()) == ["One moment, please."]
    assert 1 <= int(answer.headers["Retry-After"]) <= 2
    assert answer.headers["Cache-Control"] == "no-store"
    assert (await behind_a_proxy.get("/booking/" + "a" * 32, headers=EVE)).status == 429
    assert (await behind_a_proxy.get("/otl/no-token", headers=EVE)).status == 429


async def test_guesses_of_one_client_are_not_anothers(behind_a_proxy: Site) -> None:
    await use_up_guesses(behind_a_proxy, EVE)

    assert (await behind_a_proxy.get(UNKNOWN, headers=JANES)).status == 404


async def test_whoever_has_used_up_every_limit_still_opens_a_link_that_is_good(
    behind_a_proxy: Site, link: GivenLink
) -> None:
    await use_up_guesses(behind_a_proxy, EVE)
    await use_up_posts(behind_a_proxy, link, EVE)

    answer = await behind_a_proxy.get(f"/otl/{link.token}", headers=EVE)

    assert answer.status == 200
    assert headings(await answer.text()) == ["Onboarding Call"]


async def test_a_form_that_comes_too_fast_is_given_back_and_books_a_little_later(
    behind_a_proxy: Site, sqlite_database: Database, link: GivenLink
) -> None:
    form = await form_of(behind_a_proxy, link)
    typed = form | JANE | {"notes": "Two lines\nof <b>text</b>"}
    await use_up_posts(behind_a_proxy, link, EVE)

    answer = await behind_a_proxy.post(f"/otl/{link.token}", data=typed, headers=EVE)

    page = await answer.text()
    assert answer.status == 429
    assert 1 <= int(answer.headers["Retry-After"]) <= 2
    assert headings(page) == ["One moment, please."]
    assert "Your link stays good, and your answers are all here" in words_of(page)
    kept = posted_fields(page)
    for name in ("name", "email", "notes", "start", "submission_id", "ticket", "zone"):
        assert kept[name] == typed[name]
    assert await sqlite_database.read(bookings) == 0
    assert await sqlite_database.read(status_of, link=link) is LinkStatus.ACTIVE
    booked = await behind_a_proxy.post(
        f"/otl/{link.token}", data=kept, headers=JANES, allow_redirects=False
    )
    assert booked.status == 303


async def test_a_forged_header_does_not_give_a_client_another_name(
    behind_a_proxy: Site, link: GivenLink
) -> None:
    await use_up_posts(behind_a_proxy, link, EVE)
    forged = {"X-Forwarded-For": f"192.0.2.55, {EVE['X-Forwarded-For']}"}

    answer = await behind_a_proxy.post(f"/otl/{link.token}", data={}, headers=forged)

    assert answer.status == 429


async def test_without_a_proxy_this_machine_is_never_asked_to_wait(
    sqlite_site: Site, link: GivenLink
) -> None:
    statuses = await use_up_guesses(sqlite_site, EVE)
    await use_up_posts(sqlite_site, link, EVE)

    assert set(statuses) == {404}
    assert (await sqlite_site.post(f"/otl/{link.token}", data={})).status == 422


async def test_files_are_not_counted(behind_a_proxy: Site, link: GivenLink) -> None:
    await use_up_guesses(behind_a_proxy, EVE)
    await use_up_posts(behind_a_proxy, link, EVE)

    for path in ("/robots.txt", "/favicon.ico"):
        assert (await behind_a_proxy.get(path, headers=EVE)).status == 200
