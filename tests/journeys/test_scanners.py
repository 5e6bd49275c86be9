"""Link scanners and previews open every link: nothing changes, and nobody counts as having seen it.

Twenty of them, as they were seen to knock: who they say they are, and the ways that they ask.
"""

import asyncio
from dataclasses import dataclass, field
from http import HTTPStatus
from typing import Final

import aiohttp
import pytest
from playwright.async_api import Page, expect
from sqlalchemy import select
from sqlalchemy.orm import Session

from otl.practice.demo_data import SAM
from scheduling.database.models import Base
from scheduling.events.kinds import EventKind
from tests.journeys.contact import Contact
from tests.journeys.people import Browsers
from tests.journeys.running import STUCK_SECONDS, RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")

TIMES: Final = 25
CHROME: Final = (
    "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) "
    "Chrome/131.0.0.0 Safari/537.36"
)
IE: Final = "Mozilla/4.0 (compatible; MSIE 8.0; Windows NT 6.1)"
PREFETCH: Final = {"Sec-Purpose": "prefetch;prerender", "Purpose": "prefetch", "X-Moz": "prefetch"}
FIRST_BYTES: Final = {"Range": "bytes=0-32768"}

Rows = dict[str, list[tuple[object, ...]]]


@dataclass(frozen=True, slots=True)
class Scanner:
    """One who opens links by itself: the headers it sends, the methods it uses in turn."""

    name: str
    agent: str
    methods: tuple[str, ...] = ("GET",)
    headers: dict[str, str] = field(default_factory=dict)


SCANNERS: Final = (
    Scanner(
        "Slack's preview",
        "Slackbot-LinkExpanding 1.0 (+https://api.slack.com/robots)",
        headers=FIRST_BYTES,
    ),
    Scanner("Slack's images", "Slack-ImgProxy (+https://api.slack.com/robots)", ("HEAD", "GET")),
    Scanner("Slackbot", "Slackbot 1.0 (+https://api.slack.com/robots)"),
    Scanner("Safe Links", CHROME, ("HEAD", "GET"), {"X-MS-Exchange-SafeLinks": "1"}),
    Scanner("Safe Links, detonation", CHROME, ("GET", "POST"), {"Accept": "*/*"}),
    Scanner("Office", "Microsoft Office/16.0 (Microsoft Outlook 16.0)", ("OPTIONS", "HEAD", "GET")),
    Scanner("Teams", "SkypeUriPreview Preview/0.5 skype-url-preview@microsoft.com"),
    Scanner("BingPreview", f"{CHROME} BingPreview/1.0b"),
    Scanner("Proofpoint", IE, ("GET", "HEAD")),
    Scanner("Mimecast", "Mozilla/5.0 (compatible; Mimecast/1.0)", ("HEAD", "GET")),
    Scanner("Barracuda", "BarracudaSentinel (EE)", ("GET", "OPTIONS")),
    Scanner("Gmail's proxy", f"{CHROME} GoogleImageProxy", headers={"Via": "1.1 google"}),
    Scanner("Google's checker", "Mozilla/5.0 (compatible; Google-Safety; +http://www.google.com)"),
    Scanner("WhatsApp", "WhatsApp/2.23.20.0", headers=FIRST_BYTES),
    Scanner("Telegram", "TelegramBot (like TwitterBot)", ("HEAD", "GET")),
    Scanner("Facebook", "facebookexternalhit/1.1", headers={"Range": "bytes=0-524287"}),
    Scanner("LinkedIn", "LinkedInBot/1.0 (compatible; Mozilla/5.0; +http://www.linkedin.com)"),
    Scanner("a browser that prefetches", CHROME, headers=PREFETCH),
    Scanner("a link checker", "curl/8.5.0", ("HEAD", "OPTIONS", "GET", "TRACE", "PROPFIND")),
    Scanner("one without a name", "", ("GET", "HEAD"), {"Accept-Encoding": "identity"}),
)


async def test_twenty_scanners_open_a_link_again_and_again_and_nothing_is_changed(
    program: RunningProgram, contact: Contact
) -> None:
    link = await program.issues(SAM, "onboarding for Jane")
    before = await program.database.read(all_rows)

    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=20)) as session:
        statuses = await asyncio.gather(
            *(opens(session, scanner, link.url) for scanner in SCANNERS)
        )

    assert len({scanner.name for scanner in SCANNERS}) == 20
    assert {status for each in statuses for status in each} <= {200, 405, 422}
    assert all(200 in each for each in statuses)
    assert await program.database.read(all_rows) == before
    assert "Active" in (await program.types(SAM, f"/otl status {link.public_id}")).text
    assert (await contact.books(link.url)).status == HTTPStatus.SEE_OTHER


