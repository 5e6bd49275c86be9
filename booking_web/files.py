"""GET /static/…, the icon and robots.txt: what does not change while the program runs."""

from typing import Final

from aiohttp import hdrs, web

from booking_web.keys import ASSETS

FOR_A_YEAR: Final = "public, max-age=31536000, immutable"
FOR_A_DAY: Final = "public, max-age=86400"
# Nothing is disallowed: a crawler that may not fetch a page cannot see its noindex.
ROBOTS: Final = "User-agent: *\nDisallow:\n"


async def send_static_file(request: web.Request) -> web.Response:
    """Answer with a file under its hashed name; an old name is gone with its release."""
    asset = request.app[ASSETS].get(request.match_info["name"])
    if asset is None:
        raise web.HTTPNotFound
    return web.Response(
        body=asset.content,
        content_type=asset.content_type,
        charset="utf-8",
        headers={hdrs.CACHE_CONTROL: FOR_A_YEAR},
    )


async def send_icon(request: web.Request) -> web.Response:
    """Answer the browsers that ask for the icon by its old name."""
    icon = next(one for one in request.app[ASSETS].values() if one.content_type == "image/svg+xml")
    return web.Response(
        body=icon.content, content_type=icon.content_type, headers={hdrs.CACHE_CONTROL: FOR_A_DAY}
    )


async def send_robots(_request: web.Request) -> web.Response:
    """Let everybody fetch, so that they read that nothing is to be indexed."""
    return web.Response(text=ROBOTS, headers={hdrs.CACHE_CONTROL: FOR_A_DAY})
