"""*Details* on the channel's card: address and note, to whom it concerns, in a private modal."""

import json
from collections.abc import Awaitable, Callable

import pytest

from bot.messages.link_used import DETAILS
from bot.notifications.notifier import Notifier
from otl.practice.faults import Fault
from otl.practice.messages import Message
from scheduling.contacts import Booker, Contact
from tests.bot.conftest import GUS, Office
from tests.bot.deliveries import claim
from tests.given import ANA, KIM, SALES, SAM, given_calendar, given_link, when_booked

NOTE = "We have 40 seats, can we talk about SSO?"


@pytest.fixture
def card(office: Office, notifier: Notifier) -> Callable[..., Awaitable[Message]]:
    """Gives what the channel reads of a booking; by default with Sam, in his own link."""

    async def card(*, issuer: str = SAM, **settings: object) -> Message:
        await given_calendar(office.database, **settings)
        link = await given_link(office.database, issued_by=issuer, contact=Contact("Acme"))
        booker = Booker("Jane Doe", "jane@example.com", NOTE, "Europe/Berlin")
        await when_booked(office.database, link, booker=booker)
        await notifier.deliver(await claim(office.database))
        return office.slack.messages(SALES)[0]

    return card


async def seen(office: Office, user: str, card: Message) -> str:
    """Press *Details*, and return what the modal says in the end."""
    await office.press_only(user, card, DETAILS)

    def filled() -> str:
        modal = office.slack.modal(user)
        said = "" if modal is None else json.dumps(modal.blocks, ensure_ascii=False)
        return "" if "One moment" in said else said

    said: str = await office.slack.until(filled)
    return said


@pytest.mark.parametrize(
    ("reader", "host", "owner"),
    [
        pytest.param(SAM, SAM, KIM, id="host"),
        pytest.param(ANA, SAM, SAM, id="issuer"),
        pytest.param(SAM, KIM, SAM, id="owner"),
        pytest.param(KIM, SAM, SAM, id="admin"),
    ],
)
async def test_whom_it_concerns_reads_address_and_note(
    office: Office,
    card: Callable[..., Awaitable[Message]],
    reader: str,
    host: str,
    owner: str,
) -> None:
    posted = await card(issuer=ANA, hosts=(host,), owner=owner)

    said = await seen(office, reader, posted)

    assert "jane@example.com" in said
    assert NOTE in said
    assert f"with <@{host}>" in said
    assert office.slack.ephemerals(reader) == []


async def test_anybody_else_is_refused_kindly_and_told_whom_to_ask(
    office: Office, card: Callable[..., Awaitable[Message]]
) -> None:
    said = await seen(office, ANA, await card(owner=KIM))

    assert "jane@" not in said
    assert "40 seats" not in said
    assert f"Ask <@{SAM}> or <@{KIM}>." in said


async def test_a_guest_is_refused(office: Office, card: Message) -> None:
    said = await seen(office, GUS, await card())

    assert "Guests can't use OTL" in said
    assert "jane@" not in said


async def test_where_the_modal_did_not_open_it_comes_for_this_person_s_eyes_alone(
    office: Office, card: Callable[..., Awaitable[Message]]
) -> None:
    posted = await card()
    office.slack.fault("views.open", Fault.HTTP_500)

    said = await office.presses(SAM, posted, DETAILS)

    assert said.ephemeral_for == SAM
    assert "jane@example.com" in said.text
