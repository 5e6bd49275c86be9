"""Where a meeting is, in the browser: a number to call, and a place that its host adds later."""

import re

import pytest
from playwright.async_api import expect

from otl.practice.demo_data import KIM, SALES
from tests.journeys.people import Browsers, at_practice, book_button, fill_in
from tests.journeys.running import RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")

ROOM = "https://meet.example.com/kim"


async def test_where_the_host_calls_the_contact_leaves_a_number(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(KIM, "test-recurring for Jane")
    page = await (await browsers.new()).new_page()
    await page.goto(link.url)
    await expect(page.locator(".about")).to_contain_text("57 min · Leo Carter calls you")
    await fill_in(page)

    await page.get_by_label("Your phone number").fill("call me")
    await book_button(page).click()
    await expect(page.locator("#phone-wrong")).to_contain_text("It looks like +49 30 123456.")
    await page.get_by_label("Your phone number").fill("(030) 123-456")
    await book_button(page).click()

    await expect(page.get_by_role("heading", level=1)).to_have_text("You're booked.")
    await expect(page.locator("dl")).to_contain_text("Leo Carter calls you at 030 123 456")


async def test_a_host_without_a_room_adds_the_place_and_the_contact_finds_it(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(KIM, "new-calendar for Jane")
    page = await (await browsers.new()).new_page()
    await page.goto(link.url)
    await expect(page.locator(".about")).to_contain_text("30 min · Kim Park sends you the place")
    await fill_in(page)
    await book_button(page).click()
    await expect(page.locator("dl")).to_contain_text("Kim Park sends you the place")
    kim = await at_practice(await browsers.new(), program, KIM, channel=SALES)
    await kim.page.get_by_role("link", name="OTL App").click()

    message = kim.said.filter(has_text="Jane Doe booked New Calendar Creation")
    await expect(message).to_contain_text("No place yet")
    await kim.presses(message, "Add the place")
    form = kim.page.get_by_role("dialog", name="Place of the meeting")
    await form.get_by_role("textbox", name="Where do you meet?").fill(ROOM)
    await form.get_by_role("button", name="Save").click()

    said = kim.page.get_by_role("dialog", name="OTL")
    await expect(said).to_contain_text(f"Saved: Online meeting: {ROOM}")
    await kim.page.keyboard.press("Escape")
    await expect(message).to_contain_text(f"Online meeting: {ROOM}")
    await page.reload()
    await expect(page.get_by_role("link", name=ROOM)).to_have_attribute("href", ROOM)


async def test_a_new_room_is_used_for_what_is_booked_already(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(KIM, "new-calendar for Jane")
    page = await (await browsers.new()).new_page()
    await page.goto(link.url)
    await fill_in(page)
    await book_button(page).click()
    await expect(page.get_by_role("heading", level=1)).to_have_text("You're booked.")
    kim = await at_practice(await browsers.new(), program, KIM, channel=SALES)

    await kim.types("/otl me")
    form = kim.page.get_by_role("dialog", name="About you")
    await form.get_by_role("textbox", name="Your room").fill("meet.example.com/kim")
    await form.get_by_role("button", name="Save").click()
    question = kim.page.get_by_role("dialog", name="Your new room")
    await expect(question).to_contain_text("Use it for your coming meeting, too?")
    await expect(question.get_by_role("radio", name=re.compile("^Yes"))).to_be_checked()
    await question.get_by_role("button", name="Go on").click()

    said = kim.page.get_by_role("dialog", name="OTL")
    await expect(said).to_contain_text("1 coming meeting is in your new room.")
    await page.reload()
    await expect(page.get_by_role("link", name=ROOM)).to_be_visible()
