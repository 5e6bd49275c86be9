"""A database of any schema, filled with rows of every table, and what is in it."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

from sqlalchemy import (
    JSON,
    Boolean,
    Column,
    Connection,
    DateTime,
    Integer,
    LargeBinary,
    MetaData,
    NullPool,
    String,
    Table,
    create_engine,
    insert,
    select,
)
from sqlalchemy.ext.asyncio import create_async_engine

from scheduling.database.opening import is_sqlite, postgresql_dsn, sqlite_path
from scheduling.database.postgresql import connect_with
from tests.schema import ALEMBICS_OWN

T = TypeVar("T")
Row = Mapping[str, Any]

AT: Final = tuple(
    datetime(2026, 12, 7, 9, 0, tzinfo=UTC) + number * timedelta(hours=1) for number in range(16)
)
NOT_ENDED: Final = {"used_at": None, "deleted_at": None, "deleted_by": None}
ROWS: Final[Mapping[str, Sequence[Row]]] = {
    "workspace": [{"id": 1}],
    "calendar": [{"type": "event", "seats": 1}, {"type": "class", "seats": 3}],
    "resource": [{"type": "individual"}, {"type": "room"}],
    "one_time_link": [
        {**NOT_ENDED, "expires_at": AT[5], "replaces_id": None},
        {**NOT_ENDED, "used_at": AT[3], "expires_at": None, "replaces_id": None},
        {**NOT_ENDED, "deleted_at": AT[4], "deleted_by": "U0SAM", "expires_at": None}
        | {"replaces_id": None},
        {**NOT_ENDED, "expires_at": None, "replaces_id": 3},
    ],
    "appointment": [
        {"starts_at": AT[6], "ends_at": AT[7], "cancelled_at": None},
        {"starts_at": AT[8], "ends_at": AT[9], "cancelled_at": AT[5]},
    ],
    "occupation": [
        {"starts_at": AT[6], "ends_at": AT[7], "released_at": None},
        {"starts_at": AT[8], "ends_at": AT[9], "resource_id": 1, "released_at": None},
    ],
    "booking": [{"cancelled_at": None}, {"cancelled_at": AT[5]}],
    "outbox": [
        {"kind": "slack.link_used", "state": "ready", "lease_until": None, "done_at": None}
        | {"place": 2},
        {"kind": "slack.link_used", "state": "done", "lease_until": None, "done_at": AT[4]}
        | {"place": 0, "sent_channel": "C0SALES", "sent_ts": "1.5"},
        {"kind": "slack.link_regenerated", "state": "sending", "lease_until": AT[4]}
        | {"subject_id": 4, "place": 0, "done_at": None},
    ],
    "ledger": [
        {"link_id": 1, "deed": "issued", "at": AT[0], "actor": "U0SAM", "detail": None},
        {"link_id": 1, "deed": "seen", "at": AT[1], "actor": None, "detail": None},
        {"link_id": 1, "deed": "used", "at": AT[2], "actor": None, "detail": None},
        {"link_id": 1, "deed": "rerouted", "at": AT[3], "actor": None}
        | {"detail": "is_archived C0OLD"},
        {"link_id": 1, "deed": "rerouted", "at": AT[3], "actor": None}
        | {"detail": "user_not_found D0ANA"},
        {"link_id": 3, "deed": "issued", "at": AT[0], "actor": "U0SAM", "detail": None},
        {"link_id": 3, "deed": "replaced", "at": AT[4], "actor": "U0KIM", "detail": None},
        {"link_id": 4, "deed": "issued", "at": AT[4], "actor": "U0KIM", "detail": None},
        {"link_id": 3, "deed": "deleted", "at": AT[4], "actor": "U0SAM", "detail": "restore"},
        {"link_id": 2, "deed": "notified", "at": AT[4], "actor": None, "detail": "C0SALES"},
    ],
    "delivery": [
        {"state": "ready", "shown": 0, "closed_at": None, "overtaken_by": None},
        {"state": "done", "shown": 1, "closed_at": AT[4], "event_id": 2},
    ],
}
"""What constraints ask for; all else is made by the column's type. Other tables get two rows."""


async def connected(url: str, work: Callable[[Connection], T]) -> T:
    """Do something in a transaction on a connection past everything, foreign keys on."""
    if is_sqlite(url):
        engine = create_engine(f"sqlite:///{sqlite_path(url)}", poolclass=NullPool)
        with engine.begin() as connection:
            connection.exec_driver_sql("PRAGMA foreign_keys=ON")
            return work(connection)
    asynchronous = create_async_engine(
        "postgresql+asyncpg://", async_creator=connect_with(postgresql_dsn(url)), poolclass=NullPool
    )
    async with asynchronous.begin() as connection_there:
        return await connection_there.run_sync(work)


def tables(connection: Connection) -> list[Table]:
    """Return the tables that there are, those that others point to first."""
    found = MetaData()
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Skipped unsupported reflection")  # the overlap guard's
        found.reflect(connection)
    return [table for table in found.sorted_tables if table.name != ALEMBICS_OWN]


def fill(connection: Connection) -> None:
    """Store rows of every table that there is at this revision."""
    for table in tables(connection):
        for number, named in enumerate(ROWS.get(table.name, [{}, {}]), start=1):
            row = {
                column.name: as_stored(column, named.get(column.name, value_of(column, number)))
                for column in table.columns
                if column.name in named or number % 2 or not column.nullable
            }
            connection.execute(insert(table).values(row))


def value_of(column: "Column[Any]", number: int) -> Any:  # noqa: PLR0911  # one return a type
    """Make a value for a column of which no constraint says more than its type."""
    if column.name == "id":
        return number
    if column.foreign_keys:
        return 1 if column.name == "workspace_id" else 2 - number % 2
    match column.type:
        case DateTime():
            return AT[number]
        case Boolean():
            return True
        case Integer():
            return number
        case JSON():
            return {"weekly": {"mon": ["09:00-12:00"]}}
        case LargeBinary():
            return f"{number} {column.name}".encode()
        case String(length=length):
            return f"{number} {column.name}"[:length]
        case _:
            raise TypeError(f"nobody has said what stands in {column}")


def as_stored(column: "Column[Any]", value: Any) -> Any:
    """Write an instant as SQLite's column has it."""
    if isinstance(value, datetime) and isinstance(column.type, Integer):
        return int(value.timestamp()) * 1_000_000
    return value


def everything(connection: Connection) -> dict[str, list[Row]]:
    """Return all rows by table."""
    return {
        table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
        for table in tables(connection)
    }
