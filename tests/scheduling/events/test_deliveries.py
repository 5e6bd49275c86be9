"""What becomes of a notification after each thing that can happen to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduling.events.deliveries import (
    PLACES,
    Delivery,
    Done,
    Kind,
    NotSent,
    Outcome,
    PlaceRefused,
    Standing,
    State,
    TextRefused,
    Unsure,
    WorkspaceRefused,
    pause,
    standing_after,
)

BEGAN_AT = datetime(2026, 12, 3, 9, tzinfo=UTC)
NOW = BEGAN_AT + timedelta(seconds=2)
LONG_AGO = BEGAN_AT - timedelta(minutes=5)
QUARANTINE = timedelta(seconds=60)
FIRST = Delivery(
    id=1,
    kind=Kind.LINK_USED,
    subject_id=7,
    notification_id="f4a3cf5e-0000-5000-8000-000000000001",
    place=0,
    refusal=None,
    plain=False,
    attempts=0,
    started_at=None,
)
UNSURE_SINCE = replace(FIRST, attempts=3, started_at=LONG_AGO)
LAST_PLACE = replace(FIRST, place=PLACES - 1, refusal="is_archived", attempts=2)
AS_TEXT = replace(FIRST, plain=True, attempts=1)


def standing(
    state: State,
    *,
    after: timedelta = timedelta(0),
    place: int = 0,
    plain: bool = False,
    attempts: int = 1,
    reason: str | None = None,
    started_at: datetime | None = None,
) -> Standing:
    return Standing(state, NOW + after, place, plain, attempts, reason, started_at)


@pytest.mark.parametrize(
    ("delivery", "outcome", "expected"),
    [
        pytest.param(FIRST, Done("C0SALES", "1733216400.000100"), standing(State.DONE), id="sent"),
        pytest.param(
            FIRST,
            NotSent("ConnectionRefusedError"),
            standing(State.READY, after=timedelta(seconds=1), reason="ConnectionRefusedError"),
            id="not sent: again after a pause",
        ),
        pytest.param(
            replace(FIRST, attempts=3),
            NotSent("ConnectionRefusedError"),
            standing(
                State.READY,
                after=timedelta(seconds=8),
                attempts=4,
                reason="ConnectionRefusedError",
            ),
            id="not sent for the fourth time: a longer pause",
        ),
        pytest.param(
            FIRST,
            NotSent("ratelimited", timedelta(seconds=30)),
            standing(State.READY, after=timedelta(seconds=30), reason="ratelimited"),
            id="too fast: after as long as Slack says",
        ),
        pytest.param(
            UNSURE_SINCE,
            NotSent("ratelimited", timedelta(seconds=30)),
            standing(
                State.UNSURE,
                after=timedelta(seconds=30),
                attempts=4,
                reason="ratelimited",
                started_at=LONG_AGO,
            ),
            id="not sent, but an older attempt may have arrived",
        ),
        pytest.param(
            FIRST,
            Unsure("TimeoutError"),
            standing(State.UNSURE, after=QUARANTINE, reason="TimeoutError", started_at=BEGAN_AT),
            id="unsure: looked up after the quarantine, from when it began",
        ),
        pytest.param(
            UNSURE_SINCE,
            Unsure("internal_error"),
            standing(
                State.UNSURE,
                after=QUARANTINE,
                attempts=4,
                reason="internal_error",
                started_at=LONG_AGO,
            ),
            id="unsure again: looked up from the oldest attempt on",
        ),
        pytest.param(
            FIRST,
            TextRefused("invalid_blocks"),
            standing(State.READY, plain=True, reason="invalid_blocks"),
            id="blocks refused: the same place, as text",
        ),
        pytest.param(
            AS_TEXT,
            TextRefused("msg_too_long"),
            standing(State.READY, place=1, attempts=2, reason="msg_too_long"),
            id="text refused too: the next place, with blocks",
        ),
        pytest.param(
            FIRST,
            PlaceRefused("is_archived"),
            standing(State.READY, place=1, reason="is_archived"),
            id="channel refused: the issuer",
        ),
        pytest.param(
            replace(FIRST, place=1, attempts=1),
            PlaceRefused("user_not_found"),
            standing(State.READY, place=2, attempts=2, reason="user_not_found"),
            id="issuer refused: the owner",
        ),
        pytest.param(
            UNSURE_SINCE,
            PlaceRefused("is_archived"),
            standing(State.READY, place=1, attempts=4, reason="is_archived"),
            id="the next place has had no attempt that may have arrived",
        ),
        pytest.param(
            LAST_PLACE,
            PlaceRefused("user_not_found"),
            standing(State.READY, after=timedelta(hours=1), attempts=3, reason="user_not_found"),
            id="all places refused: from the first again, in an hour",
        ),
        pytest.param(
            replace(LAST_PLACE, attempts=23),
            PlaceRefused("user_not_found"),
            standing(State.READY, after=timedelta(hours=1), attempts=24, reason="user_not_found"),
            id="all places refused for the last hourly time",
        ),
        pytest.param(
            replace(LAST_PLACE, attempts=24),
            PlaceRefused("user_not_found"),
            standing(State.READY, after=timedelta(days=1), attempts=25, reason="user_not_found"),
            id="all places refused for long: tomorrow",
        ),
        pytest.param(
            replace(LAST_PLACE, plain=True),
            TextRefused("msg_too_long"),
            standing(State.READY, after=timedelta(hours=1), attempts=3, reason="msg_too_long"),
            id="all texts refused everywhere",
        ),
        pytest.param(
            FIRST,
            WorkspaceRefused("token_revoked"),
            standing(State.READY, reason="token_revoked"),
            id="the token refused: it waits with the workspace",
        ),
        pytest.param(
            UNSURE_SINCE,
            WorkspaceRefused("invalid_auth"),
            standing(State.UNSURE, attempts=4, reason="invalid_auth", started_at=LONG_AGO),
            id="the token refused while it is unsure: it is looked up later",
        ),
        pytest.param(
            replace(FIRST, place=1, plain=True, refusal="is_archived"),
            Unsure("reset"),
            standing(
                State.UNSURE,
                after=QUARANTINE,
                place=1,
                plain=True,
                reason="reset",
                started_at=BEGAN_AT,
            ),
            id="place and form are kept while it is unsure",
        ),
    ],
)
def test_an_outcome_decides_how_the_notification_stands(
    delivery: Delivery, outcome: Outcome, expected: Standing
) -> None:
    found = standing_after(delivery, outcome, began_at=BEGAN_AT, now=NOW, quarantine=QUARANTINE)

    assert found == expected


@pytest.mark.parametrize(
    "outcome",
    [
        NotSent("x"),
        Unsure("x"),
        PlaceRefused("x"),
        TextRefused("x"),
        WorkspaceRefused("x"),
    ],
)
@pytest.mark.parametrize("attempts", [0, 5, 1000])
@pytest.mark.parametrize("place", range(PLACES))
def test_nothing_but_done_ends_a_notification(outcome: Outcome, attempts: int, place: int) -> None:
    delivery = replace(FIRST, attempts=attempts, place=place, plain=True)

    found = standing_after(delivery, outcome, began_at=BEGAN_AT, now=NOW, quarantine=QUARANTINE)

    assert found.state in {State.READY, State.UNSURE}
    assert NOW <= found.not_before <= NOW + timedelta(days=1)
    assert found.place in range(PLACES)


def test_pauses_grow_to_five_minutes() -> None:
    seconds = [pause(attempts).total_seconds() for attempts in (0, 1, 2, 3, 8, 9, 100_000)]

    assert seconds == [1, 2, 4, 8, 256, 300, 300]
