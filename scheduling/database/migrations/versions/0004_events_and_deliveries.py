"""Ledger and outbox become events and their deliveries; a link knows when it was first seen."""

from collections.abc import Mapping, Sequence
from typing import Any, Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0004"
down_revision: Final = "0003"

ID: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
INSTANT: Final = sa.BigInteger().with_variant(sa.TIMESTAMP(timezone=True), "postgresql")
PLACES: Final = 3  # a notification went to the channel, the issuer, the owner


def upgrade() -> None:
    _make_tables()
    op.add_column("one_time_link", sa.Column("seen_at", INSTANT, nullable=True))
    op.add_column("booking", sa.Column("card_channel", sa.String(32), nullable=True))
    op.add_column("booking", sa.Column("card_ts", sa.String(32), nullable=True))
    for statement in _CARRIED_OVER:
        op.execute(statement)
    is_postgresql = op.get_bind().dialect.name == "postgresql"
    op.execute(_EVENTS.format(json="json_build_object" if is_postgresql else "json_object"))
    op.execute(_EVENTS_OF_OLD_OUTBOXES)
    op.execute(_DELIVERIES)
    _carry_over_refusals(op.get_bind())
    for table in ("outbox", "ledger", "slack_delivery"):
        op.drop_table(table)
    for column in ("slack_refused_at", "slack_refusal"):
        op.drop_column("workspace", column)


_CARRIED_OVER: Final = (
    """
    UPDATE one_time_link SET seen_at = (
        SELECT MIN(at) FROM ledger WHERE link_id = one_time_link.id AND deed = 'seen')
    """,
    """
    UPDATE booking SET
        card_channel = (SELECT sent_channel FROM outbox
            WHERE kind = 'slack.link_used' AND subject_id = booking.id),
        card_ts = (SELECT sent_ts FROM outbox
            WHERE kind = 'slack.link_used' AND subject_id = booking.id)
    """,
    """
    INSERT INTO request (workspace_id, key, link_id, at)
        SELECT workspace_id, key, link_id, at FROM slack_delivery
    """,
    """
    INSERT INTO destination_refusal (workspace_id, destination, reason, since)
        SELECT id, 'slack', COALESCE(slack_refusal, 'unknown'), slack_refused_at
        FROM workspace WHERE slack_refused_at IS NOT NULL
    """,
)

# A regenerated link had two entries, "replaced" on the old and "issued" on the new one.
# What was notified and rerouted stands on its delivery.
_EVENTS: Final = """
    INSERT INTO event (workspace_id, kind, subject_id, version, at, actor, details)
    SELECT workspace_id, kind, subject_id, 1, MIN(at), MIN(actor),
        CASE WHEN MIN(replaces_id) IS NULL THEN NULL
            ELSE {json}('replaces', MIN(replaces_id)) END
    FROM (
        SELECT ledger.id, ledger.workspace_id, ledger.at, ledger.actor,
            CASE WHEN deed = 'used' THEN 'booking.made'
                WHEN deed = 'issued' AND link.replaces_id IS NOT NULL THEN 'link.regenerated'
                ELSE 'link.' || deed END AS kind,
            CASE WHEN deed = 'used' THEN booking.id ELSE link.id END AS subject_id,
            CASE WHEN deed = 'issued' THEN link.replaces_id END AS replaces_id
        FROM ledger
        JOIN one_time_link AS link ON link.id = ledger.link_id
        LEFT JOIN booking ON booking.link_id = link.id
        WHERE deed IN ('issued', 'seen', 'deleted')
            OR (deed = 'used' AND booking.id IS NOT NULL)
    ) AS entry
    GROUP BY workspace_id, kind, subject_id
    ORDER BY MIN(id)
"""

_EVENT_OF: Final = (
    "CASE WHEN outbox.kind = 'slack.link_used' THEN 'booking.made' ELSE 'link.regenerated' END"
)

_EVENTS_OF_OLD_OUTBOXES: Final = f"""
    INSERT INTO event (workspace_id, kind, subject_id, version, at)
    SELECT workspace_id, {_EVENT_OF}, subject_id, 1, created_at FROM outbox
    WHERE NOT EXISTS (
        SELECT 1 FROM event
        WHERE event.kind = {_EVENT_OF} AND event.subject_id = outbox.subject_id)
    ORDER BY outbox.id
"""  # noqa: S608  # our own constants

