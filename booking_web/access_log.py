"""One line for each request: route, status, time. Never an address, which may be a secret."""

import logging
import time
from typing import Final

from aiohttp import web
from aiohttp.typedefs import Handler

log = logging.getLogger(__name__)

NO_ROUTE: Final = "(no such page)"


@web.middleware
async def log_access(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Log what became of a request; stands around all other middlewares."""
    began = time.perf_counter()
    status = 500
    try:
        response = await handler(request)
        status = response.status
    except web.HTTPException as error:
        status = error.status
        raise
    finally:
        milliseconds = (time.perf_counter() - began) * 1000
        log.info("%s %s %d %.1f ms", request.method, route_of(request), status, milliseconds)
    return response


def route_of(request: web.Request) -> str:
    """Return the route as it was registered, "/otl/{token}"."""
    resource = request.match_info.route.resource
    return NO_ROUTE if resource is None else resource.canonical
