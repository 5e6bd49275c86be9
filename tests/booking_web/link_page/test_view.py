from datetime import date, datetime, timedelta

import pytest

from booking_web.link_page.choices import Choice
from booking_web.link_page.form import Fields
from booking_web.link_page.query import PageQuery
from booking_web.link_page.show import NOTHING_WRONG, Form
from booking_web.link_page.view import Elsewhere, LinkView, link_view
from booking_web.rendering import Pages
from booking_web.static_files import load_static_files
from scheduling.bookings.link_page import LinkPage
from scheduling.calendars.find import Host
from scheduling.calendars.types import CalendarType
from scheduling.times.words import CLOCK_24, Clock
from tests.booking_web.pages import SAM_RIVERA, a_calendar, a_page, at
from tests.booking_web.reading import words_of
from tests.given import ANA, KIM, NOW

ANA_LOPES, KIM_PARK = Host(2, ANA, "Ana Lopes"), Host(3, KIM, "Kim Park")
PAGES = Pages(load_static_files())
AMERICAN = Clock.for_languages("en-US")


def shown(
    page: LinkPage,
    query: PageQuery | None = None,
    *,
    clock: Clock = CLOCK_24,
    now: datetime = NOW,
    chosen: datetime | None = None,
    taken: datetime | None = None,
) -> LinkView:
    return link_view(page, query or PageQuery(), clock=clock, now=now, chosen=chosen, taken=taken)


def labels(choices: tuple[Choice, ...]) -> list[str]:
    return [choice.words for choice in choices]


def listed(page: LinkView) -> dict[str, list[str]]:
    return {day.title: labels(day.choices) for day in page.days}


def month_links(page: LinkView) -> dict[str, str]:
    cells = [cell for week in page.month.weeks for cell in week]
    return {cell.words.removesuffix(", free times"): cell.address for cell in cells if cell.address}


def test_times_stand_under_the_days_of_the_contact_zone() -> None:
    page = a_page(at("2026-12-03 09:00"), at("2026-12-03 16:00"))

    tokyo = shown(page, PageQuery("Asia/Tokyo"))

    assert listed(tokyo) == {"Thursday 3 December": ["18:00"], "Friday 4 December": ["01:00"]}
    assert tokyo.zone_words == "Tokyo (GMT+9)"


def test_a_time_of_another_length_than_the_calendar_says_names_it() -> None:
    nine, ten = at("2026-12-03 09:00"), at("2026-12-03 10:00")
    page = shown(a_page(nine, ten, other_lengths={nine: timedelta(minutes=45)}))

    assert page.duration == "30 min"
    assert listed(page) == {"Thursday 3 December": ["09:00 (45 min)", "10:00"]}
    assert page.wide


def test_without_a_choice_the_calendar_zone_holds() -> None:
    page = shown(a_page(at("2026-12-03 09:00"), calendar=a_calendar(zone="Europe/Berlin")))

    assert (page.zone, page.place) == ("Europe/Berlin", "Berlin")
    assert listed(page) == {"Thursday 3 December": ["10:00"]}


def test_a_wall_time_that_occurs_twice_is_offered_twice_with_its_offset() -> None:
    page = a_page(at("2027-10-31 00:30"), at("2027-10-31 01:30"), latest=NOW + timedelta(days=400))

    berlin = shown(page, PageQuery("Europe/Berlin", date(2027, 10, 31)))

    (times,) = listed(berlin).values()
    assert times == ["02:30 (GMT+2)", "02:30 (GMT+1)"]
    assert berlin.zone_words == "Berlin (GMT+2, later GMT+1)"


def test_a_day_whose_midnight_does_not_exist_keeps_its_first_hour() -> None:
    page = a_page(at("2027-04-29 21:30"), at("2027-04-29 22:00"), latest=NOW + timedelta(days=400))

    cairo = shown(page, PageQuery("Africa/Cairo", date(2027, 4, 29)))

    assert listed(cairo) == {
        "Thursday 29 April 2027": ["23:30"],
        "Friday 30 April 2027": ["01:00"],
    }


def test_an_american_reads_american_times() -> None:
    page = shown(a_page(at("2026-12-03 14:30")), clock=AMERICAN)

    assert listed(page) == {"Thursday, December 3": ["2:30 PM"]}
    assert page.wide


