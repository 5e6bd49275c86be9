"""Where the app talks to people: kept, so that nobody has to be asked for it again."""

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from scheduling.database.models import DirectConversation, Workspace
from scheduling.workspaces import find_workspace


def direct_conversation(session: Session, *, user_id: str) -> str | None:
    """Return the conversation of somebody's direct messages; None: it is not known."""
    workspace = find_workspace(session)
    if workspace is None:
        return None
    row = session.get(DirectConversation, (workspace.id, user_id))
    return None if row is None else row.conversation


def keep_direct_conversation(session: Session, *, user_id: str, conversation: str) -> None:
    """Keep it, in place of an earlier one; of two who keep it at once the last one's stays."""
    # One after the other, and without holding up what only names the workspace.
    workspace = session.scalars(select(Workspace).limit(1).with_for_update(key_share=True)).one()
    forget_direct_conversation(session, user_id=user_id)
    session.add(
        DirectConversation(
            workspace_id=workspace.id, slack_user_id=user_id, conversation=conversation
        )
    )
    session.flush()


def forget_direct_conversation(session: Session, *, user_id: str) -> None:
    """Forget one that is gone."""
    session.execute(delete(DirectConversation).where(DirectConversation.slack_user_id == user_id))
