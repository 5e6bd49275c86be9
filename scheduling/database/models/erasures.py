"""What was erased."""

from datetime import datetime

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from scheduling.database.models.base import Base


class ErasureRow(Base):
    """An erasure that was carried out or refused: how much, and never of whom."""

    __tablename__ = "erasure"

    id: Mapped[int] = mapped_column(primary_key=True)
    workspace_id: Mapped[int] = mapped_column(ForeignKey("workspace.id"))
    request_id: Mapped[str] = mapped_column(String(32), unique=True)  # handed in again: it is done
    at: Mapped[datetime]
    links: Mapped[int]
    bookings: Mapped[int]
    messages: Mapped[int]
    still_active: Mapped[int]
    # The link whose meeting is still to come: nothing was erased.
    refused_for: Mapped[str | None] = mapped_column(String(8))
