"""Templates to pages: compiled once, every value escaped."""

from collections.abc import Mapping, Sequence
from gettext import NullTranslations
from http import HTTPStatus
from pathlib import Path
from types import CodeType
from typing import Any, Final, Literal

from aiohttp import web
from babel.lists import format_list
from jinja2 import (
    BytecodeCache,
    Environment,
    FileSystemLoader,
    StrictUndefined,
    Template,
    select_autoescape,
)
from jinja2.bccache import Bucket

from booking_web.static_files import StaticFile
from scheduling.times.words import weekdays

FOLDER: Final = Path(__file__).parent / "templates"


class Pages:
    """All templates of the site."""

    def __init__(self, static_files: Mapping[str, StaticFile]) -> None:
        environment = make_environment()
        environment.globals.update(
            stylesheet=static_files["site.css"].address,
            script=static_files["site.js"].address,
            weekdays=weekdays(),
            icon=static_files["favicon.svg"].address,
        )
        self._templates: dict[str, Template] = {
            name: environment.get_template(name)
            for name in environment.list_templates()
            if not name.startswith("mail/")
        }

    def answer(self, template: str, *, status: int = HTTPStatus.OK, **context: Any) -> web.Response:
        """Render a page; the headers that all pages have are set in `security`."""
        html = self.text(template, **context)
        return web.Response(
            body=html.encode(), status=status, content_type="text/html", charset="utf-8"
        )

    def text(self, template: str, **context: Any) -> str:
        """Render what is no page of its own; only .html is escaped."""
        return self._templates[template].render(context)


class _Compiled(BytecodeCache):
    """What was compiled in this process, for each environment that is made in it.

    To compile all takes a tenth of a second, and tests make hundreds of sites.
    """

    def __init__(self) -> None:
        self._codes: dict[tuple[str, str], CodeType] = {}

    def load_bytecode(self, bucket: Bucket) -> None:
        bucket.code = self._codes.get((bucket.key, bucket.checksum))

    def dump_bytecode(self, bucket: Bucket) -> None:
        if bucket.code is not None:
            self._codes[bucket.key, bucket.checksum] = bucket.code


_COMPILED: Final = _Compiled()


def make_environment() -> Environment:
    """Make what reads templates, in which every sentence goes through gettext."""
    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        extensions=["jinja2.ext.i18n"],
        autoescape=select_autoescape(["html"], default_for_string=False),
        auto_reload=False,
        bytecode_cache=_COMPILED,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    environment.policies["ext.i18n.trimmed"] = True
    environment.install_gettext_translations(NullTranslations(), newstyle=True)  # type: ignore[attr-defined]  # by the extension
    environment.filters["listed"] = _listed
    return environment


def _listed(names: Sequence[str], style: Literal["standard", "or"]) -> str:
    """Return "Sam Rivera, Ana Lopes and Kim Park", or "… or Kim Park"."""
    return format_list(names, style, locale="en_GB")
