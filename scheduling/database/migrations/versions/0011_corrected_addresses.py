"""A contact's address can be corrected once; a booking's invitation has a UID that stays."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0011"
down_revision: Final = "0010"

INSTANT: Final = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
COLUMNS: Final = (
    ("uid", sa.String(36)),
    ("corrected_at", INSTANT),
    ("correction_id", sa.String(64)),
    ("former_email", sa.String(254)),
)
UNIQUE: Final = ("uid", "correction_id")


def upgrade() -> None:
    for name, type_ in COLUMNS:
        op.add_column("booking", sa.Column(name, type_, nullable=True))
    op.add_column("booking", sa.Column("sequence", ID, server_default=sa.text("0"), nullable=False))
    for name in UNIQUE:
        op.create_index(f"uq_booking_{name}", "booking", [name], unique=True)


def downgrade() -> None:
    for name in UNIQUE:
        op.drop_index(f"uq_booking_{name}", table_name="booking")
    op.drop_column("booking", "sequence")
    for name, _ in reversed(COLUMNS):
        op.drop_column("booking", name)
