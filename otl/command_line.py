"""The console script `otl`."""

import asyncio
import logging
import os
import sys
from collections.abc import Coroutine
from dataclasses import replace
from pathlib import Path
from typing import Any, Final, TypeVar

import click

from bot.manifest import manifest as manifest_text
from bot.slack_client import open_slack_client
from otl import demo as practice
from otl.backup import NotDone, back_up, restore, settle_after_pg_restore
from otl.calendar_file import UnreadableFile, refusal
from otl.database_file import UnusableFile
from otl.doctor import examine
from otl.erasing import erase
from otl.erasing import words as erasing_words
from otl.existing_database import (
    NoDatabaseYet,
    OldSchema,
    existing_database,
    why_unavailable,
)
from otl.keys import give_up
from otl.listening import CannotListen
from otl.logs import set_up_logging
from otl.process_lock import AlreadyRunning, process_lock
from otl.program import ALL_ROLES, Role, load_file, serve
from otl.settings import Settings, SettingsError
from otl.slack_workspace import identify_workspace
from scheduling.calendars.find import CalendarDetails, list_calendars
from scheduling.contacts import read_email
from scheduling.database import open_database
from scheduling.database.migrating import migrate as bring_to_newest
from scheduling.database.opening import is_sqlite, sqlite_path
from scheduling.errors import DatabaseUnavailable, InvalidCalendar, SecondWorkspace
from scheduling.failpoints import arm
from scheduling.times.words import duration_words
from scheduling.workspaces import find_workspace

T = TypeVar("T")

NO_CALENDARS: Final = (
    "There are no calendars. Write a TOML file and run `otl calendars load FILE.toml`."
)


@click.group()
@click.version_option(package_name="otl")
def main() -> None:
    """One-time booking links for Slack."""
    set_up_logging(logging.CRITICAL)  # commands say their troubles in words; servers log them


@main.command("serve")
@click.option("--only", type=click.Choice([role.value for role in Role]), help="One role alone.")
@click.option(
    "--calendars",
    type=click.Path(path_type=Path),
    help="Load this TOML file before serving.",
)
def serve_command(only: str | None, calendars: Path | None) -> None:
    """Serve the bot, the booking site and the worker that delivers notifications."""
    set_up_logging()
    arm(os.environ.get("OTL_FAILPOINTS", ""))
    roles = ALL_ROLES if only is None else frozenset({Role(only)})
    _run(serve(_settings(), roles, calendars=calendars))


@main.command("demo")
def demo_command() -> None:
    """Try everything with a practice workspace; needs no account anywhere."""
    settings, log = _settings(), practice.LOG
    if not os.environ.get("OTL_DATABASE_URL", "").strip():
        settings = replace(settings, database_url=practice.DATABASE)
    elif is_sqlite(settings.database_url):
        path = sqlite_path(settings.database_url)
        log = path.with_name(f"{path.name}.log")
    try:
        set_up_logging(file=log)  # the address to open stays readable
    except OSError as error:
        raise click.ClickException(str(error)) from None
    _run(practice.demo(settings, log))


@main.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest schema (`serve` does it by itself)."""
    settings = _settings()

    async def work() -> None:
        with process_lock(settings.database_url):
            await bring_to_newest(settings.database_url)

    _run(work())
    click.echo("The database has the newest schema.")


@main.command("manifest")
@click.option("--url", help="Public address of the bot, for HTTP instead of Socket Mode.")
def manifest_command(url: str | None) -> None:
    """Print the manifest of the Slack app."""
    try:
        click.echo(manifest_text(url), nl=False)
    except ValueError as error:
        raise click.BadParameter(f"{error}.", param_hint="--url") from None


@main.command("doctor")
def doctor_command() -> None:
    """Check settings, database and Slack, and say for each what to do."""
    if not _run(examine(_settings(), click.echo)):
        sys.exit(1)


@main.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def backup_command(file: Path) -> None:
    """Copy the database to FILE; the server may be running."""
    settings = _settings()
    _run(back_up(settings.database_url, file))
    click.echo(f"The database as it is now is in {file}.")
    click.echo(_key_words(settings))


@main.command("restore")
@click.argument("file", type=click.Path(path_type=Path), required=False)
@click.option(
    "--keep-active-links",
    is_flag=True,
    help="Leave links active that were so in the backup: none of them was used since.",
)
@click.option(
    "--after-pg-restore",
    is_flag=True,
    help="With PostgreSQL: pg_restore brought the database back, settle the rest.",
)
def restore_command(file: Path | None, *, keep_active_links: bool, after_pg_restore: bool) -> None:
    """Put the backup FILE in the database's place; links that were active in it are deleted."""
    settings = _settings()
    url = settings.database_url
    if (file is None) != after_pg_restore:
        raise click.UsageError("Name the FILE of the backup.")
    if file is None:
        settled = _run(settle_after_pg_restore(url, keep_active_links=keep_active_links))
    else:
        restored = _run(restore(url, file, keep_active_links=keep_active_links))
        settled = restored.settled
        click.echo(f"The database is again as it was in {file}. What came after it is not there.")
        if restored.kept_aside:
            click.echo(f"What was there before is kept in {restored.kept_aside}.")
    if keep_active_links:
        click.echo("Links that were active then are active again.")
    else:
        click.echo(
            f"Links deleted because they may be used since: {settled.deleted}. "
            "`/otl regenerate LINK` makes a new one for the same contact."
        )
    if settled.unsure:
        click.echo(f"Notifications looked up in Slack before they are sent: {settled.unsure}.")
    click.echo(_key_words(settings))


