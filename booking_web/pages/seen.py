"""POST /otl/{token}/seen: the page's script tells that a person is there. It decides nothing."""

from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import web

from booking_web.body import read_body
from booking_web.forms import is_genuine, read_fields
from booking_web.keys import DATABASE, KEYRING
from booking_web.pages.slots import link_lookups
from booking_web.rate_limits import require_room
from scheduling.seen import note_seen


async def tell_seen(request: web.Request) -> web.Response:
    """Note it, if the page's own form sent it; a link that is dead has nothing to tell."""
    require_room(request)
    lookups = link_lookups(request)
    fields = read_fields(await read_body(request))
    if not is_genuine(fields, request.app[KEYRING], lookups):
        raise web.HTTPUnprocessableEntity
    await request.app[DATABASE].write(note_seen, lookups=lookups, now=datetime.now(UTC))
    return web.Response(status=HTTPStatus.NO_CONTENT)
