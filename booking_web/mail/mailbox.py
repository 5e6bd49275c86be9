"""Names and addresses as they stand in the head of a mail: the one cleaning of what goes there."""

import re
from dataclasses import dataclass, field
from email.headerregistry import Address
from typing import Final

from scheduling.contacts import NAME_LENGTH, read_email
from scheduling.plain_text import clean

HEADER_LENGTH: Final = 200

_NAMED: Final = re.compile(r'"?(?P<name>[^"<>]*)"?\s*<(?P<address>[^<>]+)>')


@dataclass(frozen=True, slots=True)
class Mailbox:
    """Somebody who writes or reads mail: a valid address, and a name that may be ""."""

    name: str
    email: str = field(repr=False)

    @classmethod
    def parse(cls, text: str) -> "Mailbox":
        """Read "jane@example.com" or "Jane Doe <jane@example.com>".

        Raises:
            ValueError: there is no valid address. The message does not repeat the text.
        """
        named = _NAMED.fullmatch(text.strip())
        email = read_email(named["address"] if named else text)
        if email is None:
            raise ValueError("write an address, or Name <address>")
        return cls(clean(named["name"], limit=NAME_LENGTH) if named else "", email)

    @property
    def domain(self) -> str:
        """Return what stands behind the @."""
        return self.email.rpartition("@")[2]

    @property
    def header(self) -> Address:
        """Return it for From, To or Reply-To."""
        return Address(display_name=header_text(self.name), addr_spec=self.email)


def header_text(text: str) -> str:
    """Return a text that may stand in a header, whoever wrote it.

    Python before 3.11.10 reads `=?utf-8?q?=0D=0ABcc=3A…?=` and writes a further header
    (CVE-2024-6923); a lone surrogate or a line break makes it refuse the whole mail.
    """
    return clean(clean(text, limit=HEADER_LENGTH).replace("=?", "= ?"), limit=HEADER_LENGTH)
