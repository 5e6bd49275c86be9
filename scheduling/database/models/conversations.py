"""Where the app talks to people."""

from sqlalchemy import ForeignKey
from sqlalchemy.orm import Mapped, mapped_column

from scheduling.database.models.base import SLACK_ID, Base


class DirectConversation(Base):
    """Somebody's direct messages from the app: of hosts, issuers and owners alike."""

    __tablename__ = "direct_conversation"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    slack_user_id: Mapped[str] = mapped_column(SLACK_ID, primary_key=True)
    conversation: Mapped[str] = mapped_column(SLACK_ID)
