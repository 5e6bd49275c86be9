"""Who is told of an event, and along which route: a destination is a rule here and a deliverer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.database.models import Booking, Calendar, OneTimeLink
from scheduling.events.kinds import EventKind

SLACK: Final = "slack"
CHANNEL: Final = "channel"
ISSUER: Final = "issuer"


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told, at which destination.

    Attributes:
        recipient: their part in it, so that the row holds for whoever has the part.
        route: ids of places there, the best first; "" for a place that keeps no pace.
        card: what the message shows, "booking:7": one such message lives and is edited whenever
            an event names it again; None: each event is a message of its own.
    """

    destination: str
    recipient: str
    route: tuple[str, ...]
    card: str | None = None


@dataclass(frozen=True, slots=True)
class Happening:
    """What a rule is asked about: see `scheduling.events.journal.Event`."""

    kind: EventKind
    subject_id: int
    actor: str | None


Rule = Callable[[Session, Happening], Iterable[Recipient]]


def slack(session: Session, happened: Happening) -> Iterable[Recipient]:
    """Tell the channel of a used link, and an issuer whose link somebody else regenerated."""
    if happened.kind not in {EventKind.BOOKING_MADE, EventKind.LINK_REGENERATED}:
        return
    query = select(
        OneTimeLink.issued_by,
        OneTimeLink.channel_id,
        Calendar.notification_channel,
        Calendar.owner,
    ).join(Calendar, Calendar.id == OneTimeLink.calendar_id)
    if happened.kind.subject == "link":
        query = query.where(OneTimeLink.id == happened.subject_id)
    else:
        query = query.join(Booking, Booking.link_id == OneTimeLink.id)
        query = query.where(Booking.id == happened.subject_id)
    issuer, issued_in, channel, owner = session.execute(query).one()
    if happened.kind is EventKind.BOOKING_MADE:
        yield Recipient(SLACK, CHANNEL, (channel or issued_in, issuer, owner))
    elif happened.actor != issuer:
        yield Recipient(SLACK, ISSUER, (issuer, owner))


RULES: Final[list[Rule]] = [slack]
"""All destinations. A further one adds its rule here, and its deliverer to the worker."""


def recipients_of(session: Session, happened: Happening) -> tuple[Recipient, ...]:
    """Return all who are told."""
    return tuple(one for rule in RULES for one in rule(session, happened))


def route_of(
    session: Session, happened: Happening, *, destination: str, recipient: str
) -> tuple[str, ...]:
    """Return the route as it is now: a calendar may have another channel since it was queued."""
    for one in recipients_of(session, happened):
        if (one.destination, one.recipient) == (destination, recipient):
            return one.route
    return ("",)
