"""Names and addresses as they stand in the head of a mail: the one cleaning of what goes there."""

import re
import unicodedata
from dataclasses import dataclass, field
from email.headerregistry import Address
from typing import Final

from scheduling.contacts import NAME_LENGTH, ascii_email, read_email
from scheduling.plain_text import clean

HEADER_LENGTH: Final = 200
SHOWN_NAME_LENGTH: Final = 60

# What a mail program would make a link of, or might: a stranger's words must not lead anywhere.
_LEADS_SOMEWHERE: Final = re.compile(
    r"@|://|\bwww\b|[^\W_]\.[^\W_]{2,}|\d\.\d+\.\d+\.\d", re.IGNORECASE
)
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
        """What stands behind the @, in IDNA's letters."""
        return (ascii_email(self.email) or self.email).rpartition("@")[2]

    @property
    def header(self) -> Address:
        """It for From, To or Reply-To; what every mail server takes stands in its letters."""
        local, _, domain = (ascii_email(self.email) or self.email).rpartition("@")
        return Address(header_text(self.name), local, domain)


def header_text(text: str) -> str:
    """Return a text that may stand in a header, whoever wrote it.

    Python before 3.11.10 reads `=?utf-8?q?=0D=0ABcc=3A…?=` and writes a further header
    (CVE-2024-6923); a lone surrogate or a line break makes it refuse the whole mail.
    """
    return clean(clean(text, limit=HEADER_LENGTH).replace("=?", "= ?"), limit=HEADER_LENGTH)


def shown_name(typed: str) -> str:
    """Return a stranger's name as mails show it; "" for one that holds an address or a URL.

    Whoever books chooses where the mail goes and what their name is: without this they could have
    us send their words to anybody.
    """
    if _LEADS_SOMEWHERE.search(unicodedata.normalize("NFKC", typed).replace("\u3002", ".")):
        return ""
    return clean(typed, limit=SHOWN_NAME_LENGTH)
