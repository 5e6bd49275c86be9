"""/otl status [CALENDAR|LINK|@user] [active|used|deleted|expired]: what became of links."""

from bot.desk import Desk
from bot.grammar import ShowStatus
from bot.invocation import Invocation
from bot.messages.link_card import status
from bot.messages.message import Message
from bot.messages.status_report import status_report
from scheduling.link_details import LinkDetails
from scheduling.reports import link_report


async def show_status(command: ShowStatus, asked: Invocation, desk: Desk) -> Message:
    """Show one link, or the counts and the newest of many; no addresses."""
    now = desk.now()
    report = await desk.database.read(
        link_report,
        workspace_id=desk.workspace.id,
        calendar=command.calendar,
        public_id=command.link,
        user_id=command.user,
        only=command.only,
        now=now,
    )
    if isinstance(report.subject, LinkDetails):
        return status(report.subject, await desk.viewer(asked, report.subject))
    return status_report(report, now=now)
