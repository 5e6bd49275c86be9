"""The wording of times."""

from datetime import UTC, date, datetime, timedelta
from typing import Literal

import pytest
from babel import localedata
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.times.time_zones import zone
from scheduling.times.words import (
    CLOCK_24,
    Clock,
    ago,
    day,
    duration_words,
    span,
    time_of_day,
    utc_fallback,
    zone_city,
    zone_label,
)
from tests.zones import zone_choices

BERLIN = zone("Europe/Berlin")
NEW_YORK = zone("America/New_York")
AMERICAN = Clock(twelve_hours=True, month_first=True)
NOW = datetime(2026, 11, 30, 9, tzinfo=UTC)
HALF_AN_HOUR = timedelta(minutes=30)


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.mark.parametrize(
    ("header", "clock"),
    [
        pytest.param("", CLOCK_24, id="none"),
        pytest.param("de-DE,de;q=0.9,en;q=0.8", CLOCK_24, id="German"),
        pytest.param("en-US,en;q=0.9", AMERICAN, id="American"),
        pytest.param("en", AMERICAN, id="English of nowhere is American to CLDR"),
        pytest.param("en-GB", CLOCK_24, id="British"),
        pytest.param("en-AU", Clock(twelve_hours=True), id="Australian"),
        pytest.param("ja", Clock(month_first=True), id="Japanese"),
        pytest.param("ko-KR", AMERICAN, id="Korean"),
        pytest.param("fr-CA", CLOCK_24, id="its pattern has letters that are none"),
        pytest.param("en;q=0.2, de ; q=0.7", CLOCK_24, id="by weight"),
        pytest.param("de;q=0, en-US;q=0.1", AMERICAN, id="weight 0 is refused"),
        pytest.param("xx-YY, *, en-US", AMERICAN, id="unknown ones are passed over"),
        pytest.param("zh-Hant-TW", AMERICAN, id="with a script"),
        pytest.param("de;q=nonsense,en-US", AMERICAN, id="a weight that is none"),
        pytest.param(";;,,=;q=", CLOCK_24, id="noise"),
        pytest.param("../../etc/passwd", CLOCK_24, id="a path"),
        pytest.param("\ud800\x00", CLOCK_24, id="strange letters"),
        pytest.param("x," * 5000 + "en-US", CLOCK_24, id="endless"),
    ],
)
def test_the_language_decides_how_times_are_written(header: str, clock: Clock) -> None:
    assert Clock.for_languages(header) == clock


@settings(deadline=None, max_examples=30)
@given(st.sampled_from(localedata.locale_identifiers()))
def test_every_language_has_a_clock(name: str) -> None:
    clock = Clock.for_languages(name.replace("_", "-"))

    assert time_of_day(at("2026-12-03 14:05"), BERLIN, clock) in ("15:05", "3:05 PM")


@settings(deadline=None)
@given(
    st.text(max_size=50) | st.from_regex(r"([a-z]{2,3}(-[A-Z]{2})?(;q=[01.]+)?,?)+", fullmatch=True)
)
def test_no_header_is_an_error(header: str) -> None:
    assert isinstance(Clock.for_languages(header), Clock)


@pytest.mark.parametrize(
    ("instant", "plain", "american"),
    [
        ("2026-12-03 09:00", "10:00", "10:00 AM"),
        ("2026-12-03 08:05", "09:05", "9:05 AM"),
        ("2026-12-02 23:00", "00:00", "12:00 AM"),
        ("2026-12-03 11:00", "12:00", "12:00 PM"),
        ("2026-12-03 12:30", "13:30", "1:30 PM"),
        ("2026-12-03 22:59", "23:59", "11:59 PM"),
    ],
)
def test_a_time_is_the_readers_own(instant: str, plain: str, american: str) -> None:
    assert time_of_day(at(instant), BERLIN) == plain
    assert time_of_day(at(instant), BERLIN, AMERICAN) == american


@pytest.mark.parametrize(
    ("instant", "words"),
    [
        ("2026-10-24 23:59", "01:59"),
        ("2026-10-25 00:00", "02:00 (GMT+2)"),
        ("2026-10-25 00:30", "02:30 (GMT+2)"),
        ("2026-10-25 01:30", "02:30 (GMT+1)"),
        ("2026-10-25 01:59", "02:59 (GMT+1)"),
        ("2026-10-25 02:00", "03:00"),
        ("2026-03-29 00:59", "01:59"),
        ("2026-03-29 01:00", "03:00"),
    ],
)
def test_a_time_that_occurs_twice_says_which_one_it_is(instant: str, words: str) -> None:
    assert time_of_day(at(instant), BERLIN) == words


