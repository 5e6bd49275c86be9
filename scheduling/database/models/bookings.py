"""Appointments, what they occupy, and the seats in them."""

from datetime import datetime

from sqlalchemy import (
    CheckConstraint,
    ForeignKey,
    Index,
    String,
    Text,
    UniqueConstraint,
    false,
    text,
)
from sqlalchemy.orm import Mapped, mapped_column

from scheduling.contacts import EMAIL_LENGTH, NAME_LENGTH, PHONE_LENGTH
from scheduling.database.column_types import open_words_of
from scheduling.database.models.base import SLACK_ID, Base
from scheduling.places import PLACE_LENGTH, PlaceKind
from scheduling.times.words import ENGLISH, LANGUAGE_LENGTH

NOW_ACTIVE = text("cancelled_at IS NULL")


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
        Index("uq_appointment_uid", "uid", unique=True),
    )

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    calendar_id: Mapped[int] = mapped_column(ForeignKey("calendar.id"), index=True)
    starts_at: Mapped[datetime]
    ends_at: Mapped[datetime]
    seats: Mapped[int]
    cancelled_at: Mapped[datetime | None]
    # In its hosts' invitations, see `stable_id`. None: booked by a release that wrote none.
    uid: Mapped[str | None] = mapped_column(String(36))
    sequence: Mapped[int] = mapped_column(server_default=text("0"))  # RFC 5545 §3.8.7.4
    # Frozen when it is booked. None: nobody says where it is.
    place_kind: Mapped[PlaceKind | None] = mapped_column(open_words_of(PlaceKind))
    place_text: Mapped[str | None] = mapped_column(String(PLACE_LENGTH))  # see `Place`


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
    # Free again since then: the meeting was cancelled, or somebody else hosts it. What was released
    # when the meeting was cancelled still tells who hosted it.
    released_at: Mapped[datetime | None]


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
        Index("uq_booking_uid", "uid", unique=True),
        Index("uq_booking_correction_id", "correction_id", unique=True),
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
    # How what is sent later is written, as the contact's browser asked when they booked.
    language: Mapped[str] = mapped_column(String(LANGUAGE_LENGTH), server_default=ENGLISH)
    twelve_hours: Mapped[bool] = mapped_column(server_default=false())
    booked_at: Mapped[datetime]
    cancelled_at: Mapped[datetime | None]
    cancelled_by: Mapped[str | None] = mapped_column(SLACK_ID)  # None: whoever booked
    reason: Mapped[str | None] = mapped_column(Text)  # of the last change, as it was typed
    moves: Mapped[int] = mapped_column(server_default=text("0"))  # by whoever booked
    # Where its card stands in Slack; None: it was not posted yet.
    card_channel: Mapped[str | None] = mapped_column(SLACK_ID)
    card_ts: Mapped[str | None] = mapped_column(String(32))
    phone: Mapped[str | None] = mapped_column(String(PHONE_LENGTH))  # where its host calls them
    # In its contact's invitation, see `stable_id`. None: it follows from the nonce.
    uid: Mapped[str | None] = mapped_column(String(36))
    # Added to the meeting's: how often what its contact holds changed by itself.
    sequence: Mapped[int] = mapped_column(server_default=text("0"))
    # A contact corrects a mistyped address once; the form that did it answers with the new secret.
    corrected_at: Mapped[datetime | None]
    correction_id: Mapped[str | None] = mapped_column(String(64))
    # Until what it got by mail is withdrawn there.
    former_email: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))


class Guest(Base):
    """Whom the contact brings along: an address that gets the meeting by mail, and nothing else."""

    __tablename__ = "guest"
    __table_args__ = (UniqueConstraint("booking_id", "email"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    booking_id: Mapped[int] = mapped_column(ForeignKey("booking.id"))
    email: Mapped[str] = mapped_column(String(EMAIL_LENGTH), index=True)  # in small letters
    # False: there was no mail, or too many had invited them on that day.
    is_invited: Mapped[bool]
