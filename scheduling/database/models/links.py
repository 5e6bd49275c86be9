"""One-time links."""

from datetime import datetime
from typing import Final

from sqlalchemy import CheckConstraint, ForeignKey, Index, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column

from scheduling.contacts import EMAIL_LENGTH, NAME_LENGTH
from scheduling.database.models.base import SLACK_ID, Base


class OneTimeLink(Base):
    """A link that one booking uses up. Its status follows from used_at, deleted_at, expires_at."""

    __tablename__ = "one_time_link"
    __table_args__ = (
        UniqueConstraint("workspace_id", "public_id"),
        CheckConstraint("used_at IS NULL OR deleted_at IS NULL", name="used_or_deleted_not_both"),
        CheckConstraint("used_at IS NULL OR used_at >= issued_at", name="used_after_issue"),
        CheckConstraint(
            "(deleted_at IS NULL) = (deleted_by IS NULL)", name="somebody_deleted_what_is_deleted"
        ),
        CheckConstraint(
            "expires_at IS NULL OR expires_at > issued_at", name="deadline_after_issue"
        ),
        CheckConstraint(
            "used_at IS NULL OR expires_at IS NULL OR used_at < expires_at",
            name="not_used_after_deadline",
        ),
        Index("ix_one_time_link_newest", "workspace_id", "calendar_id", "issued_at"),
        Index("ix_one_time_link_by_issuer", "workspace_id", "issued_by", "issued_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    public_id: Mapped[str] = mapped_column(String(8))  # what people say in Slack, "L-7K2QXA"
    nonce: Mapped[bytes]  # with the key outside the database it gives the token again
    key_id: Mapped[str] = mapped_column(String(16))
    lookup: Mapped[bytes] = mapped_column(unique=True)  # HMAC of the token; opens nothing
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"))
    contact_name: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    contact_email: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))
    issued_by: Mapped[str] = mapped_column(SLACK_ID)
    channel_id: Mapped[str] = mapped_column(SLACK_ID)  # where "Link used" is posted
    issued_at: Mapped[datetime]
    seen_at: Mapped[datetime | None]  # a person first had its page before them
    used_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None] = mapped_column(SLACK_ID)
    expires_at: Mapped[datetime | None]
    # UNIQUE: of two who replace one link at once, one makes the new link and the other finds it.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("one_time_link.id"), unique=True)


WORD_LENGTH: Final = 64
# By code points, so that the words with one beginning are a range of the index.
WORD: Final = String(WORD_LENGTH).with_variant(String(WORD_LENGTH, collation="C"), "postgresql")


class ContactWord(Base):
    """A folded word of the names by which a link is found: its contact's, and the booker's."""

    __tablename__ = "contact_word"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    word: Mapped[str] = mapped_column(WORD, primary_key=True)
    link_id: Mapped[int] = mapped_column(
        ForeignKey("one_time_link.id"), primary_key=True, index=True
    )
    of_booker: Mapped[bool] = mapped_column(primary_key=True)
