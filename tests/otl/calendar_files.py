"""Calendar files, and what is stored of them."""

from datetime import timedelta
from pathlib import Path

from otl.calendar_file import (
    read_calendar_file,
)
from scheduling.calendars.change import Loaded, load_calendars
from scheduling.calendars.find import CalendarDetails, find_calendar
from scheduling.calendars.hosts import Person
from scheduling.database import Database
from tests.given import NOW, given_workspace

ROOT = Path(__file__).parents[2]
OF_THE_ISSUE = ROOT / "tests" / "data" / "calendars-of-the-issue.toml"
JANE = "U0123456789"
PEOPLE = {
    JANE: Person(JANE, "Jane Host", "jane@example.com", "Europe/Berlin"),
    "U2X": Person("U2X", "Another Host"),
}
NEEDED = {
    "name": '"Call"',
    "type": '"event"',
    "duration_minutes": "30",
    "timezone": '"Europe/Berlin"',
    "hosts": '["U0123456789"]',
    "owner": '"U0123456789"',
    "opening_hours": '{mon = ["09:00-12:00"]}',
}


def a_calendar(slug: str = "call", /, **fields: str | None) -> str:
    """Write a calendar with what it needs, and these fields; None leaves one out."""
    values = {**NEEDED, **fields}
    lines = [f"{name} = {value}" for name, value in values.items() if value is not None]
    return "\n".join(["[[calendar]]", f'slug = "{slug}"', *lines, ""])


def a_file(folder: Path, content: str | bytes) -> Path:
    path = folder / "calendars.toml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


async def when_loaded(database: Database, path: Path, *, later: int = 0) -> Loaded:
    workspace = await given_workspace(database)
    return await database.write(
        load_calendars,
        workspace_id=workspace.id,
        calendars=read_calendar_file(path),
        people=PEOPLE,
        now=NOW + timedelta(minutes=later),
    )


async def stored(database: Database, slug: str) -> CalendarDetails:
    return await database.read(find_calendar, workspace_id=1, words=slug)
