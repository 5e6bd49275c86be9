"""When a calendar takes bookings."""

import re
from datetime import UTC, date, datetime

import pytest

from scheduling.times.intervals import Interval
from scheduling.times.opening_hours import DAYS, OpeningHours, WallSpan, openings
from scheduling.times.time_zones import zone
from tests.scheduling.times.hours import BERLIN, DAY, MINUTE, days, every_day, only_on, utc


class TestOnAnOrdinaryDay:
    """No clock jumps."""

    def test_wall_time_becomes_instants(self) -> None:
        hours = only_on("2026-12-03", "09:00-12:00", "13:00-17:30")

        assert utc(openings(hours, BERLIN, days("2026-12-03"))) == [
            "03 08:00 to 03 11:00",
            "03 12:00 to 03 16:30",
        ]

    def test_each_weekday_has_its_own_hours_and_a_missing_one_is_closed(self) -> None:
        hours = OpeningHours({0: (WallSpan(540, 600),), 4: (WallSpan(600, 660),)})

        assert utc(openings(hours, zone("UTC"), days("2026-11-30", 7))) == [
            "30 09:00 to 30 10:00",
            "04 10:00 to 04 11:00",
        ]

    def test_an_exception_takes_the_place_of_the_weekday(self) -> None:
        hours = OpeningHours(
            weekly=every_day("09:00-17:00").weekly,
            exceptions={date(2026, 12, 24): (WallSpan(600, 660),), date(2026, 12, 25): ()},
        )

        assert utc(openings(hours, zone("UTC"), days("2026-12-23", 4))) == [
            "23 09:00 to 23 17:00",
            "24 10:00 to 24 11:00",
            "26 09:00 to 26 17:00",
        ]

    def test_hours_past_midnight_belong_to_the_day_on_which_they_start(self) -> None:
        hours = OpeningHours(every_day("22:00-02:00").weekly, {date(2026, 12, 4): ()})

        assert utc(openings(hours, zone("UTC"), days("2026-12-04", 2))) == [
            "03 22:00 to 04 02:00",
            "05 22:00 to 06 02:00",
        ]

    @pytest.mark.parametrize("span", ["00:00-24:00", "00:00-00:00"])
    def test_a_whole_day_can_be_written_in_two_ways(self, span: str) -> None:
        found = openings(only_on("2026-12-03", span), zone("UTC"), days("2026-12-02", 3))

        assert utc(found) == ["03 00:00 to 04 00:00"]

    def test_an_end_at_midnight_can_be_written_in_two_ways(self) -> None:
        assert WallSpan.parse("22:00-24:00").length == WallSpan.parse("22:00-00:00").length == 120

    def test_nine_to_nine_is_a_day_and_a_night(self) -> None:
        found = openings(only_on("2026-12-03", "09:00-09:00"), zone("UTC"), days("2026-12-02", 3))

        assert utc(found) == ["03 09:00 to 04 09:00"]

    def test_openings_are_whole_so_that_every_listing_has_the_same_grid(self) -> None:
        noon = datetime(2026, 12, 3, 12, tzinfo=UTC)

        found = openings(every_day("09:00-17:00"), zone("UTC"), Interval(noon, noon + MINUTE))

        assert utc(found) == ["03 09:00 to 03 17:00"]

    def test_what_only_touches_the_time_asked_for_is_left_out(self) -> None:
        five = datetime(2026, 12, 3, 17, tzinfo=UTC)

        assert openings(every_day("09:00-17:00"), zone("UTC"), Interval(five, five + MINUTE)) == []

    def test_spans_that_touch_stay_two_openings(self) -> None:
        found = openings(
            only_on("2026-12-03", "09:00-12:00", "12:00-13:00"), zone("UTC"), days("2026-12-03")
        )

        assert utc(found) == ["03 09:00 to 03 12:00", "03 12:00 to 03 13:00"]

    def test_29_february_and_the_turn_of_a_year_are_days_like_others(self) -> None:
        hours = every_day("23:00-01:00")

        assert utc(openings(hours, zone("UTC"), days("2028-02-29"))) == [
            "28 23:00 to 29 01:00",
            "29 23:00 to 01 01:00",
        ]
        assert utc(openings(hours, zone("UTC"), days("2027-01-01"))) == [
            "31 23:00 to 01 01:00",
            "01 23:00 to 02 01:00",
        ]


class TestWhereTheClocksJump:
    """Berlin: 29 March 2026 has no 02:00 to 03:00, 25 October has it twice."""

    @pytest.mark.parametrize(
        ("day", "span", "found"),
        [
            pytest.param("2026-03-29", "02:00-03:00", [], id="all of it is left out"),
            pytest.param("2026-03-29", "02:15-02:45", [], id="inside what is left out"),
            pytest.param("2026-03-29", "02:00-04:00", ["29 01:00 to 29 02:00"], id="its beginning"),
            pytest.param("2026-03-29", "01:00-02:30", ["29 00:00 to 29 01:00"], id="its end"),
            pytest.param("2026-03-29", "01:00-04:00", ["29 00:00 to 29 02:00"], id="its middle"),
            pytest.param(
                "2026-10-25",
                "02:00-02:30",
                ["25 00:00 to 25 00:30", "25 01:00 to 25 01:30"],
                id="twice",
            ),
            pytest.param("2026-10-25", "02:00-03:00", ["25 00:00 to 25 02:00"], id="two hours"),
            pytest.param("2026-10-25", "01:00-04:00", ["24 23:00 to 25 03:00"], id="four hours"),
            pytest.param(
                "2026-10-25",
                "01:30-02:30",
                ["24 23:30 to 25 00:30", "25 01:00 to 25 01:30"],
                id="its end twice",
            ),
            pytest.param(
                "2026-10-25",
                "02:30-03:30",
                ["25 00:30 to 25 01:00", "25 01:30 to 25 02:30"],
                id="its beginning twice",
            ),
            pytest.param("2026-03-28", "22:00-04:00", ["28 21:00 to 29 02:00"], id="at night"),
        ],
    )
    def test_a_missing_time_is_not_offered_and_a_repeated_one_twice(
        self, day: str, span: str, found: list[str]
    ) -> None:
        around = Interval(days(day).start - 2 * DAY, days(day).end + 2 * DAY)

        assert utc(openings(only_on(day, span), BERLIN, around)) == found

    def test_a_day_that_a_country_skipped_has_no_hours(self) -> None:
        """Samoa went from 29 to 31 December 2011."""
        around = days("2011-12-28", 6)

        closed = openings(only_on("2011-12-30", "00:00-24:00"), zone("Pacific/Apia"), around)

        assert closed == []


