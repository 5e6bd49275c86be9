"""*Send confirmation again* and *Show the text to send*, pressed by whom it concerns and others."""

import json
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest

from bot.messages.mail import SEND_AGAIN, SHOW_TEXT
from bot.notifications.notifier import Notifier
from otl.practice.messages import Message
from scheduling.bookings.send_again import MOST_LATELY, send_again
from scheduling.errors import BookingIsPrivate
from scheduling.events.deliveries import Done, Outcome, Refused
from scheduling.events.queue import Terms, claim
from scheduling.events.settling import settle
from scheduling.links.permissions import Actor
from scheduling.workspaces import set_mail_sender
from tests.bot.conftest import Office, in_words
from tests.bot.deliveries import claim_due
from tests.given import ANA, KIM, NOW, SAM, given_calendar, given_link, when_booked
from tests.stored import count, rows

MINUTE = timedelta(minutes=1)
FROM = "meetings@acme.com"
JANE = "jane@example.com"
IN_MAIL = "destination = 'mail' AND recipient = 'contact'"
SENT = Done("mail", "1")
TIMES: dict[str, Any] = {"began_at": NOW, "ended_at": NOW, "now": NOW, "quarantine": MINUTE}
Tell = Callable[..., Awaitable[Message]]


@pytest.fixture
def tell(office: Office, notifier: Notifier) -> Tell:
    """Books a link for Sam's calendar, and gives what somebody reads of it privately."""

    async def tell(
        reader: str,
        *,
        mail: str | None = FROM,
        outcome: Outcome = SENT,
        issuer: str = ANA,
        owner: str = SAM,
    ) -> Message:
        await given_calendar(office.database, owner=owner)
        await office.database.write(set_mail_sender, workspace_id=1, address=mail)
        await when_booked(office.database, await given_link(office.database, issued_by=issuer))
        await settled(office, outcome)
        while waiting := await claim_due(office.database):
            for one in waiting:
                done = await notifier.deliver(one)
                await office.database.write(settle, one, done, **TIMES)
        return office.slack.messages(office.slack.direct(reader).id)[-1]

    return tell


async def settled(office: Office, outcome: Outcome) -> None:
    """Have all mails that wait end so."""
    terms = Terms({"mail": NOW}, busy_lanes=(), held=(), limit=9)
    for one in await office.database.write(claim, terms, now=NOW, lease=MINUTE):
        await office.database.write(settle, one, outcome, **TIMES)


@pytest.mark.parametrize("reader", [SAM, ANA], ids=["host", "issuer"])
async def test_host_and_issuer_have_the_confirmation_sent_again(
    office: Office, tell: Tell, clock: Any, reader: str
) -> None:
    message = await tell(reader)
    clock.tick(2 * MINUTE)

    said = await office.presses(reader, message, SEND_AGAIN)

    assert said.text == f"The confirmation goes to {JANE} once more."
    assert await office.database.read(count, "delivery", f"{IN_MAIL} AND state = 'ready'") == 1
    assert await office.database.read(count, "delivery", IN_MAIL) == 2  # each has its own id
    assert await office.database.read(
        rows, "SELECT actor FROM event WHERE kind = 'booking.mail_asked'"
    ) == [(reader,)]


async def test_pressed_twice_it_is_sent_once(office: Office, tell: Tell, clock: Any) -> None:
    message = await tell(ANA)
    clock.tick(2 * MINUTE)

    await office.presses(ANA, message, SEND_AGAIN)
    second = await office.presses(ANA, message, SEND_AGAIN)

    assert "on its way to jane@example.com already" in second.text
    assert await office.database.read(count, "delivery", IN_MAIL) == 2


async def test_what_has_just_left_is_not_sent_again(office: Office, tell: Tell) -> None:
    message = await tell(ANA)

    said = await office.presses(ANA, message, SEND_AGAIN)

    assert "on its way to jane@example.com already" in said.text
    assert await office.database.read(count, "delivery", IN_MAIL) == 1


