"""What the mail server took in, newest last. In memory; one event loop."""

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Final

MOST_KEPT: Final = 300


@dataclass(frozen=True, slots=True)
class Mail:
    """One mail as it came.

    Attributes:
        ts: its id, "epoch.micro", as messages have.
        recipients: to whom the server was told to give it.
        content: headers and body as sent.
    """

    ts: str
    recipients: tuple[str, ...] = field(repr=False)
    content: bytes = field(repr=False)


class Mailbox:
    """The last mails; older ones are forgotten.

    Args:
        next_ts: makes the id of a mail.
        came: hears of each.
    """

    def __init__(self, next_ts: Callable[[], str], came: Callable[[Mail], None]) -> None:
        self._next_ts = next_ts
        self._came = came
        self._mails: deque[Mail] = deque(maxlen=MOST_KEPT)

    @property
    def mails(self) -> tuple[Mail, ...]:
        """Return what is kept, oldest first."""
        return tuple(self._mails)

    def take(self, recipients: tuple[str, ...], content: bytes) -> Mail:
        """Keep a mail and tell that it came."""
        mail = Mail(self._next_ts(), recipients, content)
        self._mails.append(mail)
        self._came(mail)
        return mail

    def find(self, ts: str) -> Mail | None:
        """Return the mail with this id; None if it never came or is forgotten."""
        return next((mail for mail in self._mails if mail.ts == ts), None)
