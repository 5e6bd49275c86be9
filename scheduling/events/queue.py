"""Deliveries queued with their event, and claimed by a worker."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Final

from sqlalchemy import ColumnElement, and_, exists, insert, or_, select
from sqlalchemy.orm import Session, aliased

from scheduling.database.models import DeliveryRow, EventRow
from scheduling.events.deliveries import (
    Delivery,
    Receipt,
    Refusal,
    State,
    Window,
)
from scheduling.events.destinations import CHANNEL, THREAD, Recipient, route_of
from scheduling.events.parties import Happening
from scheduling.secrets.stable_ids import stable_id

if TYPE_CHECKING:
    from scheduling.events.journal import Event

AT_ONCE: Final = datetime(1970, 1, 1, tzinfo=UTC)
"""Not before this: whatever the clocks of the processes say, it is due."""

EDIT_INTERVAL: Final = timedelta(seconds=60)
"""A message that lives is edited at once, and again so much later at the earliest."""


def enqueue(session: Session, event: "Event", event_id: int, to: Recipient) -> None:
    """Queue a delivery in the caller's transaction; a message that lives already is edited."""
    if to.card is not None and _edit(session, to):
        return
    session.execute(
        insert(DeliveryRow).values(
            workspace_id=event.workspace_id,
            event_id=event_id,
            destination=to.destination,
            recipient=to.recipient,
            topic=to.card or event.topic,
            card=to.card,
            notification_id=stable_id(
                f"{event.kind} {event.version} {to.destination} {to.recipient}", event.nonce
            ),
            state=State.READY,
            created_at=event.at,
            not_before=AT_ONCE,
            claims=0,
            failures=0,
            place=0,
            lane=to.route[0],
            plain=False,
            wanted=1,
            shown=0,
        )
    )


def _edit(session: Session, to: Recipient) -> bool:
    """Have the living message show the present state; False: there is none yet."""
    row = session.scalar(
        select(DeliveryRow)
        .where(
            DeliveryRow.card == to.card,
            DeliveryRow.destination == to.destination,
            DeliveryRow.recipient == to.recipient,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        return False
    show_anew(row)
    session.flush()
    return True


def show_anew(row: DeliveryRow) -> None:
    row.wanted += 1
    if row.closed_at is not None:
        was_edited = row.shown > 1
        row.not_before = row.closed_at + EDIT_INTERVAL if was_edited else AT_ONCE
        row.state, row.closed_at, row.overtaken_by = State.READY, None, None


@dataclass(frozen=True, slots=True)
class Terms:
    """What a worker may take now.

    Attributes:
        destinations: with the earliest instant that each one's own clock may show.
        busy_lanes: places whose turn has not come; ids of the destination.
        held: deliveries of its own that it has in flight, or that wait by its own clock.
        limit: how many at the most.
    """

    destinations: Mapping[str, datetime]
    busy_lanes: Collection[str]
    held: Collection[int]
    limit: int


def claim(
    session: Session, terms: Terms, *, now: datetime, lease: timedelta
) -> tuple[Delivery, ...]:
    """Take what is due, the oldest first, for as long as the lease; one for each lane.

    A row whose lease ran out was left by a process that died: it may have arrived, so its window
    is handed out and the deliverer looks it up. The lease must be longer than a request and the
    quarantine together.

    Args:
        now: by the one clock that judges leases (`Database.clock`).
    """
    rows = session.execute(
        select(DeliveryRow, EventRow)
        .join(EventRow, EventRow.id == DeliveryRow.event_id)
        .where(*_may_be_taken(terms), DeliveryRow.not_before <= now)
        .order_by(DeliveryRow.not_before, DeliveryRow.id)
        .limit(terms.limit)
        .with_for_update(skip_locked=True, of=DeliveryRow)
        .execution_options(populate_existing=True)
    ).all()
    claimed: list[Delivery] = []
    taken: set[str] = set()
    for row, event in rows:
        if row.lane in taken:
            continue
        taken |= {row.lane} - {""}
        began_at = terms.destinations[row.destination]
        claimed.append(_claim(session, row, event, began_at, now + lease))
    return tuple(claimed)


def _claim(
    session: Session, row: DeliveryRow, event: EventRow, began_at: datetime, until: datetime
) -> Delivery:
    happened = Happening(event.kind, event.subject_id, event.actor, event.at, event.details)
    route = route_of(session, happened, destination=row.destination, recipient=row.recipient)
    row.place = min(row.place, len(route) - 1)
    window = None
    if row.state is not State.READY and row.window_since is not None:
        window = Window(row.window_since, row.window_until, row.window_read_to)
    receipt = None
    if row.receipt_place is not None and row.receipt_id is not None:
        receipt = Receipt(row.receipt_place, row.receipt_id)
    row.state = State.SENDING
    row.not_before = until
    row.claims += 1
    # Until this attempt is settled it may arrive at any time, so a look-up begins anew.
    row.window_since = row.window_since or began_at
    row.window_until = row.window_read_to = None
    return Delivery(
        id=row.id,
        kind=event.kind,
        subject_id=event.subject_id,
        destination=row.destination,
        recipient=row.recipient,
        notification_id=row.notification_id,
        route=route,
        place=row.place,
        refusal=None if row.refusal is None else Refusal(row.refusal, row.refused_place),
        plain=row.plain,
        claims=row.claims,
        failures=row.failures,
        window=window,
        receipt=receipt,
        version=row.wanted,
        card=row.card,
        actor=event.actor,
        details=event.details,
    )


def next_due(session: Session, terms: Terms) -> datetime | None:
    """Return when the next one is due or its lease ends; None if nothing waits."""
    return session.scalar(
        select(DeliveryRow.not_before)
        .where(*_may_be_taken(terms))
        .order_by(DeliveryRow.not_before)
        .limit(1)
    )


def _may_be_taken(terms: Terms) -> list[ColumnElement[bool]]:
    earlier = aliased(DeliveryRow)
    waits_for_an_earlier_one = exists().where(
        earlier.topic == DeliveryRow.topic,
        earlier.destination == DeliveryRow.destination,
        or_(
            earlier.recipient == DeliveryRow.recipient,
            and_(DeliveryRow.recipient == THREAD, earlier.recipient == CHANNEL),
        ),
        earlier.closed_at.is_(None),
        earlier.shown == 0,
        earlier.id < DeliveryRow.id,
    )
    conditions = [
        # Literal, as in the partial index: with a parameter here the whole table is walked.
        DeliveryRow.closed_at.is_(None),
        DeliveryRow.destination.in_(terms.destinations),
        ~waits_for_an_earlier_one,
    ]
    if terms.busy_lanes:
        conditions.append(DeliveryRow.lane.not_in(terms.busy_lanes))
    if terms.held:
        conditions.append(DeliveryRow.id.not_in(terms.held))
    return conditions
