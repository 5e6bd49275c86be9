"""Meeting a use case inside its transaction: it waits there until the test lets it go on."""

import asyncio
import threading
from collections.abc import Awaitable, Callable, Iterable
from typing import Any, Self, TypeVar

from sqlalchemy import event
from sqlalchemy.orm import ORMExecuteState, Session
from sqlalchemy.util import await_only

from scheduling.database import Database

T = TypeVar("T")

STUCK_SECONDS = 30.0
LOOK_AGAIN_SECONDS = 0.005


class Rendezvous:
    """Use cases run in a thread on SQLite, in a greenlet on the loop on PostgreSQL."""

    def __init__(self) -> None:
        self._loop = asyncio.get_running_loop()
        self._arrived = asyncio.Event()
        self._released = asyncio.Event()
        self._released_to_thread = threading.Event()

    @property
    def is_over(self) -> bool:
        """Tell whether use cases go on without waiting."""
        return self._released.is_set()

    def wait(self, session: Session) -> None:
        """Say that the transaction runs, and wait. Called by the use case."""
        self._loop.call_soon_threadsafe(self._arrived.set)
        if session.get_bind().dialect.name == "postgresql":
            await_only(self._released.wait())
        elif not self._released_to_thread.wait(STUCK_SECONDS):
            raise TimeoutError("nobody let the use case go on")

    async def arrived(self) -> None:
        """Wait until the use case is inside its transaction."""
        async with asyncio.timeout(STUCK_SECONDS):
            await self._arrived.wait()

    def go_on(self) -> None:
        """Let the use case go on."""
        self._released.set()
        self.release_thread()

    def release_thread(self) -> None:
        """Let SQLite's thread go on where the loop of this rendezvous is closed already."""
        self._released_to_thread.set()


class HeldBack:
    """Holds a use case between its last statement and its COMMIT while a block runs.

    Attributes:
        result: what the use case returned, known after the block.
    """

    def __init__(self, database: Database, work: Callable[..., Any], **named: Any) -> None:
        self._rendezvous = Rendezvous()
        self._work = database.write(pausing_after, rendezvous=self._rendezvous, work=work, **named)
        self.result: Any = None

    async def __aenter__(self) -> Self:
        self._task = asyncio.create_task(self._work)
        await self._rendezvous.arrived()
        return self

    async def __aexit__(self, *_: object) -> None:
        self._rendezvous.go_on()
        self.result = await self._task


def pausing_before(
    session: Session, /, *, rendezvous: Rendezvous, work: Callable[..., T], **named: Any
) -> T:
    """Begin, wait, then carry it out."""
    session.connection().exec_driver_sql("SELECT 1")
    rendezvous.wait(session)
    return work(session, **named)


def pausing_after(
    session: Session, /, *, rendezvous: Rendezvous, work: Callable[..., T], **named: Any
) -> T:
    """Carry it out, then wait with the COMMIT."""
    result = work(session, **named)
    session.flush()
    rendezvous.wait(session)
    return result


def pausing_within(
    session: Session,
    /,
    *,
    rendezvous: Rendezvous,
    before: int,
    work: Callable[..., T],
    **named: Any,
) -> T:
    """Carry it out, and wait before its n-th query, the first time that it comes to that."""
    passed = 0

    def pause(_: ORMExecuteState) -> None:
        nonlocal passed
        passed += 1
        if passed == before and not rendezvous.is_over:
            rendezvous.wait(session)

    event.listen(session, "do_orm_execute", pause)
    return work(session, **named)


async def until_somebody_waits(database: Database) -> None:
    """Wait until a transaction stands before a lock; on SQLite they queue, nobody need look."""
    async with asyncio.timeout(STUCK_SECONDS):
        while not await database.read(_somebody_waits):  # noqa: ASYNC110  # no event tells it
            await asyncio.sleep(LOOK_AGAIN_SECONDS)


async def all_of(writes: Iterable[Awaitable[Any]]) -> list[Any]:
    """Run them at once; return their answers and refusals."""
    return await asyncio.gather(*writes, return_exceptions=True)


async def in_pairs(
    pairs: Iterable[tuple[Awaitable[Any], Awaitable[Any]]],
) -> list[tuple[Any, Any]]:
    """Run all at once, of each pair now the one and now the other started first."""
    tasks = []
    for number, (one, other) in enumerate(pairs):
        if number % 2:
            second, first = asyncio.ensure_future(other), asyncio.ensure_future(one)
        else:
            first, second = asyncio.ensure_future(one), asyncio.ensure_future(other)
        tasks += [first, second]
    answers = await all_of(tasks)
    return list(zip(answers[::2], answers[1::2], strict=True))


def _somebody_waits(session: Session) -> bool:
    connection = session.connection()
    if connection.dialect.name != "postgresql":
        return True
    waiting: int = connection.exec_driver_sql(
        "SELECT count(*) FROM pg_stat_activity"
        " WHERE datname = current_database() AND wait_event_type = 'Lock'"
    ).scalar_one()
    return waiting > 0
