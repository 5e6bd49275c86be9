"""What the bot says about mail to contacts and hosts. People's text is escaped here."""

from datetime import datetime
from typing import Final

from bot.text.bookings import address
from bot.text.mrkdwn import code, escape, mention
from scheduling.bookings.confirmation_mail import ConfirmationMail
from scheduling.bookings.details import BookingDetails
from scheduling.bookings.send_again import MOST_LATELY, SentAgain
from scheduling.contacts import EMAIL_LENGTH
from scheduling.places import for_contact
from scheduling.times.time_zones import zone as zone_named
from scheduling.times.words import span

THE_CONTACT: Final = "the contact"


def no_mail_reaches_contact(booking: BookingDetails, reason: str) -> str:
    """Return the news for whoever issued the link."""
    whom = address(booking) or THE_CONTACT
    return f"No mail reaches {whom}: {_why(reason)}."


def no_invitation_reaches_host(booking: BookingDetails, user_id: str, reason: str) -> str:
    """Return the news for a host."""
    emails = [host.email for host in booking.hosts if host.slack_user_id == user_id and host.email]
    where = f" at {escape(emails[0], EMAIL_LENGTH)}" if emails else ""
    return f"No invitation reaches {mention(user_id)}{where}: {_why(reason)}."


HOST_TODO: Final = (
    "`/otl me` sets the address for your invitations. If that one is right, tell whoever runs OTL."
)
"""What a host can do; of the next meetings nothing is said for a week."""


def contact_todo(booking: BookingDetails) -> str:
    """Return what the issuer can do."""
    name = escape(booking.booker.name)
    return f"The meeting stands. Ask {name} for another address, or send them the text yourself."


def _why(reason: str) -> str:
    """Say what a reason of `booking_web.mail` means to somebody who knows no SMTP."""
    if reason == "no SMTPUTF8":
        return "our mail server cannot write to an address with such letters"
    enhanced = reason.partition(" ")[2]
    if enhanced.startswith("5.2."):
        return "the mailbox is full or closed"
    if enhanced and not enhanced.startswith("5.1."):
        return "the mail server does not take it"
    return "the address may be wrong"


def server_said(reason: str) -> str:
    """Return the code for whoever runs OTL; "" if it is none of the server's."""
    return f"The mail server said {code(reason)}" if reason[:1].isdecimal() else ""


def sent_again(answer: SentAgain, booking: BookingDetails) -> str:
    """Return what came of a press on *Send confirmation again*."""
    whom = address(booking) or THE_CONTACT
    match answer:
        case SentAgain.QUEUED:
            return f"The confirmation goes to {whom} once more."
        case SentAgain.ON_ITS_WAY:
            return f"A confirmation is on its way to {whom} already. Give it a minute."
        case SentAgain.TOO_OFTEN:
            return (
                f"{whom} was sent the confirmation {MOST_LATELY} times in one day, so I leave it "
                "at that. Ask whether it is among the unwanted mail, or for another address."
            )
        case SentAgain.OVER:
            return "That meeting is over or cancelled, so I sent nothing."
        case SentAgain.NO_MAIL:
            return (
                "OTL sends no mail here: whoever runs it can set `OTL_SMTP_URL`. Send it yourself "
                "until then."
            )


def reached_by_mail(booking: BookingDetails) -> str:
    """Return why there is no text to send: its address is the contact's alone."""
    whom = address(booking) or THE_CONTACT
    state = "was sent" if booking.mail is ConfirmationMail.SENT else "is on its way"
    return (
        f"A confirmation {state} to {whom}, with the address of their page, which is theirs alone."
    )


def text_to_send(booking: BookingDetails) -> str:
    """Return what stands above the text."""
    return f"Send this to {escape(booking.booker.name)}. Only you see it."


def confirmation(booking: BookingDetails, *, page: str, now: datetime) -> str:
    """Return a confirmation to copy, as plain text: nothing in it is escaped.

    Args:
        page: the booking's own address.
    """
    hosts = tuple(host.name for host in booking.hosts)
    place = for_contact(booking.place, hosts=hosts, phone=booking.booker.phone)
    url = booking.place.url if booking.place else ""
    zone = zone_named(booking.booker.zone)
    with_hosts = f" with {' and '.join(hosts)}" if hosts else ""
    lines = [
        f"Hi {booking.booker.name},",
        "",
        f"your meeting is booked: {booking.calendar.name}{with_hosts}",
        span(booking.starts_at, booking.ends_at, zone, booking.booker.clock, now=now),
        " ".join(part for part in (place, url) if part),
        "",
        "Your confirmation, with a file for your calendar:",
        page,
    ]
    return "\n".join(line for number, line in enumerate(lines) if line or number in {1, 5})
