"""Honest people book beside a flood, beside those who never finish and those who send too much."""

import asyncio
import json
import sys
from collections import Counter
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

import pytest
import pytest_asyncio

from booking_web.app import create_site
from otl.listening import listening
from scheduling.database import Database, open_database
from scheduling.public_urls import PublicUrls
from tests.given import KEYRING, GivenLink, given_calendar, given_link
from tests.journeys.contact import Answer, Contact
from tests.journeys.flood import Orders, as_orders

pytestmark = pytest.mark.asyncio(loop_scope="session")

LOOPBACK: Final = "127.0.0.1"
SECONDS: Final = 8.0
PER_SECOND: Final = 1000
BOOKINGS: Final = 40
PAUSE_SECONDS: Final = 0.2
STUCK_SECONDS: Final = 60.0
ALL_DAY: Final = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",))


@dataclass(frozen=True, slots=True)
class Outlet:
    """A site that one proxy of ours stands before, as far as it knows."""

    port: int
    database: Database

    async def link(self) -> GivenLink:
        return await given_link(self.database, now=datetime.now(UTC))

    def url(self, link: GivenLink) -> str:
        return f"http://{LOOPBACK}:{self.port}/otl/{link.token}"


@pytest_asyncio.fixture(loop_scope="session")
async def outlet(sqlite_url: str) -> AsyncIterator[Outlet]:
    database = open_database(sqlite_url)
    await given_calendar(database, weekly=ALL_DAY, now=datetime.now(UTC))
    urls = PublicUrls("http://localhost")
    app = create_site(database=database, keyring=KEYRING, urls=urls, trusted_proxies=1)
    async with listening(app, LOOPBACK, 0) as port:
        yield Outlet(port, database)
    await database.close()


async def test_honest_people_book_beside_a_thousand_hostile_requests_a_second(
    outlet: Outlet, contact: Contact
) -> None:
    target = await outlet.link()
    links = [await outlet.link() for _ in range(BOOKINGS)]
    orders = Orders(outlet.port, target.token, PER_SECOND, SECONDS, requests=1000, addresses=1000)
    flooding = asyncio.create_task(flood(orders))
    await asyncio.sleep(1.0)

    answers = []
    for number, link in enumerate(links):
        if flooding.done():
            break
        answers.append(await contact.books(outlet.url(link), number=number))
        await asyncio.sleep(PAUSE_SECONDS)
    statuses = await flooding

    assert len(answers) > 3
    assert {answer.status for answer in answers} == {303}
    assert set(statuses) <= {404, 422, 429}
    assert statuses.total() >= 1000
    # The link that forged forms were posted to all the time is as good as ever.
    assert (await contact.books(outlet.url(target), number=50)).status == 303


async def test_a_single_flooder_is_slowed_down_and_nobody_else(
    outlet: Outlet, contact: Contact
) -> None:
    target = await outlet.link()
    orders = Orders(outlet.port, target.token, PER_SECOND, 0.0, requests=800, addresses=1)

    statuses = await flood(orders)

    assert statuses[429] > 0
    assert statuses[404] + statuses[422] < 600
    assert (await contact.books(outlet.url(target))).status == 303


async def flood(orders: Orders) -> Counter[int]:
    """Run the flood in another process and return how often which status was answered."""
    process = await asyncio.create_subprocess_exec(
        sys.executable,
        "-m",
        "tests.journeys.flood",
        stdin=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[2],
    )
    output, _ = await asyncio.wait_for(process.communicate(as_orders(orders)), STUCK_SECONDS)
    assert process.returncode == 0
    return Counter({int(status): count for status, count in json.loads(output).items()})


@pytest.mark.parametrize(
    "beginning",
    [
        pytest.param("POST {path} HTTP/1.1\r\nHost: x\r\nX-Slow: ", id="half a header"),
        pytest.param(
            "POST {path} HTTP/1.1\r\nContent-Length: 900\r\n\r\nname=Ev", id="half a form"
        ),
        pytest.param("", id="nothing"),
    ],
)
async def test_two_hundred_who_never_finish_stop_nobody(
    outlet: Outlet, contact: Contact, beginning: str
) -> None:
    target, link = await outlet.link(), await outlet.link()
    request = beginning.format(path=f"/otl/{target.token}").encode()
    slow = [await asyncio.open_connection(LOOPBACK, outlet.port) for _ in range(200)]
    for _, writer in slow:
        writer.write(request)

    booked = await asyncio.wait_for(contact.books(outlet.url(link)), STUCK_SECONDS)

    for _, writer in slow:
        writer.close()
    assert booked.status == 303
    assert (await contact.books(outlet.url(target), number=7)).status == 303


async def test_those_who_send_too_much_are_refused_and_stop_nobody(
    outlet: Outlet, contact: Contact
) -> None:
    target, link = await outlet.link(), await outlet.link()

    async def too_much() -> int:
        reader, writer = await asyncio.open_connection(LOOPBACK, outlet.port)
        writer.write(f"POST /otl/{target.token} HTTP/1.1\r\nHost: x\r\n".encode())
        writer.write(b"Transfer-Encoding: chunked\r\n\r\n")
        for _ in range(40):
            writer.write(b"10000\r\n" + b"a" * 0x10000 + b"\r\n")
        line = await asyncio.wait_for(reader.readline(), STUCK_SECONDS)
        status = int(line.split()[1])
        writer.close()
        return status

    refused, booked = await asyncio.gather(
        asyncio.gather(*(too_much() for _ in range(20))), contact.books(outlet.url(link))
    )

    assert set(refused) == {413}
    assert isinstance(booked, Answer)
    assert booked.status == 303
