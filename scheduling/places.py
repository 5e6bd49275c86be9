"""Where a meeting is, how that is typed, and its one wording. Pure.

Nobody reads a URL or a number of the team's before they have booked.
"""

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from gettext import NullTranslations
from typing import Final
from urllib.parse import quote, urlsplit, urlunsplit

from scheduling.contacts import PHONE_LENGTH
from scheduling.plain_text import clean

PLACE_LENGTH: Final = 500
"""Most characters of an address, of words, or of a room's URL."""

_ = NullTranslations().gettext  # there is no catalogue yet

_SAFE: Final = "!#$%&'()*+,/:;=?@[]~"  # RFC 3986 §2.2, and the sign of what is quoted already
_BARE: Final = re.compile(r"[\w-]+(\.[\w-]+)+/\S*")  # meet.example.com/sam, as people copy it
_HAS_ADDRESS: Final = re.compile(r"://|\bwww\.|\w\.[a-z]{2,}/", re.IGNORECASE)
_HAS_NUMBER: Final = re.compile(r"(?:\d[\s()./-]*){6}")
_BETWEEN_DIGITS: Final = re.compile(r"[\s().\-/]+")
_PHONE: Final = re.compile(r"\+?[0-9 ]+")
_FEWEST_DIGITS: Final = 5
_MOST_DIGITS: Final = 20


class PlaceKind(StrEnum):
    """What kind of place a calendar's meetings have."""

    URL = "url"  # one meeting room on the web for all meetings
    HOST_ROOM = "host-room"  # the room on the web that each host has
    PHONE = "phone"  # the host calls the contact
    ADDRESS = "address"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Place:
    """A place, of a calendar or of one meeting.

    Attributes:
        text: the URL, the address or the words. "" for a phone (each booking has its own number),
            for a host's room in a calendar, and in a meeting whose host has not said it yet.
    """

    kind: PlaceKind
    text: str = field(default="", repr=False)

    @property
    def is_missing(self) -> bool:
        """Whether the host still has to say where the meeting is."""
        return self.kind is PlaceKind.HOST_ROOM and not self.text

    @property
    def url(self) -> str:
        """What may become a link; "" where it is no place on the web."""
        return self.text if self.kind in {PlaceKind.URL, PlaceKind.HOST_ROOM} else ""


def stored_place(kind: PlaceKind | None, text: str | None) -> Place | None:
    """Return a place as two columns hold it."""
    return None if kind is None else Place(kind, text or "")


def before_booking(place: Place | None, *, hosts: Sequence[str], has_room: bool) -> str:
    """Return what the page of a link says of the place; "": nothing.

    Args:
        hosts: names; of several it is not said which one calls.
        has_room: one of them at least has a room of their own.
    """
    host = _host(hosts)
    match place:
        case None:
            return ""
        case Place(PlaceKind.HOST_ROOM) if not has_room:
            return _sent_later(host)
        case Place(PlaceKind.URL | PlaceKind.HOST_ROOM):
            return _("Online meeting")
        case Place(PlaceKind.PHONE):
            return _calls(host)
        case Place(text=text) if _tells_too_much(text):
            return _("You read where as soon as you have booked")
        case Place(text=text):
            return text


def for_contact(place: Place | None, *, hosts: Sequence[str], phone: str) -> str:
    """Return what whoever booked reads of the place, without its URL; "": nothing.

    Args:
        hosts: names of those who are assigned.
        phone: the number that the contact gave; "" where none is known.
    """
    host = _host(hosts)
    match place:
        case None:
            return ""
        case Place(PlaceKind.HOST_ROOM, ""):
            return _sent_later(host)
        case Place(PlaceKind.URL | PlaceKind.HOST_ROOM):
            return _("Online meeting")
        case Place(PlaceKind.PHONE) if phone:
            return _("%(host)s calls you at %(phone)s") % {"host": host, "phone": phone}
        case Place(PlaceKind.PHONE):
            return _calls(host)
        case Place(text=text):
            return text


def for_team(place: Place | None, *, phone: str) -> str:
    """Return what hosts and the link's issuer read of the place, without its URL; "": nothing."""
    match place:
        case None:
            return ""
        case Place(PlaceKind.HOST_ROOM, ""):
            return _("No place yet")
        case Place(PlaceKind.URL | PlaceKind.HOST_ROOM):
            return _("Online meeting")
        case Place(PlaceKind.PHONE) if phone:
            return _("By phone: %(phone)s") % {"phone": phone}
        case Place(PlaceKind.PHONE):
            return _("By phone")
        case Place(text=text):
            return text


def kind_words(place: Place | None) -> str:
    """Return what the list of calendars says of the place: its kind, or its words; "": nothing."""
    match place:
        case None:
            return ""
        case Place(PlaceKind.URL):
            return "online"
        case Place(PlaceKind.HOST_ROOM):
            return "in the host's room"
        case Place(PlaceKind.PHONE):
            return "by phone"
        case Place(PlaceKind.ADDRESS):
            return "in person"
        case Place(text=text):
            return "place told after booking" if _tells_too_much(text) else text


def read_place(text: str) -> Place | None:
    """Read where one meeting is, as its host types it; None: nothing was typed, or too much."""
    words = clean(text, limit=2 * PLACE_LENGTH)
    if not words or len(words) > PLACE_LENGTH:
        return None
    url = read_web_address(words)
    return Place(PlaceKind.TEXT, words) if url is None else Place(PlaceKind.URL, url)


def read_web_address(text: str) -> str | None:
    """Return an http or https address in the form in which it may become a link; None: it is none.

    Where "https://" is left out, as people copy it, it is put before.
    """
    text = clean(text, limit=2 * PLACE_LENGTH)
    if _BARE.fullmatch(text):
        text = f"https://{text}"
    try:
        parts = urlsplit(text)
        host = (parts.hostname or "").encode("idna").decode("ascii")
        port = "" if parts.port is None else f":{parts.port}"
    except ValueError:
        return None
    is_plain = parts.scheme in {"http", "https"} and not parts.username and "@" not in parts.netloc
    if not is_plain or not re.fullmatch(r"[a-z0-9-]+(\.[a-z0-9-]+)*\.?", host) or " " in text:
        return None
    rest = (quote(part, safe=_SAFE) for part in (parts.path, parts.query, parts.fragment))
    url = urlunsplit((parts.scheme, host + port, *rest))
    return url if len(url) <= PLACE_LENGTH else None


def read_phone(text: str) -> str | None:
    """Return a number as digits, spaces and perhaps a plus before them; None: it is none.

    Brackets, dots, hyphens and slashes become spaces, digits of every script plain ones.
    """
    plain = "".join(str(unicodedata.decimal(c, c)) for c in unicodedata.normalize("NFKC", text))
    number = _BETWEEN_DIGITS.sub(" ", plain.replace("\u2013", "-")).strip()
    if not _PHONE.fullmatch(number) or len(number) > PHONE_LENGTH:
        return None
    digits = sum(character.isdigit() for character in number)
    return number if _FEWEST_DIGITS <= digits <= _MOST_DIGITS else None


def _tells_too_much(text: str) -> bool:
    """Tell whether a URL or a number may be in it."""
    return bool(_HAS_ADDRESS.search(text) or _HAS_NUMBER.search(text))


def _host(hosts: Sequence[str]) -> str:
    return hosts[0] if len(hosts) == 1 else _("Your host")


def _sent_later(host: str) -> str:
    return _("%(host)s sends you the place") % {"host": host}


def _calls(host: str) -> str:
    return _("%(host)s calls you") % {"host": host}
