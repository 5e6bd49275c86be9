"""Messages that stand already are edited in their place, to show how things are now."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.notifications.notifier import Notifier
from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from scheduling.contacts import Contact
from scheduling.database import Database
from scheduling.erasing import erase_contact
from scheduling.events.deliveries import (
    Delivery,
    Done,
    NotSent,
    Outcome,
    PlaceRefused,
    Receipt,
    TextRefused,
    Unsure,
    Window,
)
from tests.bot.deliveries import a_delivery
from tests.given import MONDAY_NINE, NOW, SALES

pytestmark = pytest.mark.usefixtures("clock")


async def an_edit(database: Database, notifier: Notifier) -> Delivery:
    """Post "Link used" of Jane Doe, erase her, and return what her message's edit is."""
    delivery = await a_delivery(database, contact=Contact("Jane", "jane@example.com"))
    done = await notifier.deliver(delivery)
    assert isinstance(done, Done)
    await database.write(
        erase_contact,
        email="jane@example.com",
        request_id="1",
        now=MONDAY_NINE + timedelta(days=1),
    )
    return replace(delivery, receipt=Receipt(done.place, done.id), version=2)


async def test_the_message_no_longer_names_an_erased_contact(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    edit = await an_edit(sqlite_database, notifier)
    before = slack.messages(SALES)[0].metadata

    outcome = await notifier.deliver(edit)

    (message,) = slack.messages(SALES)
    assert outcome == Done(SALES, message.ts)
    assert "Jane" not in message.text + json.dumps(message.blocks)
    assert message.text.startswith("Link used: a contact booked Onboarding Call\n")
    assert "*a contact* booked" in json.dumps(message.blocks)
    assert message.metadata == before


async def test_without_blocks_the_old_ones_go_too(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    edit = await an_edit(sqlite_database, notifier)

    await notifier.deliver(replace(edit, plain=True))

    (message,) = slack.messages(SALES)
    assert "Jane" not in message.text + json.dumps(message.blocks)


@pytest.mark.parametrize(
    ("fault", "outcome"),
    [
        pytest.param("message_not_found", Done(SALES, "ts"), id="somebody-deleted-it"),
        pytest.param(
            "edit_window_closed", PlaceRefused("edit_window_closed"), id="not-to-be-edited"
        ),
        pytest.param("invalid_blocks", TextRefused("invalid_blocks"), id="its-form"),
        pytest.param(Fault.STORE_THEN_HTTP_500, Unsure("http_500"), id="nobody-knows"),
        pytest.param(Fault.RATE_LIMITED, NotSent("ratelimited", timedelta(seconds=3)), id="later"),
    ],
)
async def test_what_slack_answers_to_an_edit_is_told_as_what_it_means(
    slack: PracticeSlack,
    notifier: Notifier,
    sqlite_database: Database,
    fault: Fault | str,
    outcome: Outcome,
) -> None:
    edit = await an_edit(sqlite_database, notifier)
    slack.fault("chat.update", fault, seconds=3)
    assert edit.receipt is not None
    if isinstance(outcome, Done):
        outcome = replace(outcome, id=edit.receipt.id)

    assert await notifier.deliver(edit) == outcome
    assert len(slack.calls_to("chat.postMessage")) == 1


async def test_one_that_is_found_to_have_arrived_may_show_how_things_were(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    edit = await an_edit(sqlite_database, notifier)
    (message,) = slack.messages(SALES)
    unsure = replace(edit, receipt=None, window=Window(NOW - timedelta(minutes=1), None))

    assert await notifier.deliver(unsure) == Done(SALES, message.ts, is_stale=True)
    assert await notifier.deliver(replace(unsure, version=1)) == Done(SALES, message.ts)
