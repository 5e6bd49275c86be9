"""How the notifications stand: what waits and why, what went elsewhere than it was meant to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, case, func, or_, select
from sqlalchemy.orm import Session

from scheduling.database.models import (
    Booking,
    Calendar,
    DeliveryRow,
    EventRow,
    OneTimeLink,
    Resource,
)
from scheduling.events.deliveries import State
from scheduling.events.destinations import CHANNEL, HOST, OF_HOSTS, PERSON, SLACK
from scheduling.events.kinds import EventKind
from scheduling.events.mail_health import MailHealth, mail_health
from scheduling.events.refusing import refusing

LOOKED_BACK: Final = timedelta(days=7)
"""What was delivered or rerouted longer ago is no news."""

STALLED_AFTER: Final = timedelta(minutes=2)
"""Due for so long and nothing delivered meanwhile: nobody works on what is due."""


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification, in what everybody in the workspace may read of it.

    Attributes:
        link: public id, "L-7K2QXA"; "" where it is about a host.
        channel: the conversation it was meant for, or where it stands and waits to be edited; of a
            host's their Slack user id; None: its issuer's direct messages.
        refusal: why Slack refused that one the last time, as its error code; None: it did not.
        issuer, owner: Slack user ids of who gets it instead.
    """

    kind: EventKind
    link: str
    channel: str | None
    refusal: str | None
    issuer: str
    owner: str


@dataclass(frozen=True, slots=True)
class Waiting:
    """Notifications that wait for the same reason.

    Attributes:
        state: READY, SENDING or UNSURE.
        reason: what came of the last try, Slack's error code or a word of our own; None: none yet.
        is_moving_on: refused by one place, and about to try the next.
        number: how many they are.
        since: when the oldest was queued.
        next_at: when the first of them is due; it may have passed.
        oldest: the first few of them.
        is_edit: they stand already, and show how things were.
    """

    state: State
    reason: str | None
    is_moving_on: bool
    number: int
    since: datetime
    next_at: datetime
    oldest: tuple[Notification, ...]
    is_edit: bool = False


@dataclass(frozen=True, slots=True)
class Rerouted:
    """A notification that another place than its own took; user_id: whose direct messages."""

    notification: Notification
    user_id: str
    at: datetime


@dataclass(frozen=True, slots=True)
class DeliveryHealth:
    """How the notifications of a workspace stand.

    Attributes:
        slack_refusal: Slack's error code while it refuses our token; else None.
        slack_refused_at: since when it does.
        waiting: one for each reason, the largest first.
        stalled_since: since when something is due that nobody takes up; None: all is at work.
        rerouted: within `LOOKED_BACK`, newest first, at most as many as were asked for.
        rerouted_number: how many they are in all.
        delivered: how many arrived within `LOOKED_BACK`, rerouted ones included.
        delivered_last_at: when the latest one ever did; None: none yet.
        mail: how the mail stands; all else is about Slack.
    """

    slack_refusal: str | None
    slack_refused_at: datetime | None
    waiting: tuple[Waiting, ...]
    stalled_since: datetime | None
    rerouted: tuple[Rerouted, ...]
    rerouted_number: int
    delivered: int
    delivered_last_at: datetime | None
    mail: MailHealth = field(default_factory=MailHealth)


def delivery_health(
    session: Session, *, workspace_id: int, now: datetime, limit: int = 5
) -> DeliveryHealth:
    """Report on the deliveries of a workspace that exists.

    Args:
        limit: how many notifications are named for each reason, and how many rerouted ones.
    """
    ours = [DeliveryRow.workspace_id == workspace_id, DeliveryRow.destination == SLACK]
    done = [*ours, DeliveryRow.state == State.DONE]
    # That an old message was edited lately is no news either.
    lately = [
        *done,
        DeliveryRow.closed_at >= now - LOOKED_BACK,
        or_(DeliveryRow.shown == 1, DeliveryRow.created_at >= now - LOOKED_BACK),
    ]
    last_at = session.scalar(select(func.max(DeliveryRow.closed_at)).where(*done))
    waiting = _waiting(session, ours, limit)
    refused = refusing(session).get(SLACK)
    went_elsewhere = DeliveryRow.place > 0
    return DeliveryHealth(
        slack_refusal=refused.reason if refused else None,
        slack_refused_at=refused.since if refused else None,
        waiting=waiting,
        stalled_since=None if refused else _stalled_since(waiting, last_at, now),
        rerouted=_rerouted(session, [*lately, went_elsewhere], limit),
        rerouted_number=_count(session, [*lately, went_elsewhere]),
        delivered=_count(session, lately),
        delivered_last_at=last_at,
        mail=mail_health(session, now=now),
    )


