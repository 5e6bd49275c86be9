"""The one `write` and the one `read`; nothing else opens a session."""

from scheduling.database.opening import open_database, open_for_reading
from scheduling.database.ports import Database

__all__ = ["Database", "open_database", "open_for_reading"]
