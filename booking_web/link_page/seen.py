"""POST /otl/{token}/seen: the page's script says that a person is there. It decides nothing."""

from datetime import UTC, datetime
from http import HTTPStatus

from aiohttp import web

from booking_web.keys import DATABASE, KEYRING
from booking_web.limits.rate_limits import require_room
from booking_web.link_page.form import MOST_BYTES, is_genuine, read_fields
from booking_web.link_page.show import link_lookups
from scheduling.links.seen import note_seen


async def record_seen(request: web.Request) -> web.Response:
    """Note it, if the page's own form sent it; a link that is dead has nothing to tell."""
    require_room(request)
    lookups = link_lookups(request)
    fields = read_fields(await request.clone(client_max_size=MOST_BYTES).read())
    if not is_genuine(fields, request.app[KEYRING], lookups):
        raise web.HTTPUnprocessableEntity
    await request.app[DATABASE].write(note_seen, lookups=lookups, now=datetime.now(UTC))
    return web.Response(status=HTTPStatus.NO_CONTENT)
