"""Connections that say nothing, or half of it, keep no contact out and do not fill the log."""

import asyncio
import logging
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager, suppress

import pytest
from aiohttp import web

from booking_web.security import HEADERS
from otl.connections import SWEEP_SECONDS, Patience
from otl.listening import listening
from otl.logs import NO_PLACE, OnceAMinute
from otl.practice import PracticeSlack
from tests.otl.crowds import SAID, crowd, room_for_both_ends, seconds_to_answer
from tests.otl.processes import Program, running
from tests.otl.serving import settings_for

FILES = 1024
CROWD = 1100
ANSWER_SECONDS = 5.0


@pytest.fixture
def _room_for_both_ends() -> Iterator[None]:
    with room_for_both_ends(CROWD):
        yield


@asynccontextmanager
async def serving(slack: PracticeSlack, database_url: str) -> AsyncIterator[tuple[Program, str]]:
    settings = settings_for(slack, database_url)
    async with running("serve", most_files=FILES, **settings) as program:
        yield program, await program.serves()


@pytest.mark.parametrize("spoken", [pytest.param(words, id=name) for name, words in SAID.items()])
@pytest.mark.usefixtures("_room_for_both_ends")
async def test_more_connections_than_places_keep_no_contact_out(
    slack: PracticeSlack, sqlite_url: str, spoken: bytes
) -> None:
    async with serving(slack, sqlite_url) as (program, base), crowd(base, CROWD, [spoken]):
        waited = [await seconds_to_answer(base) for _ in range(10)]

    assert max(waited) < ANSWER_SECONDS
    assert len(program.text) < 500_000


HASTY = Patience(head=0.2, body=0.2, unread=0.2, keep_alive=0.2)
TOO_LONG_SECONDS = 30.0
BIG = 64 * 1024 * 1024
HEAD = b"GET / HTTP/1.1\r\nHost: x\r\n\r\n"


@pytest.fixture
async def hasty() -> AsyncIterator[int]:
    """The port of an application whose connections have no time."""

    async def answer(request: web.Request) -> web.Response:
        return web.Response(body=await request.read())

    async def send_much(_request: web.Request) -> web.Response:
        return web.Response(body=bytes(BIG))

    async def take_long(_request: web.Request) -> web.Response:
        await asyncio.sleep(3 * SWEEP_SECONDS)
        return web.Response()

    app = web.Application()
    app.add_routes(
        [
            web.get("/", answer),
            web.post("/", answer),
            web.get("/much", send_much),
            web.get("/long", take_long),
        ]
    )
    async with listening(app, "127.0.0.1", 0, patience=HASTY) as port:
        yield port


@pytest.mark.parametrize(
    "spoken",
    [
        pytest.param(b"", id="idle"),
        pytest.param(HEAD[:10], id="half a head"),
        pytest.param(HEAD, id="answered and kept"),
        pytest.param(HEAD + HEAD[:10], id="half of a second head"),
        pytest.param(
            b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nhalf", id="half a body"
        ),
    ],
)
async def test_a_connection_that_is_slow_to_ask_is_ended(hasty: int, spoken: bytes) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hasty)
    writer.write(spoken)

    async with asyncio.timeout(TOO_LONG_SECONDS):
        said = await reader.read()

    writer.close()
    assert said.startswith(b"HTTP/1.1 200") is spoken.startswith(HEAD)


async def test_a_connection_that_does_not_read_its_answer_is_ended(hasty: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hasty)
    writer.write(HEAD.replace(b"/ ", b"/much ", 1))
    await asyncio.sleep(3 * SWEEP_SECONDS)

    got = 0
    with suppress(ConnectionError):
        async with asyncio.timeout(TOO_LONG_SECONDS):
            while piece := await reader.read(2**20):
                got += len(piece)

    writer.close()
    assert got < BIG


async def test_an_answer_may_take_longer_than_its_request(hasty: int) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hasty)
    writer.write(HEAD.replace(b"/ ", b"/long ", 1))

    async with asyncio.timeout(TOO_LONG_SECONDS):
        said = await reader.readline()

    writer.close()
    assert said == b"HTTP/1.1 200 OK\r\n"


@pytest.mark.parametrize(
    "spoken",
    [
        pytest.param(b"\x16\x03\x01\x02\x00\x01\x00\r\n\r\n", id="TLS"),
        pytest.param(b"GET / HTTP/1.1\r\nHost : x\r\n\r\n", id="a header that is none"),
        pytest.param(b"GET /" + b"a" * 9000 + b" HTTP/1.1\r\n\r\n", id="a line without end"),
        pytest.param(b"nothing\r\n\r\n", id="words"),
    ],
)
async def test_what_is_no_http_gets_the_headers_and_no_name_of_the_server(
    hasty: int, spoken: bytes
) -> None:
    reader, writer = await asyncio.open_connection("127.0.0.1", hasty)
    writer.write(spoken)

    async with asyncio.timeout(TOO_LONG_SECONDS):
        said = (await reader.read()).decode()

    writer.close()
    head, _, text = said.partition("\r\n\r\n")
    status, *lines = head.split("\r\n")
    headers = dict(line.split(": ", 1) for line in lines)
    assert (status.partition(" ")[2], text) == ("400 Bad Request", "400: Bad Request")
    assert HEADERS.items() <= headers.items()
    assert "Server" not in headers


def test_that_no_place_is_left_is_logged_once_a_minute_without_its_trace(
    caplog: pytest.LogCaptureFixture,
) -> None:
    log = logging.getLogger("tests.asyncio")
    log.addFilter(OnceAMinute(NO_PLACE))

    for _ in range(1000):
        log.error("%s\nsocket: …", NO_PLACE, exc_info=OSError("Too many open files"))
        log.error("another")

    said = [record.getMessage() for record in caplog.records]
    assert len(said) == 1001
    assert said[:2] == [f"{NO_PLACE}\nsocket: …", "another"]
    assert caplog.records[0].exc_info is None
