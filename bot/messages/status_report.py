"""Many links: the counts first, then a page of them, a line each; older ones are a press away."""

from datetime import datetime
from typing import Final

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement

from bot.grammar.report_query import PAGE, ReportQuery
from bot.grammar.status import ShowStatus
from bot.messages.message import Message, button, context, joined, section, sections_of
from bot.text import buttons
from bot.text import links as words
from scheduling.calendars.find import CalendarDetails
from scheduling.links.report import StatusReport
from scheduling.links.status import LinkStatus

NEWER: Final = "report_newer"
OLDER: Final = "report_older"
SHOW_ALL: Final = "report_all"
SHOW_ONLY: Final = {status: f"report_{status.value}" for status in LinkStatus}
OPEN_STATUS_FORM: Final = "open_status_form"


def status_report(report: StatusReport, *, now: datetime, changes: str = "") -> Message:
    """Show what became of the links of a calendar, of a person, or of all.

    Args:
        changes: what happened since the card was shown that this one takes the place of.
    """
    headline = words.report_headline(report)
    with_calendar = not isinstance(report.subject, CalendarDetails)
    lines = [words.report_line(link, with_calendar=with_calendar, now=now) for link in report.links]
    hint = words.report_hint(report)
    small = [line for line in (hint, changes) if line]
    blocks: list[Block] = [section(f"*{headline}*"), *sections_of(lines)]
    if small:
        blocks.append(context(*small))
    offered = _buttons(report)
    if offered:
        blocks.append(ActionsBlock(elements=offered))
    return Message(text=joined([headline, *lines, *small]), blocks=tuple(blocks))


def _buttons(report: StatusReport) -> list[ButtonElement]:
    """Return pages, then filters, then the form; nothing where one page shows all there is."""
    query = _query(report)
    offered = []
    if report.skipped:
        newer = query.at(report.skipped - PAGE)
        offered.append(button(buttons.NEWER, action_id=NEWER, value=newer.as_value()))
    if report.more:
        older = query.at(report.skipped + PAGE)
        offered.append(button(buttons.OLDER, action_id=OLDER, value=older.as_value()))
    if report.only is not None:
        every = query.narrowed_to(None)
        offered.append(button(buttons.ALL, action_id=SHOW_ALL, value=every.as_value()))
    present = [status for status in LinkStatus if report.counts.get(status)]
    if len(present) > 1 or report.only is not None:
        offered += [
            button(
                words.STATUS_NAMES[status],
                action_id=SHOW_ONLY[status],
                value=query.narrowed_to(status).as_value(),
            )
            for status in present
            if status is not report.only
        ]
    if offered:
        offered.append(button(buttons.FILTER, action_id=OPEN_STATUS_FORM, value=query.as_value()))
    return offered


def _query(report: StatusReport) -> ReportQuery:
    subject = report.subject
    shows = ShowStatus(
        calendar=subject.slug if isinstance(subject, CalendarDetails) else None,
        user=subject if isinstance(subject, str) else None,
        only=report.only,
    )
    return ReportQuery(shows, report.skipped, seen=report.counts)
