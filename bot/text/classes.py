"""What is said of a meeting of a class and of its people: to its host, in private."""

from typing import Final

from bot.text.bookings import of_account, of_address
from bot.text.links import span, with_hosts
from bot.text.mrkdwn import code, escape, mention, shortened
from scheduling.bookings.classes import Attendee, ClassDetails
from scheduling.contacts import EMAIL_LENGTH

LIVES: Final = "Who booked last comes first. This message keeps itself up to date."
HIDDEN: Final = (
    "Addresses and notes are for the host, whoever issued the link, the calendar's owner and "
    "admins."
)


def booked(meeting: ClassDetails, *, bold: bool) -> str:
    """Return the news: "Jane Doe (Acme) and 2 others booked Morning Yoga"."""
    calendar = escape(meeting.calendar.name)
    if not meeting.people:
        return f"Nobody comes to {calendar} any more"
    last, others = meeting.people[0], len(meeting.people) - 1
    name, account = (
        escape(last.booker.name),
        escape(of_account(last.link_contact, last.booker.name)),
    )
    who = f"{f'*{name}*' if bold else name}{account}"
    if others:
        who += f" and {others} other{'' if others == 1 else 's'}"
    return f"{who} booked {calendar}"


def when(meeting: ClassDetails, *, reader: str | None, bold: bool) -> str:
    """Return "Thu 3 Dec, 10:00 to 10:30 · 9 seats left".

    Args:
        reader: Slack user id; who hosts it is not told so.
    """
    time = span(meeting.starts_at, meeting.ends_at)
    is_host = [host.slack_user_id for host in meeting.hosts] == [reader]
    hosts = "" if is_host else with_hosts(meeting.hosts, meeting.calendar.type)
    return " · ".join(
        part for part in (f"*{time}*" if bold else time, hosts, _left(meeting)) if part
    )


def _left(meeting: ClassDetails) -> str:
    match meeting.seats_left:
        case 0:
            return "no seat left"
        case 1:
            return "1 seat left"
        case left:
            return f"{left} seats left"


def person(one: Attendee) -> str:
    """Return "Jane Doe (Acme) · jane@acme.com · L-7K2QXA, issued by @ana".

    With a number to call after the address, where it was asked for.
    """
    parts = (
        f"{escape(one.booker.name)}{escape(of_account(one.link_contact, one.booker.name))}",
        escape(of_address(one.link_contact, one.booker), 3 * EMAIL_LENGTH),
        escape(one.booker.phone),
        _with_guests(one),
        f"{code(one.link_public_id)}, issued by {mention(one.link_issued_by)}",
    )
    return " · ".join(part for part in parts if part)


def name(one: Attendee) -> str:
    """Return the name as it was typed."""
    return shortened(one.booker.name)


def between(one: Attendee) -> str:
    """Return what stands between a name and its link: whom that was for, address and number."""
    address = of_address(one.link_contact, one.booker)
    known = (address, one.booker.phone, _with_guests(one))
    reached = "".join(f" · {way}" for way in known if way)
    return f"{of_account(one.link_contact, one.booker.name)}{reached} · "


def _with_guests(one: Attendee) -> str:
    if not one.guests:
        return ""
    return "with 1 guest" if one.guests == 1 else f"with {one.guests} guests"


def and_more(number: int) -> str:
    """Return how many are not shown; "" if none."""
    return f"and {number} who booked before them" if number else ""


def which(first: int, last: int, total: int) -> str:
    """Return "1 to 20 of 34", "" where one page shows all."""
    return "" if total == last - first + 1 else f"{first} to {last} of {total}, the last first"
