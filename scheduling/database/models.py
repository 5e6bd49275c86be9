"""The tables. Facts with a time instead of flags; what must never be is refused by a constraint."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    ForeignKey,
    Index,
    LargeBinary,
    MetaData,
    String,
    Text,
    UniqueConstraint,
    text,
)
from sqlalchemy.orm import DeclarativeBase, Mapped, mapped_column

from scheduling.calendars.resources import ResourceType
from scheduling.contacts import EMAIL_LENGTH, NAME_LENGTH
from scheduling.database.column_types import Id, Minutes, UTCDateTime, words_of
from scheduling.events.deliveries import Kind, State
from scheduling.times.availability import CalendarType

SLACK_ID = String(32)
NOW_ACTIVE = text("cancelled_at IS NULL")


class Base(DeclarativeBase):
    """All constraints have names, so that migrations and refusals can speak of them."""

    metadata = MetaData(
        naming_convention={
            "ix": "ix_%(table_name)s_%(column_0_N_name)s",
            "uq": "uq_%(table_name)s_%(column_0_N_name)s",
            "ck": "ck_%(table_name)s_%(constraint_name)s",
            "fk": "fk_%(table_name)s_%(column_0_N_name)s",
            "pk": "pk_%(table_name)s",
        }
    )
    type_annotation_map = {
        datetime: UTCDateTime(),
        timedelta: Minutes(),
        int: Id,
        bytes: LargeBinary(),
        dict[str, Any]: JSON(),
    }


class Workspace(Base):
    """A Slack team. One installation serves one."""

    __tablename__ = "workspace"
    __table_args__ = (CheckConstraint("id = 1", name="one_workspace_an_installation"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team_id: Mapped[str] = mapped_column(SLACK_ID, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    slack_refused_at: Mapped[datetime | None]  # Slack refuses our token since
    slack_refusal: Mapped[str | None] = mapped_column(String(64))  # Slack's error code for it


class Resource(Base):
    """What can be occupied: a person, a room or equipment (RFC 5545 §3.2.3 CUTYPE)."""

    __tablename__ = "resource"
    __table_args__ = (UniqueConstraint("workspace_id", "slack_user_id"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    type: Mapped[ResourceType] = mapped_column(words_of(ResourceType, "type"))
    slack_user_id: Mapped[str] = mapped_column(SLACK_ID)
    name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    email: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))
    zone: Mapped[str | None] = mapped_column(String(64))  # IANA name, from users.info


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
    seats: Mapped[int]
    opening_hours: Mapped[dict[str, Any]]  # OpeningHours.to_json
    owner: Mapped[str] = mapped_column(SLACK_ID)
    notification_channel: Mapped[str | None] = mapped_column(SLACK_ID)
    deactivated_at: Mapped[datetime | None]
    updated_at: Mapped[datetime]


class CalendarHost(Base):
    """Whose time a calendar takes."""

    __tablename__ = "calendar_host"

    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"), primary_key=True)
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"), primary_key=True)


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
    used_at: Mapped[datetime | None]
    deleted_at: Mapped[datetime | None]
    deleted_by: Mapped[str | None] = mapped_column(SLACK_ID)
    expires_at: Mapped[datetime | None]
    # UNIQUE: of two who replace one link at once, one makes the new link and the other finds it.
    replaces_id: Mapped[int | None] = mapped_column(ForeignKey("one_time_link.id"), unique=True)


class SlackDelivery(Base):
    """What Slack handed over and we carried out: a repeated delivery finds its link here."""

    __tablename__ = "slack_delivery"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("one_time_link.id"))
    at: Mapped[datetime]


class Appointment(Base):
    """One meeting at one time; a class has many bookings, every other type one."""

    __tablename__ = "appointment"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        CheckConstraint("seats > 0", name="has_seats"),
        Index(
            "uq_appointment_calendar_id_starts_at_class",
            "calendar_id",
            "starts_at",
            unique=True,
            sqlite_where=text("seats > 1 AND cancelled_at IS NULL"),
            postgresql_where=text("seats > 1 AND cancelled_at IS NULL"),
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seats: Mapped[int]
    cancelled_at: Mapped[datetime | None]


class Occupation(Base):
    """A resource taken for a span, buffers included. No two of one resource overlap (`guards`)."""

    __tablename__ = "occupation"
    __table_args__ = (
        CheckConstraint("ends_at > starts_at", name="ends_after_start"),
        Index("ix_occupation_resource_id_ends_at", "resource_id", "ends_at"),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    resource_id: Mapped[int] = mapped_column(ForeignKey("resource.id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]


class Booking(Base):
    """One contact's seat in an appointment."""

    __tablename__ = "booking"
    __table_args__ = (
        CheckConstraint("seat > 0", name="seat_counts_from_one"),
        Index(
            "uq_booking_appointment_id_seat_active",
            "appointment_id",
            "seat",
            unique=True,
            sqlite_where=NOW_ACTIVE,
            postgresql_where=NOW_ACTIVE,
        ),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    appointment_id: Mapped[int] = mapped_column(ForeignKey("appointment.id"))
    seat: Mapped[int]
    # UNIQUE and never freed: a cancelled booking does not revive its link.
    link_id: Mapped[int] = mapped_column(ForeignKey("one_time_link.id"), unique=True)
    submission_id: Mapped[str] = mapped_column(String(64), unique=True)
    nonce: Mapped[bytes]
    key_id: Mapped[str] = mapped_column(String(16))
    lookup: Mapped[bytes] = mapped_column(unique=True)
    contact_name: Mapped[str] = mapped_column(String(NAME_LENGTH))
    contact_email: Mapped[str] = mapped_column(String(EMAIL_LENGTH))
    notes: Mapped[str] = mapped_column(Text)
    zone: Mapped[str] = mapped_column(String(64))  # the zone its times were shown in
    booked_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]


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
