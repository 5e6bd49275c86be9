"""Load calendars from a file, and list them."""

from collections.abc import Sequence
from pathlib import Path
from typing import Final

import click

from bot.slack_client import open_slack_client
from otl.command_line.running import read_settings, run
from otl.departed import departed
from otl.existing_database import existing_database
from otl.process_lock import process_lock
from otl.program import load_file
from otl.settings import Settings
from otl.slack_workspace import identify_workspace
from scheduling.calendars.find import (
    CalendarDetails,
    Host,
    hosts_without_room,
    list_calendars,
)
from scheduling.database import open_database
from scheduling.database.migrating import migrate as bring_to_newest
from scheduling.times.words import duration_words
from scheduling.workspaces import find_workspace

NO_CALENDARS: Final = (
    "There are no calendars. Write a TOML file and run `otl calendars load FILE.toml`."
)


@click.group("calendars")
def calendars_group() -> None:
    """Load and list calendars."""


@calendars_group.command("load")
@click.argument("file", type=click.Path(path_type=Path))
def calendars_load_command(file: Path) -> None:
    """Make or change the calendars of a TOML file; fields that it does not name stay."""
    settings = read_settings()
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
                without_room = await database.read(
                    hosts_without_room,
                    workspace_id=workspace.id,
                    slugs=[*loaded.created, *loaded.changed, *loaded.unchanged],
                )
                every = await database.read(list_calendars, workspace_id=workspace.id)
            finally:
                await database.close()
        for word, slugs in (
            ("made", loaded.created),
            ("changed", loaded.changed),
            ("unchanged", loaded.unchanged),
        ):
            if slugs:
                click.echo(f"{word}: {', '.join(slugs)}")
        for calendar, hosts in without_room:
            click.echo(no_room(calendar, hosts), err=True)
        for warning in departed(every):
            click.echo(warning, err=True)

    run(work())


@calendars_group.command("list")
def calendars_list_command() -> None:
    """Show the calendars; only reads, the server may be running."""
    calendars = run(_all_calendars(read_settings()))
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


def no_room(calendar: CalendarDetails, hosts: Sequence[Host]) -> str:
    """Warn that these hosts must name their room, or send the place themselves."""
    names = ", ".join(host.name for host in hosts)
    return (
        f"{calendar.slug} meets in the host's room, and {names} named none yet: type `/otl me` in "
        "Slack. Until then contacts read that the host sends them the place."
    )


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
