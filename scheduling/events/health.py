"""How the notifications stand: what waits and why, what went elsewhere than it was meant to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from sqlalchemy import ColumnElement, and_, func, or_, select
from sqlalchemy.orm import Session

from scheduling.database.models import Booking, Calendar, OneTimeLink, OutboxRow, Workspace
from scheduling.events.deliveries import PLACES, Kind, State
from scheduling.events.journal import Refusal, refusals

LOOKED_BACK: Final = timedelta(days=7)
"""What was delivered or rerouted longer ago is no news."""

STALLED_AFTER: Final = timedelta(minutes=2)
"""Due for so long and nothing delivered meanwhile: nobody works on the outbox."""

ISSUER, OWNER = 1, 2  # see `PLACES`


@dataclass(frozen=True, slots=True)
class Notification:
    """One notification, in what everybody in the workspace may read of it.

    Attributes:
        link: public id, "L-7K2QXA".
        channel: the conversation it was meant for; None: its issuer's direct messages.
        refusal: why Slack refused that one the last time, as its error code; None: it did not.
        issuer, owner: Slack user ids of who gets it instead.
    """

    kind: Kind
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
    """

    state: State
    reason: str | None
    is_moving_on: bool
    number: int
    since: datetime
    next_at: datetime
    oldest: tuple[Notification, ...]


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
    """

    slack_refusal: str | None
    slack_refused_at: datetime | None
    waiting: tuple[Waiting, ...]
    stalled_since: datetime | None
    rerouted: tuple[Rerouted, ...]
    rerouted_number: int
    delivered: int
    delivered_last_at: datetime | None


def delivery_health(
    session: Session, *, workspace_id: int, now: datetime, limit: int = 5
) -> DeliveryHealth:
    """Report on the outbox of a workspace that exists.

    Args:
        limit: how many notifications are named for each reason, and how many rerouted ones.
    """
    workspace = session.get_one(Workspace, workspace_id)
    done = [OutboxRow.workspace_id == workspace_id, OutboxRow.state == State.DONE]
    lately = [*done, OutboxRow.done_at >= now - LOOKED_BACK]
    last_at = session.scalar(select(func.max(OutboxRow.done_at)).where(*done))
    waiting = _waiting(session, workspace_id, limit)
    is_refused = workspace.slack_refused_at is not None
    return DeliveryHealth(
        slack_refusal=workspace.slack_refusal,
        slack_refused_at=workspace.slack_refused_at,
        waiting=waiting,
        stalled_since=None if is_refused else _stalled_since(waiting, last_at, now),
        rerouted=_rerouted(session, lately, limit),
        rerouted_number=_count(session, [*lately, _went_elsewhere()]),
        delivered=_count(session, lately),
        delivered_last_at=last_at,
    )


def _waiting(session: Session, workspace_id: int, limit: int) -> tuple[Waiting, ...]:
    """Count by reason, and rank within each, in one query."""
    is_moving_on = OutboxRow.place > 0
    of_one_reason = (OutboxRow.state, OutboxRow.reason, is_moving_on)
    due_at = func.coalesce(OutboxRow.lease_until, OutboxRow.not_before)
    by_age = (OutboxRow.created_at, OutboxRow.id)
    ranked = (
        select(
            OutboxRow.id,
            is_moving_on.label("is_moving_on"),
            func.count().over(partition_by=of_one_reason).label("number"),
            func.min(OutboxRow.created_at).over(partition_by=of_one_reason).label("since"),
            func.min(due_at).over(partition_by=of_one_reason).label("next_at"),
            func.row_number().over(partition_by=of_one_reason, order_by=by_age).label("rank"),
        )
        .where(OutboxRow.workspace_id == workspace_id, OutboxRow.state != State.DONE)
        .subquery()
    )
    found = session.execute(
        select(OutboxRow, ranked)
        .join(ranked, ranked.c.id == OutboxRow.id)
        .where(ranked.c.rank <= limit)
        .order_by(ranked.c.number.desc(), ranked.c.since, *by_age)
    ).all()
    named = _notifications(session, [row.OutboxRow for row in found])
    reasons: dict[tuple[Any, ...], list[Any]] = {}
    for row in found:
        one = row.OutboxRow
        reasons.setdefault((one.state, one.reason, bool(row.is_moving_on)), []).append(row)
    return tuple(
        Waiting(
            state=state,
            reason=reason,
            is_moving_on=moves_on,
            number=rows[0].number,
            since=rows[0].since,
            next_at=rows[0].next_at,
            oldest=tuple(named[row.OutboxRow.id] for row in rows),
        )
        for (state, reason, moves_on), rows in reasons.items()
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
        select(OutboxRow)
        .where(*lately, _went_elsewhere())
        .order_by(OutboxRow.done_at.desc(), OutboxRow.id.desc())
        .limit(limit)
    ).all()
    named = _notifications(session, rows)
    told = []
    for row in rows:
        one = named[row.id]
        user_id = one.issuer if row.place == ISSUER else one.owner
        told.append(Rerouted(one, user_id, row.done_at or row.created_at))
    return tuple(told)


def _went_elsewhere() -> ColumnElement[bool]:
    """Tell what was refused by its own place; a regenerated link's issuer is asked twice."""
    return or_(
        and_(OutboxRow.kind == Kind.LINK_USED, OutboxRow.place >= ISSUER),
        and_(OutboxRow.kind == Kind.LINK_REGENERATED, OutboxRow.place >= OWNER),
    )


def _count(session: Session, where: Sequence[ColumnElement[bool]]) -> int:
    return session.scalar(select(func.count()).select_from(OutboxRow).where(*where)) or 0


def _notifications(session: Session, rows: Sequence[OutboxRow]) -> Mapping[int, Notification]:
    found = session.execute(
        select(OutboxRow, OneTimeLink, Calendar)
        .outerjoin(
            Booking, (OutboxRow.kind == Kind.LINK_USED) & (Booking.id == OutboxRow.subject_id)
        )
        # What is told of no booking is told of a link (`Kind`).
        .join(OneTimeLink, OneTimeLink.id == func.coalesce(Booking.link_id, OutboxRow.subject_id))
        .join(Calendar, Calendar.id == OneTimeLink.calendar_id)
        .where(OutboxRow.id.in_([row.id for row in rows]))
    ).all()
    refused = refusals(session, {link.id for _, link, _ in found})
    return {
        row.id: _notification(row, link, calendar, refused.get(link.id, ()))
        for row, link, calendar in found
    }


def _notification(
    row: OutboxRow, link: OneTimeLink, calendar: Calendar, refused: Sequence[Refusal]
) -> Notification:
    told_by = [one for one in refused if row.done_at is None or one.at <= row.done_at]
    # Each place that refused wrote one entry: so many back stands the first place's.
    back = row.place or PLACES
    first = told_by[-back] if len(told_by) >= back else None
    channel: str | None = None
    if row.kind is Kind.LINK_USED:
        # The calendar may have another channel by now: what was refused is in the entry.
        refused_by = first.conversation if first else None
        channel = refused_by or calendar.notification_channel or link.channel_id
    return Notification(
        kind=row.kind,
        link=link.public_id,
        channel=channel,
        refusal=first.reason if first else None,
        issuer=link.issued_by,
        owner=calendar.owner,
    )
