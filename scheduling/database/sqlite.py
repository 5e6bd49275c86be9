"""SQLite: one writer thread owns one connection, callers queue; a few reader threads.

Why: SQLite's busy handler polls (17 writes/s through a pool, some 950/s through a queue), and an
async task that is cancelled inside a transaction leaves the write lock held. A thread cannot be.
"""

import asyncio
import logging
import queue
import sqlite3
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any, Final, cast

from sqlalchemy import Connection, Engine, QueuePool, StaticPool, create_engine, event
from sqlalchemy.exc import DatabaseError
from sqlalchemy.orm import Session

from scheduling.database.outages import Outage
from scheduling.database.ports import P, T, TransactionLost, UseCase, contained
from scheduling.errors import DatabaseUnavailable
from scheduling.failpoints import failpoint

log = logging.getLogger(__name__)

READERS: Final = 4
BUSY_TIMEOUT_SECONDS: Final = 5.0
OUT_OF_ORDER: Final = frozenset(
    {
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_CORRUPT,
        sqlite3.SQLITE_FULL,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_LOCKED,
        sqlite3.SQLITE_NOTADB,
        sqlite3.SQLITE_PERM,
        sqlite3.SQLITE_PROTOCOL,
        sqlite3.SQLITE_READONLY,
    }
)
BEGIN: Final = "BEGIN IMMEDIATE"


@dataclass(frozen=True, slots=True)
class _Job:
    work: Callable[[], Any]
    answer: asyncio.Future[Any]
    loop: asyncio.AbstractEventLoop


