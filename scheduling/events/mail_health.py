"""How the mail stands: what waits and why, what was refused for good, what went out."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduling.database.models import DeliveryRow
from scheduling.events.deliveries import State
from scheduling.events.destinations import MAIL
from scheduling.events.mail_refusals import NOBODY, TOO_LATE
from scheduling.events.refusing import refusing
from scheduling.workspaces import mail_sender

LOOKED_BACK: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class MailHealth:
    """How the mail of a workspace stands.

    Attributes:
        is_on: mail is sent; without, what was queued while it was waits.
        waiting: how many mails there are to be sent.
        waiting_since: when the oldest of them was queued.
        reason: what came of the last try of most of these; None: they were not tried, or worked.
        refusal: why the mail server takes nothing from us, as its code; None: it does.
        refused_at: since when it does not.
        unreached: how many were refused for good within `LOOKED_BACK`.
        too_late: how many waited until their meeting was over, within it.
        sent: how many the mail server took, within it.
    """

    is_on: bool = False
    waiting: int = 0
    waiting_since: datetime | None = None
    reason: str | None = None
    refusal: str | None = None
    refused_at: datetime | None = None
    unreached: int = 0
    too_late: int = 0
    sent: int = 0


def mails_waiting(session: Session) -> int:
    """Count the mails that are still to be sent."""
    return (
        session.scalar(
            select(func.count()).where(
                DeliveryRow.destination == MAIL, DeliveryRow.closed_at.is_(None)
            )
        )
        or 0
    )


def mail_health(session: Session, *, now: datetime) -> MailHealth:
    """Report on the mail."""
    is_mail = DeliveryRow.destination == MAIL
    number, since = session.execute(
        select(func.count(), func.min(DeliveryRow.created_at)).where(
            is_mail, DeliveryRow.closed_at.is_(None)
        )
    ).one()
    reason = session.scalar(
        select(DeliveryRow.reason)
        .where(is_mail, DeliveryRow.closed_at.is_(None), DeliveryRow.reason.is_not(None))
        .group_by(DeliveryRow.reason)
        .order_by(func.count().desc(), DeliveryRow.reason)
        .limit(1)
    )
    closed = session.execute(
        select(DeliveryRow.state, DeliveryRow.reason, func.count())
        .where(is_mail, DeliveryRow.closed_at >= now - LOOKED_BACK)
        .group_by(DeliveryRow.state, DeliveryRow.reason)
    ).all()
    refused = refusing(session).get(MAIL)
    return MailHealth(
        is_on=mail_sender(session) is not None,
        waiting=number,
        waiting_since=since,
        reason=reason,
        refusal=refused.reason if refused else None,
        refused_at=refused.since if refused else None,
        unreached=sum(
            times
            for state, why, times in closed
            if state is State.REFUSED and why not in {NOBODY, TOO_LATE}
        ),
        too_late=sum(times for _, why, times in closed if why == TOO_LATE),
        sent=sum(times for state, _, times in closed if state is State.DONE),
    )
