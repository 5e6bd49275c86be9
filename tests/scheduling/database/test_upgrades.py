"""A filled database of every earlier schema comes to the newest one with nothing lost."""

import warnings
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from typing import Any, Final, TypeVar

import pytest
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
    text,
)
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import create_async_engine

from scheduling.database.migrating import known_revisions, migrate
from scheduling.database.opening import is_sqlite, postgresql_dsn, sqlite_path
from scheduling.database.postgresql import connect_with
from scheduling.secrets.stable_ids import stable_id
from tests.schema import ALEMBICS_OWN, create_all, execute, schema_of

T = TypeVar("T")
Row = Mapping[str, Any]

GIVEN_UP: Final = frozenset({"workspace.slack_refused_at", "workspace.slack_refusal"})
"""Columns, "table.column", that a migration dropped because nothing needs them any more."""

CARRIED_OVER: Final = frozenset({"outbox", "ledger", "slack_delivery"})
"""Tables whose rows stand in others now; what became of them has a test of its own."""

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
        {"starts_at": AT[6], "ends_at": AT[7]},
        {"starts_at": AT[8], "ends_at": AT[9], "resource_id": 1},
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


@pytest.mark.parametrize("revision", known_revisions())
async def test_a_filled_database_of_an_earlier_schema_is_brought_up_with_nothing_lost(
    empty_database_url: str, revision: str
) -> None:
    await migrate(empty_database_url, revision=revision)
    await connected(empty_database_url, fill)
    before = await connected(empty_database_url, everything)
    assert all(before.values()), "a table has no rows"

    for step in (the_one_after(revision), "head"):
        await migrate(empty_database_url, revision=step)

        after = await connected(empty_database_url, everything)
        assert lost(before, after) == []
        assert await connected(empty_database_url, astray) == []


@pytest.mark.parametrize("revision", known_revisions())
async def test_a_database_that_was_brought_up_has_the_guards_of_a_new_one(
    empty_database_url: str, revision: str
) -> None:
    await migrate(empty_database_url, revision=revision)
    await connected(empty_database_url, fill)

    await migrate(empty_database_url)

    with pytest.raises(IntegrityError, match="no_overlap_of_one_resource"):
        await connected(empty_database_url, occupy_twice)
    brought_up = await schema_of(empty_database_url)
    await migrate(empty_database_url, revision="base")
    await create_all(empty_database_url)
    assert await schema_of(empty_database_url) == brought_up


async def test_links_of_before_are_found_by_their_contacts_words(empty_database_url: str) -> None:
    await migrate(empty_database_url, revision="0002")
    await connected(empty_database_url, fill)
    for statement in (
        "UPDATE one_time_link SET contact_name = 'Özge Groß-Özge' WHERE id = 2",
        "UPDATE one_time_link SET contact_name = NULL WHERE id <> 2",
        "UPDATE booking SET contact_name = 'Ångström' WHERE link_id = 2",
    ):
        await execute(empty_database_url, statement)

    await migrate(empty_database_url)

    words = await connected(
        empty_database_url,
        lambda connection: connection.exec_driver_sql(
            "SELECT word, of_booker FROM contact_word WHERE link_id = 2 ORDER BY word"
        ).all(),
    )
    assert [(word, bool(of_booker)) for word, of_booker in words] == [
        ("angstrom", True),
        ("gross", False),
        ("ozge", False),
    ]


async def test_a_meeting_of_before_gets_the_uid_that_follows_from_its_first_booking(
    empty_database_url: str,
) -> None:
    await migrate(empty_database_url, revision="0006")
    await connected(empty_database_url, fill)
    before = await connected(empty_database_url, everything)

    await migrate(empty_database_url)

    after = await connected(empty_database_url, everything)
    bookings = sorted(before["booking"], key=lambda row: row["id"], reverse=True)
    nonces = {row["appointment_id"]: row["nonce"] for row in bookings}
    uids = {row["id"]: row["uid"] for row in after["appointment"]}
    assert nonces
    assert {id_: uids[id_] for id_ in nonces} == {
        id_: stable_id("appointment", bytes(nonce)) for id_, nonce in nonces.items()
    }