class SqliteDatabase:
    """See `Database`. Made on an event loop; `close` it there.

    Args:
        path: the file; its folder must exist.
        read_only: refuse every write; for a look at a database whose server may be running.
    """

    def __init__(self, path: Path, *, read_only: bool = False) -> None:
        self._reading = _reader_engine(path)
        self._readers = ThreadPoolExecutor(READERS, thread_name_prefix="sqlite-reader")
        self._listeners: list[tuple[asyncio.AbstractEventLoop, Callable[[], None]]] = []
        self._jobs: queue.SimpleQueue[_Job | None] = queue.SimpleQueue()
        self._changes = 0
        self._outage = Outage(f"The database {path}")
        self._closed = False
        self._writing: Engine | None = None
        self._writer: threading.Thread | None = None
        if not read_only:
            self._driver = _writer_connection(path)
            self._writing = _writer_engine(self._driver)
            self._writer = threading.Thread(target=self._work, name="sqlite-writer", daemon=True)
            self._writer.start()

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        return await self._have_done(partial(self._transaction, _bound(use_case, args, kwargs)))

    async def read(self, query: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        if self._closed:
            raise DatabaseUnavailable
        loop = asyncio.get_running_loop()
        bound = _bound(query, args, kwargs)
        try:
            answer = cast(T, await loop.run_in_executor(self._readers, self._query, bound))
        except DatabaseError as error:
            if not is_out_of_order(error):
                raise
            self._outage.met(error)
            raise DatabaseUnavailable from error
        self._outage.is_over()
        return answer

    def on_commit(self, callback: Callable[[], None]) -> Callable[[], None]:
        listener = (asyncio.get_running_loop(), callback)
        self._listeners = [*self._listeners, listener]  # the writer's thread walks the old one

        def take_back() -> None:
            self._listeners = [one for one in self._listeners if one is not listener]

        return take_back

    async def clock(self) -> datetime:
        return datetime.now(UTC)

    async def version(self) -> object:
        return self._changes  # the only process that writes is this one

    async def purge(self) -> bool:
        return await self._have_done(self._clear_wal)

    async def close(self) -> None:
        self._closed = True
        if self._writer is not None:
            self._jobs.put(None)
            await asyncio.to_thread(self._writer.join)
        await asyncio.to_thread(self._readers.shutdown)
        # The writer's connection goes last: the last one to leave clears the WAL away.
        self._reading.dispose()
        if self._writing is not None:
            self._writing.dispose()
            self._driver.close()

    async def _have_done(self, work: Callable[[], T]) -> T:
        """Have the writer's thread do it when its turn comes."""
        if self._closed or self._writer is None:
            raise DatabaseUnavailable
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[T] = loop.create_future()
        self._jobs.put(_Job(work, answer, loop))
        return await answer

    def _query(self, query: Callable[[Session], T]) -> T:
        with Session(self._reading) as session:
            return query(session)

    def _work(self) -> None:
        while (job := self._jobs.get()) is not None:
            if job.answer.cancelled():  # before its turn: nobody waits, nothing was begun
                continue
            try:
                result = job.work()
            except BaseException as error:  # noqa: BLE001  # nothing may end this thread
                _tell(job, None, self._refusal(error))
            else:
                self._outage.is_over()
                self._wake_listeners()
                _tell(job, result, None)

    def _transaction(self, use_case: Callable[[Session], T]) -> T:
        try:
            with Session(self._writing, expire_on_commit=False) as session:
                session.connection()
                result = use_case(session)
                session.flush()
                # SQLite can end a transaction by itself (disk full, I/O error), and Python 3.11's
                # commit() says nothing when none is open.
                if not self._driver.in_transaction:
                    raise TransactionLost
                failpoint("before_commit")
                session.commit()
                self._changes = self._driver.total_changes
                failpoint("committed")
                return result
        finally:
            if self._driver.in_transaction:
                self._driver.rollback()

    def _clear_wal(self) -> bool:
        """Take the WAL into the file, where secure_delete has zeros for what was deleted."""
        # Whoever writes waits behind this: better to be asked again than to wait for a reader.
        self._driver.execute("PRAGMA busy_timeout=0")
        try:
            busy, _, _ = self._driver.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchone()
        finally:
            self._driver.execute(f"PRAGMA busy_timeout={int(BUSY_TIMEOUT_SECONDS * 1000)}")
        return not busy

    def _refusal(self, error: BaseException) -> Exception:
        if isinstance(error, TransactionLost) or is_out_of_order(error):
            self._outage.met(error)
            refusal = DatabaseUnavailable()
            refusal.__cause__ = error
            return refusal
        return error if isinstance(error, Exception) else RuntimeError(repr(error))

    def _wake_listeners(self) -> None:
        for loop, callback in self._listeners:
            _call_soon(loop, callback)


def _bound(use_case: Callable[..., T], args: Any, kwargs: Any) -> Callable[[Session], T]:
    return contained(lambda session: use_case(session, *args, **kwargs))


def is_out_of_order(error: BaseException) -> bool:
    """Tell a file that is full, locked, damaged or gone from SQL of ours that is wrong."""
    origin = error.orig if isinstance(error, DatabaseError) else error
    if not isinstance(origin, sqlite3.DatabaseError):
        return False
    code = getattr(origin, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & 0xFF
    return code in OUT_OF_ORDER


def _tell(job: _Job, result: Any, error: Exception | None) -> None:
    def settle() -> None:
        if job.answer.done():
            return
        if error is None:
            job.answer.set_result(result)
        else:
            job.answer.set_exception(error)

    _call_soon(job.loop, settle)


def _call_soon(loop: asyncio.AbstractEventLoop, callback: Callable[[], None]) -> None:
    try:
        loop.call_soon_threadsafe(callback)
    except RuntimeError:  # the loop is closed: nobody is left to be told
        log.debug("a loop closed before its answer came")


def _writer_connection(path: Path) -> sqlite3.Connection:
    # isolation_level=None: we say BEGIN ourselves. The driver's mode let a link be booked 32 times.
    driver = sqlite3.connect(
        path, timeout=BUSY_TIMEOUT_SECONDS, isolation_level=None, check_same_thread=False
    )
    for pragma in (
        "journal_mode=WAL",
        "synchronous=FULL",
        "foreign_keys=ON",
        "secure_delete=ON",
        "trusted_schema=OFF",
    ):
        driver.execute(f"PRAGMA {pragma}")
    return driver


def _writer_engine(driver: sqlite3.Connection) -> Engine:
    engine = create_engine(
        "sqlite://", creator=lambda: driver, poolclass=StaticPool, hide_parameters=True
    )

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql(BEGIN)

    @event.listens_for(engine, "before_cursor_execute")
    def inside_a_transaction(_1: Any, _2: Any, statement: str, *_: Any) -> None:
        # After SQLite ended the transaction by itself, the next statement would commit by itself.
        if statement != BEGIN and not driver.in_transaction:
            raise TransactionLost

    return engine


def _reader_engine(path: Path) -> Engine:
    uri = f"{path.resolve().as_uri()}?mode=ro"
    engine = create_engine(
        "sqlite://",
        creator=partial(
            sqlite3.connect,
            uri,
            uri=True,
            timeout=BUSY_TIMEOUT_SECONDS,
            isolation_level=None,
            check_same_thread=False,
        ),
        poolclass=QueuePool,
        pool_size=READERS,
        hide_parameters=True,
    )

    @event.listens_for(engine, "connect")
    def only_reads(driver: sqlite3.Connection, _: Any) -> None:
        driver.execute("PRAGMA query_only=ON")

    @event.listens_for(engine, "begin")
    def begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN")

    return engine
