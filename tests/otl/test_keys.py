"""`otl serve`, `doctor` and `keys forget` where the key is lost, wrong, changed or new."""

from pathlib import Path

import pytest

from otl.key_file import make_key_file
from otl.keys import open_keyring
from otl.practice import PracticeSlack
from otl.settings import Settings, SettingsError
from scheduling.database import Database, open_database
from scheduling.database.migrating import migrate
from scheduling.database.opening import sqlite_path
from scheduling.secrets.known_keys import learn_keys
from tests.given import KEYRING, NOW, SECRET_KEY, given_calendar, given_link
from tests.otl.commands import Run
from tests.otl.processes import running, said_by
from tests.stored import rows

OTHER = "of-somebody-else-and-long-enough-for-a-key"


def settings_for(url: str, key: str | None = None) -> Settings:
    named = {"OTL_DATABASE_URL": url} | ({} if key is None else {"OTL_SECRET_KEY": key})
    return Settings.from_environment(named)


async def opened(url: str, key: str | None = None) -> tuple[str, ...]:
    """Open the keys as a server does; return their ids."""
    database = open_database(url)
    try:
        return tuple((await open_keyring(settings_for(url, key), database)).fingerprints())
    finally:
        await database.close()


async def test_the_first_start_makes_the_key_file_and_later_ones_read_it(
    sqlite_url: str, caplog: pytest.LogCaptureFixture
) -> None:
    file = settings_for(sqlite_url).key_file
    assert file is not None

    first = await opened(sqlite_url)
    made = file.read_text()
    second = await opened(sqlite_url)

    assert (first, second) == (("1",), ("1",))
    assert caplog.messages == [f"made the key file {file}: keep a copy of it, elsewhere"]
    assert file.read_text() == made


async def test_a_lost_key_file_is_refused_by_the_program_and_not_made_anew(
    slack: PracticeSlack, tmp_path: Path
) -> None:
    settings = {
        "OTL_DATABASE_URL": f"sqlite:///{tmp_path}/otl.sqlite3",
        "OTL_PORT": "0",
        "OTL_PUBLIC_URL": "https://book.example.com",
        "SLACK_BOT_TOKEN": slack.tokens.bot,
        "SLACK_APP_TOKEN": slack.tokens.app,
        "SLACK_API_URL": slack.api_url,
    }
    file = tmp_path / "otl.key"

    async with running("serve", **settings) as program:
        await program.serves()
        program.terminate()
        await program.ends()
    key = file.read_text()
    file.unlink()
    code, said = await said_by("serve", **settings)
    _, found = await said_by("doctor", **settings)

    words = f"There is no key file {file}. This database was used with key 1, and 0 active links"
    assert code == 1
    assert words in said
    assert "Bring the file back from a backup." in said
    assert f"MEND  {words}" in found
    assert not file.exists()

    file.write_text(key)
    async with running("serve", **settings) as program:
        await program.serves()


@pytest.mark.parametrize(
    ("key", "words"),
    [
        (
            f"1:{OTHER}",
            (
                "Key 1 in OTL_SECRET_KEY is not the key 1 that this database was used with, and 1 "
                "active link and the pages of 0 coming meetings open with that one alone."
            ),
        ),
        (
            f"2:{OTHER}",
            (
                "Key 1 is not in OTL_SECRET_KEY, and 1 active link and the pages of 0 coming "
                "meetings open with it alone. Put it back behind the new one, as in 2:new…,1:old…."
            ),
        ),
    ],
)
async def test_a_wrong_key_is_told_with_what_is_closed_and_what_to_do(
    database: Database, database_url: str, key: str, words: str
) -> None:
    await given_calendar(database)
    await given_link(database)
    await database.write(learn_keys, keyring=KEYRING, now=NOW)

    with pytest.raises(SettingsError) as refused:
        await opened(database_url, key)

    assert str(refused.value).startswith(words)
    assert "`otl keys forget 1` deletes those links" in str(refused.value)
    assert OTHER not in str(refused.value)


async def test_a_database_from_before_learns_its_keys_as_it_starts(empty_database_url: str) -> None:
    await migrate(empty_database_url)
    database = open_database(empty_database_url)
    await given_calendar(database)
    await given_link(database)

    await opened(empty_database_url, SECRET_KEY)

    known = await database.read(rows, "SELECT key_id, forgotten_at FROM known_key")
    await database.close()
    assert known == [("1", None)]


async def test_a_new_key_is_put_first_and_the_old_one_stays_until_its_links_are_done(
    database: Database, database_url: str
) -> None:
    await given_calendar(database)
    await given_link(database)

    before = await opened(database_url, SECRET_KEY)
    both = await opened(database_url, f"2:{OTHER},{SECRET_KEY}")

    assert (before, both) == (("1",), ("2", "1"))
    with pytest.raises(SettingsError, match="Key 1 is not in OTL_SECRET_KEY"):
        await opened(database_url, f"2:{OTHER}")


async def test_a_key_that_is_lost_for_good_is_given_up_by_a_command_and_a_new_one_is_made(
    otl: Run, sqlite_url: str
) -> None:
    database = open_database(sqlite_url)
    await given_calendar(database)
    await given_link(database)
    await database.write(learn_keys, keyring=KEYRING, now=NOW)
    await database.close()

    told = await otl("keys", "forget", "1", OTL_DATABASE_URL=sqlite_url)
    ids = await opened(sqlite_url)

    assert told.exit_code == 0, told.output
    assert told.stdout.startswith("Key 1 is given up. Links deleted with it: 1.\n")
    assert ids == ("2",)


async def test_a_key_that_is_not_lost_is_not_given_up(otl: Run, sqlite_url: str) -> None:
    make_key_file(sqlite_path(sqlite_url).with_suffix(".key"), "1")
    await opened(sqlite_url)

    kept = await otl("keys", "forget", "1", OTL_DATABASE_URL=sqlite_url)
    unknown = await otl("keys", "forget", "7", OTL_DATABASE_URL=sqlite_url)

    assert "Error: Key 1 is not lost: it is in the key file" in kept.stderr
    assert unknown.stderr == "Error: Nothing was ever made with a key 7.\n"
    assert await opened(sqlite_url) == ("1",)
