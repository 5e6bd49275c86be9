"""The pages in chromium: with script, without, on a phone, read by axe-core."""

import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any

import pytest
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # has none
from playwright.async_api import Browser, Page, Route, ViewportSize, async_playwright, expect

from scheduling.bookings.details import booking_by_id
from scheduling.contacts import Contact
from scheduling.database import Database
from tests.booking_web.site import Site, bookings
from tests.given import MONDAY_NINE, given_calendar, given_link, when_booked

ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
PHONE = ViewportSize(width=390, height=844)
SMALL = ViewportSize(width=320, height=640)
DESK = ViewportSize(width=1280, height=800)
Open = Callable[..., Awaitable[Page]]


@pytest.fixture
async def browser() -> AsyncIterator[Browser]:
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    async with async_playwright() as playwright:
        running = await playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        yield running
        await running.close()


@pytest.fixture
async def open_link(
    browser: Browser, sqlite_site: Site, sqlite_database: Database
) -> AsyncIterator[Open]:
    """Open a fresh link of a calendar in Berlin; at the end no page may have complained."""
    await given_calendar(sqlite_database, zone="Europe/Berlin")
    complaints: list[str] = []

    async def open_page(query: str = "", **settings: Any) -> Page:
        link = await given_link(sqlite_database, contact=Contact("Jane"))
        context = await browser.new_context(
            **{"timezone_id": "Europe/Berlin", "locale": "en-GB", "viewport": PHONE} | settings
        )
        page = await context.new_page()
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.on("console", lambda message: complaints.append(message.text))
        await page.goto(str(sqlite_site.make_url(f"/otl/{link.token}{query}")))
        return page

    yield open_page
    assert [one for one in complaints if "the server responded with a status of 4" not in one] == []


async def fill_in(page: Page, start: str = "2026-12-07T09:00:00Z") -> None:
    await page.locator(f"input[value='{start}']").check()
    await page.get_by_label("Your name").fill("Jane Doe")
    await page.get_by_label("E-mail").fill("jane@example.com")


async def test_the_page_asks_the_browser_for_its_zone_once(open_link: Open) -> None:
    page = await open_link("?from=2026-12-07", timezone_id="Asia/Tokyo")

    await page.wait_for_url("**/otl/*?from=2026-12-07&zone=Asia%2FTokyo")
    await expect(page.locator("summary")).to_have_text("Times in Tokyo (GMT+9)")
    await page.reload()
    assert (
        await page.evaluate("history.length") == 2
    )  # about:blank, and the page in place of itself


async def test_a_zone_in_the_address_is_respected(open_link: Open) -> None:
    page = await open_link("?zone=America/New_York", timezone_id="Asia/Tokyo")

    await expect(page.locator("summary")).to_have_text("Times in New York (GMT-5)")


async def test_a_zone_that_the_server_does_not_know_is_not_asked_for_again(open_link: Open) -> None:
    page = await open_link("?zone=Mars/Base", timezone_id="Asia/Tokyo")

    await expect(page.get_by_role("status")).to_contain_text("We do not know that time zone")
    await expect(page.locator("summary")).to_have_text("Times in Berlin (GMT+1)")


async def test_the_button_says_what_will_happen(open_link: Open) -> None:
    page = await open_link(viewport=DESK)
    button = page.get_by_role("button", name="Book")
    await expect(button).to_have_text("Book this time", use_inner_text=True)

    await page.locator("input[value='2026-12-07T09:00:00Z']").check()

    await expect(button).to_have_text("Book Mon 7 Dec, 10:00 (Berlin)")


async def test_what_was_typed_outlives_another_week_and_another_zone(
    open_link: Open, sqlite_database: Database
) -> None:
    page = await open_link()
    await fill_in(page)
    await page.get_by_label("Anything Sam Rivera should know").fill("We are two.")

    await page.get_by_role("link", name="Later").click()
    await page.locator("summary").click()
    await page.get_by_label("Time zone").select_option("Asia/Tokyo")
    await page.get_by_role("button", name="Show these times").click()
    await page.get_by_role("link", name="Earlier").click()

    await expect(page.get_by_label("Your name")).to_have_value("Jane Doe")
    await expect(page.get_by_label("Anything Sam Rivera should know")).to_have_value("We are two.")
    await expect(page.get_by_role("button", name="Book Mon 7 Dec, 18:00")).to_be_visible()
    await page.get_by_role("button", name="Book").click()
    await page.wait_for_url("**/booking/*")
    assert "Jane" not in await page.evaluate("JSON.stringify(sessionStorage)")


async def test_all_zones_of_the_browser_can_be_chosen(open_link: Open) -> None:
    page = await open_link()
    await page.locator("summary").click()

    await page.get_by_label("Time zone").select_option("Asia/Kuching")
    await page.get_by_role("button", name="Show these times").click()

    await expect(page.locator("summary")).to_have_text("Times in Kuching (GMT+8)")


