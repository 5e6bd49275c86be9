"""People as hosts of calendars: whose time a calendar takes."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Final

from sqlalchemy import delete, insert, select
from sqlalchemy.orm import Session

from scheduling.calendars.resources import ResourceType
from scheduling.database.models import CalendarHost, Resource

NOT_SAID: Final = ""


@dataclass(frozen=True, slots=True)
class Person:
    """A Slack user as `users.info` tells them; email and zone are None where Slack does not say.

    Attributes:
        name: NOT_SAID where Slack says nothing of them; what is known stays then.
        has_left: their account was deactivated.
    """

    slack_user_id: str
    name: str
    email: str | None = field(default=None, repr=False)
    zone: str | None = None
    has_left: bool = False


def store_people(
    session: Session, *, workspace_id: int, people: Collection[Person]
) -> Mapping[str, int]:
    """Keep what Slack says of them; return the id of each one's resource by Slack user id.

    Who is there already is locked by resource id, who is new comes after them by user id.
    """
    by_user = {person.slack_user_id: person for person in people}
    rows = {
        row.slack_user_id: row
        for row in session.scalars(
            select(Resource)
            .where(
                Resource.workspace_id == workspace_id, Resource.slack_user_id.in_(by_user.keys())
            )
            .order_by(Resource.id)
            .with_for_update()
            .execution_options(populate_existing=True)
        )
    }
    for user_id, person in sorted(by_user.items()):
        row = rows.get(user_id)
        if row is None:
            row = rows[user_id] = Resource(
                workspace_id=workspace_id, type=ResourceType.INDIVIDUAL, slack_user_id=user_id
            )
            session.add(row)
        if person.name != NOT_SAID:
            row.name, row.email, row.zone = person.name, person.email, person.zone
        row.name = row.name or user_id
    session.flush()
    return {user_id: row.id for user_id, row in rows.items()}


def every_host(session: Session, *, workspace_id: int) -> tuple[str, ...]:
    """Return the Slack user ids of all whose time some calendar takes."""
    found = session.scalars(
        select(Resource.slack_user_id)
        .where(
            Resource.workspace_id == workspace_id,
            Resource.id.in_(select(CalendarHost.resource_id)),
        )
        .order_by(Resource.id)
    )
    return tuple(found)


def hosts_of(session: Session, calendar_id: int) -> dict[str, int]:
    """Return the resource id of each host by Slack user id, ascending by resource id."""
    found = session.execute(
        select(Resource.slack_user_id, Resource.id)
        .join(CalendarHost, CalendarHost.resource_id == Resource.id)
        .where(CalendarHost.calendar_id == calendar_id)
        .order_by(Resource.id)
    )
    return {user_id: id_ for user_id, id_ in found}  # noqa: C416  # a Row is no tuple to mypy


def set_hosts(session: Session, calendar_id: int, resource_ids: Collection[int]) -> None:
    """Have the calendar take the time of these and nobody else."""
    session.execute(delete(CalendarHost).where(CalendarHost.calendar_id == calendar_id))
    session.execute(
        insert(CalendarHost),
        [{"calendar_id": calendar_id, "resource_id": id_} for id_ in sorted(resource_ids)],
    )
