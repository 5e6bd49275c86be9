"""A contact without a browser: opens a link over HTTP, and sends the form that it was given."""

from dataclasses import dataclass
from html.parser import HTMLParser
from types import TracebackType
from typing import Self

import aiohttp

Fields = dict[str, str]


@dataclass(frozen=True, slots=True)
class Answer:
    """What the site answered; `location` is where a 303 leads, "" otherwise."""

    status: int
    location: str
    text: str


@dataclass(frozen=True, slots=True)
class FetchedForm:
    """One fetched form: what it hides, what it was given back with, and the times on its page."""

    hidden: Fields
    typed: Fields
    starts: tuple[str, ...]

    def filled(
        self,
        start: str,
        *,
        name: str = "Jane Doe",
        email: str = "jane@example.com",
        notes: str = "",
    ) -> Fields:
        """Return what a browser posts."""
        return {**self.hidden, "start": start, "name": name, "email": email, "notes": notes}


class Contact:
    """Use it as a context manager; as many connections at once as there are requests."""

    async def __aenter__(self) -> Self:
        self._session = aiohttp.ClientSession(
            connector=aiohttp.TCPConnector(limit=0, force_close=True)
        )
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        await self._session.close()

    async def opens(self, url: str) -> Answer:
        async with self._session.get(url, allow_redirects=False) as response:
            return Answer(
                response.status, response.headers.get("Location", ""), await response.text()
            )

    async def fetches(self, url: str) -> FetchedForm:
        """Open a link that is active and return the form on its page."""
        answer = await self.opens(url)
        assert answer.status == 200, answer.status
        return read_form(answer.text)

    async def sends(self, url: str, fields: Fields) -> Answer:
        async with self._session.post(url, data=fields, allow_redirects=False) as response:
            return Answer(
                response.status, response.headers.get("Location", ""), await response.text()
            )

    async def books(self, url: str, *, number: int = 0, **answers: str) -> Answer:
        """Fetch a form of one's own and book the time with this number on it."""
        form = await self.fetches(url)
        return await self.sends(url, form.filled(form.starts[number], **answers))


def read_form(page: str) -> FetchedForm:
    """Read the one form that books."""
    reader = _Reader()
    reader.feed(page)
    reader.close()
    typed = {name: reader.typed[name] for name in ("name", "email", "notes")}
    return FetchedForm(reader.hidden, typed, tuple(dict.fromkeys(reader.starts)))


class _Reader(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.hidden: Fields = {}
        self.typed: Fields = {}
        self.starts: list[str] = []
        self._in_form = False
        self._in_textarea = ""

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        name, value = given.get("name", ""), given.get("value", "")
        if tag == "form":
            self._in_form = given.get("method") == "post"
        elif tag == "textarea" and self._in_form:
            self._in_textarea = name
            self.typed[name] = ""
        elif tag == "input" and given.get("type") == "radio" and name == "start":
            self.starts.append(value)
        elif tag == "input" and given.get("type") == "hidden" and self._in_form:
            self.hidden[name] = value
        elif tag == "input" and self._in_form:
            self.typed[name] = value

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self._in_form = False
        elif tag == "textarea":
            self._in_textarea = ""

    def handle_data(self, data: str) -> None:
        if self._in_textarea:
            self.typed[self._in_textarea] += data.removeprefix("\n")
