"""What happened: the one `record`, which writes the entry and a delivery for each destination."""

from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select
from sqlalchemy.orm import Session

from scheduling.database.models import EventRow
from scheduling.events.destinations import HOST, recipients_of
from scheduling.events.kinds import EventKind
from scheduling.events.overtaking import address_of, overtake
from scheduling.events.parties import Happening, hosts_who_left
from scheduling.events.queue import enqueue


@dataclass(frozen=True, slots=True)
class Event:
    """Something that happened to a link, a booking or a host.

    Attributes:
        nonce: of its subject; the ids of its deliveries follow from it, so that a use case that is
            run again makes the same. b"" where nobody is told.
        actor: Slack user id, or the operator's command that did it; None for the contact.
        version: which time it happened to its subject, from 1.
        details: ids, codes and times only, never what a contact typed.
    """

    workspace_id: int
    kind: EventKind
    subject_id: int
    at: datetime
    nonce: bytes = field(default=b"", repr=False)
    actor: str | None = None
    version: int = 1
    details: dict[str, Any] | None = None

    @property
    def topic(self) -> str:
        """What it is about, "booking:7"."""
        return f"{self.kind.subject}:{self.subject_id}"


def record(session: Session, event: Event) -> int:
    """Write it down and queue what must be told of it, in the caller's transaction.

    Returns:
        The event's id.
    """
    event_id = session.execute(
        insert(EventRow)
        .values(
            workspace_id=event.workspace_id,
            kind=event.kind,
            subject_id=event.subject_id,
            version=event.version,
            at=event.at,
            actor=event.actor,
            details=event.details,
        )
        .returning(EventRow.id)
    ).scalar_one()
    happened = Happening(event.kind, event.subject_id, event.actor, event.at, event.details)
    recipients = recipients_of(session, happened)
    spared = overtake(
        session,
        event.topic,
        event.kind,
        event_id=event_id,
        at=event.at,
        not_for={f"{HOST}{host}" for host in hosts_who_left(event.details)},
    )
    for one in recipients:
        if address_of(one.destination, one.recipient) not in spared:
            enqueue(session, event, event_id, one)
    return event_id


def record_again(session: Session, event: Event) -> tuple[Event, int]:
    """Record what may have happened to its subject before, as a further time.

    Returns:
        The event with the version that it got, and its id.
    """
    before = session.scalar(
        select(func.max(EventRow.version)).where(
            EventRow.kind == event.kind, EventRow.subject_id == event.subject_id
        )
    )
    event = replace(event, version=(before or 0) + 1)
    return event, record(session, event)
