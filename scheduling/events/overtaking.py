"""News that makes earlier news of the same subject stale while that is still on its way."""

from collections.abc import Collection
from datetime import datetime

from sqlalchemy import ColumnElement, or_, select, true, update
from sqlalchemy.orm import Session

from scheduling.database.models import DeliveryRow
from scheduling.events.deliveries import State
from scheduling.events.destinations import CHANNEL, FORMER, THREAD
from scheduling.events.kinds import EventKind, Overtakes

Address = tuple[str, str]
"""Destination and recipient."""


def address_of(destination: str, recipient: str) -> Address:
    """Return who reads it: a card and the replies to it have the same readers."""
    return destination, CHANNEL if recipient == THREAD else recipient


def overtake(
    session: Session,
    topic: str,
    kind: EventKind,
    *,
    event_id: int,
    at: datetime,
    not_for: Collection[str] = (),
) -> frozenset[Address]:
    """Settle what is on its way about a topic, and return who need not be told of the event.

    Args:
        not_for: recipients whom the subject does not concern any more.

    Only what was certainly never sent is overtaken. On PostgreSQL the UPDATE waits for a claim that
    came first and then leaves its row alone; a claim that comes second passes a locked row by.
    """
    match kind.overtakes:
        case Overtakes.NOTHING:
            return frozenset()
        case Overtakes.IS_TOLD_BY_IT:
            concerned = DeliveryRow.recipient.not_in(not_for)
            told = _mark(session, topic, concerned, overtaken_by=event_id)
            return told | _silence(session, topic, ~concerned, event_id=event_id, at=at)
        case Overtakes.SILENCES_IT:
            return _silence(session, topic, true(), event_id=event_id, at=at)


def _silence(
    session: Session, topic: str, which: ColumnElement[bool], *, event_id: int, at: datetime
) -> frozenset[Address]:
    silenced = _mark(
        session, topic, which, overtaken_by=event_id, state=State.OVERTAKEN, closed_at=at
    )
    return silenced - _who_know(session, topic)


def _mark(
    session: Session, topic: str, which: ColumnElement[bool], **values: object
) -> frozenset[Address]:
    marked = session.execute(
        update(DeliveryRow)
        .where(
            DeliveryRow.topic == topic,
            which,
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
    return frozenset(address_of(destination, recipient) for destination, recipient in marked)


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
    return {address_of(destination, recipient) for destination, recipient in found}
