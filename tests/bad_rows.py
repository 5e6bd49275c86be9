"""Rows that must never be stored, each with the one guard that keeps it out, and how to drop it."""

import re
import sqlite3
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any, Final

import asyncpg
from sqlalchemy import insert, select, text, update
from sqlalchemy.orm import Session

from scheduling.calendars.types import CalendarType
from scheduling.database import Database
from scheduling.database.guards import OVERLAP
from scheduling.database.models import (
    Appointment,
    Base,
    Booking,
    Calendar,
    DeliveryRow,
    DestinationRefusalRow,
    EventRow,
    Guest,
    Occupation,
    OneTimeLink,
    Request,
    Resource,
    Workspace,
)
from scheduling.database.opening import is_sqlite, postgresql_dsn, sqlite_path
from scheduling.events.deliveries import State
from tests.given import ANA, MONDAY_NINE, NOW, SAM, given_calendar, given_link, when_booked

HOUR: Final = timedelta(hours=1)

OUTER_COMMA: Final = re.compile(r",(?![^(]*\))")
"""Between the clauses of a table; a comma within brackets has the closing one ahead."""


@dataclass(frozen=True, slots=True)
class Guard:
    """A guard, and a row that it alone keeps out of what `given_rows` stored.

    Attributes:
        name: of the constraint or index, which PostgreSQL says when it refuses.
        on_sqlite: what SQLite says; of a UNIQUE it names the columns.
        trigger: what the guard is called on SQLite where a trigger does it.
    """

    name: str
    table: str
    store_bad_row: Callable[[Session], None]
    on_sqlite: str
    trigger: str | None = None


async def given_rows(database: Database) -> None:
    """Two meetings of Sam's, a class of Ana's with a contact in it, three links that are active."""
    await given_calendar(database)
    await given_calendar(
        database, slug="group-class", type=CalendarType.CLASS, seats=3, hosts=(ANA,)
    )
    await when_booked(database, await given_link(database))
    await when_booked(database, await given_link(database), start=MONDAY_NINE + HOUR)
    await when_booked(database, await given_link(database, calendar="group-class"))
    for _ in range(3):
        await given_link(database)


async def drop(url: str, guard: Guard) -> None:
    """Take a guard out of a database that nobody has open."""
    if is_sqlite(url):
        _drop_from_sqlite(sqlite_path(url), guard)
        return
    connection = await asyncpg.connect(postgresql_dsn(url))
    index = f"DROP INDEX IF EXISTS {guard.name}"
    constraint = f"ALTER TABLE {guard.table} DROP CONSTRAINT IF EXISTS {guard.name}"
    await connection.execute(f"{constraint}; {index}")
    await connection.close()


def occupy(session: Session, host: str, start: datetime, end: datetime) -> None:
    """Take a host's time, past every use case."""
    session.execute(
        insert(Occupation).values(
            workspace_id=1,
            resource_id=select(Resource.id).where(Resource.slack_user_id == host).scalar_subquery(),
            appointment_id=select(Appointment.id)
            .order_by(Appointment.id)
            .limit(1)
            .scalar_subquery(),
            starts_at=start,
            ends_at=end,
        )
    )


def move_occupation(session: Session, begins: datetime, start: datetime, end: datetime) -> None:
    """Move the occupation that begins at an instant, past every use case."""
    session.execute(
        update(Occupation)
        .where(Occupation.starts_at == begins)
        .values(starts_at=start, ends_at=end)
    )


def _copied(model: type[Base], **changes: Any) -> Callable[[Session], None]:
    """Store the first row of a table again; what must differ and is not named is made anew."""

    def store(session: Session) -> None:
        row = session.scalars(select(model).limit(1)).one()
        values = {
            column.key: getattr(row, column.key)
            for column in model.__table__.columns
            if column.key != "id"
        }
        anew = {
            "lookup": token_bytes(32),
            "notification_id": token_hex(16),
            "public_id": f"L-{token_hex(3)}",
            "submission_id": token_hex(16),
        }
        values |= {name: value for name, value in anew.items() if name in values}
        values |= {
            name: change(session) if callable(change) else change
            for name, change in changes.items()
        }
        session.execute(insert(model).values(**values))

    return store


def _changed(model: type[Base], **changes: Any) -> Callable[[Session], None]:
    def store(session: Session) -> None:
        row = session.scalars(select(model).limit(1)).one()
        for name, value in changes.items():
            setattr(row, name, value)

    return store


