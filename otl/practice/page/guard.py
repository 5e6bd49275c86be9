"""Keeps the page to this machine: other host names, other sites and framing are refused."""

from collections.abc import Awaitable, Callable, Mapping
from typing import Final

from aiohttp import web

HOSTS: Final = frozenset({"localhost", "127.0.0.1", "[::1]"})
NOT_FROM_HERE: Final = "The practice workspace is open to this machine only. Open it as http://localhost:{port}/practice"
HEADERS: Final[Mapping[str, str]] = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
        "connect-src 'self'; frame-src 'self'; base-uri 'none'; form-action 'none'; "
        "frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}

Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def local_only(handler: Handler, headers: Mapping[str, str] = HEADERS) -> Handler:
    """Refuse requests whose Host is another name (DNS rebinding) or that another site sends."""

    async def guarded(request: web.Request) -> web.StreamResponse:
        if _host_name(request.host) not in HOSTS or not _is_own_origin(request):
            port = request.url.port or 80
            raise web.HTTPForbidden(text=NOT_FROM_HERE.format(port=port))
        response = await handler(request)
        if not response.prepared:
            response.headers.update(headers)
        return response

    return guarded


def _host_name(host: str) -> str:
    """Return a Host header without its port; an IPv6 address keeps its brackets."""
    if host.startswith("["):
        return host.partition("]")[0] + "]"
    return host.partition(":")[0].lower()


def _is_own_origin(request: web.Request) -> bool:
    """Say whether it comes from our own page, or from something that is no browser's page."""
    origin = request.headers.get("Origin")
    return origin is None or origin == f"{request.scheme}://{request.host}"
