"""What the log looks like: a line an event, JSON, and no secrets in it."""

import json
import logging
import re
import sys
from typing import Final

# Wherever they turn up: the tokens of links and bookings, Slack's tokens, response URLs and tickets
# of sockets, and the password in a database's URL.
SECRET: Final = re.compile(
    r"(?<![A-Za-z0-9_])[a-km-z2-9]{32}(?![A-Za-z0-9_])"
    r"|xox[a-z]-[\w-]+|xapp-[\w-]+"
    r"|(?<=hooks\.slack\.com/)[\w/-]+|(?<=ticket=)[\w%.~-]+"
    r"|(?<=://)[^\s/@:]*:[^\s/@]+(?=@)"
)


def set_up_logging(level: int = logging.INFO) -> None:
    """Log to standard error; slack_sdk's DEBUG lines hold tokens and texts, so they stay off."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("slack_sdk", "slack_bolt", "asyncio", "aiohttp"):
        logging.getLogger(name).setLevel(max(level, logging.INFO))
    logging.getLogger("alembic").setLevel(max(level, logging.WARNING))


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
