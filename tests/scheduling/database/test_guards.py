"""What the database itself refuses, asked past the use cases."""

from collections import Counter
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import IntegrityError

from scheduling.database import Database, open_database
from scheduling.database.guards import OVERLAP
from scheduling.database.opening import is_sqlite
from scheduling.errors import DatabaseUnavailable
from tests.bad_rows import GUARDS, HOUR, Guard, drop, given_rows, move_occupation, occupy
from tests.given import ANA, MONDAY_NINE, SAM, given_calendar, given_link, when_booked
from tests.rendezvous import all_of
from tests.stored import count, overlaps

TAKEN_FROM, TAKEN_UNTIL = MONDAY_NINE, MONDAY_NINE + HOUR
LATER = MONDAY_NINE + 3 * HOUR
A_MOMENT = timedelta(microseconds=1)


@pytest.mark.parametrize(
    "guard", [pytest.param(guard, id=guard.trigger or guard.name) for guard in GUARDS]
)
async def test_the_guard_keeps_the_bad_row_out_and_nothing_else_does(
    database_url: str, guard: Guard
) -> None:
    guarded = open_database(database_url)
    await given_rows(guarded)
    before = await guarded.read(count, guard.table)

    with pytest.raises(IntegrityError) as refusal:
        await guarded.write(guard.store_bad_row)

    after = await guarded.read(count, guard.table)
    await guarded.close()
    await drop(database_url, guard)
    unguarded = open_database(database_url)
    await unguarded.write(guard.store_bad_row)
    await unguarded.close()
    says = guard.on_sqlite if is_sqlite(database_url) else f'"{guard.name}"'
    assert says in str(refusal.value.orig)
    assert after == before


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(TAKEN_FROM, TAKEN_UNTIL, id="the same span"),
        pytest.param(TAKEN_FROM + A_MOMENT, TAKEN_UNTIL - A_MOMENT, id="contained"),
        pytest.param(TAKEN_FROM - HOUR, TAKEN_UNTIL + HOUR, id="containing"),
        pytest.param(TAKEN_FROM - HOUR, TAKEN_FROM + A_MOMENT, id="a moment at the start"),
        pytest.param(TAKEN_UNTIL - A_MOMENT, TAKEN_UNTIL + HOUR, id="a moment at the end"),
    ],
)
async def test_no_second_occupation_may_overlap_the_first(
    database: Database, start: datetime, end: datetime
) -> None:
    await given_occupations(database)

    with pytest.raises(IntegrityError, match=OVERLAP):
        await database.write(occupy, SAM, start, end)
    with pytest.raises(IntegrityError, match=OVERLAP):
        await database.write(move_occupation, LATER, start, end)

    assert await database.read(overlaps) == []
    assert await database.read(count, "occupation") == 2


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(TAKEN_FROM - HOUR, TAKEN_FROM, id="touching before"),
        pytest.param(TAKEN_UNTIL, TAKEN_UNTIL + HOUR, id="touching after"),
        pytest.param(LATER + A_MOMENT, LATER + HOUR, id="only what it was before"),
    ],
)
async def test_occupations_may_touch_and_may_be_of_two_hosts(
    database: Database, start: datetime, end: datetime
) -> None:
    await given_occupations(database)

    await database.write(move_occupation, LATER, start, end)
    await database.write(occupy, ANA, TAKEN_FROM, TAKEN_UNTIL)
    await database.write(occupy, SAM, LATER + HOUR, LATER + 2 * HOUR)

    assert await database.read(count, "occupation") == 4


async def test_of_20_overlapping_rows_written_at_once_past_every_lock_one_goes_in(
    database: Database,
) -> None:
    await given_occupations(database)
    starts = [LATER + HOUR + timedelta(minutes=minute) for minute in range(20)]

    answers = await all_of(database.write(occupy, SAM, start, start + HOUR) for start in starts)

    assert Counter(answer is None for answer in answers) == {True: 1, False: 19}
    assert {type(answer) for answer in answers if answer} <= {IntegrityError, DatabaseUnavailable}
    assert await database.read(overlaps) == []


async def given_occupations(database: Database) -> None:
    """Sam is taken for an hour from TAKEN_FROM and for another from LATER; Ana is free."""
    await given_calendar(database, duration=HOUR)
    await given_calendar(database, slug="anas-own", hosts=(ANA,))
    await when_booked(database, await given_link(database), start=TAKEN_FROM)
    await when_booked(database, await given_link(database), start=LATER)
