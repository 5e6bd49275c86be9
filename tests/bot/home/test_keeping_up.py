"""The App Home that is open follows what happens, and costs nothing while nothing does."""

import asyncio
import logging
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, event

from bot.home.homes import PAUSE_SECONDS, POLL_SECONDS
from otl.practice.faults import Fault
from scheduling.contacts import Contact
from scheduling.erasing import erase_contact
from tests.bot.conftest import URL, Office, all_links, in_words
from tests.bot.home.homes import opened, said
from tests.given import ANA, KIM, MONDAY_NINE, NOW, SAM, given_calendar, given_link, when_booked


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
