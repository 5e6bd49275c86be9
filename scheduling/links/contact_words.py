"""The words by which a link is found: the names of its contact and of whoever booked, folded."""

from typing import Final

from sqlalchemy import Select, insert, select
from sqlalchemy.orm import Session

from scheduling.database.models import ContactWord
from scheduling.database.models.links import WORD_LENGTH
from scheduling.plain_text import fold

LAST: Final = "\U0010ffff"


def remember_words(
    session: Session, *, workspace_id: int, link_id: int, name: str | None, of_booker: bool
) -> None:
    """Have the link found by the words of a name, once for its contact and once for the booker."""
    words = sorted({word[:WORD_LENGTH] for word in fold(name or "")})
    if words:
        session.execute(
            insert(ContactWord),
            [
                {
                    "workspace_id": workspace_id,
                    "word": word,
                    "link_id": link_id,
                    "of_booker": of_booker,
                }
                for word in words
            ],
        )


def links_with_word(workspace_id: int, beginning: str) -> Select[int]:
    """Select the ids of links that have a word with this beginning, folded, not empty.

    The words lie in the order of their code points, so that those with one beginning are a range.
    """
    beginning = beginning[:WORD_LENGTH]
    return select(ContactWord.link_id).where(
        ContactWord.workspace_id == workspace_id,
        ContactWord.word >= beginning,
        # No letter is the last code point: nothing that begins so lies behind it.
        ContactWord.word < beginning + LAST,
    )
