"""What those whom a booking concerns read of it, and nobody else: address and note are in it."""

from datetime import datetime
from typing import Final

from bot.text.links import span, who, with_hosts
from bot.text.mrkdwn import SHOWN_LENGTH, code, escape, listed, mention, shortened
from scheduling.bookings.details import BookingDetails
from scheduling.contacts import EMAIL_LENGTH, Booker, Contact, is_forwarded
from scheduling.plain_text import fold
from scheduling.times.words import ago

ACCOUNT_LENGTH: Final = SHOWN_LENGTH - len(" ()")


def booked(booking: BookingDetails, *, bold: bool) -> str:
    """Return the news: "Jane Doe (Acme) booked Onboarding Call"."""
    account = escape(of_account(booking.link_contact, booking.booker.name))
    by = forwarded(booking) or account
    return f"{name(booking, bold=bold)}{by} booked {escape(booking.calendar.name)}"


def name(booking: BookingDetails, *, bold: bool) -> str:
    """Return who booked, as they named themselves."""
    booker = escape(booking.booker.name)
    return f"*{booker}*" if bold else booker


def forwarded(booking: BookingDetails) -> str:
    """Return ", with Jane's link," where somebody else booked; never an address.

    Who has the name that the link was issued for, and another address, may well be the same
    person: "" then, as where nothing was forwarded.
    """
    if not is_forwarded(booking.link_contact, booking.booker):
        return ""
    whose = who(booking.link_contact, with_address=False)
    if not whose:
        return ", with a link issued for another address,"
    return "" if _is_one_name(whose, booking.booker.name) else f", with {whose}'s link,"


def _is_one_name(one: str, other: str) -> bool:
    """Say whether two names may be one person's: "Jane" and "Doe, Jane"."""
    words, others = set(fold(one)), set(fold(other))
    return words <= others or others <= words


def of_account(contact: Contact | None, booker: str) -> str:
    """Return " (Acme)", whom the link was issued for; "" where that says nothing new."""
    account = shortened(contact.name or "", ACCOUNT_LENGTH) if contact else ""
    return f" ({account})" if account and account.casefold() not in booker.casefold() else ""


def when(booking: BookingDetails, *, reader: str | None, bold: bool) -> str:
    """Return "Thu 3 Dec, 10:00 to 10:30 · with @sam".

    Args:
        reader: Slack user id; who hosts it alone is not told so.
    """
    time = span(booking.starts_at, booking.ends_at)
    time = f"*{time}*" if bold else time
    hosts = "" if _is_alone(booking, reader) else with_hosts(booking.hosts, booking.calendar.type)
    return f"{time} · {hosts}" if hosts else time


def _is_alone(booking: BookingDetails, reader: str | None) -> bool:
    return [host.slack_user_id for host in booking.hosts] == [reader]


def address(booking: BookingDetails) -> str:
    """Return the contact's address, see `of_address`."""
    return escape(of_address(booking.link_contact, booking.booker), 3 * EMAIL_LENGTH)


def of_address(contact: Contact | None, booker: Booker) -> str:
    """Return the booker's address, and the one that the link was issued for if it is another."""
    if contact is None or not is_forwarded(contact, booker):
        return booker.email
    return f"{booker.email} (the link was issued for {contact.email})"


def guests(booking: BookingDetails) -> str:
    """Return "Guests: joe@acme.com and ann@acme.com"; "" where nobody comes along."""
    addresses = [escape(guest.email, EMAIL_LENGTH) for guest in booking.guests]
    return f"Guests: {listed(addresses, 'and')}" if addresses else ""


def by_which_link(booking: BookingDetails, now: datetime) -> str:
    """Return "L-7K2QXA · issued by @ana, 2 days ago"."""
    issued = ago(booking.link_issued_at, now)
    return f"{code(booking.link_public_id)} · issued by {mention(booking.link_issued_by)}, {issued}"
