"""Who one is, and on which screen: permissions, guests, greeting, two people, phone, dark."""

from typing import Final

import pytest
from playwright.async_api import expect

from otl.practice.demo_data import ANA, KIM, PRODUCT, SALES, SAM
from otl.practice.people import Person
from scheduling.database.models import OneTimeLink
from tests.journeys.contact import Contact
from tests.journeys.people import Browsers, at_practice, sam_at_sales
from tests.journeys.running import RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")

GUS: Final = Person("U0GUSGUEST", "gus", "Gus Guest", is_restricted=True)
EVE: Final = Person("U0EVEELSEWHERE", "eve", "Eve Elsewhere", is_stranger=True)
REFUSALS: Final = {
    GUS: "Guests can't use OTL in this workspace, so I can't do that for you.",
    EVE: "OTL is for the members of its own workspace, so I can't do that for you.",
}


def invite(program: RunningProgram, person: Person) -> None:
    program.slack.workspace.people[person.id] = person
    program.slack.workspace.channels[SALES].members.add(person.id)


@pytest.mark.parametrize("person", [GUS, EVE], ids=["guest", "slack-connect"])
async def test_guests_and_people_of_other_workspaces_are_refused_politely(
    program: RunningProgram, browsers: Browsers, person: Person
) -> None:
    invite(program, person)
    stranger = await at_practice(await browsers.new(), program, person.id, channel=SALES)

    await stranger.types("/otl issue onboarding for Jane")
    await expect(stranger.whispers.last).to_contain_text(REFUSALS[person])
    await stranger.types("/otl issue")
    await expect(stranger.page.get_by_role("dialog")).to_have_count(0)
    await stranger.page.get_by_role("link", name="OTL App").click()
    await stranger.page.get_by_role("button", name="Home", exact=True).click()
    await expect(stranger.page.locator("#home")).to_contain_text(REFUSALS[person])

    assert await program.count(OneTimeLink) == 0


async def test_who_may_not_delete_is_told_whom_to_ask(
    program: RunningProgram, browsers: Browsers, contact: Contact
) -> None:
    link = await program.issues(SAM, "onboarding for Jane")
    ana = await at_practice(await browsers.new(), program, ANA, channel=SALES)

    await ana.types(f"/otl delete {link.public_id}")

    said = ana.whispers.last
    await expect(said).to_contain_text("was issued by @Sam Rivera, so I left it as it is.")
    await expect(said).to_contain_text("Ask @Sam Rivera, @Kim Park or a workspace admin.")
    await ana.types(f"/otl status {link.public_id}")
    await expect(ana.whispers.last).to_contain_text("for Jane: Active")
    await expect(ana.whispers.last.locator(".blocks").get_by_role("button")).to_have_count(0)
    assert (await contact.opens(link.url)).status == 200


async def test_an_admin_regenerates_and_the_issuer_alone_gets_the_address(
    program: RunningProgram, browsers: Browsers
) -> None:
    link = await program.issues(SAM, "onboarding for Jane")
    kim = await at_practice(await browsers.new(), program, KIM, channel=SALES)
    sam = await sam_at_sales(program, browsers)

    await kim.types(f"/otl regenerate {link.public_id}")
    await expect(kim.whispers.last).to_contain_text("issued it and gets the new address from me")
    await expect(kim.link_on(kim.whispers.last)).to_have_count(0)
    talk = sam.page.get_by_role("link", name="OTL App")
    await expect(talk).to_contain_text("1 unread")
    await talk.click()
    news = sam.said.filter(has_text="was regenerated and no longer works")
    await expect(sam.link_on(news)).to_have_count(0)
    await sam.presses(news, "Copy")

    assert await sam.address_on(sam.whispers.last) != link.url


async def test_a_channel_that_lets_the_app_in_is_greeted_with_three_lines_and_one_button(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await at_practice(await browsers.new(), program, SAM, channel=PRODUCT)
    await sam.types("/otl issue onboarding for Jane")
    await expect(sam.whispers.last).to_contain_text("I can't post here yet. Type /invite @OTL")

    await sam.types("/invite @OTL")

    greeting = sam.said.filter(has_text="One-time booking links")
    await expect(greeting.locator(".section br")).to_have_count(2)  # three lines
    await expect(greeting.locator(".blocks").get_by_role("button")).to_have_text(["New link"])
    await sam.presses(greeting, "New link")
    await expect(sam.page.get_by_role("dialog", name="New one-time link")).to_be_visible()


async def test_news_reach_two_people_at_once_and_are_unread_to_who_is_elsewhere(
    program: RunningProgram, browsers: Browsers, contact: Contact
) -> None:
    sam = await sam_at_sales(program, browsers)
    ana = await at_practice(await browsers.new(), program, ANA, channel=SALES)
    program.slack.say(SAM, SALES, "Jane gets a link.")
    await expect(ana.said).to_have_count(1)
    await ana.page.get_by_role("link", name="managers").click()
    link = await program.issues(SAM, "onboarding for Jane")

    await contact.books(link.url, name="Jane Doe")

    await expect(sam.said.filter(has_text="Link used: Jane Doe")).to_be_visible()
    sales = ana.page.get_by_role("link", name="sales 1 unread")
    await expect(sales).to_be_visible()
    await sales.click()
    await expect(ana.page.get_by_role("separator", name="New messages")).to_be_visible()
    await expect(ana.said.filter(has_text="Link used: Jane Doe")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_on_a_phone_a_link_is_issued_from_the_form_by_touch(
    program: RunningProgram, browsers: Browsers, scheme: str
) -> None:
    context = await browsers.new(
        viewport={"width": 390, "height": 844}, has_touch=True, is_mobile=True, color_scheme=scheme
    )
    sam = await at_practice(context, program, SAM, channel=SALES)

    await sam.page.get_by_role("textbox", name="Message #sales").fill("/otl issue for Jane")
    await sam.page.get_by_role("button", name="Send").tap()
    form = sam.page.get_by_role("dialog", name="New one-time link")
    await form.get_by_role("button", name="Calendar").tap()
    await form.get_by_role("option", name="Onboarding Call").tap()
    await form.get_by_role("button", name="Issue link").tap()

    shown = sam.page.get_by_role("dialog", name="OTL")
    await expect(sam.link_on(shown)).to_be_visible()
    box = await shown.bounding_box()
    assert box is not None
    assert (box["x"], box["width"]) == (0, 390)
    for button in await shown.locator(".blocks button").all():
        size = await button.bounding_box()
        assert size is not None
        assert size["height"] >= 44
    await sam.page.keyboard.press("Escape")
    await sam.page.get_by_role("button", name="Conversations").tap()
    await sam.page.get_by_role("link", name="OTL App").tap()
    await sam.page.get_by_role("button", name="Home", exact=True).tap()
    await expect(sam.page.locator("#home")).to_contain_text("My links: 1 active")