def _first(column: Any) -> Callable[[Session], Any]:
    return lambda session: session.scalars(select(column).limit(1)).one()


def _unused_link(session: Session) -> int:
    unused = select(OneTimeLink.id).where(OneTimeLink.used_at.is_(None)).limit(1)
    return session.scalars(unused).one()


def _one_host_twice(session: Session) -> None:
    occupy(session, SAM, MONDAY_NINE, MONDAY_NINE + HOUR)


def _one_meeting_moved_onto_the_other(session: Session) -> None:
    move_occupation(session, MONDAY_NINE + HOUR, MONDAY_NINE, MONDAY_NINE + HOUR)


def _one_link_replaced_twice(session: Session) -> None:
    old = _unused_link(session)
    for _ in range(2):
        _copied(OneTimeLink, used_at=None, replaces_id=old)(session)


def _one_class_twice(session: Session) -> None:
    row = session.scalars(select(Appointment).where(Appointment.seats > 1)).one()
    session.execute(
        insert(Appointment).values(
            workspace_id=1,
            calendar_id=row.calendar_id,
            starts_at=row.starts_at,
            ends_at=row.ends_at,
            seats=row.seats,
        )
    )


def _one_guest_twice(session: Session) -> None:
    booking_id = session.scalars(select(Booking.id).limit(1)).one()
    guest = {"workspace_id": 1, "booking_id": booking_id, "email": "joe@acme.com"}
    for _ in range(2):
        session.execute(insert(Guest).values(**guest, is_invited=False))


def _one_correction_twice(session: Session) -> None:
    session.execute(update(Booking).values(correction_id="form"))


def _one_card_in_all_messages(session: Session) -> None:
    session.execute(update(DeliveryRow).values(card="booking:1"))


def _unknown_state(session: Session) -> None:
    session.execute(text("UPDATE delivery SET state = 'lost'"))


def _one_refusal_twice(session: Session) -> None:
    refusal = {"workspace_id": 1, "destination": "slack", "reason": "token_revoked", "since": NOW}
    for _ in range(2):
        session.execute(insert(DestinationRefusalRow).values(**refusal))


def _check(name: str, model: type[Base], store: Callable[[Session], None]) -> Guard:
    table = model.__tablename__
    return Guard(f"ck_{table}_{name}", table, store, f"ck_{table}_{name}")


def _unique(model: type[Base], columns: str, store: Callable[[Session], None]) -> Guard:
    table = model.__tablename__
    named = ", ".join(f"{table}.{column}" for column in columns.split())
    return Guard(f"uq_{table}_{columns.replace(' ', '_')}", table, store, named)


