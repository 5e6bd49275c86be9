"""/otl health: whether every notification arrived, and if not, why and what to do."""

from bot.commands.verb import Verb, read_nothing
from bot.context import Context
from bot.doors.invocation import Invocation
from bot.messages.health import delivery_health as shown
from bot.messages.message import Message
from scheduling.events.health import delivery_health


async def show_health(_: None, _invocation: Invocation, context: Context) -> Message:
    """Show how the workspace's notifications stand: counts, ids and channels, for every member."""
    now = context.now()
    health = await context.database.read(
        delivery_health, workspace_id=context.workspace.id, now=now
    )
    return shown(health, now=now)


VERB = Verb(
    name="health",
    parse=read_nothing,
    run=show_health,
    order=70,
    usage="health",
    help=(("health", "whether every notification arrived, and if not, why"),),
    other_words=("doctor", "notifications"),
)