async def opens(session: aiohttp.ClientSession, scanner: Scanner, url: str) -> list[int]:
    """Open a link again and again, as a scanner does; return what it was answered."""
    headers = {"User-Agent": scanner.agent} | scanner.headers
    statuses = []
    for number in range(TIMES):
        method = scanner.methods[number % len(scanner.methods)]
        async with session.request(method, url, headers=headers) as answer:
            await answer.read()
            statuses.append(answer.status)
    return statuses


async def test_a_scanner_that_runs_scripts_and_makes_up_events_has_not_seen_it(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(SAM, "onboarding for Jane")
    before = await program.database.read(all_rows)

    page = await (await browsers.new()).new_page()
    requests = posts_of(page)
    await page.goto(link.url)
    await page.wait_for_load_state("networkidle")
    await page.evaluate("""() => {
      for (const type of ["pointerdown", "pointermove", "mousedown", "click", "touchstart"])
        document.body.dispatchEvent(new PointerEvent(type, { bubbles: true }));
      for (const type of ["keydown", "keypress", "keyup"])
        document.body.dispatchEvent(new KeyboardEvent(type, { bubbles: true, key: "a" }));
      for (const radio of document.querySelectorAll("input[type=radio]")) radio.click();
      scrollTo(0, document.body.scrollHeight);
    }""")
    await page.mouse.move(200, 200)
    await page.reload()
    await page.wait_for_load_state("networkidle")

    assert requests == []
    assert await program.database.read(all_rows) == before


async def test_a_scanner_without_scripts_has_not_seen_it_even_if_it_clicks(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(SAM, "onboarding for Jane")
    before = await program.database.read(all_rows)

    page = await (await browsers.new(java_script_enabled=False)).new_page()
    await page.goto(link.url)
    await page.mouse.click(5, 5)
    await page.keyboard.press("Tab")
    await page.reload()

    assert await program.database.read(all_rows) == before


@pytest.mark.parametrize("way", ["a click", "a key", "a touch"])
async def test_a_person_is_seen_once_at_the_first_touch(
    program: RunningProgram, browsers: Browsers, way: str
) -> None:
    link = await program.issues(SAM, "onboarding for Jane")
    before = await program.database.read(all_rows)

    page = await (await browsers.new(has_touch=way == "a touch")).new_page()
    requests = posts_of(page)
    await page.goto(link.url)
    await expect(page.locator("form#book")).to_be_visible()
    for _ in range(3):
        await touch(page, way)
    await seen(program, before)
    again = await (await browsers.new()).new_page()
    await again.goto(link.url)
    await expect(again.locator("form#book")).to_be_visible()
    async with again.expect_response("**/seen") as answer:
        await touch(again, "a click")

    assert (await answer.value).status == HTTPStatus.NO_CONTENT
    assert requests == [f"{link.url}/seen"]
    assert await new_events(program, before) == [EventKind.LINK_SEEN]


async def touch(page: Page, way: str) -> None:
    match way:
        case "a key":
            await page.keyboard.press("Tab")
        case "a touch":
            await page.touchscreen.tap(5, 5)
        case _:
            await page.mouse.click(5, 5)


async def seen(program: RunningProgram, before: Rows) -> None:
    async with asyncio.timeout(STUCK_SECONDS):
        while not await new_events(program, before):  # noqa: ASYNC110  # the page says so later
            await asyncio.sleep(0.02)


async def new_events(program: RunningProgram, before: Rows) -> list[object]:
    """Return what has happened since; nothing else is changed, but when a link was first seen."""
    now = await program.database.read(all_rows)
    assert without_sightings(now) == without_sightings(before)
    kind = place_of("event", "kind")
    return [event[kind] for event in now["event"] if event not in before["event"]]


def without_sightings(rows: Rows) -> Rows:
    """Leave out what a person's first touch may change."""
    seen_at = place_of("one_time_link", "seen_at")
    links = [(*link[:seen_at], *link[seen_at + 1 :]) for link in rows["one_time_link"]]
    return {**rows, "one_time_link": links, "event": []}


def place_of(table: str, column: str) -> int:
    """Return which one of a row's values it is."""
    return [one.name for one in Base.metadata.tables[table].columns].index(column)


def posts_of(page: Page) -> list[str]:
    """Return the addresses that the page posts to, from now on."""
    posts: list[str] = []
    page.on("request", lambda one: posts.append(one.url) if one.method == "POST" else None)
    return posts


def all_rows(session: Session) -> Rows:
    """Return the whole database."""
    return {
        table.name: [
            tuple(row) for row in session.execute(select(table).order_by(*table.primary_key))
        ]
        for table in Base.metadata.sorted_tables
    }
