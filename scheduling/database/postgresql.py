"""PostgreSQL: many processes and machines; READ COMMITTED, row locks first, constraints behind."""

import asyncio
import contextlib
import logging
import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

import asyncpg
from sqlalchemy import ExceptionContext, event, text
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.exc import TimeoutError as PoolTimeout
from sqlalchemy.ext.asyncio import AsyncEngine, AsyncSession, create_async_engine
from sqlalchemy.orm import Session

from scheduling.database.outages import Outage, reason
from scheduling.database.ports import P, T, TransactionLost, UseCase, contained
from scheduling.errors import DatabaseUnavailable
from scheduling.failpoints import failpoint

log = logging.getLogger(__name__)

WAKE: Final = "otl_commit"
"""The channel of LISTEN and NOTIFY: every commit of a write notifies it."""

NOTIFY: Final = text(f"NOTIFY {WAKE}")

TRIES: Final = 3
PAUSE_SECONDS: Final = (0.01, 0.05)  # before the second try; twice that before the third
POOL: Final = 10
CONNECT_SECONDS: Final = 10
PATIENCE_SECONDS: Final = 20  # a crowd with one link is answered, not turned away
LISTEN_AGAIN_SECONDS: Final = 2.0
# Two collided; run again, the loser finds what the winner wrote. PostgreSQL's Appendix A:
# serialization_failure, deadlock_detected, unique_violation, exclusion_violation.
COLLISIONS: Final = frozenset({"40001", "40P01", "23505", "23P01"})
_SNAPSHOT: Final = text("SELECT pg_current_snapshot()::text")


class Unreachable(Exception):
    """There is no connection, or it broke; what caused it is what the driver said."""


