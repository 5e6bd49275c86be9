"""/otl me: what a person says of themselves: room, address for invitations, zone."""

from slack_sdk.models.views import View

from bot.commands.verb import Verb, read_nothing
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.messages.message import Message
from bot.messages.own_settings import about_me
from bot.modals.own_form import SaveOwnSettings, UseRoom, own_form, use_room_form
from bot.text import own_settings as words
from bot.text.places import told
from scheduling.bookings.change_place import count_in_own_room, use_own_room
from scheduling.calendars.own_settings import OwnSettings, own_settings, save_own_settings


async def show_me(_: None, invocation: Invocation, context: Context) -> Message:
    """Show what holds; so it is answered where Slack opened no form."""
    return about_me(await _settings(invocation, context))


async def fill_own_form(invocation: Invocation, context: Context) -> View:
    """Return the form, filled in."""
    settings = await _settings(invocation, context)
    return own_form(settings, channel_id=invocation.channel_id)


async def save_me(
    command: SaveOwnSettings, invocation: Invocation, context: Context
) -> Message | View:
    """Keep it, and ask about coming meetings that are in another room of theirs."""
    before = await _settings(invocation, context)
    settings = await context.database.write(
        save_own_settings,
        workspace_id=context.workspace.id,
        user_id=invocation.user_id,
        room_url=command.room_url,
        email=command.email,
        zone=command.zone,
    )
    number = 0
    if settings.room_url != before.room_url:
        number = await context.database.read(
            count_in_own_room, user_id=invocation.user_id, now=context.now()
        )
    if number:
        return use_room_form(number, channel_id=invocation.channel_id)
    return about_me(settings, news=words.SAVED)


async def use_room(command: UseRoom, invocation: Invocation, context: Context) -> Message:
    """Have their coming meetings take place in the room that they have now, if they want it."""
    news = words.NOT_CHANGED
    if command.is_wanted:
        done = await context.database.write(
            use_own_room, user_id=invocation.user_id, now=context.now()
        )
        news = f"{words.moved(done.meetings)}\n{told(done)}" if done.meetings else words.moved(0)
    return about_me(await _settings(invocation, context), news=news)


async def _settings(invocation: Invocation, context: Context) -> OwnSettings:
    return await context.database.read(
        own_settings, workspace_id=context.workspace.id, user_id=invocation.user_id
    )


VERB = Verb(
    name="me",
    parse=read_nothing,
    run=show_me,
    order=67,
    usage="me",
    help=(("me", "your room, where invitations go, your time zone"),),
    other_words=("room", "settings", "profile"),
)
