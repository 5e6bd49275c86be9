"""Spans of time."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from scheduling.times.intervals import Interval

NINE = datetime(2026, 12, 3, 9, tzinfo=UTC)
TEN = datetime(2026, 12, 3, 10, tzinfo=UTC)
ELEVEN = datetime(2026, 12, 3, 11, tzinfo=UTC)
MINUTE = timedelta(minutes=1)


@pytest.mark.parametrize(
    ("other", "shared"),
    [
        pytest.param(Interval(NINE - MINUTE, NINE), False, id="it ends where the other starts"),
        pytest.param(Interval(TEN, ELEVEN), False, id="it starts where the other ends"),
        pytest.param(Interval(NINE - MINUTE, NINE + MINUTE), True, id="over the start"),
        pytest.param(Interval(TEN - MINUTE, ELEVEN), True, id="over the end"),
        pytest.param(Interval(NINE + MINUTE, TEN - MINUTE), True, id="inside"),
        pytest.param(Interval(NINE - MINUTE, ELEVEN), True, id="around"),
        pytest.param(Interval(NINE, TEN), True, id="the same"),
    ],
)
def test_touching_spans_do_not_overlap(other: Interval, *, shared: bool) -> None:
    span = Interval(NINE, TEN)

    assert span.overlaps(other) is shared
    assert other.overlaps(span) is shared


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(NINE.replace(tzinfo=None), TEN.replace(tzinfo=None), id="naive"),
        pytest.param(NINE, TEN.replace(tzinfo=None), id="naive end"),
        pytest.param(NINE.replace(tzinfo=ZoneInfo("UTC")), TEN, id="a zone that is called UTC"),
        pytest.param(TEN, NINE, id="backwards"),
        pytest.param(NINE, NINE, id="empty"),
    ],
)
def test_a_span_that_is_no_span_of_utc_is_refused(start: datetime, end: datetime) -> None:
    with pytest.raises(ValueError, match="interval"):
        Interval(start, end)


def test_spans_sort_by_their_start() -> None:
    later, earlier = Interval(TEN, ELEVEN), Interval(NINE, ELEVEN)

    assert sorted([later, earlier]) == [earlier, later]