def _waiting(
    session: Session, ours: Sequence[ColumnElement[bool]], limit: int
) -> tuple[Waiting, ...]:
    """Count by reason, and rank within each, in one query."""
    is_moving_on = DeliveryRow.place > 0
    is_edit = DeliveryRow.receipt_id.is_not(None)
    of_one_reason = (DeliveryRow.state, DeliveryRow.reason, is_moving_on, is_edit)
    # What is due at once (1970) is due since it was queued.
    due_at = case(
        (DeliveryRow.not_before < DeliveryRow.created_at, DeliveryRow.created_at),
        else_=DeliveryRow.not_before,
    )
    by_age = (DeliveryRow.created_at, DeliveryRow.id)
    ranked = (
        select(
            DeliveryRow.id,
            is_moving_on.label("is_moving_on"),
            is_edit.label("is_edit"),
            func.count().over(partition_by=of_one_reason).label("number"),
            func.min(DeliveryRow.created_at).over(partition_by=of_one_reason).label("since"),
            func.min(due_at).over(partition_by=of_one_reason).label("next_at"),
            func.row_number().over(partition_by=of_one_reason, order_by=by_age).label("rank"),
        )
        .where(*ours, DeliveryRow.closed_at.is_(None))
        .subquery()
    )
    found = session.execute(
        select(DeliveryRow, ranked)
        .join(ranked, ranked.c.id == DeliveryRow.id)
        .where(ranked.c.rank <= limit)
        .order_by(ranked.c.number.desc(), ranked.c.since, *by_age)
    ).all()
    named = _notifications(session, [row.DeliveryRow for row in found])
    reasons: dict[tuple[Any, ...], list[Any]] = {}
    for row in found:
        one = row.DeliveryRow
        sort = (one.state, one.reason, bool(row.is_moving_on), bool(row.is_edit))
        reasons.setdefault(sort, []).append(row)
    return tuple(
        Waiting(
            state=state,
            reason=reason,
            is_moving_on=moves_on,
            number=rows[0].number,
            since=rows[0].since,
            next_at=rows[0].next_at,
            oldest=tuple(named[row.DeliveryRow.id] for row in rows),
            is_edit=is_edit,
        )
        for (state, reason, moves_on, is_edit), rows in reasons.items()
    )


def _stalled_since(
    waiting: Iterable[Waiting], delivered_last_at: datetime | None, now: datetime
) -> datetime | None:
    due = min((one.next_at for one in waiting), default=now)
    # Where many wait for their turn, the oldest may be late while others are delivered.
    idle_since = due if delivered_last_at is None else max(due, delivered_last_at)
    return due if now - idle_since > STALLED_AFTER else None


def _rerouted(
    session: Session, lately: Sequence[ColumnElement[bool]], limit: int
) -> tuple[Rerouted, ...]:
    rows = session.scalars(
        select(DeliveryRow)
        .where(*lately)
        .order_by(DeliveryRow.closed_at.desc(), DeliveryRow.id.desc())
        .limit(limit)
    ).all()
    named = _notifications(session, rows)
    return tuple(
        # The place where it went is the lane that it stands in.
        Rerouted(named[row.id], row.lane, row.closed_at or row.created_at)
        for row in rows
    )


def _count(session: Session, where: Sequence[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(DeliveryRow).where(*where)) or 0


def _notifications(session: Session, rows: Sequence[DeliveryRow]) -> Mapping[int, Notification]:
    hosts = _hosts(session, rows)
    found = session.execute(
        select(DeliveryRow, EventRow.kind, OneTimeLink, Calendar)
        .join(EventRow, EventRow.id == DeliveryRow.event_id)
        .outerjoin(
            Booking,
            EventRow.kind.in_([kind for kind in EventKind if kind.subject == "booking"])
            & (Booking.id == EventRow.subject_id),
        )
        # What is told of no booking and no host is told of a link (`EventKind`).
        .outerjoin(
            OneTimeLink,
            EventRow.kind.not_in(OF_HOSTS)
            & (OneTimeLink.id == func.coalesce(Booking.link_id, EventRow.subject_id)),
        )
        .outerjoin(Calendar, Calendar.id == OneTimeLink.calendar_id)
        .where(DeliveryRow.id.in_([row.id for row in rows]))
    ).all()
    return {
        row.id: _of_host(row, kind)
        if kind in OF_HOSTS
        else _notification(row, kind, link, calendar, host=hosts.get(row.recipient))
        for row, kind, link, calendar in found
    }


def _hosts(session: Session, rows: Sequence[DeliveryRow]) -> Mapping[str, str]:
    """Return the Slack user ids of hosts, by recipient."""
    parts = {row.recipient for row in rows if row.recipient.startswith(HOST)}
    ids = {int(part.removeprefix(HOST)): part for part in parts}
    people = session.scalars(select(Resource).where(Resource.id.in_(ids)))
    return {ids[person.id]: person.slack_user_id for person in people}


def _of_host(row: DeliveryRow, kind: EventKind) -> Notification:
    person = row.recipient.removeprefix(PERSON)
    return Notification(kind, "", person, row.refusal, issuer=person, owner=person)


def _notification(
    row: DeliveryRow, kind: EventKind, link: OneTimeLink, calendar: Calendar, *, host: str | None
) -> Notification:
    channel = host
    if row.recipient == CHANNEL and row.closed_at is None and row.receipt_place is not None:
        channel = row.receipt_place
    elif row.recipient == CHANNEL:
        # The calendar may have another channel by now: what refused is kept in the row.
        channel = row.refused_place or calendar.notification_channel or link.channel_id
    return Notification(
        kind=kind,
        link=link.public_id,
        channel=channel,
        refusal=row.refusal,
        issuer=link.issued_by,
        owner=calendar.owner,
    )
