"""Values for the messages: the longest and the most hostile that can be stored."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from scheduling.bookings.classes import Attendee, ClassDetails
from scheduling.bookings.details import BookingDetails
from scheduling.bookings.guests import GuestDetails
from scheduling.bookings.meetings import Meeting, Meetings, Person
from scheduling.calendars.find import CalendarDetails, Host
from scheduling.calendars.limits import MOST_SEATS
from scheduling.calendars.types import CalendarType
from scheduling.contacts import (
    EMAIL_LENGTH,
    MOST_GUESTS,
    NAME_LENGTH,
    NOTES_LENGTH,
    Booker,
    Contact,
)
from scheduling.links.details import BookingSummary, LinkDetails
from scheduling.links.regenerate import Regenerated
from scheduling.links.report import StatusReport
from scheduling.links.status import LinkStatus
from scheduling.places import PLACE_LENGTH, Place, PlaceKind
from scheduling.plain_text import clean
from scheduling.secrets.keyring import SecretRecord
from scheduling.secrets.public_ids import PUBLIC_ID_ALPHABET

HOSTILE = (
    "<!channel> <@U0SAM> <https://evil.example|click>",
    "*bold* _italic_ ~struck~ `code` ```block```",
    "&" * NAME_LENGTH,
    "<" * NAME_LENGTH,
    "*" * NAME_LENGTH,
    "_" * NAME_LENGTH,
    "👩‍👩‍👧‍👦" * 28,
    "W" * NAME_LENGTH,
    "שלום עולם مرحبا بالعالم",
    "@channel @here #general https://evil.example",
    "}^{|",
)
SECRET = SecretRecord("1", bytes(16), bytes(32))
URL = "https://book.example.com/otl/abcdefghijkmnpqrstuvwxyz23456789"

moments = st.datetimes(
    datetime(2020, 1, 1),  # noqa: DTZ001  # hypothesis wants these naive
    datetime(2040, 1, 1),  # noqa: DTZ001
    timezones=st.just(UTC),
)
names = (st.sampled_from(HOSTILE) | st.text(min_size=1, max_size=NAME_LENGTH)).map(
    lambda text: clean(text, limit=NAME_LENGTH) or "x"
)
slugs = st.from_regex(r"[a-z0-9](?:[a-z0-9-]{0,62}[a-z0-9])?", fullmatch=True)
slack_ids = st.from_regex(r"[UW][A-Z0-9]{8,10}", fullmatch=True)
channel_ids = st.from_regex(r"[CGD][A-Z0-9]{8,10}", fullmatch=True)
public_ids = st.text(PUBLIC_ID_ALPHABET, min_size=6, max_size=6).map("L-{}".format)
notes = st.just("") | st.sampled_from([one * NOTES_LENGTH for one in "W&<*"])
emails = st.just("x" * (EMAIL_LENGTH - 12) + "@example.com") | st.just("a&b@example.com")
LONGEST = "&" * 64 + "@" + "x" * 180 + ".example"
contacts = (
    st.none()
    | st.builds(Contact, names, st.none() | emails)
    | st.builds(Contact, st.none(), emails)
)
hosts = st.lists(st.builds(Host, st.integers(1, 9), slack_ids, names), max_size=12).map(tuple)
places = (
    st.none()
    | st.builds(Place, st.sampled_from([PlaceKind.ADDRESS, PlaceKind.TEXT]), names)
    | st.builds(Place, st.sampled_from([PlaceKind.HOST_ROOM, PlaceKind.PHONE]))
    | st.just(Place(PlaceKind.URL, f"https://meet.example/?{'&' * 470}"))
    | st.just(Place(PlaceKind.ADDRESS, "&" * PLACE_LENGTH))
)
calendars = st.builds(
    CalendarDetails,
    id=st.integers(1, 9),
    slug=slugs,
    name=names,
    type=st.sampled_from(CalendarType),
    duration=st.timedeltas(timedelta(minutes=1), timedelta(days=1)),
    group=st.none() | names,
    zone=st.just("Europe/Berlin"),
    active=st.booleans(),
    owner=slack_ids,
    hosts=hosts,
    notification_channel=st.none() | channel_ids,
    updated_at=moments,
    description=st.just("") | names,
    place=places,
)
summaries = st.builds(
    BookingSummary,
    starts_at=moments,
    ends_at=moments,
    contact_name=names,
    hosts=hosts,
    cancelled=st.booleans(),
)
links = st.builds(
    LinkDetails,
    id=st.integers(1, 9),
    public_id=public_ids,
    status=st.sampled_from(LinkStatus),
    calendar=calendars,
    contact=contacts,
    issued_by=slack_ids,
    channel_id=channel_ids,
    issued_at=moments,
    used_at=st.none() | moments,
    deleted_at=st.none() | moments,
    deleted_by=st.none() | slack_ids,
    expires_at=st.none() | moments,
    replaces=st.none() | public_ids,
    replaced_by=st.none() | public_ids,
    booking=st.none() | summaries,
    secret=st.just(SECRET),
    seen_at=st.none() | moments,
)
regenerations = st.builds(Regenerated, links, links, st.booleans())
reports = st.builds(
    StatusReport,
    subject=st.none() | calendars | slack_ids,
    counts=st.dictionaries(st.sampled_from(LinkStatus), st.integers(0, 10**6)),
    links=st.lists(links, max_size=10).map(tuple),
    more=st.integers(0, 10**6),
    only=st.none() | st.sampled_from(LinkStatus),
    skipped=st.integers(0, 10**6),
)
bookings = st.builds(
    BookingDetails,
    appointment_id=st.integers(1, 9),
    calendar=calendars,
    hosts=hosts,
    starts_at=moments,
    ends_at=moments,
    booker=st.builds(Booker, names, emails, st.just("a private note"), st.just("UTC")),
    link_public_id=public_ids,
    link_issued_by=slack_ids,
    link_issued_at=moments,
    link_contact=contacts,
    link_channel_id=channel_ids,
    place=places,
    uid=st.just("uid"),
    sequence=st.just(0),
    appointment_uid=st.just("appointment uid"),
    appointment_sequence=st.just(0),
    booked_at=moments,
    cancelled_at=st.none(),
    secret=st.just(SECRET),
    guests=st.lists(
        st.builds(GuestDetails, st.integers(1, 9), emails | st.just(LONGEST), st.booleans()),
        max_size=MOST_GUESTS,
    ).map(tuple),
)
attendees = st.builds(
    Attendee,
    booker=st.builds(Booker, names, emails | st.just(""), notes, st.just("UTC")),
    is_hidden=st.booleans(),
    link_public_id=public_ids,
    link_contact=contacts,
    link_issued_by=slack_ids,
    guests=st.integers(0, 5),
)
classes = st.builds(
    ClassDetails,
    place=places,
    appointment_id=st.integers(1, 2**63 - 1),
    calendar=calendars,
    hosts=hosts,
    starts_at=moments,
    ends_at=moments,
    people=st.lists(attendees, max_size=6).flatmap(
        lambda some: st.integers(0, MOST_SEATS).map(lambda n: tuple((some * n)[:n]))
    ),
    seats_left=st.integers(0, MOST_SEATS),
)
meetings = st.builds(
    Meetings,
    user_id=slack_ids,
    meetings=st.lists(
        st.builds(
            Meeting,
            appointment_id=st.integers(1, 2**63 - 1),
            calendar=calendars,
            hosts=hosts,
            starts_at=moments,
            ends_at=moments,
            is_class=st.booleans(),
            people=st.lists(
                st.builds(Person, names, public_ids, contacts, st.booleans()), min_size=1
            ).map(tuple),
            place=places,
        ),
        max_size=10,
    ).map(tuple),
    more=st.integers(0, 10**6),
    skipped=st.integers(0, 10**6),
)

NOW = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)
SAM_HOST = Host(1, "U0SAM", "Sam Rivera")


def a_calendar(**changes: Any) -> CalendarDetails:
    """Return Sam's Onboarding Call."""
    calendar = CalendarDetails(
        id=1,
        slug="onboarding-call",
        name="Onboarding Call",
        type=CalendarType.EVENT,
        duration=timedelta(minutes=30),
        group=None,
        zone="UTC",
        active=True,
        owner="U0SAM",
        hosts=(SAM_HOST,),
        notification_channel=None,
        updated_at=NOW,
    )
    return replace(calendar, **changes)


def a_link(**changes: Any) -> LinkDetails:
    """Return an active link that Sam issued for somebody with an address and no name."""
    link = LinkDetails(
        id=1,
        public_id="L-7K2QXA",
        status=LinkStatus.ACTIVE,
        calendar=a_calendar(),
        contact=Contact(None, "jane@example.com"),
        issued_by="U0SAM",
        channel_id="C0SALES",
        issued_at=NOW,
        used_at=None,
        deleted_at=None,
        deleted_by=None,
        expires_at=None,
        replaces=None,
        replaced_by=None,
        booking=None,
        secret=SECRET,
    )
    return replace(link, **changes)
