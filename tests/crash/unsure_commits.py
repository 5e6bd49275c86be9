"""Breaks the connection to PostgreSQL at COMMIT: nobody knows whether the booking is stored."""

import random
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final
from urllib.parse import urlsplit

from aiohttp.test_utils import TestServer

from booking_web.app import create_site
from scheduling.database import open_database
from scheduling.database.postgresql import TRIES
from scheduling.public_urls import PublicUrls
from tests.crash import world
from tests.crash.checker import Verdict, judge
from tests.crash.contacts import Contacts, Wish, base_of
from tests.crash.cutting_proxy import Cut, cutting_proxy
from tests.crash.history import History
from tests.crash.world import EVENT, Starts
from tests.given import KEYRING

SETTLED_ALONE: Final = 0.5
"""Of the bookings so many lose one commit; the others lose all that the program tries."""


@dataclass(frozen=True, slots=True)
class UnsureCommits:
    """What came of it.

    Attributes:
        bookings: whose commit was cut.
        confirmed: of these contacts so many saw their confirmation in the end.
        resubmitted: so many of them were told 503 first and sent their form again.
        cuts: of connections, all tries of the program counted.
    """

    verdict: Verdict
    bookings: int
    confirmed: int
    resubmitted: int
    cuts: int


async def cut_commits(url: str, socket: Path, *, bookings: int, seed: int) -> UnsureCommits:
    """Cut the connection at the COMMIT of every one of so many bookings.

    Args:
        url: of a migrated, empty database.
        socket: where its server listens.
    """
    chance = random.Random(seed)  # noqa: S311  # it only chooses where to cut
    links = (await world.prepare(url, bookings, calendars=[EVENT]))[EVENT]
    starts, history = Starts(), History()
    confirmed = resubmitted = 0
    async with cutting_proxy(socket) as (proxy, port):
        database_name = urlsplit(url).path
        through = f"postgresql://postgres@127.0.0.1:{port}{database_name}?sslmode=disable"
        async with _site(through) as base, Contacts(base, history) as contacts:
            for link in links:
                cuts = 1 if chance.random() < SETTLED_ALONE else TRIES
                proxy.orders.extend(chance.choice(list(Cut)) for _ in range(cuts))
                before = contacts.seen_503
                confirmed += await contacts.book(Wish(link, [starts.take()]))
                resubmitted += contacts.seen_503 > before
    facts = await world.facts(url, world.open_slack())
    told = {one.notification: 1 for one in (*facts.bookings, *facts.private) if one.notification}
    # Nobody delivers here: that a delivery is queued is all that counts.
    verdict = judge(history.events, replace(facts, unsent=(), told=told))
    return UnsureCommits(verdict, bookings, confirmed, resubmitted, proxy.cuts)


@asynccontextmanager
async def _site(database_url: str) -> AsyncIterator[str]:
    database = open_database(database_url)
    site = create_site(database=database, keyring=KEYRING, urls=PublicUrls("http://localhost"))
    try:
        async with TestServer(site) as server:
            yield base_of(server)
    finally:
        await database.close()
