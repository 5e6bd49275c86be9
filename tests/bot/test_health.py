"""What health says of the notifications: each reason in its words, whatever waits."""

import json
from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.messages.health import delivery_health as shown
from bot.notifications.slack_errors import DATABASE_UNAVAILABLE
from scheduling.events.deliveries import State
from scheduling.events.health import DeliveryHealth, Notification, Rerouted, Waiting
from scheduling.events.kinds import EventKind
from scheduling.events.mail_health import MailHealth
from tests.bot.checker import assert_slack_takes_it, texts
from tests.bot.conftest import OLD
from tests.bot.values import channel_ids, moments, public_ids, slack_ids
from tests.given import ANA, NOW, SAM

MINUTE = timedelta(minutes=1)
codes = st.sampled_from(["is_archived", "not_in_channel", "restricted_action", "user_not_found"])
reasons = codes | st.text(max_size=200) | st.sampled_from(["token_revoked", "http_503", "<!here>"])
notifications = st.builds(
    Notification,
    kind=st.sampled_from(EventKind),
    link=public_ids,
    channel=st.none() | channel_ids | slack_ids,
    refusal=st.none() | reasons,
    issuer=slack_ids,
    owner=slack_ids,
)
named = st.lists(notifications, min_size=1, max_size=5).map(tuple)
waitings = st.builds(
    Waiting,
    state=st.sampled_from([State.READY, State.SENDING, State.UNSURE]),
    reason=st.none() | reasons,
    is_moving_on=st.booleans(),
    number=st.integers(5, 10**6),
    since=moments,
    next_at=moments,
    oldest=named,
    is_edit=st.booleans(),
)
reroutes = st.builds(Rerouted, notification=notifications, user_id=slack_ids, at=moments)
healths = st.builds(
    DeliveryHealth,
    slack_refusal=st.none() | reasons,
    slack_refused_at=st.none() | moments,
    waiting=st.lists(waitings, max_size=30).map(tuple),
    stalled_since=st.none() | moments,
    rerouted=st.lists(reroutes, max_size=5).map(tuple),
    rerouted_number=st.integers(5, 10**6),
    delivered=st.integers(0, 10**6),
    delivered_last_at=st.none() | moments,
    mail=st.builds(
        MailHealth,
        is_on=st.booleans(),
        waiting=st.integers(0, 10**6),
        waiting_since=st.none() | moments,
        reason=st.none() | reasons,
        refusal=st.none() | reasons,
        refused_at=st.none() | moments,
        unreached=st.integers(0, 10**6),
        too_late=st.integers(0, 10**6),
        sent=st.integers(0, 10**6),
    ),
)
WELL = DeliveryHealth(None, None, (), None, (), 0, 34, NOW)
USED = Notification(EventKind.BOOKING_MADE, "L-7K2QXA", OLD, None, ANA, SAM)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(healths)
def test_slack_takes_it_whatever_waits_and_whatever_the_reasons(health: DeliveryHealth) -> None:
    message = shown(health, now=NOW)

    assert_slack_takes_it(message)
    assert len(message.blocks) < 15
    assert sum(len(json.dumps(block)) for block in message.block_json()) < 12_000


def a_wait(reason: str | None, **changes: Any) -> DeliveryHealth:
    refusal = changes.pop("refusal", None)
    one = Waiting(
        state=State.READY,
        reason=reason,
        is_moving_on=False,
        number=2,
        since=NOW - 5 * MINUTE,
        next_at=NOW + MINUTE,
        oldest=(replace(USED, refusal=refusal),),
    )
    return replace(WELL, waiting=(replace(one, **changes),))


@pytest.mark.parametrize(
    ("health", "words"),
    [
        pytest.param(a_wait(None), "2 are on their way.", id="new"),
        pytest.param(a_wait("x", is_moving_on=True), "2 are on their way.", id="moving-on"),
        pytest.param(a_wait("x", state=State.SENDING), "2 are on their way.", id="sending"),
        pytest.param(a_wait("token_revoked"), "2 are on their way.", id="token-is-back"),
        pytest.param(a_wait("invalid_blocks"), "2 are on their way.", id="plain-next"),
        pytest.param(
            a_wait("http_503"),
            "2 wait because Slack does not answer as it should (`http_503`).",
            id="503",
        ),
        pytest.param(
            a_wait("ClientConnectorError", number=1),
            "1 waits because Slack does not answer as it should (`ClientConnectorError`).",
            id="no-network",
        ),
        pytest.param(
            a_wait("internal_error"), "as it should (`internal_error`). Next", id="slack-stumbles"
        ),
        pytest.param(a_wait(DATABASE_UNAVAILABLE), "2 are on their way.", id="our-database"),
        pytest.param(a_wait("ratelimited"), "2 wait for their turn: Slack takes", id="limited"),
        pytest.param(a_wait("ratelimited", number=1), "1 waits for its turn:", id="turn"),
        pytest.param(
            a_wait("TimeoutError", state=State.UNSURE),
            "2 may have arrived: Slack's answer got lost (`TimeoutError`). I look them up before "
            "I send them again.",
            id="unsure",
        ),
        pytest.param(
            a_wait("of_next_year", number=1),
            "1 finds no place: channel, issuer and calendar's owner all refused (`of_next_year`).",
            id="unheard-of",
        ),
        pytest.param(
            a_wait("invalid_blocks", refusal="invalid_blocks"), "2 find no place", id="no-text"
        ),
        pytest.param(
            a_wait("user_not_found", refusal="is_archived"),
            f"`L-7K2QXA`, meant for <#{OLD}>: it is archived\nand 1 more\nAn archived channel "
            "takes nothing. Whoever runs OTL can name another as",
            id="archived",
        ),
        pytest.param(
            a_wait("user_not_found", refusal="not_in_channel"),
            f"`/invite @OTL` in <#{OLD}> brings the next one there.",
            id="not-a-member",
        ),
        pytest.param(
            a_wait("user_not_found", refusal="of_next_year"),
            f"meant for <#{OLD}>: Slack says `of_next_year`",
            id="unheard-of-channel-reason",
        ),
        pytest.param(
            a_wait("edit_window_closed", is_edit=True, is_moving_on=True),
            "2 of my messages still show how things were before: Slack does not let me edit them "
            "(`edit_window_closed`). Whoever may delete them there can. Next try: <!date^",
            id="not-to-be-edited",
        ),
        pytest.param(
            a_wait("edit_window_closed", is_edit=True, number=1),
            "Whoever may delete it there can. Next try: ",
            id="one-not-to-be-edited",
        ),
        pytest.param(
            a_wait("edit_window_closed", is_edit=True, number=1),
            f"`L-7K2QXA`, in <#{OLD}>",
            id="where-it-stands",
        ),
        pytest.param(
            replace(a_wait(None), stalled_since=NOW - 5 * MINUTE),
            "`otl serve --only worker` where it is split.\n2 wait to be taken up.",
            id="nobody-delivers",
        ),
        pytest.param(
            replace(a_wait(None), slack_refusal="missing_scope", slack_refused_at=NOW),
            "it lacks a permission (`missing_scope`). Whoever runs OTL reinstalls the app from its "
            "manifest",
            id="scope",
        ),
        pytest.param(
            replace(a_wait(None), slack_refusal="org_login_required", slack_refused_at=NOW),
            "it says `org_login_required`. A workspace admin can let the app post again",
            id="workspace-says-no",
        ),
        pytest.param(WELL, "34 delivered in the last 7 days, the latest <!date^", id="well"),
        pytest.param(
            replace(WELL, delivered=0, delivered_last_at=None), "None was due yet", id="nothing"
        ),
    ],
)
def test_each_reason_has_its_words(health: DeliveryHealth, words: str) -> None:
    message = shown(health, now=NOW)

    assert words in message.text
    assert words in "\n".join(texts(message.block_json()))
    assert_slack_takes_it(message)


