"""What those whom a booking concerns read of it, and nobody else: address and note are in it."""

from datetime import datetime
from typing import Final

from bot.text.links import span, with_hosts
from bot.text.mrkdwn import SHOWN_LENGTH, code, escape, mention, shortened
from scheduling.bookings.details import BookingDetails
from scheduling.contacts import EMAIL_LENGTH, Booker, Contact
from scheduling.times.words import ago

ACCOUNT_LENGTH: Final = SHOWN_LENGTH - len(" ()")


def booked(booking: BookingDetails, *, bold: bool) -> str:
    """Return the news: "Jane Doe (Acme) booked Onboarding Call"."""
    name = escape(booking.booker.name)
    account = escape(of_account(booking.link_contact, booking.booker))
    return f"{f'*{name}*' if bold else name}{account} booked {escape(booking.calendar.name)}"


def of_account(contact: Contact | None, booker: Booker) -> str:
    """Return " (Acme)", whom the link was issued for; "" where that says nothing new."""
    account = shortened(contact.name or "", ACCOUNT_LENGTH) if contact else ""
    return f" ({account})" if account and account.casefold() not in booker.name.casefold() else ""


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
    """Return the contact's address."""
    return escape(booking.booker.email, EMAIL_LENGTH)


def by_which_link(booking: BookingDetails, now: datetime) -> str:
    """Return "L-7K2QXA · issued by @ana, 2 days ago"."""
    issued = ago(booking.link_issued_at, now)
    return f"{code(booking.link_public_id)} · issued by {mention(booking.link_issued_by)}, {issued}"
