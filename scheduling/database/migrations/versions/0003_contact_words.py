"""Contacts are found by the folded words of their names."""

import unicodedata
from typing import Final

import sqlalchemy as sa
from alembic import op

revision: Final = "0003"
down_revision: Final = "0002"

Id: Final = sa.BigInteger().with_variant(sa.Integer(), "sqlite")
WORD_LENGTH: Final = 64
WORD: Final = sa.String(WORD_LENGTH).with_variant(
    sa.String(WORD_LENGTH, collation="C"), "postgresql"
)
BATCH: Final = 1000


def upgrade() -> None:
    words = op.create_table(
        "contact_word",
        sa.Column("workspace_id", Id, nullable=False),
        sa.Column("word", WORD, nullable=False),
        sa.Column("link_id", Id, nullable=False),
        sa.Column("of_booker", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["link_id"], ["one_time_link.id"], name=op.f("fk_contact_word_link_id")
        ),
        sa.ForeignKeyConstraint(
            ["workspace_id"], ["workspace.id"], name=op.f("fk_contact_word_workspace_id")
        ),
        sa.PrimaryKeyConstraint(
            "workspace_id", "word", "link_id", "of_booker", name=op.f("pk_contact_word")
        ),
    )
    op.create_index("ix_contact_word_link_id", "contact_word", ["link_id"], unique=False)
    names = {
        False: "SELECT id, workspace_id, id AS link_id, contact_name FROM one_time_link",
        True: "SELECT id, workspace_id, link_id, contact_name FROM booking",
    }
    for of_booker, select in names.items():
        fill(words, f"{select} WHERE id > :after ORDER BY id LIMIT {BATCH}", of_booker=of_booker)


def fill(words: sa.Table, select: str, *, of_booker: bool) -> None:
    """Store the words of all names that there are, some thousand rows at a time."""
    after = 0
    while rows := op.get_bind().execute(sa.text(select), {"after": after}).all():
        found = [
            {"workspace_id": workspace_id, "word": word, "link_id": link_id, "of_booker": of_booker}
            for _, workspace_id, link_id, name in rows
            for word in sorted({word[:WORD_LENGTH] for word in fold(name or "")})
        ]
        if found:
            op.bulk_insert(words, found)
        after = rows[-1].id


def fold(text: str) -> list[str]:
    """Return a name's words without case, marks and punctuation."""
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = "".join(c for c in text if unicodedata.category(c)[0] != "M")
    return "".join(c if c.isalnum() else " " for c in text).split()


def downgrade() -> None:
    op.drop_table("contact_word")