_DELIVERIES: Final = f"""
    INSERT INTO delivery (
        id, workspace_id, event_id, destination, recipient, topic, notification_id, state,
        created_at, not_before, claims, failures, place, lane, plain, reason, window_since,
        wanted, shown, closed_at, receipt_place, receipt_id)
    SELECT outbox.id, outbox.workspace_id, event.id, 'slack',
        CASE WHEN outbox.kind = 'slack.link_used' THEN 'channel' ELSE 'issuer' END,
        CASE WHEN outbox.kind = 'slack.link_used' THEN 'booking:' ELSE 'link:' END
            || outbox.subject_id,
        notification_id, state, outbox.created_at, COALESCE(lease_until, not_before), attempts,
        CASE WHEN state = 'done' THEN 0 ELSE attempts END,
        CASE WHEN outbox.kind = 'slack.link_used' THEN place
            WHEN place = {PLACES - 1} THEN 1 ELSE 0 END,
        CASE WHEN place = {PLACES - 1} THEN calendar.owner
            WHEN place = 1 OR outbox.kind <> 'slack.link_used' THEN link.issued_by
            ELSE COALESCE(calendar.notification_channel, link.channel_id) END,
        plain, reason,
        CASE WHEN state IN ('sending', 'unsure') THEN COALESCE(started_at, outbox.created_at) END,
        1, CASE WHEN state = 'done' THEN 1 ELSE 0 END, done_at, sent_channel, sent_ts
    FROM outbox
    JOIN event ON event.kind = {_EVENT_OF} AND event.subject_id = outbox.subject_id
    LEFT JOIN booking ON outbox.kind = 'slack.link_used' AND booking.id = outbox.subject_id
    JOIN one_time_link AS link ON link.id = COALESCE(booking.link_id, outbox.subject_id)
    JOIN calendar ON calendar.id = link.calendar_id
    ORDER BY outbox.id
"""  # noqa: S608  # our own constants

_REFUSED: Final = """
    SELECT outbox.id, outbox.place, outbox.done_at, COALESCE(booking.link_id, outbox.subject_id)
    FROM outbox
    LEFT JOIN booking ON outbox.kind = 'slack.link_used' AND booking.id = outbox.subject_id
    WHERE outbox.place > 0 OR outbox.state <> 'done'
"""

_REROUTED: Final = """
    SELECT link_id, at, detail FROM ledger WHERE deed = 'rerouted' ORDER BY id
"""


def _carry_over_refusals(connection: sa.Connection) -> None:
    """Write what refused a notification on its delivery: it stood in the ledger, as text.

    Each place that refused wrote an entry, "code conversation"; so many back stands the first
    place's.
    """
    entries: dict[int, list[tuple[Any, str]]] = {}
    for link_id, at, detail in connection.exec_driver_sql(_REROUTED):
        entries.setdefault(link_id, []).append((at, detail or ""))
    for id_, place, done_at, link_id in connection.exec_driver_sql(_REFUSED).all():
        before = [text for at, text in entries.get(link_id, []) if not done_at or at <= done_at]
        back = place or PLACES
        if len(before) >= back:
            reason, _, conversation = before[-back].partition(" ")
            connection.execute(
                sa.text(
                    "UPDATE delivery SET refusal = :reason, refused_place = :place WHERE id = :id"
                ),
                {"reason": reason[:64], "place": conversation[:64] or None, "id": id_},
            )
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql(
            "SELECT setval(pg_get_serial_sequence('delivery', 'id'),"
            " COALESCE((SELECT MAX(id) FROM delivery), 0) + 1, false)"
        )


