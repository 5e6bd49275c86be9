"""The App Home in chromium: "My links", its actions and pages, kept up to date by itself."""

import pytest
from playwright.async_api import Locator, expect

from otl.practice.demo_data import ANA, SAM
from tests.journeys.contact import Contact
from tests.journeys.people import (
    Browsers,
    Colleague,
    book_button,
    fill_in,
    sam_at_sales,
)
from tests.journeys.running import RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def sam_at_home(program: RunningProgram, browsers: Browsers) -> tuple[Colleague, Locator]:
    """Open the App Home as Sam; return him and the page of it."""
    sam = await sam_at_sales(program, browsers)
    await sam.page.get_by_role("link", name="OTL App").click()
    await sam.page.get_by_role("button", name="Home", exact=True).click()
    return sam, sam.page.locator("#home")


async def test_an_empty_home_teaches_the_first_command_and_issues_the_first_link(
    program: RunningProgram, browsers: Browsers, contact: Contact
) -> None:
    sam, home = await sam_at_home(program, browsers)
    await expect(home).to_contain_text("Only you see the link. Send it to your contact")

    await home.get_by_role("button", name="New link").click()
    form = sam.page.get_by_role("dialog", name="New one-time link")
    await form.get_by_role("button", name="Calendar").click()
    await form.get_by_role("option", name="Onboarding Call").click()
    await form.get_by_role("textbox", name="For whom").fill("Jane")
    await form.get_by_role("button", name="Issue link").click()
    shown = sam.page.get_by_role("dialog", name="OTL")
    url = await sam.address_on(shown)
    await sam.page.keyboard.press("Escape")

    await expect(home).to_contain_text("My links: 1 active")
    await expect(sam.link_on(home)).to_have_attribute("href", url)
    assert (await contact.opens(url)).status == 200


async def test_a_booking_moves_a_link_from_active_to_used_before_one_s_eyes(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(SAM, "onboarding for Jane")
    await program.issues(ANA, "onboarding for Zoe")
    sam, home = await sam_at_home(program, browsers)
    await expect(sam.link_on(home)).to_have_attribute("href", link.url)
    await expect(home).not_to_contain_text("Zoe")

    jane = await (await browsers.new()).new_page()
    await jane.goto(link.url)
    await fill_in(jane, name="Jane Doe")
    await book_button(jane).click()

    await expect(home).to_contain_text("My links: 1 used")
    await expect(home).to_contain_text("Booked by Jane Doe:")
    await expect(sam.link_on(home)).to_have_count(0)
    await home.get_by_role("button", name="Status").click()
    await expect(sam.page.get_by_role("dialog", name="OTL")).to_contain_text("for Jane: Used")


async def test_regenerate_and_delete_in_the_home_ask_first_and_the_home_follows(
    program: RunningProgram, browsers: Browsers, contact: Contact
) -> None:
    link = await program.issues(SAM, "onboarding for Jane")
    sam, home = await sam_at_home(program, browsers)

    await home.get_by_role("button", name="Regenerate").click()
    await sam.page.get_by_role("dialog").get_by_role("button", name="Regenerate").click()
    shown = sam.page.get_by_role("dialog", name="OTL")
    await expect(shown).to_contain_text("New one-time link for Jane")
    await sam.page.keyboard.press("Escape")
    await expect(sam.link_on(home)).not_to_have_attribute("href", link.url)
    newer = await sam.address_on(home)
    await home.get_by_role("button", name="Delete").click()
    await sam.page.get_by_role("dialog").get_by_role("button", name="Delete").click()

    await expect(shown).to_contain_text("Deleted by @Sam Rivera")
    await expect(home).to_contain_text("My links: 2 deleted")
    assert [(await contact.opens(url)).status for url in (link.url, newer)] == [410, 410]


async def test_more_than_ten_links_are_pages(program: RunningProgram, browsers: Browsers) -> None:
    for number in range(12):
        await program.issues(SAM, f"onboarding for Contact {number:02}")
    _, home = await sam_at_home(program, browsers)
    names = home.locator("strong", has_text="Contact")
    await expect(home).to_contain_text("My links: 12 active")
    await expect(names).to_have_count(10)

    await home.get_by_role("button", name="Older").click()
    await expect(names).to_have_text(["Contact 01", "Contact 00"])
    await program.issues(SAM, "onboarding for Latest")
    await expect(home).to_contain_text("My links: 13 active")
    await expect(names).to_have_text(["Contact 02", "Contact 01", "Contact 00"])
    await home.get_by_role("button", name="Newer").click()

    await expect(home.locator("strong", has_text="Latest")).to_be_visible()
