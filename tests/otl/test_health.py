"""Health is of the process, readiness of the database; neither tells what is nobody's business."""

import pytest
from pytest_aiohttp.plugin import AiohttpClient

from otl.health import PATHS, create_health
from scheduling.database import Database, open_database
from scheduling.workspaces import note_slack_refusal
from tests.booking_web.site import Site
from tests.given import NOW, given_workspace


@pytest.fixture
async def watched(aiohttp_client: AiohttpClient, database: Database) -> Site:
    return await aiohttp_client(create_health(database))


async def test_where_all_is_well_both_say_so(watched: Site) -> None:
    health, ready = [await watched.get(path) for path in PATHS]

    assert (health.status, await health.text()) == (200, "ok")
    assert (ready.status, await ready.json()) == (200, {"ready": True, "slack": "ok"})


async def test_while_the_database_is_away_the_process_is_well_but_not_ready(
    aiohttp_client: AiohttpClient, sqlite_url: str
) -> None:
    database = open_database(sqlite_url)
    await database.close()
    away = await aiohttp_client(create_health(database))

    health, ready = [await away.get(path) for path in PATHS]

    assert (health.status, ready.status) == (200, 503)
    assert await ready.json() == {"ready": False, "database": "unavailable"}


async def test_that_slack_refuses_is_told_but_not_why(watched: Site, database: Database) -> None:
    workspace = await given_workspace(database)
    await database.write(
        note_slack_refusal, workspace_id=workspace.id, reason="token_revoked", now=NOW
    )

    ready = await watched.get("/readyz")

    assert (ready.status, await ready.json()) == (200, {"ready": True, "slack": "refused"})