def test_hours_are_stored_in_the_order_of_days() -> None:
    hours = OpeningHours.from_json(
        {
            "weekly": {"tue": ["12:00 - 17:00", "9:00-12:00"], "mon": ["22:00-24:00"], "sun": []},
            "exceptions": {"2026-12-24": ["10:00\u201312:00"], "2026-01-01": []},
        }
    )

    stored = hours.to_json()

    assert stored == {
        "weekly": {"mon": ["22:00-24:00"], "tue": ["09:00-12:00", "12:00-17:00"]},
        "exceptions": {"2026-01-01": [], "2026-12-24": ["10:00-12:00"]},
    }
    assert list(stored["weekly"]) == ["mon", "tue"]
    assert list(stored["exceptions"]) == ["2026-01-01", "2026-12-24"]


def test_a_calendar_without_hours_is_closed() -> None:
    assert openings(OpeningHours.from_json({}), BERLIN, days("2026-12-03", 30)) == []


@pytest.mark.parametrize(
    ("data", "words"),
    [
        pytest.param([], "opening hours must be a table", id="no table"),
        pytest.param({"hours": {}}, "there is no 'hours' in opening hours", id="unknown key"),
        pytest.param({"weekly": []}, "weekly must be a table", id="a list for a week"),
        pytest.param({"exceptions": 1}, "exceptions must be a table", id="a number for dates"),
        pytest.param(
            {"weekly": {"monday": []}},
            "'monday' is no weekday; they are mon, tue, wed, thu, fri, sat, sun",
            id="unknown day",
        ),
        pytest.param({"weekly": {"mon": "09:00-12:00"}}, "mon: the hours must be a list", id="str"),
        pytest.param(
            {"weekly": {"mon": [900]}}, "mon: '900' is no span such as 09:00-12:00", id="number"
        ),
        pytest.param(
            {"weekly": {"mon": ["9-12"]}},
            "mon: '9-12' is no span such as 09:00-12:00",
            id="no minutes",
        ),
        pytest.param(
            {"weekly": {"mon": ["09:00-12:00-13:00"]}},
            "mon: '09:00-12:00-13:00' is no span such as 09:00-12:00",
            id="three times",
        ),
        pytest.param(
            {"weekly": {"mon": ["\u0660\u0669:00-12:00"]}},
            "mon: '\u0660\u0669:00-12:00' is no span such as 09:00-12:00",
            id="other digits",
        ),
        pytest.param(
            {"weekly": {"mon": ["25:00-26:00"]}},
            "mon: in '25:00-26:00', a span must start between 00:00 and 23:59",
            id="hour 25",
        ),
        pytest.param(
            {"weekly": {"mon": ["24:00-02:00"]}},
            "mon: in '24:00-02:00', a span must start between 00:00 and 23:59",
            id="it starts at 24:00",
        ),
        pytest.param(
            {"weekly": {"mon": ["23:00-24:01"]}},
            "mon: in '23:00-24:01', a span must end between 00:00 and 24:00",
            id="it ends after 24:00",
        ),
        pytest.param(
            {"weekly": {"mon": ["09:60-12:00"]}},
            "mon: '09:60-12:00' has a minute after 59",
            id="minute 60",
        ),
        pytest.param(
            {"weekly": {"mon": ["09:00-12:60"]}},
            "mon: '09:00-12:60' has a minute after 59",
            id="minute 60 at the end",
        ),
        pytest.param(
            {"weekly": {"fri": ["13:00-17:00", "09:00-13:01"]}},
            "fri: 09:00-13:01 and 13:00-17:00 overlap",
            id="overlap",
        ),
        pytest.param(
            {"exceptions": {"2026-12-24": ["09:00-09:00", "10:00-11:00"]}},
            "2026-12-24: 09:00-09:00 and 10:00-11:00 overlap",
            id="overlap past midnight",
        ),
        pytest.param(
            {"exceptions": {"24.12.2026": []}},
            "'24.12.2026' is no date such as 2026-12-24",
            id="another order",
        ),
        pytest.param(
            {"exceptions": {"20261224": []}},
            "'20261224' is no date such as 2026-12-24",
            id="a second spelling",
        ),
        pytest.param(
            {"exceptions": {"2026-02-29": []}},
            "'2026-02-29' is no date such as 2026-12-24",
            id="no such day",
        ),
    ],
)
def test_hours_that_make_no_sense_are_refused_with_words(data: object, words: str) -> None:
    with pytest.raises(ValueError, match=f"^{re.escape(words)}$"):
        OpeningHours.from_json(data)


def test_the_days_of_a_week_begin_with_monday() -> None:
    assert date(2026, 11, 30).weekday() == DAYS.index("mon") == 0
