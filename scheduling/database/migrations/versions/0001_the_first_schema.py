"""The first schema."""

from typing import Final

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision: Final = "0001"
down_revision: Final = None

# SQLite numbers rows by itself only where the type is exactly INTEGER.
Id: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
Instant: Final = sa.BigInteger().with_variant(postgresql.TIMESTAMP(timezone=True), "postgresql")
Minutes: Final = sa.Integer()

GUARDS: Final = {
    "postgresql": (
        (
            "ALTER TABLE occupation ADD CONSTRAINT no_overlap_of_one_resource EXCLUDE USING gist ("
            "int8range(resource_id, resource_id, '[]') WITH &&, "
            "tstzrange(starts_at, ends_at, '[)') WITH &&)"
        ),
    ),
    "sqlite": (
        (
            "CREATE TRIGGER no_overlap_of_one_resource_insert "
            "BEFORE INSERT ON occupation "
            "WHEN EXISTS (SELECT 1 FROM occupation AS other "
            "WHERE other.resource_id = NEW.resource_id "
            "AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at) "
            "BEGIN SELECT RAISE(ABORT, 'no_overlap_of_one_resource'); END"
        ),
        (
            "CREATE TRIGGER no_overlap_of_one_resource_update "
            "BEFORE UPDATE ON occupation "
            "WHEN EXISTS (SELECT 1 FROM occupation AS other "
            "WHERE other.resource_id = NEW.resource_id "
            "AND other.starts_at < NEW.ends_at AND NEW.starts_at < other.ends_at "
            "AND other.id <> OLD.id) "
            "BEGIN SELECT RAISE(ABORT, 'no_overlap_of_one_resource'); END"
        ),
    ),
}


