"""Links found by what their contacts are called."""

from typing import Any

import pytest
from sqlalchemy import Connection, event, insert, text
from sqlalchemy.orm import Session

from scheduling.contacts import Contact
from scheduling.database import Database
from scheduling.database.models import ContactWord, OneTimeLink
from scheduling.links.details import LinkDetails
from scheduling.links.permissions import Actor
from scheduling.links.search import search_links
from tests.given import NOW, SALES, SAM, a_booker, given_calendar, given_link, when_booked

ASKED = {
    "workspace_id": 1,
    "actor": Actor(SAM, is_admin=False),
    "only_own": False,
    "only_active": False,
    "now": NOW,
    "limit": 100,
}


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("Özge Y\u0131lmaz", "özge"),
        ("Özge Y\u0131lmaz", "ÖZGE"),
        ("Özge Y\u0131lmaz", "ozge"),
        ("Özge Y\u0131lmaz", "O\u0308zg"),
        ("Özge Y\u0131lmaz", "y\u0131l öz"),
        ("Jörg Groß", "gross"),
        ("Jörg Groß", "GROSS JORG"),
        ("JÖRG GROSS", "groß"),
        ("Łukasz Żak", "zak"),
        ("\uff2a\uff41\uff4e\uff45 Doe", "jane"),
        ("Σίσυφος", "ΣΊΣΥΦΟΣ"),
        ("山田太郎", "山田"),
        ("Conan O'Brien-Smith", "brien"),
        ("Conan O'Brien-Smith", "o'brien-sm"),
        ("\U0001f389 Jane", "jane"),
    ],
)
async def test_a_contact_is_found_by_the_start_of_any_word_whatever_the_letters(
    database: Database, name: str, words: str
) -> None:
    await given_calendar(database)
    link = await given_link(database, contact=Contact(name))
    await given_link(database, contact=Contact("Somebody Else"))

    assert await found(database, words) == {link.details.public_id}


@pytest.mark.parametrize("words", ["ane", "janet", "jane smith", "%", "_", "\U0001f389"])
async def test_what_does_not_begin_a_word_finds_nobody(database: Database, words: str) -> None:
    await given_calendar(database)
    await given_link(database, contact=Contact("Jane Doe"))

    assert await found(database, words) == set()


@pytest.mark.parametrize("words", ["\ud800", "jane \udfff", "\x00jane", "\U0010ffff", "x" * 5000])
async def test_no_text_is_too_odd_to_be_looked_for(database: Database, words: str) -> None:
    await given_calendar(database)
    link = await given_link(database, contact=Contact("Jane Doe"))

    expected = set() if words.startswith("x") else {link.details.public_id}
    assert await found(database, words) == expected


async def test_a_used_link_is_found_by_whom_it_was_for_and_by_who_booked(
    database: Database,
) -> None:
    await given_calendar(database)
    link = await given_link(database, contact=Contact("Ångström AB"))
    await when_booked(database, link, booker=a_booker("Zoë Ångström"))

    for words in ("angstrom", "ab", "zoe", "ZOË AB"):
        assert await found(database, words) == {link.details.public_id}


@pytest.mark.parametrize("words", ["über", "UBER", "ueber-call", "be"])
async def test_the_calendar_is_found_by_any_part_of_its_name_and_slug(
    database: Database, words: str
) -> None:
    await given_calendar(database, slug="ueber-call", name="Über Uns")
    link = await given_link(database, calendar="ueber-call", contact=Contact("Jane"))

    assert await found(database, words) == {link.details.public_id}


async def test_the_words_of_contacts_are_looked_up_in_their_index(database: Database) -> None:
    await database.write(many_links, (await given_calendar(database)).id)

    plan = await database.read(plan_of_the_search)

    assert "pk_contact_word" in plan or "sqlite_autoindex_contact_word_1" in plan, plan
    assert "word>?" in plan or "(word)::text >=" in plan or "word >=" in plan, plan


def many_links(session: Session, calendar_id: int) -> None:
    """Store so many links with a word each that no database reads all the words."""
    ids = session.scalars(
        insert(OneTimeLink).returning(OneTimeLink.id),
        [
            {
                "workspace_id": 1,
                "public_id": f"L-{number:06}",
                "nonce": b"",
                "key_id": "1",
                "lookup": f"{number}".encode(),
                "calendar_id": calendar_id,
                "issued_by": SAM,
                "channel_id": SALES,
                "issued_at": NOW,
            }
            for number in range(5000)
        ],
    ).all()
    session.execute(
        insert(ContactWord),
        [
            {"workspace_id": 1, "word": f"word{number:05}", "link_id": id_, "of_booker": False}
            for number, id_ in enumerate(ids)
        ],
    )
    session.execute(text("ANALYZE"))


def plan_of_the_search(session: Session) -> str:
    """Return how the database carries a search by a contact's word out."""
    seen: list[tuple[str, Any]] = []
    connection = session.connection()

    def note(_c: Connection, _k: Any, statement: str, parameters: Any, *_: Any) -> None:
        seen.append((statement, parameters))

    event.listen(connection, "before_cursor_execute", note)
    search_links(session, words="word0421", **ASKED)  # type: ignore[arg-type]
    event.remove(connection, "before_cursor_execute", note)
    [(statement, parameters)] = [one for one in seen if "contact_word" in one[0]]
    explain = "EXPLAIN" if connection.dialect.name == "postgresql" else "EXPLAIN QUERY PLAN"
    return "\n".join(
        str(row) for row in connection.exec_driver_sql(f"{explain} {statement}", parameters)
    )


async def found(database: Database, words: str) -> set[str]:
    links: tuple[LinkDetails, ...] = await database.read(search_links, words=words, **ASKED)  # type: ignore[arg-type]
    return {link.public_id for link in links}
