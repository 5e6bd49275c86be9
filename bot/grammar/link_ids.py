"""Public ids of links as people write them: `L-7K2QXA`, `l-7k2qxa`, `7k2qxa`. Pure."""

import re
from typing import Final

from bot.errors import LinkMissing, LinkUnreadable
from bot.grammar.typed_text import Typed

# Six characters of the public alphabet, which has no I, L, O, 0 and 1; phones make a dash of "-".
_LINK_ID: Final = re.compile(r"(?:L\s?[-\u2010-\u2015]?\s?)?([2-9A-HJKMNP-Z]{6})", re.IGNORECASE)
_MARKED_LINK_ID: Final = re.compile(r"L[-\u2010-\u2015]?([2-9A-HJKMNP-Z]{6})", re.IGNORECASE)


def public_id(text: str) -> str | None:
    """Return the public id in normal form (`l-7k2qxa` → `L-7K2QXA`), or None if it is none."""
    found = _LINK_ID.fullmatch(text.strip())
    return f"L-{found[1].upper()}" if found else None


def names_a_link(words: str) -> bool:
    """Tell a link from a calendar: without "L-" ("review") by a digit."""
    if _MARKED_LINK_ID.fullmatch(words):
        return True
    return public_id(words) is not None and any(sign.isdigit() for sign in words)


def read_link(rest: Typed, *, verb: str) -> str:
    """Read what follows a verb that needs a link: its public id in normal form.

    Raises:
        LinkMissing, LinkUnreadable: it is none.
    """
    words = rest.text()
    if not words:
        raise LinkMissing(verb)
    link = public_id(words)
    if link is None:
        raise LinkUnreadable(verb, words)
    return link
