"""Where secrets and addresses may not be, after a whole journey: database, log, Slack.

The journey leaves canaries everywhere; a search then goes through all that was kept, written and
sent. What belongs somewhere (the contact's address in a booking, a link's address in the whisper
to its issuer) is not searched for there. That the search finds a leak is shown with planted ones.
"""

import asyncio
import logging
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator

import pytest
import pytest_asyncio
from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from otl.practice.demo_data import MANAGERS, SALES, SAM
from scheduling.database.models import EventRow, OneTimeLink
from scheduling.database.opening import sqlite_path
from scheduling.events.kinds import EventKind
from tests.journeys.contact import Contact
from tests.journeys.running import running_program
from tests.journeys.secret_journey import book, lose_the_channel, meet_trouble
from tests.journeys.secret_search import (
    ALWAYS_SECRET,
    BOOKER_EMAIL,
    DATABASE,
    HIDDEN,
    LOG,
    NOTE,
    SLACK,
    TELLING,
    Found,
    Journey,
    Lines,
    bytes_of,
)

pytestmark = pytest.mark.asyncio(loop_scope="session")


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
        await book(journey, contact)
        await meet_trouble(journey, contact)
        await lose_the_channel(journey, contact)
        yield journey


@pytest_asyncio.fixture(loop_scope="session")
async def short_journey(
    sqlite_url: str, lines: list[str], contact: Contact
) -> AsyncIterator[Journey]:
    """The program after one booking."""
    async with running_program(sqlite_url) as program:
        journey = Journey(program, sqlite_path(sqlite_url), lines)
        await book(journey, contact)
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
        await book(journey, contact)

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
