"""B1: the page of a link with 200 bookings behind it, beside bare aiohttp with the same bytes."""

from collections.abc import AsyncIterator

from aiohttp import ClientSession, web

from benchmarks.calendar import KEYRING, open_calendar
from benchmarks.timing import rate
from booking_web.app import create_site
from otl.listening import listening
from scheduling.public_urls import PublicUrls

BOOKINGS = 200
TIMES = 200


async def measure() -> AsyncIterator[str]:
    """Yield a line a figure."""
    async with open_calendar() as calendar, ClientSession() as browser:
        for number in range(BOOKINGS):
            await calendar.book(await calendar.link(), 2 * number)
        token = await calendar.link()
        site = create_site(
            database=calendar.database, keyring=KEYRING, urls=PublicUrls("http://localhost")
        )
        async with listening(site, "127.0.0.1", 0) as port:
            url = f"http://127.0.0.1:{port}/otl/{token}"
            page = await _fetch(browser, url)
            pages = await rate(lambda _: _fetch(browser, url), times=TIMES)
        async with listening(_bare(page), "127.0.0.1", 0) as port:
            url = f"http://127.0.0.1:{port}/"
            bare = await rate(lambda _: _fetch(browser, url), times=TIMES)
    yield f"B1  link page, uncached {pages:8.0f} /s   {len(page)} bytes"
    yield f"    bare aiohttp        {bare:8.0f} /s   ours is {pages / bare:.2f} x of it"


async def _fetch(browser: ClientSession, url: str) -> bytes:
    async with browser.get(url) as answer:
        answer.raise_for_status()
        return await answer.read()


def _bare(page: bytes) -> web.Application:
    async def send(_: web.Request) -> web.Response:
        return web.Response(body=page, content_type="text/html")

    app = web.Application()
    app.router.add_get("/", send)
    return app
