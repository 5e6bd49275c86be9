"""Slack says that a host has left: whoever acts for the calendars reads what to do."""

from datetime import timedelta
from typing import Any

import pytest

from bot.messages.link_used import DETAILS
from bot.notifications.notifier import Notifier
from otl.practice.messages import Message
from scheduling.calendars.types import CalendarType
from scheduling.contacts import Contact
from tests.bot.conftest import Office, in_words
from tests.bot.deliveries import claim_due
from tests.given import ANA, KIM, NOW, SAM, a_booker, given_calendar, given_link, when_booked
from tests.stored import count, rows

MEETING = NOW + timedelta(days=6, hours=1)


async def heard(office: Office, statement: str = "person") -> None:
    """Wait until a delivery to somebody who acts for a calendar is queued."""
    while not await office.database.read(count, "delivery", f"recipient LIKE '{statement}:%'"):
        await office.slack.until(lambda: True)


async def told(office: Office, notifier: Notifier, reader: str) -> Message:
    await heard(office)
    for delivery in await claim_due(office.database):
        if delivery.recipient.startswith("person:"):
            await notifier.deliver(delivery)
    return office.slack.messages(reader)[-1]


async def test_the_owner_reads_what_became_of_it_and_what_to_do(
    office: Office, notifier: Notifier
) -> None:
    await given_calendar(office.database, owner=KIM)
    await given_calendar(
        office.database,
        slug="team-call",
        type=CalendarType.ROUND_ROBIN,
        hosts=(SAM, ANA),
        owner=KIM,
    )
    link = await given_link(office.database, contact=Contact("Acme"))
    await when_booked(office.database, link, start=MEETING, booker=a_booker("Jane Doe"))

    await office.slack.deactivate(SAM)
    message = await told(office, notifier, KIM)

    words = in_words(message)
    for fact in (
        "*Sam Rivera* has left Slack",
        "Onboarding Call (`onboarding-call`) offers no times any more.",
        "Team Call (`team-call`) goes on with the other hosts.",
        "1 meeting of theirs is to come:",
        "Jane Doe (Acme)",
        "run `otl calendars load`",
        "Details",
    ):
        assert fact in words, fact
    assert [one["accessory"]["action_id"] for one in message.blocks if "accessory" in one] == [
        DETAILS
    ]
    assert "jane@" not in words + message.text


async def test_who_is_back_is_offered_again_and_the_owner_reads_it(
    office: Office, notifier: Notifier
) -> None:
    await given_calendar(office.database, owner=KIM)
    await office.slack.deactivate(SAM)
    await told(office, notifier, KIM)
    await office.database.write(all_told)

    await office.slack.deactivate(SAM, is_back=True)
    while await office.database.read(count, "event", "kind = 'host.returned'") == 0:
        await office.slack.until(lambda: True)
    message = await told(office, notifier, KIM)

    assert in_words(message).startswith(
        "*Sam Rivera* is back in Slack\nOnboarding Call (`onboarding-call`) offers times again"
    )


def all_told(session: Any) -> None:
    rows(session, "SELECT 1")
    session.connection().exec_driver_sql(
        "UPDATE delivery SET state = 'done', shown = wanted, closed_at = created_at"
    )


@pytest.mark.parametrize("user", [ANA, KIM])
async def test_other_people_s_profiles_change_nothing(office: Office, user: str) -> None:
    await given_calendar(office.database)

    answer = await office.slack.deactivate(user)

    assert answer.ok
    await office.bot.close()
    assert await office.database.read(count, "event") == 0


async def test_the_list_of_calendars_says_it(office: Office) -> None:
    await given_calendar(office.database)
    await office.slack.deactivate(SAM)
    await heard_event(office)

    answer = await office.types(ANA, "/otl calendars")

    assert "No times: its host has left Slack" in in_words(answer)


async def heard_event(office: Office) -> None:
    while await office.database.read(count, "event", "kind = 'host.left'") == 0:
        await office.slack.until(lambda: True)
