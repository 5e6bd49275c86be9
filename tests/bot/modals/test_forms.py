"""The form of a new link: opened where something is missing, filled in as typed, done once."""

import asyncio

import pytest

from bot.grammar.issue import read_deadline
from bot.modals import issue_form
from otl.practice.delivery import Kind
from otl.practice.faults import Fault
from scheduling.calendars.change import deactivate_calendar
from scheduling.contacts import Contact
from scheduling.links.status import LinkStatus
from tests.bot.conftest import EVE, GUS, URL, Office, all_links, in_words, unreadable_calendars
from tests.bot.modals.forms import MENU, opens, said_in
from tests.given import NOW, SALES, SAM, given_calendar


async def test_issue_without_a_calendar_opens_a_form_with_what_was_typed(office: Office) -> None:
    await given_calendar(office.database)

    form = await opens(office, "/otl issue for Jane Doe jane@example.com expires 7d")

    calendar, contact, deadline = (block["element"] for block in form.blocks)
    assert "initial_option" not in calendar
    assert contact["initial_value"] == "Jane Doe jane@example.com"
    assert deadline["initial_value"] == "7d"
    assert form.body["private_metadata"] == SALES
    assert office.slack.ephemerals(SAM) == []


async def test_a_form_that_is_sent_issues_the_link_and_shows_it_there(office: Office) -> None:
    await given_calendar(office.database)
    form = await opens(office, "/otl issue for Jane expires 7d")

    sent = await office.slack.submit(form, {MENU: "onboarding-call"})

    (link,) = (await all_links(office)).links
    assert sent.ok
    assert URL.search(said_in(office.slack.modal(SAM)))
    assert (link.contact, link.channel_id, link.issued_by) == (Contact("Jane"), SALES, SAM)
    assert link.expires_at == NOW + read_deadline("7d")
    assert office.slack.messages(SALES) == ()


async def test_a_form_has_its_effect_once_however_often_it_is_sent(office: Office) -> None:
    await given_calendar(office.database)
    form = await opens(office, "/otl issue for Jane")
    await office.slack.submit(form, {MENU: "onboarding-call"})
    sent = office.slack.courier.sent[-1]
    again = dict(sent.payload) | {"trigger_id": "9.9.9"}

    answers = await asyncio.gather(
        *(office.slack.repeat(type(sent)(Kind.INTERACTION, again)) for _ in range(5))
    )

    assert {str(URL.findall(str(answer.body))) for answer in answers} == {
        str(URL.findall(said_in(office.slack.modal(SAM))))
    }
    assert (await all_links(office)).counts == {LinkStatus.ACTIVE: 1}


async def test_errors_stand_beside_their_fields_and_nothing_typed_is_lost(office: Office) -> None:
    await given_calendar(office.database)
    form = await opens(office, "/otl issue")

    sent = await office.slack.submit(
        form,
        {
            MENU: "onboarding-call",
            issue_form.CONTACT: "a@example.com b@example.com",
            issue_form.DEADLINE: "soon",
        },
    )

    assert set(sent.errors) == {issue_form.CONTACT, issue_form.DEADLINE}
    assert "several e-mail addresses" in sent.errors[issue_form.CONTACT]
    assert "`" not in sent.errors[issue_form.DEADLINE]
    assert office.slack.modal(SAM) is form
    assert (await all_links(office)).counts == {}


@pytest.mark.parametrize(
    ("chosen", "error"),
    [
        pytest.param("nonsense", "I don't know a calendar “nonsense”.", id="unknown"),
        pytest.param("tax", "Several calendars begin with “tax”", id="ambiguous"),
        pytest.param("tax-return", "Tax Return (tax-return) is deactivated", id="deactivated"),
    ],
)
async def test_a_calendar_that_cannot_be_taken_is_refused_beside_its_field(
    office: Office, chosen: str, error: str
) -> None:
    await given_calendar(office.database, slug="tax-advice")
    await given_calendar(office.database, slug="tax-return")
    await office.database.write(deactivate_calendar, workspace_id=1, slug="tax-return", now=NOW)
    form = await opens(office, "/otl issue for Jane")

    sent = await office.slack.submit(form, {MENU: chosen})

    assert sent.errors[issue_form.CALENDAR].startswith(error)
    assert (await all_links(office)).counts == {}


async def test_issue_with_a_calendar_opens_no_form(office: Office) -> None:
    await given_calendar(office.database)

    card = await office.types(SAM, "/otl issue onboarding")

    assert URL.search(card.text)
    assert office.slack.modal(SAM) is None


async def test_where_slack_does_not_open_the_form_the_words_come(office: Office) -> None:
    await given_calendar(office.database)
    office.slack.fault("views.open", "expired_trigger_id")

    said = await office.types(SAM, "/otl issue for Jane")

    assert in_words(said).startswith("For which calendar?")
    assert "You typed `/otl issue for Jane`" in in_words(said)


async def test_a_slack_that_is_slow_to_open_a_form_costs_no_acknowledgement(
    office: Office,
) -> None:
    office.slack.fault("views.open", Fault.TIMEOUT, seconds=30)

    said = await office.types(SAM, "/otl copy")

    assert in_words(said).startswith("Which link?")


@pytest.mark.parametrize("user", [GUS, EVE])
async def test_guests_and_strangers_are_refused_in_the_form_s_place(
    office: Office, user: str
) -> None:
    await given_calendar(office.database)

    await office.slack.command(user, SALES, "/otl issue")

    refused = await office.slack.until(
        lambda: "input" not in said_in(office.slack.modal(user)) and office.slack.modal(user)
    )
    assert "so I can't do that for you" in said_in(refused)
    again = await office.types(user, "/otl issue")
    assert "so I can't do that for you" in in_words(again)


async def test_a_guest_who_sends_a_form_all_the_same_changes_nothing(office: Office) -> None:
    await given_calendar(office.database)
    form = await opens(office, "/otl issue")
    await office.slack.submit(form, {MENU: "nonsense"})
    sent = office.slack.courier.sent[-1]
    sent.payload["user"]["id"] = GUS
    options = {"selected_option": {"value": "onboarding-call"}}
    sent.payload["view"]["state"]["values"][issue_form.CALENDAR] = {MENU: options}

    answer = await office.slack.repeat(sent)

    assert "Guests can't use OTL" in str(answer.body)
    assert (await all_links(office)).counts == {}


async def test_a_form_that_fails_unexpectedly_says_so_in_its_place(
    office: Office, sqlite_url: str
) -> None:
    await given_calendar(office.database)
    form = await opens(office, "/otl issue")
    with unreadable_calendars(sqlite_url):
        await office.slack.submit(form, {MENU: "onboarding-call"})

    assert "Something went wrong on my side" in said_in(office.slack.modal(SAM))
