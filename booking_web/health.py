"""GET /healthz and /readyz: for whoever watches the program."""

from aiohttp import web

from booking_web.keys import DATABASE
from scheduling.errors import DatabaseUnavailable
from scheduling.workspaces import slack_refusal


async def tell_health(_request: web.Request) -> web.Response:
    """The process answers."""
    return web.Response(text="ok")


async def tell_readiness(request: web.Request) -> web.Response:
    """The database answers. `slack`, why Slack refuses our token, is no reason to restart."""
    try:
        refusal = await request.app[DATABASE].read(slack_refusal)
    except DatabaseUnavailable:
        return web.json_response({"ready": False, "database": "unavailable"}, status=503)
    return web.json_response({"ready": True, "slack": refusal})
