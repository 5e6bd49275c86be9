"""Many links: the counts first, then the newest of them, a line each."""

from datetime import datetime

from bot.messages.message import Message, context, joined, section, sections_of
from bot.text import links as words
from scheduling.calendars import CalendarDetails
from scheduling.reports import StatusReport


def status_report(report: StatusReport, *, now: datetime) -> Message:
    """Show what became of the links of a calendar, of a person, or of all."""
    headline = words.report_headline(report)
    with_calendar = not isinstance(report.subject, CalendarDetails)
    lines = [words.report_line(link, with_calendar=with_calendar, now=now) for link in report.links]
    hint = words.report_hint(report)
    blocks = (
        section(f"*{headline}*"),
        *sections_of(lines),
        *([context(hint)] if hint else []),
    )
    return Message(text=joined([headline, *lines, hint]), blocks=blocks)
