"""What is said of the meetings that somebody hosts. People's text is escaped here."""

from datetime import datetime
from typing import Final

from bot.grammar.meetings import Span
from bot.text.bookings import of_account
from bot.text.links import MOST_HOSTS
from bot.text.mrkdwn import TIME, escape, listed, mention, moment
from bot.text.places import way_to
from scheduling.bookings.meetings import Meeting, Meetings, Person

MINE: Final = "My next meetings"
NONE_OF_MINE: Final = "None to come. As soon as somebody books your time, it stands here."
DAY_LONG: Final = "{date_long_pretty}"
DAY_AND_TIME_LONG: Final = "{date_long_pretty}, {time}"
NAMES_SHOWN: Final = 3
PLACE_SHOWN: Final = 700

_SPANS: Final = {Span.ALL: "to come", Span.TODAY: "today", Span.WEEK: "in the next seven days"}


def headline(meetings: Meetings, span: Span, *, is_own: bool) -> str:
    """Return "Your meetings today: 3", "No meetings of @ana to come"."""
    total = meetings.skipped + len(meetings.meetings) + meetings.more
    when = _SPANS[span]
    if total == 0:
        return (
            f"You have no meeting {when}"
            if is_own
            else f"{mention(meetings.user_id)} has no meeting {when}"
        )
    whose = "Your meetings" if is_own else f"Meetings of {mention(meetings.user_id)}"
    return f"{whose} {when}: {total}"


def day(instant: datetime) -> str:
    """Return the day above its meetings, "Today" or "Thursday, 3 December 2026"."""
    return f"*{moment(instant, DAY_LONG)}*"


def row(meeting: Meeting, *, user_id: str, with_day: bool, with_place: bool = False) -> str:
    """Return a meeting: "10:00 to 10:30 · Jane Doe (Acme)", and below what it is.

    Args:
        user_id: whose meetings are listed: other hosts are named.
        with_day: it does not stand below its day.
        with_place: whoever reads it hosts it, and goes there.
    """
    start = moment(meeting.starts_at, DAY_AND_TIME_LONG if with_day else TIME)
    time = f"*{start} \N{EN DASH} {moment(meeting.ends_at, TIME)}*"
    others = [host for host in meeting.hosts if host.slack_user_id != user_id]
    where = way_to(meeting.place) if with_place else ""
    facts = (
        escape(meeting.calendar.name),
        where if len(where) <= PLACE_SHOWN else "",  # Details leads there
        _with_others([mention(host.slack_user_id) for host in others]),
    )
    return f"{time} · {_who(meeting)}\n{' · '.join(fact for fact in facts if fact)}"


def _who(meeting: Meeting) -> str:
    names = [_name(one) for one in meeting.people[:NAMES_SHOWN]]
    more = len(meeting.people) - len(names)
    return listed([*names, f"{more} more"] if more else names)


def _name(one: Person) -> str:
    return f"{escape(one.name)}{escape(of_account(one.link_contact, one.name))}"


def _with_others(others: list[str]) -> str:
    if len(others) > MOST_HOSTS:
        return f"with {len(others)} others"
    return f"with {listed(others)}" if others else ""


def and_more(number: int) -> str:
    """Return how many are not shown, and how to see them; "" if none."""
    return f"and {number} more: `/otl meetings` shows them all" if number else ""


def which(meetings: Meetings) -> str:
    """Return "11 to 20 of 34", "" where one page shows all."""
    first, last = meetings.skipped + 1, meetings.skipped + len(meetings.meetings)
    total = last + meetings.more
    return "" if total == last - first + 1 else f"{first} to {last} of {total}, the next first"
