"""What Slack handed over."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduling.database.models.base import Base


class Request(Base):
    """What Slack handed over and we carried out: handed over again, it finds its link here."""

    __tablename__ = "request"

    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"), primary_key=True)
    key: Mapped[str] = mapped_column(String(255), primary_key=True)
    link_id: Mapped[int] = mapped_column(ForeignKey("one_time_link.id"))
    at: Mapped[datetime] = mapped_column(index=True)
