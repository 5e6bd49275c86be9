"""Templates to pages: compiled once, every value escaped."""

from collections.abc import Mapping
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

from aiohttp import web
from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template

from booking_web.static_files import StaticFile
from scheduling.times.words import weekdays

FOLDER: Final = Path(__file__).parent / "templates"


class Pages:
    """All templates of the site."""

    def __init__(self, static_files: Mapping[str, StaticFile]) -> None:
        environment = Environment(
            loader=FileSystemLoader(FOLDER),
            autoescape=True,
            auto_reload=False,
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
        )
        environment.globals.update(
            stylesheet=static_files["site.css"].address,
            script=static_files["site.js"].address,
            weekdays=weekdays(),
            icon=static_files["favicon.svg"].address,
        )
        self._templates: dict[str, Template] = {
            name: environment.get_template(name) for name in environment.list_templates()
        }

    def answer(self, template: str, *, status: int = HTTPStatus.OK, **context: Any) -> web.Response:
        """Render a page; the headers that all pages have are set in `security`."""
        html = self._templates[template].render(context)
        return web.Response(
            body=html.encode(), status=status, content_type="text/html", charset="utf-8"
        )