async def test_a_second_press_sends_nothing(open_link: Open, sqlite_database: Database) -> None:
    page = await open_link()
    posts = []

    async def slowly(route: Route) -> None:
        if route.request.method == "POST":
            posts.append(route.request.url)
            await page.wait_for_timeout(300)
        await route.continue_()

    await page.route("**/otl/*", slowly)
    await fill_in(page)

    await page.get_by_role("button", name="Book").dblclick(no_wait_after=True)

    await page.wait_for_url("**/booking/*")
    assert len(posts) == 1
    assert await sqlite_database.read(bookings) == 1


async def test_back_from_the_confirmation_leads_to_it_again_and_the_link_to_the_dead_page(
    open_link: Open,
) -> None:
    page = await open_link()
    link = page.url
    await fill_in(page)
    await page.get_by_role("button", name="Book").click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("You're booked.")
    confirmation = page.url

    await page.go_back()

    await page.wait_for_url(confirmation)
    await expect(page.get_by_role("heading", level=1)).to_have_text("You're booked.")
    await page.goto(link)
    await expect(page.get_by_role("heading", level=1)).to_have_text(
        "Uh-oh! The link is no longer active."
    )


async def test_without_script_a_contact_chooses_zone_and_week_and_books(
    open_link: Open, sqlite_database: Database
) -> None:
    page = await open_link(java_script_enabled=False)
    await page.locator("summary").click()
    await page.get_by_label("Time zone").select_option("Asia/Tokyo")
    await page.get_by_role("button", name="Show these times").click()
    await page.get_by_role("link", name="Later").click()

    await fill_in(page, start="2026-12-15T09:00:00Z")
    await page.get_by_role("button", name="Book this time").click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("You're booked.")
    await expect(page.locator(".when")).to_have_text("Tue 15 Dec, 18:00\N{EN DASH}18:30 (Tokyo)")
    booking = await sqlite_database.read(booking_by_id, booking_id=1)
    assert booking.booker.zone == "Asia/Tokyo"


async def test_a_press_without_answers_goes_to_the_first_that_is_missing(open_link: Open) -> None:
    page = await open_link()
    await page.locator("input[value='2026-12-07T09:00:00Z']").check()

    await page.get_by_role("button", name="Book").click()

    await expect(page.get_by_label("Your name")).to_be_focused()


async def test_a_wrong_form_puts_the_reader_on_its_errors(open_link: Open) -> None:
    page = await open_link()
    await fill_in(page)
    await page.get_by_label("E-mail").fill("jane@example")

    await page.get_by_role("button", name="Book").click()

    await expect(page.get_by_role("alert")).to_be_focused()
    await page.get_by_role("alert").get_by_role("link").click()
    await expect(page.get_by_label("E-mail")).to_be_in_viewport()


async def test_after_a_lost_race_a_near_time_is_one_press_away(
    open_link: Open, sqlite_database: Database
) -> None:
    page = await open_link()
    await fill_in(page)
    await when_booked(sqlite_database, await given_link(sqlite_database), start=MONDAY_NINE)
    await page.get_by_role("button", name="Book").click()
    await expect(page.get_by_role("alert")).to_contain_text("That time was just taken")

    await page.get_by_label("Mon 7 Dec, 10:30").check()
    await page.get_by_role("button", name="Book Mon 7 Dec, 10:30").click()

    await expect(page.locator(".when")).to_have_text("Mon 7 Dec, 10:30\N{EN DASH}11:00 (Berlin)")


async def test_nothing_is_wider_than_the_screen(open_link: Open) -> None:
    page = await open_link()
    await page.locator("summary").click()
    await page.locator("input[name=start]").first.check()

    widths = {}
    for viewport in (SMALL, PHONE, DESK):
        for text_size in ("100%", "200%"):
            await page.set_viewport_size(viewport)
            await page.evaluate(f"document.documentElement.style.fontSize = '{text_size}'")
            width = await page.evaluate("document.documentElement.scrollWidth")
            widths[viewport["width"], text_size] = width

    assert all(width == screen for (screen, _), width in widths.items()), widths


@pytest.mark.parametrize(
    ("scheme", "viewport"),
    [pytest.param("light", PHONE, id="light phone"), pytest.param("dark", DESK, id="dark context")],
)
async def test_axe_finds_nothing_on_any_page_of_a_booking(
    open_link: Open, scheme: str, viewport: ViewportSize
) -> None:
    page = await open_link(color_scheme=scheme, viewport=viewport)
    axe, link = Axe(), page.url
    found = {}

    async def examine(name: str) -> None:
        result = await axe.run(
            page,
            options={
                "runOnly": [
                    "wcag2a",
                    "wcag2aa",
                    "wcag21aa",
                    "wcag22aa",
                    "wcag2aaa",
                    "best-practice",
                ]
            },
        )
        found[name] = [
            (one["id"], one["nodes"][0]["html"][:80]) for one in result.response["violations"]
        ]

    await page.locator("summary").click()
    await examine("link")
    await fill_in(page)
    await page.get_by_label("E-mail").fill("jane@example")
    await page.get_by_role("button", name="Book").click()
    await examine("wrong")
    await page.get_by_label("E-mail").fill("jane@example.com")
    await page.get_by_role("button", name="Book").click()
    await page.wait_for_url("**/booking/*")
    await examine("booked")
    await page.goto(link)
    await examine("dead")

    assert found == {"link": [], "wrong": [], "booked": [], "dead": []}
