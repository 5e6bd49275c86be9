"""The free times as radio buttons. Pure.

There are some two hundred on a page: joined here they cost a tenth of a loop in the template.
"""

from collections.abc import Iterable
from datetime import datetime
from html import escape
from zoneinfo import ZoneInfo

from markupsafe import Markup

from booking_web.link_page.form import write_start
from scheduling.times.words import Clock, day, time_of_day


def day_choices(
    starts: Iterable[datetime], zone: ZoneInfo, clock: Clock, *, chosen: datetime | None
) -> Markup:
    """Return a choice for each start of one day, labelled with the time alone."""
    labelled = ((start, time_of_day(start, zone, clock)) for start in starts)
    return _choices(labelled, chosen)


def choices_with_day(
    starts: Iterable[datetime],
    zone: ZoneInfo,
    clock: Clock,
    *,
    now: datetime,
    chosen: datetime | None = None,
    form: str = "",
) -> Markup:
    """Return a choice for each start, labelled with day and time.

    Args:
        form: id of the form that they belong to; "" if they stand inside it.
    """
    today = now.astimezone(zone).date()

    def label(start: datetime) -> str:
        words = day(start.astimezone(zone), clock, weekday="short", today=today)
        return f"{words}, {time_of_day(start, zone, clock)}"

    return _choices(((start, label(start)) for start in starts), chosen, form)


def _choices(
    labelled: Iterable[tuple[datetime, str]], chosen: datetime | None, form: str = ""
) -> Markup:
    belongs = f' form="{escape(form)}"' if form else ""
    choices = [
        f'<label><input type="radio" name="start" value="{write_start(start)}"{belongs}'
        f"{' checked' if start == chosen else ''}><span>{escape(label)}</span></label>"
        for start, label in labelled
    ]
    return Markup("".join(choices))  # noqa: S704  # made of digits and of what was escaped
