"""Forms that ask for a link, or narrow a report: who may choose which, and what comes of it."""

import pytest

from bot.messages import link_card
from bot.messages.notes import OPEN_ISSUE_FORM
from bot.messages.status_report import OPEN_STATUS_FORM
from bot.modals import link_form, status_form
from bot.text import forms as words
from scheduling.contacts import Contact
from scheduling.links.status import LinkStatus
from tests.bot.conftest import URL, Office, all_links, in_words
from tests.bot.modals.forms import MENU, opens, said_in
from tests.given import ANA, KIM, SAM, a_booker, given_calendar, given_link, when_booked


@pytest.mark.parametrize("verb", ["copy", "regenerate", "delete"])
async def test_a_verb_without_its_link_asks_for_one_of_those_it_may_be(
    office: Office, verb: str
) -> None:
    await given_calendar(office.database)
    await given_calendar(office.database, slug="hers", owner=ANA)
    own = await given_link(office.database, contact=Contact("Jane"))
    await given_link(office.database, calendar="hers", contact=Contact("Zoe"), issued_by=ANA)
    used = await given_link(office.database, contact=Contact("Joe"))
    await when_booked(office.database, used, booker=a_booker("Joe Day"))
    form = await opens(office, f"/otl {verb}")
    menu = form.blocks[0]["element"]["action_id"]

    found = await office.slack.suggest(SAM, menu, "", view=form)
    jane = await office.slack.suggest(SAM, menu, "jane onboarding", view=form)
    sent = await office.slack.submit(form, {menu: own.details.public_id})

    values = {one["value"] for one in found}
    expected = {own.details.public_id}
    if verb == "regenerate":
        expected.add(used.details.public_id)
    assert values == expected
    assert [one["value"] for one in jane] == [own.details.public_id]
    assert sent.ok
    assert own.details.public_id in said_in(office.slack.modal(SAM))
    assert (await all_links(office)).counts == {
        "copy": {LinkStatus.ACTIVE: 2, LinkStatus.USED: 1},
        "regenerate": {LinkStatus.ACTIVE: 2, LinkStatus.USED: 1, LinkStatus.DELETED: 1},
        "delete": {LinkStatus.ACTIVE: 1, LinkStatus.USED: 1, LinkStatus.DELETED: 1},
    }[verb]


async def test_an_admin_may_choose_any_link_and_sees_no_address(office: Office) -> None:
    await given_calendar(office.database)
    await given_link(office.database, contact=Contact(None, "jane@example.com"))
    form = await opens(office, "/otl delete", KIM)

    (found,) = await office.slack.suggest(KIM, "choose_link_to_delete", "", view=form)

    assert "jane@example.com" not in str(found)


async def test_a_link_of_somebody_else_is_refused_beside_the_field(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)
    form = await opens(office, "/otl delete", ANA)

    sent = await office.slack.submit(form, {"choose_link_to_delete": link.details.public_id})

    assert sent.errors == {link_form.LINK: words.NOT_YOURS}
    assert (await all_links(office)).counts == {LinkStatus.ACTIVE: 1}


async def test_the_buttons_of_a_link_in_a_modal_change_that_modal(office: Office) -> None:
    await given_calendar(office.database)
    form = await opens(office, "/otl issue for Jane")
    await office.slack.submit(form, {MENU: "onboarding-call"})
    shown = office.slack.modal(SAM)
    assert shown is not None

    await office.slack.press_in_view(shown, link_card.DELETE)

    await office.slack.until(lambda: "Deleted by" in said_in(office.slack.modal(SAM)))
    assert URL.search(said_in(office.slack.modal(SAM))) is None
    assert (await all_links(office)).counts == {LinkStatus.DELETED: 1}


async def test_status_is_narrowed_in_a_form_that_knows_what_is_shown(office: Office) -> None:
    await given_calendar(office.database)
    used = await given_link(office.database, contact=Contact("Joe"))
    await when_booked(office.database, used)
    await given_link(office.database, issued_by=ANA)
    report = await office.types(SAM, "/otl status onboarding used")
    await office.press_only(SAM, report, OPEN_STATUS_FORM)
    form = office.slack.modal(SAM)
    assert form is not None
    calendar, _, status = (block["element"] for block in form.blocks)
    assert calendar["initial_option"]["value"] == "onboarding-call"
    assert status["initial_option"]["value"] == "used"

    both = await office.slack.submit(form, {status_form.PERSON: ANA})
    sent = await office.slack.submit(
        form, {status_form.PERSON: ANA, MENU: None, status_form.STATUS: status_form.EVERY}
    )

    assert both.errors == {status_form.PERSON: words.ONE_OF_BOTH}
    assert sent.ok
    assert f"Links issued by <@{ANA}>: 1 active" in said_in(office.slack.modal(SAM))


async def test_a_button_whose_form_does_not_open_says_so(office: Office) -> None:
    said = await office.types(SAM, "/otl")
    office.slack.fault("views.open", "internal_error")

    answer = await office.presses(SAM, said, OPEN_ISSUE_FORM)

    assert in_words(answer).startswith("Slack did not open the form in time.")
