"""A further destination is a rule and a deliverer: an HTTP endpoint of the test's own.

It is down, recovers, and is told each event once, in order; and a message of it that lives is
edited twice for fifty events.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Iterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from typing import Any

import aiohttp
import pytest
from aiohttp import web
from sqlalchemy import update
from sqlalchemy.orm import Session

from otl.worker import Timing, Worker
from scheduling.database import Database
from scheduling.database.models import DeliveryRow
from scheduling.events.deliveries import (
    Delivery,
    DestinationRefused,
    Done,
    NotSent,
    Outcome,
)
from scheduling.events.destinations import RULES, Recipient
from scheduling.events.journal import Event, record
from scheduling.events.kinds import EventKind
from scheduling.events.parties import Happening
from scheduling.events.refusing import refusing
from tests.given import given_calendar, given_link
from tests.stored import rows

NAME = "test.http"
CARD = "test.card"
STUCK_SECONDS = 20.0
TIMING = Timing(
    quarantine=timedelta(seconds=0.2),
    poll=timedelta(seconds=0.05),
    recheck=timedelta(seconds=0.05),
)


def rule(_: Session, happened: Happening) -> Iterable[Recipient]:
    """Tell the endpoint of every change of a booking, and let a card show the booking."""
    if happened.kind is EventKind.BOOKING_PLACE_CHANGED:
        yield Recipient(NAME, "endpoint", ("",))
        yield Recipient(CARD, "board", ("",), card=f"booking:{happened.subject_id}")


class Endpoint:
    """Somebody else's server, and what it was told."""

    def __init__(self) -> None:
        self.is_down = False
        self.refuses = False
        self.told: list[Any] = []
        self.url = ""

    async def take(self, request: web.Request) -> web.Response:
        if self.refuses:
            return web.Response(status=401)
        if self.is_down:
            return web.Response(status=503)
        self.told.append(await request.json())
        return web.Response()


class HttpDeliverer:
    """Posts what there is to tell."""

    seconds_between = 0.0

    def __init__(self, endpoint: Endpoint) -> None:
        self._endpoint = endpoint

    async def deliver(self, delivery: Delivery) -> Outcome:
        words = {"id": delivery.notification_id, "version": delivery.version}
        async with (
            aiohttp.ClientSession() as session,
            session.post(self._endpoint.url, json=words) as answer,
        ):
            match answer.status:
                case 200:
                    return Done("endpoint", delivery.notification_id)
                case 401:
                    return DestinationRefused("401")
                case status:
                    return NotSent(f"http_{status}", timedelta(seconds=0.05))

    async def accepts(self) -> bool:
        return not self._endpoint.refuses

    def clock(self) -> tuple[datetime, datetime]:
        now = datetime.now(UTC)
        return now, now


