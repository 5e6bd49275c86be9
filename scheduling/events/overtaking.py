"""News that makes earlier news of the same subject stale while that is still on its way."""

from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from scheduling.database.models import DeliveryRow
from scheduling.events.deliveries import State
from scheduling.events.destinations import FORMER
from scheduling.events.kinds import EventKind, Overtakes

Address = tuple[str, str]
"""Destination and recipient."""


def overtake(
    session: Session, topic: str, kind: EventKind, *, event_id: int, at: datetime
) -> frozenset[Address]:
    """Settle what is on its way about a topic, and return who need not be told of the event.

    Only what was certainly never sent is overtaken. On PostgreSQL the UPDATE waits for a claim that
    came first and then leaves its row alone; a claim that comes second passes a locked row by.
    """
    match kind.overtakes:
        case Overtakes.NOTHING:
            return frozenset()
        case Overtakes.IS_TOLD_BY_IT:
            return frozenset(_mark(session, topic, overtaken_by=event_id))
        case Overtakes.SILENCES_IT:
            silenced = _mark(
                session,
                topic,
                overtaken_by=event_id,
                state=State.OVERTAKEN,
                closed_at=at,
            )
            return frozenset(silenced) - _who_know(session, topic)


def _mark(session: Session, topic: str, **values: object) -> set[Address]:
    marked = session.execute(
        update(DeliveryRow)
        .where(
            DeliveryRow.topic == topic,
            DeliveryRow.closed_at.is_(None),
            DeliveryRow.state == State.READY,
            DeliveryRow.shown == 0,
            DeliveryRow.window_since.is_(None),
            DeliveryRow.recipient != FORMER,  # whatever comes next: what they got is not theirs
        )
        .values(**values)
        .returning(DeliveryRow.destination, DeliveryRow.recipient)
        .execution_options(synchronize_session=False)
    )
    return {(destination, recipient) for destination, recipient in marked}


def _who_know(session: Session, topic: str) -> set[Address]:
    """Return who were told of the topic before, or may have been."""
    may_be_sent: ColumnElement[bool] = or_(
        DeliveryRow.shown > 0,
        DeliveryRow.state.in_([State.SENDING, State.UNSURE]),
        DeliveryRow.window_since.is_not(None),
    )
    found = session.execute(
        select(DeliveryRow.destination, DeliveryRow.recipient).where(
            DeliveryRow.topic == topic, may_be_sent
        )
    )
    return {(destination, recipient) for destination, recipient in found}
