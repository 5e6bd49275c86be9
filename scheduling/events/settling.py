"""What came of a delivery's attempt, stored."""

from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from scheduling.database.models import Booking, DeliveryRow
from scheduling.events.deliveries import (
    Delivery,
    DestinationRefused,
    Done,
    Outcome,
    Refused,
    State,
)
from scheduling.events.destinations import CHANNEL, FORMER, SLACK
from scheduling.events.folding import find_teller, take_along
from scheduling.events.kinds import EventKind
from scheduling.events.mail_refusals import record_refusal
from scheduling.events.queue import AT_ONCE, EDIT_INTERVAL, show_anew
from scheduling.events.refusing import note_refusal
from scheduling.events.standing import Standing, standing_after


def settle(
    session: Session,
    delivery: Delivery,
    outcome: Outcome,
    *,
    began_at: datetime,
    ended_at: datetime,
    now: datetime,
    quarantine: timedelta,
) -> bool:
    """Store what came of a claimed delivery; False: its lease ran out and somebody else has it.

    Args:
        began_at, ended_at: of the attempt, by the destination's clock.
        now: by the clock that judges leases.
    """
    row = session.scalar(
        select(DeliveryRow)
        .where(
            DeliveryRow.id == delivery.id,
            DeliveryRow.state == State.SENDING,
            DeliveryRow.claims == delivery.claims,
        )
        .with_for_update()
        .execution_options(populate_existing=True)
    )
    if row is None:
        return False
    standing = standing_after(
        delivery, outcome, began_at=began_at, ended_at=ended_at, quarantine=quarantine
    )
    left = row.lane
    _stand(row, delivery, standing, now)
    if isinstance(outcome, Done):
        _arrive(session, row, delivery, outcome, now)
    elif row.lane != left and row.receipt_place is None:  # else it stands, and must be edited
        session.flush()
        take_along(session, row, left=left)
        _fold(session, row, now)
    if isinstance(outcome, Refused):
        row.closed_at = now
        session.flush()
        record_refusal(session, row, reason=outcome.reason, now=now)
    if row.recipient == FORMER and row.closed_at is not None:
        _forget_former_address(session, delivery)
    if isinstance(outcome, DestinationRefused):
        note_refusal(
            session,
            workspace_id=row.workspace_id,
            destination=row.destination,
            reason=outcome.reason,
            now=now,
        )
    session.flush()
    return True


def _stand(row: DeliveryRow, delivery: Delivery, standing: Standing, now: datetime) -> None:
    row.state = standing.state
    row.not_before = now + standing.after if standing.after else AT_ONCE
    row.place = standing.place
    row.lane = delivery.route[standing.place]
    row.plain = standing.plain
    row.failures = standing.failures
    row.refusal = standing.refusal.reason if standing.refusal else None
    row.refused_place = standing.refusal.conversation if standing.refusal else None
    row.reason = standing.reason
    window = standing.window
    row.window_since = window.since if window else None
    row.window_until = window.until if window else None
    row.window_read_to = window.read_to if window else None


def _arrive(
    session: Session, row: DeliveryRow, delivery: Delivery, done: Done, now: datetime
) -> None:
    was_there = row.shown > 0
    row.shown = delivery.version - 1 if done.is_stale else delivery.version
    row.receipt_place, row.receipt_id = done.place, done.id
    if row.wanted > row.shown:  # it changed while it was being sent
        row.state = State.READY
        row.not_before = now + EDIT_INTERVAL if was_there else AT_ONCE
    else:
        row.closed_at = now
    if delivery.kind is EventKind.BOOKING_MADE and _is_channel(delivery):
        session.execute(
            update(Booking)
            .where(Booking.id == delivery.subject_id)
            .values(card_channel=done.place, card_ts=done.id)
            .execution_options(synchronize_session=False)
        )


def _fold(session: Session, row: DeliveryRow, now: datetime) -> None:
    """End a delivery where it is about to go to somebody who is told of the event already."""
    teller = find_teller(session, row, row.lane)
    if teller is None:
        return
    row.state, row.closed_at, row.shown = State.DONE, now, row.wanted
    show_anew(teller)


def _forget_former_address(session: Session, delivery: Delivery) -> None:
    """Forget a mistyped address once what it had got is withdrawn, or cannot be."""
    session.execute(
        update(Booking)
        .where(Booking.id == delivery.subject_id)
        .values(former_email=None)
        .execution_options(synchronize_session=False)
    )


def _is_channel(delivery: Delivery) -> bool:
    return (delivery.destination, delivery.recipient) == (SLACK, CHANNEL)