class CardDeliverer(HttpDeliverer):
    """Shows a card, slowly: meanwhile much happens."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__(endpoint)
        self.shown: list[tuple[int, bool]] = []
        self.go_on = asyncio.Event()

    async def deliver(self, delivery: Delivery) -> Outcome:
        self.shown.append((delivery.version, delivery.receipt is not None))
        await self.go_on.wait()
        return Done("board", "1")


@pytest.fixture
def destination() -> Iterator[None]:
    RULES.append(rule)
    yield
    RULES.remove(rule)


@pytest.fixture
async def endpoint() -> AsyncIterator[Endpoint]:
    endpoint = Endpoint()
    app = web.Application()
    app.router.add_post("/", endpoint.take)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    endpoint.url = f"http://127.0.0.1:{runner.addresses[0][1]}/"
    yield endpoint
    await runner.cleanup()


@asynccontextmanager
async def working(database: Database, **deliverers: HttpDeliverer) -> AsyncIterator[None]:
    named = {name.replace("_", "."): one for name, one in deliverers.items()}
    worker = Worker(database, named, workspace_id=1, timing=TIMING)
    running = asyncio.create_task(worker.run())
    try:
        async with asyncio.timeout(STUCK_SECONDS):
            yield
    finally:
        worker.stop()
        await running


async def changed(database: Database, times: int, *, first: int = 1) -> None:
    for version in range(first, first + times):
        await database.write(
            record,
            Event(
                1,
                EventKind.BOOKING_PLACE_CHANGED,
                7,
                at=datetime.now(UTC),
                nonce=b"of the booking",
                version=version,
            ),
        )


async def until(is_so: Any) -> None:
    while not is_so():  # noqa: ASYNC110  # other tasks make it so
        await asyncio.sleep(0.01)


async def test_an_endpoint_that_was_down_is_told_each_event_once_in_order(
    database: Database, destination: None, endpoint: Endpoint
) -> None:
    await given_calendar(database)
    await given_link(database)
    endpoint.is_down = True

    async with working(database, test_http=HttpDeliverer(endpoint)):
        for version in range(1, 4):
            await changed(database, 1, first=version)
            await asyncio.sleep(0.1)  # it is tried, so the next event does not go with it
        endpoint.is_down = False
        await until(lambda: len(endpoint.told) >= 1)
        for version in range(4, 7):
            await changed(database, 1, first=version)
            await until(lambda told=version - 2: len(endpoint.told) >= told)

    ids = await database.read(
        rows,
        "SELECT notification_id FROM delivery WHERE destination = 'test.http'"
        " AND state = 'done' ORDER BY id",
    )
    assert [one["id"] for one in endpoint.told] == [id_ for (id_,) in ids]
    assert len(endpoint.told) == 4  # the first three moves are told as one: how it is now


async def test_a_destination_that_refuses_us_stops_its_own_deliveries_alone(
    database: Database, destination: None, endpoint: Endpoint
) -> None:
    await given_calendar(database)
    endpoint.refuses = True
    card = CardDeliverer(endpoint)
    card.go_on.set()

    async with working(database, test_http=HttpDeliverer(endpoint), test_card=card):
        await changed(database, 1)
        await until(lambda: card.shown)
        while NAME not in await database.read(refusing):  # noqa: ASYNC110  # the worker writes it
            await asyncio.sleep(0.01)
        told_before = list(endpoint.told)
        endpoint.refuses = False
        await until(lambda: endpoint.told)

    assert told_before == []
    assert card.shown == [(1, False)]
    assert await database.read(refusing) == {}


async def test_a_card_shows_fifty_events_in_two_edits(
    database: Database, destination: None, endpoint: Endpoint
) -> None:
    await given_calendar(database)
    card = CardDeliverer(endpoint)

    async with working(database, test_card=card):
        await changed(database, 1)
        await until(lambda: len(card.shown) == 1)
        card.go_on.set()  # it stands; from here on it is edited
        while not await database.read(rows, "SELECT 1 FROM delivery WHERE state = 'done'"):  # noqa: ASYNC110
            await asyncio.sleep(0.01)
        card.go_on.clear()
        await changed(database, 1, first=2)
        await until(lambda: len(card.shown) == 2)
        await changed(database, 49, first=3)
        card.go_on.set()
        while not await database.read(  # noqa: ASYNC110
            rows, "SELECT 1 FROM delivery WHERE state = 'ready' AND shown = 2"
        ):
            await asyncio.sleep(0.01)
        await database.write(a_minute_later)
        await until(lambda: len(card.shown) == 3)

    assert card.shown == [(1, False), (2, True), (51, True)]
    [(wanted, shown)] = await database.read(
        rows, "SELECT wanted, shown FROM delivery WHERE destination = 'test.card'"
    )
    assert (wanted, shown) == (51, 51)


def a_minute_later(session: Session) -> None:
    """Let the pause between two edits be over."""
    session.execute(update(DeliveryRow).values(not_before=DeliveryRow.created_at))
