"""People leave Slack; and where the app talks to each of them is kept."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0010"
down_revision: Final = "0009"

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT: Final = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")


def upgrade() -> None:
    op.add_column("resource", sa.Column("left_at", INSTANT, nullable=True))
    op.create_table(
        "direct_conversation",
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("slack_user_id", sa.String(32), nullable=False),
        sa.Column("conversation", sa.String(32), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_direct_conversation_workspace_id")
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "slack_user_id", name=op.f("pk_direct_conversation")
        ),
    )


def downgrade() -> None:
    op.drop_table("direct_conversation")
    op.drop_column("resource", "left_at")
