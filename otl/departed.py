"""Warns of calendars whose host has left Slack: `otl calendars load` and `otl doctor` say it."""

from collections.abc import Iterable

from scheduling.calendars.find import CalendarDetails


def departed(calendars: Iterable[CalendarDetails]) -> list[str]:
    """Return a sentence for each active calendar with a host who has left."""
    return [_sentence(one) for one in calendars if one.active and _gone(one)]


def _gone(calendar: CalendarDetails) -> str:
    return ", ".join(host.name for host in calendar.hosts if host.has_left)


def _sentence(calendar: CalendarDetails) -> str:
    what = "goes on without them" if calendar.offers_times else "offers no times"
    return (
        f"{calendar.slug} {what}: {_gone(calendar)} left Slack. Name other hosts in its file and "
        "run `otl calendars load`, or set active = false."
    )
