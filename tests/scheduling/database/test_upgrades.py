"""A filled database of every earlier schema comes to the newest one with nothing lost."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import pytest
from sqlalchemy import Connection, insert, select, text
from sqlalchemy.exc import IntegrityError

from scheduling.database.migrating import known_revisions, migrate
from scheduling.secrets.stable_ids import stable_id
from tests.scheduling.database.filling import Row, connected, everything, fill, tables
from tests.schema import create_all, execute, schema_of

GIVEN_UP: Final = frozenset({"workspace.slack_refused_at", "workspace.slack_refusal"})
"""Columns, "table.column", that a migration dropped because nothing needs them any more."""

CARRIED_OVER: Final = frozenset({"outbox", "ledger", "slack_delivery"})
"""Tables whose rows stand in others now; what became of them has a test of its own."""


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
