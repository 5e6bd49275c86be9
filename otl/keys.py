"""The keys that make links, compared with those that the database was used with."""

import logging
from contextlib import suppress
from datetime import UTC, datetime

from otl.existing_database import existing_database
from otl.key_file import make_key_file
from otl.process_lock import process_lock
from otl.settings import Settings, SettingsError
from scheduling.database import Database, open_database
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

log = logging.getLogger(__name__)


class BadKeys(SettingsError):
    """The keys are not those of the database; says what is closed, and what to do."""


async def open_keyring(settings: Settings, database: Database) -> Keyring:
    """Return the keys, if they are those of the database, which remembers a new one.

    The key file is made only for a database that misses no key.

    Raises:
        SettingsError: a key cannot be used, is another one, or is missing.
    """
    keyring = await check_keyring(settings, database)
    if keyring is None:
        assert settings.key_file is not None
        make_key_file(settings.key_file, await database.read(unused_key_id))
        log.warning("made the key file %s: keep a copy of it, elsewhere", settings.key_file)
        keyring = await check_keyring(settings, database)
        assert keyring is not None
    now = datetime.now(UTC)
    if await database.read(check_keys, keyring=keyring, now=now):
        await database.write(learn_keys, keyring=keyring, now=now)
    return keyring


async def check_keyring(settings: Settings, database: Database) -> Keyring | None:
    """Return the keys; None: there is no key file yet, and none is missed. Changes nothing.

    Raises:
        SettingsError: see `open_keyring`.
    """
    keyring = settings.keyring()
    try:
        await database.read(check_keys, keyring=keyring, now=datetime.now(UTC))
    except WrongKey as error:
        raise BadKeys(_wrong(settings, error)) from None
    except MissingKeys as error:
        raise BadKeys(_missing(settings, error)) from None
    return keyring


async def give_up(settings: Settings, key_id: str) -> int:
    """Forget a key that is lost, and delete the links that need it; return how many they were.

    Raises:
        AlreadyRunning: OTL is running, on SQLite.
        SettingsError: nothing was made with such a key, or it is not lost at all.
    """
    async with existing_database(settings.database_url):
        pass  # nothing is made where there is none
    with process_lock(settings.database_url):
        database = open_database(settings.database_url)
        now = datetime.now(UTC)
        try:
            with suppress(WrongKey, MissingKeys):
                keyring = settings.keyring()
                await database.read(check_keys, keyring=keyring, now=now)
                if keyring is not None and key_id in keyring.fingerprints():
                    raise SettingsError(
                        f"Key {key_id} is not lost: it is in {_place(settings)}. Take it out first."
                    )
            return await database.write(forget_key, key_id=key_id, now=now)
        except LookupError:
            raise SettingsError(f"Nothing was ever made with a key {key_id}.") from None
        finally:
            await database.close()


def _wrong(settings: Settings, error: WrongKey) -> str:
    key = f"key {error.key_id}"
    return (
        f"{key.capitalize()} in {_place(settings)} is not the {key} that this database was used "
        f"with, and {_closed(error.closed)} with that one alone. Bring it back from a backup. If "
        f"it is lost for good, {_forget(error.key_id)}; give the other key an id of its own then."
    )


def _missing(settings: Settings, error: MissingKeys) -> str:
    ids = " and ".join(error.key_ids)
    keys = f"key {ids}" if len(error.key_ids) == 1 else f"keys {ids}"
    lost = f"If it is lost for good, {_forget(*error.key_ids)}."
    file = settings.key_file
    if file is not None and not file.exists():
        return (
            f"There is no key file {file}. This database was used with {keys}, and "
            f"{_closed(error.closed)} with it alone. Bring the file back from a backup. {lost}"
        )
    return (
        f"{keys.capitalize()} is not in {_place(settings)}, and {_closed(error.closed)} with it "
        f"alone. Put it back behind the new one, as in 2:new…,1:old…. {lost}"
    )


def _place(settings: Settings) -> str:
    return "OTL_SECRET_KEY" if settings.key_file is None else f"the key file {settings.key_file}"


def _closed(closed: Closed) -> str:
    links = f"{closed.links} active {'link' if closed.links == 1 else 'links'}"
    pages = (
        f"the pages of {closed.meetings} coming {'meeting' if closed.meetings == 1 else 'meetings'}"
    )
    return f"{links} and {pages} open"


def _forget(*key_ids: str) -> str:
    commands = " and ".join(f"`otl keys forget {key_id}`" for key_id in key_ids)
    return f"{commands} deletes those links and lets OTL start without it"
