"""The guide ticks off what really happened, and nothing else."""

from typing import Any

from playwright.async_api import Locator, Page, expect
from slack_bolt.async_app import AsyncApp
from slack_sdk.web.async_client import AsyncWebClient

from otl.practice import PracticeSlack
from otl.practice.demo_data import ANA, APP, PRODUCT, SALES, SAM
from tests.practice.visitors import Opener, run, say

LINE = APP.guide[0].line


def address_in(slack: PracticeSlack) -> str:
    return f"{slack.base_url}/otl/abcdefgh"


def answer_with_a_link(bolt: AsyncApp, slack: PracticeSlack) -> None:
    @bolt.command("/otl")
    async def answer(ack: Any, body: dict[str, Any]) -> None:
        await ack(f"For Acme {address_in(slack)}" if "issue" in body["text"] else "Words only")


def guide_of(page: Page) -> Locator:
    return page.get_by_role("complementary", name="Guide")


def done(page: Page) -> Locator:
    return guide_of(page).get_by_text(", done")


async def tell_news(client: AsyncWebClient, user: str) -> None:
    await client.chat_postMessage(channel=SALES, text=f"Link used: Jane · issued by <@{user}>")


async def test_one_press_fills_the_composer_with_the_command_of_the_step(
    connected: PracticeSlack, bolt: AsyncApp, open_as: Opener
) -> None:
    answer_with_a_link(bolt, connected)
    page = await open_as(SAM)

    await guide_of(page).get_by_role("button", name="Put it into the message field").click()

    field = page.get_by_role("textbox", name="Message #sales")
    await expect(field).to_have_value(LINE)
    await expect(field).to_be_focused()
    assert await done(page).count() == 0
    await page.keyboard.press("Enter")
    await expect(done(page)).to_have_count(1)


async def test_from_a_place_where_nobody_can_write_the_press_leads_to_a_channel(
    connected: PracticeSlack, open_as: Opener
) -> None:
    page = await open_as(SAM)
    await page.get_by_role("link", name="OTL").click()
    await expect(page.get_by_role("textbox")).to_have_count(0)

    await guide_of(page).get_by_role("button", name="Put it into the message field").click()

    await expect(page.get_by_role("textbox", name="Message #sales")).to_have_value(LINE)


async def test_an_answer_without_an_address_ticks_nothing_off(
    connected: PracticeSlack, bolt: AsyncApp, open_as: Opener
) -> None:
    answer_with_a_link(bolt, connected)
    page = await open_as(SAM)

    await run(page, "/otl help", "Words only")

    await expect(guide_of(page).get_by_role("listitem").first).to_have_attribute(
        "aria-current", "step"
    )
    assert await done(page).count() == 0


async def test_the_whole_way_survives_a_reload(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient, open_as: Opener
) -> None:
    answer_with_a_link(bolt, connected)
    page = await open_as(SAM)
    await say(page, LINE)
    link = guide_of(page).get_by_role("link", name="Open the link")
    await expect(link).to_have_attribute("href", address_in(connected))
    async with page.expect_popup() as opened:
        await link.click()
    await (await opened.value).close()
    await expect(guide_of(page)).to_contain_text("Choose a time there and book it.")
    await page.reload()
    await expect(guide_of(page)).to_contain_text("Choose a time there and book it.")

    await tell_news(client, SAM)

    await expect(done(page)).to_have_count(3)
    await expect(guide_of(page)).to_contain_text("That was all of it: from the link to its booking")
    await page.reload()
    await expect(done(page)).to_have_count(3)


async def test_news_of_somebody_else_s_link_ticks_nothing_off(
    connected: PracticeSlack, client: AsyncWebClient, open_as: Opener
) -> None:
    page = await open_as(SAM)

    await tell_news(client, ANA)

    await expect(page.get_by_text("Link used")).to_be_visible()
    assert await done(page).count() == 0


async def test_news_in_another_channel_is_ticked_off_once_it_is_read(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient, open_as: Opener
) -> None:
    answer_with_a_link(bolt, connected)
    page = await open_as(SAM, channel="product")
    assert PRODUCT in page.url
    await say(page, LINE, channel="product")
    await expect(done(page)).to_have_count(1)
    await tell_news(client, SAM)
    await expect(done(page)).to_have_count(2)

    await guide_of(page).get_by_role("button", name="Go to #sales").click()

    await expect(done(page)).to_have_count(3)


async def test_a_dismissed_answer_stays_ticked_off_and_another_link_is_offered(
    connected: PracticeSlack, bolt: AsyncApp, open_as: Opener
) -> None:
    answer_with_a_link(bolt, connected)
    page = await open_as(SAM)
    await say(page, LINE)
    await expect(done(page)).to_have_count(1)

    await page.get_by_role("button", name="Dismiss").click()

    await expect(guide_of(page).get_by_role("link", name="Open the link")).to_have_count(0)
    await expect(guide_of(page).get_by_role("button", name=LINE)).to_be_visible()
    await expect(done(page)).to_have_count(1)


async def test_it_can_be_closed_and_reopened_and_remembers_that(
    connected: PracticeSlack, open_as: Opener
) -> None:
    page = await open_as(SAM)

    await page.get_by_role("button", name="Close the guide").click()

    await expect(guide_of(page)).to_be_hidden()
    await page.reload()
    await expect(page.get_by_role("textbox", name="Message #sales")).to_be_visible()
    await expect(guide_of(page)).to_be_hidden()
    await page.get_by_role("button", name="Guide").click()
    await expect(guide_of(page)).to_be_visible()


async def test_the_guide_can_be_started_again(
    connected: PracticeSlack, bolt: AsyncApp, client: AsyncWebClient, open_as: Opener
) -> None:
    answer_with_a_link(bolt, connected)
    page = await open_as(SAM)
    await say(page, LINE)
    await expect(done(page)).to_have_count(1)
    await tell_news(client, SAM)
    await expect(done(page)).to_have_count(3)

    await page.get_by_role("button", name="Start the guide again").click()

    await expect(done(page)).to_have_count(0)


async def test_on_a_phone_the_longest_step_takes_two_lines_beside_its_press(
    connected: PracticeSlack, bolt: AsyncApp, open_as: Opener
) -> None:
    answer_with_a_link(bolt, connected)
    page = await open_as(SAM, viewport={"width": 390, "height": 844})

    await say(page, LINE)
    await expect(guide_of(page).get_by_role("link", name="Open the link")).to_be_visible()

    words = guide_of(page).locator(".guide-words")
    await expect(words).to_have_text("2 of 3 Open it and book as Acme")
    lines = await words.evaluate("e => e.offsetHeight / parseFloat(getComputedStyle(e).lineHeight)")
    assert round(lines) <= 2
