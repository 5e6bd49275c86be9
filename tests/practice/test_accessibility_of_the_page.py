"""axe finds nothing on any face of the practice page: wide and narrow, light and dark."""

from collections.abc import Awaitable, Callable
from typing import Any, Final, Literal

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe  # type: ignore[import-untyped]  # has none
from playwright.async_api import Page, expect
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from otl.practice import PracticeSlack
from otl.practice.demo_data import ANA, MANAGERS, SALES, SAM
from tests.practice.gallery import (
    AREA,
    DATA_TABLE,
    FORM,
    LINES,
    PAIRS,
    PIE,
    PRESSES,
    TABLE,
    WORDS,
    Json,
    plain,
)
from tests.practice.visitors import Opener, say

SCREENS: Final[dict[str, Json]] = {
    "desktop": {"viewport": {"width": 1280, "height": 800}},
    "phone": {"viewport": {"width": 390, "height": 844}, "has_touch": True},
}
SCHEMES: Final[tuple[Literal["light", "dark"], ...]] = ("light", "dark")


async def see_blocks(page: Page) -> None:
    await page.keyboard.press("Control+k")
    await page.keyboard.type("managers")
    await page.keyboard.press("Enter")
    await expect(page.locator("article")).to_have_count(5)
    await expect(page.locator(".drawing")).to_have_count(4)


async def see_channel(page: Page) -> None:
    await expect(page.locator("article")).to_have_count(2)


async def see_thread(page: Page) -> None:
    await page.get_by_role("button", name="1 reply").click()
    await expect(page.get_by_role("textbox", name="Reply")).to_be_visible()


async def see_modal(page: Page) -> None:
    await say(page, "/otl")
    await page.get_by_role("button", name="Issue", exact=True).click()
    await expect(page.get_by_text("Please complete this required field.")).to_have_count(2)


async def see_menu(page: Page) -> None:
    await say(page, "/otl")
    await page.get_by_role("button", name="Calendar").click()
    await expect(page.get_by_role("option")).to_have_count(2)


async def see_confirmation(page: Page) -> None:
    await page.get_by_role("button", name="Delete", exact=True).click()
    await expect(page.get_by_role("button", name="Keep it")).to_be_visible()


async def see_home(page: Page) -> None:
    await page.keyboard.press("Control+k")
    await page.keyboard.type("OTL Home")
    await page.keyboard.press("Enter")
    await page.get_by_role("button", name="Home", exact=True).click()
    await expect(page.get_by_role("heading", name="Links of this week")).to_be_visible()


async def see_guide(page: Page) -> None:
    fold = page.locator(".guide-fold")
    if await fold.is_visible():
        await fold.click()
    await expect(page.get_by_role("heading", name="Read the news")).to_be_visible()


async def see_switcher(page: Page) -> None:
    await page.keyboard.press("Control+k")
    await expect(page.get_by_role("option")).to_have_count(6)


async def see_offers(page: Page) -> None:
    await page.get_by_role("textbox", name="Message #sales").fill("@")
    await expect(page.get_by_role("option")).to_have_count(8)


async def see_people(page: Page) -> None:
    conversations = page.get_by_role("button", name="Conversations")
    if await conversations.is_visible():
        await conversations.click()
    await page.locator("summary").filter(has_text="You are").click()
    await expect(page.get_by_role("link", name="Ana Lopes Sales")).to_be_visible()


FACES: Final[dict[str, Callable[[Page], Awaitable[None]]]] = {
    "channel": see_channel,
    "blocks": see_blocks,
    "thread": see_thread,
    "modal": see_modal,
    "menu": see_menu,
    "confirmation": see_confirmation,
    "home": see_home,
    "guide": see_guide,
    "switcher": see_switcher,
    "offers": see_offers,
    "people": see_people,
}


@pytest_asyncio.fixture(loop_scope="session")
async def furnished(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient
) -> PracticeSlack:
    """A workspace with something of everything in it."""

    @bolt.command("/otl")
    async def answer(ack: Any, body: Json) -> None:
        await ack()
        await client.views_open(trigger_id=body["trigger_id"], view=FORM)

    @bolt.options("calendar")
    async def suggest(ack: Any) -> None:
        await ack(options=[{"text": plain(name), "value": name} for name in ("Yoga", "Tax")])

    @bolt.event("app_home_opened")
    async def publish(ack: Any, event: Json) -> None:
        await ack()
        home = {"type": "home", "blocks": [*WORDS, *PRESSES]}
        await client.views_publish(user_id=event["user"], view=home)

    root = connected.say(ANA, SALES, "hello @sam, `code` and *bold*")
    connected.say(SAM, SALES, "Good morning", thread_ts=root.ts)
    for blocks in ([*WORDS], [TABLE], [DATA_TABLE], [PAIRS, LINES], [AREA, PIE]):
        await client.chat_postMessage(channel=MANAGERS, text="Blocks", blocks=blocks)
    await client.chat_postEphemeral(channel=SALES, user=SAM, text="For Jane", blocks=PRESSES)
    return connected


@pytest.mark.parametrize("screen", SCREENS)
@pytest.mark.parametrize("face", FACES)
async def test_axe_finds_nothing(
    furnished: PracticeSlack, open_as: Opener, face: str, screen: str
) -> None:
    page = await open_as(SAM, **SCREENS[screen])
    await FACES[face](page)

    found = {scheme: await barriers(page, scheme) for scheme in SCHEMES}

    assert found == {"light": [], "dark": []}
    for width in (SCREENS[screen]["viewport"]["width"], 320):
        await page.set_viewport_size({"width": width, "height": 640})
        assert await page.evaluate(
            "document.documentElement.scrollWidth <= document.documentElement.clientWidth"
        ), f"{width} pixels wide, the page can be scrolled sideways"


async def barriers(page: Page, scheme: Literal["light", "dark"]) -> list[str]:
    """Return what axe says is in the way, a line each."""
    await page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    violations: list[Json] = (await Axe().run(page)).response["violations"]
    return [
        f"{violation['id']}: {violation['help']}: {node['target']} {node['html'][:120]}"
        for violation in violations
        for node in violation["nodes"]
    ]
