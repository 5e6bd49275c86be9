"""A contact may bring guests along, who are written to."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0012"
down_revision: Final = "0011"

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    op.create_table(
        "guest",
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("booking_id", ID, nullable=False),
        sa.Column("email", sa.String(254), nullable=False),
        sa.Column("is_invited", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_guest_workspace_id")
        ),
        sa.ForeignKeyConstraint(["booking_id"], ["booking.id"], name=op.f("fk_guest_booking_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_guest")),
        sa.UniqueConstraint("booking_id", "email", name=op.f("uq_guest_booking_id_email")),
    )
    op.create_index(op.f("ix_guest_email"), "guest", ["email"])


def downgrade() -> None:
    op.drop_table("guest")
