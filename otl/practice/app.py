"""The stand-in as a web application: Web API, response URLs, Socket Mode and the page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from email.utils import formatdate

from aiohttp import web

from otl.practice.page import add_page_routes
from otl.practice.slack import PracticeSlack
from otl.practice.web_api import SLACK, answer_by_url, call_method


def add_practice_routes(app: web.Application, slack: PracticeSlack) -> None:
    """Mount the whole stand-in under /practice: the page, api/, response/ and socket."""
    app[SLACK] = slack
    app.router.add_get("/practice/api/{method}", call_method)
    app.router.add_post("/practice/api/{method}", call_method)
    app.router.add_post("/practice/response/{ticket}", answer_by_url)
    app.router.add_get("/practice/socket", _open_socket)
    add_page_routes(app, slack)
    app.on_response_prepare.append(_date)
    app.on_shutdown.append(_close)


def create_practice_app(slack: PracticeSlack) -> web.Application:
    """Return a web application with nothing but the stand-in."""
    app = web.Application(client_max_size=1024 * 1024)
    add_practice_routes(app, slack)
    return app


async def _open_socket(request: web.Request) -> web.WebSocketResponse:
    return await request.app[SLACK].sockets.serve(request)


async def _date(request: web.Request, answer: web.StreamResponse) -> None:
    """Date what the Web API answers by the workspace's clock."""
    if request.path.startswith("/practice/api/"):
        answer.headers["Date"] = formatdate(request.app[SLACK].workspace.now(), usegmt=True)


async def _close(app: web.Application) -> None:
    await app[SLACK].close()


@asynccontextmanager
async def running_practice(
    slack: PracticeSlack, *, host: str = "127.0.0.1", port: int = 0
) -> AsyncIterator[str]:
    """Serve the stand-in and yield its base URL; port 0 takes a free one."""
    runner = web.AppRunner(create_practice_app(slack), access_log=None)
    await runner.setup()
    try:
        site = web.TCPSite(runner, host, port)
        await site.start()
        bound_port = runner.addresses[0][1]
        slack.serve_at(f"http://{host}:{bound_port}")
        yield slack.base_url
    finally:
        await runner.cleanup()
