"""What became of the mail that confirms a booking to its contact."""

from enum import StrEnum

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.database.models import DeliveryRow, EventRow
from scheduling.events.deliveries import State
from scheduling.events.destinations import CONTACT, IN_MAIL, MAIL


class ConfirmationMail(StrEnum):
    """How it stands."""

    NONE = "none"  # there was no mail when the contact booked
    ON_ITS_WAY = "on its way"
    SENT = "sent"  # the mail server has taken it; nobody knows whether it is read
    REFUSED = "refused"  # for good: no mail reaches this address


_STANDINGS = {
    State.DONE: ConfirmationMail.SENT,
    State.OVERTAKEN: ConfirmationMail.NONE,  # cancelled before it was sent
    State.REFUSED: ConfirmationMail.REFUSED,
}


def confirmation_mail(session: Session, *, booking_id: int) -> ConfirmationMail:
    """Return how the latest mail to the contact stands."""
    state = session.scalar(
        select(DeliveryRow.state)
        .join(EventRow, EventRow.id == DeliveryRow.event_id)
        .where(
            EventRow.kind.in_(IN_MAIL),
            EventRow.subject_id == booking_id,
            DeliveryRow.destination == MAIL,
            DeliveryRow.recipient == CONTACT,
        )
        .order_by(DeliveryRow.id.desc())
        .limit(1)
    )
    if state is None:
        return ConfirmationMail.NONE
    return _STANDINGS.get(state, ConfirmationMail.ON_ITS_WAY)
