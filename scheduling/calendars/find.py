"""Calendars: listed, found by what people type."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import groupby
from operator import itemgetter

from rapidfuzz import fuzz, process
from sqlalchemy import ColumnElement, and_, select
from sqlalchemy.orm import Session

from scheduling.calendars.types import CalendarType
from scheduling.database.models import Calendar, CalendarHost, Resource
from scheduling.errors import AmbiguousCalendar, CalendarGroupNamed, UnknownCalendar
from scheduling.places import Place, PlaceKind, stored_place
from scheduling.times.assignment import able_hosts

NEAR_MATCHES = 3
NEARNESS = 60  # of 100


@dataclass(frozen=True, slots=True)
class Host:
    """A person whose time a calendar takes.

    Attributes:
        email: where their invitations go, and what a contact answers to a mail; shown on no page.
            None: nobody knows it.
        zone: IANA name; None: nobody knows it.
        room_url: their own room on the web, http or https; None: they have named none.
        has_left: their account in Slack was deactivated.
    """

    id: int
    slack_user_id: str
    name: str
    email: str | None = field(default=None, repr=False)
    zone: str | None = None
    room_url: str | None = field(default=None, repr=False)
    has_left: bool = False


@dataclass(frozen=True, slots=True)
class CalendarDetails:
    """A calendar as people see it.

    Attributes:
        zone: IANA name; its opening hours are wall time there.
        owner: Slack user id.
        hosts: by id.
        notification_channel: Slack channel id; None: where the link was issued.
        description: what the meeting is about, for whoever books; "" if nothing was written.
        place: where its meetings are; None: nobody says.
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
    description: str = ""
    place: Place | None = None

    @property
    def able_hosts(self) -> tuple[int, ...]:
        """Ids of those whose time can be taken, as far as it is up to who has left."""
        return able_hosts(self.type, {host.id: not host.has_left for host in self.hosts})

    @property
    def offers_times(self) -> bool:
        """Whether it can be booked at all, as far as it is up to who has left."""
        return bool(self.able_hosts)


def list_calendars(
    session: Session, *, workspace_id: int, words: str = ""
) -> tuple[CalendarDetails, ...]:
    """Return the calendars whose name, slug or group holds all the words; by name."""
    wanted = _plain(words).split()
    return tuple(
        one
        for one in _read(session, Calendar.workspace_id == workspace_id)
        if all(word in _plain(f"{one.name} {one.slug} {one.group or ''}") for word in wanted)
    )


def hosts_without_room(
    session: Session, *, workspace_id: int, slugs: Collection[str]
) -> tuple[tuple[CalendarDetails, tuple[Host, ...]], ...]:
    """Return which of these calendars meet in a room that some of their hosts do not have."""
    found = _read(session, and_(Calendar.workspace_id == workspace_id, Calendar.slug.in_(slugs)))
    without = (
        (one, tuple(host for host in one.hosts if host.room_url is None))
        for one in found
        if one.place is not None and one.place.kind is PlaceKind.HOST_ROOM
    )
    return tuple((one, hosts) for one, hosts in without if hosts)


def find_calendar(session: Session, *, workspace_id: int, words: str) -> CalendarDetails:
    """Find the one calendar that goes by this slug, name or beginning of either.

    Raises:
        UnknownCalendar: none does; near matches come along.
        AmbiguousCalendar: several do.
        CalendarGroupNamed: it is the name of a group.
    """
    wanted = _plain(words)
    if not wanted:
        raise UnknownCalendar(words)
    all_ = _read(session, Calendar.workspace_id == workspace_id)
    for one in all_:
        if one.slug == words.strip().lower():
            return one
    named = [one for one in all_ if wanted in {_plain(one.slug), _plain(one.name)}]
    if not named:
        _refuse_group(all_, wanted)
        named = [
            one
            for one in all_
            if _plain(one.slug).startswith(wanted) or _plain(one.name).startswith(wanted)
        ]
    if not named:
        raise UnknownCalendar(words, _near(all_, wanted))
    if len(named) > 1:
        raise AmbiguousCalendar(words, _pairs(named))
    return named[0]


def calendars_by_id(session: Session, ids: Iterable[int]) -> Mapping[int, CalendarDetails]:
    """Return the details of these calendars."""
    return {one.id: one for one in _read(session, Calendar.id.in_(set(ids)))}


def host_by_id(session: Session, *, host_id: int) -> Host:
    """Return a person who exists, whatever they host now."""
    return host_of(session.get_one(Resource, host_id))


def host_of(row: Resource) -> Host:
    """Return a person as they are now; what they said themselves wins over what Slack says."""
    return Host(
        id=row.id,
        slack_user_id=row.slack_user_id,
        name=row.name,
        email=row.own_email or row.email,
        zone=row.own_zone or row.zone,
        room_url=row.room_url,
        has_left=row.left_at is not None,
    )


def _read(session: Session, condition: ColumnElement[bool]) -> tuple[CalendarDetails, ...]:
    """Return the calendars, by name, with their hosts."""
    rows = session.execute(
        select(Calendar, Resource)
        .outerjoin(CalendarHost, CalendarHost.calendar_id == Calendar.id)
        .outerjoin(Resource, Resource.id == CalendarHost.resource_id)
        .where(condition)
        .order_by(Calendar.name, Calendar.id, Resource.id)
    )
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
            hosts=tuple(host_of(host) for _, host in pairs if host is not None),
            notification_channel=row.notification_channel,
            updated_at=row.updated_at,
            description=row.description or "",
            place=stored_place(row.place_kind, row.place_text),
        )
        for row, pairs in groupby(rows, key=itemgetter(0))
    )


def _refuse_group(all_: Iterable[CalendarDetails], wanted: str) -> None:
    members = [one for one in all_ if one.group and _plain(one.group) == wanted]
    if members:
        active = [one for one in members if one.active]
        raise CalendarGroupNamed(members[0].group or "", _pairs(active))


def _near(all_: Iterable[CalendarDetails], wanted: str) -> tuple[tuple[str, str], ...]:
    names = {one.id: _plain(one.name) for one in all_} | {-one.id: _plain(one.slug) for one in all_}
    by_id = {one.id: one for one in all_}
    matches = process.extract(wanted, names, scorer=fuzz.WRatio, score_cutoff=NEARNESS, limit=6)
    ids = list(dict.fromkeys(abs(key) for _, _, key in matches))[:NEAR_MATCHES]
    return tuple((by_id[id_].slug, by_id[id_].name) for id_ in ids)


def _pairs(calendars: Iterable[CalendarDetails]) -> tuple[tuple[str, str], ...]:
    return tuple((one.slug, one.name) for one in sorted(calendars, key=lambda one: one.name))


def _plain(words: str) -> str:
    return " ".join(words.casefold().replace("-", " ").replace("_", " ").split())
