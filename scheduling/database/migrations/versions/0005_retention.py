"""What is deleted when its time is over is found by an index."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0005"
down_revision: Final = "0004"


def upgrade() -> None:
    op.create_index("ix_request_at", "request", ["at"])
    op.create_index(
        "ix_delivery_overtaken_by",
        "delivery",
        ["overtaken_by"],
        sqlite_where=sa.text("overtaken_by IS NOT NULL"),
        postgresql_where=sa.text("overtaken_by IS NOT NULL"),
    )


def downgrade() -> None:
    op.drop_index("ix_delivery_overtaken_by", table_name="delivery")
    op.drop_index("ix_request_at", table_name="request")
