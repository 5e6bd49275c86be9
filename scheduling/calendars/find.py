"""Calendars: listed, found by what people type."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from rapidfuzz import fuzz, process
from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.calendars.types import CalendarType
from scheduling.database.models import Calendar, CalendarHost, Resource
from scheduling.errors import AmbiguousCalendar, CalendarGroupNamed, UnknownCalendar

NEAR_MATCHES = 3
NEARNESS = 60  # of 100


@dataclass(frozen=True, slots=True)
class Host:
    """A person whose time a calendar takes."""

    id: int
    slack_user_id: str
    name: str


@dataclass(frozen=True, slots=True)
class CalendarDetails:
    """A calendar as people see it.

    Attributes:
        zone: IANA name; its opening hours are wall time there.
        owner: Slack user id.
        hosts: by id.
        notification_channel: Slack channel id; None: where the link was issued.
    """

    id: int
    slug: str
    name: str
    type: CalendarType
    duration: timedelta
    group: str | None
    zone: str
    active: bool
    owner: str
    hosts: tuple[Host, ...]
    notification_channel: str | None
    updated_at: datetime


def list_calendars(
    session: Session, *, workspace_id: int, words: str = ""
) -> tuple[CalendarDetails, ...]:
    """Return the calendars whose name, slug or group holds all the words; by name."""
    rows = session.scalars(
        select(Calendar).where(Calendar.workspace_id == workspace_id).order_by(Calendar.name)
    ).all()
    wanted = _plain(words).split()
    found = [
        row
        for row in rows
        if all(word in _plain(f"{row.name} {row.slug} {row.group_name or ''}") for word in wanted)
    ]
    return _details(session, found)


def find_calendar(session: Session, *, workspace_id: int, words: str) -> CalendarDetails:
    """Find the one calendar that goes by this slug, name or beginning of either.

    Raises:
        UnknownCalendar: none does; near matches come along.
        AmbiguousCalendar: several do.
        CalendarGroupNamed: it is the name of a group.
    """
    rows = session.scalars(select(Calendar).where(Calendar.workspace_id == workspace_id)).all()
    wanted = _plain(words)
    if not wanted:
        raise UnknownCalendar(words)
    for row in rows:
        if row.slug == words.strip().lower():
            return _details(session, [row])[0]
    named = [row for row in rows if wanted in {_plain(row.slug), _plain(row.name)}]
    if not named:
        _refuse_group(rows, wanted)
        named = [
            row
            for row in rows
            if _plain(row.slug).startswith(wanted) or _plain(row.name).startswith(wanted)
        ]
    if not named:
        raise UnknownCalendar(words, _near(rows, wanted))
    if len(named) > 1:
        raise AmbiguousCalendar(words, _pairs(named))
    return _details(session, named)[0]


def calendars_by_id(session: Session, ids: Iterable[int]) -> Mapping[int, CalendarDetails]:
    """Return the details of these calendars."""
    rows = session.scalars(select(Calendar).where(Calendar.id.in_(set(ids)))).all()
    return {details.id: details for details in _details(session, rows)}


def _details(session: Session, rows: Iterable[Calendar]) -> tuple[CalendarDetails, ...]:
    rows = list(rows)
    hosts: dict[int, list[Host]] = {row.id: [] for row in rows}
    for calendar_id, resource in session.execute(
        select(CalendarHost.calendar_id, Resource)
        .join(Resource, Resource.id == CalendarHost.resource_id)
        .where(CalendarHost.calendar_id.in_(hosts))
        .order_by(Resource.id)
    ):
        hosts[calendar_id].append(Host(resource.id, resource.slack_user_id, resource.name))
    return tuple(
        CalendarDetails(
            id=row.id,
            slug=row.slug,
            name=row.name,
            type=row.type,
            duration=row.duration,
            group=row.group_name,
            zone=row.zone,
            active=row.deactivated_at is None,
            owner=row.owner,
            hosts=tuple(hosts[row.id]),
            notification_channel=row.notification_channel,
            updated_at=row.updated_at,
        )
        for row in rows
    )


def _refuse_group(rows: Iterable[Calendar], wanted: str) -> None:
    members = [row for row in rows if row.group_name and _plain(row.group_name) == wanted]
    if members:
        active = [row for row in members if row.deactivated_at is None]
        raise CalendarGroupNamed(members[0].group_name or "", _pairs(active))


def _near(rows: Iterable[Calendar], wanted: str) -> tuple[tuple[str, str], ...]:
    names = {row.id: _plain(row.name) for row in rows} | {-row.id: _plain(row.slug) for row in rows}
    by_id = {row.id: row for row in rows}
    matches = process.extract(wanted, names, scorer=fuzz.WRatio, score_cutoff=NEARNESS, limit=6)
    ids = list(dict.fromkeys(abs(key) for _, _, key in matches))[:NEAR_MATCHES]
    return tuple((by_id[id_].slug, by_id[id_].name) for id_ in ids)


def _pairs(rows: Iterable[Calendar]) -> tuple[tuple[str, str], ...]:
    return tuple((row.slug, row.name) for row in sorted(rows, key=lambda row: row.name))


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("-", " ").replace("_", " ").split())
