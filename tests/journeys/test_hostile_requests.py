"""Some hundred hostile texts over real HTTP: the site, the database, the notifier, the stand-in.

Never a 5xx, never an element of theirs on a page, a line in the log for each request, and of every
booking that is taken a notification that Slack takes with its blocks.
"""

import asyncio
import json
import logging
import random
import re
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from urllib.parse import quote, urlencode

import icalendar
import pytest
import pytest_asyncio
from aiohttp import ClientResponse
from aiohttp.test_utils import TestClient, TestServer

from booking_web.app import create_site
from bot.notifications.notifier import Notifier
from bot.slack_client import open_slack_client
from otl.logs import JsonLines, without_trace
from otl.practice import PracticeSlack, running_practice
from otl.practice.demo_data import APP
from otl.practice.people import Channel, Person
from scheduling.database import Database, open_database
from scheduling.events import queue
from scheduling.events.deliveries import Done
from scheduling.events.destinations import SLACK
from scheduling.events.queue import Terms
from scheduling.public_urls import PublicUrls
from tests.booking_web.reading import parse, posted_fields
from tests.booking_web.site import Site
from tests.given import KEYRING, SALES, SAM, GivenLink, given_calendar, given_link
from tests.journeys.hostile_texts import LONG, hostile_sample

pytestmark = pytest.mark.asyncio(loop_scope="session")

ALL_DAY: Final = dict.fromkeys(("mon", "tue", "wed", "thu", "fri", "sat", "sun"), ("00:00-24:00",))
FORM: Final = {"Content-Type": "application/x-www-form-urlencoded"}
EMAIL: Final = "jane@example.com"
PERSON: Final = Person(SAM, "sam", "Sam Rivera")
CHANNEL: Final = Channel(SALES, "sales", members={SAM, APP.bot_user_id})
FIELDS: Final = ("name", "email", "notes", "zone", "from", "start", "submission_id", "ticket")


@dataclass(slots=True)
class Outlet:
    """A site with a calendar of a thousand free times, and the log that it writes."""

    site: Site
    database: Database
    lines: list[str]

    async def link(self) -> GivenLink:
        return await given_link(self.database, now=now())

    async def form(self, link: GivenLink) -> dict[str, str]:
        return posted_fields(await (await self.site.get(f"/otl/{link.token}")).text())

    async def send(self, link: GivenLink, fields: dict[str, str]) -> ClientResponse:
        body = urlencode(fields, errors="surrogatepass").encode()
        return await self.site.post(
            f"/otl/{link.token}", data=body, headers=FORM, allow_redirects=False
        )


class Lines(logging.Handler):
    """Keeps the lines that the program's log would have."""

    def __init__(self) -> None:
        super().__init__(logging.INFO)
        self.setFormatter(JsonLines())
        self.addFilter(without_trace)
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines.append(self.format(record))


@pytest.fixture
def lines() -> Iterator[list[str]]:
    handler, logger = Lines(), logging.getLogger("booking_web")
    level = logger.level
    logger.setLevel(logging.INFO)
    logging.getLogger().addHandler(handler)
    yield handler.lines
    logging.getLogger().removeHandler(handler)
    logger.setLevel(level)


@pytest_asyncio.fixture(loop_scope="session")
async def outlet(sqlite_url: str, lines: list[str]) -> AsyncIterator[Outlet]:
    database = open_database(sqlite_url)
    await given_calendar(database, weekly=ALL_DAY, now=now())
    app = create_site(database=database, keyring=KEYRING, urls=PublicUrls("http://localhost"))
    async with TestClient(TestServer(app)) as site:
        yield Outlet(site, database, lines)
    await database.close()


