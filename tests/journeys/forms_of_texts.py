"""The booking form filled with hostile texts, and what is given back of it."""

from functools import cache
from typing import Any, Final
from urllib.parse import urlencode
from xml.etree.ElementTree import Element

from booking_web.link_page.choices import choices_with_day
from booking_web.link_page.form import (
    BookingForm,
    Fields,
    Incomplete,
    check,
    read_fields,
    read_start,
)
from booking_web.link_page.show import Form
from booking_web.rendering import Pages
from booking_web.static_files import load_static_files
from scheduling.plain_text import clean
from scheduling.times.time_zones import zone as zone_named
from scheduling.times.words import CLOCK_24
from tests.booking_web.reading import parse
from tests.given import KEYRING, NOW
from tests.journeys.hostile_texts import hostile_texts

TEXTS: Final = hostile_texts()
PAGES: Final = Pages(load_static_files())
SUBMISSION: Final = "0123456789abcdef" * 2
LOOKUP: Final = b"lookup"
GENUINE: Final = {
    "start": "2026-12-07T09:00:00Z",
    "name": "Jane Doe",
    "email": "jane@example.com",
    "notes": "",
    "zone": "Europe/Berlin",
    "from": "2026-12-01",
    "submission_id": SUBMISSION,
    "ticket": KEYRING.form_ticket(LOOKUP, SUBMISSION),
}


def posted(**fields: str) -> Fields:
    """Return what the site reads of a form with these fields in place of the genuine ones."""
    return read_fields(urlencode(GENUINE | fields, errors="surrogatepass").encode())


def checked(fields: Fields) -> BookingForm | Incomplete:
    return check(fields, keyring=KEYRING, lookups=(LOOKUP,))


def as_received(text: str, *, lines: bool = False) -> str:
    """Return what is left of a text: UTF-8 has no lone surrogates, and `clean` no control signs."""
    decoded = text.encode(errors="surrogatepass").decode(errors="replace")
    return clean(decoded, limit=4 * len(decoded), lines=lines)


def given_back(fields: Fields, wrong: Incomplete) -> str:
    """Return the smallest page that gives a form back."""
    start, query = read_start(fields.start), fields.query
    zone = zone_named(query.zone or "UTC")
    form = Form(fields.submission_id, fields.ticket, fields, wrong, is_new=False)
    page = PAGES.answer(
        "try_again.html",
        too_many=False,
        form=form,
        zone=zone.key,
        first_day=query.first_day.isoformat() if query.first_day else "",
        place="",
        choice=choices_with_day([start] if start else [], zone, CLOCK_24, now=NOW, chosen=start),
    )
    return page.text or ""


def skeleton(root: Element) -> list[tuple[str, tuple[str, ...]]]:
    """Return the elements with the names of their attributes."""
    return [(str(element.tag), tuple(element.keys())) for element in root.iter()]


def answers_in(root: Element) -> dict[str, str]:
    """Return what stands in the fields that a person fills in."""
    kept = {element.get("name"): element for element in root.iter()}
    notes = "".join(kept["notes"].itertext())
    return {"notes": notes} | {name: kept[name].get("value", "") for name in ("name", "email")}


@cache
def harmless_skeleton(problems: tuple[Any, ...], *, genuine: bool, has_start: bool) -> object:
    start = GENUINE["start"] if has_start else ""
    page = given_back(Fields(start=start), Incomplete(dict(problems), genuine))
    return skeleton(parse(page))