@pytest.mark.parametrize(
    ("one", "words"),
    [
        pytest.param(
            replace(USED, refusal="not_in_channel"),
            f"• `L-7K2QXA` was meant for <#{OLD}>: I am not a member; <@{SAM}> got it, today",
            id="channel",
        ),
        pytest.param(
            replace(USED, channel="D0PAIR", refusal="channel_not_found"),
            "was meant for the direct message where it was issued: I am not a member, or it is",
            id="direct-message",
        ),
        pytest.param(
            replace(USED, channel=ANA, refusal="messages_tab_disabled"),
            f"was meant for <@{ANA}> directly: the app's Messages tab is off",
            id="app-home",
        ),
        pytest.param(
            replace(USED, kind=EventKind.LINK_REGENERATED, channel=None, refusal="user_disabled"),
            f"• `L-7K2QXA` (regenerated) was meant for <@{ANA}> directly: their account is "
            f"deactivated; <@{SAM}> got it",
            id="regenerated",
        ),
    ],
)
def test_what_went_elsewhere_says_from_where_why_and_to_whom(one: Notification, words: str) -> None:
    health = replace(WELL, rerouted=(Rerouted(one, SAM, NOW),), rerouted_number=3)

    message = shown(health, now=NOW)

    assert message.text.startswith("No notification waits, 3 were rerouted in the last 7 days")
    assert words in message.text
    assert "and 2 more" in message.text


MAIL_WAITS = MailHealth(is_on=True, waiting=3, waiting_since=NOW, sent=12)


@pytest.mark.parametrize(
    ("mail", "words"),
    [
        pytest.param(MailHealth(), "No mail is sent: `OTL_SMTP_URL` is not set", id="no mail"),
        pytest.param(MailHealth(is_on=True, sent=1), "1 mail sent in the last 7 days", id="well"),
        pytest.param(MAIL_WAITS, "3 mails are on the way.", id="on the way"),
        pytest.param(
            replace(MAIL_WAITS, reason="ConnectionRefusedError"),
            "the mail server does not answer (`ConnectionRefusedError`). I keep trying",
            id="down",
        ),
        pytest.param(
            replace(MAIL_WAITS, reason="450 4.2.0"),
            "the mail server does not take them yet (`450 4.2.0`)",
            id="greylisted",
        ),
        pytest.param(
            replace(MAIL_WAITS, refusal="535 5.7.8", refused_at=NOW),
            "it does not take our login (`535 5.7.8`). 3 mails wait",
            id="login",
        ),
        pytest.param(
            replace(MAIL_WAITS, is_on=False),
            "*Mail is switched off.* 3 mails wait",
            id="switched off",
        ),
        pytest.param(
            MailHealth(is_on=True, unreached=2), "2 mails reached nobody", id="refused addresses"
        ),
        pytest.param(
            MailHealth(is_on=True, too_late=1),
            "1 mail was not sent in the last 7 days: the meeting was over",
            id="too late",
        ),
    ],
)
def test_how_the_mail_stands_is_told_with_what_to_do(mail: MailHealth, words: str) -> None:
    message = shown(replace(WELL, mail=mail), now=NOW)

    assert words in message.text
    assert words in json.dumps(message.block_json())


@pytest.mark.parametrize("changes", [{"is_on": False}, {"refusal": "535 5.7.8"}])
def test_mail_that_somebody_must_see_to_stands_in_the_headline(changes: dict[str, Any]) -> None:
    message = shown(replace(WELL, mail=replace(MAIL_WAITS, **changes)), now=NOW)

    assert message.text.startswith("All notifications are delivered, 3 mails wait\n")
