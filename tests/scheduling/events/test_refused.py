"""A notification that is refused: where it goes next, and what of the refusal is kept."""

from dataclasses import replace
from datetime import timedelta

import pytest

from scheduling.events.deliveries import (
    Delivery,
    Outcome,
    PlaceRefused,
    Receipt,
    Refusal,
    State,
    TextRefused,
    Unsure,
    Window,
)
from scheduling.events.standing import ALL_REFUSED_FIRST, Standing, pause, standing_after
from tests.scheduling.events.tried import (
    ARCHIVED,
    BEGAN_AT,
    EARLIER,
    ENDED_AT,
    FIRST,
    QUARANTINE,
    UNSURE_SINCE,
    standing,
)

LAST_PLACE = replace(FIRST, place=2, refusal=ARCHIVED, failures=2)
AS_TEXT = replace(FIRST, plain=True, failures=1)


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


@pytest.mark.parametrize(
    ("delivery", "outcome", "expected"),
    [
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
    ],
)
def test_what_is_refused_goes_on_to_the_next_place_or_form_and_waits_at_the_end(
    delivery: Delivery, outcome: Outcome, expected: Standing
) -> None:
    found = standing_after(
        delivery, outcome, began_at=BEGAN_AT, ended_at=ENDED_AT, quarantine=QUARANTINE
    )

    assert found == expected
