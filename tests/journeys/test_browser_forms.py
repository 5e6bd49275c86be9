"""Forms in chromium: what was typed stands in them, menus search, errors lose nothing."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from playwright.async_api import Locator, Page, expect

from otl.practice.demo_data import SAM
from scheduling.calendars.change import load_calendars
from scheduling.calendars.hosts import Person
from scheduling.calendars.limits import CalendarSettings
from scheduling.calendars.types import CalendarType
from scheduling.database.models import OneTimeLink
from tests.journeys.contact import Contact
from tests.journeys.people import Browsers, sam_at_sales
from tests.journeys.running import RunningProgram

pytestmark = pytest.mark.asyncio(loop_scope="session")

MANY = 500


def form_on(page: Page, title: str) -> Locator:
    return page.get_by_role("dialog", name=title)


async def choose(form: Locator, menu: str, words: str, option: str) -> None:
    """Open a menu by what stands on it, search, and take what is found."""
    await form.get_by_role("button", name=menu).click()
    await form.get_by_role("combobox", name="Search").fill(words)
    await expect(form.get_by_role("option")).to_have_count(1)
    await form.get_by_role("option", name=option).click()


async def given_many_calendars(program: RunningProgram) -> None:
    calendars = [
        CalendarSettings(
            slug=f"review-{number:03}",
            name=f"Review {number:03}",
            type=CalendarType.EVENT,
            duration=timedelta(minutes=30),
            zone="UTC",
            hosts=(SAM,),
            owner=SAM,
            weekly={"mon": ("09:00-12:00",)},
        )
        for number in range(MANY)
    ]
    people = {SAM: Person(SAM, "Sam Rivera", "sam@practice.example", "Europe/Berlin")}
    await program.database.write(
        load_calendars, workspace_id=1, calendars=calendars, people=people, now=datetime.now(UTC)
    )


async def test_a_line_without_its_calendar_opens_the_form_with_what_was_typed(
    program: RunningProgram, browsers: Browsers, contact: Contact
) -> None:
    sam = await sam_at_sales(program, browsers)

    await sam.types("/otl issue for Jane Doe jane@acme.example expires 7d")
    form = form_on(sam.page, "New one-time link")
    whom = form.get_by_role("textbox", name="For whom")
    await expect(whom).to_have_value("Jane Doe jane@acme.example")
    await expect(form.get_by_role("textbox", name="Expires after")).to_have_value("7d")
    await choose(form, "Calendar", "yoga", "Morning Yoga Class")
    await form.get_by_role("button", name="Issue link").click()

    shown = form_on(sam.page, "OTL")
    await expect(shown).to_contain_text("One-time link for Jane Doe")
    url = await sam.address_on(shown)
    assert "Morning Yoga Class" in (await contact.opens(url)).text
    await shown.get_by_role("button", name="Close", exact=True).first.click()
    await expect(sam.page.get_by_role("dialog")).to_have_count(0)


async def test_of_five_hundred_calendars_typing_finds_the_one(
    program: RunningProgram, browsers: Browsers
) -> None:
    await given_many_calendars(program)
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl issue for Jane")
    form = form_on(sam.page, "New one-time link")

    await form.get_by_role("button", name="Calendar").click()
    await expect(form.get_by_role("option")).to_have_count(100)
    search = form.get_by_role("combobox", name="Search")
    await search.press_sequentially("review 48")
    await expect(form.get_by_role("option")).to_have_count(15)  # 480 to 489, and 48 of each hundred
    await search.press_sequentially("7")
    await expect(form.get_by_role("option")).to_have_text(["Review 487"])
    await search.press("Enter")
    await form.get_by_role("button", name="Issue link").click()

    await expect(form_on(sam.page, "OTL")).to_contain_text("Review 487 · 30 min")


async def test_a_search_that_finds_nothing_says_so(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl issue")
    form = form_on(sam.page, "New one-time link")

    await form.get_by_role("button", name="Calendar").click()
    await form.get_by_role("combobox", name="Search").fill("no such thing")

    await expect(form.get_by_text("Nothing found")).to_be_visible()


async def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl issue for")
    form = form_on(sam.page, "New one-time link")
    whom = form.get_by_role("textbox", name="For whom")
    until = form.get_by_role("textbox", name="Expires after")
    await choose(form, "Calendar", "tax", "Free Tax Counselling")
    await whom.fill("jane@acme.example joe@acme.example")
    await until.fill("soon")

    await form.get_by_role("button", name="Issue link").click()

    await expect(form.get_by_text("A link is for one contact")).to_be_visible()
    await expect(form.get_by_text("Write hours, days or weeks")).to_be_visible()
    await expect(whom).to_have_value("jane@acme.example joe@acme.example")
    await expect(whom).to_be_focused()
    await expect(until).to_have_value("soon")
    await expect(form.get_by_role("button", name="Calendar")).to_contain_text(
        "Free Tax Counselling"
    )
    assert await program.count(OneTimeLink) == 0
    await whom.fill("jane@acme.example")
    await until.fill("2w")
    await form.get_by_role("button", name="Issue link").click()
    await expect(form_on(sam.page, "OTL")).to_contain_text("One-time link for jane@acme.example")
    assert await program.count(OneTimeLink) == 1


async def test_a_calendar_that_does_not_exist_is_told_in_the_form(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)

    await sam.types("/otl issue nonsense for")
    form = form_on(sam.page, "New one-time link")
    await expect(form.get_by_role("button", name="Calendar")).to_contain_text("nonsense")
    await form.get_by_role("button", name="Issue link").click()

    await expect(form.get_by_text("I don't know a calendar “nonsense”.")).to_be_visible()
    await expect(form.get_by_role("button", name="Calendar")).to_contain_text("nonsense")


@pytest.mark.parametrize(
    ("verb", "title", "outcome"),
    [
        pytest.param("copy", "Copy a link", "One-time link for Jane", id="copy"),
        pytest.param("regenerate", "Regenerate a link", "New one-time link for Jane", id="anew"),
        pytest.param("delete", "Delete a link", "Deleted by @Sam Rivera, ", id="delete"),
    ],
)
async def test_a_verb_without_its_link_asks_for_one(
    program: RunningProgram, browsers: Browsers, verb: str, title: str, outcome: str
) -> None:
    jane = await program.issues(SAM, "onboarding for Jane")
    await program.issues(SAM, "onboarding for Joe")
    sam = await sam_at_sales(program, browsers)

    await sam.types(f"/otl {verb}")
    form = form_on(sam.page, title)
    await form.get_by_role("button", name=verb.capitalize()).click()
    await expect(form.get_by_text("Please complete this required field.")).to_be_visible()
    await choose(form, "Link", "jane", jane.public_id)
    await form.get_by_role("button", name=verb.capitalize()).click()

    await expect(form_on(sam.page, "OTL")).to_contain_text(outcome)
    facts = await program.facts(jane.public_id)
    assert facts.is_deleted == (verb != "copy")


async def test_status_is_narrowed_in_a_form_and_a_choice_can_be_taken_back(
    program: RunningProgram, browsers: Browsers
) -> None:
    first = await program.issues(SAM, "onboarding for Jane")
    await program.issues(SAM, "free tax for Joe")
    await program.types(SAM, f"/otl delete {first.public_id}")
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl status onboarding")
    await sam.types("/otl status")
    await sam.presses(sam.whispers.last, "Filter")
    form = form_on(sam.page, "Status of links")

    await choose(form, "Calendar", "onb", "Onboarding Call")
    await choose(form, "Issued by", "sam", "Sam Rivera")
    await form.get_by_role("button", name="Show").click()
    await expect(form.get_by_text("Choose a calendar or a person, not both.")).to_be_visible()
    await form.get_by_role("button", name="Issued by").click()
    await form.get_by_role("button", name="Clear").click()
    await expect(form.get_by_role("button", name="Issued by")).to_contain_text("Everybody")
    await choose(form, "Status", "dele", "Deleted")
    await form.get_by_role("button", name="Show").click()

    shown = form_on(sam.page, "OTL")
    await expect(shown).to_contain_text("Links for Onboarding Call: 1 deleted")
    await expect(shown).to_contain_text(re.compile(rf"Deleted\s+{first.public_id}\s+Jane"))


async def test_a_form_is_filled_in_and_sent_by_keyboard_alone(
    program: RunningProgram, browsers: Browsers
) -> None:
    sam = await sam_at_sales(program, browsers)
    await sam.types("/otl issue for Jane")
    form = form_on(sam.page, "New one-time link")
    await expect(form.get_by_role("button", name="Calendar")).to_be_focused()

    keyboard = sam.page.keyboard
    await keyboard.press("Enter")
    await keyboard.type("onboarding")
    await expect(form.get_by_role("option")).to_have_count(1)
    await keyboard.press("Enter")
    await expect(form.get_by_role("button", name="Calendar")).to_be_focused()
    await keyboard.press("Tab")
    await expect(form.get_by_role("textbox", name="For whom")).to_be_focused()
    await keyboard.press("Enter")

    await expect(form_on(sam.page, "OTL")).to_contain_text("One-time link for Jane")
    await keyboard.press("Escape")
    await expect(sam.page.get_by_role("dialog")).to_have_count(0)
    await expect(sam.page.get_by_role("textbox", name="Message #sales")).to_be_focused()