@settings(deadline=None)
@given(
    st.sampled_from(zone_choices()),
    st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1), timezones=st.just(UTC)),  # noqa: DTZ001
)
def test_two_instants_of_one_day_never_read_the_same(name: str, instant: datetime) -> None:
    place = zone(name)
    instant = instant.replace(second=0, microsecond=0)

    for later in (HALF_AN_HOUR, timedelta(hours=1), timedelta(hours=2)):
        both = {
            (day(one.astimezone(place)), time_of_day(one, place))
            for one in (instant, instant + later)
        }
        assert len(both) == 2


@pytest.mark.parametrize(
    ("clock", "weekday", "today", "words"),
    [
        (CLOCK_24, "long", None, "Thursday 3 December"),
        (CLOCK_24, "short", None, "Thu 3 Dec"),
        (CLOCK_24, "short", date(2026, 1, 1), "Thu 3 Dec"),
        (CLOCK_24, "short", date(2027, 1, 1), "Thu 3 Dec 2026"),
        (AMERICAN, "long", None, "Thursday, December 3"),
        (AMERICAN, "short", None, "Thu, Dec 3"),
        (AMERICAN, "long", date(2025, 12, 31), "Thursday, December 3, 2026"),
    ],
)
def test_a_day_has_its_weekday_and_another_year_its_number(
    clock: Clock, weekday: Literal["long", "short"], today: date | None, words: str
) -> None:
    assert day(date(2026, 12, 3), clock, weekday=weekday, today=today) == words


def test_a_local_time_gives_its_own_day() -> None:
    assert day(at("2026-12-02 23:30").astimezone(BERLIN)) == "Thursday 3 December"


@pytest.mark.parametrize(
    ("start", "minutes", "plain", "american"),
    [
        pytest.param(
            "2026-12-03 09:00",
            30,
            "Thu 3 Dec, 10:00\u201310:30 (Berlin)",
            "Thu, Dec 3, 10:00\u201310:30 AM (Berlin)",
            id="a meeting",
        ),
        pytest.param(
            "2026-12-03 10:45",
            30,
            "Thu 3 Dec, 11:45\u201312:15 (Berlin)",
            "Thu, Dec 3, 11:45 AM\u201312:15 PM (Berlin)",
            id="over noon",
        ),
        pytest.param(
            "2026-12-03 22:30",
            30,
            "Thu 3 Dec, 23:30\u201300:00 (Berlin)",
            "Thu, Dec 3, 11:30 PM\u201312:00 AM (Berlin)",
            id="until midnight",
        ),
        pytest.param(
            "2026-12-03 22:30",
            60,
            "Thu 3 Dec, 23:30 \u2013 Fri 4 Dec, 00:30 (Berlin)",
            "Thu, Dec 3, 11:30 PM \u2013 Fri, Dec 4, 12:30 AM (Berlin)",
            id="past midnight",
        ),
        pytest.param(
            "2026-12-31 22:30",
            60,
            "Thu 31 Dec, 23:30 \u2013 Fri 1 Jan 2027, 00:30 (Berlin)",
            "Thu, Dec 31, 11:30 PM \u2013 Fri, Jan 1, 2027, 12:30 AM (Berlin)",
            id="past the year",
        ),
        pytest.param(
            "2027-01-05 09:00",
            30,
            "Tue 5 Jan 2027, 10:00\u201310:30 (Berlin)",
            "Tue, Jan 5, 2027, 10:00\u201310:30 AM (Berlin)",
            id="next year",
        ),
        pytest.param(
            "2026-10-25 01:15",
            30,
            "Sun 25 Oct, 02:15\u201302:45 (Berlin, GMT+1)",
            "Sun, Oct 25, 2:15\u20132:45 AM (Berlin, GMT+1)",
            id="in the hour that comes again",
        ),
        pytest.param(
            "2026-10-25 01:30",
            60,
            "Sun 25 Oct, 02:30\u201303:30 (Berlin, GMT+1)",
            "Sun, Oct 25, 2:30\u20133:30 AM (Berlin, GMT+1)",
            id="out of it",
        ),
        pytest.param(
            "2026-10-25 00:30",
            60,
            "Sun 25 Oct, 02:30 (GMT+2)\u201302:30 (GMT+1) (Berlin)",
            "Sun, Oct 25, 2:30 AM (GMT+2)\u20132:30 AM (GMT+1) (Berlin)",
            id="from the one into the other",
        ),
        pytest.param(
            "2026-10-24 23:30",
            180,
            "Sun 25 Oct, 01:30\u201303:30 (Berlin)",
            "Sun, Oct 25, 1:30\u20133:30 AM (Berlin)",
            id="over both",
        ),
    ],
)
def test_a_meeting_names_its_day_its_times_and_its_zone(
    start: str, minutes: int, plain: str, american: str
) -> None:
    end = at(start) + timedelta(minutes=minutes)

    assert span(at(start), end, BERLIN, now=NOW) == plain
    assert span(at(start), end, BERLIN, AMERICAN, now=NOW) == american


