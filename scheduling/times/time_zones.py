"""Time zones by IANA name, from the pinned tzdata package and never from the system's older data.

Every ZoneInfo of the program comes from here: whatever was made before would hold other rules.
"""

import math
import zoneinfo
from bisect import bisect_left
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

from scheduling.times.intervals import Interval

zoneinfo.reset_tzpath(to=[])
ZoneInfo.clear_cache()

_DAY = timedelta(days=1)
_SECOND = timedelta(seconds=1)


def zone(name: str) -> ZoneInfo:
    """Return the zone of this name.

    Raises:
        ValueError: there is no such zone.
    """
    if not is_zone(name):
        raise ValueError(f"there is no time zone {name[:40]!r}")
    return ZoneInfo(name)


def is_zone(name: str) -> bool:
    """Tell whether this is exactly the name of a zone; older names count too."""
    return name in _names()


def find_zone(text: str) -> str | None:
    """Return the zone that somebody means, whatever the case: "europe/berlin", "Berlin".

    None: there is none, or several are called so.
    """
    wanted = "_".join(text.split()).casefold()
    named = [name for name in _names() if name.casefold() == wanted]
    cities = [name for name in _names() if name.casefold().endswith(f"/{wanted}")]
    found = named or [name for name in cities if name.count("/") == 1]
    return found[0] if wanted and len(found) == 1 else None


@dataclass(frozen=True, slots=True)
class Stretch:
    """A half-open span of instants, in UTC, during which a zone keeps one offset."""

    start: datetime
    end: datetime
    offset: timedelta


def stretches(zone: ZoneInfo, within: Interval) -> list[Stretch]:
    """Cut an interval where the zone's clocks jump; ascending, without a hole."""
    found = []
    start = within.start
    looked = start.replace(microsecond=0)  # clocks jump at whole seconds
    offset = _offset(zone, start)
    while looked < within.end:
        # A day is short enough: since 1970 no zone has had two changes within a week.
        ahead = min(looked + _DAY, within.end)
        if _offset(zone, ahead) != offset:
            change = _first_change(zone, looked, ahead)
            found.append(Stretch(start, change, offset))
            start, offset = change, _offset(zone, change)
        looked = ahead
    if start < within.end:
        found.append(Stretch(start, within.end, offset))
    return found


def _first_change(zone: ZoneInfo, same: datetime, changed: datetime) -> datetime:
    """Return the first whole second after `same` at which the offset is another."""
    offset = _offset(zone, same)
    seconds = range(math.ceil((changed - same) / _SECOND))
    jump = bisect_left(
        seconds, 1, key=lambda second: int(_offset(zone, same + second * _SECOND) != offset)
    )
    return same + jump * _SECOND


def _offset(zone: ZoneInfo, instant: datetime) -> timedelta:
    offset = instant.astimezone(zone).utcoffset()
    assert offset is not None
    return offset


@cache
def _names() -> frozenset[str]:
    return frozenset(zoneinfo.available_timezones())
