"""What becomes of a notification after each thing that can happen to it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from scheduling.events.deliveries import (
    Delivery,
    DestinationRefused,
    Done,
    NotSent,
    Outcome,
    PlaceRefused,
    Receipt,
    Refusal,
    State,
    StillUnsure,
    TextRefused,
    Unsure,
    Window,
)
from scheduling.events.kinds import EventKind
from scheduling.events.standing import ALL_REFUSED_FIRST, Standing, pause, standing_after

BEGAN_AT = datetime(2026, 12, 3, 9, tzinfo=UTC)
ENDED_AT = BEGAN_AT + timedelta(seconds=2)
LONG_AGO = BEGAN_AT - timedelta(minutes=5)
QUARANTINE = timedelta(seconds=60)
ROUTE = ("C0SALES", "U0ANA", "U0SAM")
FIRST = Delivery(
    id=1,
    kind=EventKind.BOOKING_MADE,
    subject_id=7,
    destination="slack",
    recipient="channel",
    notification_id="f4a3cf5e-0000-5000-8000-000000000001",
    route=ROUTE,
)
EARLIER = Window(LONG_AGO, None)
UNSURE_SINCE = replace(FIRST, claims=4, failures=3, window=EARLIER)
ARCHIVED = Refusal("is_archived", "C0SALES")
LAST_PLACE = replace(FIRST, place=2, refusal=ARCHIVED, failures=2)
AS_TEXT = replace(FIRST, plain=True, failures=1)
THIS_TIME = Window(BEGAN_AT, ENDED_AT + QUARANTINE)


def standing(
    state: State,
    *,
    after: timedelta = timedelta(0),
    place: int = 0,
    plain: bool = False,
    failures: int = 1,
    refusal: Refusal | None = None,
    reason: str | None = None,
    window: Window | None = None,
) -> Standing:
    return Standing(state, after, place, plain, failures, refusal, reason, window)


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
            FIRST,
            TextRefused("invalid_blocks"),
            standing(State.READY, plain=True, reason="invalid_blocks"),
            id="blocks refused: the same place, as text",
        ),
        pytest.param(
            AS_TEXT,
            TextRefused("msg_too_long"),
            standing(
                State.READY,
                place=1,
                failures=2,
                refusal=Refusal("msg_too_long"),
                reason="msg_too_long",
            ),
            id="text refused too: the next place, with blocks",
        ),
        pytest.param(
            FIRST,
            PlaceRefused("is_archived", "C0SALES"),
            standing(State.READY, place=1, refusal=ARCHIVED, reason="is_archived"),
            id="channel refused: the issuer",
        ),
        pytest.param(
            replace(FIRST, place=1, failures=1, refusal=ARCHIVED),
            PlaceRefused("user_not_found"),
            standing(State.READY, place=2, failures=2, refusal=ARCHIVED, reason="user_not_found"),
            id="issuer refused: the owner, and what the channel said is kept",
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
            UNSURE_SINCE,
            PlaceRefused("is_archived"),
            standing(
                State.READY,
                place=1,
                failures=4,
                refusal=Refusal("is_archived"),
                reason="is_archived",
            ),
            id="the next place has had no attempt that may have arrived",
        ),
        pytest.param(
            LAST_PLACE,
            PlaceRefused("user_not_found"),
            standing(
                State.READY,
                after=timedelta(hours=1),
                failures=3,
                refusal=ARCHIVED,
                reason="user_not_found",
            ),
            id="all places refused: from the first again, in an hour",
        ),
        pytest.param(
            replace(LAST_PLACE, failures=23),
            PlaceRefused("user_not_found"),
            standing(
                State.READY,
                after=timedelta(hours=1),
                failures=24,
                refusal=ARCHIVED,
                reason="user_not_found",
            ),
            id="all places refused for the last hourly time",
        ),
        pytest.param(
            replace(LAST_PLACE, failures=24),
            PlaceRefused("user_not_found"),
            standing(
                State.READY,
                after=timedelta(days=1),
                failures=25,
                refusal=ARCHIVED,
                reason="user_not_found",
            ),
            id="all places refused for long: tomorrow",
        ),
        pytest.param(
            replace(LAST_PLACE, plain=True),
            TextRefused("msg_too_long"),
            standing(
                State.READY,
                after=timedelta(hours=1),
                failures=3,
                refusal=ARCHIVED,
                reason="msg_too_long",
            ),
            id="all texts refused everywhere",
        ),
        pytest.param(
            replace(FIRST, route=("U0ANA",)),
            PlaceRefused("user_not_found", "D0ANA"),
            standing(
                State.READY,
                after=timedelta(hours=1),
                refusal=Refusal("user_not_found", "D0ANA"),
                reason="user_not_found",
            ),
            id="a route of one place",
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


EDIT = replace(FIRST, place=1, refusal=ARCHIVED, failures=2, receipt=Receipt("D0ANA", "1.5"))


@pytest.mark.parametrize(
    ("outcome", "after"),
    [
        pytest.param(Unsure("http_500"), pause(2), id="an-edit-simply-repeats"),
        pytest.param(PlaceRefused("edit_window_closed"), ALL_REFUSED_FIRST, id="no-other-place"),
    ],
)
@pytest.mark.parametrize("window", [None, EARLIER])
def test_what_stands_already_is_edited_there_or_nowhere(
    outcome: Outcome, after: timedelta, window: Window | None
) -> None:
    edit = replace(EDIT, window=window)

    stands = standing_after(
        edit, outcome, began_at=BEGAN_AT, ended_at=ENDED_AT, quarantine=QUARANTINE
    )

    assert stands == standing(
        State.READY,
        after=after,
        place=1,
        failures=3,
        refusal=ARCHIVED,
        reason=getattr(outcome, "reason", None),
    )
