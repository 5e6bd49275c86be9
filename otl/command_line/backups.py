"""Copy the database aside, and bring a copy back."""

from pathlib import Path

import click

from otl.backup import back_up, restore, settle_after_pg_restore
from otl.command_line.running import read_settings, run
from otl.settings import Settings


@click.command("backup")
@click.argument("file", type=click.Path(path_type=Path))
def backup_command(file: Path) -> None:
    """Copy the database to FILE; the server may be running."""
    settings = read_settings()
    run(back_up(settings.database_url, file))
    click.echo(f"The database as it is now is in {file}.")
    click.echo(_key_words(settings))


@click.command("restore")
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
    settings = read_settings()
    url = settings.database_url
    if (file is None) != after_pg_restore:
        raise click.UsageError("Name the FILE of the backup.")
    if file is None:
        settled = run(settle_after_pg_restore(url, keep_active_links=keep_active_links))
    else:
        restored = run(restore(url, file, keep_active_links=keep_active_links))
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
        click.echo(
            f"Notifications that waited: {settled.unsure}. Slack is asked first whether it has "
            "them; a mail goes out as the same mail again, which programs fold into one."
        )
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
