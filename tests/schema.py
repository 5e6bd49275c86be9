"""What schema a database has, written down so that two can be compared."""

import sqlite3
from contextlib import closing
from typing import Any

import asyncpg
from sqlalchemy import NullPool, create_engine
from sqlalchemy.ext.asyncio import create_async_engine

from scheduling.database import guards
from scheduling.database.models import Base
from scheduling.database.opening import is_sqlite, postgresql_dsn, sqlite_path
from scheduling.database.postgresql import connect_with

assert guards.OVERLAP  # its listeners belong to the metadata

ALEMBICS_OWN = "alembic_version"

COLUMNS = """
    SELECT 'column ' || c.relname || '.' || a.attname,
           format_type(a.atttypid, a.atttypmod) || ' ' || a.attnotnull::text
           || ' ' || a.attidentity::text || ' ' || coalesce(pg_get_expr(d.adbin, d.adrelid), '')
    FROM pg_attribute a
    JOIN pg_class c ON c.oid = a.attrelid AND c.relkind = 'r'
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE c.relnamespace = 'public'::regnamespace AND a.attnum > 0 AND NOT a.attisdropped
"""
CONSTRAINTS = """
    SELECT 'constraint ' || conrelid::regclass || ' ' || conname, pg_get_constraintdef(oid)
    FROM pg_constraint WHERE connamespace = 'public'::regnamespace
"""
INDEXES = "SELECT 'index ' || indexname, indexdef FROM pg_indexes WHERE schemaname = 'public'"
TRIGGERS = """
    SELECT 'trigger ' || tgname, pg_get_triggerdef(oid) FROM pg_trigger WHERE NOT tgisinternal
"""
FUNCTIONS = """
    SELECT 'function ' || proname, pg_get_functiondef(oid) FROM pg_proc
    WHERE pronamespace = 'public'::regnamespace
"""


async def schema_of(url: str) -> dict[str, Any]:
    """Return tables, columns, constraints, indexes and triggers by name; not Alembic's own."""
    found = _of_sqlite(url) if is_sqlite(url) else await _of_postgresql(url)
    return {name: words for name, words in found.items() if ALEMBICS_OWN not in name}


async def create_all(url: str) -> None:
    """Make the tables as the models say."""
    if is_sqlite(url):
        engine = create_engine(f"sqlite:///{sqlite_path(url)}", poolclass=NullPool)
        Base.metadata.create_all(engine)
        engine.dispose()
        return
    asynchronous = create_async_engine(
        "postgresql+asyncpg://", async_creator=connect_with(postgresql_dsn(url)), poolclass=NullPool
    )
    async with asynchronous.begin() as connection:
        await connection.run_sync(Base.metadata.create_all)
    await asynchronous.dispose()


async def execute(url: str, statement: str) -> None:
    """Execute one statement past everything."""
    if is_sqlite(url):
        with closing(sqlite3.connect(sqlite_path(url), isolation_level=None)) as connection:
            connection.execute(statement)
        return
    postgresql = await asyncpg.connect(postgresql_dsn(url))
    await postgresql.execute(statement)
    await postgresql.close()


def _of_sqlite(url: str) -> dict[str, Any]:
    with closing(sqlite3.connect(sqlite_path(url))) as connection:
        stored = connection.execute(
            "SELECT type, name, sql FROM sqlite_master WHERE sql IS NOT NULL"
        ).fetchall()
    return {f"{type_} {name}": _clauses(sql) for type_, name, sql in stored}


def _clauses(sql: str) -> frozenset[str]:
    """Take a statement apart at its outer commas: the order of a table's clauses is all one."""
    head, _, body = " ".join(sql.split()).partition("(")
    depth, clauses = 0, [""]
    for letter in body.rstrip().removesuffix(")"):
        depth += (letter == "(") - (letter == ")")
        if letter == "," and depth == 0:
            clauses.append("")
        else:
            clauses[-1] += letter
    return frozenset([head, *(clause.strip() for clause in clauses)])


async def _of_postgresql(url: str) -> dict[str, Any]:
    connection = await asyncpg.connect(postgresql_dsn(url))
    found: dict[str, Any] = {}
    for query in (COLUMNS, CONSTRAINTS, INDEXES, TRIGGERS, FUNCTIONS):
        found |= dict(await connection.fetch(query))
    await connection.close()
    return found
