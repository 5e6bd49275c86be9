"""What a person says of themselves: their room, where invitations go, their zone."""

from dataclasses import dataclass, field

from sqlalchemy import exists, select
from sqlalchemy.orm import Session

from scheduling.calendars.resources import ResourceType
from scheduling.database.models import CalendarHost, Resource


@dataclass(frozen=True, slots=True)
class OwnSettings:
    """What they said, None where nothing; and what Slack says, which serves where they did not.

    Attributes:
        hosts: a calendar takes their time.
    """

    room_url: str | None = field(default=None, repr=False)
    email: str | None = field(default=None, repr=False)
    zone: str | None = None
    slack_email: str | None = field(default=None, repr=False)
    slack_zone: str | None = None
    hosts: bool = False


def own_settings(session: Session, *, workspace_id: int, user_id: str) -> OwnSettings:
    """Return what is known of somebody, who may be nobody's host."""
    row = _find(session, workspace_id, user_id)
    if row is None:
        return OwnSettings()
    return OwnSettings(
        room_url=row.room_url,
        email=row.own_email,
        zone=row.own_zone,
        slack_email=row.email,
        slack_zone=row.zone,
        hosts=bool(session.scalar(select(exists().where(CalendarHost.resource_id == row.id)))),
    )


def save_own_settings(
    session: Session,
    *,
    workspace_id: int,
    user_id: str,
    room_url: str | None,
    email: str | None,
    zone: str | None,
) -> OwnSettings:
    """Keep what they say; None takes it away. It holds for whoever becomes a host later, too."""
    row = _find(session, workspace_id, user_id)
    if row is None:
        row = Resource(
            workspace_id=workspace_id,
            type=ResourceType.INDIVIDUAL,
            slack_user_id=user_id,
            name=user_id,  # Slack says it when they become a host
        )
        session.add(row)
    row.room_url, row.own_email, row.own_zone = room_url, email, zone
    session.flush()
    return own_settings(session, workspace_id=workspace_id, user_id=user_id)


def _find(session: Session, workspace_id: int, user_id: str) -> Resource | None:
    return session.scalar(
        select(Resource).where(
            Resource.workspace_id == workspace_id, Resource.slack_user_id == user_id
        )
    )