class PostgresqlDatabase:
    """See `Database`. One engine an event loop.

    Args:
        dsn: as asyncpg reads it, see `scheduling.database.opening`.
        pool: connections at the most, the listening one not counted.
        patience_seconds: how long a caller waits for one of them.
    """

    def __init__(
        self, dsn: str, *, pool: int = POOL, patience_seconds: float = PATIENCE_SECONDS
    ) -> None:
        self._dsn = dsn
        self._engine = _engine(dsn, pool, patience_seconds)
        self._reading = self._engine.execution_options(postgresql_readonly=True)
        self._outage = Outage("PostgreSQL")
        self._writes: set[asyncio.Task[Any]] = set()
        self._listeners: list[Listener] = []
        self._listening: asyncio.Task[None] | None = None
        self._closed = False

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._closed:
            raise DatabaseUnavailable
        work = self._attempts(contained(lambda session: use_case(session, *args, **kwargs)))
        # A task of our own, shielded: the caller may be cancelled, the write goes on.
        task = asyncio.create_task(work)
        self._writes.add(task)
        task.add_done_callback(self._written)
        return await asyncio.shield(task)

    async def read(self, query: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._closed:
            raise DatabaseUnavailable
        bound = contained(lambda session: query(session, *args, **kwargs))
        try:
            async with AsyncSession(self._reading) as session:
                answer = await session.run_sync(bound)
        except (DBAPIError, Unreachable, PoolTimeout) as error:
            if isinstance(error, DBAPIError) and not is_gone(error):
                raise
            self._outage.met(error)
            raise DatabaseUnavailable from error
        self._outage.is_over()
        return answer

    def on_commit(self, callback: Callable[[], None]) -> Callable[[], None]:
        listener = Listener(callback)
        self._listeners = [*self._listeners, listener]
        if self._listening is None:
            self._listening = asyncio.create_task(self._listen())

        def take_back() -> None:
            self._listeners = [one for one in self._listeners if one is not listener]

        return take_back

    async def clock(self) -> datetime:
        return await self.read(_clock)

    async def version(self) -> object:
        # It moves with each transaction that writes, and with no other.
        return await self.read(lambda session: session.scalar(_SNAPSHOT))

    async def purge(self) -> bool:
        return True

    async def close(self) -> None:
        self._closed = True
        if self._listening is not None:
            self._listening.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._listening
        if self._writes:
            await asyncio.wait(self._writes)
        await self._engine.dispose()

    def _written(self, task: asyncio.Task[Any]) -> None:
        self._writes.discard(task)
        if not task.cancelled():
            task.exception()  # its caller may be gone; asyncio would complain that nobody looked

    async def _attempts(self, use_case: Callable[[Session], T]) -> T:
        error: Exception
        for attempt in range(TRIES):
            if attempt:
                await asyncio.sleep(attempt * random.uniform(*PAUSE_SECONDS))  # noqa: S311
            try:
                answer = await self._transaction(use_case)
            except DBAPIError as failure:
                if _sqlstate(failure) not in COLLISIONS and not is_gone(failure):
                    raise
                error = failure
            except (Unreachable, TransactionLost) as failure:
                error = failure
            except PoolTimeout as failure:
                self._outage.met(failure)
                raise DatabaseUnavailable from failure
            else:
                self._outage.is_over()
                return answer
            # A broken connection leaves the commit unsure: run again, the use case asks by its key.
            log.debug("a write is tried again: %s", reason(error))
        if isinstance(error, IntegrityError):
            raise error
        self._outage.met(error)
        raise DatabaseUnavailable from error

    async def _transaction(self, use_case: Callable[[Session], T]) -> T:
        async with AsyncSession(
            self._engine, expire_on_commit=False, sync_session_class=_WritingSession
        ) as session:
            result = await session.run_sync(use_case)
            await session.flush()
            if not session.info.get("begun"):
                return result  # it asked nothing of the database, so there is nothing to commit
            connection = await session.connection()
            driver = (await connection.get_raw_connection()).driver_connection
            if driver is None or not driver.is_in_transaction():
                raise TransactionLost
            # In a transaction that failed, COMMIT quietly rolls back; this fails aloud.
            await session.execute(NOTIFY)
            failpoint("before_commit")
            await session.commit()
            failpoint("committed")
            self._wake()  # who listens here need not wait for the message's way round
            return result

    async def _listen(self) -> None:
        while not self._closed:
            try:
                await self._listen_once()
            except (Unreachable, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
                self._outage.met(error)  # what is due is polled meanwhile
            await asyncio.sleep(LISTEN_AGAIN_SECONDS)

    async def _listen_once(self) -> None:
        ended = asyncio.Event()
        connection = await connect_with(self._dsn)()
        try:
            connection.add_termination_listener(lambda _: ended.set())
            await connection.add_listener(WAKE, lambda *_: self._wake())
            self._wake()  # what was committed before we listened
            await ended.wait()
        finally:
            connection.terminate()

    def _wake(self) -> None:
        for listener in self._listeners:
            listener.callback()


@dataclass(frozen=True, slots=True, eq=False)
class Listener:
    """Somebody who wants to hear of commits; each one is another, though the callback be one."""

    callback: Callable[[], None]


def _clock(session: Session) -> datetime:
    instant: datetime = session.execute(text("SELECT clock_timestamp()")).scalar_one()
    return instant


class _WritingSession(Session):
    """Remembers in `info` whether it began a transaction at all."""


@event.listens_for(_WritingSession, "after_begin")
def _begun(session: Session, *_: Any) -> None:
    session.info["begun"] = True


def connect_with(dsn: str) -> Callable[[], Awaitable[Any]]:
    """Return an async_creator: asyncpg reads the DSN itself, SQLAlchemy's dialect could not."""

    async def connect() -> Any:
        try:
            return await asyncpg.connect(dsn, timeout=CONNECT_SECONDS)
        except (OSError, ValueError, asyncpg.PostgresError, asyncpg.InterfaceError) as error:
            raise Unreachable from error

    return connect


def _engine(dsn: str, pool: int, patience_seconds: float) -> AsyncEngine:
    engine = create_async_engine(
        "postgresql+asyncpg://",
        async_creator=connect_with(dsn),
        pool_size=pool,
        max_overflow=0,
        pool_timeout=patience_seconds,
        pool_use_lifo=True,
        hide_parameters=True,
    )

    @event.listens_for(engine.sync_engine, "handle_error")
    def tell_broken_lines(context: ExceptionContext) -> None:
        if isinstance(context.original_exception, OSError):  # a broken line, as the system says it
            context.is_disconnect = True
            raise Unreachable from context.original_exception

    return engine


def _sqlstate(error: BaseException) -> str | None:
    return getattr(getattr(error, "orig", None), "sqlstate", None)


def is_gone(error: DBAPIError) -> bool:
    """Tell whether we cannot talk to it: class 08, 28, 3D, 57P0x, 53300, or the line is cut.

    An error that has no code, on a line that holds, is a fault of our own.
    """
    state = _sqlstate(error) or ""
    is_away = state.startswith(("08", "28", "3D", "57P")) or state == "53300"
    return error.connection_invalidated or is_away
