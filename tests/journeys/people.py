"""People at their browsers: colleagues on the practice page, contacts on the booking site."""

import re
from typing import Any, Final

from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Locator, Page, expect

from otl.practice.demo_data import SALES, SAM
from tests.journeys.running import RunningProgram

CHROMIUM_ARGUMENTS: Final = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
EXPECT_MILLISECONDS: Final = 20_000  # ten times what a busy machine takes
expect.set_options(timeout=EXPECT_MILLISECONDS)


class Browsers:
    """Browsers of people who share nothing: contexts of their own.

    Attributes:
        errors: what scripts threw and what the pages' own rules forbade.
    """

    def __init__(self, chromium: Browser) -> None:
        self._chromium = chromium
        self._contexts: list[BrowserContext] = []
        self.errors: list[str] = []

    async def new(self, **settings: Any) -> BrowserContext:
        """Open a browser as of somebody in Berlin, unless the settings say otherwise."""
        at_home = {"locale": "en-GB", "timezone_id": "Europe/Berlin"}
        context = await self._chromium.new_context(**(at_home | settings))
        context.set_default_timeout(EXPECT_MILLISECONDS)
        context.on("weberror", lambda error: self.errors.append(str(error.error)))
        context.on("console", self._heed)
        self._contexts.append(context)
        return context

    async def close(self) -> None:
        for context in self._contexts:
            await context.close()

    def _heed(self, message: ConsoleMessage) -> None:
        # A status of 4xx is an error to the console, and to us a page like any other.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.errors.append(message.text)


class Colleague:
    """Somebody of the workspace, at the practice page."""

    def __init__(self, page: Page) -> None:
        self.page = page

    @property
    def whispers(self) -> Locator:
        """What only this person sees."""
        return self.page.locator("article.ephemeral")

    @property
    def said(self) -> Locator:
        """What everybody in the channel sees."""
        return self.page.locator("article.message:not(.ephemeral)")

    async def types(self, line: str) -> None:
        field = self.page.get_by_role("textbox", name=re.compile("^Message"))
        await field.fill(line)
        await field.press("Enter")

    async def presses(self, card: Locator, label: str) -> None:
        await card.get_by_role("button", name=label, exact=True).click()

    async def confirms(self, label: str) -> None:
        """Say yes in the dialog that asks; its other button is "Keep it"."""
        dialog = self.page.get_by_role("dialog")
        await expect(dialog).to_contain_text("Keep it")
        await dialog.get_by_role("button", name=label, exact=True).click()
        await expect(dialog).to_have_count(0)

    async def declines(self) -> None:
        dialog = self.page.get_by_role("dialog")
        await dialog.get_by_role("button", name="Keep it").click()
        await expect(dialog).to_have_count(0)

    def link_on(self, card: Locator) -> Locator:
        return card.locator("a[href*='/otl/']")

    async def address_on(self, card: Locator) -> str:
        """Return the URL that a card shows."""
        link = self.link_on(card)
        await expect(link).to_have_count(1)
        return await link.get_attribute("href") or ""


async def at_practice(
    context: BrowserContext, program: RunningProgram, user: str, *, channel: str | None = None
) -> Colleague:
    """Open the practice page as this person."""
    page = await context.new_page()
    place = "" if channel is None else f"&in={channel}"
    await page.goto(f"{program.practice_page}?as={user}{place}")
    await expect(page.get_by_role("textbox", name=re.compile("^Message"))).to_be_visible()
    return Colleague(page)


async def sam_at_sales(program: RunningProgram, browsers: Browsers) -> Colleague:
    """Open the practice page as Sam, in a browser of his own, at #sales."""
    return await at_practice(await browsers.new(), program, SAM, channel=SALES)


async def fill_in(
    page: Page,
    *,
    name: str = "Jane Doe",
    email: str = "jane@example.com",
    notes: str = "",
    number: int = 0,
) -> None:
    """Choose the time with this number on the page and answer its questions."""
    await page.locator(".day .times label").nth(number).click()
    await page.get_by_label("Your name").fill(name)
    await page.get_by_label("E-mail").fill(email)
    if notes:
        await page.get_by_label(re.compile("should know")).fill(notes)


def book_button(page: Page) -> Locator:
    return page.locator("form#book .send button")
