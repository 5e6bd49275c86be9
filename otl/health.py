"""GET /healthz and /readyz: for whoever watches the program. Every role answers them."""

import asyncio
import logging
from typing import Final

from aiohttp import web
from sqlalchemy.orm import Session

from scheduling.database import Database
from scheduling.database.probe import write_a_little
from scheduling.errors import DatabaseUnavailable
from scheduling.events.destinations import MAIL, SLACK
from scheduling.events.mail_health import mails_waiting
from scheduling.events.refusing import refusing
from scheduling.workspaces import mail_sender

PATHS: Final = ("/healthz", "/readyz")
TRY_AGAIN_SECONDS: Final = 5.0
BUSY_SECONDS: Final = 1.0

log = logging.getLogger(__name__)


def create_health(database: Database) -> web.Application:
    """Make the application that answers PATHS."""
    writing = Writing(database)

    async def tell_health(_request: web.Request) -> web.Response:
        """The process answers."""
        return web.Response(text="ok")

    async def tell_readiness(_request: web.Request) -> web.Response:
        """The database answers and can be written; who refuses us is no reason to restart.

        Why they refuse is in the log and in `/otl health`; here anybody can ask.
        """
        try:
            refused = await database.read(refusing)
            if not await writing.works():
                words = {"ready": False, "database": "cannot be written"}
                return web.json_response(words, status=503)
            mail = await database.read(_mail)
        except DatabaseUnavailable:
            return web.json_response({"ready": False, "database": "unavailable"}, status=503)
        slack = "refused" if SLACK in refused else "ok"
        return web.json_response({"ready": True, "slack": slack, "mail": mail})

    async def finish(_app: web.Application) -> None:
        await writing.finish()

    app = web.Application()
    app.add_routes([web.get("/healthz", tell_health), web.get("/readyz", tell_readiness)])
    app.on_cleanup.append(finish)
    return app


def _mail(session: Session) -> str:
    """Return "ok", "refused", "off", or how much waits while it is off."""
    if mail_sender(session) is not None:
        return "refused" if MAIL in refusing(session) else "ok"
    waiting = mails_waiting(session)
    return f"off, {waiting} waiting" if waiting else "off"


class Writing:
    """Tries to write when somebody asks, at most every few seconds."""

    def __init__(self, database: Database) -> None:
        self._database = database
        self._worked = True
        self._next_at = 0.0
        self._trying: asyncio.Task[None] | None = None

    async def works(self) -> bool:
        """Tell whether the latest attempt succeeded.

        While the writer is busy, which is no fault, this is the one before: nobody waits for it
        longer than BUSY_SECONDS.
        """
        now = asyncio.get_running_loop().time()
        if now >= self._next_at and (self._trying is None or self._trying.done()):
            self._next_at = now + TRY_AGAIN_SECONDS
            self._trying = asyncio.create_task(self._try())
        if self._trying is not None:
            await asyncio.wait({self._trying}, timeout=BUSY_SECONDS)
        return self._worked

    async def finish(self) -> None:
        """Wait for what was begun."""
        if self._trying is not None:
            await self._trying

    async def _try(self) -> None:
        try:
            await self._database.write(write_a_little)
        except DatabaseUnavailable:
            self._worked = False
        except Exception as error:  # noqa: BLE001  # whatever it is, nothing can be written
            log.error("the database cannot be written: %s", type(error).__name__)  # noqa: TRY400
            self._worked = False
        else:
            self._worked = True