async def test_every_booking_that_is_taken_yields_a_notification_that_slack_takes(
    outlet: Outlet,
) -> None:
    taken = []
    for number, text in enumerate(hostile_sample(150, seed=1)):
        link = await outlet.link()
        form = await outlet.form(link) if number == 0 else fields_of(link)
        fields = form | {"name": text, "notes": text, "email": EMAIL, "start": start(number)}
        answer = await outlet.send(link, fields)
        assert answer.status in {303, 422}, text
        if answer.status == 303:
            taken.append((text, answer.headers["Location"]))
    assert len(taken) > 80

    slack = PracticeSlack(people=[PERSON], channels=[CHANNEL], history_lag=0.0)
    async with (
        running_practice(slack),
        open_slack_client("xoxb-practice", base_url=slack.api_url, seconds=30) as client,
    ):
        notifier = Notifier(database=outlet.database, client=client, seconds_between=0.0)
        terms = Terms({SLACK: now()}, busy_lanes=(), held=(), limit=1000)
        while claimed := await outlet.database.write(
            queue.claim, terms, now=now(), lease=timedelta(hours=1)
        ):
            for delivery in claimed:  # of each channel the oldest alone
                assert isinstance(await notifier.deliver(delivery), Done)
    posts = slack.calls_to("chat.postMessage")

    assert len(posts) == 2 * len(taken)  # in the channel, and to Sam
    assert all(post.answer and post.answer["ok"] for post in posts)
    for post in posts:
        assert post.fields["blocks"]
        assert (post.fields["parse"], post.fields["link_names"]) == ("none", False)
        assert (post.fields["unfurl_links"], post.fields["unfurl_media"]) == (False, False)
        marks = re.findall("<[^<>]*>", post.fields["text"])
        people = ["<@U0SA"] * (2 if post.fields["channel"] == SALES else 1)
        assert [mark[:6] for mark in marks] == ["<!date", "<!date", *people]
    for text, address in taken[::3]:
        page = await outlet.site.get(address)
        assert "You're booked." in await page.text(), text
        file = await (await outlet.site.get(f"{address}/invitation.ics")).read()
        assert len(icalendar.Calendar.from_ical(file).events) == 1, text


async def test_forms_full_of_hostile_text_come_back_with_nothing_of_their_own_in_them(
    outlet: Outlet,
) -> None:
    link = await outlet.link()
    texts = hostile_sample(40, seed=2)
    harmless = await outlet.send(link, dict.fromkeys(FIELDS, "x"))
    opened = await outlet.site.get(f"/otl/{link.token}?zone=UTC")
    empty = await outlet.send(link, dict.fromkeys(FIELDS, ""))
    ours = elements(await harmless.text()) | elements(await opened.text())
    ours |= elements(await empty.text())

    for number, _ in enumerate(texts):
        fields = {name: texts[(number + place) % len(texts)] for place, name in enumerate(FIELDS)}
        answer = await outlet.send(link, fields)
        page = await answer.text()

        assert answer.status == 422, fields
        assert elements(page) <= ours, fields
        assert "Not booked yet" in page, fields


@pytest.mark.parametrize("field", FIELDS)
async def test_a_hostile_text_in_one_field_of_a_form_is_no_fault_of_ours(
    outlet: Outlet, field: str
) -> None:
    link = await outlet.link()
    # Not even a text that is right may book: the one field or the other is empty.
    genuine = fields_of(link) | {"start": start(3), "name": "Jane", "email": EMAIL}
    missing = "email" if field == "name" else "name"
    for text in hostile_sample(15, seed=FIELDS.index(field)):
        answer = await outlet.send(link, genuine | {field: text, missing: ""})

        assert answer.status == 422, text


