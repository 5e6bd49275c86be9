"""What is said of a host who has left Slack, to whoever can do something. Names are escaped."""

from typing import Final

from bot.text.mrkdwn import code, escape, listed
from scheduling.calendars.find import CalendarDetails
from scheduling.calendars.leaving import Departure

MOST_NAMED: Final = 5
NO_TIMES: Final = (
    "Whoever opens a link of theirs reads that nobody takes the meeting now; the links stay good."
)
NEXT_FOR_CALENDARS: Final = (
    "Name another host in the calendars' file and run `otl calendars load`, or set "
    "`active = false`."
)
NEXT_FOR_MEETINGS: Final = (
    "The meetings stand until somebody tells the contacts: *Details* says how to reach them."
)


def headline(left: Departure, *, bold: bool) -> str:
    """Return the news: "Sam Rivera has left Slack: Onboarding Call offers no times any more"."""
    name = f"*{escape(left.name)}*" if bold else escape(left.name)
    if not left.has_left:
        return f"{name} is back in Slack"
    return f"{name} has left Slack and takes no more bookings"


def calendars(left: Departure) -> list[str]:
    """Return what became of each calendar, a line for each sort."""
    stopped = [one for one in left.calendars if not one.offers_times]
    go_on = [one for one in left.calendars if one.offers_times]
    lines = []
    if stopped:
        lines.append(f"{_named(stopped)} {_verb(stopped, 'offer')} no times any more. {NO_TIMES}")
    if go_on and left.has_left:
        lines.append(f"{_named(go_on)} {_verb(go_on, 'go')} on with the other hosts.")
    elif go_on:
        lines.append(f"{_named(go_on)} {_verb(go_on, 'offer')} times again.")
    return lines


def to_come(left: Departure) -> str:
    """Return "3 meetings of theirs are to come:"; "" where there is none."""
    total = len(left.meetings.meetings) + left.meetings.more
    if total == 0 or not left.has_left:
        return ""
    return (
        "1 meeting of theirs is to come:"
        if total == 1
        else f"{total} meetings of theirs are to come:"
    )


def and_more(left: Departure) -> str:
    """Return how many meetings are not shown; "" if none."""
    return f"and {left.meetings.more} more" if left.meetings.more else ""


def next_steps(left: Departure) -> list[str]:
    """Return what to do now, a line each."""
    if not left.has_left:
        return []
    steps = [NEXT_FOR_CALENDARS] if any(not one.offers_times for one in left.calendars) else []
    return [*steps, NEXT_FOR_MEETINGS] if left.meetings.meetings else steps


def _named(these: list[CalendarDetails]) -> str:
    names = [f"{escape(one.name)} ({code(one.slug)})" for one in these[:MOST_NAMED]]
    more = len(these) - len(names)
    return listed([*names, f"{more} more"] if more else names)


def _verb(these: list[CalendarDetails], verb: str) -> str:
    if len(these) > 1:
        return verb
    return f"{verb}es" if verb.endswith("o") else f"{verb}s"
