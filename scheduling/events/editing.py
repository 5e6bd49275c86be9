"""Messages that stand already, edited because what they show has changed."""

from collections.abc import Collection

from sqlalchemy import ColumnElement, Select, and_, insert, or_, select
from sqlalchemy.orm import Session

from scheduling.database.models import Booking, DeliveryRow, EventRow, Occupation
from scheduling.events.deliveries import State
from scheduling.events.destinations import CHANNEL, OF_HOSTS, SLACK
from scheduling.events.journal import Event
from scheduling.events.kinds import EventKind
from scheduling.events.parties import MEETING
from scheduling.events.queue import AT_ONCE, show_anew
from scheduling.secrets.stable_ids import stable_id


def edit_messages(
    session: Session, *, link_ids: Collection[int], booking_ids: Collection[int]
) -> int:
    """Have all messages about these show the present facts; return how many stand already.

    One that was never sent shows them anyway. Of one that is on its way nobody knows which facts
    it shows, so it is edited when it has arrived.
    """
    about: ColumnElement[bool] = or_(
        and_(EventRow.kind.in_(_kinds("link")), EventRow.subject_id.in_(link_ids)),
        and_(EventRow.kind.in_(_kinds("booking")), EventRow.subject_id.in_(booking_ids)),
        # That a host has left names whoever had a meeting with them to come.
        and_(EventRow.kind.in_(OF_HOSTS), EventRow.subject_id.in_(_hosts(booking_ids))),
    )
    return _edit(session, or_(_tells(about), DeliveryRow.card.in_(_cards(session, booking_ids))))


def edit_private_messages(session: Session, *, booking_ids: Collection[int]) -> None:
    """Have what hosts and issuers read of these bookings in Slack show the present facts.

    The cards in channels hold nothing that changed; they stay as they are.
    """
    about = and_(EventRow.kind.in_(_kinds("booking")), EventRow.subject_id.in_(booking_ids))
    _edit(
        session,
        and_(
            or_(_tells(about), DeliveryRow.card.in_(_cards(session, booking_ids))),
            DeliveryRow.recipient != CHANNEL,
        ),
    )


def show_present_state(session: Session, *, booking_id: int, appointment_id: int) -> None:
    """Have what people read of a booking in Slack show how it is now, at the pace of edits.

    Args:
        appointment_id: the meeting that it was in, whose people may be shown in a message too.
    """
    about = and_(EventRow.kind == EventKind.BOOKING_MADE, EventRow.subject_id == booking_id)
    cards = {f"{MEETING}{appointment_id}", *_cards(session, [booking_id])}
    rows = session.scalars(
        select(DeliveryRow)
        .where(
            or_(_tells(about), DeliveryRow.card.in_(cards)),
            DeliveryRow.destination == SLACK,
            or_(DeliveryRow.closed_at.is_(None), DeliveryRow.receipt_id.is_not(None)),
        )
        .order_by(DeliveryRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    for row in rows:
        show_anew(row)
    session.flush()


def _tells(about: ColumnElement[bool]) -> ColumnElement[bool]:
    return DeliveryRow.event_id.in_(select(EventRow.id).where(about))


def _hosts(booking_ids: Collection[int]) -> Select[int]:
    return (
        select(Occupation.resource_id)
        .join(Booking, Booking.appointment_id == Occupation.appointment_id)
        .where(Booking.id.in_(booking_ids))
    )


def _cards(session: Session, booking_ids: Collection[int]) -> set[str]:
    meetings = session.scalars(select(Booking.appointment_id).where(Booking.id.in_(booking_ids)))
    return {f"{MEETING}{id_}" for id_ in meetings}


def _edit(session: Session, condition: ColumnElement[bool]) -> int:
    rows = session.scalars(
        select(DeliveryRow)
        .where(condition, DeliveryRow.destination == SLACK)  # nobody edits a mail
        .order_by(DeliveryRow.id)
        .with_for_update()
        .execution_options(populate_existing=True)
    ).all()
    number = 0
    for row in rows:
        if row.closed_at is None:
            row.wanted += 1
        elif row.receipt_id is not None:
            row.wanted += 1
            row.state, row.closed_at, row.not_before = State.READY, None, AT_ONCE
        number += row.receipt_id is not None
    session.flush()
    return number


def edit_forgotten_card(session: Session, event: Event, event_id: int, booking: Booking) -> bool:
    """Have a booking's card edited whose delivery was deleted with its time; False: it was not.

    Args:
        event: what the card is edited for, already recorded.
    """
    if booking.card_channel is None or booking.card_ts is None:
        return False
    known = select(DeliveryRow.id).where(
        DeliveryRow.event_id.in_(
            select(EventRow.id).where(
                EventRow.kind.in_(_kinds("booking")), EventRow.subject_id == booking.id
            )
        ),
        DeliveryRow.receipt_place == booking.card_channel,
        DeliveryRow.receipt_id == booking.card_ts,
    )
    if session.scalar(known.limit(1)) is not None:
        return False
    session.execute(
        insert(DeliveryRow).values(
            workspace_id=event.workspace_id,
            event_id=event_id,
            destination=SLACK,
            recipient=CHANNEL,
            topic=event.topic,
            notification_id=stable_id(f"{event.kind} {event.version} {SLACK}", booking.nonce),
            state=State.READY,
            created_at=event.at,
            not_before=AT_ONCE,
            claims=0,
            failures=0,
            place=0,
            lane=booking.card_channel,
            plain=False,
            wanted=2,
            shown=1,
            receipt_place=booking.card_channel,
            receipt_id=booking.card_ts,
        )
    )
    return True


def _kinds(subject: str) -> list[EventKind]:
    return [kind for kind in EventKind if kind.subject == subject]
