"""Read the settings and run a command; what an operator can mend is said in words."""

import asyncio
import os
from collections.abc import Coroutine
from typing import Any, TypeVar

import click

from otl.backup import NotDone
from otl.calendar_file import UnreadableFile, refusal
from otl.database_file import UnusableFile
from otl.existing_database import NoDatabaseYet, OldSchema, why_unavailable
from otl.listening import CannotListen
from otl.process_lock import AlreadyRunning
from otl.settings import Settings, SettingsError
from scheduling.errors import DatabaseUnavailable, InvalidCalendar, SecondWorkspace

T = TypeVar("T")


def read_settings() -> Settings:
    try:
        return Settings.from_environment(os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def run(work: Coroutine[Any, Any, T]) -> T:
    """Run, and turn what an operator can mend into words."""
    try:
        return asyncio.run(work)
    except (SettingsError, UnreadableFile, UnusableFile, NotDone, CannotListen) as error:
        raise click.ClickException(str(error)) from None
    except AlreadyRunning:
        raise click.ClickException("OTL is running on this database: stop it first.") from None
    except InvalidCalendar as error:
        raise click.ClickException(refusal(error)) from None
    except SecondWorkspace as error:
        raise click.ClickException(
            f"This database belongs to the Slack workspace {error.name} ({error.team_id}), and the "
            "token is of another one. Use that workspace's token, or another database."
        ) from None
    except NoDatabaseYet:
        raise click.ClickException("There is no database yet. `otl serve` makes it.") from None
    except OldSchema:
        raise click.ClickException(
            "The database's schema is not the newest. Run `otl migrate`, or start `otl serve`."
        ) from None
    except DatabaseUnavailable as error:
        raise click.ClickException(why_unavailable(error)) from None
    except OSError as error:
        raise click.ClickException(str(error)) from None
