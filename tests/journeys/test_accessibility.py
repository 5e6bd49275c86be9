"""axe-core looks at every page: on a phone and a desktop, by day and by night."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime, timedelta
from typing import Any, Final, Literal

import pytest
from axe_playwright_python.async_playwright import (  # type: ignore[import-untyped]  # has none
    Axe,
)
from playwright.async_api import BrowserContext, Page, ViewportSize, expect

from otl.practice.demo_data import SALES, SAM
from scheduling.calendars.change import deactivate_calendar, load_calendars
from scheduling.calendars.limits import CalendarSettings
from tests.journeys.people import Browsers, at_practice, book_button, fill_in
from tests.journeys.running import RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")

SCREENS: Final[dict[str, dict[str, Any]]] = {
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True, "is_mobile": True},
    "desktop": {"viewport": {"width": 1280, "height": 800}},
}
NARROWEST: Final[ViewportSize] = {"width": 320, "height": 640}
GRAVE: Final = {"moderate", "serious", "critical"}

Arrive = Callable[[RunningProgram, BrowserContext], Awaitable[Page]]


async def link_page(program: RunningProgram, context: BrowserContext) -> Page:
    link = await program.issues(SAM, "onboarding for Jane")
    page = await context.new_page()
    await page.goto(link.url)
    await expect(book_button(page)).to_be_visible()
    await page.locator(".day .times label").first.click()
    return page


async def not_complete(program: RunningProgram, context: BrowserContext) -> Page:
    page = await link_page(program, context)
    await fill_in(page, name=" ", email="jane@nowhere")
    await page.evaluate("document.getElementById('book').noValidate = true")
    await book_button(page).click()
    await expect(page.get_by_role("alert")).to_contain_text("Not booked yet")
    return page


async def taken(program: RunningProgram, context: BrowserContext) -> Page:
    other, page = await link_page(program, context), await link_page(program, context)
    await fill_in(other)
    await book_button(other).click()
    await fill_in(page)
    await book_button(page).click()
    await expect(page.get_by_role("alert")).to_contain_text("That time was just taken")
    return page


async def confirmation(program: RunningProgram, context: BrowserContext) -> Page:
    page = await link_page(program, context)
    await fill_in(page)
    await book_button(page).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("You're booked.")
    return page


async def dead(program: RunningProgram, context: BrowserContext) -> Page:
    link = await program.issues(SAM, "onboarding for Jane")
    await program.types(SAM, f"/otl delete {link.public_id}")
    page = await context.new_page()
    await page.goto(link.url)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("no longer active")
    return page


async def deactivated(program: RunningProgram, context: BrowserContext) -> Page:
    link = await program.issues(SAM, "onboarding for Jane")
    await program.database.write(
        deactivate_calendar, workspace_id=1, slug="onboarding-call", now=datetime.now(UTC)
    )
    page = await context.new_page()
    await page.goto(link.url)
    await expect(page.get_by_role("heading", level=1)).to_contain_text("takes no bookings")
    return page


async def empty(program: RunningProgram, context: BrowserContext) -> Page:
    await _change(program, CalendarSettings(slug="onboarding-call", weekly={}))
    return await _open_empty(program, context, "No free times at the moment")


async def empty_for_now(program: RunningProgram, context: BrowserContext) -> Page:
    today = datetime.now(UTC).date()
    closed = {today + timedelta(days=number): () for number in range(-1, 30)}
    await _change(program, CalendarSettings(slug="onboarding-call", exceptions=closed))
    return await _open_empty(program, context, "No free times in these two weeks")


async def no_page(program: RunningProgram, context: BrowserContext) -> Page:
    page = await context.new_page()
    await page.goto(f"{program.base}/nowhere")
    await expect(page.get_by_role("heading", level=1)).to_be_visible()
    return page


async def practice(program: RunningProgram, context: BrowserContext) -> Page:
    program.slack.say(SAM, SALES, "Who takes Acme?")
    sam = await at_practice(context, program, SAM, channel=SALES)
    await sam.types("/otl calendars")
    await expect(sam.whispers).to_have_count(1)
    await sam.types("/otl issue onboarding for Acme")
    await expect(sam.whispers.last).to_contain_text("One-time link")
    return sam.page


async def practice_asking(program: RunningProgram, context: BrowserContext) -> Page:
    page = await practice(program, context)
    card = page.locator("article.ephemeral").last
    await card.get_by_role("button", name="Delete", exact=True).click()
    await expect(page.get_by_role("dialog")).to_be_visible()
    return page


PAGES: Final[dict[str, Arrive]] = {
    "link_page": link_page,
    "not complete": not_complete,
    "taken": taken,
    "confirmation": confirmation,
    "dead": dead,
    "deactivated": deactivated,
    "empty": empty,
    "empty for now": empty_for_now,
    "no page": no_page,
    "practice": practice,
    "practice asking": practice_asking,
}


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("name", PAGES)
async def test_axe_finds_nothing_that_keeps_people_out(
    program: RunningProgram, browsers: Browsers, name: str, screen: str
) -> None:
    context = await browsers.new(**SCREENS[screen], reduced_motion="reduce")
    page = await PAGES[name](program, context)

    found = {scheme: await barriers(page, scheme) for scheme in ("light", "dark")}

    assert found == {"light": [], "dark": []}
    assert not await can_be_scrolled_sideways(page)
    await page.set_viewport_size(NARROWEST)
    assert not await can_be_scrolled_sideways(page)


async def test_axe_finds_a_barrier_where_there_is_one(
    program: RunningProgram, browsers: Browsers
) -> None:
    page = await no_page(program, await browsers.new())
    await page.evaluate("document.querySelector('h1').style.color = '#ddd'")

    found = await barriers(page, "light")

    assert [barrier.partition(":")[0] for barrier in found] == ["color-contrast"]


async def barriers(page: Page, scheme: Literal["light", "dark"]) -> list[str]:
    """Return what axe says is in the way, a line each."""
    await page.emulate_media(color_scheme=scheme)
    violations: list[dict[str, Any]] = (await Axe().run(page)).response["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {node['target']} {node['html'][:120]}"
        for violation in violations
        if violation["impact"] in GRAVE
        for node in violation["nodes"]
    ]


async def can_be_scrolled_sideways(page: Page) -> bool:
    return bool(
        await page.evaluate(
            "document.documentElement.scrollWidth > document.documentElement.clientWidth"
        )
    )


async def _change(program: RunningProgram, settings: CalendarSettings) -> None:
    await program.database.write(
        load_calendars, workspace_id=1, calendars=[settings], people={}, now=datetime.now(UTC)
    )


async def _open_empty(program: RunningProgram, context: BrowserContext, words: str) -> Page:
    link = await program.issues(SAM, "onboarding for Jane")
    page = await context.new_page()
    await page.goto(link.url)
    await expect(page.locator(".empty")).to_contain_text(words)
    return page
