"""What the log looks like: a line an event, JSON, and no secrets in it."""

import json
import logging
import re
import sys
from typing import Final

# Tokens of links, bookings and Slack, wherever they turn up.
SECRET: Final = re.compile(
    r"(?<=/otl/)[a-km-z2-9]{32}|(?<=/booking/)[a-km-z2-9]{32}|xox[a-z]-[\w-]+|xapp-[\w-]+"
)


def set_up_logging(level: int = logging.INFO) -> None:
    """Log to standard error; slack_sdk's DEBUG lines hold tokens and texts, so they stay off."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(JsonLines())
    logging.basicConfig(level=level, handlers=[handler], force=True)
    for name in ("slack_sdk", "slack_bolt", "asyncio", "aiohttp"):
        logging.getLogger(name).setLevel(max(level, logging.INFO))
    logging.getLogger("alembic").setLevel(logging.WARNING)


class JsonLines(logging.Formatter):
    """JSON, so that no text from outside can begin a line of its own."""

    def format(self, record: logging.LogRecord) -> str:
        entry = {
            "at": self.formatTime(record, "%Y-%m-%dT%H:%M:%S%z"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
        }
        if record.exc_info:
            entry["trace"] = self.formatException(record.exc_info)
        return SECRET.sub("[secret]", json.dumps(entry, ensure_ascii=False))
