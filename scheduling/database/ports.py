"""What a database does for us, whichever it is."""

from collections.abc import Callable
from datetime import datetime
from typing import Concatenate, ParamSpec, Protocol, TypeVar

from sqlalchemy.orm import Session

P = ParamSpec("P")
T = TypeVar("T")

UseCase = Callable[Concatenate[Session, P], T]


class Database(Protocol):
    """Runs use cases: plain functions that take a Session first, never commit and may be run again.

    Raises:
        DatabaseUnavailable: from `write` and `read`, when the database cannot be reached, is full
            or read-only, or lost the transaction. Nobody is told "ok" then; whether a write was
            stored is known by asking again with its key.
    """

    async def write(self, use_case: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run it in one transaction. Once begun it finishes, whatever becomes of the caller."""
        ...

    async def read(self, query: UseCase[P, T], *args: P.args, **kwargs: P.kwargs) -> T:
        """Run a query in a read-only session that has ended before the answer is out."""
        ...

    def on_commit(self, callback: Callable[[], None]) -> Callable[[], None]:
        """Have `callback` called on this event loop after each commit of a write.

        Commits of other processes count too. What is returned takes it back.
        """
        ...

    async def clock(self) -> datetime:
        """Return the instant by the one clock that judges leases.

        That is PostgreSQL's, where processes on several machines share the database, and this
        machine's where there is one process.
        """
        ...

    async def version(self) -> object:
        """Return what differs from an earlier answer if any process has changed anything since.

        Cheap, however much is stored. It may differ for nothing.
        """
        ...

    async def purge(self) -> bool:
        """Have what was deleted leave the files too; False: not yet, somebody reads as of before.

        PostgreSQL does it in its own time (VACUUM).
        """
        ...

    async def close(self) -> None:
        """Refuse new writes, finish those that wait, let go of all connections."""
        ...


class TransactionLost(Exception):
    """The database ended the transaction by itself before COMMIT; what was written is gone."""


def contained(use_case: Callable[[Session], T]) -> Callable[[Session], T]:
    """Have what no caller can be handed arrive as RuntimeError.

    A future refuses StopIteration, and SystemExit inside a task would end the event loop.
    """

    def run(session: Session) -> T:
        try:
            return use_case(session)
        except (StopIteration, GeneratorExit, KeyboardInterrupt, SystemExit) as error:
            raise RuntimeError(f"a use case raised {type(error).__name__}") from error

    return run