def upgrade() -> None:
    op.create_table(
        "workspace",
        sa.Column("id", Id, autoincrement=False, nullable=False),
        sa.Column("team_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("slack_refused_at", Instant, nullable=True),
        sa.Column("slack_refusal", sa.String(length=64), nullable=True),
        sa.CheckConstraint("id = 1", name=op.f("ck_workspace_one_workspace_an_installation")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_workspace")),
        sa.UniqueConstraint("team_id", name=op.f("uq_workspace_team_id")),
    )
    op.create_table(
        "calendar",
        sa.Column("id", Id, nullable=False),
        sa.Column("workspace_id", Id, nullable=False),
        sa.Column("slug", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "event",
                "round-robin",
                "class",
                "collective",
                name="type",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("group_name", sa.String(length=200), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("duration", Minutes, nullable=False),
        sa.Column("step", Minutes, nullable=True),
        sa.Column("buffer_before", Minutes, nullable=False),
        sa.Column("buffer_after", Minutes, nullable=False),
        sa.Column("minimum_notice", Minutes, nullable=False),
        sa.Column("booking_window", Minutes, nullable=False),
        sa.Column("seats", Id, nullable=False),
        sa.Column("opening_hours", sa.JSON(), nullable=False),
        sa.Column("owner", sa.String(length=32), nullable=False),
        sa.Column("notification_channel", sa.String(length=32), nullable=True),
        sa.Column("deactivated_at", Instant, nullable=True),
        sa.Column("updated_at", Instant, nullable=False),
        sa.CheckConstraint(
            "seats = 1 OR (type = 'class' AND seats > 1)",
            name=op.f("ck_calendar_seats_are_for_classes"),
        ),
        sa.CheckConstraint(
            "buffer_before >= 0 AND buffer_after >= 0"
            " AND minimum_notice >= 0 AND booking_window > 0",
            name=op.f("ck_calendar_no_negative_rule"),
        ),
        sa.CheckConstraint(
            "duration > 0 AND (step IS NULL OR step > 0)",
            name=op.f("ck_calendar_positive_duration_and_step"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_calendar_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_calendar")),
        sa.UniqueConstraint("workspace_id", "slug", name=op.f("uq_calendar_workspace_id_slug")),
    )
    op.create_table(
        "outbox",
        sa.Column("id", Id, nullable=False),
        sa.Column("workspace_id", Id, nullable=False),
        sa.Column(
            "kind",
            sa.Enum(
                "slack.link_used",
                "slack.link_regenerated",
                name="kind",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("subject_id", Id, nullable=False),
        sa.Column("notification_id", sa.String(length=36), nullable=False),
        sa.Column(
            "state",
            sa.Enum(
                "ready",
                "sending",
                "unsure",
                "done",
                name="state",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("created_at", Instant, nullable=False),
        sa.Column("not_before", Instant, nullable=False),
        sa.Column("lease_until", Instant, nullable=True),
        sa.Column("started_at", Instant, nullable=True),
        sa.Column("attempts", Id, nullable=False),
        sa.Column("place", Id, nullable=False),
        sa.Column("plain", sa.Boolean(), nullable=False),
        sa.Column("reason", sa.String(length=200), nullable=True),
        sa.Column("done_at", Instant, nullable=True),
        sa.Column("sent_channel", sa.String(length=32), nullable=True),
        sa.Column("sent_ts", sa.String(length=32), nullable=True),
        sa.CheckConstraint(
            "(state = 'done') = (done_at IS NOT NULL)", name=op.f("ck_outbox_done_has_a_time")
        ),
        sa.CheckConstraint(
            "(state = 'sending') = (lease_until IS NOT NULL)",
            name=op.f("ck_outbox_sending_has_a_lease"),
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_outbox_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox")),
        sa.UniqueConstraint("kind", "subject_id", name=op.f("uq_outbox_kind_subject_id")),
        sa.UniqueConstraint("notification_id", name=op.f("uq_outbox_notification_id")),
    )
    op.create_index(
        "ix_outbox_due",
        "outbox",
        ["not_before"],
        unique=False,
        sqlite_where=sa.text("state <> 'done'"),
        postgresql_where=sa.text("state <> 'done'"),
    )

    op.create_table(
        "resource",
        sa.Column("id", Id, nullable=False),
        sa.Column("workspace_id", Id, nullable=False),
        sa.Column(
            "type",
            sa.Enum(
                "individual",
                "room",
                "resource",
                name="type",
                native_enum=False,
                create_constraint=True,
                length=24,
            ),
            nullable=False,
        ),
        sa.Column("slack_user_id", sa.String(length=32), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=True),
        sa.Column("zone", sa.String(length=64), nullable=True),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_resource_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_resource")),
        sa.UniqueConstraint(
            "workspace_id", "slack_user_id", name=op.f("uq_resource_workspace_id_slack_user_id")
        ),
    )
    op.create_table(
        "appointment",
        sa.Column("id", Id, nullable=False),
        sa.Column("workspace_id", Id, nullable=False),
        sa.Column("calendar_id", Id, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.Column("seats", Id, nullable=False),
        sa.Column("cancelled_at", Instant, nullable=True),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_appointment_ends_after_start")),
        sa.CheckConstraint("seats > 0", name=op.f("ck_appointment_has_seats")),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_appointment_calendar_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_appointment_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_appointment")),
    )
    op.create_index("ix_appointment_calendar_id", "appointment", ["calendar_id"], unique=False)
    op.create_index(
        "uq_appointment_calendar_id_starts_at_class",
        "appointment",
        ["calendar_id", "starts_at"],
        unique=True,
        sqlite_where=sa.text("seats > 1 AND cancelled_at IS NULL"),
        postgresql_where=sa.text("seats > 1 AND cancelled_at IS NULL"),
    )

    op.create_table(
        "calendar_host",
        sa.Column("calendar_id", Id, nullable=False),
        sa.Column("resource_id", Id, nullable=False),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_calendar_host_calendar_id")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_calendar_host_resource_id")
        ),
        sa.PrimaryKeyConstraint("calendar_id", "resource_id", name=op.f("pk_calendar_host")),
    )
    op.create_table(
        "one_time_link",
        sa.Column("id", Id, nullable=False),
        sa.Column("workspace_id", Id, nullable=False),
        sa.Column("public_id", sa.String(length=8), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("calendar_id", Id, nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=True),
        sa.Column("contact_email", sa.String(length=254), nullable=True),
        sa.Column("issued_by", sa.String(length=32), nullable=False),
        sa.Column("channel_id", sa.String(length=32), nullable=False),
        sa.Column("issued_at", Instant, nullable=False),
        sa.Column("used_at", Instant, nullable=True),
        sa.Column("deleted_at", Instant, nullable=True),
        sa.Column("deleted_by", sa.String(length=32), nullable=True),
        sa.Column("expires_at", Instant, nullable=True),
        sa.Column("replaces_id", Id, nullable=True),
        sa.CheckConstraint(
            "(deleted_at IS NULL) = (deleted_by IS NULL)",
            name=op.f("ck_one_time_link_somebody_deleted_what_is_deleted"),
        ),
        sa.CheckConstraint(
            "expires_at IS NULL OR expires_at > issued_at",
            name=op.f("ck_one_time_link_deadline_after_issue"),
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR deleted_at IS NULL",
            name=op.f("ck_one_time_link_used_or_deleted_not_both"),
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR expires_at IS NULL OR used_at < expires_at",
            name=op.f("ck_one_time_link_not_used_after_deadline"),
        ),
        sa.CheckConstraint(
            "used_at IS NULL OR used_at >= issued_at",
            name=op.f("ck_one_time_link_used_after_issue"),
        ),
        sa.ForeignKeyConstraint(
            ["calendar_id"], ["calendar.id"], name=op.f("fk_one_time_link_calendar_id")
        ),
        sa.ForeignKeyConstraint(
            ["replaces_id"], ["one_time_link.id"], name=op.f("fk_one_time_link_replaces_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_one_time_link_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_one_time_link")),
        sa.UniqueConstraint("lookup", name=op.f("uq_one_time_link_lookup")),
        sa.UniqueConstraint("replaces_id", name=op.f("uq_one_time_link_replaces_id")),
        sa.UniqueConstraint(
            "workspace_id", "public_id", name=op.f("uq_one_time_link_workspace_id_public_id")
        ),
    )
    op.create_index(
        "ix_one_time_link_by_issuer",
        "one_time_link",
        ["workspace_id", "issued_by", "issued_at"],
        unique=False,
    )
    op.create_index(
        "ix_one_time_link_newest",
        "one_time_link",
        ["workspace_id", "calendar_id", "issued_at"],
        unique=False,
    )

    op.create_table(
        "booking",
        sa.Column("id", Id, nullable=False),
        sa.Column("workspace_id", Id, nullable=False),
        sa.Column("appointment_id", Id, nullable=False),
        sa.Column("seat", Id, nullable=False),
        sa.Column("link_id", Id, nullable=False),
        sa.Column("submission_id", sa.String(length=64), nullable=False),
        sa.Column("nonce", sa.LargeBinary(), nullable=False),
        sa.Column("key_id", sa.String(length=16), nullable=False),
        sa.Column("lookup", sa.LargeBinary(), nullable=False),
        sa.Column("contact_name", sa.String(length=200), nullable=False),
        sa.Column("contact_email", sa.String(length=254), nullable=False),
        sa.Column("notes", sa.Text(), nullable=False),
        sa.Column("zone", sa.String(length=64), nullable=False),
        sa.Column("booked_at", Instant, nullable=False),
        sa.Column("cancelled_at", Instant, nullable=True),
        sa.CheckConstraint("seat > 0", name=op.f("ck_booking_seat_counts_from_one")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_booking_appointment_id")
        ),
        sa.ForeignKeyConstraint(["link_id"], ["one_time_link.id"], name=op.f("fk_booking_link_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_booking_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_booking")),
        sa.UniqueConstraint("link_id", name=op.f("uq_booking_link_id")),
        sa.UniqueConstraint("lookup", name=op.f("uq_booking_lookup")),
        sa.UniqueConstraint("submission_id", name=op.f("uq_booking_submission_id")),
    )
    op.create_index(
        "uq_booking_appointment_id_seat_active",
        "booking",
        ["appointment_id", "seat"],
        unique=True,
        sqlite_where=sa.text("cancelled_at IS NULL"),
        postgresql_where=sa.text("cancelled_at IS NULL"),
    )

    op.create_table(
        "ledger",
        sa.Column("id", Id, nullable=False),
        sa.Column("workspace_id", Id, nullable=False),
        sa.Column("link_id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.Column("deed", sa.String(length=32), nullable=False),
        sa.Column("actor", sa.String(length=32), nullable=True),
        sa.Column("detail", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["link_id"], ["one_time_link.id"], name=op.f("fk_ledger_link_id")),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_ledger_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_ledger")),
    )
    op.create_index("ix_ledger_link_id", "ledger", ["link_id"], unique=False)

    op.create_table(
        "occupation",
        sa.Column("id", Id, nullable=False),
        sa.Column("workspace_id", Id, nullable=False),
        sa.Column("resource_id", Id, nullable=False),
        sa.Column("appointment_id", Id, nullable=False),
        sa.Column("starts_at", Instant, nullable=False),
        sa.Column("ends_at", Instant, nullable=False),
        sa.CheckConstraint("ends_at > starts_at", name=op.f("ck_occupation_ends_after_start")),
        sa.ForeignKeyConstraint(
            ["appointment_id"], ["appointment.id"], name=op.f("fk_occupation_appointment_id")
        ),
        sa.ForeignKeyConstraint(
            ["resource_id"], ["resource.id"], name=op.f("fk_occupation_resource_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_occupation_workspace_id")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_occupation")),
    )
    op.create_index("ix_occupation_appointment_id", "occupation", ["appointment_id"], unique=False)
    op.create_index(
        "ix_occupation_resource_id_ends_at", "occupation", ["resource_id", "ends_at"], unique=False
    )

    op.create_table(
        "slack_delivery",
        sa.Column("workspace_id", Id, nullable=False),
        sa.Column("key", sa.String(length=255), nullable=False),
        sa.Column("link_id", Id, nullable=False),
        sa.Column("at", Instant, nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["one_time_link.id"], name=op.f("fk_slack_delivery_link_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_slack_delivery_workspace_id")
        ),
        sa.PrimaryKeyConstraint("workspace_id", "key", name=op.f("pk_slack_delivery")),
    )
    for statement in GUARDS[op.get_bind().dialect.name]:
        op.execute(statement)


def downgrade() -> None:
    for table in (
        "slack_delivery",
        "occupation",
        "ledger",
        "booking",
        "one_time_link",
        "calendar_host",
        "appointment",
        "resource",
        "outbox",
        "calendar",
        "workspace",
    ):
        op.drop_table(table)