GUARDS: Final = (
    Guard(OVERLAP, "occupation", _one_host_twice, OVERLAP, f"{OVERLAP}_insert"),
    Guard(OVERLAP, "occupation", _one_meeting_moved_onto_the_other, OVERLAP, f"{OVERLAP}_update"),
    _unique(Booking, "link_id", _copied(Booking, seat=9, uid=None)),
    _unique(
        Booking,
        "submission_id",
        _copied(
            Booking,
            seat=9,
            link_id=_unused_link,
            uid=None,
            submission_id=_first(Booking.submission_id),
        ),
    ),
    _unique(
        Booking,
        "lookup",
        _copied(Booking, seat=9, link_id=_unused_link, uid=None, lookup=_first(Booking.lookup)),
    ),
    Guard(
        "uq_booking_appointment_id_seat_active",
        "booking",
        _copied(Booking, link_id=_unused_link, uid=None),
        "booking.appointment_id, booking.seat",
    ),
    _check(
        "seat_counts_from_one", Booking, _copied(Booking, link_id=_unused_link, uid=None, seat=0)
    ),
    _unique(Booking, "uid", _copied(Booking, seat=9, link_id=_unused_link)),
    _unique(Guest, "booking_id email", _one_guest_twice),
    _unique(Booking, "correction_id", _one_correction_twice),
    _unique(OneTimeLink, "replaces_id", _one_link_replaced_twice),
    _unique(OneTimeLink, "lookup", _copied(OneTimeLink, lookup=_first(OneTimeLink.lookup))),
    _unique(
        OneTimeLink,
        "workspace_id public_id",
        _copied(OneTimeLink, public_id=_first(OneTimeLink.public_id)),
    ),
    _check(
        "used_or_deleted_not_both",
        OneTimeLink,
        _copied(OneTimeLink, used_at=NOW, deleted_at=NOW, deleted_by=SAM),
    ),
    _check("used_after_issue", OneTimeLink, _copied(OneTimeLink, used_at=NOW - HOUR)),
    _check(
        "somebody_deleted_what_is_deleted",
        OneTimeLink,
        _copied(OneTimeLink, used_at=None, deleted_at=NOW),
    ),
    _check("deadline_after_issue", OneTimeLink, _copied(OneTimeLink, used_at=None, expires_at=NOW)),
    _check(
        "not_used_after_deadline",
        OneTimeLink,
        _copied(OneTimeLink, used_at=NOW + HOUR, expires_at=NOW + HOUR),
    ),
    Guard("pk_request", "request", _copied(Request), "request.workspace_id, request.key"),
    Guard(
        "uq_appointment_calendar_id_starts_at_class",
        "appointment",
        _one_class_twice,
        "appointment.calendar_id, appointment.starts_at",
    ),
    _unique(Appointment, "uid", _copied(Appointment)),
    _check("ends_after_start", Appointment, _changed(Appointment, ends_at=MONDAY_NINE)),
    _unique(EventRow, "kind subject_id version", _copied(EventRow)),
    _unique(DeliveryRow, "event_id destination recipient", _copied(DeliveryRow)),
    _unique(
        DeliveryRow,
        "notification_id",
        _copied(
            DeliveryRow, recipient="other", notification_id=_first(DeliveryRow.notification_id)
        ),
    ),
    Guard(
        "uq_delivery_card",
        "delivery",
        _one_card_in_all_messages,
        "delivery.card, delivery.destination, delivery.recipient",
    ),
    _check("state", DeliveryRow, _unknown_state),
    _check("closed_has_a_time", DeliveryRow, _changed(DeliveryRow, state=State.DONE)),
    _check(
        "overtaken_by_an_event",
        DeliveryRow,
        _changed(DeliveryRow, state=State.OVERTAKEN, closed_at=NOW),
    ),
    _check("shows_no_more_than_there_is", DeliveryRow, _changed(DeliveryRow, shown=2)),
    Guard(
        "pk_destination_refusal",
        "destination_refusal",
        _one_refusal_twice,
        "destination_refusal.workspace_id, destination_refusal.destination",
    ),
    _unique(Calendar, "workspace_id slug", _copied(Calendar)),
    _check(
        "positive_duration_and_step", Calendar, _copied(Calendar, slug="x", duration=timedelta(0))
    ),
    _check("no_negative_rule", Calendar, _copied(Calendar, slug="x", buffer_before=-HOUR)),
    _check(
        "seats_are_for_classes",
        Calendar,
        _copied(Calendar, slug="x", type=CalendarType.EVENT, seats=2),
    ),
    _check("one_workspace_an_installation", Workspace, _copied(Workspace, id=2, team_id="T0OTHER")),
)


def _drop_from_sqlite(path: Path, guard: Guard) -> None:
    name = guard.trigger or guard.name
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        found = connection.execute(
            "SELECT type FROM sqlite_master WHERE name = ? AND type IN ('index', 'trigger')",
            [name],
        ).fetchone()
        if found is not None:
            connection.execute(f"DROP {found[0]} {name}")
        else:
            _rebuild_without(connection, guard.table, name)


def _rebuild_without(connection: sqlite3.Connection, table: str, constraint: str) -> None:
    """Rebuild a table without one constraint; its indexes go too, which nobody here misses."""
    [written] = connection.execute(
        "SELECT sql FROM sqlite_master WHERE type = 'table' AND name = ?", [table]
    ).fetchone()
    head, _, body = written.partition("(")
    kept = [" ".join(one.split()) for one in OUTER_COMMA.split(body.strip().removesuffix(")"))]
    without = [clause for clause in kept if not clause.startswith(f"CONSTRAINT {constraint} ")]
    assert len(without) == len(kept) - 1, f"{table} has no {constraint}"
    new = head.replace(table, "rebuilt").replace('"', "") + f"({', '.join(without)})"
    for statement in (
        "PRAGMA foreign_keys = OFF",
        "PRAGMA legacy_alter_table = ON",
        new,
        f"INSERT INTO rebuilt SELECT * FROM {table}",  # noqa: S608  # words of the tests
        f"DROP TABLE {table}",
        f"ALTER TABLE rebuilt RENAME TO {table}",
    ):
        connection.execute(statement)
