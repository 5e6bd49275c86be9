"""What became of links: counts by status, and the newest of them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduling.calendars.find import CalendarDetails, find_calendar
from scheduling.database.models import OneTimeLink
from scheduling.links.details import LinkDetails, details_of, find_link
from scheduling.links.status import LinkStatus, status_at


@dataclass(frozen=True, slots=True)
class StatusReport:
    """Links of a subject.

    Attributes:
        subject: a calendar, a link, a Slack user id (links issued by them), or None: all links.
        counts: every status that has links, whatever `only` says.
        links: newest first, at most as many as were asked for.
        more: how many older links there are.
        only: the one status that `links` was narrowed to, or None.
        skipped: how many newer links there are, on the pages before.
    """

    subject: CalendarDetails | LinkDetails | str | None
    counts: Mapping[LinkStatus, int]
    links: tuple[LinkDetails, ...]
    more: int
    only: LinkStatus | None
    skipped: int = 0


def link_report(
    session: Session,
    *,
    workspace_id: int,
    calendar: str | None,
    public_id: str | None,
    user_id: str | None,
    only: LinkStatus | None,
    now: datetime,
    limit: int = 10,
    skip: int = 0,
) -> StatusReport:
    """Report on the links of a calendar, on one link, on the links a person issued, or on all.

    Args:
        limit: links on a page.
        skip: how many of the newest to leave out; past the end it shows the last page.

    Raises:
        UnknownCalendar, AmbiguousCalendar, CalendarGroupNamed, UnknownLink.
    """
    narrowed = [OneTimeLink.workspace_id == workspace_id]
    subject: CalendarDetails | LinkDetails | str | None = user_id
    if public_id is not None:
        row = find_link(session, workspace_id=workspace_id, public_id=public_id)
        narrowed.append(OneTimeLink.id == row.id)
        subject = details_of(session, [row], now=now)[0]
    elif calendar is not None:
        subject = find_calendar(session, workspace_id=workspace_id, words=calendar)
        narrowed.append(OneTimeLink.calendar_id == subject.id)
    elif user_id is not None:
        narrowed.append(OneTimeLink.issued_by == user_id)
    status = status_at(now)
    counted = session.execute(
        select(status.label("status"), func.count()).where(*narrowed).group_by("status")
    )
    counts = {LinkStatus(word): number for word, number in counted}
    if only is not None:
        narrowed.append(status == only.value)
    wanted = counts.get(only, 0) if only else sum(counts.values())
    skip = min(skip, max(wanted - 1, 0) // limit * limit)
    rows = session.scalars(
        select(OneTimeLink)
        .where(*narrowed)
        .order_by(OneTimeLink.issued_at.desc(), OneTimeLink.id.desc())
        .limit(limit)
        .offset(skip)
    ).all()
    links = details_of(session, rows, now=now)
    return StatusReport(subject, counts, links, wanted - skip - len(links), only, skip)
