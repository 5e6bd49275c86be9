from datetime import UTC, datetime, timedelta

import pytest

from booking_web.link_page.form import Fields
from booking_web.link_page.query import PageQuery
from booking_web.link_page.show import NOTHING_WRONG, Form
from booking_web.link_page.view import link_view
from booking_web.link_page.zones import ZONES
from booking_web.rendering import Pages
from booking_web.static_files import load_static_files
from scheduling.times.time_zones import is_zone, zone
from scheduling.times.words import CLOCK_24
from tests.booking_web.pages import a_page, at
from tests.booking_web.reading import parse, text_of
from tests.given import NOW
from tests.zones import zone_choices

PAGES = Pages(load_static_files())


def clocks(name: str) -> tuple[timedelta | None, ...]:
    """Return a zone's offsets in the year that can be booked, twice a day."""
    first = datetime(2026, 12, 1, tzinfo=UTC)
    return tuple(
        (first + timedelta(hours=12 * step)).astimezone(zone(name)).utcoffset()
        for step in range(730)
    )


def menu(chosen: str) -> str:
    """Return the menu of a page whose first day is 1 December 2026."""
    page = link_view(a_page(at("2026-12-01 09:00")), PageQuery(chosen), clock=CLOCK_24, now=NOW)
    form = Form("submission", "ticket", Fields(), NOTHING_WRONG, is_new=True)
    shown = PAGES.text(
        "link.html",
        page=page,
        hints=PageQuery(),
        zone_named=True,
        from_named=False,
        taken=False,
        form=form,
    )
    return shown.partition('<select id="zone"')[2].partition(">")[2].partition("</select>")[0]


def options(chosen: str) -> list[tuple[str | None, str, bool]]:
    page = parse(f"<!doctype html><select>{menu(chosen)}</select>")
    return [
        (option.get("value"), text_of(option), option.get("selected") is not None)
        for option in page.iter("option")
    ]


def test_the_menu_has_a_city_with_the_clock_of_every_zone_on_earth() -> None:
    on_the_menu = {clocks(name) for name in ZONES}

    assert [name for name in zone_choices() if clocks(name) not in on_the_menu] == []


def test_every_city_of_the_menu_is_a_zone() -> None:
    assert [name for name in ZONES if not is_zone(name)] == []


@pytest.mark.parametrize("chosen", ["Europe/Berlin", "UTC", "Europe/Busingen", "Asia/Calcutta"])
def test_exactly_the_chosen_zone_is_selected(chosen: str) -> None:
    selected = [value for value, _, is_selected in options(chosen) if is_selected]

    assert selected == [chosen]


def test_a_city_stands_there_with_its_offset_of_that_day() -> None:
    words = {value: text for value, text, _ in options("UTC")}

    assert words["Europe/Berlin"] == "Berlin (GMT+1)"
    assert words["America/St_Johns"] == "St Johns (GMT-3:30)"


def test_the_menu_stays_light() -> None:
    assert len(menu("Europe/Berlin").encode()) < 7000


def test_the_cities_of_a_region_stand_under_its_name() -> None:
    page = parse(f"<!doctype html><select>{menu('Europe/Berlin')}</select>")

    regions = {group.get("label"): group[0].get("value") for group in page.iter("optgroup")}

    assert regions == {
        "Europe": "Europe/London",
        "Americas": "America/New_York",
        "Africa": "Africa/Casablanca",
        "Asia": "Asia/Jerusalem",
        "Australia and Pacific": "Australia/Perth",
        "Elsewhere": "UTC",
    }
