"""Who is told of an event, and along which route: a destination is a rule here and a deliverer."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Final

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.database.models import (
    Booking,
    Guest,
    Resource,
    Workspace,
)
from scheduling.events.departures import calendars_with, who_acts_for
from scheduling.events.kinds import EventKind
from scheduling.events.parties import (
    Happening,
    card_of_meeting,
    channel_of_card,
    hosts_in_mail,
    hosts_of,
    hosts_of_class_left,
    hosts_who_left,
    is_over,
    parties_of,
    users_of_resources,
)

SLACK: Final = "slack"
MAIL: Final = "mail"
CHANNEL: Final = "channel"
THREAD: Final = "thread"
"""Of the card in the channel: what becomes of a booking is replied there."""
ISSUER: Final = "issuer"
CONTACT: Final = "contact"
FORMER: Final = "former contact"
"""The mailbox of an address that the contact has corrected: what it got is withdrawn."""
HOST: Final = "host:"
"""With the id of the host's resource after it: each of them is told."""
PERSON: Final = "person:"
"""With a Slack user id after it: who acts for a calendar whose host has left."""
GUEST: Final = "guest:"
"""With the id of the contact's guest after it."""

CHANGES: Final = frozenset({EventKind.BOOKING_MOVED, EventKind.BOOKING_CANCELLED})
"""What everybody is told of whom the meeting concerned before, but for who did it."""

IN_MAIL: Final = CHANGES | {
    EventKind.BOOKING_MADE,
    EventKind.BOOKING_PLACE_CHANGED,
    EventKind.BOOKING_MAIL_ASKED,
    EventKind.BOOKING_ADDRESS_CORRECTED,
}
"""What is told by mail, to the contact first of all."""

OF_HOSTS: Final = frozenset({EventKind.HOST_LEFT, EventKind.HOST_RETURNED})

_OF_CHANNELS: Final = ("C", "G")
"""What a channel's id begins with; links are issued in direct messages and the App Home too."""


@dataclass(frozen=True, slots=True)
class Recipient:
    """Who is told, at which destination.

    Attributes:
        recipient: their part in it, so that the row holds for whoever has the part.
        route: ids of places there, the best first; "" for a place that keeps no pace.
        card: what the message shows, "booking:7": one such message lives and is edited whenever
            an event names it again; None: each event is a message of its own.
    """

    destination: str
    recipient: str
    route: tuple[str, ...]
    card: str | None = None


Rule = Callable[[Session, Happening], Iterable[Recipient]]


def slack(session: Session, happened: Happening) -> Iterable[Recipient]:
    """Tell everybody whom a booking concerns, and an issuer whose link somebody else regenerated.

    A person is told once, whatever parts they have. Where a link was issued in a direct message,
    there is no channel: its issuer is told all the same. The host of a class has one message for
    each meeting, which lives: whoever books next appears in it.
    """
    if happened.kind is EventKind.BOOKING_MAIL_REFUSED:
        yield from _of_mail_refused(session, happened)
    if happened.kind in OF_HOSTS:
        yield from _of_host(session, happened)
    if happened.kind in CHANGES:
        yield from _of_change(session, happened)
    if happened.kind not in {EventKind.BOOKING_MADE, EventKind.LINK_REGENERATED}:
        return
    parties = parties_of(session, happened)
    issuer, owner = parties.issuer, parties.owner
    if happened.kind is EventKind.LINK_REGENERATED:
        if happened.actor != issuer:
            yield Recipient(SLACK, ISSUER, (issuer, owner))
        return
    channel = parties.channel or parties.issued_in
    if channel.startswith(_OF_CHANNELS):
        yield Recipient(SLACK, CHANNEL, (channel, issuer, owner))
    hosts = hosts_of(session, happened.subject_id)
    card = card_of_meeting(session, happened.subject_id)
    for resource_id, user_id in hosts.items():
        yield Recipient(SLACK, f"{HOST}{resource_id}", _route(user_id, owner), card)
    if issuer not in hosts.values():
        yield Recipient(SLACK, ISSUER, _route(issuer, owner))


def _of_mail_refused(session: Session, happened: Happening) -> Iterable[Recipient]:
    """Tell the link's issuer that the contact gets no mail, or a host that they get none."""
    details = happened.details or {}
    if details.get("quiet"):
        return
    parties, recipient = parties_of(session, happened), str(details.get("recipient"))
    if recipient == CONTACT:
        yield Recipient(SLACK, ISSUER, _route(parties.issuer, parties.owner))
    if not recipient.startswith(HOST):
        return
    host = session.get(Resource, int(recipient.removeprefix(HOST)))
    if host is not None:
        yield Recipient(SLACK, recipient, _route(host.slack_user_id, parties.owner))


