"""Where the app talks to somebody is asked of Slack once, and kept."""

import asyncio
from dataclasses import replace

import pytest

from bot.notifications.notifier import Notifier
from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from scheduling.conversations import (
    direct_conversation,
    forget_direct_conversation,
    keep_direct_conversation,
)
from scheduling.database import Database
from scheduling.events.deliveries import Delivery, Done, NotSent, PlaceRefused, Window
from tests.bot.deliveries import claim_due
from tests.given import ANA, NOW, SAM, given_calendar, given_link, given_workspace, when_booked

pytestmark = pytest.mark.usefixtures("clock")
OPEN = "conversations.open"


async def to_sam(database: Database) -> Delivery:
    await given_calendar(database)
    await when_booked(database, await given_link(database, issued_by=ANA))
    (delivery,) = [one for one in await claim_due(database) if one.goes_to == SAM]
    return delivery


def opened(slack: PracticeSlack) -> int:
    return sum(call.method == OPEN for call in slack.calls)


async def test_a_person_s_conversation_is_opened_once(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await to_sam(sqlite_database)

    for number in range(3):
        await notifier.deliver(replace(delivery, notification_id=f"{number}"))

    assert opened(slack) == 1
    assert len(slack.messages(SAM)) == 3
    kept = await sqlite_database.read(direct_conversation, user_id=SAM)
    assert kept == slack.direct(SAM).id


async def test_an_unsure_message_is_found_though_the_app_may_open_nothing_any_more(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await to_sam(sqlite_database)
    await notifier.deliver(replace(delivery, notification_id="earlier"))
    slack.drop_scope("im:write")
    slack.fault("chat.postMessage", Fault.DROP)
    await notifier.deliver(delivery)

    outcome = await notifier.deliver(replace(delivery, window=Window(NOW, None)))

    assert isinstance(outcome, Done)
    assert len(slack.messages(SAM)) == 2


async def test_what_may_not_be_opened_is_learnt_from_the_first_message(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await to_sam(sqlite_database)
    slack.drop_scope("im:write")

    done = await notifier.deliver(delivery)

    assert isinstance(done, Done)
    assert await sqlite_database.read(direct_conversation, user_id=SAM) == done.place


async def test_a_conversation_that_is_gone_is_asked_for_anew(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await to_sam(sqlite_database)
    await sqlite_database.write(keep_direct_conversation, user_id=SAM, conversation="D0GONE")

    first = await notifier.deliver(delivery)
    again = await notifier.deliver(delivery)

    assert first == NotSent("channel_not_found")
    assert isinstance(again, Done)
    assert len(slack.messages(SAM)) == 1


async def test_who_is_gone_themselves_is_refused_as_before(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await to_sam(sqlite_database)
    await notifier.deliver(replace(delivery, notification_id="earlier"))
    slack.fault("chat.postMessage", "user_disabled")

    assert isinstance(await notifier.deliver(delivery), PlaceRefused)


async def test_of_many_who_keep_it_at_once_none_fails(database: Database) -> None:
    await given_workspace(database)

    await asyncio.gather(
        *(
            database.write(keep_direct_conversation, user_id=SAM, conversation=f"D{number}")
            for number in range(20)
        )
    )

    assert await database.read(direct_conversation, user_id=SAM) in {f"D{n}" for n in range(20)}
    await database.write(forget_direct_conversation, user_id=SAM)
    assert await database.read(direct_conversation, user_id=SAM) is None
