"""Almost right, ambiguous or bare lines in chromium: each answer has the next press on it."""

import re

import pytest
from playwright.async_api import expect

from otl.practice.demo_data import SAM
from scheduling.database.models import OneTimeLink
from tests.journeys.people import Browsers, sam_at_sales
from tests.journeys.running import RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_a_mistyped_verb_is_a_button_that_runs_the_line(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)

    await sam.types("/otl isue onboarding for Jane")
    said = sam.whispers.last
    await expect(said).to_contain_text("I don't know “isue”. Did you mean /otl issue?")
    await expect(said).to_contain_text("You typed /otl isue onboarding for Jane")
    await sam.presses(said, "/otl issue")

    await expect(sam.whispers.last).to_contain_text("One-time link for Jane")
    await expect(sam.whispers).to_have_count(1)
    assert await program.count(OneTimeLink) == 1


async def test_a_mistyped_calendar_is_a_button_that_keeps_contact_and_deadline(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)

    await sam.types("/otl issue onbording-call for Jane expires 7d")
    await expect(sam.whispers.last).to_contain_text("I don't know a calendar “onbording-call”.")
    await sam.presses(sam.whispers.last, "Onboarding Call")

    await expect(sam.whispers.last).to_contain_text("One-time link for Jane")
    await expect(sam.whispers.last).to_contain_text("works for one booking until")


async def test_a_word_that_several_calendars_begin_with_offers_each_of_them(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)

    await sam.types('/otl issue "Dev + QA Group Calendar" for Jane')
    said = sam.whispers.last
    await expect(said).to_contain_text("is a group, and a one-time link is for one calendar.")
    await expect(said.get_by_role("button", name="New Calendar Creation")).to_be_visible()
    await sam.presses(said, "Onboarding Call")

    await expect(sam.whispers.last).to_contain_text("Onboarding Call · 30 min")
    await expect(sam.whispers.last).to_contain_text("One-time link for Jane")


async def test_a_mistyped_delete_asks_before_it_deletes(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(SAM, "onboarding for Jane")
    sam = await sam_at_sales(program, browsers)
    await sam.types(f"/otl delte {link.public_id}")

    await sam.presses(sam.whispers.last, "/otl delete")
    await sam.declines()
    assert not (await program.facts(link.public_id)).is_deleted
    await sam.presses(sam.whispers.last, "/otl delete")
    await sam.confirms("Delete")

    await expect(sam.whispers.last).to_contain_text("Deleted by @Sam Rivera")
    assert (await program.facts(link.public_id)).is_deleted


async def test_a_deadline_that_cannot_be_read_is_put_right_in_a_form(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl issue onboarding for Jane expires soon")
    await expect(sam.whispers.last).to_contain_text("Write hours, days or weeks")

    await sam.presses(sam.whispers.last, "Fill in a form")
    form = sam.page.get_by_role("dialog", name="New one-time link")
    await expect(form.get_by_role("textbox", name="For whom")).to_have_value("Jane")
    until = form.get_by_role("textbox", name="Expires after")
    await expect(until).to_have_value("soon")
    await until.fill("7d")
    await form.get_by_role("button", name="Issue link").click()

    await expect(sam.page.get_by_role("dialog", name="OTL")).to_contain_text(
        "One-time link for Jane"
    )


async def test_otl_alone_teaches_a_newcomer_the_first_step(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)

    await sam.types("/otl")
    said = sam.whispers.last
    await expect(said).to_contain_text("each works for one booking, then never again")
    await expect(said.locator(".blocks").get_by_role("button")).to_have_text(["New link"])
    await sam.presses(said, "New link")

    await expect(sam.page.get_by_role("dialog", name="New one-time link")).to_be_visible()


async def test_otl_alone_shows_this_person_s_links_and_calendars(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(SAM, "free tax for Jane")
    sam = await sam_at_sales(program, browsers)

    await sam.types("/otl")
    said = sam.whispers.filter(has_text="You have 1 active link")
    await expect(sam.link_on(said)).to_have_count(0)
    await sam.presses(said, "Copy")
    await expect(sam.whispers).to_have_count(3)  # that of the link itself, the steps, the copy
    assert await sam.address_on(sam.whispers.last) == link.url
    await sam.presses(said, "Issue link")

    await expect(sam.whispers).to_have_count(4)
    await expect(sam.whispers.last).to_contain_text("Free Tax Counselling · 30 min")
    assert await sam.address_on(sam.whispers.last) != link.url


async def test_help_is_one_screen_and_its_lines_work_when_copied(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)

    await sam.types("/otl help")
    said = sam.whispers.last
    await expect(said).to_contain_text("Only you see what I answer.")
    lines = await said.locator("code").all_inner_texts()
    fold = await said.bounding_box()
    assert fold is not None
    assert fold["height"] < 500
    assert len(lines) >= 7
    line = next(one for one in lines if re.fullmatch(r"/otl issue \S+ for Jane", one))
    await sam.types(line)

    await expect(sam.whispers.last).to_contain_text("One-time link for Jane")
