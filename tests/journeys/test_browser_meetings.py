"""A host in chromium: hears of a meeting, sees who booked, finds it among the next ones."""

import pytest
from playwright.async_api import expect

from otl.practice.demo_data import ANA, SALES, SAM
from tests.journeys.people import Browsers, at_practice, book_button, fill_in
from tests.journeys.running import RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")
NOTE = "We have 40 seats, can we talk about SSO?"


async def test_a_host_whose_colleague_issued_the_link_reads_all_of_the_meeting(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(ANA, "onboarding for Acme")
    sam = await at_practice(await browsers.new(), program, SAM, channel=SALES)
    await sam.page.get_by_role("link", name="OTL App").click()
    home = sam.page.locator("#home")
    await sam.page.get_by_role("button", name="Home", exact=True).click()
    await expect(home).to_contain_text("As soon as somebody books your time, it stands here.")

    jane = await (await browsers.new()).new_page()
    await jane.goto(link.url)
    await fill_in(jane, name="Jane Doe", email="jane@acme.example", notes=NOTE)
    await book_button(jane).click()

    await expect(home).to_contain_text("Jane Doe (Acme)")  # while it is open
    await home.get_by_role("button", name="Details").click()
    shown = sam.page.get_by_role("dialog", name="OTL")
    await expect(shown).to_contain_text("jane@acme.example")
    await expect(shown).to_contain_text(NOTE)
    await sam.page.keyboard.press("Escape")
    await sam.page.get_by_role("button", name="Messages", exact=True).click()
    message = sam.said.filter(has_text="Jane Doe (Acme) booked Onboarding Call")
    await expect(message).to_contain_text(NOTE)
    await expect(message).to_contain_text("jane@acme.example")

    await sam.page.locator(f"[data-key={SALES}]").click()
    card = sam.said.filter(has_text="Link used: Jane Doe")
    await expect(card).not_to_contain_text("jane@acme.example")
    await sam.presses(card, "Details")
    await expect(shown).to_contain_text("jane@acme.example")
    await sam.page.keyboard.press("Escape")
    await sam.types("/otl meetings")
    await expect(sam.whispers.last).to_contain_text("Your meetings to come: 1")


async def test_a_colleague_sees_whose_meeting_it_is_and_no_more(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(SAM, "onboarding for Acme")
    jane = await (await browsers.new()).new_page()
    await jane.goto(link.url)
    await fill_in(jane, name="Jane Doe", email="jane@acme.example", notes=NOTE)
    await book_button(jane).click()
    ana = await at_practice(await browsers.new(), program, ANA, channel=SALES)

    await ana.types("/otl meetings @sam")

    answer = ana.whispers.last
    await expect(answer).to_contain_text("Jane Doe (Acme)")
    await expect(answer).not_to_contain_text("jane@acme.example")
    await expect(answer.get_by_role("button", name="Details")).to_have_count(0)
