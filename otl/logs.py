"""What the log looks like: a line an event, JSON, and no secrets in it."""

import json
import logging
import re
import sys
import time
from pathlib import Path
from typing import Final

from aiohttp import web
from aiohttp.http_exceptions import HttpProcessingError

from otl.database_file import make_folder

# Wherever they turn up: the tokens of links and bookings, Slack's tokens, response URLs and tickets
# of sockets, and the password in a database's URL.
SECRET: Final = re.compile(
    r"(?<![A-Za-z0-9_])[a-km-z2-9]{32}(?![A-Za-z0-9_])"
    r"|xox[a-z]-[\w-]+|xapp-[\w-]+"
    r"|(?<=hooks\.slack\.com/)[\w/-]+|(?<=ticket=)[\w%.~-]+"
    r"|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"
)
NO_PLACE: Final = "socket.accept() out of system resource"
MINUTE: Final = 60.0


def set_up_logging(level: int = logging.INFO, *, file: Path | None = None) -> None:
    """Log to standard error, or to the end of a file that only its owner reads.

    slack_sdk's DEBUG lines hold tokens and texts, so they stay off.
    """
    handler: logging.Handler = logging.StreamHandler(sys.stderr)
    if file is not None:
        make_folder(file)
        file.touch(mode=0o600)
        handler = logging.FileHandler(file, encoding="utf-8", delay=True)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("slack_sdk", "slack_bolt", "asyncio", "aiohttp"):
        logging.getLogger(name).setLevel(max(level, logging.INFO))
    logging.getLogger("aiohttp.server").addFilter(without_trace)
    logging.getLogger("asyncio").addFilter(OnceAMinute(NO_PLACE))
    logging.getLogger("mail").setLevel(logging.WARNING)  # aiosmtpd's INFO holds addresses
    logging.getLogger("alembic").setLevel(max(level, logging.WARNING))


def without_trace(record: logging.LogRecord) -> bool:
    """Make a short line of a request that aiohttp could not read, which anybody can send.

    aiohttp logs an error with a trace and a piece of the request for each of them.
    """
    error = record.exc_info[1] if record.exc_info else None
    if isinstance(error, HttpProcessingError | web.RequestPayloadError):
        record.levelno, record.levelname = logging.INFO, "INFO"
        record.msg, record.args = "a request could not be read: %s", (type(error).__name__,)
        record.exc_info = None
    return True


class OnceAMinute(logging.Filter):
    """Lets one line a minute through of those that begin so, without its trace.

    asyncio logs some hundred a second while it cannot take in connections.
    """

    def __init__(self, beginning: str) -> None:
        super().__init__()
        self._beginning = beginning
        self._next = 0.0

    def filter(self, record: logging.LogRecord) -> bool:
        if not record.getMessage().startswith(self._beginning):
            return True
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + MINUTE
        record.exc_info = None
        return True


class JsonLines(logging.Formatter):
    """JSON in ASCII, so that no text from outside can begin a line of its own or move a cursor."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": _scrubbed(record.getMessage()),
        }
        if record.exc_info:
            entry["trace"] = _scrubbed(self.formatException(record.exc_info))
        return json.dumps(entry)


def _scrubbed(text: str) -> str:
    return SECRET.sub("[secret]", text)
