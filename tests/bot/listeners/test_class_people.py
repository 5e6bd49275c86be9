"""*Everybody* on the message of a large class: all its people, by pages, in a private modal."""

import json
from collections.abc import Awaitable, Callable
from dataclasses import replace

import pytest

from bot.messages.class_booked import EVERYBODY, MOST_SHOWN, PAGE, TURN
from bot.notifications.notifier import Notifier
from otl.practice.messages import Message
from scheduling.calendars.types import CalendarType
from scheduling.contacts import Booker, Contact
from tests.bot.conftest import Office
from tests.bot.deliveries import claim_due
from tests.given import ANA, KIM, SAM, given_calendar, given_link, when_booked

MANY = MOST_SHOWN + 5


@pytest.fixture
def told(office: Office, notifier: Notifier) -> Callable[[str], Awaitable[Message]]:
    """Gives what the host of Sam's class reads: Ana issued the first five links, all have notes."""

    async def told(reader: str) -> Message:
        await given_class(office)
        for delivery in await claim_due(office.database):
            if delivery.card is not None:
                await notifier.deliver(replace(delivery, route=(reader,)))
        return office.slack.messages(reader)[0]

    return told


async def given_class(office: Office) -> None:
    await given_calendar(office.database, type=CalendarType.CLASS, seats=60)
    for number in range(MANY):
        link = await given_link(
            office.database,
            contact=Contact("Acme", f"c{number:02}@acme.com"),
            issued_by=ANA if number < 5 else SAM,
        )
        booker = Booker(
            f"Contact {number:02}",
            f"c{number:02}@example.com",
            f"Note {number}",
            "UTC",
            guests=("ben@example.com",),
        )
        await when_booked(office.database, link, booker=booker)


def shown(office: Office, user: str) -> str:
    modal = office.slack.modal(user)
    said = "" if modal is None else json.dumps(modal.blocks, ensure_ascii=False)
    return "" if "One moment" in said else said


def people(said: str) -> list[int]:
    """Return who is listed; the headline names whoever booked last in any case."""
    return [number for number in range(MANY) if f'"text": "Contact {number:02}"' in said]


async def test_the_host_reads_who_booked_last_and_the_rest_by_a_press(
    office: Office, told: Callable[[str], Awaitable[Message]]
) -> None:
    message = await told(SAM)
    in_the_message = people(json.dumps(message.blocks))
    await office.press_only(SAM, message, EVERYBODY)
    first = await office.slack.until(lambda: shown(office, SAM))
    modal = office.slack.modal(SAM)
    assert modal is not None

    await office.slack.press_in_view(modal, TURN[1])
    second = await office.slack.until(lambda: f"{PAGE + 1} to" in (s := shown(office, SAM)) and s)

    assert in_the_message == list(range(MANY - MOST_SHOWN, MANY))
    assert "and 5 who booked before them" in json.dumps(message.blocks)
    assert people(first) == list(range(MANY - PAGE, MANY))
    assert people(second) == list(range(MANY - 2 * PAGE, MANY - PAGE))
    assert "Note 44" in first
    assert "with 1 guest" in first
    assert "c44@example.com" in first


@pytest.mark.parametrize(
    ("reader", "reads"),
    [
        pytest.param(KIM, set(range(5)), id="admin"),
        pytest.param(ANA, set(range(5)), id="issuer-of-these"),
    ],
)
async def test_address_and_note_are_shown_to_whom_they_concern(
    office: Office, told: Callable[[str], Awaitable[Message]], reader: str, reads: set[int]
) -> None:
    await office.press_only(reader, await told(reader), EVERYBODY)
    await office.slack.until(lambda: shown(office, reader))
    for _ in range(2):
        modal = office.slack.modal(reader)
        assert modal is not None
        before = shown(office, reader)
        await office.slack.press_in_view(modal, TURN[1])
        last = await office.slack.until(
            lambda was=before: (s := shown(office, reader)) != was and s
        )

    assert people(last) == list(range(5))
    assert {number for number in range(5) if f"c{number:02}@" in last} == reads
    is_admin = reader == KIM
    assert ("Addresses and notes are for the host" in before) == (not is_admin)
    assert ("Note 20" in before) == is_admin
    assert ("with 1 guest" in before) == is_admin
    assert ("c20@acme.com" in before) == is_admin
