"""Calendars and meetings have a place, people a room, bookings a number to call."""

from hashlib import sha256
from typing import Final
from uuid import UUID

import sqlalchemy as sa
from alembic import op

revision: Final = "0007"
down_revision: Final = "0006"

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
BATCH: Final = 1000

COLUMNS: Final = (
    ("resource", "own_email", sa.String(254)),
    ("resource", "own_zone", sa.String(64)),
    ("resource", "room_url", sa.String(500)),
    ("calendar", "description", sa.Text()),
    ("calendar", "place_kind", sa.String(32)),
    ("calendar", "place_text", sa.String(500)),
    ("appointment", "uid", sa.String(36)),
    ("appointment", "place_kind", sa.String(32)),
    ("appointment", "place_text", sa.String(500)),
    ("booking", "phone", sa.String(40)),
)


def upgrade() -> None:
    for table, name, type_ in COLUMNS:
        op.add_column(table, sa.Column(name, type_, nullable=True))
    op.add_column(
        "appointment", sa.Column("sequence", ID, server_default=sa.text("0"), nullable=False)
    )
    name_appointments()
    op.create_index("uq_appointment_uid", "appointment", ["uid"], unique=True)


def name_appointments() -> None:
    """Give each meeting the UID that follows from its first booking, some thousand at a time."""
    first = sa.text(
        "SELECT appointment_id, nonce FROM booking WHERE id IN ("
        "SELECT MIN(id) FROM booking WHERE appointment_id > :after GROUP BY appointment_id)"
        " ORDER BY appointment_id LIMIT :batch"
    )
    store = sa.text("UPDATE appointment SET uid = :uid WHERE id = :id")
    after = 0
    while rows := op.get_bind().execute(first, {"after": after, "batch": BATCH}).all():
        named = [{"id": row.appointment_id, "uid": uid(row.nonce)} for row in rows]
        op.get_bind().execute(store, named)
        after = rows[-1].appointment_id


def uid(nonce: bytes) -> str:
    digest = sha256(b"appointment\0" + bytes(nonce)).digest()
    return str(UUID(bytes=digest[:16], version=5))


def downgrade() -> None:
    op.drop_index("uq_appointment_uid", table_name="appointment")
    op.drop_column("appointment", "sequence")
    for table, name, _ in reversed(COLUMNS):
        op.drop_column(table, name)
