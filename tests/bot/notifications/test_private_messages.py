"""What a host and an issuer are told privately: all of it, once, harmless whatever was typed."""

import json
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.notifications.notifier import Notifier
from otl.practice import PracticeSlack
from otl.practice.faults import Fault
from otl.practice.messages import Message
from scheduling.calendars.types import CalendarType
from scheduling.contacts import NOTES_LENGTH, Booker, Contact
from scheduling.database import Database
from scheduling.events.deliveries import Delivery, Done, PlaceRefused, Receipt, Unsure, Window
from tests.bot.conftest import in_words
from tests.bot.deliveries import claim_due
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

pytestmark = pytest.mark.usefixtures("clock")
NOTE = "We have 40 seats, can we talk about SSO?"


async def private_deliveries(
    database: Database,
    *,
    note: str = NOTE,
    issued_by: str = ANA,
    channel_id: str = SALES,
    contact: Contact | None = None,
    **settings: object,
) -> dict[str, Delivery]:
    """Book with a note; return what the people are told, by who they are."""
    await given_calendar(database, **settings)
    link = await given_link(
        database,
        contact=contact,
        issued_by=issued_by,
        channel_id=channel_id,
        now=NOW - timedelta(days=2),
    )
    booker = Booker("Jane Doe", "jane@example.com", note, "Europe/Berlin")
    await when_booked(database, link, booker=booker)
    due = await claim_due(database)
    return {one.goes_to: one for one in due if one.goes_to != SALES}


def note_of(message: Message) -> str:
    (block,) = [one for one in message.blocks if one["type"] == "rich_text"]
    text: str = block["elements"][0]["elements"][0]["text"]
    return text


async def test_a_host_reads_who_when_what_address_note_link_and_issuer(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    told = await private_deliveries(sqlite_database, contact=Contact("Acme"))

    await notifier.deliver(told[SAM])

    (message,) = slack.messages(SAM)
    start, end = int(MONDAY_NINE.timestamp()), int(MONDAY_NINE.timestamp()) + 1800
    assert message.blocks[0]["text"]["text"] == (
        "*Jane Doe* (Acme) booked Onboarding Call\n"
        f"*<!date^{start}^{{date_short_pretty}} {{time}}|Mon 7 Dec 2026, 09:00 UTC> \u2013 "
        f"<!date^{end}^{{time}}|Mon 7 Dec 2026, 09:30 UTC>*\n"
        "jane@example.com"
    )
    assert note_of(message) == NOTE
    assert f"issued by <@{ANA}>, 2 days ago" in in_words(message)
    for fact in ("Jane Doe (Acme) booked Onboarding Call", "jane@example.com", NOTE, "L-"):
        assert fact in message.text


async def test_the_issuer_who_does_not_host_reads_the_same_and_whose_meeting_it_is(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    told = await private_deliveries(sqlite_database)

    await notifier.deliver(told[ANA])

    (message,) = slack.messages(ANA)
    assert f"* · with <@{SAM}>\njane@example.com" in in_words(message)
    assert note_of(message) == NOTE


@pytest.mark.parametrize(
    ("kind", "hosts", "issuer", "people"),
    [
        pytest.param(CalendarType.EVENT, (SAM,), SAM, {SAM}, id="host-and-issuer-are-one"),
        pytest.param(CalendarType.EVENT, (SAM,), ANA, {SAM, ANA}, id="host-and-issuer"),
        pytest.param(
            CalendarType.COLLECTIVE, (SAM, KIM), ANA, {SAM, KIM, ANA}, id="every-host-of-several"
        ),
        pytest.param(CalendarType.COLLECTIVE, (SAM, KIM), KIM, {SAM, KIM}, id="one-of-them-issued"),
        pytest.param(CalendarType.ROUND_ROBIN, (SAM, KIM), KIM, {KIM}, id="only-who-was-chosen"),
    ],
)
async def test_each_person_is_told_once_whatever_parts_they_have(
    sqlite_database: Database,
    kind: CalendarType,
    hosts: tuple[str, ...],
    issuer: str,
    people: set[str],
) -> None:
    told = await private_deliveries(sqlite_database, type=kind, hosts=hosts, issued_by=issuer)

    assert set(told) == people


@pytest.mark.parametrize("place", ["D0PAIR", ANA])
async def test_a_link_issued_in_a_direct_message_is_told_to_people_alone(
    sqlite_database: Database, place: str
) -> None:
    told = await private_deliveries(sqlite_database, channel_id=place)

    assert set(told) == {SAM, ANA}


@pytest.mark.parametrize(
    "note",
    [
        pytest.param("<!channel> <@U0SAM> *<https://evil.example|free>* `x`", id="signs-of-slack"),
        pytest.param("&" * NOTES_LENGTH, id="nothing-but-what-is-escaped"),
        pytest.param("first\n\nthen :tada: https://evil.example\n• last", id="lines"),
        pytest.param("W" * NOTES_LENGTH, id="the-longest"),
    ],
)
async def test_a_note_arrives_in_full_and_means_nothing_to_slack(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database, note: str
) -> None:
    told = await private_deliveries(sqlite_database, note=note)

    assert isinstance(await notifier.deliver(told[SAM]), Done)

    (message,) = slack.messages(SAM)
    assert note_of(message) == note
    assert "<!channel>" not in message.text
    assert "<https" not in message.text + in_words(message).replace(note, "")
    assert len(message.text) <= 4000


async def test_the_channel_reads_neither_note_nor_address(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    booker = Booker("Jane Doe", "jane@example.com", NOTE, "Europe/Berlin")
    await when_booked(sqlite_database, await given_link(sqlite_database), booker=booker)
    for delivery in await claim_due(sqlite_database):
        await notifier.deliver(delivery)

    (message,) = slack.messages(SALES)
    everything = message.text + json.dumps(message.blocks)
    assert [word for word in ("jane@", "seats") if word in everything] == []


async def test_who_cannot_be_reached_leaves_it_to_the_calendar_s_owner_who_reads_why(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    told = await private_deliveries(sqlite_database, owner=KIM)
    slack.fault("chat.postMessage", "user_disabled")

    refused = await notifier.deliver(told[SAM])
    await notifier.deliver(replace(told[SAM], place=1))

    (message,) = slack.messages(KIM)
    assert refused == PlaceRefused("user_disabled", slack.direct(SAM).id)
    assert f"<@{SAM}> hosts this meeting and could not be reached." in in_words(message)
    assert f"with <@{SAM}>" in in_words(message)


async def test_a_message_that_stands_is_edited_and_no_second_one_posted(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    told = await private_deliveries(sqlite_database)
    there = await notifier.deliver(told[SAM])
    assert isinstance(there, Done)
    stands = replace(told[SAM], receipt=Receipt(there.place, there.id))
    slack.fault("chat.update", Fault.DROP)

    unheard = await notifier.deliver(stands)
    again = await notifier.deliver(stands)

    assert (unheard, again) == (Unsure("ServerDisconnectedError"), there)
    assert len(slack.messages(SAM)) == 1
    assert slack.messages(SAM)[0].metadata is not None


@pytest.mark.parametrize("scope", ["im:write", "im:history"])
async def test_a_scope_that_is_missing_keeps_no_private_message_back(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database, scope: str
) -> None:
    told = await private_deliveries(sqlite_database)
    slack.drop_scope(scope)
    slack.fault("chat.postMessage", Fault.DROP)
    await notifier.deliver(told[SAM])

    outcome = await notifier.deliver(replace(told[SAM], window=Window(NOW, None)))

    assert isinstance(outcome, Done)
    assert len(slack.messages(SAM)) == 1
