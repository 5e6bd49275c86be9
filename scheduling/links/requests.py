"""What a request made: handed over twice, it is answered with the same link."""

from datetime import datetime

from sqlalchemy import insert, select
from sqlalchemy.orm import Session

from scheduling.database.models import Request


def made_by_request(
    session: Session, *, workspace_id: int, user_id: str, request_key: str
) -> int | None:
    """Return the id of the link that this request of theirs made before, or None."""
    return session.scalar(
        select(Request.link_id).where(
            Request.workspace_id == workspace_id,
            Request.key == _users_key(user_id, request_key),
        )
    )


def remember_request(
    session: Session,
    *,
    workspace_id: int,
    user_id: str,
    request_key: str,
    link_id: int,
    now: datetime,
) -> None:
    """Note which link the request made."""
    session.execute(
        insert(Request).values(
            workspace_id=workspace_id,
            key=_users_key(user_id, request_key),
            link_id=link_id,
            at=now,
        )
    )


def _users_key(user_id: str, request_key: str) -> str:
    """Return the key as it is stored: nobody is answered with what another user's request made."""
    return f"{user_id}:{request_key}"
