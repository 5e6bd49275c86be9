"""A booking keeps the language and the clock in which it was made."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0009"
down_revision: Final = "0008"


def upgrade() -> None:
    op.add_column(
        "booking",
        sa.Column("language", sa.String(35), server_default=sa.text("'en-GB'"), nullable=False),
    )
    op.add_column(
        "booking",
        sa.Column("twelve_hours", sa.Boolean(), server_default=sa.false(), nullable=False),
    )


def downgrade() -> None:
    op.drop_column("booking", "twelve_hours")
    op.drop_column("booking", "language")
