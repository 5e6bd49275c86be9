"""The Slack workspace."""

from datetime import datetime

from sqlalchemy import CheckConstraint, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduling.contacts import EMAIL_LENGTH
from scheduling.database.models.base import SLACK_ID, Base


class Workspace(Base):
    """A Slack team. One installation serves one."""

    __tablename__ = "workspace"
    __table_args__ = (CheckConstraint("id = 1", name="one_workspace_an_installation"),)

    id: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    team_id: Mapped[str] = mapped_column(SLACK_ID, unique=True)
    name: Mapped[str] = mapped_column(String(200))
    created_at: Mapped[datetime]
    # The address that mail comes from; None: no mail is sent. Written at start by the worker.
    mail_from: Mapped[str | None] = mapped_column(String(EMAIL_LENGTH))
