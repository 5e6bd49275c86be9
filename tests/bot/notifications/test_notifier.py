"""The notification of a booking: where it goes and what it says."""

import json
from dataclasses import replace

import pytest

from bot.notifications.notifier import Notifier
from otl.practice import PracticeSlack
from scheduling.contacts import Contact
from scheduling.database import Database
from scheduling.events.deliveries import (
    Done,
    PlaceRefused,
    Refusal,
    TextRefused,
)
from scheduling.links.permissions import Actor
from scheduling.links.regenerate import regenerate_link
from tests.bot.conftest import in_words
from tests.bot.deliveries import a_delivery, claim
from tests.given import (
    ANA,
    KEYRING,
    KIM,
    MONDAY_NINE,
    NOW,
    SALES,
    SAM,
    given_calendar,
    given_link,
)

pytestmark = pytest.mark.usefixtures("clock")


async def test_the_channel_reads_who_booked_what_when_and_with_whom(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await a_delivery(sqlite_database, contact=Contact("Jane", "jane@example.com"))

    outcome = await notifier.deliver(delivery)

    (message,) = slack.messages(SALES)
    start, end = int(MONDAY_NINE.timestamp()), int(MONDAY_NINE.timestamp()) + 1800
    assert outcome == Done(SALES, message.ts)
    assert message.blocks[0]["text"]["text"] == (
        "Link used: *Jane Doe* booked Onboarding Call\n"
        f"<!date^{start}^{{date_short_pretty}} {{time}}|Mon 7 Dec 2026, 09:00 UTC> \u2013 "
        f"<!date^{end}^{{time}}|Mon 7 Dec 2026, 09:30 UTC> · with <@{SAM}>"
    )
    assert f"issued by <@{ANA}> for Jane, 2 days ago" in in_words(message)
    assert [one["text"]["text"] for one in message.blocks[2]["elements"]] == [
        "Details",
        "Issue another",
        "Status",
    ]
    assert message.text.startswith("Link used: Jane Doe booked Onboarding Call\n")
    assert "jane@example.com" not in message.text + json.dumps(message.blocks)


async def test_the_message_carries_its_id_and_nothing_else(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await a_delivery(sqlite_database)

    await notifier.deliver(delivery)

    (call,) = slack.calls_to("chat.postMessage")
    assert slack.messages(SALES)[0].metadata == {
        "event_type": "otl_notification",
        "event_payload": {"notification_id": delivery.notification_id},
    }
    assert (call.fields["unfurl_links"], call.fields["unfurl_media"]) == (False, False)
    assert (call.fields["link_names"], call.fields["parse"]) == (False, "none")
    assert call.fields["client_msg_id"] == delivery.notification_id


async def test_a_contact_with_a_hostile_name_calls_nobody(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await a_delivery(sqlite_database, name="<!channel> *<https://evil.example|Jane>*")

    await notifier.deliver(delivery)

    (message,) = slack.messages(SALES)
    assert "&lt;!channel&gt;" in message.text
    assert "<!channel>" not in message.text + json.dumps(message.blocks)
    assert "<https" not in message.text + json.dumps(message.blocks)


async def test_the_calendar_s_own_channel_comes_first(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    slack.add_bot("C0ELSEWHERE")
    delivery = await a_delivery(sqlite_database, notification_channel="C0ELSEWHERE")

    await notifier.deliver(delivery)

    assert len(slack.messages("C0ELSEWHERE")) == 1
    assert slack.messages(SALES) == ()


@pytest.mark.parametrize(
    ("channel", "reason"),
    [("C0OLD", "is_archived"), ("C0ELSEWHERE", "not_in_channel"), ("C0GONE", "channel_not_found")],
)
async def test_a_channel_that_cannot_be_reached_is_refused_as_a_place(
    notifier: Notifier, sqlite_database: Database, channel: str, reason: str
) -> None:
    delivery = await a_delivery(sqlite_database, channel_id=channel)

    assert await notifier.deliver(delivery) == PlaceRefused(reason, channel)


@pytest.mark.parametrize(
    ("place", "reader", "refusal", "words"),
    [
        pytest.param(
            1,
            ANA,
            "is_archived",
            "<#C0OLD> could not be reached: it is archived. So this comes to you.",
            id="the-issuer",
        ),
        pytest.param(
            1,
            ANA,
            "not_in_channel",
            "<#C0OLD> could not be reached: I am not a member. So this comes to you; "
            "`/invite @OTL` there brings the next one back.",
            id="the-issuer-where-an-invitation-helps",
        ),
        pytest.param(
            1,
            ANA,
            "restricted_action",
            "<#C0OLD> could not be reached: only some people may post there. So this comes to you.",
            id="the-issuer-where-an-invitation-does-not-help",
        ),
        pytest.param(
            2, SAM, "user_disabled", "<#C0OLD> could not be reached. So this", id="the-owner"
        ),
    ],
)
async def test_it_then_comes_as_a_direct_message_and_says_why(
    slack: PracticeSlack,
    notifier: Notifier,
    sqlite_database: Database,
    place: int,
    reader: str,
    refusal: str,
    words: str,
) -> None:
    delivery = await a_delivery(sqlite_database, channel_id="C0OLD")

    outcome = await notifier.deliver(
        replace(delivery, place=place, refusal=Refusal(refusal, "C0OLD"))
    )

    (message,) = slack.messages(reader)
    assert outcome == Done(slack.direct(reader).id, message.ts)
    assert words in in_words(message)
    assert message.text.startswith("Link used: Jane Doe booked")


async def test_refused_blocks_are_sent_again_as_plain_text(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    delivery = await a_delivery(sqlite_database)
    slack.fault("chat.postMessage", "invalid_blocks", where=lambda fields: "blocks" in fields)

    first = await notifier.deliver(delivery)
    second = await notifier.deliver(replace(delivery, plain=True))

    (message,) = slack.messages(SALES)
    assert first == TextRefused("invalid_blocks")
    assert second == Done(SALES, message.ts)
    assert message.blocks == []
    assert message.text.startswith("Link used: Jane Doe booked Onboarding Call\n<!date^")


async def test_the_issuer_is_told_of_a_regeneration_the_owner_only_if_nobody_else_can_be(
    slack: PracticeSlack, notifier: Notifier, sqlite_database: Database
) -> None:
    await given_calendar(sqlite_database)
    link = await given_link(
        sqlite_database, issued_by=ANA, contact=Contact(None, "jane@example.com")
    )
    await sqlite_database.write(
        regenerate_link,
        workspace_id=1,
        public_id=link.details.public_id,
        actor=Actor(KIM, is_admin=True),
        request_key="1.2.3",
        secret=KEYRING.new_secret("link", bytes(16)),  # type: ignore[arg-type]  # by its value
        now=NOW,
    )
    delivery = await claim(sqlite_database)

    for place in (0, 1):
        assert isinstance(await notifier.deliver(replace(delivery, place=place)), Done)

    to_ana, to_sam = slack.messages(ANA), slack.messages(SAM)
    assert delivery.route == (ANA, SAM)
    assert len(to_ana) == 1
    assert to_ana[0].blocks[-1]["elements"][0]["text"]["text"] == "Copy"
    assert len(to_sam) == 1
    assert f"<@{ANA}> issued this link and could not be reached." in in_words(to_sam[0])
    assert "actions" not in [block["type"] for block in to_sam[0].blocks]
    assert "jane@example.com" not in to_sam[0].text + json.dumps(to_sam[0].blocks)