async def test_nobody_s_mailbox_is_filled(office: Office, tell: Tell, clock: Any) -> None:
    message = await tell(ANA)
    for _ in range(MOST_LATELY):
        clock.tick(2 * MINUTE)
        await office.presses(ANA, message, SEND_AGAIN)
        await settled(office, SENT)
    clock.tick(2 * MINUTE)

    said = await office.presses(ANA, message, SEND_AGAIN)

    assert f"{MOST_LATELY} times in one day" in said.text
    assert await office.database.read(count, "delivery", IN_MAIL) == 1 + MOST_LATELY


async def test_nobody_whom_it_does_not_concern_has_mail_sent(office: Office, tell: Tell) -> None:
    await tell(SAM, issuer=SAM)
    link = (await office.database.read(rows, "SELECT public_id FROM one_time_link"))[0][0]
    asked = {"workspace_id": 1, "public_id": link, "now": NOW + 2 * MINUTE}

    with pytest.raises(BookingIsPrivate):
        await office.database.write(send_again, actor=Actor(ANA, is_admin=False), **asked)

    assert await office.database.read(count, "delivery", IN_MAIL) == 1


async def test_without_mail_the_issuer_is_offered_the_text(office: Office, tell: Tell) -> None:
    message = await tell(ANA, mail=None)

    said = await office.presses(ANA, message, SHOW_TEXT)

    assert SEND_AGAIN not in json.dumps(message.blocks)
    assert said.ephemeral_for == ANA
    words = in_words(said)
    for part in ("Hi Jane Doe,", "Onboarding Call with Sam Rivera", "Mon 7 Dec", "(Berlin)"):
        assert part in words
    assert "/booking/" in words


async def test_the_host_who_did_not_issue_the_link_is_not_offered_the_text(
    office: Office, tell: Tell
) -> None:
    message = await tell(SAM, mail=None)

    assert SHOW_TEXT not in json.dumps(message.blocks)


async def test_mail_that_was_switched_off_since_is_said_with_a_way_out(
    office: Office, tell: Tell, clock: Any
) -> None:
    message = await tell(ANA)
    await office.database.write(set_mail_sender, workspace_id=1, address=None)
    clock.tick(2 * MINUTE)

    said = await office.presses(ANA, message, SEND_AGAIN)

    assert "OTL sends no mail here" in said.text
    assert SHOW_TEXT in json.dumps(said.blocks)


async def test_an_address_that_takes_no_mail_is_told_to_the_issuer_with_the_text(
    office: Office, tell: Tell
) -> None:
    message = await tell(ANA, outcome=Refused("550 5.1.1"))
    shown = await office.presses(ANA, message, SHOW_TEXT)

    assert message.text.startswith(f"No mail reaches {JANE}: the address may be wrong")
    assert "/booking/" not in message.text + json.dumps(message.blocks)
    assert "/booking/" in in_words(shown)


async def test_the_text_is_for_its_issuer_alone(office: Office, tell: Tell) -> None:
    in_anas = office.slack.direct(ANA).id
    office.slack.fault(
        "chat.postMessage",
        "user_not_found",
        times=None,
        where=lambda fields: fields["channel"] == in_anas,
    )
    message = await tell(KIM, outcome=Refused("550 5.1.1"), owner=KIM)

    said = await office.presses(KIM, message, SHOW_TEXT)

    assert message.text.startswith(f"No mail reaches {JANE}")
    assert "/booking/" not in said.text + json.dumps(said.blocks)
    assert f"Only <@{ANA}> sees this text" in said.text


async def test_where_mail_reaches_the_contact_their_page_is_theirs_alone(
    office: Office, tell: Tell, clock: Any
) -> None:
    message = await tell(ANA, outcome=Refused("550 5.1.1"))
    await office.presses(ANA, message, SEND_AGAIN)
    await settled(office, SENT)

    said = await office.presses(ANA, message, SHOW_TEXT)

    assert "/booking/" not in said.text + json.dumps(said.blocks)
    assert f"A confirmation was sent to {JANE}" in said.text
