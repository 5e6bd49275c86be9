"""Named places where a test has the program killed or stopped; they do nothing unless armed."""

import os
import re
import signal
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import count
from typing import Final, Literal, get_args

Place = Literal[
    "before_redeem",  # the link's guarded UPDATE
    "redeemed",
    "before_commit",  # of any write
    "committed",
    "claimed",  # a delivery's lease is committed, nothing was sent
    "before_post",  # history was asked, if need be; the request comes next
    "posted",  # Slack stored it and we know, but nobody else does
    "before_mail",  # the connection to the mail server comes next
    "mailed",  # the mail server took it and we know, but nobody else does
    "before_record",  # of what came of a delivery
]
PLACES: Final[tuple[Place, ...]] = get_args(Place)

LINGER_SECONDS: Final = 0.05


def _kill() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def _stop() -> None:
    os.kill(os.getpid(), signal.SIGSTOP)  # until SIGCONT


def _linger() -> None:
    """Let the other threads go on for a moment, and whoever was answered too early hear of it."""
    time.sleep(LINGER_SECONDS)
    _kill()


_ACTIONS: Final[dict[str, Callable[[], None]]] = {"kill": _kill, "stop": _stop, "linger": _linger}


@dataclass(frozen=True, slots=True)
class _Order:
    do: Callable[[], None]
    at: int
    passages: Iterator[int]


_ARMED: Final[dict[Place, _Order]] = {}


def failpoint(place: Place) -> None:
    """Pass a place; what was ordered happens where it is armed and this is the passage meant."""
    order = _ARMED.get(place)
    if order is not None and next(order.passages) == order.at:
        order.do()


def arm(orders: str) -> None:
    """Take orders such as "redeemed=kill@3,posted=stop": at the third passage, at the first.

    Raises:
        ValueError: there is no such place or no such order; nothing is armed.
    """
    armed = dict(_read(order) for order in orders.split(",") if order.strip())
    _ARMED.clear()
    _ARMED.update(armed)


def _read(order: str) -> tuple[Place, _Order]:
    place, _, action = order.strip().partition("=")
    word, _, at = action.partition("@")
    is_passage = re.fullmatch("[1-9][0-9]*", at or "1")
    if place not in PLACES or word not in _ACTIONS or not is_passage:
        raise ValueError(f"{order.strip()!r} is no order such as redeemed=kill@3")
    return place, _Order(_ACTIONS[word], int(at or "1"), count(1))
