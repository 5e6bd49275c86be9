"""Programs to journey through, and a browser to do it with.

They all live on one event loop, the session's, because a browser takes a second to start: an
async test of this folder says `pytestmark = pytest.mark.asyncio(loop_scope="session")`.
"""

import shutil
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.journeys.contact import Contact
from tests.journeys.people import CHROMIUM_ARGUMENTS, Browsers
from tests.journeys.running import OUR_CALENDARS, RunningProgram, running_program


@pytest_asyncio.fixture(loop_scope="session")
async def busy_program(database_url: str) -> AsyncIterator[RunningProgram]:
    """The program over each kind of database, with a calendar of some hundred free times."""
    async with running_program(database_url, calendars=OUR_CALENDARS) as program:
        yield program


@pytest_asyncio.fixture(loop_scope="session")
async def program(sqlite_url: str) -> AsyncIterator[RunningProgram]:
    """The program as `make run` opens it, with the practice calendars."""
    async with running_program(sqlite_url) as program:
        yield program


@pytest_asyncio.fixture(loop_scope="session")
async def contact() -> AsyncIterator[Contact]:
    """Somebody who opens links without a browser."""
    async with Contact() as contact:
        yield contact


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def chromium() -> AsyncIterator[Browser]:
    """The browser; `make browser` installs it."""
    path = shutil.which("chromium") or shutil.which("chromium-browser")
    if path is None:
        pytest.fail("there is no chromium: make browser installs it")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(
            executable_path=path,
            args=CHROMIUM_ARGUMENTS,
            ignore_default_args=["--disable-back-forward-cache"],
        )
        yield browser
        await browser.close()


@pytest_asyncio.fixture(loop_scope="session")
async def browsers(program: RunningProgram, chromium: Browser) -> AsyncIterator[Browsers]:
    """A browser for each person who visits `program`; no page of it may have met an error."""
    browsers = Browsers(chromium)
    yield browsers
    await browsers.close()
    assert browsers.errors == []
