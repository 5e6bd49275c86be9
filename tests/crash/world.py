"""What a run starts from: calendars, many links, channels; and what it ends with: the facts."""

import asyncio
import shutil
import sqlite3
import tempfile
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Final

from sqlalchemy import text
from sqlalchemy.orm import Session

from otl.practice import PracticeSlack
from otl.practice.demo_data import APP
from otl.practice.people import Channel
from otl.practice.people import Person as Member
from scheduling.calendars.types import CalendarType
from scheduling.database import open_database, open_for_reading
from scheduling.database.opening import is_sqlite, sqlite_path
from scheduling.links.issue import issue_link
from scheduling.secrets.keyring import Purpose
from tests.crash import mails
from tests.crash.checker import Facts, Occupied, Private, StoredBooking
from tests.crash.program import HISTORY_LAG
from tests.fakes.mail_server import MailServer
from tests.given import ANA, KEYRING, KIM, PEOPLE, SAM, GivenLink, given_calendar
from tests.stored import half_done, rows

LOOK_SECONDS: Final = 0.1
EVENT: Final = "alone"
ROUND_ROBIN: Final = "round"
CLASS: Final = "class"
CALENDARS: Final = (EVENT, ROUND_ROBIN, CLASS)
STEP: Final = timedelta(minutes=15)
ALL_DAY: Final = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",))
CHANNELS: Final = tuple(f"C0CRASH{number:03d}" for number in range(300))
"""So many that the pace of one message a second and channel holds nobody up."""


def open_slack() -> PracticeSlack:
    """Make the stand-in with the app in all channels, and the hosts in the workspace."""
    return PracticeSlack(
        history_lag=HISTORY_LAG.total_seconds(),
        channels=[Channel(name, name.lower(), members={APP.bot_user_id}) for name in CHANNELS],
        people=[Member(id_, id_.lower(), person.name) for id_, person in PEOPLE.items()],
    )


async def prepare(
    database_url: str, links: int, *, calendars: Sequence[str] = CALENDARS
) -> dict[str, list[GivenLink]]:
    """Make calendars and so many links of some, in a migrated database that nobody has open."""
    database = open_database(database_url)
    try:
        settings = {"duration": STEP, "weekly": ALL_DAY, "window": timedelta(days=360)}
        await given_calendar(database, slug=EVENT, **settings)
        await given_calendar(
            database,
            slug=ROUND_ROBIN,
            type=CalendarType.ROUND_ROBIN,
            hosts=(SAM, ANA),
            **settings,
        )
        await given_calendar(
            database, slug=CLASS, type=CalendarType.CLASS, hosts=(KIM,), seats=2, **settings
        )
        now = datetime.now(UTC)
        return {
            calendar: await database.write(
                _issue,
                calendar=calendar,
                channels=CHANNELS[number :: len(calendars)],
                nonces=[token_bytes(16) for _ in range(links)],
                now=now,
            )
            for number, calendar in enumerate(calendars)
        }
    finally:
        await database.close()


def _issue(
    session: Session,
    *,
    calendar: str,
    channels: Sequence[str],
    nonces: Sequence[bytes],
    now: datetime,
) -> list[GivenLink]:
    made = []
    for number, nonce in enumerate(nonces):
        secret = KEYRING.new_secret(Purpose.LINK, nonce)
        details = issue_link(
            session,
            workspace_id=1,
            calendar=calendar,
            contact=None,
            issued_by=SAM,
            channel_id=channels[number % len(channels)],
            deadline=None,
            request_key=token_hex(8),
            secret=secret,
            now=now,
        )
        token = KEYRING.token(Purpose.LINK, secret)
        made.append(GivenLink(details, token, KEYRING.lookups(Purpose.LINK, token)))
    return made


class Starts:
    """Hands out start times, epoch seconds; no two calls get the same."""

    def __init__(self) -> None:
        tomorrow = datetime.now(UTC).replace(hour=0, minute=0, second=0, microsecond=0)
        self._next = tomorrow + timedelta(days=2)

    def take(self) -> int:
        """Return the next free quarter of an hour."""
        self._next += STEP
        return int(self._next.timestamp())


async def unsent(database_url: str) -> list[str]:
    """Return the ids of the notifications that are not done."""
    database = open_for_reading(database_url)
    try:
        return await database.read(_unsent)
    finally:
        await database.close()


async def something_unsure(database_url: str) -> None:
    """Wait until a notification is unsure."""
    database = open_for_reading(database_url)
    try:
        while not await database.read(_unsure):  # noqa: ASYNC110  # another process sends them
            await asyncio.sleep(0.01)
    finally:
        await database.close()


async def everything_sent(database_url: str) -> None:
    """Wait until no notification is left to be sent."""
    while await unsent(database_url):  # noqa: ASYNC110  # another process sends them
        await asyncio.sleep(LOOK_SECONDS)