def _of_host(session: Session, happened: Happening) -> Iterable[Recipient]:
    """Tell each person once, however many calendars they act for."""
    host = session.get_one(Resource, happened.subject_id)
    people = [
        person
        for calendar in calendars_with(session, host.id, now=happened.at)
        for person in who_acts_for(session, calendar, host=host, now=happened.at)
    ]
    for person in dict.fromkeys(people):
        yield Recipient(SLACK, f"{PERSON}{person}", (person,))


def _of_change(session: Session, happened: Happening) -> Iterable[Recipient]:
    """Reply to the card in the channel, and tell hosts and issuer of the change by a message.

    Whoever did it knows it. What they have read before is edited besides, see `editing`; of a class
    that goes on its host's message alone.
    """
    parties = parties_of(session, happened)
    owner = parties.owner
    channel = channel_of_card(session, happened.subject_id) or parties.channel or parties.issued_in
    if channel.startswith(_OF_CHANNELS):
        yield Recipient(SLACK, THREAD, _route(channel, parties.issuer, owner))
    hosts = hosts_of(session, happened.subject_id)
    card = card_of_meeting(session, happened.subject_id)
    if card is not None and happened.kind is EventKind.BOOKING_MOVED:
        for resource_id, user_id in hosts.items():
            yield Recipient(SLACK, f"{HOST}{resource_id}", _route(user_id, owner), card)
    elif card is None or is_over(session, happened.subject_id):
        told = hosts | users_of_resources(session, hosts_who_left(happened.details))
        for resource_id, user_id in told.items():
            if user_id != happened.actor:
                yield Recipient(SLACK, f"{HOST}{resource_id}", _route(user_id, owner))
    if parties.issuer not in {*hosts.values(), happened.actor}:
        yield Recipient(SLACK, ISSUER, _route(parties.issuer, owner))


def mail(session: Session, happened: Happening) -> Iterable[Recipient]:
    """Send the contact a confirmation and each host with an address an invitation.

    No address stands in the delivery: it is read when the mail is sent. While there is no mail
    nobody is written to, not later either.
    """
    if happened.kind not in IN_MAIL or session.scalar(select(Workspace.mail_from)) is None:
        return
    yield Recipient(MAIL, CONTACT, ("",))
    if happened.kind is EventKind.BOOKING_ADDRESS_CORRECTED:
        is_former = Booking.id == happened.subject_id, Booking.former_email.is_not(None)
        if session.scalar(select(Booking.id).where(*is_former)) is not None:
            yield Recipient(MAIL, FORMER, ("",))
        return
    if happened.kind is EventKind.BOOKING_MAIL_ASKED:
        return
    hosts = {*hosts_in_mail(session, happened), *hosts_of_class_left(session, happened)}
    for resource_id in sorted(hosts):
        yield Recipient(MAIL, f"{HOST}{resource_id}", ("",))
    invited = Guest.booking_id == happened.subject_id, Guest.is_invited
    for guest_id in session.scalars(select(Guest.id).where(*invited).order_by(Guest.id)):
        yield Recipient(MAIL, f"{GUEST}{guest_id}", ("",))


RULES: Final[list[Rule]] = [slack, mail]
"""All destinations. A further one adds its rule here, and its deliverer to the worker."""


def recipients_of(session: Session, happened: Happening) -> tuple[Recipient, ...]:
    """Return all who are told."""
    return tuple(one for rule in RULES for one in rule(session, happened))


def route_of(
    session: Session, happened: Happening, *, destination: str, recipient: str
) -> tuple[str, ...]:
    """Return the route as it is now: a calendar may have another channel since it was queued.

    Who is not told of such events any more leaves it to the link's issuer and the calendar's owner.
    """
    if recipient.startswith(PERSON):
        return (recipient.removeprefix(PERSON),)
    for one in recipients_of(session, happened):
        if (one.destination, one.recipient) == (destination, recipient):
            return one.route
    if destination != SLACK:
        return ("",)
    parties = parties_of(session, happened)
    return _route(parties.issuer, parties.owner)


def _route(*people: str) -> tuple[str, ...]:
    return tuple(dict.fromkeys(people))
