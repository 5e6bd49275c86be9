"""The keys that this database was used with."""

from datetime import datetime

from sqlalchemy import String
from sqlalchemy.orm import Mapped, mapped_column

from scheduling.database.models.base import Base


class KnownKey(Base):
    """A key, by a fingerprint that opens nothing; it belongs to the installation as a whole."""

    __tablename__ = "known_key"

    key_id: Mapped[str] = mapped_column(String(16), primary_key=True)
    fingerprint: Mapped[bytes]
    known_since: Mapped[datetime]
    forgotten_at: Mapped[datetime | None]  # the operator gave it up: nothing waits for it
