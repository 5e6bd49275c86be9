from datetime import UTC, date, datetime, time, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_web.link_page.month import weeks_of
from booking_web.link_page.query import (
    DAYS_SHOWN,
    PageQuery,
    address_of,
    first_day_shown,
    read_query,
    span_to_read,
)
from scheduling.bookings.link_page import LinkPage
from scheduling.times.time_zones import zone
from tests.booking_web.pages import a_page
from tests.given import NOW
from tests.zones import zone_choices


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        pytest.param({}, PageQuery(), id="nothing"),
        pytest.param({"zone": "", "from": ""}, PageQuery(), id="empty"),
        pytest.param(
            {"zone": "Europe/Berlin", "from": "2026-12-07"},
            PageQuery("Europe/Berlin", date(2026, 12, 7)),
            id="both",
        ),
        pytest.param({"zone": "Mars/Base"}, PageQuery(bad_zone=True), id="no such zone"),
        pytest.param({"zone": "../etc/passwd"}, PageQuery(bad_zone=True), id="a path"),
        pytest.param({"zone": "a\0b"}, PageQuery(bad_zone=True), id="a NUL"),
        pytest.param({"from": "tomorrow"}, PageQuery(bad_day=True), id="no date"),
        pytest.param({"from": "2026-02-30"}, PageQuery(bad_day=True), id="no such day"),
        pytest.param({"from": "20261207"}, PageQuery(bad_day=True), id="another way to write it"),
        pytest.param(
            {"from": "\u0662\u0660\u0662\u0666-12-07"},
            PageQuery(bad_day=True),
            id="digits of another script",
        ),
        pytest.param({"from": "9999-12-31"}, PageQuery(None, date.max), id="the last day of all"),
    ],
)
def test_what_cannot_be_read_is_noted_and_never_refused(
    query: dict[str, str], expected: PageQuery
) -> None:
    assert read_query(query) == expected


def test_an_address_is_read_as_it_was_written() -> None:
    address = address_of(zone="America/Argentina/Buenos_Aires", first_day=date(2026, 12, 7))

    assert address == "?zone=America/Argentina/Buenos_Aires&from=2026-12-07"
    assert address_of(zone=None, first_day=None) == "?"


@given(
    zone_name=st.sampled_from(zone_choices()),
    day=st.one_of(st.none(), st.dates(date(2026, 11, 1), date(2027, 2, 20))),
    now=st.datetimes(datetime(2026, 11, 25), datetime(2026, 12, 10)),  # noqa: DTZ001
)
def test_in_each_zone_the_page_reads_all_that_it_shows(
    zone_name: str, day: date | None, now: datetime
) -> None:
    now = now.replace(tzinfo=UTC)
    asked, there = PageQuery(zone_name, day), zone(zone_name)
    page = a_page(earliest=now, latest=now + timedelta(days=60))

    span = span_to_read(asked, now)

    today = now.astimezone(there).date()
    first = first_day_shown(asked, page, there)
    end = first + timedelta(days=DAYS_SHOWN)
    if day is None or day < end:  # beyond the window the page is read once more, where it leads
        weeks = weeks_of(first.replace(day=1), since=today)
        since = min(first, max(weeks[0][0], today))
        until = max(end, weeks[-1][-1] + timedelta(days=1))
        assert span.start <= datetime.combine(since, time.min, tzinfo=there)
        assert span.end >= datetime.combine(until, time.min, tzinfo=there)


@pytest.mark.parametrize(
    ("asked_for", "first"),
    [
        pytest.param(None, date(2026, 12, 1), id="nothing"),
        pytest.param(date(2026, 1, 1), date(2026, 12, 1), id="the past"),
        pytest.param(date(2026, 12, 20), date(2026, 12, 20), id="inside"),
        pytest.param(date(2027, 1, 30), date(2027, 1, 30), id="the last day"),
        pytest.param(date(2027, 1, 31), date(2027, 1, 17), id="after the last day"),
        pytest.param(date.max, date(2027, 1, 17), id="the end of the calendar"),
    ],
)
def test_a_day_outside_the_booking_window_is_drawn_into_it(
    asked_for: date | None, first: date
) -> None:
    page: LinkPage = a_page(earliest=NOW, latest=datetime(2027, 1, 31, tzinfo=UTC))

    assert first_day_shown(PageQuery(None, asked_for), page, zone("UTC")) == first
