"""Where secrets and addresses may not be, after a whole journey: database, log, Slack.

The journey leaves canaries everywhere; a search then goes through all that was kept, written and
sent. What belongs somewhere (the contact's address in a booking, a link's address in the whisper
to its issuer) is not searched for there. That the search finds a leak is shown with planted ones.
"""

import asyncio
import json
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from http import HTTPStatus
from pathlib import Path
from typing import Any, Final

import pytest
import pytest_asyncio
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from otl.logs import JsonLines
from otl.practice import Fault
from otl.practice.demo_data import ANA, KIM, MANAGERS, SALES, SAM
from scheduling.database.models import Base, DeliveryRow, EventRow, OneTimeLink, Request
from scheduling.database.opening import sqlite_path
from scheduling.events.kinds import EventKind
from tests.journeys.contact import Contact
from tests.journeys.running import (
    APP_TOKEN,
    BOT_TOKEN,
    SECRET_KEY,
    SIGNING_SECRET,
    RunningProgram,
    public_id_in,
    read_issued,
    running_program,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")

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


@pytest.fixture
def lines() -> Iterator[list[str]]:
    """All that is logged, from DEBUG on; of SQLAlchemy every statement as well."""
    handler, levels = Lines(), {"": logging.DEBUG, "sqlalchemy.engine": logging.INFO}
    before = {name: logging.getLogger(name).level for name in levels}
    for name, level in levels.items():
        logging.getLogger(name).setLevel(level)
    logging.getLogger().addHandler(handler)
    yield handler.lines
    logging.getLogger().removeHandler(handler)
    for name, level in before.items():
        logging.getLogger(name).setLevel(level)


@pytest_asyncio.fixture(loop_scope="session")
async def journey(
    request: pytest.FixtureRequest, sqlite_url: str, lines: list[str], contact: Contact
) -> AsyncIterator[Journey]:
    """The program after everything has happened in it, by the door that the test names."""
    async with running_program(sqlite_url, by_socket=request.param == "Socket Mode") as program:
        journey = Journey(program, sqlite_path(sqlite_url), lines)
        await _book(journey, contact)
        await _meet_trouble(journey, contact)
        await _lose_the_channel(journey, contact)
        yield journey


@pytest_asyncio.fixture(loop_scope="session")
async def short_journey(
    sqlite_url: str, lines: list[str], contact: Contact
) -> AsyncIterator[Journey]:
    """The program after one booking."""
    async with running_program(sqlite_url) as program:
        journey = Journey(program, sqlite_path(sqlite_url), lines)
        await _book(journey, contact)
        yield journey


@pytest.mark.parametrize("journey", ["HTTP", "Socket Mode"], indirect=True)
async def test_no_secret_is_where_it_does_not_belong(journey: Journey) -> None:
    assert len(journey.secrets) == 7, journey.secrets.keys()

    found = await journey.found()

    assert found == set()


async def test_a_database_that_was_closed_keeps_no_secret_either(
    sqlite_url: str, lines: list[str], contact: Contact
) -> None:
    async with running_program(sqlite_url) as program:
        journey = Journey(program, sqlite_path(sqlite_url), lines)
        await _book(journey, contact)

    kept = await asyncio.to_thread(bytes_of, journey.path)

    assert BOOKER_EMAIL in kept, "the search would miss what belongs there too"
    assert [name for name, secret in journey.secrets.items() if secret in kept] == []
    assert [name for name, secret in ALWAYS_SECRET.items() if secret in kept] == []
    written = "\n".join(lines)
    assert [name for name, secret in ALWAYS_SECRET.items() if secret in written] == []
    assert [name for name, secret in journey.secrets.items() if secret in written] == []


async def _in_a_column(journey: Journey) -> None:
    await journey.program.database.write(_enter, detail=journey.secrets["first link"])


async def _note_in_an_event(journey: Journey) -> None:
    await journey.program.database.write(_enter, detail=NOTE)


async def _token_in_the_log(journey: Journey) -> None:
    logging.getLogger("booking_web").info("opened %s", journey.secrets["first link"])


async def _address_in_the_log(journey: Journey) -> None:
    logging.getLogger("booking_web").debug("booked by %s", BOOKER_EMAIL)


async def _statement_in_the_log(journey: Journey) -> None:
    error = ValueError(f"no booking with the note {NOTE!r}")
    logging.getLogger("scheduling").error("a write failed", exc_info=error)


async def _address_in_the_channel(journey: Journey) -> None:
    url = f"{journey.program.base}/otl/{journey.secrets['second link']}"
    await journey.program.client.chat_postMessage(channel=MANAGERS, text=f"Book here: {url}")


async def _booking_in_metadata(journey: Journey) -> None:
    payload = {"booking": journey.secrets["booking of second link"]}
    await journey.program.client.chat_postMessage(
        channel=MANAGERS,
        text="Link used",
        metadata={"event_type": "link_used", "event_payload": payload},
    )


async def _token_in_a_button(journey: Journey) -> None:
    element = {
        "type": "button",
        "text": {"type": "plain_text", "text": "Copy"},
        "action_id": "copy_link",
        "value": journey.secrets["first link"],
    }
    bot = journey.program.slack.workspace.app.bot_user_id
    journey.program.slack.workspace.say(
        SALES, bot, "A card", blocks=[{"type": "actions", "elements": [element]}], ephemeral_for=SAM
    )


@pytest.mark.parametrize(
    ("plant", "found"),
    [
        pytest.param(
            _in_a_column,
            {(DATABASE, "first link"), (TELLING, "first link")},
            id="link-token-in-a-column",
        ),
        pytest.param(_note_in_an_event, {(TELLING, "note")}, id="note-in-an-event"),
        pytest.param(_token_in_the_log, {(LOG, "first link")}, id="link-token-in-the-log"),
        pytest.param(_address_in_the_log, {(LOG, "e-mail")}, id="e-mail-in-the-log"),
        pytest.param(_statement_in_the_log, {(LOG, "note")}, id="note-in-a-logged-error"),
        pytest.param(
            _address_in_the_channel, {(SLACK, "second link")}, id="link-token-in-the-channel"
        ),
        pytest.param(
            _booking_in_metadata,
            {(SLACK, "booking of second link"), (HIDDEN, "booking of second link")},
            id="booking-secret-in-metadata",
        ),
        pytest.param(_token_in_a_button, {(HIDDEN, "first link")}, id="link-token-in-a-button"),
    ],
)
async def test_the_search_finds_a_planted_leak(
    short_journey: Journey, plant: Callable[[Journey], Awaitable[None]], found: Found
) -> None:
    await plant(short_journey)

    assert await short_journey.found() == found


async def _book(journey: Journey, contact: Contact) -> None:
    """Issue, copy, look, regenerate, book, look again."""
    program = journey.program
    link = await program.issues(SAM, f"onboarding for Jane {LINK_EMAIL}")
    journey.secrets["first link"] = link.token
    await program.types(SAM, f"/otl copy {link.public_id}")
    await program.types(SAM, f"/otl status {link.public_id}")
    await program.types(ANA, f"/otl status {link.public_id}")
    await program.types(ANA, f"/otl copy {link.public_id}")
    newer = read_issued(await program.types(SAM, f"/otl regenerate {link.public_id}"))
    journey.secrets["second link"] = newer.token
    await _book_with(journey, contact, newer.url, "second link")
    await program.channel_reads("Link used: Jane Doe booked")
    for user in (SAM, ANA, KIM):
        await program.types(user, "/otl status")
        await program.types(user, f"/otl status {newer.public_id}")


async def _meet_trouble(journey: Journey, contact: Contact) -> None:
    """Wrong forms, links that are dead or never were, a start that is taken, Slack down."""
    program = journey.program
    link = await program.issues(SAM, f"onboarding for Joe {LINK_EMAIL}")
    journey.secrets["third link"] = link.token
    form = await contact.fetches(link.url)
    wrong = form.filled(form.starts[9], email=f"{BOOKER_EMAIL} and more", notes=NOTE)
    assert (await contact.sends(link.url, wrong)).status == HTTPStatus.UNPROCESSABLE_ENTITY
    forged = {**form.filled(form.starts[9], email=BOOKER_EMAIL, notes=NOTE), "ticket": "forged"}
    assert (await contact.sends(link.url, forged)).status == HTTPStatus.UNPROCESSABLE_ENTITY
    other = await program.issues(ANA, "onboarding")
    assert (await contact.books(other.url, number=9)).status == HTTPStatus.SEE_OTHER
    taken = form.filled(form.starts[9], email=BOOKER_EMAIL, notes=NOTE)
    assert (await contact.sends(link.url, taken)).status == HTTPStatus.CONFLICT
    large = {**taken, "notes": NOTE * 20_000}
    assert (await contact.sends(link.url, large)).status == HTTPStatus.REQUEST_ENTITY_TOO_LARGE
    assert (await contact.opens(f"{link.url}x")).status == HTTPStatus.NOT_FOUND
    assert (await contact.opens(f"{link.url}?zone={BOOKER_EMAIL}")).status == HTTPStatus.OK
    program.slack.fault("response_url", Fault.HTTP_500)
    await program.types(SAM, f"/otl copy {link.public_id}")
    await program.types(SAM, f"/otl delete {link.public_id}")
    await program.types(SAM, f"/otl issue nonsense for {LINK_EMAIL}")
    assert (await contact.sends(link.url, taken)).status == HTTPStatus.GONE


async def _lose_the_channel(journey: Journey, contact: Contact) -> None:
    """The news goes to the issuer instead; an admin regenerates what is not hers."""
    program = journey.program
    program.slack.remove_bot(SALES)
    link = await program.issues(SAM, f"onboarding for Zoe {LINK_EMAIL}")
    journey.secrets["fourth link"] = link.token
    told = await program.types(KIM, f"/otl regenerate {link.public_id}")
    new_id = next(iter((await program.facts(link.public_id)).replacements))
    assert public_id_in(told) in {link.public_id, new_id}
    newer = read_issued(await program.types(SAM, f"/otl copy {new_id}"))
    journey.secrets["fifth link"] = newer.token
    program.slack.fault("chat.postMessage", Fault.STORE_THEN_DROP)
    await _book_with(journey, contact, newer.url, "fifth link")
    await program.channel_reads(f"<#{SALES}> could not be reached", channel=SAM)


async def _book_with(journey: Journey, contact: Contact, url: str, name: str) -> None:
    form = await contact.fetches(url)
    booked = await contact.sends(url, form.filled(form.starts[0], email=BOOKER_EMAIL, notes=NOTE))
    assert booked.status == HTTPStatus.SEE_OTHER
    journey.secrets[f"booking of {name}"] = booked.location.rpartition("/")[2]
    page = journey.program.base + booked.location
    assert (await contact.opens(page)).status == HTTPStatus.OK
    assert (await contact.opens(f"{page}/invitation.ics")).status == HTTPStatus.OK
    assert (await contact.opens(f"{page}x")).status == HTTPStatus.NOT_FOUND
    assert (await contact.opens(url)).status == HTTPStatus.GONE


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


def _enter(session: Session, *, detail: str) -> None:
    link = session.scalars(select(OneTimeLink)).first()
    assert link is not None
    session.execute(
        insert(EventRow).values(
            workspace_id=1,
            kind=EventKind.LINK_SEEN,
            subject_id=link.id,
            version=99,
            at=link.issued_at,
            details={"planted": detail},
        )
    )
