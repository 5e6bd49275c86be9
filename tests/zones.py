"""The zones that tests try."""

from functools import cache
from importlib.resources import files


@cache
def zone_choices() -> tuple[str, ...]:
    """Return UTC and one Area/City for each place on earth, from tzdata's zone.tab."""
    table = files("tzdata").joinpath("zoneinfo", "zone.tab").read_text(encoding="utf-8")
    rows = (line.split("\t") for line in table.splitlines() if not line.startswith("#"))
    return ("UTC", *sorted(row[2] for row in rows))
