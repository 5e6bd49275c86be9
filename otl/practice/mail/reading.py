"""Reads a mail the way a mail program does: text, HTML and the invitation in it. Pure."""

import re
from datetime import datetime
from email import message_from_bytes
from email.errors import HeaderParseError
from email.header import decode_header, make_header
from email.message import Message
from email.policy import compat32
from typing import Any, Final

from icalendar import Calendar
from icalendar.error import BrokenCalendarProperty

from otl.practice.mail.mailbox import Mail
from otl.practice.wire import Json

CALENDAR: Final = "text/calendar"
_HEAD: Final = re.compile(r"<head\b[^>]*>", re.IGNORECASE)
NEW_WINDOW: Final = '<base target="_blank">'
"""A frame without scripts leads nowhere itself: its links open beside the page."""


def summary_of(mail: Mail) -> Json:
    """Return what the list of mails shows of one."""
    message = _parse(mail)
    return {
        "ts": mail.ts,
        "to": list(mail.recipients),
        "from": _header(message, "From"),
        "subject": _header(message, "Subject"),
    }


def read(mail: Mail) -> Json:
    """Return all that a person reads of a mail; its HTML is read by `html_of`."""
    message = _parse(mail)
    part = _find(message, CALENDAR)
    return summary_of(mail) | {
        "reply_to": _header(message, "Reply-To"),
        "text": _body(message, "text/plain"),
        "has_html": _body(message, "text/html") is not None,
        "invitation": None if part is None else _invitation(part),
        "files": [name for one in message.walk() if (name := one.get_filename())],
    }


def html_of(mail: Mail) -> str | None:
    """Return the mail's HTML, its links made to open in a window of their own."""
    html = _body(_parse(mail), "text/html")
    if html is None:
        return None
    head = _HEAD.search(html)
    place = head.end() if head is not None else 0
    return html[:place] + NEW_WINDOW + html[place:]


def _parse(mail: Mail) -> Message:
    # By the older policy: the newer one's parsers of headers fail on some that are malformed.
    return message_from_bytes(mail.content, policy=compat32)


def _header(message: Message, name: str) -> str:
    value = message.get(name, "")
    try:
        read = str(make_header(decode_header(value)))
    except (HeaderParseError, LookupError, ValueError):
        read = str(value)
    return " ".join(read.split())


def _find(message: Message, kind: str) -> Message | None:
    """Return the first part of this type that is no file."""
    parts = (part for part in message.walk() if part.get_content_type() == kind)
    return next((one for one in parts if one.get_content_disposition() != "attachment"), None)


def _body(message: Message, kind: str) -> str | None:
    part = _find(message, kind)
    return None if part is None else _text(part)


def _text(part: Message) -> str:
    """Decode a part's text, whatever its charset claims to be."""
    content: Any = part.get_payload(decode=True) or b""
    try:
        return str(content, part.get_content_charset("utf-8"), "replace")
    except (LookupError, ValueError):
        return str(content, "utf-8", "replace")


def _method(part: Message) -> str:
    return str(part.get_param("method", "")).upper()


def _invitation(part: Message) -> Json:
    raw = _text(part)
    try:
        event = _event(raw)
    except (ValueError, BrokenCalendarProperty):
        event = {"problem": "A calendar cannot read this."}
    return {"method": _method(part), "raw": raw, **event}


def _event(raw: str) -> Json:
    """Read the one meeting of a calendar.

    Raises:
        ValueError: it is no calendar, has no meeting, or one that is malformed.
        BrokenCalendarProperty: the same.
    """
    event = next(iter(Calendar.from_ical(raw).walk("VEVENT")), None)
    if event is None:
        raise ValueError("no meeting")
    return {
        "summary": str(event.get("SUMMARY", "")),
        "starts": _instant(event, "DTSTART"),
        "ends": _instant(event, "DTEND"),
        "location": str(event.get("LOCATION", "")),
        "organizer": _address(event.get("ORGANIZER")),
        "attendees": [_address(one) for one in _every(event.get("ATTENDEE"))],
        "uid": str(event.get("UID", "")),
        "sequence": int(event.get("SEQUENCE", 0)),
    }


def _instant(event: Any, name: str) -> float | None:
    """Return seconds since 1970; None for what is no instant, such as a whole day."""
    value = event.get(name)
    moment = getattr(value, "dt", None)
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        return None
    return moment.timestamp()


def _every(value: Any) -> list[Any]:
    if value is None:
        return []
    return value if isinstance(value, list) else [value]


def _address(value: Any) -> str:
    return "" if value is None else re.sub("^mailto:", "", str(value), flags=re.IGNORECASE)
