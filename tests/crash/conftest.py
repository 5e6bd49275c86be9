"""What the tests of crashes share: it takes a second to make, so there is one of each."""

from collections.abc import Iterator

import pytest

from tests.crash.postgresql_server import PostgresqlServer, running_postgresql
from tests.crash.starter import Starter


@pytest.fixture(scope="session")
def starter() -> Iterator[Starter]:
    """The process that forks programs."""
    with Starter() as starter:
        yield starter


@pytest.fixture(scope="session")
def mortal_postgresql() -> Iterator[PostgresqlServer]:
    """A PostgreSQL server that may be killed, and that syncs what it acknowledges."""
    with running_postgresql() as server:
        yield server
