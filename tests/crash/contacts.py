"""Contacts who book over HTTP and send the same form again until they are answered."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http import HTTPStatus
from secrets import token_hex
from typing import Final, Self

import aiohttp
from aiohttp.test_utils import BaseTestServer

from booking_web.link_page.form import write_start
from scheduling.secrets.keyring import Purpose
from tests.crash.history import History, Kind
from tests.given import KEYRING, GivenLink

PATIENCE_SECONDS: Final = 0.01
LONGEST_ANSWER: Final = aiohttp.ClientTimeout(total=60)


@dataclass(frozen=True, slots=True)
class Wish:
    """One fetched form and how it is filled in.

    Attributes:
        starts: epoch seconds; the next one is chosen where one was just taken.
        hangs_up_after: seconds until the contact ends the first request; None: they wait.
    """

    link: GivenLink
    starts: Sequence[int]
    hangs_up_after: float | None = None
    submission: str = field(default_factory=lambda: token_hex(16))


class Contacts:
    """They share a history; use it as a context manager.

    Args:
        base: where the site is.
        up: they wait for it before they send anything; None: they knock until somebody opens.
    """

    def __init__(self, base: str, history: History, *, up: asyncio.Event | None = None) -> None:
        self._base = base
        self._up = up
        self._history = history
        self._seen_503 = 0

    @property
    def seen_503(self) -> int:
        """How often the site said that its database is away."""
        return self._seen_503

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, force_close=True), timeout=LONGEST_ANSWER
        )
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()

    async def book(self, wish: Wish) -> bool:
        """Send the form until it is confirmed (True) or refused for good (False)."""
        starts = iter(wish.starts)
        start = next(starts)
        patience = wish.hangs_up_after
        while True:
            if self._up is not None:
                await self._up.wait()
            status = await self._send(wish, start, seconds=patience)
            patience = None
            if status == HTTPStatus.SEE_OTHER:
                return True
            if status in {HTTPStatus.GONE, HTTPStatus.NOT_FOUND}:
                return False
            if status == HTTPStatus.CONFLICT:
                start = next(starts)
            else:
                await asyncio.sleep(PATIENCE_SECONDS)

    async def send_once(self, wish: Wish) -> int | None:
        """Send the form with its first time, and return the status; None: no answer came."""
        return await self._send(wish, wish.starts[0])

    async def _send(self, wish: Wish, start: int, *, seconds: float | None = None) -> int | None:
        """Send it once and return the status; None where no answer came (in these seconds)."""
        link = wish.link
        invoked = self._history.invoke(link.details.public_id, wish.submission, start)
        try:
            async with self._session.post(
                f"{self._base}/otl/{link.token}",
                data=filled_form(wish, start),
                allow_redirects=False,
                timeout=LONGEST_ANSWER if seconds is None else aiohttp.ClientTimeout(seconds),
            ) as response:
                await response.read()
                status, location = response.status, response.headers.get("Location", "")
        except aiohttp.ClientConnectorError:
            self._history.never_sent(invoked)
            return None
        except (aiohttp.ClientError, TimeoutError, OSError) as error:
            self._history.ended(invoked, Kind.UNKNOWN, type(error).__name__)
            return None
        if status == HTTPStatus.SEE_OTHER:
            secret = location.rpartition("/")[2]
            (lookup,) = KEYRING.lookups(Purpose.BOOKING, secret)
            self._history.ended(invoked, Kind.OK, lookup.hex())
        elif status >= HTTPStatus.INTERNAL_SERVER_ERROR:
            self._seen_503 += status == HTTPStatus.SERVICE_UNAVAILABLE
            self._history.ended(invoked, Kind.UNKNOWN, str(status))
        else:
            self._history.ended(invoked, Kind.FAIL, str(status))
        return status


def base_of(server: BaseTestServer) -> str:
    """Return where a site of this very process is."""
    return str(server.make_url("")).rstrip("/")


def filled_form(wish: Wish, start: int) -> dict[str, str]:
    """Return what a browser posts; the ticket is the one that the page hides in its form."""
    (lookup,) = wish.link.lookups
    return {
        "start": write_start(datetime.fromtimestamp(start, UTC)),
        "name": "Jane Doe",
        "email": "jane@example.com",
        "notes": "",
        "zone": "Europe/Berlin",
        "submission_id": wish.submission,
        "ticket": KEYRING.form_ticket(lookup, wish.submission),
    }
