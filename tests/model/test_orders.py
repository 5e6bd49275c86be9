"""Two contacts with one link, and a colleague who ends it: all orders, and one of them wins.

On SQLite transactions never overlap, so all orders of them are all there is. On PostgreSQL each
person is a process, stopped before and after the link's UPDATE and before COMMIT, and every way
of taking turns is tried. (A process that waits for another's lock has no turn to take.) Where a
regeneration or one form in two hands takes part, some are drawn; with OTL_MODEL set, all are tried.
"""

import os
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import permutations
from typing import Any

import pytest
from sqlalchemy.orm import Session

from scheduling.bookings.book import Booked, book
from scheduling.database import Database, open_database
from scheduling.errors import LinkNotActive
from scheduling.links.delete import delete_link
from scheduling.links.regenerate import regenerate_link
from tests.arguments import booking, deleting, free_starts, regenerating
from tests.given import given_calendar, given_link
from tests.model.schedules import Actors, RandomTurns, Turns, shown
from tests.rendezvous import all_of
from tests.stored import half_done, overlaps, rows

ENDINGS = {"delete": (delete_link, deleting), "regenerate": (regenerate_link, regenerating)}
ALL = bool(os.environ.get("OTL_MODEL"))
MOST_SCHEDULES = 2000
SOME = 20


@pytest.mark.parametrize("ending", list(ENDINGS))
@pytest.mark.parametrize("forms", ["two forms", "one form"])
async def test_in_every_order_of_whole_transactions_the_first_wins(
    sqlite_database: Database, ending: str, forms: str
) -> None:
    await given_calendar(sqlite_database)
    end, ending_by = ENDINGS[ending]
    starts = iter(free_starts(12))

    for order in permutations(["first contact", "second contact", "colleague"]):
        link = await given_link(sqlite_database)
        first = booking(link, start=next(starts))
        second = booking(link, start=next(starts))
        if forms == "one form":
            second["submission_id"] = first["submission_id"]
        actions: dict[str, tuple[Any, dict[str, Any]]] = {
            "first contact": (book, first),
            "second contact": (book, second),
            "colleague": (end, ending_by(link.details.public_id)),
        }

        answers = await all_of(
            sqlite_database.write(actions[who][0], **actions[who][1]) for who in order
        )

        by_whom = dict(zip(order, answers, strict=True))
        booked = [who for who in order if isinstance(by_whom[who], Booked)]
        if order[0] == "colleague":
            assert booked == []
        else:
            contacts = [who for who in order if who != "colleague"]
            assert booked == (contacts if forms == "one form" else [order[0]])
        refused = [answer for answer in answers if isinstance(answer, Exception)]
        assert {type(answer) for answer in refused} <= {LinkNotActive}
        fate = await sqlite_database.read(fate_of, link.details.public_id)
        assert fate == ("deleted" if order[0] == "colleague" else "used")
    assert await sqlite_database.read(half_done) == {}
    assert await sqlite_database.read(overlaps) == []


async def test_however_two_contacts_and_a_colleague_take_turns_one_of_them_wins(
    postgresql_url: str,
) -> None:
    database = open_database(postgresql_url)
    await given_calendar(database, window=timedelta(days=360))
    starts = iter(free_starts(8 * MOST_SCHEDULES))
    async with Actors(postgresql_url, 3, everywhere=ALL) as actors:
        await when_taking_turns(actors, database, "delete", "two forms", Turns(), starts)
        for ending, forms in OTHERS:
            turns = Turns() if ALL else RandomTurns()
            await when_taking_turns(actors, database, ending, forms, turns, starts)

    assert await database.read(half_done) == {}
    assert await database.read(overlaps) == []
    await database.close()


async def when_taking_turns(
    actors: Actors,
    database: Database,
    ending: str,
    forms: str,
    turns: Turns,
    starts: Iterator[datetime],
) -> None:
    """Go through the turns, all or some, and check after each what became of the link."""
    following: Turns | None = turns
    for _ in range(SOME if isinstance(turns, RandomTurns) else MOST_SCHEDULES):
        if following is None:
            return
        link = await given_link(database)
        orders = [
            an_order("book", link.token, "a", next(starts)),
            an_order("book", link.token, "b", next(starts)),
            {"verb": ending, "link": link.details.public_id},
        ]
        if forms == "one form":
            orders[1]["submission"] = orders[0]["submission"]

        answers = await actors.run(orders, following)

        fate = await database.read(fate_of, link.details.public_id)
        told = (answers, fate, shown(orders, following))
        assert sorted(answers[:2]) in POSSIBLE_FOR_THE_CONTACTS[forms][fate], told
        assert answers[2] == POSSIBLE_FOR_THE_COLLEAGUE[ending][fate], told
        following = following.next()
    assert isinstance(turns, RandomTurns), "there are more turns to take"


OTHERS = (("delete", "one form"), ("regenerate", "two forms"), ("regenerate", "one form"))
POSSIBLE_FOR_THE_COLLEAGUE = {
    "delete": {"used": "gone used", "deleted": "deleted"},
    "regenerate": {"used": "regenerated used", "deleted": "regenerated deleted"},
}
POSSIBLE_FOR_THE_CONTACTS = {
    "two forms": {"used": [["booked", "gone used"]], "deleted": [["gone deleted"] * 2]},
    "one form": {"used": [["booked", "booked before"]], "deleted": [["gone deleted"] * 2]},
}


def an_order(verb: str, token: str, who: str, start: datetime) -> dict[str, str]:
    submission = f"{token}-{who}"
    return {"verb": verb, "token": token, "submission": submission, "start": start.isoformat()}


def fate_of(session: Session, public_id: str) -> str:
    """Return how a link ended, by what is stored."""
    [(used, deleted, bookings)] = rows(
        session,
        "SELECT used_at IS NOT NULL, deleted_at IS NOT NULL,"  # noqa: S608  # an id of ours
        " (SELECT count(*) FROM booking WHERE link_id = one_time_link.id)"
        f" FROM one_time_link WHERE public_id = '{public_id}'",
    )
    fates = {(True, False, 1): "used", (False, True, 0): "deleted"}
    return fates.get((bool(used), bool(deleted), bookings), f"{used} {deleted} {bookings}")
