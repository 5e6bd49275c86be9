"""The App Home: a person's links with their addresses, kept as they are without being asked."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import Engine, event

from bot.home.homes import PAUSE_SECONDS, POLL_SECONDS
from bot.messages import link_card
from bot.messages.home import TURN_ACTIVE, TURN_USED, HomePage, as_home, my_links
from bot.messages.link_used import SHOW_STATUS
from bot.messages.next_steps import arrival, first_steps
from bot.messages.notes import OPEN_ISSUE_FORM
from bot.messages.status_report import SHOW_ALL
from otl.practice.faults import Fault
from scheduling.contacts import Contact
from scheduling.erasing import erase_contact
from scheduling.links.details import LinkDetails
from scheduling.links.report import StatusReport
from scheduling.links.status import LinkStatus
from tests.bot.checker import assert_slack_takes_it, assert_slack_takes_view
from tests.bot.conftest import EVE, GUS, URL, Office, all_links, in_words, unreadable_calendars
from tests.bot.values import URL as AN_ADDRESS
from tests.bot.values import links
from tests.given import (
    ANA,
    KIM,
    MONDAY_NINE,
    NOW,
    SALES,
    SAM,
    given_calendar,
    given_link,
    when_booked,
)


async def opened(office: Office, user: str = SAM) -> str:
    """Open the App Home and return what it says."""
    answer = await office.slack.open_home(user)
    assert answer.ok, answer
    await office.slack.until(lambda: office.slack.home(user))
    return said(office, user)


def said(office: Office, user: str = SAM) -> str:
    home = office.slack.home(user)
    return "" if home is None else str(home.blocks)


async def pressed(office: Office, action_id: str, *, block: int = 0) -> None:
    home = office.slack.home(SAM)
    assert home is not None
    holding = [
        one for one in home.blocks if action_id in str([e.get("action_id") for e in _elements(one)])
    ]
    answer = await office.slack.press_in_view(home, action_id, block_id=holding[block]["block_id"])
    assert answer.ok, answer


def _elements(block: Any) -> list[Any]:
    return [*block.get("elements", ()), *([block["accessory"]] if "accessory" in block else [])]


async def test_a_home_that_fails_unexpectedly_says_so(
    office: Office, sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    await given_calendar(office.database)
    await given_link(office.database)
    with unreadable_calendars(sqlite_url):
        text = await opened(office)

    assert "Something went wrong on my side" in text
    assert "unexpected error, reference" in caplog.text


async def test_a_newcomer_s_home_teaches_the_first_step(office: Office) -> None:
    await given_calendar(office.database)

    await opened(office)

    home = office.slack.home(SAM)
    assert home is not None
    words, actions = home.blocks
    assert len(words["text"]["text"].splitlines()) == 3
    assert [one["action_id"] for one in actions["elements"]] == [OPEN_ISSUE_FORM]


async def test_it_shows_active_links_with_addresses_and_used_ones_with_their_booking(
    office: Office,
) -> None:
    await given_calendar(office.database)
    active = await given_link(office.database, contact=Contact("Jane"))
    used = await given_link(office.database, contact=Contact("Joe"))
    hers = await given_link(office.database, contact=Contact("Zoe"), issued_by=ANA)
    await when_booked(office.database, used)

    words = await opened(office)

    assert URL.findall(words) == [active.token]
    assert "My links: 1 active, 1 used" in words
    assert "Booked by Jane Doe: <!date^" in words
    assert used.token not in words
    assert hers.token not in words
    assert "Zoe" not in words


async def test_a_booking_changes_the_home_that_is_open_without_anybody_asking(
    office: Office,
) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database, contact=Contact("Jane"))
    assert link.token in await opened(office)

    await when_booked(office.database, link)

    await office.slack.until(lambda: "Booked by Jane Doe" in said(office))
    assert link.token not in said(office)


async def test_commands_and_other_people_s_commands_change_it_too(office: Office) -> None:
    await given_calendar(office.database)
    await opened(office)

    await office.types(SAM, "/otl issue onboarding for Jane")
    await office.slack.until(lambda: len(URL.findall(said(office))) == 1)
    (first,) = URL.findall(said(office))
    link = (await all_links(office)).links[0]
    await office.types(KIM, f"/otl regenerate {link.public_id}")
    await office.slack.until(lambda: URL.findall(said(office)) not in ([], [first]))
    newest = (await all_links(office)).links[0]
    await office.types(KIM, f"/otl delete {newest.public_id}")

    await office.slack.until(lambda: "My links: 2 deleted" in said(office))
    assert URL.findall(said(office)) == []


async def test_a_deadline_that_passes_changes_it(office: Office, clock: Any) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database, deadline=timedelta(hours=1))
    assert link.token in await opened(office)

    clock.move_to(NOW + timedelta(hours=2))
    await office.types(ANA, "/otl help")

    await office.slack.until(lambda: "My links: 1 expired" in said(office))


async def test_a_renamed_calendar_changes_it(office: Office) -> None:
    await given_calendar(office.database)
    await given_link(office.database)
    assert "Onboarding Call" in await opened(office)

    await given_calendar(office.database, name="First Steps", now=NOW + timedelta(minutes=1))

    await office.slack.until(lambda: "First Steps" in said(office))


async def test_an_erased_contact_is_gone_from_it_and_from_status(office: Office) -> None:
    jane = Contact("Jane", "jane@example.com")
    await given_calendar(office.database)
    await when_booked(office.database, await given_link(office.database, contact=jane))
    await given_link(office.database, contact=jane)
    assert "Booked by Jane Doe" in await opened(office)

    await office.database.write(
        erase_contact,
        email="jane@example.com",
        request_id="1",
        now=MONDAY_NINE + timedelta(days=1),
    )

    await office.slack.until(lambda: "Jane" not in said(office))
    assert "no name" in said(office)
    assert "Booked by a contact: " in said(office)
    status = await office.types(SAM, "/otl status")
    assert "Jane" not in status.text + in_words(status)
    assert in_words(status).count("no name") == 2


async def test_a_quiet_minute_asks_the_database_nothing(office: Office) -> None:
    await given_calendar(office.database)
    for user in (SAM, ANA, KIM):
        await given_link(office.database, issued_by=user)
        await opened(office, user)
    await office.types(SAM, "/otl help")
    await asyncio.sleep(2 * PAUSE_SECONDS)  # until what has been done was looked at
    asked: list[str] = []

    def note(*arguments: Any) -> None:
        asked.append(arguments[2])

    event.listen(Engine, "before_cursor_execute", note)
    for _ in range(int(60 / POLL_SECONDS)):
        office.bot._homes.wake()
        await asyncio.sleep(1.5 * PAUSE_SECONDS)
    event.remove(Engine, "before_cursor_execute", note)

    assert asked == []


async def test_nothing_is_published_while_nothing_changes(office: Office) -> None:
    await given_calendar(office.database)
    await given_link(office.database)
    await opened(office)
    before = len(office.slack.calls_to("views.publish"))

    for _ in range(3):
        await office.types(SAM, "/otl status")
        await given_link(office.database, issued_by=ANA)
    await asyncio.sleep(0.6)

    assert len(office.slack.calls_to("views.publish")) == before


async def test_who_never_opened_their_home_is_not_bothered(office: Office) -> None:
    await given_calendar(office.database)
    await opened(office, ANA)

    await office.types(SAM, "/otl issue onboarding")
    await asyncio.sleep(0.6)

    assert office.slack.home(SAM) is None


@pytest.mark.parametrize("fault", [Fault.HTTP_500, Fault.DROP, "internal_error"])
async def test_a_publication_that_fails_is_made_up_for(office: Office, fault: Fault | str) -> None:
    await given_calendar(office.database)
    await opened(office)
    office.slack.fault("views.publish", fault, times=2)

    await office.types(SAM, "/otl issue onboarding")

    await office.slack.until(lambda: URL.search(said(office)), seconds=30)


async def test_a_slack_that_refuses_homes_is_not_asked_again(
    office: Office, caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.WARNING)
    await given_calendar(office.database)
    office.slack.fault("views.publish", "not_enabled", times=None)

    await office.slack.open_home(SAM)
    await office.slack.until(lambda: "not_enabled" in caplog.text)
    await office.types(SAM, "/otl issue onboarding")
    await asyncio.sleep(0.6)

    assert caplog.text.count("not_enabled") == 1


async def test_its_buttons_answer_in_a_modal_and_the_home_follows(office: Office) -> None:
    await given_calendar(office.database)
    await given_link(office.database, contact=Contact("Jane"))
    await opened(office)

    await pressed(office, link_card.REGENERATE)
    await office.slack.until(lambda: URL.search(str(office.slack.modal(SAM) and _modal(office))))
    fresh = URL.findall(_modal(office))
    await office.slack.until(lambda: URL.findall(said(office)) == fresh[:1])
    await pressed(office, link_card.DELETE)

    await office.slack.until(lambda: "Deleted by" in _modal(office))
    await office.slack.until(lambda: "My links: 2 deleted" in said(office))


def _modal(office: Office) -> str:
    view = office.slack.modal(SAM)
    return "" if view is None else str(view.blocks)


async def test_a_press_on_a_home_that_is_stale_says_what_happened(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)
    await opened(office)
    home = office.slack.home(SAM)
    assert home is not None
    kept = list(home.blocks)
    await when_booked(office.database, link)
    await office.slack.until(lambda: "Booked by" in said(office))
    home.body["blocks"] = kept

    await pressed(office, link_card.DELETE)

    await office.slack.until(lambda: "Meanwhile it was used" in _modal(office))
    assert (await all_links(office)).counts == {LinkStatus.USED: 1}


async def test_a_new_link_from_the_home_is_told_of_in_a_direct_message(office: Office) -> None:
    await given_calendar(office.database)
    await opened(office)
    await pressed(office, OPEN_ISSUE_FORM)
    form = office.slack.modal(SAM)
    assert form is not None

    sent = await office.slack.submit(form, {"choose_calendar": "onboarding-call"})

    (link,) = (await all_links(office)).links
    assert sent.ok
    assert link.channel_id == SAM
    assert "I can't post" not in _modal(office)
    await office.slack.until(lambda: URL.search(said(office)))


async def test_reports_opened_from_the_home_turn_their_pages_in_the_modal(
    office: Office,
) -> None:
    await given_calendar(office.database)
    for _ in range(12):
        await given_link(office.database)
    await opened(office)
    await pressed(office, SHOW_ALL)
    await office.slack.until(lambda: "1 to 10 of 12" in _modal(office))

    modal = office.slack.modal(SAM)
    assert modal is not None
    await office.slack.press_in_view(modal, "report_older")

    await office.slack.until(lambda: "11 to 12 of 12" in _modal(office))


async def test_many_links_are_shown_page_by_page(office: Office) -> None:
    await given_calendar(office.database, duration=timedelta(minutes=5))
    for n in range(12):
        await given_link(office.database, contact=Contact(f"Open {n:02}"))
        used = await given_link(office.database, contact=Contact(f"Used {n:02}"))
        start = NOW.replace(day=7, hour=9) + timedelta(minutes=5 * n)
        await when_booked(office.database, used, start=start)
    await opened(office)
    assert "Open 00" not in said(office)

    await pressed(office, TURN_ACTIVE[1])
    await office.slack.until(lambda: "Open 00" in said(office))
    assert "Used 11" in said(office)
    await pressed(office, TURN_USED[1])
    await office.slack.until(lambda: "Used 00" in said(office))
    assert "Open 00" in said(office)
    await given_link(office.database, contact=Contact("Newest"))
    await office.slack.until(lambda: "13 active" in said(office))

    assert "Open 00" in said(office)
    await pressed(office, TURN_ACTIVE[0])
    await office.slack.until(lambda: "Newest" in said(office))


async def test_the_status_of_a_used_link_is_a_press_away(office: Office) -> None:
    await given_calendar(office.database)
    used = await given_link(office.database)
    await when_booked(office.database, used)
    await opened(office)

    await pressed(office, SHOW_STATUS)

    await office.slack.until(lambda: f"{used.details.public_id}`: Used" in _modal(office))


@pytest.mark.parametrize("user", [GUS, EVE])
async def test_guests_and_strangers_find_a_polite_refusal(office: Office, user: str) -> None:
    await given_calendar(office.database)

    words = await opened(office, user)

    assert "so I can't do that for you" in words


async def test_an_answer_that_slack_does_not_show_is_told_of_without_the_address(
    office: Office,
) -> None:
    await given_calendar(office.database)
    await given_link(office.database)
    await opened(office)
    office.slack.fault("views.open", "expired_trigger_id")

    await pressed(office, link_card.REGENERATE)

    (message,) = await office.slack.until(lambda: office.slack.messages(SAM))
    assert message.text.startswith("I answered you, but Slack did not show it in time.")
    assert URL.search(message.text) is None


async def test_a_channel_is_greeted_once_in_three_lines_and_one_button(office: Office) -> None:
    bot = office.slack.workspace.app.bot_user_id
    joined = {"type": "member_joined_channel", "user": bot, "channel": SALES, "inviter": SAM}
    await office.slack.event(joined)
    await office.slack.until(lambda: office.slack.messages(SALES))

    await office.slack.repeat(office.slack.courier.sent[-1])
    await office.slack.event(joined)
    await office.bot.close()

    (greeting,) = office.slack.messages(SALES)
    words, actions = greeting.blocks
    assert len(words["text"]["text"].splitlines()) == 3
    assert len(actions["elements"]) == 1


async def test_a_person_who_joins_a_channel_is_not_greeted(office: Office) -> None:
    await office.slack.event({"type": "member_joined_channel", "user": ANA, "channel": SALES})

    await office.bot.close()

    assert office.slack.messages(SALES) == ()


async def test_the_greeting_s_button_opens_a_form_for_whoever_presses(office: Office) -> None:
    await given_calendar(office.database)
    bot = office.slack.workspace.app.bot_user_id
    await office.slack.event({"type": "member_joined_channel", "user": bot, "channel": SALES})
    (greeting,) = await office.slack.until(lambda: office.slack.messages(SALES))

    await office.press_only(ANA, greeting, OPEN_ISSUE_FORM)
    form = office.slack.modal(ANA)
    assert form is not None
    await office.slack.submit(form, {"choose_calendar": "onboarding-call"})

    (link,) = (await all_links(office)).links
    assert (link.issued_by, link.channel_id) == (ANA, SALES)


def a_report(shown: list[LinkDetails], only: LinkStatus, skipped: int, more: int) -> StatusReport:
    return StatusReport(SAM, {only: len(shown) + skipped + more}, tuple(shown), more, only, skipped)


counts = st.integers(0, 10**6)


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(
    active=st.lists(links, max_size=10),
    used=st.lists(links, max_size=10),
    skipped=counts,
    more=counts,
    lost=st.booleans(),
)
def test_slack_takes_every_home(
    active: list[LinkDetails], used: list[LinkDetails], skipped: int, more: int, *, lost: bool
) -> None:
    urls = {link.public_id: None if lost else AN_ADDRESS for link in active}

    view = my_links(
        a_report(active, LinkStatus.ACTIVE, skipped, more),
        a_report(used, LinkStatus.USED, skipped, more),
        urls=urls,
        user_id=SAM,
    )

    assert_slack_takes_view(view)


def test_slack_takes_the_first_words() -> None:
    assert_slack_takes_view(as_home(first_steps()))
    assert_slack_takes_it(arrival())


@given(st.text(max_size=40))
def test_a_page_of_any_kind_is_read(value: str) -> None:
    page = HomePage.of_value(value)

    assert page.active >= 0
    assert HomePage.of_value(page.as_value()) == page