def _key_words(settings: Settings) -> str:
    """Say where the key is, which no backup holds."""
    closed = "Without the key that made them every link and booking is closed."
    file = settings.key_file
    if file is None:
        return f"OTL_SECRET_KEY is not in the backup: keep it too, elsewhere. {closed}"
    if file.exists():
        return f"The key file {file} is not in the backup: keep a copy of it, elsewhere. {closed}"
    return f"There is no key file {file}: bring it back before you start OTL. {closed}"


@main.command("erase")
@click.argument("address", metavar="EMAIL")
def erase_command(address: str) -> None:
    """Erase the contact with this address everywhere; the server may be running."""
    email = read_email(address)
    if email is None:
        raise click.BadParameter(f"{address} is no e-mail address.", param_hint="EMAIL")
    answer = _run(erase(_settings().database_url, email))
    click.echo(erasing_words(answer))
    if answer.erasure is None or answer.erasure.refused_for is not None:
        sys.exit(1)


@main.group("keys")
def keys_group() -> None:
    """Give up keys that are lost."""


@keys_group.command("forget")
@click.argument("key_id", metavar="ID")
def keys_forget_command(key_id: str) -> None:
    """Give up key ID for good: its active links are deleted, the pages of its bookings closed."""
    settings = _settings()
    deleted = _run(give_up(settings, key_id))
    click.echo(f"Key {key_id} is given up. Links deleted with it: {deleted}.")
    click.echo("`/otl regenerate LINK` makes a new one for the same contact.")


@main.group("calendars")
def calendars_group() -> None:
    """Load and list calendars."""


@calendars_group.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def calendars_load_command(file: Path) -> None:
    """Make or change the calendars of a TOML file; fields that it does not name stay."""
    settings = _settings()
    if settings.slack_bot_token is None:
        raise click.ClickException(
            "SLACK_BOT_TOKEN is missing: the hosts' names come from Slack. Copy the bot token "
            "(xoxb-…) from your Slack app's page, OAuth & Permissions."
        )

    async def work() -> None:
        with process_lock(settings.database_url):
            await bring_to_newest(settings.database_url)
            database = open_database(settings.database_url)
            try:
                async with open_slack_client(
                    settings.slack_bot_token, base_url=settings.slack_api_url
                ) as slack:
                    workspace = await identify_workspace(database, slack)
                    loaded = await load_file(database, slack, workspace, file)
            finally:
                await database.close()
        for word, slugs in (
            ("made", loaded.created),
            ("changed", loaded.changed),
            ("unchanged", loaded.unchanged),
        ):
            if slugs:
                click.echo(f"{word}: {', '.join(slugs)}")

    _run(work())


@calendars_group.command("list")
def calendars_list_command() -> None:
    """Show the calendars; only reads, the server may be running."""
    calendars = _run(_all_calendars(_settings()))
    for calendar in calendars:
        click.echo(_line(calendar))
    if not calendars:
        click.echo(NO_CALENDARS, err=True)


async def _all_calendars(settings: Settings) -> tuple[CalendarDetails, ...]:
    async with existing_database(settings.database_url) as database:
        workspace = await database.read(find_workspace)
        if workspace is None:
            return ()
        return await database.read(list_calendars, workspace_id=workspace.id)


def _line(calendar: CalendarDetails) -> str:
    hosts = ", ".join(host.name for host in calendar.hosts)
    words = [
        f"{calendar.slug:<28}",
        f"{calendar.type.label:<14}",
        f"{duration_words(calendar.duration):<12}",
        f"{'Active' if calendar.active else 'Deactivated':<12}",
        f"{calendar.name} ({calendar.group})" if calendar.group else calendar.name,
        f"with {hosts}",
    ]
    return "  ".join(words)


def _settings() -> Settings:
    try:
        return Settings.from_environment(os.environ)
    except SettingsError as error:
        raise click.ClickException(str(error)) from None


def _run(work: Coroutine[Any, Any, T]) -> T:
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
