"""A database knows its keys: a wrong one is refused, and one is missed while something needs it."""

from datetime import timedelta
from typing import Any

import pytest

from scheduling.database import Database
from scheduling.secrets.keyring import Keyring
from scheduling.secrets.known_keys import (
    Closed,
    MissingKeys,
    WrongKey,
    check_keys,
    forget_key,
    learn_keys,
    unused_key_id,
)
from tests.given import KEYRING, NOW, SECRET_KEY, given_calendar, given_link, when_booked
from tests.stored import rows

[OLD] = KEYRING.fingerprints()
OLD_KEY = SECRET_KEY.partition(":")[2] or SECRET_KEY
OTHER = "another key, long enough to be one, of somebody else"
ROTATED = Keyring([("new", OTHER), (OLD, OLD_KEY)])
WRONG = Keyring([(OLD, OTHER)])
NEW_ALONE = Keyring([("new", OTHER)])
LONG_AFTER = NOW + timedelta(days=400)


async def learnt(database: Database, keyring: Keyring) -> None:
    await database.write(learn_keys, keyring=keyring, now=NOW)


async def checked(database: Database, keyring: Keyring | None, **other: Any) -> bool:
    return await database.read(check_keys, keyring=keyring, **({"now": NOW} | other))


async def test_an_empty_database_takes_any_key_and_knows_it_from_then_on(
    database: Database,
) -> None:
    assert await checked(database, None) is False
    assert await checked(database, KEYRING) is True

    await learnt(database, KEYRING)

    assert await checked(database, KEYRING) is False
    with pytest.raises(WrongKey) as refused:
        await checked(database, WRONG)
    assert (refused.value.key_id, refused.value.closed) == (OLD, Closed(links=0, meetings=0))


async def test_a_key_that_is_gone_altogether_is_missed_even_before_the_first_link(
    database: Database,
) -> None:
    await learnt(database, KEYRING)

    with pytest.raises(MissingKeys) as missed:
        await checked(database, None)

    assert missed.value.key_ids == (OLD,)


async def test_a_database_that_knows_no_key_yet_asks_its_links(database: Database) -> None:
    await given_calendar(database)
    await given_link(database)

    for keyring, refusal in ((WRONG, WrongKey), (NEW_ALONE, MissingKeys), (None, MissingKeys)):
        with pytest.raises(refusal):
            await checked(database, keyring)

    assert await checked(database, KEYRING) is True


async def test_a_new_key_comes_first_and_the_old_one_goes_when_nothing_needs_it(
    database: Database,
) -> None:
    await given_calendar(database)
    await given_link(database)
    await when_booked(database, await given_link(database))
    await learnt(database, KEYRING)

    await learnt(database, ROTATED)

    with pytest.raises(MissingKeys) as missed:
        await checked(database, NEW_ALONE)
    assert missed.value.key_ids == (OLD,)
    assert missed.value.closed == Closed(links=1, meetings=1)
    await database.write(forget_key, key_id=OLD, now=NOW)
    assert await checked(database, NEW_ALONE) is False


async def test_a_key_of_links_and_meetings_that_have_ended_is_not_missed(
    database: Database,
) -> None:
    await given_calendar(database)
    await given_link(database, deadline=timedelta(days=7))
    await when_booked(database, await given_link(database))
    await learnt(database, ROTATED)

    assert await checked(database, NEW_ALONE, now=LONG_AFTER) is False


async def test_giving_a_key_up_deletes_its_active_links_and_no_others(database: Database) -> None:
    await given_calendar(database)
    used = await given_link(database)
    await when_booked(database, used)
    active = await given_link(database)
    await learnt(database, KEYRING)

    deleted = await database.write(forget_key, key_id=OLD, now=NOW)

    assert deleted == 1
    ended = await database.read(rows, "SELECT public_id, deleted_by FROM one_time_link ORDER BY id")
    assert ended == [
        (used.details.public_id, None),
        (active.details.public_id, "OTL keys forget"),
    ]
    assert await checked(database, None) is False
    assert await database.write(forget_key, key_id=OLD, now=NOW) == 0


async def test_the_id_of_a_key_that_was_given_up_is_never_another_one_s(database: Database) -> None:
    await given_calendar(database)
    await given_link(database)
    await database.write(forget_key, key_id=OLD, now=NOW)  # before anybody knew it

    for keyring in (WRONG, KEYRING):
        with pytest.raises(WrongKey):
            await checked(database, keyring)

    assert await database.read(unused_key_id) == ("2" if OLD == "1" else "1")


async def test_a_key_that_was_given_up_and_found_again_is_known_again(database: Database) -> None:
    await learnt(database, KEYRING)
    await database.write(forget_key, key_id=OLD, now=NOW)

    assert await checked(database, KEYRING) is True
    await learnt(database, KEYRING)

    with pytest.raises(MissingKeys):
        await checked(database, None)


async def test_a_key_with_which_nothing_was_made_cannot_be_given_up(database: Database) -> None:
    with pytest.raises(LookupError):
        await database.write(forget_key, key_id="typo", now=NOW)


async def test_what_is_remembered_of_a_key_is_no_key(database: Database) -> None:
    await learnt(database, KEYRING)

    [(stored,)] = await database.read(rows, "SELECT fingerprint FROM known_key")

    assert len(stored) == 32
    assert OLD_KEY.encode() not in stored
