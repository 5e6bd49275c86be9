"""The console script `otl`; families of commands have files of their own."""

import logging
import sys

import click

from bot.manifest import manifest as manifest_text
from otl.command_line.backups import backup_command, restore_command
from otl.command_line.calendars import calendars_group
from otl.command_line.running import read_settings, run
from otl.command_line.serving import demo_command, serve_command
from otl.doctor import examine
from otl.erasing import erase
from otl.erasing import words as erasing_words
from otl.keys import give_up
from otl.logs import set_up_logging
from otl.process_lock import process_lock
from scheduling.contacts import read_email
from scheduling.database.migrating import migrate as bring_to_newest


@click.group()
@click.version_option(package_name="otl")
def main() -> None:
    """One-time booking links for Slack."""
    set_up_logging(logging.CRITICAL)  # commands say their troubles in words; servers log them


main.add_command(serve_command)
main.add_command(demo_command)
main.add_command(backup_command)
main.add_command(restore_command)
main.add_command(calendars_group)


@main.command("migrate")
def migrate_command() -> None:
    """Bring the database to the newest schema (`serve` does it by itself)."""
    settings = read_settings()

    async def work() -> None:
        with process_lock(settings.database_url):
            await bring_to_newest(settings.database_url)

    run(work())
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
@click.option("--mail", "mail_to", metavar="ADDRESS", help="Send a test mail there too.")
def doctor_command(mail_to: str | None) -> None:
    """Check settings, database, Slack and mail server, and say for each what to do."""
    address = None if mail_to is None else read_email(mail_to)
    if mail_to is not None and address is None:
        raise click.BadParameter(f"{mail_to} is no e-mail address.", param_hint="--mail")
    if not run(examine(read_settings(), click.echo, mail_to=address)):
        sys.exit(1)


@main.command("erase")
@click.argument("address", metavar="EMAIL")
def erase_command(address: str) -> None:
    """Erase the contact with this address everywhere; the server may be running."""
    email = read_email(address)
    if email is None:
        raise click.BadParameter(f"{address} is no e-mail address.", param_hint="EMAIL")
    answer = run(erase(read_settings().database_url, email))
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
    settings = read_settings()
    deleted = run(give_up(settings, key_id))
    click.echo(f"Key {key_id} is given up. Links deleted with it: {deleted}.")
    click.echo("`/otl regenerate LINK` makes a new one for the same contact.")
