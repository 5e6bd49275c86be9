"""Several applications behind one listening socket, each with its own errors and middlewares."""

from functools import partial
from typing import Any, Final

from aiohttp import web
from aiohttp.web_urldispatcher import AbstractRuleMatching, MatchedSubAppResource

from booking_web.security import set_headers

EVERYWHERE: Final = ""


def create_root(*, is_https: bool) -> web.Application:
    """Make what listens; all answers of what is mounted in it carry the same headers."""
    root = web.Application()
    set_headers(root, is_https=is_https)
    return root


def mount(root: web.Application, app: web.Application, *paths: str) -> None:
    """Give these paths and all below them to an application, whether it has such a page or not.

    What was mounted before keeps its paths; EVERYWHERE is what nobody else has.
    """
    # `add_subapp` would put its prefix before the application's routes, and takes no empty one.
    root._add_subapp(partial(MatchedSubAppResource, _Under(paths), app), app)  # noqa: SLF001


class _Under(AbstractRuleMatching):
    def __init__(self, paths: tuple[str, ...]) -> None:
        self._beginnings = tuple(f"{path}/" for path in paths)

    async def match(self, request: web.Request) -> bool:
        return f"{request.path}/".startswith(self._beginnings)

    def get_info(self) -> Any:
        return {"path": self.canonical}

    @property
    def canonical(self) -> str:
        return ", ".join(self._beginnings)
