"""What happened, and what must still be told of it."""

from datetime import datetime

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduling.database.column_types import words_of
from scheduling.database.models.base import SLACK_ID, Base
from scheduling.events.deliveries import Kind, State


class OutboxRow(Base):
    """What the world must still be told. Ids only; words are made when it is sent."""

    __tablename__ = "outbox"
    __table_args__ = (
        UniqueConstraint("kind", "subject_id"),
        CheckConstraint("(state = 'done') = (done_at IS NOT NULL)", name="done_has_a_time"),
        CheckConstraint(
            "(state = 'sending') = (lease_until IS NOT NULL)", name="sending_has_a_lease"
        ),
        Index(
            "ix_outbox_due",
            "not_before",
            sqlite_where=text("state <> 'done'"),
            postgresql_where=text("state <> 'done'"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    kind: Mapped[Kind] = mapped_column(words_of(Kind, "kind"))
    subject_id: Mapped[int]
    notification_id: Mapped[str] = mapped_column(String(36), unique=True)
    state: Mapped[State] = mapped_column(words_of(State, "state"))
    created_at: Mapped[datetime]
    not_before: Mapped[datetime]
    lease_until: Mapped[datetime | None]
    started_at: Mapped[datetime | None]  # of the oldest attempt that may have arrived
    attempts: Mapped[int]
    place: Mapped[int]  # 0 the channel, 1 the issuer, 2 the calendar's owner
    plain: Mapped[bool]  # blocks were refused: send the text alone
    reason: Mapped[str | None] = mapped_column(String(200))  # why it waits, in Slack's code
    done_at: Mapped[datetime | None]
    sent_channel: Mapped[str | None] = mapped_column(SLACK_ID)
    sent_ts: Mapped[str | None] = mapped_column(String(32))


class LedgerEntry(Base):
    """Who did what to a link, when. Append-only; it only tells, nothing decides by it."""

    __tablename__ = "ledger"

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    link_id: Mapped[int] = mapped_column(ForeignKey("one_time_link.id"), index=True)
    at: Mapped[datetime]
    deed: Mapped[str] = mapped_column(String(32))
    actor: Mapped[str | None] = mapped_column(SLACK_ID)  # Slack user id; None: the contact or OTL
    detail: Mapped[str | None] = mapped_column(
        String(200)
    )  # ids and Slack's codes, no contact text
