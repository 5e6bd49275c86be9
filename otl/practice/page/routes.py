"""The page's routes: itself, its files, its live wire and what a person does on it."""

import json
from pathlib import Path
from typing import Final

from aiohttp import web

from otl.practice.page.guard import local_only
from otl.practice.page.live import LivePages
from otl.practice.page.mail import FRAME_HEADERS, show_html, show_mail
from otl.practice.page.verbs import KNOWN_VERBS, do
from otl.practice.page.visible import is_somebody
from otl.practice.slack import PracticeSlack

FILES: Final = Path(__file__).with_name("static")
_TYPES: Final = {".js": "text/javascript", ".css": "text/css", ".svg": "image/svg+xml"}


def create_page(slack: PracticeSlack) -> web.Application:
    """Make an application of the page alone; shutting it down closes `slack`."""
    app = web.Application()
    add_page_routes(app, slack)

    async def close(_: web.Application) -> None:
        await slack.close()

    app.on_shutdown.append(close)
    return app


def add_page_routes(app: web.Application, slack: PracticeSlack) -> None:
    """Mount /practice and what is under it, each behind the guard."""
    live = LivePages(slack)

    async def end_streams(_: web.Application) -> None:
        await live.close()

    async def act(request: web.Request) -> web.StreamResponse:
        return await _act(request, slack)

    async def mail(request: web.Request) -> web.StreamResponse:
        return await show_mail(request, slack.mailbox)

    async def html(request: web.Request) -> web.StreamResponse:
        return await show_html(request, slack.mailbox)

    app.on_shutdown.append(end_streams)
    app.router.add_get("/practice", local_only(_show_page))
    app.router.add_get("/practice/static/{name}", local_only(_send_file))
    app.router.add_get("/practice/live", local_only(live.serve))
    app.router.add_post("/practice/do/{verb}", local_only(act))
    app.router.add_get("/practice/mail/{ts}", local_only(mail))
    app.router.add_get("/practice/mail/{ts}/html", local_only(html, FRAME_HEADERS))


async def _show_page(_request: web.Request) -> web.StreamResponse:
    page = (FILES / "practice.html").read_text(encoding="utf-8")
    return web.Response(text=page, content_type="text/html")


async def _send_file(request: web.Request) -> web.StreamResponse:
    wanted = request.match_info["name"]
    found = next((file for file in FILES.iterdir() if file.name == wanted), None)
    if found is None or found.suffix not in _TYPES:
        raise web.HTTPNotFound
    return web.Response(body=found.read_bytes(), content_type=_TYPES[found.suffix], charset="utf-8")


async def _act(request: web.Request, slack: PracticeSlack) -> web.StreamResponse:
    """Do what a person does; JSON only, so that no other site's form can do it for them."""
    verb = request.match_info["verb"]
    user = request.query.get("as", "")
    if verb not in KNOWN_VERBS or not is_somebody(slack, user):
        raise web.HTTPNotFound
    if request.content_type != "application/json":
        raise web.HTTPUnsupportedMediaType
    try:
        return web.json_response(await do(slack, verb, user, json.loads(await request.text())))
    except (json.JSONDecodeError, KeyError):
        raise web.HTTPBadRequest(text="This is not what the page sends.") from None
