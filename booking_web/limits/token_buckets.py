"""Token buckets, one a client: so many requests at once, then so many a second. Pure."""

from collections import OrderedDict
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """What a client may do: `burst` at once, and `per_second` in the long run."""

    burst: int
    per_second: float


class TokenBuckets:
    """The buckets of one kind of request.

    Args:
        most: how many clients are remembered. Who was not seen for longest is forgotten first; a
            forgotten bucket is a full one, so a crowd makes the limit softer, never harder.
    """

    def __init__(self, rate: Rate, *, most: int) -> None:
        self._rate = rate
        self._most = most
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()  # tokens, as of when

    def __len__(self) -> int:
        return len(self._buckets)

    def take(self, client: str, *, now: float) -> float:
        """Take a token; return 0.0, or the seconds until there will be one.

        Args:
            now: of a clock that never goes back.
        """
        burst, per_second = self._rate.burst, self._rate.per_second
        tokens, since = self._buckets.pop(client, (float(burst), now))
        tokens = min(burst, tokens + max(now - since, 0.0) * per_second)
        missing = 1.0 - tokens
        self._buckets[client] = (tokens if missing > 0 else tokens - 1.0, now)
        if len(self._buckets) > self._most:
            self._buckets.popitem(last=False)
        return missing / per_second if missing > 0 else 0.0
