"""The Slack workspace that this installation serves."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import insert, select, update
from sqlalchemy.orm import Session

from scheduling.database.models import Workspace as WorkspaceRow
from scheduling.errors import SecondWorkspace

ONLY = 1


@dataclass(frozen=True, slots=True)
class Workspace:
    """A Slack team."""

    id: int
    team_id: str
    name: str


def ensure_workspace(session: Session, *, team_id: str, name: str, now: datetime) -> Workspace:
    """Return the workspace; the first one that is named becomes it.

    Raises:
        SecondWorkspace: this installation serves another one.
    """
    found = find_workspace(session)
    if found is None:
        session.execute(
            insert(WorkspaceRow).values(id=ONLY, team_id=team_id, name=name, created_at=now)
        )
        return Workspace(ONLY, team_id, name)
    if found.team_id != team_id:
        raise SecondWorkspace(found.name, found.team_id)
    return found


def find_workspace(session: Session) -> Workspace | None:
    """Return the workspace, or None before the first `ensure_workspace`."""
    row = session.get(WorkspaceRow, ONLY)
    return None if row is None else Workspace(row.id, row.team_id, row.name)


def set_mail_sender(session: Session, *, workspace_id: int, address: str | None) -> None:
    """Have mail sent from this address from now on, for what happens from now on; None: no mail."""
    session.execute(
        update(WorkspaceRow).where(WorkspaceRow.id == workspace_id).values(mail_from=address)
    )


def mail_sender(session: Session) -> str | None:
    """Return the address that mail comes from; None: no mail is sent."""
    return session.scalar(select(WorkspaceRow.mail_from))
