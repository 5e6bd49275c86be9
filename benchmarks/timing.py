"""How a thing is timed here: some rounds, the median; only ratios within one run mean a thing."""

import time
from collections.abc import Awaitable, Callable
from statistics import median

ROUNDS = 5


def milliseconds(work: Callable[[], object], *, rounds: int = ROUNDS) -> float:
    """Return the median time of a call."""
    times = []
    for _ in range(rounds):
        began = time.perf_counter()
        work()
        times.append((time.perf_counter() - began) * 1000)
    return median(times)


async def rate(work: Callable[[int], Awaitable[object]], *, times: int) -> float:
    """Return how often a second `work(number)` gets done, one after the other."""
    began = time.perf_counter()
    for number in range(times):
        await work(number)
    return times / (time.perf_counter() - began)
