"""What the mails and the invitations say of a meeting: their templates, and what these may use."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from functools import cache
from typing import Any, Final

from jinja2 import Environment

from booking_web.bookings.times import two_sides, zone_of_hosts
from booking_web.mail.mailbox import Mailbox, shown_name
from booking_web.mail.readers import Part, Reader
from booking_web.rendering import make_environment
from scheduling.bookings.changes import Change
from scheduling.bookings.details import BookingDetails
from scheduling.calendars.types import CalendarType
from scheduling.contacts import NOTES_LENGTH, ascii_email
from scheduling.places import PLACE_LENGTH, PlaceKind, for_contact, for_team
from scheduling.plain_text import clean
from scheduling.times.time_zones import zone as zone_named
from scheduling.times.words import day, duration_words, time_of_day


class News(StrEnum):
    """What a mail tells its reader of the meeting."""

    BOOKED = "booked"  # it stands, as the mail says
    MOVED = "moved"  # it stands, at another time than was said
    NEW_PLACE = "new_place"  # it stands, and takes place somewhere else than was said
    CANCELLED = "cancelled"  # it does not take place
    WITHDRAWN = "withdrawn"  # it is not the reader's: a mistyped address, a host who was replaced


STAND: Final = frozenset({News.BOOKED, News.MOVED, News.NEW_PLACE})


@dataclass(frozen=True, slots=True)
class MeetingWords:
    """What a template may say to one reader. What is not for them is not in it.

    Attributes:
        is_answered: an answer to the mail reaches the other side.
        when_there: the other side's time, "" where its clocks are the same; there: who they are.
        before: its start until it was moved, "" where it was not.
        reason: of the change, where the reader may see it.
        name: of whoever booked, "" where it may not be shown.
        who: name of whoever booked and whom the link was issued for, "Joe Doe (Acme)".
        email, phone, note, link: of whoever booked and their link; "" for all but hosts.
        page: the booking's own address; "" for all but the contact.
    """

    part: Part
    news: News
    is_class: bool
    is_answered: bool
    calendar: str
    duration: str
    hosts: tuple[str, ...]
    when: str
    when_there: str
    there: str
    place: str
    place_url: str
    name: str
    who: str
    email: str = field(repr=False)
    phone: str = field(repr=False)
    note: str = field(repr=False)
    link: str
    page: str = field(repr=False)
    before: str = ""
    reason: str = field(default="", repr=False)

    @property
    def stands(self) -> bool:
        """Whether the reader has this meeting in their calendar from now on."""
        return self.news in STAND


def words_for(
    booking: BookingDetails,
    reader: Reader,
    *,
    news: News,
    page: str,
    now: datetime,
    change: Change | None = None,
) -> MeetingWords:
    """Return what the templates may say of a booking to this reader.

    Args:
        page: where whoever booked finds it; nobody else gets it.
        change: what the news tells; None: nothing changed.
    """
    for_host = reader.part is Part.HOST
    booker, name = booking.booker, shown_name(booking.booker.name)
    hosts = tuple(_line(host.name) for host in booking.hosts)
    is_class = booking.calendar.type is CalendarType.CLASS
    of_booker = for_host and not is_class and news is not News.WITHDRAWN
    stands = news in STAND
    place = _line(_place(booking, reader.part, phone=booker.phone if of_booker else ""))
    when, when_there = two_sides(
        booking,
        zone=reader.zone,
        other_zone=booker.zone if of_booker else zone_of_hosts(booking),
        clock=reader.clock,
        now=now,
    )
    before = change.before if change is not None and news is News.MOVED else None
    # What whoever booked typed goes to the host's side only.
    may_read = change is not None and (for_host is (change.actor is None))
    return MeetingWords(
        part=reader.part,
        news=news,
        is_class=is_class,
        is_answered=bool(answered_by(booking, reader)),
        calendar=_line(booking.calendar.name),
        duration=duration_words(booking.ends_at - booking.starts_at),
        hosts=hosts,
        when=when,
        when_there=when_there if of_booker or not for_host else "",
        there=(name or booker.email) if for_host else ", ".join(hosts),
        place=place if stands else "",
        place_url=booking.place.url if booking.place and stands else "",
        name=name,
        who=_who(booking, name) if of_booker else "",
        email=booker.email if of_booker else "",
        phone=booker.phone if of_booker and stands and booker.phone not in place else "",
        note=clean(booker.notes, limit=NOTES_LENGTH, lines=True) if of_booker and stands else "",
        link=booking.link_public_id if for_host else "",
        page=page if reader.part is Part.CONTACT and news is not News.WITHDRAWN else "",
        before=_moment(before, reader, now=now) if before else "",
        reason=clean(booking.reason, limit=NOTES_LENGTH, lines=True) if may_read else "",
    )


def _moment(at: datetime, reader: Reader, *, now: datetime) -> str:
    """Return a start that was, as its reader writes times: without its zone, the new one has it."""
    zone = zone_named(reader.zone)
    on = day(at.astimezone(zone), reader.clock, weekday="short", today=now.astimezone(zone).date())
    return f"{on}, {time_of_day(at, zone, reader.clock)}"


def answered_by(booking: BookingDetails, reader: Reader) -> Sequence[Mailbox]:
    """Return who reads an answer to a mail: the other side, as far as its addresses are known."""
    if reader.part is Part.HOST:
        if booking.calendar.type is CalendarType.CLASS:
            return []
        booker = booking.booker
        others = [Mailbox(shown_name(booker.name), booker.email)]
    else:
        others = [Mailbox(host.name, host.email) for host in booking.hosts if host.email]
    return [one for one in others if ascii_email(one.email)]


def _place(booking: BookingDetails, part: Part, *, phone: str) -> str:
    """Return where it is; a number only for whoever calls it, and whoever gave it."""
    place, hosts = booking.place, [host.name for host in booking.hosts]
    if part is Part.CONTACT:
        return for_contact(place, hosts=hosts, phone=booking.booker.phone)
    is_called = place is not None and place.kind is PlaceKind.PHONE
    if part is Part.HOST or is_called:
        return for_team(place, phone=phone)
    return for_contact(place, hosts=hosts, phone="")


@dataclass(frozen=True, slots=True)
class Sentences:
    """What is said of a meeting in words: plain text, which each template escapes as it has to.

    Attributes:
        title: of the meeting, in a calendar.
        how: what the reader can do.
        there: the other side's time, "" where its clocks are the same.
        before: when it was to be, "" where that did not change.
        facts: label, words, and an address or "".
    """

    title: str
    subject: str
    heading: str
    how: str
    there: str
    before: str
    facts: tuple[tuple[str, str, str], ...]


def sentences(words: MeetingWords) -> Sentences:
    """Say it.

    Done here and not in the templates: a macro of a text counts as escaped where HTML calls it.
    """
    macros: Any = _environment().get_template("mail/words.txt").module
    facts: list[tuple[str, str, str]] = []

    def note(*fact: str) -> str:
        label, value, address = fact
        facts.append((label, value, address))
        return ""

    macros.facts(words, caller=note)
    return Sentences(
        title=macros.title(words).strip(),
        subject=macros.subject(words).strip(),
        heading=macros.heading(words).strip(),
        how=macros.how(words).strip(),
        there=macros.there(words).strip(),
        before=macros.before(words).strip(),
        facts=tuple(facts),
    )


def render(template: str, words: MeetingWords) -> str:
    """Render a template of the mails; only .html is escaped."""
    text = _environment().get_template(f"mail/{template}").render(m=words, said=sentences(words))
    return text.strip() + "\n"


def _who(booking: BookingDetails, name: str) -> str:
    account = _line((booking.link_contact and booking.link_contact.name) or "")
    if not account or account.casefold() in name.casefold():
        return name or booking.booker.email
    return f"{name or booking.booker.email} ({account})"


def _line(text: str) -> str:
    return clean(text, limit=PLACE_LENGTH)


@cache
def _environment() -> Environment:
    return make_environment()