def test_the_year_is_that_of_the_readers_zone() -> None:
    start = at("2027-01-01 01:00")

    assert span(start, start + HALF_AN_HOUR, NEW_YORK, now=NOW) == (
        "Thu 31 Dec, 20:00\u201320:30 (New York)"
    )


@pytest.mark.parametrize(
    ("name", "label"),
    [
        ("Europe/Berlin", "Berlin (GMT+1)"),
        ("America/New_York", "New York (GMT-5)"),
        ("America/Argentina/Buenos_Aires", "Buenos Aires (GMT-3)"),
        ("Asia/Kolkata", "Kolkata (GMT+5:30)"),
        ("Asia/Kathmandu", "Kathmandu (GMT+5:45)"),
        ("America/St_Johns", "St Johns (GMT-3:30)"),
        ("Pacific/Kiritimati", "Kiritimati (GMT+14)"),
        ("Africa/Abidjan", "Abidjan (GMT)"),
        ("America/Port-au-Prince", "Port-au-Prince (GMT-5)"),
        ("UTC", "UTC"),
        ("Etc/UTC", "UTC"),
        ("Etc/GMT", "UTC"),
        ("Zulu", "UTC"),
        ("Etc/GMT+5", "GMT-5"),
        ("Etc/GMT-14", "GMT+14"),
        ("EST5EDT", "EST5EDT (GMT-5)"),
    ],
)
def test_a_zone_is_named_by_its_city_and_its_offset(name: str, label: str) -> None:
    assert zone_label(zone(name), at("2026-12-03 09:00")) == label
    assert zone_city(zone(name)) == label.partition(" (")[0]


def test_the_offset_is_that_of_the_time_of_year() -> None:
    assert zone_label(BERLIN, at("2026-07-01 09:00")) == "Berlin (GMT+2)"


def test_times_on_both_sides_of_a_change_have_both_offsets() -> None:
    first, last = at("2026-10-20 09:00"), at("2026-11-02 09:00")

    assert zone_label(BERLIN, first, last) == "Berlin (GMT+2, later GMT+1)"
    assert zone_label(BERLIN, last, last + HALF_AN_HOUR) == "Berlin (GMT+1)"


def test_where_the_zone_is_not_known_the_time_is_utc_with_its_year() -> None:
    start = at("2026-12-03 09:00")

    assert utc_fallback(start) == "Thu 3 Dec 2026, 09:00 UTC"
    assert utc_fallback(start.astimezone(NEW_YORK)) == "Thu 3 Dec 2026, 09:00 UTC"


@pytest.mark.parametrize(
    ("minutes", "words"),
    [(5, "5 min"), (30, "30 min"), (60, "1 h"), (90, "1 h 30 min"), (1440, "24 h"), (0, "0 min")],
)
def test_a_duration_is_told_in_hours_and_minutes(minutes: int, words: str) -> None:
    assert duration_words(timedelta(minutes=minutes)) == words


@pytest.mark.parametrize(
    ("then", "now", "words"),
    [
        ("2026-12-03 08:00", "2026-12-03 09:00", "today"),
        ("2026-12-03 00:00", "2026-12-03 23:59", "today"),
        ("2026-12-02 23:59", "2026-12-03 00:00", "yesterday"),
        ("2026-12-01 23:59", "2026-12-03 00:00", "2 days ago"),
        ("2026-11-03 09:00", "2026-12-03 09:00", "30 days ago"),
        ("2026-12-04 00:01", "2026-12-03 23:59", "today"),
    ],
)
def test_what_has_happened_is_told_by_the_calendar(then: str, now: str, words: str) -> None:
    assert ago(at(then), at(now)) == words


def test_yesterday_is_the_zones_own() -> None:
    then, now = at("2026-12-02 22:30"), at("2026-12-02 23:30")

    assert ago(then, now) == "today"
    assert ago(then, now, BERLIN) == "yesterday"
