"""The checker sees each kind of broken promise; what it overlooks, no run of the harness finds."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.crash.checker import Facts, Occupied, Private, StoredBooking, judge
from tests.crash.history import Event, Kind

INVOKE, OK, FAIL, UNKNOWN = Kind
NINE, TEN = 1_796_634_000, 1_796_637_600
HALF_AN_HOUR = 1_800

JANE = StoredBooking("L-JANE22", "form-jane", NINE, "ab12", "note-jane")
GOOD = (
    Event(INVOKE, 1, "L-JANE22", "form-jane", NINE),
    Event(INVOKE, 2, "L-JANE22", "form-joe", TEN),
    Event(UNKNOWN, 1, "L-JANE22", "form-jane", NINE, "ServerDisconnectedError"),
    Event(FAIL, 2, "L-JANE22", "form-joe", TEN, "410"),
    Event(INVOKE, 3, "L-JANE22", "form-jane", NINE),
    Event(OK, 3, "L-JANE22", "form-jane", NINE, "ab12"),
)
MAILED = {"mail-jane": ["jane 1 0"], "mail-sam": ["sam 1 0"]}
TOLD = Facts(
    bookings=(JANE,),
    occupied=(Occupied(1, NINE, NINE + HALF_AN_HOUR), Occupied(2, NINE, TEN)),
    private=(Private("L-JANE22", "host:1", "note-sam"), Private("L-JANE22", "issuer", "note-kim")),
    told={"note-jane": 1, "note-sam": 1, "note-kim": 1},
    mails=(Private("L-JANE22", "contact", "mail-jane"), Private("L-JANE22", "host:1", "mail-sam")),
    mailed=MAILED,
)


def test_a_history_in_which_every_promise_was_kept() -> None:
    verdict = judge(GOOD, TOLD)

    assert verdict.violations() == {}
    assert (verdict.acknowledged, verdict.unknown, verdict.refused) == (1, 1, 1)
    assert (verdict.bookings, verdict.notifications, verdict.private_messages) == (1, 1, 2)
    assert (verdict.mails, verdict.folded_mails) == (2, 0)


def test_a_mail_that_came_again_as_the_same_mail_folds() -> None:
    again = {**MAILED, "mail-jane": ["jane 1 0", "jane 1 0"]}

    verdict = judge(GOOD, replace(TOLD, mailed=again))

    assert verdict.violations() == {}
    assert (verdict.mails, verdict.folded_mails) == (2, 1)


def test_an_unanswered_attempt_may_have_booked_or_not() -> None:
    booked = judge((*GOOD[:4], Event(FAIL, 3, "L-JANE22", "form-jane", NINE, "409")), TOLD)
    not_booked = judge(
        (*GOOD[:1], *GOOD[2:3], Event(FAIL, 3, "L-JANE22", "form-jane", NINE, "409")),
        Facts(bookings=(), occupied=()),
    )

    assert booked.lost_bookings == not_booked.lost_bookings == []


@pytest.mark.parametrize(
    ("promise", "changed"),
    [
        pytest.param("lost_bookings", {"bookings": ()}, id="acknowledged-but-not-stored"),
        pytest.param(
            "lost_bookings", {"bookings": (replace(JANE, start=TEN),)}, id="stored-at-another-time"
        ),
        pytest.param(
            "lost_bookings", {"bookings": (replace(JANE, lookup="cd34"),)}, id="dead-confirmation"
        ),
        pytest.param(
            "doubled_bookings",
            {"bookings": (JANE, replace(JANE, submission="form-joe", notification="note-joe"))},
            id="one-link-booked-twice",
        ),
        pytest.param(
            "doubled_bookings",
            {"bookings": (JANE, replace(JANE, link="L-JOE222", notification="note-joe"))},
            id="one-form-booked-twice",
        ),
        pytest.param(
            "overlaps",
            {"occupied": (Occupied(1, NINE, TEN), Occupied(1, TEN - 1, TEN + HALF_AN_HOUR))},
            id="a-host-in-two-meetings",
        ),
        pytest.param(
            "overlaps",
            {
                "occupied": (
                    Occupied(1, NINE, TEN),
                    Occupied(1, NINE + 1, NINE + 2),
                    Occupied(1, TEN - 1, TEN),
                )
            },
            id="a-long-meeting-over-two-short-ones",
        ),
        pytest.param("half_done", {"half_done": {"a used link without a booking": [(1,)]}}),
        pytest.param("lost_notifications", {"told": {}}, id="never-told"),
        pytest.param(
            "lost_notifications",
            {"private": (Private("L-JANE22", "host:1", None),)},
            id="never-queued-for-the-host",
        ),
        pytest.param(
            "lost_notifications", {"told": {"note-jane": 1, "note-kim": 1}}, id="host-not-told"
        ),
        pytest.param("lost_notifications", {"unsent": ("note-jane",)}, id="still-waiting"),
        pytest.param(
            "lost_notifications",
            {"bookings": (replace(JANE, notification=None),)},
            id="never-queued",
        ),
        pytest.param("doubled_notifications", {"told": {"note-jane": 2}}),
        pytest.param("doubled_notifications", {"told": {"note-sam": 2}}, id="host-told-twice"),
        pytest.param(
            "false_notifications",
            {"told": {"note-jane": 1, "note-nobody": 1}},
            id="told-of-no-booking",
        ),
        pytest.param("lost_mails", {"mailed": {"mail-sam": ["sam 1 0"]}}, id="mail-not-sent"),
        pytest.param(
            "lost_mails", {"mails": (Private("L-JANE22", "contact", None),)}, id="mail-never-queued"
        ),
        pytest.param(
            "doubled_mails",
            {"mailed": {**MAILED, "mail-jane": ["jane 1 0", "jane 1 1"]}},
            id="a-second-mail-that-does-not-fold",
        ),
        pytest.param(
            "false_mails", {"mailed": {**MAILED, "mail-joe": ["joe 2 0"]}}, id="mail-of-no-booking"
        ),
        pytest.param("broken_files", {"broken": ("row 3 missing from index",)}),
    ],
)
def test_a_broken_promise_is_seen(promise: str, changed: Mapping[str, Any]) -> None:
    verdict = judge(GOOD, replace(TOLD, **changed))

    assert promise in verdict.violations()


@pytest.mark.parametrize(
    ("promise", "told"),
    [
        pytest.param(
            "doubled_bookings",
            [
                Event(INVOKE, 4, "L-JANE22", "form-kim", TEN),
                Event(OK, 4, "L-JANE22", "form-kim", TEN, "ef56"),
            ],
            id="two-forms-of-a-link-confirmed",
        ),
        pytest.param(
            "winners_refused",
            [
                Event(INVOKE, 4, "L-JANE22", "form-jane", NINE),
                Event(FAIL, 4, "L-JANE22", "form-jane", NINE, "410"),
            ],
            id="the-winner-told-no-longer-active",
        ),
        pytest.param(
            "wasted_links",
            [
                Event(INVOKE, 4, "L-LEO222", "form-leo", TEN),
                Event(FAIL, 4, "L-LEO222", "form-leo", TEN, "410"),
            ],
            id="a-link-used-up-by-nobody",
        ),
        pytest.param(
            "wrong_answers",
            [
                Event(INVOKE, 4, "L-JANE22", "form-joe", TEN),
                Event(UNKNOWN, 4, "L-JANE22", "form-joe", TEN, "500"),
            ],
            id="an-error-of-our-own",
        ),
        pytest.param(
            "unanswered",
            [
                Event(INVOKE, 4, "L-LEO222", "form-leo", TEN),
                Event(UNKNOWN, 4, "L-LEO222", "form-leo", TEN, "503"),
            ],
            id="never-answered",
        ),
    ],
)
def test_a_wrong_answer_is_seen(promise: str, told: list[Event]) -> None:
    verdict = judge([*GOOD, *told], TOLD)

    assert promise in verdict.violations()


def test_touching_meetings_do_not_overlap() -> None:
    touching = (
        Occupied(1, NINE, TEN),
        Occupied(1, TEN, TEN + HALF_AN_HOUR),
        Occupied(2, NINE, TEN),
    )

    verdict = judge(GOOD, replace(TOLD, occupied=touching))

    assert verdict.overlaps == []


def test_verdicts_of_several_runs_add_up() -> None:
    total = judge(GOOD, TOLD)

    total.add(judge(GOOD, replace(TOLD, told={**TOLD.told, "note-jane": 3})))

    assert (total.acknowledged, total.notifications) == (2, 4)
    assert list(total.violations()) == ["doubled_notifications"]
