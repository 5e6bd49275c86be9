"""SQLite databases of our own, one after the other."""

import shutil
import uuid
from dataclasses import dataclass
from pathlib import Path


@dataclass(frozen=True, slots=True)
class SqliteFiles:
    """Copies of a migrated, empty file, each in the folder under a name of its own."""

    folder: Path
    template: Path

    async def new_database(self) -> str:
        """Return the URL of a new one."""
        path = self.folder / f"{uuid.uuid4().hex}.sqlite3"
        shutil.copyfile(self.template, path)
        return f"sqlite:///{path}"