def test_only_the_fourteen_days_are_listed_and_the_month_knows_of_more() -> None:
    page = shown(a_page(at("2026-12-14 09:00"), at("2026-12-15 09:00"), at("2026-12-31 09:00")))

    assert list(listed(page)) == ["Monday 14 December"]
    assert month_links(page) == {
        "Monday 14 December": "#day-2026-12-14",
        "Tuesday 15 December": "?from=2026-12-15",
        "Thursday 31 December": "?from=2026-12-31",
    }


def test_the_month_leaves_out_weeks_that_are_over_and_ends_with_a_whole_one() -> None:
    page = shown(a_page(at("2027-01-02 09:00")), now=at("2026-12-24 08:00"))

    rows = [[cell.number for cell in week] for week in page.month.weeks]
    assert page.month.title == "December 2026"
    assert rows == [
        [21, 22, 23, 24, 25, 26, 27],
        [28, 29, 30, 31, 1, 2, 3],
    ]
    assert list(month_links(page)) == ["Saturday 2 January"]


def every(minutes: int, *, days: int, since: str = "2026-12-02 00:00") -> list[datetime]:
    number = days * 24 * 60 // minutes
    return [at(since) + timedelta(minutes=minutes) * count for count in range(number)]


def test_of_a_thousand_starts_or_more_as_many_whole_days_as_fit_are_listed() -> None:
    page = shown(a_page(*every(5, days=40)), PageQuery(None, date(2026, 12, 3)))

    assert [len(times) for times in listed(page).values()] == [288, 288, 288]
    assert page.more == Elsewhere("Sun 6 Dec", "?from=2026-12-06", is_later=True)
    assert page.span == "Thu 3 Dec \N{EN DASH} Sat 5 Dec"
    assert (page.earlier, page.later) == ("?from=2026-12-01", "?from=2026-12-06")
    assert month_links(page)["Saturday 5 December"] == "#day-2026-12-05"
    assert month_links(page)["Sunday 6 December"] == "?from=2026-12-06"


def test_exactly_a_thousand_starts_are_one_page() -> None:
    starts = every(15, days=10)[:960] + every(1, days=1, since="2026-12-14 00:00")[:40]

    page = shown(a_page(*starts))

    assert sum(map(len, listed(page).values())) == 1000
    assert (page.more, page.later) == (None, "?from=2026-12-15")


def test_a_day_of_more_than_a_thousand_starts_is_listed_whole_and_alone() -> None:
    page = shown(a_page(*every(1, days=2)))

    assert {title: len(times) for title, times in listed(page).items()} == {
        "Wednesday 2 December": 1440
    }
    assert page.more == Elsewhere("Thu 3 Dec", "?from=2026-12-03", is_later=True)


def test_a_chosen_time_that_does_not_fit_any_more_begins_the_page() -> None:
    page = shown(a_page(*every(5, days=14)), chosen=at("2026-12-08 09:00"))

    assert next(iter(listed(page))) == "Tuesday 8 December"
    assert page.first_day == "2026-12-08"
    assert any(choice.is_chosen for choice in page.days[0].choices)


def test_the_ways_to_other_weeks_end_where_the_booking_window_ends() -> None:
    page = a_page(at("2026-12-03 09:00"), latest=at("2026-12-29 00:00"))

    first, second = shown(page), shown(page, PageQuery(None, date(2026, 12, 15)))

    assert (first.earlier, first.later) == (None, "?from=2026-12-15")
    assert (second.earlier, second.later) == ("?from=2026-12-01", None)
    assert first.span == "Tue 1 Dec \N{EN DASH} Mon 14 Dec"
    assert (first.month.before, first.month.after) == (None, None)


def test_a_chosen_zone_stays_on_all_ways() -> None:
    page = shown(a_page(at("2026-12-20 09:00")), PageQuery("Asia/Tokyo"))

    ways = [page.later, page.soonest, page.month.after, *month_links(page).values()]
    assert len(ways) == 4
    assert all("zone=Asia/Tokyo" in (way or "") for way in ways)


