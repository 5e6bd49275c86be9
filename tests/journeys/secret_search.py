"""A search for secrets through all that was stored, logged and sent."""

import asyncio
import json
import logging
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from otl.logs import JsonLines
from otl.practice.demo_data import ANA, SAM
from scheduling.database.models import Base, DeliveryRow, EventRow, Request
from tests.journeys.running import APP_TOKEN, BOT_TOKEN, SECRET_KEY, SIGNING_SECRET, RunningProgram

LINK_EMAIL: Final = "canary.of.the.link@example.com"
BOOKER_EMAIL: Final = "canary.of.the.booker@example.com"
NOTE: Final = "A canary sang at the door"

DATABASE: Final = "the database's bytes"
TELLING: Final = "events, deliveries and requests"
LOG: Final = "the log"
SLACK: Final = "what others than the issuer see in Slack"
PRIVATE: Final = "what hosts and issuers are told privately"
HIDDEN: Final = "what messages carry unseen"

ALWAYS_SECRET: Final = {
    "bot token": BOT_TOKEN,
    "app token": APP_TOKEN,
    "signing secret": SIGNING_SECRET,
    "secret key": SECRET_KEY,
}
OF_THE_CONTACT: Final = {"link e-mail": LINK_EMAIL, "e-mail": BOOKER_EMAIL, "note": NOTE}

Found = set[tuple[str, str]]


@dataclass(slots=True)
class Journey:
    """What the journey came by that nobody else may hold: names of secrets and their text."""

    program: RunningProgram
    path: Path
    lines: list[str]
    secrets: dict[str, str] = field(default_factory=dict)
    answered: list[int] = field(default_factory=list)

    async def found(self) -> Found:
        """Search everywhere; return where which secret was."""
        places = {
            DATABASE: await asyncio.to_thread(bytes_of, self.path),
            TELLING: await self.program.database.read(_rows_that_tell),
            LOG: "\n".join(self.lines),
            SLACK: self._seen_in_slack(privately=False),
            PRIVATE: self._seen_in_slack(privately=True),
            HIDDEN: "\n".join(self._carried_unseen()),
        }
        assert all(places.values()), "an empty place was not searched but missed"
        return {
            (place, name)
            for place, text in places.items()
            for name, secret in self._unwanted_in(place).items()
            if secret in text
        }

    def _unwanted_in(self, place: str) -> Mapping[str, str]:
        unwanted = {**ALWAYS_SECRET, **self.secrets}
        if place in {LOG, DATABASE}:
            unwanted["response URL"] = f"{self.program.slack.base_url}/practice/response"
        # The database holds the contact's words, an issuer's own card what they typed, and they and
        # the host are told all.
        return unwanted if place in {DATABASE, HIDDEN, PRIVATE} else {**unwanted, **OF_THE_CONTACT}

    def _seen_in_slack(self, *, privately: bool) -> str:
        slack = self.program.slack
        own = {slack.direct(user).id for user in (SAM, ANA)}
        calls = [
            (call.method, call.fields, call.answer)
            for call in slack.calls
            if call.method != "response_url" and (call.fields.get("channel") in own) is privately
        ]
        everybody = [
            (message.text, message.blocks, message.metadata)
            for user in slack.workspace.people
            for message in slack.workspace.messages_for(user)
            if message.ephemeral_for != SAM and (message.channel in own) is privately
        ]
        return json.dumps([calls, everybody], ensure_ascii=False)

    def _carried_unseen(self) -> Iterator[str]:
        for call in self.program.slack.calls:
            yield from unseen(call.fields)
        for message in self.program.slack.workspace.messages_for(SAM):
            yield from unseen([message.blocks, {"metadata": message.metadata}])


class Lines(logging.Handler):
    """Keeps each record as the program's log writes it, and as it was before tokens were masked."""

    def __init__(self) -> None:
        super().__init__(logging.DEBUG)
        self.setFormatter(JsonLines())
        self.lines: list[str] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.lines += [self.format(record), logging.Formatter().format(record)]


def bytes_of(path: Path) -> str:
    """Return all that SQLite has on disk: the file and its companions, not the key beside it."""
    files = [file for file in path.parent.glob(f"{path.name}*") if file.suffix != ".key"]
    assert path in files
    return b"\n".join(file.read_bytes() for file in files).decode("latin-1")


def unseen(part: Any) -> Iterator[str]:
    """Yield what a payload carries for machines: values, ids, metadata."""
    if isinstance(part, dict):
        for name, value in part.items():
            if name in {"value", "private_metadata", "metadata", "block_id", "action_id"}:
                yield json.dumps(value, ensure_ascii=False)
            yield from unseen(value)
    elif isinstance(part, Iterable) and not isinstance(part, str):
        for inner in part:
            yield from unseen(inner)


def _rows_that_tell(session: Session) -> str:
    tables: tuple[type[Base], ...] = (EventRow, DeliveryRow, Request)
    rows = [session.execute(select(*table.__table__.columns)).all() for table in tables]
    assert all(rows), "one of the tables is empty"
    return repr(rows)
