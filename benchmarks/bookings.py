"""B3: bookings on SQLite, at 1 and 32 at once, beside the floor of one commit at a time."""

import asyncio
import sqlite3
import time
from collections.abc import AsyncIterator
from pathlib import Path

from benchmarks.calendar import open_calendar
from benchmarks.timing import rate

TIMES = 400
CLIENTS = 32


async def measure() -> AsyncIterator[str]:
    """Yield a line a figure."""
    async with open_calendar() as calendar:
        tokens = [await calendar.link() for _ in range(2 * TIMES)]
        alone = await rate(lambda number: calendar.book(tokens[number], number), times=TIMES)
        began = time.perf_counter()
        gate = asyncio.Semaphore(CLIENTS)

        async def one(number: int) -> None:
            async with gate:
                await calendar.book(tokens[number], number)

        await asyncio.gather(*(one(number) for number in range(TIMES, 2 * TIMES)))
        together = TIMES / (time.perf_counter() - began)
        floor = _floor(calendar.path.with_name("floor.sqlite3"))
    yield f"B3  bookings, 1 client     {alone:8.0f} /s"
    yield f"    bookings, {CLIENTS} clients   {together:8.0f} /s"
    yield f"    floor: one commit each {floor:8.0f} /s   ours is {alone / floor:.2f} x of it"


def _floor(path: Path) -> float:
    """Return bare commits a second of the same six statements, synchronous=FULL."""
    driver = sqlite3.connect(path, isolation_level=None)
    driver.execute("PRAGMA journal_mode=WAL")
    driver.execute("PRAGMA synchronous=FULL")
    driver.execute("CREATE TABLE link (id INTEGER PRIMARY KEY, used_at INTEGER)")
    driver.execute("CREATE TABLE row (id INTEGER PRIMARY KEY, kind TEXT, body TEXT)")
    driver.executemany("INSERT INTO link (id) VALUES (?)", [(n,) for n in range(TIMES)])
    began = time.perf_counter()
    for number in range(TIMES):
        driver.execute("BEGIN IMMEDIATE")
        driver.execute("UPDATE link SET used_at = 1 WHERE id = ? AND used_at IS NULL", (number,))
        for kind in ("appointment", "occupation", "booking", "event", "delivery"):
            driver.execute("INSERT INTO row (kind, body) VALUES (?, ?)", (kind, "x" * 80))
        driver.execute("COMMIT")
    took = time.perf_counter() - began
    driver.close()
    return TIMES / took
