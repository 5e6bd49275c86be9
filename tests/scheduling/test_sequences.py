"""A form is open while its link or its calendar changes, and is sent, and sent once more."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

import pytest

from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from tests.given import (
    ANA,
    EVERY_DAY,
    MONDAY_NINE,
    SAM,
    given_calendar,
    given_link,
)
from tests.scheduling.scene import (
    HALF_AN_HOUR,
    HOUR,
    Scene,
    Step,
    activated,
    anas_own,
    another_form_is_fetched,
    deactivated,
    delete_is_refused,
    deleted,
    edited,
    regenerated,
    somebody_else_books_with_the_link,
    taken,
    the_deadline_passes,
    the_new_link_is_opened,
)
from tests.stored import half_done, overlaps

FROM_TEN: Final = dict.fromkeys(EVERY_DAY, ("10:00-17:00",))


@dataclass(frozen=True, slots=True)
class Sequence:
    """What happens between the form and its first sending, what that gives; and the same again."""

    between: tuple[Step, ...]
    first: str
    then: tuple[Step, ...]
    second: str
    calendar: Mapping[str, Any] = field(default_factory=dict)


AT_NINE_THIRTY: Final = MONDAY_NINE + HALF_AN_HOUR
BOOKED: Final = "booked: 30 min with Sam"
AGAIN: Final = "again: 30 min with Sam"
A_CLASS: Final = {"type": CalendarType.CLASS, "seats": 2}

SEQUENCES: Final = {
    # The link ends before the form is sent.
    "deleted, then the calendar goes off": Sequence(
        (deleted,), "deleted", (deactivated,), "deleted"
    ),
    "deleted while the calendar is off": Sequence(
        (deactivated, deleted), "deleted", (activated,), "deleted"
    ),
    "regenerated, then the new link": Sequence(
        (regenerated,), "deleted", (the_new_link_is_opened,), BOOKED
    ),
    "regenerated, then that one deleted": Sequence(
        (regenerated,), "deleted", (the_new_link_is_opened, deleted), "deleted"
    ),
    "regenerated, and the new link's time is gone": Sequence(
        (regenerated, taken(MONDAY_NINE)), "deleted", (the_new_link_is_opened,), "taken"
    ),
    "the deadline passes, then regenerated": Sequence(
        (the_deadline_passes,), "expired", (regenerated, the_new_link_is_opened), BOOKED
    ),
    "the deadline passes while the calendar is off": Sequence(
        (deactivated,), "inactive", (activated, the_deadline_passes), "expired"
    ),
    "the deadline passes after a lost time": Sequence(
        (taken(MONDAY_NINE),), "taken", (the_deadline_passes,), "expired"
    ),
    "deleted after a lost time": Sequence((taken(MONDAY_NINE),), "taken", (deleted,), "deleted"),
    "used by somebody else, then regenerated": Sequence(
        (somebody_else_books_with_the_link,), "used", (regenerated,), "used"
    ),
    "used by somebody else, whose time is the new link's too": Sequence(
        (somebody_else_books_with_the_link, regenerated, the_new_link_is_opened),
        "taken",
        (edited(weekly=FROM_TEN),),
        "taken",
    ),
    # The form is sent again after it booked: its booking stands as it was made.
    "booked, then a delete": Sequence((), BOOKED, (delete_is_refused,), AGAIN),
    "booked, then regenerated": Sequence((), BOOKED, (regenerated,), AGAIN),
    "booked, then regenerated, and the new link wants that time": Sequence(
        (), BOOKED, (regenerated, the_new_link_is_opened), "taken"
    ),
    "booked, then the calendar goes off": Sequence((), BOOKED, (deactivated,), AGAIN),
    "booked, then the deadline": Sequence((), BOOKED, (the_deadline_passes,), AGAIN),
    "booked, then longer meetings": Sequence((), BOOKED, (edited(duration=HOUR),), AGAIN),
    "booked, then another host": Sequence((), BOOKED, (edited(hosts=(ANA,)),), AGAIN),
    "booked, then other hours": Sequence((), BOOKED, (edited(weekly=FROM_TEN),), AGAIN),
    "booked, then another form": Sequence((), BOOKED, (another_form_is_fetched,), "used"),
    # The calendar changes, and changes back.
    "off and on": Sequence((deactivated,), "inactive", (activated,), BOOKED),
    "off, on, off": Sequence((deactivated, activated), BOOKED, (deactivated,), AGAIN),
    "off, and on with other hours": Sequence(
        (deactivated,), "inactive", (activated, edited(weekly=FROM_TEN)), "taken"
    ),
    "off, and on after the time was taken": Sequence(
        (taken(MONDAY_NINE), deactivated), "inactive", (activated,), "taken"
    ),
    "other hours and back": Sequence(
        (edited(weekly=FROM_TEN),), "taken", (edited(weekly=EVERY_DAY),), BOOKED
    ),
    "an exception on that day and away": Sequence(
        (edited(exceptions={MONDAY_NINE.date(): ()}),), "taken", (edited(exceptions={}),), BOOKED
    ),
    "longer than the gap, and back": Sequence(
        (taken(AT_NINE_THIRTY), edited(duration=HOUR)),
        "taken",
        (edited(duration=HALF_AN_HOUR),),
        BOOKED,
    ),
    "longer, where there is room": Sequence(
        (edited(duration=HOUR),),
        "booked: 60 min with Sam",
        (edited(duration=HALF_AN_HOUR),),
        "again: 60 min with Sam",
    ),
    "a buffer that reaches into the next meeting, and back": Sequence(
        (taken(AT_NINE_THIRTY), edited(buffer_after=HALF_AN_HOUR)),
        "taken",
        (edited(buffer_after=timedelta(0)),),
        BOOKED,
    ),
    "a buffer that came after the next meeting was booked stays out of it": Sequence(
        (taken(AT_NINE_THIRTY), edited(buffer_before=HALF_AN_HOUR)),
        BOOKED,
        (edited(buffer_before=timedelta(0)),),
        AGAIN,
    ),
    "another zone and back": Sequence(
        (edited(zone="America/New_York"),), "taken", (edited(zone="UTC"),), BOOKED
    ),
    "another grid and back": Sequence(
        (edited(weekly=dict.fromkeys(EVERY_DAY, ("08:45-17:00",))),),
        "taken",
        (edited(weekly=EVERY_DAY),),
        BOOKED,
    ),
    "long notice and short": Sequence(
        (edited(minimum_notice=timedelta(days=7)),), "taken", (edited(minimum_notice=HOUR),), BOOKED
    ),
    "a short window and a long one": Sequence(
        (edited(window=timedelta(days=2)),), "taken", (edited(window=timedelta(days=60)),), BOOKED
    ),
    "another host": Sequence(
        (edited(hosts=(ANA,)),),
        "booked: 30 min with Ana",
        (edited(hosts=(SAM,)),),
        "again: 30 min with Ana",
    ),
    "another host, who is busy, and back": Sequence(
        (anas_own, taken(MONDAY_NINE, by="anas-own"), edited(hosts=(ANA,))),
        "taken",
        (edited(hosts=(SAM,)),),
        BOOKED,
    ),
    "all hosts, one of whom is busy, then any of them": Sequence(
        (
            anas_own,
            taken(MONDAY_NINE, by="anas-own"),
            edited(type=CalendarType.COLLECTIVE, hosts=(SAM, ANA)),
        ),
        "taken",
        (edited(type=CalendarType.ROUND_ROBIN, hosts=(SAM, ANA)),),
        BOOKED,
    ),
    "all hosts": Sequence(
        (edited(type=CalendarType.COLLECTIVE, hosts=(SAM, ANA)),),
        "booked: 30 min with Ana+Sam",
        (edited(type=CalendarType.EVENT, hosts=(SAM,)),),
        "again: 30 min with Ana+Sam",
    ),
    "another calendar takes the host, and that host goes": Sequence(
        (
            lambda scene: given_calendar(scene.database, slug="sams-other"),
            taken(MONDAY_NINE, by="sams-other"),
        ),
        "taken",
        (edited(hosts=(ANA,)),),
        "booked: 30 min with Ana",
    ),
    "a class that is off and on keeps its free seat": Sequence(
        (taken(MONDAY_NINE), deactivated), "inactive", (activated,), BOOKED, A_CLASS
    ),
    "a full class, then more seats": Sequence(
        (taken(MONDAY_NINE), taken(MONDAY_NINE)),
        "taken",
        (edited(type=CalendarType.CLASS, seats=3),),
        BOOKED,
        A_CLASS,
    ),
    "a class whose hours end, and back": Sequence(
        (taken(MONDAY_NINE), edited(**A_CLASS, weekly=FROM_TEN)),
        "taken",
        (edited(**A_CLASS, weekly=EVERY_DAY),),
        BOOKED,
        A_CLASS,
    ),
    "a class becomes meetings of one, and back": Sequence(
        (taken(MONDAY_NINE), edited(type=CalendarType.EVENT, seats=1)),
        "taken",
        (edited(**A_CLASS),),
        BOOKED,
        A_CLASS,
    ),
}


@pytest.mark.parametrize("sequence", SEQUENCES.values(), ids=SEQUENCES.keys())
async def test_a_form_sent_twice_is_answered_by_what_happened_meanwhile(
    database: Database, sequence: Sequence
) -> None:
    await given_calendar(database, **sequence.calendar)
    scene = Scene(database, await given_link(database, deadline=HOUR))

    for step in sequence.between:
        await step(scene)
    first = await scene.sends()
    for step in sequence.then:
        await step(scene)
    second = await scene.sends()

    assert (first, second) == (sequence.first, sequence.second)
    assert await database.read(overlaps) == []
    assert await database.read(half_done) == {}
