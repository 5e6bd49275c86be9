"""What becomes of a notification after each thing that can happen to it."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduling.events.deliveries import (
    Delivery,
    DestinationRefused,
    Done,
    NotSent,
    Outcome,
    PlaceRefused,
    State,
    StillUnsure,
    TextRefused,
    Unsure,
    Window,
)
from scheduling.events.standing import Standing, pause, standing_after
from tests.scheduling.events.tried import (
    ARCHIVED,
    BEGAN_AT,
    EARLIER,
    ENDED_AT,
    FIRST,
    LONG_AGO,
    QUARANTINE,
    ROUTE,
    UNSURE_SINCE,
    standing,
)

THIS_TIME = Window(BEGAN_AT, ENDED_AT + QUARANTINE)


@pytest.mark.parametrize(
    ("delivery", "outcome", "expected"),
    [
        pytest.param(
            UNSURE_SINCE,
            Done("C0SALES", "1733216400.000100"),
            standing(State.DONE, failures=0),
            id="sent, and no failure counts any more",
        ),
        pytest.param(
            FIRST,
            NotSent("ConnectionRefusedError"),
            standing(State.READY, after=timedelta(seconds=1), reason="ConnectionRefusedError"),
            id="not sent: again after a pause",
        ),
        pytest.param(
            replace(FIRST, claims=9, failures=3),
            NotSent("ConnectionRefusedError"),
            standing(
                State.READY,
                after=timedelta(seconds=8),
                failures=4,
                reason="ConnectionRefusedError",
            ),
            id="not sent for the fourth time: failures and not claims make the pause longer",
        ),
        pytest.param(
            FIRST,
            NotSent("ratelimited", timedelta(seconds=30)),
            standing(State.READY, after=timedelta(seconds=30), reason="ratelimited"),
            id="too fast: after as long as Slack says",
        ),
        pytest.param(
            FIRST,
            NotSent("ratelimited", timedelta(0)),
            standing(State.READY, reason="ratelimited"),
            id="too fast: at once, if Slack says so",
        ),
        pytest.param(
            UNSURE_SINCE,
            NotSent("ratelimited", timedelta(seconds=30)),
            standing(
                State.UNSURE,
                after=timedelta(seconds=30),
                failures=4,
                reason="ratelimited",
                window=EARLIER,
            ),
            id="not sent, but an older attempt may have arrived",
        ),
        pytest.param(
            FIRST,
            Unsure("TimeoutError"),
            standing(State.UNSURE, after=QUARANTINE, reason="TimeoutError", window=THIS_TIME),
            id="unsure: looked up after the quarantine, where this attempt may stand",
        ),
        pytest.param(
            UNSURE_SINCE,
            Unsure("internal_error"),
            standing(
                State.UNSURE,
                after=QUARANTINE,
                failures=4,
                reason="internal_error",
                window=Window(LONG_AGO, ENDED_AT + QUARANTINE),
            ),
            id="unsure again: looked up from the oldest attempt to the end of this one",
        ),
        pytest.param(
            UNSURE_SINCE,
            StillUnsure("much was said since", "1733216400.000100"),
            standing(
                State.UNSURE,
                after=timedelta(seconds=1),
                failures=3,
                reason="much was said since",
                window=replace(EARLIER, read_to="1733216400.000100"),
            ),
            id="a look-up cut short goes on where it stopped, and is no failure",
        ),
        pytest.param(
            UNSURE_SINCE,
            StillUnsure("ratelimited", None, timedelta(seconds=30)),
            standing(
                State.UNSURE,
                after=timedelta(seconds=30),
                failures=3,
                reason="ratelimited",
                window=EARLIER,
            ),
            id="a look-up that must wait",
        ),
        pytest.param(
            replace(FIRST, place=1, failures=1, refusal=ARCHIVED),
            Unsure("http_503"),
            standing(
                State.UNSURE,
                after=QUARANTINE,
                place=1,
                failures=2,
                refusal=ARCHIVED,
                reason="http_503",
                window=THIS_TIME,
            ),
            id="a passing trouble at the issuer does not hide what the channel said",
        ),
        pytest.param(
            FIRST,
            DestinationRefused("token_revoked"),
            standing(State.READY, failures=0, reason="token_revoked"),
            id="the token refused: it waits with its destination, and is no failure",
        ),
        pytest.param(
            UNSURE_SINCE,
            DestinationRefused("invalid_auth"),
            standing(State.UNSURE, failures=3, reason="invalid_auth", window=EARLIER),
            id="the token refused while it is unsure: it is looked up later",
        ),
    ],
)
def test_an_outcome_decides_how_the_notification_stands(
    delivery: Delivery, outcome: Outcome, expected: Standing
) -> None:
    found = standing_after(
        delivery, outcome, began_at=BEGAN_AT, ended_at=ENDED_AT, quarantine=QUARANTINE
    )

    assert found == expected


@pytest.mark.parametrize(
    "outcome",
    [
        NotSent("x"),
        Unsure("x"),
        PlaceRefused("x"),
        TextRefused("x"),
        DestinationRefused("x"),
    ],
)
@pytest.mark.parametrize("failures", [0, 5, 1000])
@pytest.mark.parametrize("place", range(len(ROUTE)))
def test_nothing_but_done_ends_a_delivery(outcome: Outcome, failures: int, place: int) -> None:
    delivery = replace(FIRST, failures=failures, place=place, plain=True)

    found = standing_after(
        delivery, outcome, began_at=BEGAN_AT, ended_at=ENDED_AT, quarantine=QUARANTINE
    )

    assert found.state in {State.READY, State.UNSURE}
    assert timedelta(0) <= found.after <= timedelta(days=1)
    assert found.place in range(len(ROUTE))


def test_pauses_grow_to_five_minutes() -> None:
    seconds = [pause(failures).total_seconds() for failures in (0, 1, 2, 3, 8, 9, 100_000)]

    assert seconds == [1, 2, 4, 8, 256, 300, 300]
