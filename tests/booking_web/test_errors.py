"""What goes wrong is a page too."""

import re

import pytest
from aiohttp import web
from pytest_aiohttp.plugin import AiohttpClient

from booking_web.app import create_site
from booking_web.errors import (
    BOOKING_CANCELLED,
    REFUSALS,
    STATUSES,
    TOO_MANY_REQUESTS,
    UNREADABLE,
    ErrorPage,
)
from booking_web.rendering import Pages
from booking_web.static_files import load_static_files
from scheduling.database import open_database
from scheduling.errors import SchedulingError, UnknownCalendar
from tests.booking_web.conftest import URLS
from tests.booking_web.reading import headings, parse, text_of, words_of
from tests.booking_web.site import Site
from tests.given import KEYRING

OTHERS = (BOOKING_CANCELLED, TOO_MANY_REQUESTS, UNREADABLE)


def refusals(of: type[SchedulingError]) -> list[type[SchedulingError]]:
    return [kind for own in of.__subclasses__() for kind in (own, *refusals(own))]


@pytest.fixture
async def away(aiohttp_client: AiohttpClient, sqlite_url: str) -> Site:
    """The site while its database cannot be reached."""
    database = open_database(sqlite_url)
    await database.close()
    return await aiohttp_client(create_site(database=database, keyring=KEYRING, urls=URLS))


@pytest.fixture
async def breaking(aiohttp_client: AiohttpClient, sqlite_url: str) -> Site:
    """The site with routes that fail."""

    async def fail(_request: web.Request) -> web.Response:
        raise RuntimeError("the details of the failure")

    async def refuse(_request: web.Request) -> web.Response:
        raise UnknownCalendar("words")

    database = open_database(sqlite_url)
    app = create_site(database=database, keyring=KEYRING, urls=URLS)
    app.router.add_get("/fail/{token}", fail)
    app.router.add_get("/refuse", refuse)

    async def close(_app: web.Application) -> None:
        await database.close()

    app.on_cleanup.append(close)
    return await aiohttp_client(app)


def test_every_refusal_has_a_page_and_a_status() -> None:
    assert set(REFUSALS) == set(refusals(SchedulingError))


@pytest.mark.parametrize(
    "page",
    [
        pytest.param(page, id=f"{page.status} {page.name}")
        for page in dict.fromkeys([*REFUSALS.values(), *STATUSES.values(), *OTHERS])
    ],
)
def test_every_page_says_what_happened_and_what_to_do(page: ErrorPage) -> None:
    answer = Pages(load_static_files()).answer(f"errors/{page.name}.html", reference="")

    root = parse(answer.text or "")
    (heading,) = headings(answer.text or "")
    sentences = [text_of(paragraph) for paragraph in root.iter("p")]
    assert heading == text_of(root.find("head/title"))
    assert sentences
    assert all(sentence.endswith(".") for sentence in (heading, *sentences))
    assert page.status >= 400


@pytest.mark.parametrize("path", ["/", "/otl", "/otl/", "/booking", "/nothing", "/otl/a/b", "/%00"])
async def test_another_address_is_a_page_that_says_so(sqlite_site: Site, path: str) -> None:
    answer = await sqlite_site.get(path)

    assert answer.status == 404
    assert headings(await answer.text()) == ["There is no page here."]


@pytest.mark.parametrize("method", ["PUT", "DELETE", "PATCH", "OPTIONS"])
async def test_a_method_that_a_page_has_not_is_refused_with_those_it_has(
    sqlite_site: Site, method: str
) -> None:
    answer = await sqlite_site.request(method, f"/otl/{'a' * 32}")

    assert answer.status == 405
    assert answer.headers["Allow"] == "GET,HEAD,POST"
    assert headings(await answer.text()) == ["This page cannot do that."]


async def test_a_fault_shows_a_reference_and_the_log_has_the_trace_under_it(
    breaking: Site, caplog: pytest.LogCaptureFixture
) -> None:
    answer = await breaking.get("/fail/the-secret-token")

    words = words_of(await answer.text())
    reference = re.search("Reference: ([0-9a-f]{8})", words)
    assert answer.status == 500
    assert reference is not None
    assert "details" not in words
    assert reference[1] in caplog.text
    assert "the details of the failure" in caplog.text
    assert "the-secret-token" not in caplog.text


async def test_a_refusal_that_no_page_can_meet_is_a_fault(breaking: Site) -> None:
    answer = await breaking.get("/refuse")

    assert answer.status == 500
    assert headings(await answer.text()) == ["Something went wrong on our side."]


@pytest.mark.parametrize("path", [f"/otl/{'a' * 32}", f"/booking/{'a' * 32}"])
async def test_while_the_database_is_away_pages_ask_to_come_back(away: Site, path: str) -> None:
    answer = await away.get(path)

    assert answer.status == 503
    assert answer.headers["Retry-After"] == "5"
    assert headings(await answer.text()) == ["We will be right back."]
