"""Forms: opened where something is missing, filled in with what was typed, done once."""

import asyncio
import contextlib

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.registry import verbs
from bot.grammar.issue import IssueDraft, IssueLink, read_contact, read_deadline
from bot.grammar.status import ShowStatus
from bot.messages import link_card
from bot.messages.notes import OPEN_ISSUE_FORM
from bot.messages.status_report import OPEN_STATUS_FORM
from bot.modals import issue_form, link_form, status_form
from bot.modals.fields import Misfilled
from bot.text import forms as words
from otl.practice.delivery import Kind
from otl.practice.faults import Fault
from otl.practice.views import View
from scheduling.calendars.change import deactivate_calendar
from scheduling.contacts import Contact
from scheduling.links.status import LinkStatus
from tests.bot.checker import assert_slack_takes_view
from tests.bot.conftest import EVE, GUS, URL, Office, all_links, in_words, unreadable_calendars
from tests.bot.values import names, slack_ids, slugs
from tests.given import ANA, KIM, NOW, SALES, SAM, a_booker, given_calendar, given_link, when_booked

MENU = issue_form.CHOOSE_CALENDAR


async def opens(office: Office, line: str, user: str = SAM) -> View:
    """Type a line in which something is missing, and return the form."""
    answer = await office.slack.command(user, SALES, line)
    assert answer.ok, answer
    form: View = await office.slack.until(lambda: office.slack.modal(user))
    return form


def said_in(view: View | None) -> str:
    return "" if view is None else str(view.blocks)


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


async def test_calendars_are_searched_by_words_and_grouped(office: Office) -> None:
    await given_calendar(office.database, slug="tax-advice", group="Finance")
    await given_calendar(office.database, slug="tax-return", group="Finance", active=False)
    await given_calendar(office.database)
    form = await opens(office, "/otl issue")

    everything = await office.slack.suggest(SAM, MENU, "", view=form)
    found = await office.slack.suggest(SAM, MENU, "onb", view=form)
    nothing = await office.slack.suggest(SAM, MENU, "<!channel>\u202e", view=form)

    assert [(group["label"]["text"], len(group["options"])) for group in everything] == [
        ("Finance", 1),
        (words.NO_GROUP, 1),
    ]
    assert [one["value"] for one in found] == ["onboarding-call"]
    assert nothing == []


async def test_of_more_calendars_than_a_menu_holds_the_search_finds_each(office: Office) -> None:
    for number in range(103):
        await given_calendar(office.database, slug=f"calendar-{number:03}")
    form = await opens(office, "/otl issue")

    first = await office.slack.suggest(SAM, MENU, "", view=form)
    last = await office.slack.suggest(SAM, MENU, "102", view=form)

    assert len(first) == 100
    assert [one["value"] for one in last] == ["calendar-102"]


async def test_guests_and_strangers_are_suggested_nothing_and_told_why(office: Office) -> None:
    await given_calendar(office.database)
    form = await opens(office, "/otl issue")

    for user in (GUS, EVE):
        (told,) = await office.slack.suggest(user, MENU, "", view=form)
        assert told["text"]["text"] == words.MENU_IS_FOR_MEMBERS


async def test_a_menu_whose_search_fails_says_so_and_that_is_no_choice(
    office: Office, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await given_calendar(office.database)
    form = await opens(office, "/otl issue")
    with unreadable_calendars(sqlite_url):
        (told,) = await office.slack.suggest(SAM, MENU, "onb", view=form)

    chosen = await office.slack.submit(form, {MENU: told["value"]})

    reference = told["text"]["text"].rpartition(" ")[2]
    assert told["text"]["text"].startswith("Something went wrong on my side.")
    assert f"unexpected error, reference {reference}" in caplog.text
    assert chosen.errors == {issue_form.CALENDAR: words.CHOOSE_ONE}


async def test_a_menu_without_a_database_says_so(office: Office) -> None:
    form = await opens(office, "/otl copy")
    await office.database.close()

    (told,) = await office.slack.suggest(SAM, "choose_link_to_copy", "", view=form)

    assert told["text"]["text"] == words.MENU_HAS_NO_DATABASE


async def test_a_form_that_fails_unexpectedly_says_so_in_its_place(
    office: Office, sqlite_url: str
) -> None:
    await given_calendar(office.database)
    form = await opens(office, "/otl issue")
    with unreadable_calendars(sqlite_url):
        await office.slack.submit(form, {MENU: "onboarding-call"})

    assert "Something went wrong on my side" in said_in(office.slack.modal(SAM))


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


drafts = st.builds(IssueDraft, st.text(max_size=300), st.text(max_size=2100), st.text(max_size=300))
many = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@many
@given(drafts, names, slugs, slack_ids, st.sampled_from(["copy", "regenerate", "delete"]))
def test_slack_takes_every_form_whatever_was_typed(
    draft: IssueDraft, name: str, slug: str, user: str, verb: str
) -> None:
    assert_slack_takes_view(issue_form.issue_form(draft, channel_id="C0SALES"))
    assert_slack_takes_view(issue_form.issue_form(IssueDraft(name, name), channel_id=""))
    asks = verbs()[verb].link_form
    assert asks is not None
    assert_slack_takes_view(link_form.link_form(verbs()[verb], asks, channel_id="C0SALES"))
    shown = ShowStatus(calendar=slug, user=user)
    assert_slack_takes_view(status_form.status_form(shown, channel_id="D0SAM"))


@many
@given(
    st.recursive(
        st.none() | st.text() | st.booleans(),
        lambda part: st.dictionaries(
            st.sampled_from(["calendar", "contact", "deadline", MENU, "selected_option", "value"]),
            part,
        ),
        max_leaves=12,
    )
)
def test_values_of_any_shape_are_read_or_refused(part: object) -> None:
    values = part if isinstance(part, dict) else {}
    with contextlib.suppress(Misfilled):
        assert isinstance(issue_form.read_issue_form(values), IssueLink)


def test_a_contact_s_name_from_a_form_is_clean() -> None:
    values = {
        issue_form.CALENDAR: {MENU: {"selected_option": {"value": "demo"}}},
        issue_form.CONTACT: {issue_form.CONTACT: {"value": "\u202eJane\u0000  <!channel>"}},
    }

    command = issue_form.read_issue_form(values)

    assert command.contact == read_contact("Jane <!channel>")
