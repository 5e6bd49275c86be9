"""Calendars made and changed: from a file now, from Slack later."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any, Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from scheduling.calendars.resources import ResourceType
from scheduling.calendars.types import CalendarType
from scheduling.database.models import Calendar, CalendarHost, Resource
from scheduling.errors import InvalidCalendar, UnknownCalendar
from scheduling.times.opening_hours import OpeningHours

DEFAULT_WINDOW: Final = timedelta(days=60)
LONGEST_DURATION: Final = timedelta(days=1)
LONGEST_WINDOW: Final = timedelta(days=366)
MOST_SEATS: Final = 500
REQUIRED: Final = ("name", "type", "duration", "zone", "hosts", "owner", "weekly")


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user as `users.info` tells them; email and zone are None where Slack does not say."""

    slack_user_id: str
    name: str
    email: str | None = field(default=None, repr=False)
    zone: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class CalendarSettings:
    """What a change names; None leaves a field as it is (or its default in a new calendar).

    Attributes:
        slug: which calendar; a new one is made where there is none.
        step: distance of two starts; a new calendar's is its duration.
        group: "" takes the calendar out of its group.
        notification_channel: "" lets "Link used" go to where the link was issued.
        hosts: Slack user ids; exactly one for Event and Class Booking.
        weekly: day ("mon" … "sun") to spans ("09:00-12:00"); days that are not named are closed.
        exceptions: other hours on a date; none means closed.
    """

    slug: str
    name: str | None = None
    type: CalendarType | None = None
    duration: timedelta | None = None
    step: timedelta | None = None
    buffer_before: timedelta | None = None
    buffer_after: timedelta | None = None
    minimum_notice: timedelta | None = None
    window: timedelta | None = None
    seats: int | None = None
    group: str | None = None
    zone: str | None = None
    hosts: tuple[str, ...] | None = None
    owner: str | None = None
    notification_channel: str | None = None
    active: bool | None = None
    weekly: Mapping[str, tuple[str, ...]] | None = None
    exceptions: Mapping[date, tuple[str, ...]] | None = None


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
        people: every host and owner that is named, by Slack user id.

    Raises:
        InvalidCalendar: the first setting that cannot be.
    """
    done: dict[str, list[str]] = {"created": [], "changed": [], "unchanged": []}
    for settings in calendars:
        outcome = change_calendar(
            session, workspace_id=workspace_id, settings=settings, people=people, now=now
        )
        done[outcome].append(settings.slug)
    return Loaded(tuple(done["created"]), tuple(done["changed"]), tuple(done["unchanged"]))


def change_calendar(
    session: Session,
    *,
    workspace_id: int,
    settings: CalendarSettings,
    people: Mapping[str, Person],
    now: datetime,
) -> str:
    """Make or change one calendar; return "created", "changed" or "unchanged".

    Raises:
        InvalidCalendar: what would come of it cannot be; nothing is changed.
    """
    row = _locked(session, workspace_id, settings.slug)
    if row is None:
        _require_all(settings)
        row = Calendar(workspace_id=workspace_id, slug=settings.slug, **_new(settings))
        before, old_hosts = None, []
    else:
        before, old_hosts = _facts(row), _hosts(session, row)
    _apply(row, settings, now)
    # Checked before anything is flushed, so that the refusal has words.
    named = old_hosts if settings.hosts is None else set(settings.hosts)
    _check(settings.slug, row, len(named))
    hosts = _resources(session, workspace_id, settings, people) or old_hosts
    if settings.owner is not None and settings.owner not in people:
        raise InvalidCalendar(settings.slug, "owner", f"Slack knows nobody as {settings.owner}")
    if (before, old_hosts) == (_facts(row), hosts):
        return "unchanged"
    row.updated_at = now
    session.add(row)
    session.flush()
    if hosts != old_hosts:
        _set_hosts(session, row, hosts)
    return "created" if before is None else "changed"


def deactivate_calendar(session: Session, *, workspace_id: int, slug: str, now: datetime) -> None:
    """Have it issue no links and take no bookings; its active links stay, unused."""
    _switch(session, workspace_id, slug, off_since=now, now=now)


def activate_calendar(session: Session, *, workspace_id: int, slug: str, now: datetime) -> None:
    """Have it issue links and take bookings again."""
    _switch(session, workspace_id, slug, off_since=None, now=now)


def _switch(
    session: Session, workspace_id: int, slug: str, *, off_since: datetime | None, now: datetime
) -> None:
    row = _locked(session, workspace_id, slug)
    if row is None:
        raise UnknownCalendar(slug)
    if (row.deactivated_at is None) != (off_since is None):
        row.deactivated_at = off_since
        row.updated_at = now


def _locked(session: Session, workspace_id: int, slug: str) -> Calendar | None:
    return session.scalar(
        select(Calendar)
        .where(Calendar.workspace_id == workspace_id, Calendar.slug == slug)
        .with_for_update()
    )


def _require_all(settings: CalendarSettings) -> None:
    for name in REQUIRED:
        if getattr(settings, name) in (None, ()):
            raise InvalidCalendar(settings.slug, FIELD_NAMES.get(name, name), "is missing")


FIELD_NAMES: Final = {
    "duration": "duration_minutes",
    "zone": "timezone",
    "weekly": "opening_hours",
    "window": "window_days",
    "step": "step_minutes",
}


def _new(settings: CalendarSettings) -> dict[str, Any]:
    assert settings.weekly is not None
    return {
        "type": settings.type,
        "buffer_before": timedelta(0),
        "buffer_after": timedelta(0),
        "minimum_notice": timedelta(0),
        "booking_window": DEFAULT_WINDOW,
        "seats": 1,
        "opening_hours": _hours(settings, {"weekly": {}, "exceptions": {}}),
    }


def _apply(row: Calendar, settings: CalendarSettings, now: datetime) -> None:
    for name, column in (
        ("name", "name"),
        ("type", "type"),
        ("duration", "duration"),
        ("step", "step"),
        ("buffer_before", "buffer_before"),
        ("buffer_after", "buffer_after"),
        ("minimum_notice", "minimum_notice"),
        ("window", "booking_window"),
        ("seats", "seats"),
        ("zone", "zone"),
        ("owner", "owner"),
    ):
        value = getattr(settings, name)
        if value is not None:
            setattr(row, column, value)
    if settings.group is not None:
        row.group_name = settings.group or None
    if settings.notification_channel is not None:
        row.notification_channel = settings.notification_channel or None
    if settings.active is not None and settings.active != (row.deactivated_at is None):
        row.deactivated_at = None if settings.active else now
    if settings.weekly is not None or settings.exceptions is not None:
        row.opening_hours = _hours(settings, row.opening_hours)


def _hours(settings: CalendarSettings, present: Mapping[str, Any]) -> dict[str, Any]:
    hours = dict(present)
    if settings.weekly is not None:
        hours["weekly"] = {day: list(spans) for day, spans in settings.weekly.items()}
    if settings.exceptions is not None:
        hours["exceptions"] = {
            day.isoformat(): list(spans) for day, spans in settings.exceptions.items()
        }
    try:
        return OpeningHours.from_json(hours).to_json()
    except ValueError as error:
        raise InvalidCalendar(settings.slug, "opening_hours", str(error)) from error


def _facts(row: Calendar) -> dict[str, Any]:
    return {
        column.key: getattr(row, column.key)
        for column in Calendar.__table__.columns
        if column.key != "updated_at"
    }


def _check(slug: str, row: Calendar, hosts: int) -> None:
    zero = timedelta(0)
    one_host = row.type in {CalendarType.EVENT, CalendarType.CLASS}
    rules = (
        ("duration_minutes", zero < row.duration <= LONGEST_DURATION, "must be 1 to 1440"),
        (
            "step_minutes",
            row.step is None or zero < row.step <= LONGEST_DURATION,
            "must be 1 to 1440",
        ),
        (
            "buffer_before_minutes",
            zero <= row.buffer_before <= LONGEST_DURATION,
            "must be 0 to 1440",
        ),
        ("buffer_after_minutes", zero <= row.buffer_after <= LONGEST_DURATION, "must be 0 to 1440"),
        ("minimum_notice_minutes", zero <= row.minimum_notice, "must not be negative"),
        ("window_days", zero < row.booking_window <= LONGEST_WINDOW, "must be 1 to 366"),
        (
            "seats",
            2 <= row.seats <= MOST_SEATS if row.type is CalendarType.CLASS else row.seats == 1,
            f"must be 2 to {MOST_SEATS} for a class, and 1 for every other type",
        ),
        ("hosts", hosts == 1 if one_host else hosts >= 1, "must be one for event and class"),
    )
    for name, holds, problem in rules:
        if not holds:
            raise InvalidCalendar(slug, name, problem)


def _resources(
    session: Session,
    workspace_id: int,
    settings: CalendarSettings,
    people: Mapping[str, Person],
) -> list[int]:
    ids = []
    for user_id in sorted(set(settings.hosts or ())):
        person = people.get(user_id)
        if person is None:
            raise InvalidCalendar(settings.slug, "hosts", f"Slack knows nobody as {user_id}")
        ids.append(_resource(session, workspace_id, person))
    return sorted(ids)


def _resource(session: Session, workspace_id: int, person: Person) -> int:
    row = session.scalar(
        select(Resource).where(
            Resource.workspace_id == workspace_id, Resource.slack_user_id == person.slack_user_id
        )
    )
    if row is None:
        row = Resource(
            workspace_id=workspace_id,
            type=ResourceType.INDIVIDUAL,
            slack_user_id=person.slack_user_id,
        )
        session.add(row)
    row.name = person.name
    row.email = person.email
    row.zone = person.zone
    session.flush()
    return row.id


def _hosts(session: Session, row: Calendar) -> list[int]:
    return list(
        session.scalars(
            select(CalendarHost.resource_id)
            .where(CalendarHost.calendar_id == row.id)
            .order_by(CalendarHost.resource_id)
        )
    )


def _set_hosts(session: Session, row: Calendar, ids: list[int]) -> None:
    session.execute(delete(CalendarHost).where(CalendarHost.calendar_id == row.id))
    session.execute(
        insert(CalendarHost), [{"calendar_id": row.id, "resource_id": id_} for id_ in ids]
    )