async def test_a_row_that_a_migration_changes_or_drops_is_seen(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    await connected(empty_database_url, fill)
    before = await connected(empty_database_url, everything)

    await connected(empty_database_url, lambda c: c.execute(text("DELETE FROM request")))
    await connected(empty_database_url, lambda c: c.execute(text("UPDATE booking SET notes = ''")))

    after = await connected(empty_database_url, everything)
    assert {words.split(":")[0] for words in lost(before, after)} == {"request", "booking"}


async def test_ledger_and_outbox_become_events_and_their_deliveries(
    empty_database_url: str,
) -> None:
    await migrate(empty_database_url, revision="0003")
    await connected(empty_database_url, fill)

    await migrate(empty_database_url, revision="0004")

    found = {
        table: sorted(rows, key=lambda row: row.get("id", 0))
        for table, rows in (await connected(empty_database_url, everything)).items()
    }
    assert [
        (row["kind"], row["subject_id"], row["actor"], row["details"]) for row in found["event"]
    ] == [
        ("link.issued", 1, "U0SAM", None),
        ("link.seen", 1, None, None),
        ("booking.made", 1, None, None),
        ("link.issued", 3, "U0SAM", None),
        ("link.regenerated", 4, "U0KIM", {"replaces": 3}),
        ("link.deleted", 3, "U0SAM", None),
        ("booking.made", 2, None, None),  # it was queued, and the ledger did not know of it
    ]
    kinds = {row["id"]: (row["kind"], row["subject_id"]) for row in found["event"]}
    asked = ("recipient", "topic", "state", "place", "lane", "refusal", "refused_place", "shown")
    stand = [tuple(row[name] for name in asked) for row in found["delivery"]]
    assert [kinds[row["event_id"]] for row in found["delivery"]] == [
        ("booking.made", 1),
        ("booking.made", 2),
        ("link.regenerated", 4),
    ]
    assert stand == [
        ("channel", "booking:1", "ready", 2, "1 owner", "is_archived", "C0OLD", 0),
        ("channel", "booking:2", "done", 0, "2 channel_id", None, None, 1),
        ("issuer", "link:4", "sending", 0, "4 issued_by", None, None, 0),
    ]
    sent = [(row["receipt_place"], row["receipt_id"]) for row in found["delivery"]]
    assert sent[1] == ("C0SALES", "1.5")
    cards = [(row["card_channel"], row["card_ts"]) for row in found["booking"]]
    assert cards[1] == ("C0SALES", "1.5")
    assert [row["seen_at"] is None for row in found["one_time_link"]] == [False, True, True, True]
    assert len(found["request"]) == 2
    assert [row["destination"] for row in found["destination_refusal"]] == ["slack"]


def the_one_after(revision: str) -> str:
    """Return the following revision; the newest is followed by itself."""
    known = known_revisions()
    return known[min(known.index(revision) + 1, len(known) - 1)]


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


def lost(before: Mapping[str, Sequence[Row]], after: Mapping[str, Sequence[Row]]) -> list[str]:
    """Return what was there and is not, each as "table: what"."""
    found = []
    for table, rows in before.items():
        if table in CARRIED_OVER and table not in after:
            continue
        columns = [name for name in rows[0] if f"{table}.{name}" not in GIVEN_UP]
        now = after.get(table, [])
        if not now or not set(columns) <= now[0].keys():
            found.append(f"{table}: rows or columns are gone")
            continue
        kept = [[row[name] for name in columns] for row in now]
        found += [f"{table}: {row}" for row in rows if [row[name] for name in columns] not in kept]
    return found


def astray(connection: Connection) -> list[Any]:
    """Return rows that point nowhere; PostgreSQL lets none be."""
    if connection.dialect.name == "postgresql":
        return []
    return list(connection.exec_driver_sql("PRAGMA foreign_key_check"))


def occupy_twice(connection: Connection) -> None:
    """Take a resource at a time when it is taken."""
    [table] = [table for table in tables(connection) if table.name == "occupation"]
    row = connection.execute(select(table).where(table.c.id == 1)).mappings().one()
    connection.execute(insert(table).values({**row, "id": 99}))
