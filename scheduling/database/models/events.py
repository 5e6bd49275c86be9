"""What happened, what must still be told of it, and which destination takes nothing from us."""

from datetime import datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduling.database.column_types import open_words_of, words_of
from scheduling.database.models.base import SLACK_ID, Base
from scheduling.events.deliveries import State
from scheduling.events.kinds import EventKind

OPEN = text("closed_at IS NULL")
"""The condition of the partial indexes; a query must say the same, without a parameter."""

PLACE = String(64)
"""An id that a destination gives to a place or a message; Slack's are shorter."""


class EventRow(Base):
    """Who did what, when. Append-only; it only tells, nothing decides by it."""

    __tablename__ = "event"
    __table_args__ = (UniqueConstraint("kind", "subject_id", "version"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    kind: Mapped[EventKind] = mapped_column(open_words_of(EventKind))
    subject_id: Mapped[int]  # see `EventKind`
    version: Mapped[int]  # which time it happened to its subject, from 1
    at: Mapped[datetime] = mapped_column(index=True)
    actor: Mapped[str | None] = mapped_column(SLACK_ID)  # Slack user id; None: the contact or OTL
    details: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    """Ids, codes and times; no contact text."""


class DeliveryRow(Base):
    """One event on its way to one recipient at one destination; words are made when it is sent.

    One that lives is sent again, in its place, when later events change its subject.
    """

    __tablename__ = "delivery"
    __table_args__ = (
        UniqueConstraint("event_id", "destination", "recipient"),
        CheckConstraint(
            "(closed_at IS NOT NULL) = (state IN ('done', 'overtaken', 'refused'))",
            name="closed_has_a_time",
        ),
        CheckConstraint(
            "state <> 'overtaken' OR overtaken_by IS NOT NULL", name="overtaken_by_an_event"
        ),
        CheckConstraint("shown <= wanted", name="shows_no_more_than_there_is"),
        Index("ix_delivery_due", "not_before", sqlite_where=OPEN, postgresql_where=OPEN),
        Index(
            "ix_delivery_order",
            "topic",
            "destination",
            "recipient",
            sqlite_where=OPEN,
            postgresql_where=OPEN,
        ),
        Index(
            "uq_delivery_card",
            "card",
            "destination",
            "recipient",
            unique=True,
            sqlite_where=text("card IS NOT NULL"),
            postgresql_where=text("card IS NOT NULL"),
        ),
        # Partial too: else SQLite takes it for what is open, and sorts that.
        Index(
            "ix_delivery_closed_at",
            "closed_at",
            sqlite_where=text("closed_at IS NOT NULL"),
            postgresql_where=text("closed_at IS NOT NULL"),
        ),
        # Else the foreign key walks the whole table for each event that is deleted.
        Index(
            "ix_delivery_overtaken_by",
            "overtaken_by",
            sqlite_where=text("overtaken_by IS NOT NULL"),
            postgresql_where=text("overtaken_by IS NOT NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    event_id: Mapped[int] = mapped_column(ForeignKey("event.id"))
    destination: Mapped[str] = mapped_column(String(32))
    recipient: Mapped[str] = mapped_column(String(64))  # their part in it: "channel", "host:7"
    topic: Mapped[str] = mapped_column(String(32))  # what it is about, "booking:7": keeps order
    card: Mapped[str | None] = mapped_column(String(32))  # what a living one shows
    notification_id: Mapped[str] = mapped_column(String(36), unique=True)
    state: Mapped[State] = mapped_column(words_of(State, "state"))
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]  # 1970: at once; of one that is being sent: its lease's end
    claims: Mapped[int]
    failures: Mapped[int]
    place: Mapped[int]  # which of its route
    lane: Mapped[str] = mapped_column(PLACE)  # that place: what it takes turns with
    plain: Mapped[bool]  # its form was refused: send the text alone
    refusal: Mapped[str | None] = mapped_column(String(64))  # why the route's first place refused
    refused_place: Mapped[str | None] = mapped_column(PLACE)  # and which that was
    reason: Mapped[str | None] = mapped_column(String(200))  # what came of the last try
    window_since: Mapped[datetime | None]  # of attempts that may have arrived, see `Window`
    window_until: Mapped[datetime | None]
    window_read_to: Mapped[str | None] = mapped_column(PLACE)
    wanted: Mapped[int]  # the version of its subject that there is to show
    shown: Mapped[int]  # the one that arrived; 0: none yet
    closed_at: Mapped[datetime | None]
    # The event that made it stale, or (where it was sent all the same) that it told as well.
    overtaken_by: Mapped[int | None] = mapped_column(ForeignKey("event.id"))
    receipt_place: Mapped[str | None] = mapped_column(PLACE)
    receipt_id: Mapped[str | None] = mapped_column(PLACE)


class DestinationRefusalRow(Base):
    """A destination that takes nothing from us, and since when; all that goes there waits."""

    __tablename__ = "destination_refusal"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    destination: Mapped[str] = mapped_column(String(32), primary_key=True)
    reason: Mapped[str] = mapped_column(String(64))
    since: Mapped[datetime]
