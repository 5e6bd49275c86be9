"""The world of the use cases: called on a database, as the bot and the site would call them."""

import asyncio
import shutil
import sqlite3
from collections import Counter
from collections.abc import Callable
from contextlib import closing, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from secrets import token_bytes, token_hex
from typing import Any, Final

from scheduling.bookings.book import book
from scheduling.bookings.link_page import link_page
from scheduling.calendars.change import activate_calendar, deactivate_calendar, load_calendars
from scheduling.calendars.limits import CalendarSettings
from scheduling.calendars.types import CalendarType
from scheduling.database import Database, open_database
from scheduling.database.opening import is_sqlite, sqlite_path
from scheduling.database.postgresql import PostgresqlDatabase
from scheduling.errors import (
    CalendarInactive,
    DatabaseUnavailable,
    LinkNotActive,
    NotAllowed,
    StartTaken,
)
from scheduling.events import queue
from scheduling.events.deliveries import (
    Delivery,
    DestinationRefused,
    Done,
    NotSent,
    Outcome,
    Unsure,
)
from scheduling.events.destinations import SLACK
from scheduling.events.queue import Terms
from scheduling.events.refusing import clear_refusal, refusing
from scheduling.events.settling import settle
from scheduling.links.copy import copy_link
from scheduling.links.delete import delete_link
from scheduling.links.details import LinkDetails
from scheduling.links.issue import issue_link
from scheduling.links.permissions import Actor
from scheduling.links.regenerate import regenerate_link
from scheduling.secrets.keyring import Purpose, SecretRecord
from scheduling.times.intervals import Interval
from tests.arguments import copying, deleting, issuing, regenerating
from tests.given import EVERY_DAY, KEYRING, NOW, PEOPLE, SALES, a_booker, given_calendar
from tests.model import specification as model
from tests.model.observing import broken_promises, observed, to_tell, untold
from tests.model.specification import ADMINS, CALENDARS, OWNER, Answer, Operation, View

TYPES: Final = {
    model.ALONE: CalendarType.EVENT,
    model.ROUND: CalendarType.ROUND_ROBIN,
    model.CLASS: CalendarType.CLASS,
}
QUARANTINE: Final = timedelta(seconds=60)
LEASE: Final = timedelta(seconds=90)
PATIENCE: Final = timedelta(minutes=5)
MOST_ROUNDS: Final = 200


@dataclass(slots=True)
class SlackInMemory:
    """What a channel holds. Its history can always be asked."""

    stored: Counter[str] = field(default_factory=Counter)

    def take(self, delivery: Delivery, fate: str) -> Outcome:
        """Do as the notifier does: look up what may have arrived, else send."""
        id_ = delivery.notification_id
        if fate == "down":
            return NotSent("connection refused")
        if fate == "token revoked":
            return DestinationRefused("token_revoked")
        if delivery.window is not None and self.stored[id_]:
            return Done(SALES, "1.0")
        if fate != "fails before storing":
            self.stored[id_] += 1
        return Done(SALES, "1.0") if fate == "well" else Unsure("http_500")


