"""What the world must still be told: queued with the deed, claimed, its outcome recorded."""

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, func, insert, or_, select, update
from sqlalchemy.orm import Session

from scheduling import workspaces
from scheduling.database.models import Booking, OutboxRow, Workspace
from scheduling.events import journal as ledger
from scheduling.events.deliveries import (
    Delivery,
    Done,
    Kind,
    Outcome,
    PlaceRefused,
    State,
    WorkspaceRefused,
    standing_after,
)
from scheduling.events.journal import Deed
from scheduling.secrets.stable_ids import stable_id

WAKE = "otl_outbox"
"""The channel that PostgreSQL notifies; `scheduling.database.postgresql` listens to it."""


def enqueue(
    session: Session,
    *,
    workspace_id: int,
    kind: Kind,
    subject_id: int,
    nonce: bytes,
    now: datetime,
) -> None:
    """Queue a notification in the caller's transaction.

    Args:
        nonce: of what it tells about; the notification's own id follows from it.
    """
    session.execute(
        insert(OutboxRow).values(
            workspace_id=workspace_id,
            kind=kind,
            subject_id=subject_id,
            notification_id=stable_id(kind.value, nonce),
            state=State.READY,
            created_at=now,
            not_before=now,
            attempts=0,
            place=0,
            plain=False,
        )
    )
    if session.get_bind().dialect.name == "postgresql":
        session.execute(select(func.pg_notify(WAKE, "")))


def claim(
    session: Session, *, kinds: Iterable[Kind], now: datetime, lease: timedelta, limit: int
) -> tuple[Delivery, ...]:
    """Take what is due, the oldest first, for as long as the lease.

    A row whose lease ran out was left by a process that died: it may have arrived, so its
    started_at is handed out and the deliverer looks it up. The lease must be longer than a request
    and the quarantine together. Rows of a workspace whose token Slack refuses are left alone.
    """
    rows = session.scalars(
        select(OutboxRow)
        .join(Workspace, Workspace.id == OutboxRow.workspace_id)
        .where(_due(now), OutboxRow.kind.in_(list(kinds)), Workspace.slack_refused_at.is_(None))
        .order_by(OutboxRow.not_before, OutboxRow.id)
        .limit(limit)
        .with_for_update(skip_locked=True, of=OutboxRow)
    ).all()
    claimed = []
    for row in rows:
        claimed.append(
            Delivery(
                id=row.id,
                kind=row.kind,
                subject_id=row.subject_id,
                notification_id=row.notification_id,
                place=row.place,
                refusal=row.reason if row.place else None,
                plain=row.plain,
                attempts=row.attempts,
                started_at=None if row.state is State.READY else row.started_at,
            )
        )
        row.state = State.SENDING
        row.started_at = row.started_at or now
        row.lease_until = now + lease
        row.attempts += 1
    return tuple(claimed)


def record(
    session: Session,
    *,
    delivery: Delivery,
    outcome: Outcome,
    began_at: datetime,
    now: datetime,
    quarantine: timedelta,
) -> None:
    """Record what came of a claimed delivery, unless its lease ran out and somebody else has it."""
    standing = standing_after(delivery, outcome, began_at=began_at, now=now, quarantine=quarantine)
    done = isinstance(outcome, Done)
    workspace_id = session.scalar(
        update(OutboxRow)
        .where(
            OutboxRow.id == delivery.id,
            OutboxRow.state == State.SENDING,
            OutboxRow.attempts == delivery.attempts + 1,
        )
        .values(
            state=standing.state,
            not_before=standing.not_before,
            lease_until=None,
            started_at=standing.started_at,
            place=standing.place,
            plain=standing.plain,
            reason=standing.reason,
            done_at=now if done else None,
            sent_channel=outcome.channel if isinstance(outcome, Done) else None,
            sent_ts=outcome.ts if isinstance(outcome, Done) else None,
        )
        .returning(OutboxRow.workspace_id)
    )
    if workspace_id is None:
        return
    if isinstance(outcome, WorkspaceRefused):
        workspaces.note_slack_refusal(
            session, workspace_id=workspace_id, reason=outcome.reason, now=now
        )
    if isinstance(outcome, Done | PlaceRefused):
        _enter(session, workspace_id, delivery, outcome, now)


def next_due(session: Session, *, kinds: Iterable[Kind]) -> datetime | None:
    """Return when the next row is due or its lease ends; None if nothing waits."""
    return session.scalar(
        select(func.min(func.coalesce(OutboxRow.lease_until, OutboxRow.not_before)))
        .join(Workspace, Workspace.id == OutboxRow.workspace_id)
        .where(
            OutboxRow.state != State.DONE,
            OutboxRow.kind.in_(list(kinds)),
            Workspace.slack_refused_at.is_(None),
        )
    )


def _due(now: datetime) -> ColumnElement[bool]:
    waiting = OutboxRow.state.in_([State.READY, State.UNSURE]) & (OutboxRow.not_before <= now)
    abandoned = (OutboxRow.state == State.SENDING) & (OutboxRow.lease_until <= now)
    return or_(waiting, abandoned)


def _enter(
    session: Session,
    workspace_id: int,
    delivery: Delivery,
    outcome: Done | PlaceRefused,
    now: datetime,
) -> None:
    link_id: int | None = delivery.subject_id
    if delivery.kind is Kind.LINK_USED:
        link_id = session.scalar(select(Booking.link_id).where(Booking.id == delivery.subject_id))
    if link_id is None:
        return
    if isinstance(outcome, Done):
        deed, detail = Deed.NOTIFIED, outcome.channel
    else:
        deed = Deed.REROUTED
        detail = f"{outcome.reason} {outcome.conversation or ''}".rstrip()
    ledger.enter(
        session, workspace_id=workspace_id, link_id=link_id, deed=deed, at=now, detail=detail
    )
