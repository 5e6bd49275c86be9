"""The body of a form, no more of it than a form can have."""

from aiohttp import web

from booking_web.link_page.form import MOST_BYTES


async def read_body(request: web.Request) -> bytes:
    """Read the form itself: the application's limit may be another one, and all else is no form.

    Raises:
        HTTPRequestEntityTooLarge: it is longer than any form of ours; the rest is not read.
        HTTPBadRequest: it is not encoded as it says, or the client hung up in the middle.
    """
    if (request.content_length or 0) > MOST_BYTES:
        raise web.HTTPRequestEntityTooLarge(MOST_BYTES, request.content_length or 0)
    body = bytearray()
    try:
        async for chunk in request.content.iter_any():
            body += chunk
            if len(body) > MOST_BYTES:
                raise web.HTTPRequestEntityTooLarge(MOST_BYTES, len(body))
    except (web.RequestPayloadError, ConnectionError):
        raise web.HTTPBadRequest from None
    return bytes(body)