class UseCases:
    """See `tests.model.machine.World`.

    Args:
        new_url: gives an empty, migrated database.
    """

    def __init__(self, new_url: Callable[[], str]) -> None:
        self._url = new_url()
        self._slack = SlackInMemory()
        self._tokens: dict[str, str] = {}
        self.database: Database

    async def begin(self) -> None:
        self.database = open_database(self._url)
        await given_calendars(self.database)

    async def end(self) -> None:
        await self.database.close()

    def set_clock(self, now: datetime) -> None:
        """Change nothing: a use case is told what time it is."""

    async def form(self, link: str, *, now: datetime) -> str:
        """Return the submission id of a form that was fetched now."""
        del link, now
        return token_hex(16)

    async def do(self, operation: Operation, *, now: datetime) -> Answer:
        try:
            return await self._do(operation, now)
        except CalendarInactive:
            return ("off",)
        except StartTaken:
            return ("taken",)
        except NotAllowed:
            return ("not allowed",)
        except LinkNotActive as refusal:
            return ("gone", refusal.status.value)

    async def crash_during(self, operation: Operation, seconds: float, *, now: datetime) -> None:
        """Lose the process in the midst of an operation, and start again on what is stored."""
        task = asyncio.create_task(self.do(operation, now=now))
        await asyncio.sleep(seconds)
        self._url, self.database = await after_a_crash(self._url, self.database, task)

    async def view(self, *, now: datetime) -> View:
        return await self.database.read(observed, now=now)

    async def broken_promises(self) -> list[str]:
        return await self.database.read(broken_promises)

    async def deliver(self, fate: str, *, now: datetime) -> None:
        """Be the worker until nothing is due, with Slack as it is fated to be."""
        if SLACK in await self.database.read(refusing):
            if fate == "token revoked":
                return
            await self.database.write(clear_refusal, workspace_id=1, destination=SLACK)
        while claimed := await self._claim(now):
            for delivery in claimed:
                if fate == "we die before sending":
                    return
                outcome = self._slack.take(delivery, "well" if fate.startswith("we die") else fate)
                if fate == "we die after sending":
                    return
                await self.database.write(
                    settle,
                    delivery,
                    outcome,
                    began_at=now,
                    ended_at=now,
                    now=now,
                    quarantine=QUARANTINE,
                )

    async def told(self) -> Counter[str]:
        return +self._slack.stored

    async def settle(self, *, now: datetime) -> list[str]:
        """Let Slack be well and time pass until all is told; return what had to be told."""
        for _ in range(MOST_ROUNDS):
            if not await self.database.read(untold):
                break
            now += PATIENCE
            await self.deliver("well", now=now)
        assert await self.database.read(untold) == []
        return await self.database.read(to_tell)

    async def _claim(self, now: datetime) -> tuple[Delivery, ...]:
        """Take what is due, one for each place; nothing while Slack refuses us."""
        if SLACK in await self.database.read(refusing):
            return ()
        terms = Terms({SLACK: now}, busy_lanes=(), held=(), limit=16)
        return await self.database.write(queue.claim, terms, now=now, lease=LEASE)

    async def _do(self, operation: Operation, now: datetime) -> Answer:  # noqa: PLR0911  # one each
        write = self.database.write
        match operation:
            case model.Issue(calendar, deadline, by, key):
                asked = issuing(
                    calendar=calendar, deadline=deadline, issued_by=by, request_key=key, now=now
                )
                return "link", self._know(await write(issue_link, **asked))
            case model.Copy(link, by):
                asked = copying(link, actor=actor(by), now=now)
                return "link", self._know(await write(copy_link, **asked))
            case model.Open(link):
                page = await self.database.read(
                    link_page, lookups=self._lookups(link), within=a_week(now), now=now
                )
                return ("open" if page.calendar.active else "off",)
            case model.Book(link, submission, start):
                booked = await write(
                    book,
                    lookups=self._lookups(link),
                    submission_id=submission,
                    start=start,
                    booker=a_booker(),
                    secret=new_secret(Purpose.BOOKING),
                    now=now,
                )
                return "booked", booked.booking_id
            case model.Delete(link, by):
                await write(delete_link, **deleting(link, actor=actor(by), now=now))
                return ("deleted",)
            case model.Regenerate(link, by, key):
                asked = regenerating(link, actor=actor(by), request_key=key, now=now)
                done = await write(regenerate_link, **asked)
                return "new", self._know(done.link), model.FRESH if done.fresh else model.KNOWN
            case model.SetHours() | model.Switch():
                await change_calendar(self.database, operation, now=now)
                return ("done",)

    def _know(self, link: LinkDetails) -> str:
        token = KEYRING.token(Purpose.LINK, link.secret)
        assert self._tokens.setdefault(link.public_id, token) == token
        return link.public_id

    def _lookups(self, link: str) -> tuple[bytes, ...]:
        return KEYRING.lookups(Purpose.LINK, self._tokens[link])


async def given_calendars(database: Database) -> None:
    """Make the calendars of the model."""
    for slug, kind in CALENDARS.items():
        await given_calendar(
            database,
            slug=slug,
            type=TYPES[slug],
            hosts=kind.hosts,
            owner=OWNER,
            duration=kind.duration,
            buffer_before=kind.before,
            buffer_after=kind.after,
            seats=kind.seats,
            now=NOW,
        )


async def change_calendar(
    database: Database, operation: model.SetHours | model.Switch, *, now: datetime
) -> None:
    """Do what an operator or an owner does."""
    match operation:
        case model.SetHours(slug, hours):
            span = model.HOURS[hours]
            words = f"{span[0]:%H:%M}-{span[1]:%H:%M}" if span else ""
            weekly = dict.fromkeys(EVERY_DAY, (words,)) if words else {}
            await database.write(
                load_calendars,
                workspace_id=1,
                calendars=[CalendarSettings(slug=slug, weekly=weekly)],
                people=PEOPLE,
                now=now,
            )
        case model.Switch(slug, on):
            switch = activate_calendar if on else deactivate_calendar
            await database.write(switch, workspace_id=1, slug=slug, now=now)


async def after_a_crash(
    url: str, database: Database, in_flight: "asyncio.Task[Any]"
) -> tuple[str, Database]:
    """Return what a process finds that starts after this one was lost.

    On SQLite that is a copy of the files as they are at this instant; on PostgreSQL the same
    database, whose server sees the connections of the lost process break.
    """
    if is_sqlite(url):
        url = f"sqlite:///{_copy_of(sqlite_path(url))}"
    else:
        assert isinstance(database, PostgresqlDatabase)
        for write in tuple(database._writes):
            write.cancel()
    in_flight.cancel()
    with suppress(asyncio.CancelledError, DatabaseUnavailable):
        await in_flight
    await database.close()
    return url, open_database(url)


def _copy_of(path: Path) -> Path:
    copy = path.with_name(f"{path.stem}+.sqlite3")
    # While a reader is there the WAL is not begun anew, and all that the file lacks stands in it.
    with closing(sqlite3.connect(path, isolation_level=None)) as reader:
        reader.execute("BEGIN")
        reader.execute("SELECT count(*) FROM workspace").fetchone()
        shutil.copyfile(path, copy)
        wal = path.with_name(f"{path.name}-wal")
        if wal.exists():
            shutil.copyfile(wal, copy.with_name(f"{copy.name}-wal"))
    return copy


def new_secret(purpose: Purpose) -> SecretRecord:
    return KEYRING.new_secret(purpose, token_bytes(16))


def actor(user: str) -> Actor:
    return Actor(user, is_admin=user in ADMINS)


def a_week(now: datetime) -> Interval:
    start = now.replace(hour=0, minute=0).astimezone(UTC)
    return Interval(start, start + timedelta(days=7))
