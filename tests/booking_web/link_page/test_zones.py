from datetime import UTC, date, datetime, timedelta

import pytest

from booking_web.link_page.zones import ZONES, zone_menu
from scheduling.times.time_zones import is_zone, zone
from tests.booking_web.reading import parse, text_of
from tests.zones import zone_choices

TODAY = date(2026, 12, 1)


def clocks(name: str) -> tuple[timedelta | None, ...]:
    """Return a zone's offsets in the year that can be booked, twice a day."""
    first = datetime(2026, 12, 1, tzinfo=UTC)
    return tuple(
        (first + timedelta(hours=12 * step)).astimezone(zone(name)).utcoffset()
        for step in range(730)
    )


def options(chosen: str) -> list[tuple[str | None, str, bool]]:
    page = parse(f"<!doctype html><select>{zone_menu(chosen, TODAY)}</select>")
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
    assert len(zone_menu("Europe/Berlin", TODAY).encode()) < 7000
