"""/otl status [CALENDAR|LINK|@user] [active|used|deleted|expired]: what became of links."""

from bot.commands.verb import Verb
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.grammar.report_query import PAGE, ReportQuery
from bot.grammar.status import ShowStatus, read_status, status_with_calendar
from bot.messages.link_card import status
from bot.messages.message import Message
from bot.messages.status_report import status_report
from bot.text.links import changes_since
from scheduling.links.details import LinkDetails
from scheduling.links.report import link_report
from scheduling.links.status import LinkStatus


async def show_status(
    command: ShowStatus, invocation: Invocation, context: Context, *, notice: str = ""
) -> Message:
    """Show one link, or the counts and the newest of many; no addresses.

    Args:
        notice: what must be said beside one link.
    """
    return await show_page(ReportQuery(command), invocation, context, notice=notice)


async def show_page(
    query: ReportQuery, invocation: Invocation, context: Context, *, notice: str = ""
) -> Message:
    """Show a page of a report, and what changed since the one whose button was pressed."""
    now = context.now()
    report = await context.database.read(
        link_report,
        workspace_id=context.workspace.id,
        calendar=query.shows.calendar,
        public_id=query.shows.link,
        user_id=query.shows.user,
        only=query.shows.only,
        now=now,
        limit=PAGE,
        skip=query.skip,
    )
    if isinstance(report.subject, LinkDetails):
        viewer = await context.viewer(invocation, report.subject)
        return status(report.subject, viewer, notice=notice)
    changes = "" if query.seen is None else changes_since(query.seen, report.counts)
    return status_report(report, now=now, changes=changes)


async def is_used(link: str, context: Context) -> bool:
    """Tell whether somebody has booked with a link."""
    report = await context.database.read(
        link_report,
        workspace_id=context.workspace.id,
        calendar=None,
        public_id=link,
        user_id=None,
        only=None,
        now=context.now(),
    )
    return report.counts.get(LinkStatus.USED, 0) > 0


VERB = Verb(
    name="status",
    parse=read_status,
    run=show_status,
    order=50,
    usage="status",
    help=(("status", "the newest links; add a calendar, a link, a person or “used”"),),
    other_words=("show", "links", "report"),
    with_calendar=status_with_calendar,
)
