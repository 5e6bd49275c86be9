"""What was erased is written down, without saying of whom."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0006"
down_revision: Final = "0005"

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT: Final = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("request_id", sa.String(32), nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("links", ID, nullable=False),
        sa.Column("bookings", ID, nullable=False),
        sa.Column("messages", ID, nullable=False),
        sa.Column("still_active", ID, nullable=False),
        sa.Column("refused_for", sa.String(8), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_erasure_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
        sa.UniqueConstraint("request_id", name=op.f("uq_erasure_request_id")),
    )


def downgrade() -> None:
    op.drop_table("erasure")
