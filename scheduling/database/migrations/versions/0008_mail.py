"""Whether mail is sent, and from where; a delivery may be refused for good."""

from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0008"
down_revision: Final = "0007"

RULES: Final = {
    "ck_delivery_state": (
        "state IN ('ready', 'sending', 'unsure', 'done', 'overtaken')",
        "state IN ('ready', 'sending', 'unsure', 'done', 'overtaken', 'refused')",
    ),
    "ck_delivery_closed_has_a_time": (
        "(closed_at IS NOT NULL) = (state IN ('done', 'overtaken'))",
        "(closed_at IS NOT NULL) = (state IN ('done', 'overtaken', 'refused'))",
    ),
}
"""Old and new."""


def upgrade() -> None:
    op.add_column("workspace", sa.Column("mail_from", sa.String(254), nullable=True))
    change_rules(old=0, new=1)


def downgrade() -> None:
    op.execute("UPDATE delivery SET state = 'done' WHERE state = 'refused'")
    change_rules(old=1, new=0)
    op.drop_column("workspace", "mail_from")


def change_rules(*, old: int, new: int) -> None:
    connection = op.get_bind()
    if connection.dialect.name == "postgresql":
        for name, rules in RULES.items():
            op.execute(f"ALTER TABLE delivery DROP CONSTRAINT {name}")
            op.execute(f"ALTER TABLE delivery ADD CONSTRAINT {name} CHECK ({rules[new]})")
        return
    # SQLite changes no constraint: the table is made anew. No row of another one points to it.
    table, *indexes = connection.exec_driver_sql(
        "SELECT sql FROM sqlite_master WHERE tbl_name = 'delivery' AND sql IS NOT NULL"
        " ORDER BY type = 'table' DESC, rowid"
    ).scalars()
    for rules in RULES.values():
        assert table.count(f"({rules[old]})") == 1
        table = table.replace(f"({rules[old]})", f"({rules[new]})")
    op.execute("ALTER TABLE delivery RENAME TO old_delivery")
    op.execute(sa.text(table.replace(":", "\\:")))
    op.execute("INSERT INTO delivery SELECT * FROM old_delivery")
    op.execute("DROP TABLE old_delivery")
    for index in indexes:
        op.execute(sa.text(index.replace(":", "\\:")))
