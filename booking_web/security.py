"""Headers that every answer carries, whatever made it."""

from typing import Final

from aiohttp import web

CONTENT_SECURITY_POLICY: Final = (
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; "
    "connect-src 'self'; form-action 'self'; base-uri 'none'; object-src 'none'; "
    "frame-ancestors 'none'"
)
HEADERS: Final = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    # Not no-referrer: with it the page's own form posts `Origin: null`.
    "Referrer-Policy": "same-origin",
    "X-Content-Type-Options": "nosniff",
    "X-Robots-Tag": "noindex, nofollow, noarchive",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    # 404 and 410 may be cached by default (RFC 9111 §4.2.2).
    "Cache-Control": "no-store",
}
ONE_YEAR: Final = "max-age=31536000"


def set_headers(app: web.Application, *, is_https: bool) -> None:
    """Give every answer of the application the headers that it does not set itself."""
    headers = HEADERS | ({"Strict-Transport-Security": ONE_YEAR} if is_https else {})

    async def complete(_request: web.Request, response: web.StreamResponse) -> None:
        for name, value in headers.items():
            response.headers.setdefault(name, value)
        response.headers.popall("Server", None)  # aiohttp names itself, Python and both versions

    app.on_response_prepare.append(complete)
