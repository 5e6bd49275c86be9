"""Calendars made and changed: from a file now, from Slack later."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy.orm import Session

from scheduling.calendars.hosts import Person, hosts_of, set_hosts, store_people
from scheduling.calendars.limits import (
    DEFAULT_CUTOFF,
    DEFAULT_MOVES,
    DEFAULT_WINDOW,
    CalendarSettings,
    problems_of,
)
from scheduling.calendars.locks import lock_for_change
from scheduling.database.models import Calendar
from scheduling.errors import InvalidCalendar, UnknownCalendar
from scheduling.places import stored_place
from scheduling.times.opening_hours import OpeningHours

_COLUMNS: Final = {
    name: "booking_window" if name == "window" else name
    for name in (
        "name",
        "type",
        "duration",
        "step",
        "buffer_before",
        "buffer_after",
        "minimum_notice",
        "change_cutoff",
        "most_moves",
        "window",
        "seats",
        "zone",
        "owner",
    )
}
"""The settings that stand in a column as they are, with its name."""


@dataclass(frozen=True, slots=True)
class Loaded:
    """Slugs of what `load_calendars` did."""

    created: tuple[str, ...]
    changed: tuple[str, ...]
    unchanged: tuple[str, ...]


def load_calendars(
    session: Session,
    *,
    workspace_id: int,
    calendars: Iterable[CalendarSettings],
    people: Mapping[str, Person],
    now: datetime,
) -> Loaded:
    """Make or change each, all or none.

    Args:
        calendars: each slug once.
        people: every host and owner that is named, by Slack user id.

    Raises:
        InvalidCalendar: all that is wrong with the first calendar that cannot be.
    """
    named = list(calendars)
    rows = lock_for_change(session, workspace_id, {settings.slug for settings in named})
    present = {slug: _settings(session, row) for slug, row in rows.items()}
    wanted = [
        _checked(present.get(settings.slug) or _new(settings.slug), settings, people)
        for settings in named
    ]
    hosts = {user_id for settings in named for user_id in settings.hosts or ()}
    resources = store_people(
        session, workspace_id=workspace_id, people=[people[user_id] for user_id in sorted(hosts)]
    )
    done: dict[str, str] = {}
    # By slug: two who make the same new calendars at once do not wait for each other in a circle.
    for settings in sorted(wanted, key=lambda one: one.slug):
        row = rows.get(settings.slug) or Calendar(workspace_id=workspace_id, slug=settings.slug)
        done[settings.slug] = _store(session, row, settings, resources, now)
    return Loaded(
        *(
            tuple(settings.slug for settings in named if done[settings.slug] == outcome)
            for outcome in ("created", "changed", "unchanged")
        )
    )


def deactivate_calendar(session: Session, *, workspace_id: int, slug: str, now: datetime) -> None:
    """Have it issue no links and take no bookings; its active links stay, unused."""
    _switch(session, workspace_id, slug, off_since=now, now=now)


def activate_calendar(session: Session, *, workspace_id: int, slug: str, now: datetime) -> None:
    """Have it issue links and take bookings again."""
    _switch(session, workspace_id, slug, off_since=None, now=now)


def _switch(
    session: Session, workspace_id: int, slug: str, *, off_since: datetime | None, now: datetime
) -> None:
    row = lock_for_change(session, workspace_id, [slug]).get(slug)
    if row is None:
        raise UnknownCalendar(slug)
    if (row.deactivated_at is None) != (off_since is None):
        row.deactivated_at = off_since
        row.updated_at = now


def _new(slug: str) -> CalendarSettings:
    """Return what a new calendar is where nothing else is named."""
    nothing = timedelta(0)
    return CalendarSettings(
        slug=slug,
        buffer_before=nothing,
        buffer_after=nothing,
        minimum_notice=nothing,
        change_cutoff=DEFAULT_CUTOFF,
        most_moves=DEFAULT_MOVES,
        window=DEFAULT_WINDOW,
        seats=1,
        active=True,
        exceptions={},
    )


def _settings(session: Session, row: Calendar) -> CalendarSettings:
    """Return what a calendar is now."""
    hours = row.opening_hours
    return CalendarSettings(
        slug=row.slug,
        **{name: getattr(row, column) for name, column in _COLUMNS.items()},
        group=row.group_name,
        description=row.description,
        place=stored_place(row.place_kind, row.place_text),
        notification_channel=row.notification_channel,
        active=row.deactivated_at is None,
        hosts=tuple(hosts_of(session, row.id)),
        weekly={day: tuple(spans) for day, spans in hours["weekly"].items()},
        exceptions={
            date.fromisoformat(on): tuple(spans) for on, spans in hours["exceptions"].items()
        },
    )


def _checked(
    present: CalendarSettings, change: CalendarSettings, people: Collection[str]
) -> CalendarSettings:
    wanted = present.changed_by(change)
    named = {*(change.hosts or ()), *filter(None, [change.owner])}
    problems = problems_of(wanted, known=people, named=named)
    if problems:
        raise InvalidCalendar(wanted.slug, problems)
    return wanted


def _store(
    session: Session,
    row: Calendar,
    settings: CalendarSettings,
    resources: Mapping[str, int],
    now: datetime,
) -> str:
    """Write a calendar; return "created", "changed" or "unchanged"."""
    is_new = row.id is None
    before = {} if is_new else hosts_of(session, row.id)
    for name, column in _COLUMNS.items():
        setattr(row, column, getattr(settings, name))
    row.group_name = settings.group or None
    row.description = settings.description or None
    row.place_kind = settings.place.kind if settings.place else None
    row.place_text = (settings.place and settings.place.text) or None
    row.notification_channel = settings.notification_channel or None
    if settings.active is not (row.deactivated_at is None):
        row.deactivated_at = None if settings.active else now
    row.opening_hours = _hours(settings)
    ids = {**before, **resources}
    hosts = {ids[user_id] for user_id in settings.hosts or ()}
    has_other_hosts = hosts != set(before.values())
    if not (is_new or has_other_hosts or session.is_modified(row)):
        return "unchanged"
    row.updated_at = now
    session.add(row)
    session.flush()
    if has_other_hosts:
        set_hosts(session, row.id, hosts)
    return "created" if is_new else "changed"


def _hours(settings: CalendarSettings) -> dict[str, Any]:
    written = {
        "weekly": settings.weekly,
        "exceptions": {on.isoformat(): spans for on, spans in (settings.exceptions or {}).items()},
    }
    return dict(OpeningHours.from_json(written).to_json())
