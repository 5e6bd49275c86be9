"""Time zones by name."""

import subprocess
import sys
from datetime import UTC, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.times.intervals import Interval
from scheduling.times.time_zones import Stretch, is_zone, stretches, zone
from tests.zones import zone_choices

HOUR = timedelta(hours=1)


@pytest.mark.parametrize("module", ["opening_hours", "time_zones"])
def test_the_rules_come_from_the_pinned_data_and_not_from_the_system(module: str) -> None:
    """A fresh interpreter, because another test may have imported anything before."""
    program = f"import zoneinfo, scheduling.times.{module}; print(zoneinfo.TZPATH)"

    answer = subprocess.run(
        [sys.executable, "-c", program], check=True, capture_output=True, text=True, timeout=60
    )

    assert answer.stdout.strip() == "()"


@pytest.mark.parametrize("name", ["Europe/Berlin", "UTC", "America/Argentina/Buenos_Aires"])
def test_a_zone_is_found_by_its_name(name: str) -> None:
    assert is_zone(name)
    assert zone(name).key == name


def test_the_older_name_that_a_browser_may_send_counts_too() -> None:
    assert is_zone("Asia/Calcutta")


@pytest.mark.parametrize(
    "name",
    [
        pytest.param("", id="empty"),
        pytest.param("Europe/Atlantis", id="unknown"),
        pytest.param("europe/berlin", id="small letters"),
        pytest.param("Europe", id="a folder"),
        pytest.param("../../etc/passwd", id="a path out of the data"),
        pytest.param("/etc/localtime", id="an absolute path"),
        pytest.param("UTC\x00", id="NUL"),
        pytest.param("\ud800", id="lone surrogate"),
    ],
)
def test_what_names_no_zone_is_refused(name: str) -> None:
    assert not is_zone(name)
    with pytest.raises(ValueError, match="there is no time zone"):
        zone(name)


def test_an_interval_is_cut_at_the_second_at_which_the_clocks_jump() -> None:
    start = datetime(2026, 3, 28, 12, 0, 0, 5, tzinfo=UTC)
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    end = datetime(2026, 4, 2, tzinfo=UTC)

    found = stretches(ZoneInfo("Europe/Berlin"), Interval(start, end))

    assert found == [Stretch(start, change, HOUR), Stretch(change, end, 2 * HOUR)]


@pytest.mark.parametrize(
    ("start", "end"),
    [
        pytest.param(timedelta(0), HOUR, id="it starts at the jump"),
        pytest.param(-HOUR, timedelta(0), id="it ends at the jump"),
        pytest.param(timedelta(microseconds=1), HOUR, id="it starts right behind"),
        pytest.param(-HOUR, timedelta(microseconds=-1), id="it ends right before"),
    ],
)
def test_an_interval_beside_the_jump_is_not_cut(start: timedelta, end: timedelta) -> None:
    change = datetime(2026, 3, 29, 1, tzinfo=UTC)
    within = Interval(change + start, change + end)

    found = stretches(ZoneInfo("Europe/Berlin"), within)

    assert [(one.start, one.end) for one in found] == [(within.start, within.end)]


@settings(deadline=None, max_examples=50)
@given(
    st.sampled_from(zone_choices()),
    st.datetimes(datetime(1971, 1, 1), datetime(2037, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
    st.timedeltas(timedelta(microseconds=1), timedelta(days=500)),
)
def test_stretches_cover_the_interval_and_each_has_one_offset(
    name: str, start: datetime, length: timedelta
) -> None:
    within = Interval(start, start + length)

    found = stretches(ZoneInfo(name), within)

    assert (found[0].start, found[-1].end) == (within.start, within.end)
    for before, after in pairwise(found):
        assert before.end == after.start
        assert before.offset != after.offset
    for one in found:
        for share in range(20):
            instant = one.start + (one.end - one.start) * (share / 20)
            assert instant.astimezone(ZoneInfo(name)).utcoffset() == one.offset
