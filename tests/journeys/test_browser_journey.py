"""The whole way in chromium: command, link, booking, the news, the dead page, status."""

import asyncio
import re
from pathlib import Path
from typing import Final

import pytest
from playwright.async_api import BrowserContext, Page, Response, WebSocket, expect

from otl.practice.demo_data import ANA, SALES, SAM
from scheduling.database.models import Booking, OneTimeLink
from tests.journeys.contact import Contact
from tests.journeys.people import Browsers, at_practice, book_button, fill_in, sam_at_sales
from tests.journeys.running import RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")

DEAD: Final = (
    "Uh-oh! The link is no longer active.\n\nPlease reach out to the event owner for a new link."
)
BOOKED: Final = "You're booked."
CONFIRMATION: Final = re.compile(r"/booking/[a-z0-9]{32}$")


async def test_from_the_command_to_the_news_in_the_channel(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await at_practice(await browsers.new(), program, SAM)

    await sam.types("/otl issue onboarding for Acme")
    card = sam.whispers.last
    await expect(card).to_contain_text("One-time link for Acme")
    await expect(card).to_contain_text("Onboarding Call · 30 min")
    async with sam.page.expect_popup() as opened:
        await sam.link_on(card).click()
    jane = await opened.value
    link = jane.url.partition("?")[0]
    await expect(jane.get_by_role("heading", level=1)).to_have_text("Onboarding Call")
    await fill_in(jane)
    await expect(book_button(jane)).to_have_text(re.compile(r"Book .+, \d\d:\d\d \(Berlin\)"))
    await book_button(jane).click()

    await expect(jane.get_by_role("heading", level=1)).to_have_text(BOOKED)
    await expect(jane).to_have_url(CONFIRMATION)
    news = sam.said.filter(has_text="Link used")
    await expect(news).to_contain_text("Jane Doe booked Onboarding Call")
    await expect(news).to_contain_text("issued by @Sam Rivera for Acme")
    await jane.goto(link)
    assert await whole_text(jane) == DEAD
    await sam.types("/otl status")
    await expect(sam.whispers.last).to_contain_text("All links: 1 used")
    await expect(sam.whispers.last).to_contain_text(re.compile(r"Used\s+L-\w{6}\s+Acme"))


async def test_a_contact_books_with_javascript_switched_off(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(SAM, "onboarding for Jane")
    context = await browsers.new(java_script_enabled=False)
    page = await context.new_page()

    await page.goto(link.url)
    await page.get_by_text("Times in").click()
    await page.get_by_label("Time zone").select_option("Europe/Lisbon")
    await page.get_by_role("button", name="Show these times").click()
    await expect(page.get_by_text("Times in")).to_contain_text("Lisbon")
    await fill_in(page, name="Jane Doe", notes="Without a script")
    await book_button(page).click()

    await expect(page.get_by_role("heading", level=1)).to_have_text(BOOKED)
    await expect(page).to_have_url(CONFIRMATION)
    await expect(page.locator(".when")).to_contain_text("Lisbon")
    async with page.expect_download() as downloading:
        await page.get_by_role("link", name="Add to calendar").click()
    assert (await content_of(await (await downloading.value).path())).startswith("BEGIN:VCALENDAR")
    await page.goto(link.url)
    assert await whole_text(page) == DEAD
    await program.channel_reads("Link used: Jane Doe booked Onboarding Call")


async def test_a_form_that_is_not_complete_comes_back_with_what_was_typed(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(SAM, "onboarding for Jane")
    context = await browsers.new(java_script_enabled=False)
    page = await context.new_page()
    await page.goto(link.url)

    await fill_in(page, name="Zoë", email="zoe@nowhere", notes="Kept", number=2)
    await book_button(page).click()

    await expect(page.get_by_role("alert")).to_contain_text("This is not a whole e-mail address")
    await expect(page.get_by_label("Your name")).to_have_value("Zoë")
    await expect(page.get_by_label("E-mail")).to_have_value("zoe@nowhere")
    await page.get_by_label("E-mail").fill("zoe@example.com")
    await book_button(page).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(BOOKED)


async def test_what_one_person_is_shown_never_reaches_another_browser(
    program: RunningProgram, browsers: Browsers
) -> None:
    ana_context = await browsers.new()
    traffic = Traffic(ana_context)
    sam = await sam_at_sales(program, browsers)
    ana = await at_practice(ana_context, program, ANA, channel=SALES)
    own = await program.issues(SAM, "onboarding for Early")

    await sam.types("/otl issue onboarding for Acme")
    card = sam.whispers.filter(has_text="link for Acme")
    url = await sam.address_on(card)
    await sam.types("/otl status")
    await expect(sam.whispers.last).to_contain_text("All links: 2 active")
    await sam.presses(card, "Regenerate")
    await sam.confirms("Regenerate")
    await expect(card).to_contain_text("New one-time link")
    newer = await sam.address_on(card)
    jane = await (await browsers.new()).new_page()
    await jane.goto(newer)
    await fill_in(jane, email="jane.canary@example.com", notes="A canary note")
    await book_button(jane).click()
    await expect(jane.get_by_role("heading", level=1)).to_have_text(BOOKED)
    await expect(ana.said.filter(has_text="Link used: Jane Doe booked")).to_be_visible()
    await ana.presses(ana.said.filter(has_text="Link used"), "Status")
    await expect(ana.whispers.last).to_contain_text("Used")
    await ana.types("/otl status")
    await expect(ana.whispers.last).to_contain_text("All links")
    again = await at_practice(ana_context, program, ANA, channel=SALES)  # and told everything anew
    await expect(again.said.filter(has_text="Link used: Jane Doe booked")).to_be_visible()

    heard = await traffic.all()
    seen = await ana.page.content() + await again.page.content()
    assert "Link used: " in heard, "the search would find nothing, because nothing was recorded"
    booking_secret = jane.url.rpartition("/")[2]
    tokens = [address.rpartition("/")[2] for address in (own.url, url, newer)]
    secrets = [*tokens, booking_secret, "jane.canary@example.com", "A canary note"]
    assert all(len(secret) > 12 for secret in secrets)
    assert [secret for secret in secrets if secret in heard + seen] == []


async def test_the_search_through_a_browser_s_traffic_finds_the_address_where_it_is_shown(
    program: RunningProgram, browsers: Browsers
) -> None:
    context = await browsers.new()
    traffic = Traffic(context)
    sam = await at_practice(context, program, SAM, channel=SALES)

    await sam.types("/otl issue onboarding for Acme")
    url = await sam.address_on(sam.whispers.last)

    assert url.rpartition("/")[2] in await traffic.all()


async def test_regenerate_and_delete_ask_first_and_then_do_it(
    program: RunningProgram, browsers: Browsers, contact: Contact
) -> None:
    sam = await at_practice(await browsers.new(), program, SAM)
    await sam.types("/otl issue onboarding for Acme")
    card = sam.whispers.last
    old = await sam.address_on(card)

    await sam.presses(card, "Regenerate")
    await sam.declines()
    assert (await contact.opens(old)).status == 200
    await sam.presses(card, "Regenerate")
    await sam.confirms("Regenerate")
    await expect(card).to_contain_text("New one-time link for Acme")
    new = await sam.address_on(card)
    await sam.presses(card, "Delete")
    await sam.declines()
    assert (await contact.opens(new)).status == 200
    await sam.presses(card, "Delete")
    await sam.confirms("Delete")
    await expect(card).to_contain_text("Nobody can book with it any more")

    await expect(sam.link_on(card)).to_have_count(0)
    assert old != new
    assert [(await contact.opens(url)).status for url in (old, new)] == [410, 410]
    assert await program.count(OneTimeLink) == 2


async def test_issue_link_in_the_list_of_calendars_issues_at_once(
    program: RunningProgram, browsers: Browsers, contact: Contact
) -> None:
    sam = await at_practice(await browsers.new(), program, SAM)
    await sam.types("/otl calendars")
    calendars = sam.whispers.last
    await expect(calendars).to_contain_text("6 calendars")
    row = calendars.locator(".section").filter(has_text="Morning Yoga Class")

    await sam.presses(row, "Issue link")

    await expect(sam.whispers).to_have_count(2)
    url = await sam.address_on(sam.whispers.last)
    assert "Morning Yoga Class" in (await contact.opens(url)).text


@pytest.mark.parametrize("script", [True, False], ids=["with-script", "without-script"])
async def test_a_double_click_on_book_is_one_booking_and_shows_its_confirmation(
    program: RunningProgram, browsers: Browsers, *, script: bool
) -> None:
    page = await open_link(program, await browsers.new(java_script_enabled=script))
    await fill_in(page)

    await book_button(page).dblclick()

    await expect(page.get_by_role("heading", level=1)).to_have_text(BOOKED)
    assert await program.count(Booking) == 1


async def test_back_after_booking_and_book_again_leads_to_the_same_confirmation(
    program: RunningProgram, browsers: Browsers
) -> None:
    page = await open_link(program, await browsers.new())
    await fill_in(page)
    await book_button(page).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text(BOOKED)
    confirmation = page.url

    await page.go_back(wait_until="commit")  # a page that was kept whole does not load again
    # Whether it was kept is the browser's affair; if not, the script shows the confirmation.
    await expect(page.locator("form#book, [data-booked] main")).to_be_visible()
    if await book_button(page).count():
        await fill_in(page, name="Jane Again", number=3)
        await book_button(page).click()

    await expect(page.get_by_role("heading", level=1)).to_have_text(BOOKED)
    assert page.url == confirmation
    assert await program.count(Booking) == 1


async def test_one_form_sent_from_two_tabs_without_a_script_shows_one_confirmation(
    program: RunningProgram, browsers: Browsers
) -> None:
    context = await browsers.new(java_script_enabled=False)
    page = await open_link(program, context)
    await fill_in(page)
    async with context.expect_page() as opening:
        await book_button(page).click(modifiers=["Control"])
    other = await opening.value
    await expect(other.get_by_role("heading", level=1)).to_have_text(BOOKED)

    await fill_in(page, name="Jane Again", number=3)
    await book_button(page).click()

    await expect(page.get_by_role("heading", level=1)).to_have_text(BOOKED)
    assert page.url == other.url
    assert await program.count(Booking) == 1


async def open_link(program: RunningProgram, context: BrowserContext) -> Page:
    link = await program.issues(SAM, "onboarding for Jane")
    page = await context.new_page()
    await page.goto(link.url)
    return page


async def whole_text(page: Page) -> str:
    """Return all that can be read on a page."""
    return (await page.locator("body").inner_text()).strip()


async def content_of(path: Path) -> str:
    return await asyncio.to_thread(path.read_text, encoding="utf-8")


class Traffic:
    """All that comes to one browser: the body of every response, every frame of a WebSocket."""

    def __init__(self, context: BrowserContext) -> None:
        self._bodies: list[asyncio.Task[str]] = []
        self._frames: list[str] = []
        context.on("response", self._on_response)
        context.on("page", lambda page: page.on("websocket", self._on_socket))

    async def all(self) -> str:
        """Return what has come so far. A page that was left takes its bodies with it."""
        bodies = await asyncio.gather(*self._bodies)
        return "\n".join([*bodies, *self._frames])

    def _on_response(self, response: Response) -> None:
        self._bodies.append(asyncio.create_task(_everything_of(response)))

    def _on_socket(self, socket: WebSocket) -> None:
        self._frames.append(socket.url)
        for event in ("framereceived", "framesent"):
            socket.on(event, lambda frame: self._frames.append(str(frame)))


async def _everything_of(response: Response) -> str:
    headers = await response.all_headers()
    body = await response.body()
    return "\n".join([response.url, str(headers), body.decode("utf-8", "replace")])
