"""One mail for the page: what a mail program shows of it, and its HTML by itself for a frame."""

from collections.abc import Mapping
from typing import Final

from aiohttp import web

from otl.practice.mail import Mail, Mailbox
from otl.practice.mail.reading import html_of, read
from otl.practice.page.guard import HEADERS

FRAME_HEADERS: Final[Mapping[str, str]] = {
    **HEADERS,
    # Neither scripts nor pictures from elsewhere. The page measures the frame, hence same-origin.
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; "
        "form-action 'none'; frame-ancestors 'self'; "
        "sandbox allow-same-origin allow-popups allow-popups-to-escape-sandbox"
    ),
}
FORGOTTEN: Final = "This mail is no longer kept. Only the last ones are."


async def show_mail(request: web.Request, mailbox: Mailbox) -> web.StreamResponse:
    """Answer with a mail as JSON."""
    return web.json_response(read(_find(request, mailbox)))


async def show_html(request: web.Request, mailbox: Mailbox) -> web.StreamResponse:
    """Answer with a mail's HTML, for a frame in which nothing runs."""
    html = html_of(_find(request, mailbox))
    if html is None:
        raise web.HTTPNotFound(text="This mail has no HTML.")
    return web.Response(text=html, content_type="text/html")


def _find(request: web.Request, mailbox: Mailbox) -> Mail:
    mail = mailbox.find(request.match_info["ts"])
    if mail is None:
        raise web.HTTPNotFound(text=FORGOTTEN)
    return mail
