"""The real site over a real database, on the first of December 2026."""

from collections.abc import Iterator

import pytest
from freezegun import freeze_time
from pytest_aiohttp.plugin import AiohttpClient

from booking_web.app import create_site
from scheduling.database import Database
from scheduling.public_urls import PublicUrls
from tests.booking_web.site import Site
from tests.given import KEYRING, NOW

URLS = PublicUrls("https://book.example.com")


@pytest.fixture
def today() -> Iterator[None]:
    """The handlers' clock stands still at NOW."""
    with freeze_time(NOW, real_asyncio=True, ignore=["_pytest"]):
        yield


@pytest.fixture
async def site(aiohttp_client: AiohttpClient, database: Database, today: None) -> Site:
    """The site over each kind of database."""
    return await aiohttp_client(create_site(database=database, keyring=KEYRING, urls=URLS))


@pytest.fixture
async def sqlite_site(
    aiohttp_client: AiohttpClient, sqlite_database: Database, today: None
) -> Site:
    """The site, for tests that are not about the database."""
    return await aiohttp_client(create_site(database=sqlite_database, keyring=KEYRING, urls=URLS))