async def test_texts_of_100_kilobytes_are_given_back_or_too_large(outlet: Outlet) -> None:
    link = await outlet.link()
    genuine = fields_of(link) | {"start": start(5), "name": "Jane", "email": EMAIL}
    for field in ("name", "email", "notes"):
        page = await outlet.send(link, genuine | {field: "<b>" * (LONG // 3)})
        large = await outlet.send(link, genuine | {field: "\U0001f469" * (LONG // 4)})

        assert (page.status, large.status) == (422, 413)
        assert len(await page.text()) > LONG


async def test_hostile_addresses_queries_and_headers_are_answered_with_pages(
    outlet: Outlet,
) -> None:
    link = await outlet.link()
    dead = elements(await (await outlet.site.get(f"/otl/{'a' * 32}")).text())
    alive = elements(await (await outlet.site.get(f"/otl/{link.token}?zone=x&from=x")).text())
    before = len(outlet.lines)
    texts = hostile_sample(25, seed=3)

    for text in texts:
        written = quote(text, safe="", errors="surrogatepass")
        headers = {name: printable(text) for name in ("Accept-Language", "User-Agent", "Referer")}
        unknown = await outlet.site.get(f"/otl/x{written}", headers=headers)
        asked = await outlet.site.get(f"/otl/{link.token}?zone={written}&from={written}")

        assert (unknown.status, asked.status) == (404, 200), text
        assert elements(await unknown.text()) == dead, text
        assert elements(await asked.text()) <= alive, text
        assert len(outlet.lines) - before == 2, "each request is one line"
        before = len(outlet.lines)


async def test_bodies_that_are_no_forms_are_no_fault_of_ours(outlet: Outlet) -> None:
    link = await outlet.link()
    choice = random.Random(5)  # noqa: S311  # repeatable
    types = ("application/x-www-form-urlencoded", "multipart/form-data", "application/json", "x/y")

    for number in range(100):
        body = choice.randbytes(choice.randrange(2000))
        kind = {"Content-Type": types[number % 4]}
        answer = await outlet.site.post(f"/otl/{link.token}", data=body, headers=kind)

        assert answer.status == 422


@pytest_asyncio.fixture(loop_scope="session", autouse=True)
async def nothing_was_our_fault(outlet: Outlet) -> AsyncIterator[None]:
    """After each test: the log has no error and nothing that was typed, a line for each event."""
    yield
    entries = [json.loads(line) for line in outlet.lines]
    assert {entry["level"] for entry in entries} <= {"info"}
    pattern = re.compile(
        r"(GET|POST) (/[a-z./]+(\{\w+\}(/invitation\.ics)?)?|\(no such page\)) \d+ .* ms"
    )
    ours = [entry["message"] for entry in entries if entry["from"].startswith("booking_web")]
    assert [message for message in ours if not pattern.fullmatch(message)] == []


@pytest.mark.parametrize(
    "sent",
    [
        pytest.param(b"Content-Encoding: gzip\r\nContent-Length: 5\r\n\r\nhello", id="gzip"),
        pytest.param(b"Content-Encoding: deflate\r\nContent-Length: 5\r\n\r\nhello", id="deflate"),
        pytest.param(b"Transfer-Encoding: chunked\r\n\r\n3\r\nabc\r\nXX\r\n", id="chunks"),
        pytest.param(b"Content-Length: 500\r\n\r\nhello", id="hangs-up"),
    ],
)
async def test_a_body_that_cannot_be_read_is_no_fault_of_ours(outlet: Outlet, sent: bytes) -> None:
    link = await outlet.link()
    reader, writer = await asyncio.open_connection("127.0.0.1", outlet.site.port)
    writer.write(f"POST /otl/{link.token} HTTP/1.1\r\nHost: x\r\n".encode() + sent)
    if b"500" in sent:
        await writer.drain()
        await asyncio.sleep(0.1)
    else:
        assert int((await reader.readline()).split()[1]) == 400
    writer.close()
    await writer.wait_closed()
    await asyncio.sleep(0.1)

    assert (await outlet.site.get(f"/otl/{link.token}")).status == 200


def now() -> datetime:
    return datetime.now(UTC)


def start(number: int) -> str:
    """Return a free time, each number its own."""
    midnight = now().replace(hour=0, minute=0, second=0, microsecond=0)
    return f"{midnight + timedelta(days=2, minutes=30 * number):%Y-%m-%dT%H:%M:%SZ}"


def fields_of(link: GivenLink) -> dict[str, str]:
    """Return what a fetched form hides, without the 30 kB of its page."""
    submission_id = random.randbytes(16).hex()  # noqa: S311  # only to be another one
    ticket = KEYRING.form_ticket(link.lookups[0], submission_id)
    hidden = {"submission_id": submission_id, "ticket": ticket}
    return hidden | {"zone": "Europe/Berlin", "from": "", "notes": ""}


def elements(page: str) -> set[tuple[str, tuple[str, ...]]]:
    return {(str(element.tag), tuple(element.keys())) for element in parse(page).iter()}


def printable(text: str) -> str:
    """Return what a client can put into a header: the client here refuses the rest."""
    return re.sub(r"[\x00-\x1f\x7f]", "", text.encode(errors="replace").decode())[:4000]
