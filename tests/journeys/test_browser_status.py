"""Status in chromium: counts first, pages, filters, and cards that were overtaken by events."""

import re

import pytest
from playwright.async_api import expect

from otl.practice.demo_data import ANA, SAM
from tests.journeys.contact import Contact
from tests.journeys.people import Browsers, sam_at_sales
from tests.journeys.running import RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")


async def test_older_and_newer_turn_the_pages_of_one_card(
    program: RunningProgram, browsers: Browsers
) -> None:
    for number in range(12):
        await program.issues(ANA, f"onboarding for Contact {number:02}")
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl status")
    card = sam.whispers.last
    await expect(card).to_contain_text("All links: 12 active")
    await expect(card).to_contain_text("1 to 10 of 12, the newest first")

    await sam.presses(card, "Older")
    await expect(card).to_contain_text("11 to 12 of 12")
    await expect(card).to_contain_text("Contact 00")
    await sam.presses(card, "Newer")

    await expect(card).to_contain_text("Contact 11")
    await expect(sam.whispers).to_have_count(1)


async def test_filters_are_buttons_and_lead_back_to_all(
    program: RunningProgram, browsers: Browsers, contact: Contact
) -> None:
    await program.issues(SAM, "onboarding for Jane")
    used = await program.issues(SAM, "onboarding for Joe")
    await contact.books(used.url)
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl status onboarding")
    card = sam.whispers.last
    await expect(card).to_contain_text("Links for Onboarding Call: 1 active, 1 used")

    await sam.presses(card, "Used")
    await expect(card).to_contain_text("Used ones only")
    await expect(card).not_to_contain_text("Jane")
    await sam.presses(card, "All")

    await expect(card).to_contain_text("Jane")
    await expect(card.get_by_role("button", name="Used", exact=True)).to_be_visible()


async def test_a_press_on_an_old_report_says_what_changed_meanwhile(
    program: RunningProgram, browsers: Browsers, contact: Contact
) -> None:
    links = [await program.issues(ANA, "onboarding for Jane") for _ in range(11)]
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl status")
    card = sam.whispers.last
    await expect(card).to_contain_text("All links: 11 active")
    await contact.books(links[0].url)
    await program.types(ANA, f"/otl delete {links[1].public_id}")

    await sam.presses(card, "Older")

    await expect(card).to_contain_text("All links: 9 active, 1 used, 1 deleted")
    await expect(card).to_contain_text("Meanwhile: 1 used, 1 deleted")


@pytest.mark.parametrize("pressed", ["Regenerate", "Delete"])
async def test_a_press_on_the_card_of_a_link_that_was_used_shows_how_it_stands(
    program: RunningProgram, browsers: Browsers, contact: Contact, pressed: str
) -> None:
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl issue onboarding for Jane")
    card = sam.whispers.last
    await contact.books(await sam.address_on(card), name="Jane Doe")

    await sam.presses(card, pressed)
    await sam.confirms(pressed)

    await expect(card).to_contain_text("Meanwhile it was used, so I did nothing.")
    await expect(card).to_contain_text(re.compile(r"L-\w{6} for Jane: Used"))
    await expect(card).to_contain_text("Booked by Jane Doe")
    await expect(sam.link_on(card)).to_have_count(0)


async def test_after_deleting_the_buttons_give_way_to_who_and_when(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl issue onboarding for Jane")
    card = sam.whispers.last

    await sam.presses(card, "Delete")
    await sam.confirms("Delete")

    await expect(card).to_contain_text(re.compile(r"Deleted by @Sam Rivera, \d\d:\d\d"))
    await expect(card.locator(".blocks").get_by_role("button")).to_have_count(0)


async def test_after_regenerating_the_card_says_what_the_new_link_replaced(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl issue onboarding for Jane")
    card = sam.whispers.last

    await sam.presses(card, "Regenerate")
    await sam.confirms("Regenerate")

    await expect(card).to_contain_text(
        re.compile(r"Replaced by @Sam Rivera, \d\d:\d\d: L-\w{6} no longer works")
    )
    await expect(sam.link_on(card)).to_have_count(1)
