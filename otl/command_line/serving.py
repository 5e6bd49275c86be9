"""Start it: everything on a machine, one role alone, or the practice workspace."""

import os
from dataclasses import replace
from pathlib import Path

import click

from otl import demo as practice
from otl.command_line.running import read_settings, run
from otl.logs import set_up_logging
from otl.program import ALL_ROLES, Role, serve
from scheduling.database.opening import is_sqlite, sqlite_path
from scheduling.failpoints import arm


@click.command("serve")
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
    run(serve(read_settings(), roles, calendars=calendars))


@click.command("demo")
def demo_command() -> None:
    """Try everything with a practice workspace; needs no account anywhere."""
    settings, log = read_settings(), practice.LOG
    if not os.environ.get("OTL_DATABASE_URL", "").strip():
        settings = replace(settings, database_url=practice.DATABASE)
    elif is_sqlite(settings.database_url):
        path = sqlite_path(settings.database_url)
        log = path.with_name(f"{path.name}.log")
    try:
        set_up_logging(file=log)  # the address to open stays readable
    except OSError as error:
        raise click.ClickException(str(error)) from None
    run(practice.demo(settings, log))
