"""Meetings can be moved and cancelled: what was taken for them is released, not forgotten."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0013"
down_revision: Final = "0012"

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT: Final = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")

COLUMNS: Final = (
    ("occupation", sa.Column("released_at", INSTANT, nullable=True)),
    ("booking", sa.Column("cancelled_by", sa.String(32), nullable=True)),
    ("booking", sa.Column("reason", sa.Text(), nullable=True)),
    ("booking", sa.Column("moves", ID, server_default=sa.text("0"), nullable=False)),
    (
        "calendar",
        sa.Column("change_cutoff", sa.Integer(), server_default=sa.text("120"), nullable=False),
    ),
    ("calendar", sa.Column("most_moves", ID, server_default=sa.text("5"), nullable=False)),
)

NAME: Final = "no_overlap_of_one_resource"
EXCLUSION: Final = (
    f"ALTER TABLE occupation ADD CONSTRAINT {NAME} EXCLUDE USING gist ("
    "int8range(resource_id, resource_id, '[]') WITH &&, "
    "tstzrange(starts_at, ends_at, '[)') WITH &&)"
)
TRIGGER: Final = (
    "CREATE TRIGGER {trigger} BEFORE {moment} ON occupation "  # noqa: S608  # names of ours
    "WHEN {new}EXISTS (SELECT 1 FROM occupation AS other "
    "WHERE other.resource_id = NEW.resource_id {other}"
    "AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at{itself}) "
    f"BEGIN SELECT RAISE(ABORT, '{NAME}'); END"
)


def upgrade() -> None:
    for table, column in COLUMNS:
        op.add_column(table, column)
    guard(released_is_free=True)


def downgrade() -> None:
    op.execute("DELETE FROM occupation WHERE released_at IS NOT NULL")
    guard(released_is_free=False)
    for table, column in reversed(COLUMNS):
        op.drop_column(table, column.name)


def guard(*, released_is_free: bool) -> None:
    """Put the guard against overlaps in the place of the one that there is."""
    if op.get_bind().dialect.name == "postgresql":
        op.execute(f"ALTER TABLE occupation DROP CONSTRAINT IF EXISTS {NAME}")
        op.execute(EXCLUSION + (" WHERE (released_at IS NULL)" if released_is_free else ""))
        return
    for moment, itself in (("INSERT", ""), ("UPDATE", " AND other.id <> OLD.id")):
        trigger = f"{NAME}_{moment.lower()}"
        op.execute(f"DROP TRIGGER IF EXISTS {trigger}")
        op.execute(
            TRIGGER.format(
                trigger=trigger,
                moment=moment,
                itself=itself,
                new="NEW.released_at IS NULL AND " if released_is_free else "",
                other="AND other.released_at IS NULL " if released_is_free else "",
            )
        )