async def facts(
    database_url: str,
    slack: PracticeSlack,
    *,
    broken: Sequence[str] = (),
    mail: MailServer | None = None,
) -> Facts:
    """Read how everything stands; the program must have ended.

    Args:
        broken: what `broken` found on the way.
        mail: the server that mail went through; None: there was no mail.
    """
    database = open_for_reading(database_url)
    try:
        stored: Facts = await database.read(_facts, told=_told(slack), broken=broken)
        if mail is not None:
            meant = await database.read(mails.meant)
            stored = replace(stored, mails=meant, mailed=mails.taken(mail))
    finally:
        await database.close()
    return stored


def broken(database_url: str) -> list[str]:
    """Return what SQLite's own checks complain about; the program must be dead.

    A copy is looked at: whoever opens the file after a crash recovers it, and that is the program's
    own task.
    """
    if not is_sqlite(database_url):
        return []
    path = sqlite_path(database_url)
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / path.name
        for suffix in ("", "-wal"):
            file = path.with_name(path.name + suffix)
            if file.exists():
                shutil.copyfile(file, copy.with_name(copy.name + suffix))
        connection = sqlite3.connect(copy)
        try:
            found = [str(row[0]) for row in connection.execute("PRAGMA integrity_check")]
            astray = connection.execute("PRAGMA foreign_key_check").fetchall()
        finally:
            connection.close()
    return [line for line in found if line != "ok"] + [str(row) for row in astray]


def _unsent(session: Session) -> list[str]:
    waiting = rows(session, "SELECT notification_id FROM delivery WHERE closed_at IS NULL")
    return [row[0] for row in waiting]


def _unsure(session: Session) -> list[str]:
    waiting = rows(session, "SELECT notification_id FROM delivery WHERE state = 'unsure'")
    return [row[0] for row in waiting]


def _facts(session: Session, *, told: Mapping[str, int], broken: Sequence[str]) -> Facts:
    bookings = rows(
        session,
        "SELECT link.public_id, booking.submission_id, appointment.starts_at, booking.lookup,"
        " delivery.notification_id FROM booking"
        " JOIN one_time_link AS link ON link.id = booking.link_id"
        " JOIN appointment ON appointment.id = booking.appointment_id"
        " LEFT JOIN event ON event.kind = 'booking.made' AND event.subject_id = booking.id"
        " LEFT JOIN delivery ON delivery.event_id = event.id AND delivery.recipient = 'channel'",
    )
    occupied = session.execute(text("SELECT resource_id, starts_at, ends_at FROM occupation"))
    return Facts(
        bookings=tuple(
            StoredBooking(link, submission, _epoch(starts_at), lookup.hex(), notification)
            for link, submission, starts_at, lookup, notification in bookings
        ),
        occupied=tuple(
            Occupied(resource, _epoch(starts_at), _epoch(ends_at))
            for resource, starts_at, ends_at in occupied
        ),
        private=_private(session),
        half_done=half_done(session),
        unsent=_unsent(session),
        told=told,
        broken=broken,
    )


def _private(session: Session) -> tuple[Private, ...]:
    """Read who must be told: each host of each booking, and an issuer who is none of them.

    A host may be told of a booking by the message of another one of the same meeting.
    """
    hosts = rows(
        session,
        "SELECT link.public_id, 'host:' || occupation.resource_id, ("
        "  SELECT max(delivery.notification_id) FROM delivery"
        "  JOIN event ON event.id = delivery.event_id AND event.kind = 'booking.made'"
        "  JOIN booking AS own ON own.id = event.subject_id"
        "  WHERE own.appointment_id = booking.appointment_id"
        "  AND (own.id = booking.id OR delivery.card IS NOT NULL)"
        "  AND delivery.recipient = 'host:' || occupation.resource_id"
        "  AND delivery.destination = 'slack'"
        ") FROM booking JOIN one_time_link AS link ON link.id = booking.link_id"
        " JOIN occupation ON occupation.appointment_id = booking.appointment_id",
    )
    issuers = rows(
        session,
        "SELECT link.public_id, 'issuer', delivery.notification_id FROM booking"
        " JOIN one_time_link AS link ON link.id = booking.link_id"
        " LEFT JOIN event ON event.kind = 'booking.made' AND event.subject_id = booking.id"
        " LEFT JOIN delivery ON delivery.event_id = event.id AND delivery.recipient = 'issuer'"
        " WHERE NOT EXISTS (SELECT 1 FROM occupation"
        "  JOIN resource ON resource.id = occupation.resource_id"
        "  WHERE occupation.appointment_id = booking.appointment_id"
        "  AND resource.slack_user_id = link.issued_by)",
    )
    return tuple(Private(*row) for row in [*hosts, *issuers])


def _told(slack: PracticeSlack) -> Counter[str]:
    return Counter(
        message.metadata["event_payload"]["notification_id"]
        for channel in slack.workspace.channels
        for message in slack.workspace.messages_in(channel)
        if message.metadata
    )


def _epoch(stored: datetime | int) -> int:
    """Read a time as the database holds it."""
    return int(stored.timestamp()) if isinstance(stored, datetime) else stored // 1_000_000
