"""How ordered trouble looks on the wire."""

import asyncio
import contextlib
import json
from collections.abc import Callable, Mapping
from typing import Final

from aiohttp import web

from otl.practice.faults import Fault, Order
from otl.practice.state import PracticeState
from otl.practice.wire import Json

Work = Callable[[], Json]
PAGE: Final = "<html><body>Something went wrong.</body></html>"
_STATUS_BEFORE: Final[Mapping[str, int]] = {Fault.HTTP_500: 500, Fault.HTTP_503: 503}
_ERROR_AFTER: Final[Mapping[str, str]] = {
    Fault.INTERNAL_ERROR_AFTER_STORING: "internal_error",
    Fault.FATAL_ERROR_AFTER_STORING: "fatal_error",
}


async def misbehave(
    request: web.Request, slack: PracticeState, order: Order, work: Work
) -> web.StreamResponse:
    """Answer one call as badly as it was ordered; `work` is what the call would do."""
    match order.fault:
        case Fault.DROP | Fault.STORE_THEN_DROP:
            return _drop(request, work if order.fault is Fault.STORE_THEN_DROP else None)
        case Fault.TIMEOUT | Fault.STORE_THEN_TIMEOUT:
            if order.fault is Fault.STORE_THEN_TIMEOUT:
                work()
            await _wait(request, slack, order.seconds)
            return _drop(request, None)
        case Fault.DELAY:
            await _wait(request, slack, order.seconds)
            return web.json_response(work())
        case Fault():
            return _spoil(order, work)
        case code:
            return web.json_response({"ok": False, "error": code})


def _spoil(order: Order, work: Work) -> web.Response:  # noqa: PLR0911  # one return a fault
    """Answer at once, but wrongly."""
    if order.fault is Fault.RATE_LIMITED:
        headers = {"Retry-After": str(int(order.seconds))}
        return web.json_response({"ok": False, "error": "ratelimited"}, status=429, headers=headers)
    if order.fault in _STATUS_BEFORE:
        return _error_page(_STATUS_BEFORE[order.fault])
    answer = work()
    if order.fault in _ERROR_AFTER:
        return web.json_response({"ok": False, "error": _ERROR_AFTER[order.fault]})
    if order.fault is Fault.NULL_ERROR_AFTER_STORING:
        return web.json_response({"ok": False, "error": None})
    if order.fault is Fault.OK_ALONE_AFTER_STORING:
        return web.json_response({"ok": True})
    if order.fault is Fault.CUT_JSON:
        text = json.dumps(answer)
        return web.Response(text=text[: len(text) // 2], content_type="application/json")
    return _error_page(500 if order.fault is Fault.STORE_THEN_HTTP_500 else 200)


def _error_page(status: int) -> web.Response:
    return web.Response(status=status, text=PAGE, content_type="text/html")


def _drop(request: web.Request, work: Work | None) -> web.Response:
    """Do the work, if any, and cut the connection."""
    if work is not None:
        work()
    if request.transport is not None:
        request.transport.close()
    return web.Response()


async def _wait(request: web.Request, slack: PracticeState, seconds: float) -> None:
    """Keep silent, until the caller has hung up or the server ends."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while request.transport is not None and not slack.closing.is_set():  # noqa: ASYNC110
                await asyncio.sleep(0.02)  # nothing tells that a caller has hung up
