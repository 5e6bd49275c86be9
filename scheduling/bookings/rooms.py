"""Whose room a meeting is in."""

from collections.abc import Collection

from sqlalchemy import select
from sqlalchemy.orm import Session

from scheduling.database.models import Calendar, Resource
from scheduling.places import Place, PlaceKind, stored_place


def place_of_meeting(session: Session, *, calendar_id: int, hosts: Collection[int]) -> Place | None:
    """Return where a meeting that is booked now will be; None: the calendar says nothing.

    Where its hosts meet in a room of their own, it is the room of the calendar's owner if they are
    one of the hosts and have a room, else of the first host who has one.

    Args:
        hosts: resource ids of those who are assigned.
    """
    calendar = session.get_one(Calendar, calendar_id)
    place = stored_place(calendar.place_kind, calendar.place_text)
    if place is None or place.kind is not PlaceKind.HOST_ROOM:
        return place
    room = session.scalar(
        select(Resource.room_url)
        .where(Resource.id.in_(hosts), Resource.room_url.is_not(None))
        .order_by(Resource.slack_user_id != calendar.owner, Resource.id)
        .limit(1)
    )
    return Place(PlaceKind.HOST_ROOM, room or "")
