"""PostgreSQL as the program opens it."""

from collections.abc import AsyncIterator

import pytest

from scheduling.database.opening import postgresql_dsn
from scheduling.database.postgresql import PostgresqlDatabase


@pytest.fixture
async def postgresql(postgresql_url: str) -> AsyncIterator[PostgresqlDatabase]:
    """The database of `postgresql_url`, open."""
    opened = PostgresqlDatabase(postgresql_dsn(postgresql_url))
    yield opened
    await opened.close()
