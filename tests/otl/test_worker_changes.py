"""Moved and cancelled meetings reach everybody in Slack: one card, replies in its thread, once."""

import asyncio
from datetime import UTC, datetime

import pytest

from bot.slack_client import SlackClient
from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from otl.practice.messages import Message
from scheduling.bookings.book import Booked
from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from tests.given import ANA, KIM, SALES, SAM, a_booker, given_calendar, given_link, when_booked
from tests.otl.due import STUCK_SECONDS, start
from tests.otl.working import POST, delivering, in_channel
from tests.scheduling.bookings.changes import details, when_cancelled, when_moved
from tests.stored import count


async def given_booked(
    database: Database, *, number: int = 0, issued_by: str = ANA, channel_id: str = SALES
) -> Booked:
    """A meeting of Sam's calendar by the real clock, a link of Ana's used up."""
    now = datetime.now(UTC)
    link = await given_link(database, issued_by=issued_by, channel_id=channel_id, now=now)
    booker = a_booker(name="Jane Doe")
    return await when_booked(database, link, start=start(number), booker=booker, now=now)


async def all_told(database: Database) -> None:
    """Wait until nobody is left to be told."""
    async with asyncio.timeout(STUCK_SECONDS):
        while await database.read(count, "delivery", "closed_at IS NULL"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def until_reads(slack: PracticeSlack, person: str, words: str) -> None:
    """Wait until the last message to a person says so."""
    async with asyncio.timeout(STUCK_SECONDS):
        while words not in slack.messages(person)[-1].text:  # noqa: ASYNC110
            await asyncio.sleep(0.01)


async def moved(database: Database, booked: Booked, number: int, reason: str = "") -> None:
    seen = await details(database, booked)
    await when_moved(database, seen, to=start(number), reason=reason, now=datetime.now(UTC))


async def cancelled(database: Database, booked: Booked, reason: str = "") -> None:
    seen = await details(database, booked)
    await when_cancelled(database, seen, reason=reason, now=datetime.now(UTC))


def card_and_replies(slack: PracticeSlack) -> tuple[Message, list[Message]]:
    card, *replies = slack.messages(SALES)
    assert all(reply.thread_ts == card.ts for reply in replies)
    return card, replies


def says(message: Message, at: datetime) -> bool:
    return f"<!date^{int(at.timestamp())}^" in message.text


async def test_a_move_edits_the_card_and_is_one_reply_in_its_thread(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(database, now=datetime.now(UTC))
    async with delivering(database, client):
        booked = await given_booked(database)
        await all_told(database)

        await moved(database, booked, 3, reason="The train is late")
        await all_told(database)

    card, (reply,) = card_and_replies(slack)
    assert card.text.startswith("Link used")
    assert says(card, start(3))
    assert not says(card, start(0))
    assert reply.text.startswith("Jane Doe moved it from ")
    assert says(reply, start(0))
    assert says(reply, start(3))
    assert "train" not in card.text + reply.text
    for person in (SAM, ANA):
        first, second = slack.messages(person)
        assert says(first, start(3))
        assert not says(first, start(0))
        assert second.text.startswith("Jane Doe moved Onboarding Call")
        assert "The train is late" in second.text


async def test_a_cancellation_stands_on_the_card_and_in_its_thread(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(database, now=datetime.now(UTC))
    async with delivering(database, client):
        booked = await given_booked(database)
        await all_told(database)

        await cancelled(database, booked, reason="We chose somebody else")
        await all_told(database)

    card, (reply,) = card_and_replies(slack)
    assert card.text.startswith("Link used")
    assert "Cancelled by Jane Doe" in card.text
    assert reply.text.startswith("Jane Doe cancelled it.")
    assert "somebody else" not in card.text + reply.text
    first, second = slack.messages(SAM)
    assert "Cancelled by Jane Doe" in first.text
    assert "action_id" not in str(first.blocks)  # no press is left that leads nowhere
    assert second.text.startswith("Jane Doe cancelled Onboarding Call")
    assert "We chose somebody else" in second.text


async def test_what_is_cancelled_before_anybody_heard_of_it_is_told_to_nobody(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(database, now=datetime.now(UTC))
    booked = await given_booked(database)
    await moved(database, booked, 1)
    await cancelled(database, booked)

    async with delivering(database, client):
        await given_booked(database, number=5)
        await all_told(database)

    (card,) = slack.messages(SALES)
    assert says(card, start(5))


async def test_what_is_moved_before_anybody_heard_of_it_is_told_once_as_it_is(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(database, now=datetime.now(UTC))
    booked = await given_booked(database)
    await moved(database, booked, 1)
    await moved(database, booked, 2)

    async with delivering(database, client):
        await all_told(database)

    (card,) = slack.messages(SALES)
    (message,) = slack.messages(SAM)
    assert says(card, start(2))
    assert says(message, start(2))


async def test_a_host_who_is_replaced_reads_that_it_is_no_longer_theirs(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    now = datetime.now(UTC)
    await given_calendar(database, now=now, type=CalendarType.ROUND_ROBIN, hosts=(SAM, KIM))
    async with delivering(database, client):
        booked = await given_booked(database)
        (host,) = (await details(database, booked)).hosts
        await given_calendar(database, now=now, slug="own", hosts=(host.slack_user_id,))
        own = await given_link(
            database, calendar="own", issued_by=host.slack_user_id, channel_id="C0SIDE01", now=now
        )
        await when_booked(database, own, start=start(3), now=now)
        await all_told(database)
        other = SAM if host.slack_user_id == KIM else KIM

        await moved(database, booked, 3)
        await all_told(database)

    *_, last = slack.messages(host.slack_user_id)
    assert "no longer yours" in last.text
    assert f"<@{other}>" in last.text
    (only,) = slack.messages(other)
    assert "it is yours now" in only.text
    assert "jane@example.com" in only.text


async def test_a_host_who_is_replaced_before_they_heard_of_it_hears_nothing(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    now = datetime.now(UTC)
    await given_calendar(database, now=now, type=CalendarType.ROUND_ROBIN, hosts=(SAM, KIM))
    booked = await given_booked(database)
    (host,) = (await details(database, booked)).hosts
    await given_calendar(database, now=now, slug="own", hosts=(host.slack_user_id,))
    own = await given_link(
        database, calendar="own", issued_by=host.slack_user_id, channel_id="C0SIDE01", now=now
    )
    await when_booked(database, own, start=start(3), booker=a_booker("Joe"), now=now)
    await moved(database, booked, 3)

    async with delivering(database, client):
        await all_told(database)

    assert not [one for one in slack.messages(host.slack_user_id) if "Jane Doe" in one.text]
    other = SAM if host.slack_user_id == KIM else KIM
    for person in (other, ANA):  # who issued the link is told once too
        assert len([one for one in slack.messages(person) if "Jane Doe" in one.text]) == 1


async def test_the_host_of_a_class_reads_that_nobody_is_left(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    now = datetime.now(UTC)
    await given_calendar(database, now=now, type=CalendarType.CLASS, seats=3, hosts=(KIM,))
    async with delivering(database, client):
        jane, joe = [await given_booked(database, number=0) for _ in range(2)]
        await all_told(database)

        await cancelled(database, jane)
        await cancelled(database, joe)
        await until_reads(slack, KIM, "Jane Doe cancelled Onboarding Call")

    assert len(slack.messages(KIM)) == 2


@pytest.mark.parametrize("fault", [Fault.STORE_THEN_TIMEOUT, Fault.STORE_THEN_DROP, Fault.HTTP_503])
async def test_a_reply_whose_answer_was_lost_is_not_posted_twice(
    database: Database, slack: PracticeSlack, hasty_client: SlackClient, fault: Fault
) -> None:
    await given_calendar(database, now=datetime.now(UTC))
    async with delivering(database, hasty_client):
        booked = await given_booked(database)
        await all_told(database)
        slack.fault(POST, fault, where=in_channel(SALES), seconds=60)

        await moved(database, booked, 3)
        await all_told(database)

    _, replies = card_and_replies(slack)
    assert len(replies) == 1


async def test_what_becomes_of_a_card_in_an_archived_channel_is_told_to_its_issuer(
    database: Database, slack: PracticeSlack, client: SlackClient
) -> None:
    await given_calendar(database, now=datetime.now(UTC))
    async with delivering(database, client):
        booked = await given_booked(database)
        await all_told(database)
        slack.workspace.channels[SALES].archived = True

        await cancelled(database, booked)
        await until_reads(slack, ANA, "could not be reached: it is archived")

    *_, last = slack.messages(ANA)
    assert "Jane Doe cancelled Onboarding Call" in last.text
