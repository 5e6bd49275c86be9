"""PostgreSQL databases for the tests: made once, emptied after each test and lent again."""

import uuid

import asyncpg

from scheduling.database.migrating import migrate

# Grows or shrinks with each change of the schema, and with ANALYZE, which changes plans.
_SCHEMA = " UNION ALL ".join(
    f"SELECT count(*) AS rows, max(xmin::text::bigint) AS newest FROM {catalogue}"  # noqa: S608
    for catalogue in (
        "pg_attrdef",
        "pg_attribute",
        "pg_class",
        "pg_constraint",
        "pg_extension",
        "pg_index",
        "pg_namespace",
        "pg_proc",
        "pg_statistic",
        "pg_trigger",
        "pg_db_role_setting",
    )
)
_OUR_TABLES = "FROM pg_tables WHERE schemaname = 'public' AND tablename <> 'alembic_version'"
_EMPTY = f"""
    SET session_replication_role = replica;  -- no trigger, no foreign key
    DO $$ DECLARE name text; BEGIN
        FOR name IN SELECT tablename {_OUR_TABLES} LOOP
            EXECUTE format('DELETE FROM %I', name);
        END LOOP;
        PERFORM setval(seqrelid::regclass, seqstart, false) FROM pg_sequence;
    END $$
"""  # noqa: S608
_SIZE = f"SELECT sum(pg_table_size(quote_ident(tablename)::regclass)) {_OUR_TABLES}"
_END_CONNECTIONS = "SELECT pg_terminate_backend(pid, 5000) FROM pg_stat_activity WHERE datname = $1"


class Databases:
    """Migrated, empty databases of one server.

    Whoever gets one has it alone, under a name that nobody had before: a program that a test left
    running does not reach the next test's database. One whose schema or statistics were changed
    is not lent again; neither is one beyond `large_bytes`, which is quicker made anew, and whose
    dead rows would slow the next test.
    """

    def __init__(self, server: str, *, large_bytes: int = 4_000_000) -> None:
        self._server = server
        self._large_bytes = large_bytes
        self._template = _new_name()
        self._spare: list[str] = []
        self._schema: list[asyncpg.Record] = []

    async def lend(self) -> str:
        """Give the URL of a migrated, empty database."""
        if not self._schema:
            await execute(self._server, f"CREATE DATABASE {self._template}")
            await migrate(named(self._server, self._template))
            self._schema = await _schema_of(named(self._server, self._template))
        if not self._spare:
            name = _new_name()
            await execute(self._server, f"CREATE DATABASE {name} TEMPLATE {self._template}")
            self._spare.append(name)
        return named(self._server, self._spare.pop())

    async def take_back(self, url: str) -> None:
        """Empty a lent database for the next, or drop it."""
        name, new_name = _name_in(url), _new_name()
        server = await asyncpg.connect(self._server)
        try:
            await server.fetch(_END_CONNECTIONS, name)
            try:
                await server.execute(f"ALTER DATABASE {name} RENAME TO {new_name}")
            except asyncpg.ObjectInUseError:  # a program of the test came back just now
                await server.execute(f"DROP DATABASE {name} WITH (FORCE)")
                return
            if await self._emptied(named(self._server, new_name)):
                self._spare.append(new_name)
            else:
                await server.execute(f"DROP DATABASE {new_name} WITH (FORCE)")
        finally:
            await server.close()

    async def _emptied(self, url: str) -> bool:
        connection = await asyncpg.connect(url)
        try:
            if (
                await connection.fetch(_SCHEMA) != self._schema
                or await connection.fetchval(_SIZE) > self._large_bytes
            ):
                return False
            await connection.execute(_EMPTY)
            return True
        finally:
            await connection.close()


async def empty(url: str) -> None:
    """Delete every row and start every sequence anew; the schema stays."""
    await execute(url, _EMPTY)


async def execute(url: str, statement: str) -> None:
    """Execute one statement, outside a transaction, in a connection of its own."""
    connection = await asyncpg.connect(url)
    try:
        await connection.execute(statement)
    finally:
        await connection.close()


def named(server: str, name: str) -> str:
    """Give the URL of the database of this name on the server."""
    address, _, query = server.partition("?")
    return f"{address.rpartition('/')[0]}/{name}?{query}"


def _name_in(url: str) -> str:
    return url.partition("?")[0].rpartition("/")[2]


def _new_name() -> str:
    return f"t_{uuid.uuid4().hex}"


async def _schema_of(url: str) -> list[asyncpg.Record]:
    connection = await asyncpg.connect(url)
    try:
        return await connection.fetch(_SCHEMA)
    finally:
        await connection.close()
