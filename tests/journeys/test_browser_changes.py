"""A contact in chromium moves a booking and cancels it; the channel and the host follow along."""

import pytest
from playwright.async_api import Page, expect

from otl.practice.demo_data import ANA, SALES, SAM
from tests.journeys.people import Browsers, at_practice, book_button, fill_in
from tests.journeys.running import RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def booked(program: RunningProgram, page: Page) -> str:
    """Book as Jane with a link of Ana's; return the booking's page."""
    link = await program.issues(ANA, "onboarding for Acme")
    await page.goto(link.url)
    await fill_in(page, name="Jane Doe", email="jane@acme.example")
    await book_button(page).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("You're booked.")
    return page.url


@pytest.mark.parametrize("scripts", [True, False], ids=["scripts", "no-scripts"])
async def test_a_contact_moves_then_cancels_and_everybody_reads_it(
    program: RunningProgram, browsers: Browsers, *, scripts: bool
) -> None:
    sam = await at_practice(await browsers.new(), program, SAM, channel=SALES)
    jane = await (await browsers.new(java_script_enabled=scripts)).new_page()
    page = await booked(program, jane)
    before = await jane.locator(".when").text_content()

    await jane.get_by_role("link", name="Move", exact=True).click()
    await jane.locator("fieldset.day").nth(1).locator("label").first.click()
    await jane.get_by_label("A word to Sam Rivera").fill("The train is late")
    await jane.get_by_role("button", name="Move to").click()

    await expect(jane.get_by_role("heading", level=1)).to_have_text("You're booked.")
    assert jane.url == page
    assert await jane.locator(".when").text_content() != before
    card = sam.said.filter(has_text="Link used: Jane Doe")
    await expect(card.get_by_role("button", name="1 reply")).to_be_visible()

    await jane.get_by_role("link", name="cancel", exact=True).click()
    await jane.get_by_role("button", name="Cancel the booking").click()

    await expect(jane.get_by_role("heading", level=1)).to_have_text("This booking was cancelled.")
    await expect(card.get_by_role("button", name="2 replies")).to_be_visible()
    await expect(card).to_have_count(1)
    await sam.page.get_by_role("link", name="OTL App").click()
    await sam.page.get_by_role("button", name="Messages", exact=True).click()
    await expect(
        sam.said.filter(has_text="Jane Doe moved Onboarding Call").filter(
            has_text="The train is late"
        )
    ).to_have_count(1)
    await expect(sam.said.filter(has_text="Jane Doe cancelled Onboarding Call")).to_have_count(1)
