"""GET /healthz and /readyz: for whoever watches the program. Every role answers them."""

from typing import Final

from aiohttp import web

from scheduling.database import Database
from scheduling.errors import DatabaseUnavailable
from scheduling.workspaces import slack_refusal

PATHS: Final = ("/healthz", "/readyz")


def create_health(database: Database) -> web.Application:
    """Make the application that answers PATHS."""

    async def tell_health(_request: web.Request) -> web.Response:
        """The process answers."""
        return web.Response(text="ok")

    async def tell_readiness(_request: web.Request) -> web.Response:
        """The database answers. Slack refusing our token is no reason to restart."""
        try:
            refusal = await database.read(slack_refusal)
        except DatabaseUnavailable:
            return web.json_response({"ready": False, "database": "unavailable"}, status=503)
        # Why it refuses is in the log and in `/otl health`: anybody can ask here.
        return web.json_response({"ready": True, "slack": "refused" if refusal else "ok"})

    app = web.Application()
    app.add_routes([web.get("/healthz", tell_health), web.get("/readyz", tell_readiness)])
    return app