def test_the_chosen_time_stays_chosen() -> None:
    page = shown(
        a_page(at("2026-12-03 09:00"), at("2026-12-03 10:00")), chosen=at("2026-12-03 10:00")
    )

    assert [choice.is_chosen for choice in page.days[0].choices] == [False, True]


@pytest.mark.parametrize(
    ("page", "query", "elsewhere"),
    [
        pytest.param(
            a_page(next_start=at("2027-01-04 09:00")),
            PageQuery(),
            Elsewhere("Mon 4 Jan 2027", "?from=2027-01-04", is_later=True),
            id="later, beyond what was read",
        ),
        pytest.param(
            a_page(at("2026-12-20 09:00")),
            PageQuery(),
            Elsewhere("Sun 20 Dec", "?from=2026-12-20", is_later=True),
            id="later in the month",
        ),
        pytest.param(
            a_page(at("2026-12-02 09:00"), at("2026-12-04 09:00")),
            PageQuery(None, date(2026, 12, 15)),
            Elsewhere("Fri 4 Dec", "?from=2026-12-04", is_later=False),
            id="only before",
        ),
        pytest.param(a_page(), PageQuery(), None, id="nowhere"),
    ],
)
def test_two_weeks_without_times_lead_to_the_next_one(
    page: LinkPage, query: PageQuery, elsewhere: Elsewhere | None
) -> None:
    empty = shown(page, query)

    assert empty.days == ()
    assert empty.elsewhere == elsewhere
    assert empty.has_times == (elsewhere is not None)


def test_after_the_last_free_time_the_page_still_leads_back() -> None:
    page = shown(a_page(), PageQuery(None, date(2027, 1, 10)))

    assert page.has_times
    assert page.earlier == "?from=2026-12-27"


def test_the_nearest_three_are_offered_in_place_of_a_taken_time() -> None:
    hours = [at(f"2026-12-03 {hour:02}:00") for hour in (7, 9, 11, 12, 16)]

    page = shown(a_page(*hours), taken=at("2026-12-03 10:00"))

    assert labels(page.near) == ["Thu 3 Dec, 09:00", "Thu 3 Dec, 11:00", "Thu 3 Dec, 12:00"]


def test_where_nothing_is_near_the_next_start_is_offered() -> None:
    page = shown(a_page(next_start=at("2027-01-04 09:00")), taken=at("2026-12-03 10:00"))

    assert labels(page.near) == ["Mon 4 Jan 2027, 09:00"]


@pytest.mark.parametrize(
    ("type_", "hosts", "words", "notes_for"),
    [
        pytest.param(CalendarType.EVENT, (SAM_RIVERA,), "Sam Rivera", "Sam Rivera", id="one host"),
        pytest.param(
            CalendarType.COLLECTIVE,
            (SAM_RIVERA, ANA_LOPES),
            "Sam Rivera and Ana Lopes",
            "your hosts",
            id="all of them",
        ),
        pytest.param(
            CalendarType.ROUND_ROBIN,
            (SAM_RIVERA, ANA_LOPES, KIM_PARK),
            "Sam Rivera, Ana Lopes or Kim Park",
            "your host",
            id="one of them",
        ),
        pytest.param(
            CalendarType.ROUND_ROBIN,
            (SAM_RIVERA, ANA_LOPES, KIM_PARK) * 2,
            "One of 6 hosts",
            "your host",
            id="one of many",
        ),
        pytest.param(
            CalendarType.COLLECTIVE,
            (SAM_RIVERA, ANA_LOPES, KIM_PARK) * 2,
            "6 hosts",
            "your hosts",
            id="many",
        ),
    ],
)
def test_the_page_says_whom_one_meets(
    type_: CalendarType, hosts: tuple[Host, ...], words: str, notes_for: str
) -> None:
    start = at("2026-12-03 09:00")
    page = shown(a_page(start, calendar=a_calendar(type_=type_, hosts=hosts)))

    answer = PAGES.answer(
        "link.html",
        page=page,
        hints=PageQuery(),
        zone_named=False,
        from_named=False,
        taken=False,
        form=Form("", "", Fields(), NOTHING_WRONG, is_new=True),
    )

    read = words_of(answer.text or "")
    assert f" {words} Onboarding Call" in read
    assert f"Anything {notes_for} should know" in read
