"""How much one client may ask for. A limit slows a client down; it never closes a link.

Forms that are posted and addresses that are guessed count; whoever opens a link that exists is
never sent away.
"""

import math
import time
from typing import Final

from aiohttp import hdrs, web
from aiohttp.typedefs import Handler

from booking_web.errors import TOO_MANY_REQUESTS, answer
from booking_web.limits.client_address import client_of
from booking_web.limits.token_buckets import Rate, TokenBuckets
from scheduling.errors import UnknownBooking, UnknownLink

# Generous: an office of some hundred people is one client, and one of them presses a few times.
POSTS: Final = Rate(burst=120, per_second=2.0)
GUESSES: Final = Rate(burst=60, per_second=0.5)
MOST_CLIENTS: Final = 100_000
FORWARDED: Final = "X-Forwarded-For"


class TooMany(Exception):
    """This client has to wait for so many whole seconds."""

    def __init__(self, seconds: int) -> None:
        super().__init__("too many requests")
        self.seconds = seconds


class RateLimits:
    """The site's limits.

    Args:
        trusted_proxies: how many proxies of ours stand before the site, see `client_of`.
    """

    def __init__(self, *, trusted_proxies: int) -> None:
        self._trusted_proxies = trusted_proxies
        self._posts = TokenBuckets(POSTS, most=MOST_CLIENTS)
        self._guesses = TokenBuckets(GUESSES, most=MOST_CLIENTS)

    def of_posts(self, request: web.Request) -> int:
        """Count a form; return 0 or the whole seconds to wait."""
        return self._take(self._posts, request)

    def of_guesses(self, request: web.Request) -> int:
        """Count an address that leads nowhere; likewise."""
        return self._take(self._guesses, request)

    def _take(self, buckets: TokenBuckets, request: web.Request) -> int:
        forwarded = request.headers.getall(FORWARDED, [])
        client = client_of(request.remote or "", forwarded, trusted_proxies=self._trusted_proxies)
        if client is None:
            return 0
        return math.ceil(buckets.take(client, now=time.monotonic()))


LIMITS: Final = web.AppKey("site_limits", RateLimits)


def require_room(request: web.Request) -> None:
    """Count a post.

    Raises:
        TooMany: the client has to wait.
    """
    seconds = request.app[LIMITS].of_posts(request)
    if seconds:
        raise TooMany(seconds)


@web.middleware
async def answer_too_many(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer with 429 whoever guesses addresses all the time, and posts that kept no form."""
    try:
        return await handler(request)
    except (UnknownLink, UnknownBooking):
        seconds = request.app[LIMITS].of_guesses(request)
        if not seconds:
            raise
    except TooMany as refusal:
        seconds = refusal.seconds
    page = answer(request, TOO_MANY_REQUESTS)
    page.headers[hdrs.RETRY_AFTER] = str(seconds)
    return page
