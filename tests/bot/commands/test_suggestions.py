"""What was almost right is a press away, and nothing typed is lost on the way."""

import re
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.commands.registry import parse_command
from bot.commands.suggestions import form_line, suggestions
from bot.errors import LinkUnreadable, Misunderstanding, UnknownVerb
from bot.grammar.issue import IssueLink
from bot.messages.notes import OPEN_ISSUE_FORM, RUN_LINES, note
from otl.practice.messages import Message
from scheduling.contacts import Contact
from scheduling.errors import AmbiguousCalendar, UnknownCalendar
from scheduling.links.status import LinkStatus
from tests.bot.checker import assert_slack_takes_it
from tests.bot.conftest import URL, Office, all_links, in_words
from tests.bot.values import names, slugs
from tests.given import ANA, NOW, SAM, given_calendar, given_link

FIRST = RUN_LINES[0]


def buttons(message: Message) -> list[str]:
    elements: list[Any] = [one for block in message.blocks for one in block.get("elements", ())]
    return [one["text"]["text"] for one in elements if one["type"] == "button"]


async def test_the_near_calendar_is_a_button_that_keeps_contact_and_deadline(
    office: Office,
) -> None:
    await given_calendar(office.database)
    said = await office.types(
        SAM, '/otl issue onbording-cal for "R&D expires" jane@example.com expires 7d'
    )

    card = await office.changes(SAM, said, FIRST)

    (link,) = (await all_links(office)).links
    assert URL.search(card.text)
    assert link.contact == Contact("R&D expires", "jane@example.com")
    assert link.expires_at == NOW + timedelta(days=7)


async def test_candidates_are_buttons_with_their_names(office: Office) -> None:
    await given_calendar(office.database, slug="tax-advice")
    await given_calendar(office.database, slug="tax-return")
    said = await office.types(SAM, "/otl issue tax for Jane")

    card = await office.changes(SAM, said, RUN_LINES[1])

    (link,) = (await all_links(office)).links
    assert card.text.startswith("One-time link for Jane\nTax Return")
    assert (link.calendar.slug, link.contact) == ("tax-return", Contact("Jane"))


async def test_candidates_of_a_status_keep_the_filter(office: Office) -> None:
    await given_calendar(office.database, slug="tax-advice")
    await given_calendar(office.database, slug="tax-return")
    said = await office.types(SAM, "/otl status tax used")
    assert buttons(said) == ["Tax Advice", "Tax Return"]

    shown = await office.changes(SAM, said, FIRST)

    assert shown.text.startswith("Links for Tax Advice: none yet")


async def test_the_near_verb_is_a_button_that_runs_the_rest(office: Office) -> None:
    await given_calendar(office.database)
    said = await office.types(SAM, "/otl isue onboarding for Jane")

    card = await office.changes(SAM, said, FIRST)

    assert card.text.startswith("One-time link for Jane\n")
    assert (await all_links(office)).counts == {LinkStatus.ACTIVE: 1}


async def test_a_near_verb_that_ends_a_link_asks_first(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)

    said = await office.types(SAM, f"/otl revoke {link.details.public_id}")

    (button,) = said.blocks[-1]["elements"]
    assert button["text"]["text"] == "/otl delete"
    assert "never works again" in button["confirm"]["text"]["text"]
    assert (await all_links(office)).counts == {LinkStatus.ACTIVE: 1}


async def test_a_suggestion_pressed_by_the_wrong_person_changes_nothing(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)
    said = await office.types(ANA, f"/otl revoke {link.details.public_id}")

    answer = await office.presses(ANA, said, FIRST)

    assert f"was issued by <@{SAM}>, so I left it as it is" in in_words(answer)
    assert (await all_links(office)).counts == {LinkStatus.ACTIVE: 1}


async def test_the_address_of_a_link_that_is_typed_gets_into_no_button(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)

    said = await office.types(SAM, f"/otl stauts https://book.example.com/otl/{link.token}")

    assert buttons(said) == []


def test_a_line_that_slack_cannot_keep_gets_no_button() -> None:
    text = "isue onboarding for " + "x" * 1990

    assert suggestions(UnknownVerb("isue", "issue"), text) == ()


@pytest.mark.parametrize(
    ("line", "offered"),
    [
        pytest.param("issue demo for Jane expires soon", True, id="an-unreadable-deadline"),
        pytest.param("issue demo for Jane expires 3000d", True, id="too-long-a-deadline"),
        pytest.param("issue demo for a@example.com b@example.com", True, id="two-addresses"),
        pytest.param("delete nonsense", False, id="not-a-link"),
    ],
)
def test_a_form_is_offered_where_it_helps(line: str, *, offered: bool) -> None:
    with pytest.raises(Misunderstanding) as refused:
        parse_command(line)

    assert form_line(refused.value, line) == (line if offered else "")


def test_a_link_that_cannot_be_read_can_be_chosen() -> None:
    (one,) = suggestions(LinkUnreadable("delete", "x"), "delete x")

    message = note("Which?", suggested=[one])
    (button,) = message.block_json()[-1]["elements"]
    assert button["value"] == "delete"
    assert "confirm" not in button


typed_contacts = st.text(
    st.characters(blacklist_characters="\u201c\u201d\u201e\u201f«»\uff02"), max_size=60
).map(lambda text: text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;"))


@settings(max_examples=300, deadline=None)
@given(typed_contacts, slugs, st.sampled_from(["", " expires 7d"]))
def test_another_calendar_changes_nothing_else_in_a_line(
    contact: str, slug: str, deadline: str
) -> None:
    line = f"issue onbording for {contact}{deadline}"
    try:
        meant = parse_command(line).value
    except Misunderstanding:
        return
    (corrected,) = suggestions(UnknownCalendar("onbording", [(slug, slug)]), line)

    assert isinstance(meant, IssueLink)
    assert parse_command(corrected.line).value == IssueLink(slug, meant.contact, meant.deadline)


@settings(max_examples=100, deadline=None)
@given(st.text(max_size=400), st.lists(st.tuples(slugs, names), max_size=8).map(tuple))
def test_whatever_is_suggested_is_a_message_that_slack_takes(
    rest: str, pairs: tuple[tuple[str, str], ...]
) -> None:
    line = f"issue {rest}"
    for error in (UnknownCalendar(rest, pairs), AmbiguousCalendar(rest, pairs)):
        found = suggestions(error, line)
        message = note("Which?", typed=rest, suggested=found, form_line=form_line(error, line))
        assert_slack_takes_it(message)
        assert len(found) <= 5
        assert all(re.match(r'issue "', one.line) for one in found)


async def test_wrong_input_opens_the_form_with_everything_that_was_typed(office: Office) -> None:
    await given_calendar(office.database)
    said = await office.types(SAM, "/otl issue onboarding for R&D expires soonish")

    await office.press_only(SAM, said, OPEN_ISSUE_FORM)

    form = office.slack.modal(SAM)
    assert form is not None
    calendar, contact, deadline = (block["element"] for block in form.blocks)
    assert calendar["initial_option"]["value"] == "onboarding"
    assert contact["initial_value"] == "R&D"
    assert deadline["initial_value"] == "soonish"
