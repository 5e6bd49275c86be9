"""Floods a site with hostile requests, from a process of its own: `python -m tests.journeys.flood`.

Reads its orders as JSON from standard input and writes what it was answered as JSON. The addresses
that it pretends to have stand in X-Forwarded-For, as a proxy of ours would write them.
"""

import asyncio
import json
import random
import re
import sys
import time
from collections import Counter
from dataclasses import asdict, dataclass
from typing import Final

CONNECTIONS: Final = 20
LETTERS: Final = "abcdefghijkmnpqrstuvwxyz23456789"
LENGTH: Final = re.compile(rb"\r\nContent-Length: (\d+)\r\n", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Orders:
    """What to do.

    Attributes:
        token: of a link that is good; forged forms are posted to it.
        seconds: how long at least; a slow machine goes on until `requests` are answered.
        addresses: how many clients it pretends to be.
    """

    port: int
    token: str
    per_second: int
    seconds: float
    requests: int
    addresses: int


async def flood(orders: Orders) -> Counter[int]:
    """Send as many requests a second as ordered, or as many as are answered; count the statuses."""
    statuses: Counter[int] = Counter()
    until = time.monotonic() + orders.seconds
    pause = CONNECTIONS / orders.per_second
    workers = (_work(orders, number, until, pause, statuses) for number in range(CONNECTIONS))
    await asyncio.gather(*workers)
    return statuses


async def _work(
    orders: Orders, number: int, until: float, pause: float, statuses: Counter[int]
) -> None:
    choice = random.Random(number)  # noqa: S311  # repeatable
    reader, writer = await asyncio.open_connection("127.0.0.1", orders.port)
    due = time.monotonic()
    while time.monotonic() < until or statuses.total() < orders.requests:
        writer.write(_request(orders, choice))
        head = await reader.readuntil(b"\r\n\r\n")
        length = LENGTH.search(head)
        await reader.readexactly(int(length[1]) if length else 0)
        statuses[int(head[9:12])] += 1
        due += pause
        await asyncio.sleep(max(due - time.monotonic(), 0))
    writer.close()


def _request(orders: Orders, choice: random.Random) -> bytes:
    unknown = "".join(choice.choices(LETTERS, k=32))
    line, body = choice.choice(
        [
            (f"GET /otl/{unknown}", ""),
            (f"GET /booking/{unknown}", ""),
            ("GET /otl/..%2f..%2fetc%2fpasswd", ""),
            (f"POST /otl/{unknown}", "name=Eve&ticket=forged"),
            (f"POST /otl/{orders.token}", "name=Eve&email=eve%40example.com&ticket=forged"),
            (f"POST /otl/{orders.token}/seen", "ticket=forged"),
        ]
    )
    address = choice.randrange(orders.addresses)
    return (
        f"{line} HTTP/1.1\r\nHost: localhost\r\n"
        f"X-Forwarded-For: 203.0.{address // 256}.{address % 256}\r\n"
        "Content-Type: application/x-www-form-urlencoded\r\n"
        f"Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def as_orders(orders: Orders) -> bytes:
    """Write what the process reads."""
    return json.dumps(asdict(orders)).encode()


if __name__ == "__main__":
    answered = asyncio.run(flood(Orders(**json.load(sys.stdin))))
    json.dump(answered, sys.stdout)