def _make_tables() -> None:
    op.create_table(
        "event",
        *_of_workspace("event"),
        sa.Column("kind", sa.String(32), nullable=False),
        sa.Column("subject_id", ID, nullable=False),
        sa.Column("version", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.Column("actor", sa.String(32), nullable=True),
        sa.Column("details", sa.JSON(), nullable=True),
        sa.UniqueConstraint(
            "kind", "subject_id", "version", name=op.f("uq_event_kind_subject_id_version")
        ),
    )
    op.create_index("ix_event_at", "event", ["at"])
    op.create_table(
        "delivery",
        *_of_workspace("delivery"),
        *(sa.Column(name, type_, nullable=False) for name, type_ in _ALWAYS.items()),
        *(sa.Column(name, type_, nullable=True) for name, type_ in _SOMETIMES.items()),
        *(sa.CheckConstraint(rule, name=op.f(f"ck_delivery_{n}")) for n, rule in _CHECKS.items()),
        sa.ForeignKeyConstraint(["event_id"], ["event.id"], name=op.f("fk_delivery_event_id")),
        sa.ForeignKeyConstraint(
            ["overtaken_by"], ["event.id"], name=op.f("fk_delivery_overtaken_by")
        ),
        sa.UniqueConstraint("notification_id", name=op.f("uq_delivery_notification_id")),
        sa.UniqueConstraint(
            "event_id",
            "destination",
            "recipient",
            name=op.f("uq_delivery_event_id_destination_recipient"),
        ),
    )
    for name, columns, where in _INDEXES:
        op.create_index(
            name,
            "delivery",
            columns,
            unique=name.startswith("uq"),
            sqlite_where=sa.text(where),
            postgresql_where=sa.text(where),
        )
    op.create_table(
        "destination_refusal",
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("destination", sa.String(32), nullable=False),
        sa.Column("reason", sa.String(64), nullable=False),
        sa.Column("since", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_destination_refusal_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "destination", name=op.f("pk_destination_refusal")),
    )
    _make_requests("request")


_ALWAYS: Final[Mapping[str, Any]] = {
    "event_id": ID,
    "destination": sa.String(32),
    "recipient": sa.String(64),
    "topic": sa.String(32),
    "notification_id": sa.String(36),
    "state": sa.String(24),
    "created_at": INSTANT,
    "not_before": INSTANT,
    "claims": ID,
    "failures": ID,
    "place": ID,
    "lane": sa.String(64),
    "plain": sa.Boolean(),
    "wanted": ID,
    "shown": ID,
}
_SOMETIMES: Final[Mapping[str, Any]] = {
    "card": sa.String(32),
    "refusal": sa.String(64),
    "refused_place": sa.String(64),
    "reason": sa.String(200),
    "window_since": INSTANT,
    "window_until": INSTANT,
    "window_read_to": sa.String(64),
    "closed_at": INSTANT,
    "overtaken_by": ID,
    "receipt_place": sa.String(64),
    "receipt_id": sa.String(64),
}
_CHECKS: Final[Mapping[str, str]] = {
    "state": "state IN ('ready', 'sending', 'unsure', 'done', 'overtaken')",
    "closed_has_a_time": "(closed_at IS NOT NULL) = (state IN ('done', 'overtaken'))",
    "overtaken_by_an_event": "state <> 'overtaken' OR overtaken_by IS NOT NULL",
    "shows_no_more_than_there_is": "shown <= wanted",
}
_INDEXES: Final[Sequence[tuple[str, list[str], str]]] = (
    ("ix_delivery_due", ["not_before"], "closed_at IS NULL"),
    ("ix_delivery_order", ["topic", "destination", "recipient"], "closed_at IS NULL"),
    ("uq_delivery_card", ["card", "destination", "recipient"], "card IS NOT NULL"),
    ("ix_delivery_closed_at", ["closed_at"], "closed_at IS NOT NULL"),
)


def _of_workspace(table: str) -> tuple[Any, ...]:
    return (
        sa.Column("id", ID, nullable=False),
        sa.Column("workspace_id", ID, nullable=False),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    )


def _make_requests(table: str) -> None:
    op.create_table(
        table,
        sa.Column("workspace_id", ID, nullable=False),
        sa.Column("key", sa.String(255), nullable=False),
        sa.Column("link_id", ID, nullable=False),
        sa.Column("at", INSTANT, nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["one_time_link.id"], name=op.f(f"fk_{table}_link_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f(f"fk_{table}_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f(f"pk_{table}")),
    )


def downgrade() -> None:
    """Take the new tables away; an earlier program needs a backup, with what it knew."""
    _make_requests("slack_delivery")
    op.create_table("outbox", *_of_workspace("outbox"))
    op.create_table("ledger", *_of_workspace("ledger"))
    for table in ("request", "destination_refusal", "delivery", "event"):
        op.drop_table(table)
    op.add_column("workspace", sa.Column("slack_refused_at", INSTANT, nullable=True))
    op.add_column("workspace", sa.Column("slack_refusal", sa.String(64), nullable=True))
    for table, column in (
        ("one_time_link", "seen_at"),
        ("booking", "card_channel"),
        ("booking", "card_ts"),
    ):
        op.drop_column(table, column)
