"""Calendars, and what they take: hosts."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import CheckConstraint, ForeignKey, String, Text, UniqueConstraint, text
from sqlalchemy.orm import Mapped, mapped_column

from scheduling.calendars.resources import ResourceType
from scheduling.calendars.types import CalendarType
from scheduling.contacts import EMAIL_LENGTH, NAME_LENGTH
from scheduling.database.column_types import open_words_of, words_of
from scheduling.database.models.base import SLACK_ID, Base
from scheduling.places import PLACE_LENGTH, PlaceKind


class Resource(Base):
    """What can be occupied: a person, a room or equipment (RFC 5545 §3.2.3 CUTYPE)."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    type: Mapped[ResourceType] = mapped_column(words_of(ResourceType, "type"))
    slack_user_id: Mapped[str] = mapped_column(SLACK_ID)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    # From users.info; what the person typed themselves, in `own_…`, wins and is never overwritten.
    email: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))
    zone: Mapped[str | None] = mapped_column(String(64))  # IANA name
    own_email: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))  # for invitations
    own_zone: Mapped[str | None] = mapped_column(String(64))
    room_url: Mapped[str | None] = mapped_column(String(PLACE_LENGTH))
    left_at: Mapped[datetime | None]  # Slack says that their account was deactivated


class Calendar(Base):
    """What can be booked: a kind of meeting, its hours and its rules."""

    __tablename__ = "calendar"
    __table_args__ = (
        UniqueConstraint("workspace_id", "slug"),
        CheckConstraint(
            "duration > 0 AND (step IS NULL OR step > 0)", name="positive_duration_and_step"
        ),
        CheckConstraint(
            "buffer_before >= 0 AND buffer_after >= 0"
            " AND minimum_notice >= 0 AND booking_window > 0",
            name="no_negative_rule",
        ),
        CheckConstraint(
            "seats = 1 OR (type = 'class' AND seats > 1)", name="seats_are_for_classes"
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    slug: Mapped[str] = mapped_column(String(64))
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    type: Mapped[CalendarType] = mapped_column(words_of(CalendarType, "type"))
    group_name: Mapped[str | None] = mapped_column(String(NAME_LENGTH))
    zone: Mapped[str] = mapped_column(String(64))
    duration: Mapped[timedelta]
    step: Mapped[timedelta | None]  # None: the duration
    buffer_before: Mapped[timedelta]
    buffer_after: Mapped[timedelta]
    minimum_notice: Mapped[timedelta]
    booking_window: Mapped[timedelta]
    # Until so long before the start whoever booked may move or cancel, and move so often.
    change_cutoff: Mapped[timedelta] = mapped_column(server_default=text("120"))
    most_moves: Mapped[int] = mapped_column(server_default=text("5"))
    seats: Mapped[int]
    opening_hours: Mapped[dict[str, Any]]  # OpeningHours.to_json
    owner: Mapped[str] = mapped_column(SLACK_ID)
    notification_channel: Mapped[str | None] = mapped_column(SLACK_ID)
    deactivated_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]
    description: Mapped[str | None] = mapped_column(Text)
    place_kind: Mapped[PlaceKind | None] = mapped_column(open_words_of(PlaceKind))
    place_text: Mapped[str | None] = mapped_column(String(PLACE_LENGTH))  # see `Place`


class CalendarHost(Base):
    """Whose time a calendar takes."""

    __tablename__ = "calendar_host"

    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True)
