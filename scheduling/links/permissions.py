"""Who may do what to a link: asked of one link in Python, of many in SQL, side by side."""

from dataclasses import dataclass

from sqlalchemy import ColumnElement, or_, true

from scheduling.database.models import Calendar, OneTimeLink


@dataclass(frozen=True, slots=True)
class Actor:
    """Who presses or types: a Slack user, and whether they administer the workspace."""

    user_id: str
    is_admin: bool


def may_change(actor: Actor, *, issued_by: str, owner: str) -> bool:
    """Tell whether they may regenerate and delete a link: its issuer, the calendar's owner, admins.

    Args:
        issued_by, owner: Slack user ids, of the link's issuer and of its calendar's owner.
    """
    return actor.is_admin or actor.user_id in {issued_by, owner}


def changeable_by(actor: Actor) -> ColumnElement[bool]:
    """Say in SQL what `may_change` says, of a link joined to its calendar."""
    if actor.is_admin:
        return true()
    return or_(OneTimeLink.issued_by == actor.user_id, Calendar.owner == actor.user_id)


def may_copy(actor: Actor, *, issued_by: str) -> bool:
    """Tell whether they may see the URL again: its issuer alone, not even an admin."""
    return actor.user_id == issued_by
