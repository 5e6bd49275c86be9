"""`otl erase`: done at once where nobody else writes, else handed to the server that runs.

On SQLite one process writes, and it stays so: a second one that inserts a row would be seen
neither by what waits for commits nor by what counts them, and SQLite before 3.51.3 can damage a
database that two processes write. So the request is a file beside the database, for its owner's
eyes only, which the server carries out and removes. It says what came of it in a table.
"""

import asyncio
import logging
import os
import uuid
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Final

from otl.existing_database import NoDatabaseYet, existing_database
from otl.process_lock import AlreadyRunning, process_lock
from scheduling.contacts import EMAIL_LENGTH
from scheduling.database import Database, open_database
from scheduling.database.migrating import migrate
from scheduling.database.opening import is_sqlite, sqlite_path
from scheduling.erasing import Erasure, erase_contact, find_erasure
from scheduling.errors import DatabaseUnavailable

SUFFIX: Final = ".erase-"
LOOK_SECONDS: Final = 1.0
ANSWER_SECONDS: Final = 60.0
PURGE_TRIES: Final = 60
PURGE_AGAIN_SECONDS: Final = 0.5

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Answer:
    """What came of `otl erase`.

    Attributes:
        erasure: None: it is handed in, and was not taken up yet.
        is_serving: OTL runs on this database, as far as that is known.
    """

    erasure: Erasure | None
    is_serving: bool


async def erase(database_url: str, email: str, *, wait_seconds: float = ANSWER_SECONDS) -> Answer:
    """Erase whoever has this address.

    Raises:
        NoDatabaseYet, OldSchema, UnusableFile, DatabaseUnavailable: see there.
    """
    if is_sqlite(database_url) and not sqlite_path(database_url).exists():
        raise NoDatabaseYet
    request_id = uuid.uuid4().hex
    try:
        with process_lock(database_url):
            await migrate(database_url)
            database = open_database(database_url)
            try:
                erasure = await _carry_out(database, email, request_id)
            finally:
                await database.close()
        return Answer(erasure, is_serving=not is_sqlite(database_url))
    except AlreadyRunning:
        async with existing_database(database_url) as database:
            hand_in(sqlite_path(database_url), email, request_id)
            return Answer(await _answer(database, request_id, wait_seconds), is_serving=True)


async def _answer(database: Database, request_id: str, seconds: float) -> Erasure | None:
    end = asyncio.get_running_loop().time() + seconds
    while asyncio.get_running_loop().time() < end:
        erasure = await database.read(find_erasure, request_id=request_id)
        if erasure is not None:
            return erasure
        await asyncio.sleep(0.1)
    return None


def hand_in(path: Path, email: str, request_id: str) -> None:
    """Leave a request for the server that has this database."""
    request = path.with_name(f"{path.name}{SUFFIX}{request_id}")
    unfinished = request.with_name(f".{request.name}")
    descriptor = os.open(unfinished, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        owner = path.stat()
        if os.geteuid() == 0:  # the server may be somebody else
            os.fchown(descriptor, owner.st_uid, owner.st_gid)
        os.write(descriptor, email.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
    unfinished.rename(request)


class Erasing:
    """Carries out what `otl erase` handed in.

    Args:
        path: SQLite's file, beside which it is handed in.
    """

    def __init__(self, database: Database, path: Path) -> None:
        self._database = database
        self._path = path
        self._cannot: set[Path] = set()

    async def run(self) -> None:
        """Go on until it is cancelled."""
        while True:
            for request in await asyncio.to_thread(self._handed_in):
                try:
                    await self._carry_out(request)
                except DatabaseUnavailable:
                    break  # it stays there
                except Exception:  # the loop is the top: it logs and goes on
                    log.exception("an erasure was not carried out; it is tried again at the start")
                    self._cannot.add(request)
            await asyncio.sleep(LOOK_SECONDS)

    async def _carry_out(self, request: Path) -> None:
        email = (await asyncio.to_thread(_read, request)).strip()
        request_id = request.name.rpartition(SUFFIX)[2]
        erasure = await _carry_out(self._database, email, request_id)
        await asyncio.to_thread(request.unlink)
        log.info(
            "erased a contact: %d links, %d bookings, %d messages",
            erasure.links,
            erasure.bookings,
            erasure.messages,
        )

    def _handed_in(self) -> list[Path]:
        beginning = f"{self._path.name}{SUFFIX}"
        with os.scandir(self._path.parent) as entries:
            found = [Path(entry) for entry in entries if entry.name.startswith(beginning)]
        return sorted(set(found) - self._cannot)


async def _carry_out(database: Database, email: str, request_id: str) -> Erasure:
    erasure = await database.write(
        erase_contact, email=email, request_id=request_id, now=datetime.now(UTC)
    )
    for _ in range(PURGE_TRIES):
        if await database.purge():
            return erasure
        await asyncio.sleep(PURGE_AGAIN_SECONDS)
    log.warning("the WAL still holds what was erased: something reads the database all the time")
    return erasure


def _read(request: Path) -> str:
    with request.open(encoding="utf-8", errors="replace") as file:
        return file.read(EMAIL_LENGTH)


def words(answer: Answer) -> str:
    """Say what was erased, and what must be done by hand."""
    erasure = answer.erasure
    if erasure is None:
        return NOT_TAKEN_UP
    if erasure.refused_for is not None:
        return COMING_MEETING.format(link=erasure.refused_for)
    if not erasure.links and not erasure.bookings:
        return NOBODY
    sentences = [
        ERASED.format(_number(erasure.links, "link"), _number(erasure.bookings, "booking"))
    ]
    if erasure.messages:
        when = "now" if answer.is_serving else "as soon as OTL serves"
        sentences.append(EDITED.format(_number(erasure.messages, "message"), when))
    if erasure.still_active:
        sentences.append(STILL_ACTIVE.format(_number(erasure.still_active, "link")))
    return "\n".join([*sentences, CANNOT_BE_RECALLED])


NOT_TAKEN_UP: Final = (
    "It is handed in, and OTL has not taken it up yet. It is carried out as soon as OTL serves; "
    "run the command again to be sure."
)
COMING_MEETING: Final = (
    "They have a meeting still to come ({link}): nothing was erased. Run the command again when it "
    "is over."
)
NOBODY: Final = "OTL knows nobody with this address: there was nothing to erase."
ERASED: Final = "Erased: name, address and notes from {} and {}, and what they are found by."
EDITED: Final = (
    "In Slack {} of OTL's to be edited {}, so that they say “a contact”; `/otl health` tells if "
    "Slack refuses that."
)
STILL_ACTIVE: Final = (
    "{} can still be booked with by whoever has the address: `/otl status` shows them without a "
    "name, `/otl delete LINK` ends them."
)
CANNOT_BE_RECALLED: Final = """\
What OTL cannot recall:
- calendar files that were downloaded, and what calendars and mails elsewhere made of them;
- what people typed in Slack themselves, and answers that only one of them saw: Slack has these;
- private messages of OTL's about a link that was regenerated, if they are older than OTL remembers
  (OTL_RETENTION_DAYS);
- links issued for a name without an address that nobody booked: whose they are nobody can tell;
- backups, and databases that `otl restore` kept aside: restored, they bring it all back. Erase
  again after a restore, or delete them. PostgreSQL overwrites old rows in its own time (VACUUM)."""


def _number(number: int, thing: str) -> str:
    return f"{number} {thing}" if number == 1 else f"{number} {thing}s"
