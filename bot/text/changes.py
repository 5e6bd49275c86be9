"""What the bot says of a meeting that was moved or cancelled."""

from datetime import datetime

from bot.text.links import span
from bot.text.mrkdwn import escape, mention, moment
from scheduling.bookings.details import BookingDetails


def by_whom(actor: str | None, booking: BookingDetails) -> str:
    """Return who did it: a person in Slack, or whoever booked."""
    return mention(actor) if actor else escape(booking.booker.name)


def moved_in_thread(booking: BookingDetails, *, before: datetime | None, actor: str | None) -> str:
    """Return what stands in the thread of the card: "Jane Doe moved it from … to …"."""
    old = f" from {moment(before)}" if before and before != booking.starts_at else ""
    return f"{by_whom(actor, booking)} moved it{old} to {moment(booking.starts_at)}."


def cancelled_in_thread(booking: BookingDetails, *, actor: str | None) -> str:
    """Return what stands in the thread of the card."""
    return f"{by_whom(actor, booking)} cancelled it. The host's time is free again."


def cancelled_on_card(booking: BookingDetails) -> str:
    """Return the line on what told of the booking before; "" for one that stands."""
    if booking.cancelled_at is None:
        return ""
    whom = by_whom(booking.cancelled_by, booking)
    return f"Cancelled by {whom}, {moment(booking.cancelled_at)}"


def moved(booking: BookingDetails, *, actor: str | None, bold: bool) -> str:
    """Return the news: "Jane Doe moved Onboarding Call"; somebody else moves it "with" them."""
    return _news("moved", booking, actor, bold=bold)


def cancelled(booking: BookingDetails, *, actor: str | None, bold: bool) -> str:
    """Return the news: "Jane Doe cancelled Onboarding Call"."""
    return _news("cancelled", booking, actor, bold=bold)


def moved_when(booking: BookingDetails, *, before: datetime | None) -> str:
    """Return "Wed 9 Dec, 14:00 to 14:30 · before: Thu 3 Dec, 10:00"."""
    now = f"*{span(booking.starts_at, booking.ends_at)}*"
    return f"{now} · before: {moment(before)}" if before and before != booking.starts_at else now


def free_again(booking: BookingDetails) -> str:
    """Return what a cancellation means for its host."""
    return f"{span(booking.starts_at, booking.ends_at)}: your time is free again."


def not_yours(booking: BookingDetails) -> str:
    """Return what whoever hosted it reads when somebody else does now."""
    hosts = ", ".join(mention(host.slack_user_id) for host in booking.hosts)
    return (
        f"It is now {moment(booking.starts_at)}, when you are not free, so it is no longer yours: "
        f"{hosts} hosts it. The old time is free again."
    )


def yours_now() -> str:
    """Return why somebody hosts a meeting that was another's."""
    return "It was moved to a time when its host is not free, so it is yours now."


def _news(verb: str, booking: BookingDetails, actor: str | None, *, bold: bool) -> str:
    who = escape(booking.booker.name)
    name = f"*{who}*" if bold else who
    calendar = escape(booking.calendar.name)
    if actor is None:
        return f"{name} {verb} {calendar}"
    return f"{mention(actor)} {verb} {calendar} with {name}"
