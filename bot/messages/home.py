"""The App Home: the reader's next meetings, then their links with addresses and actions."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Final, Self
from zoneinfo import ZoneInfo

from slack_sdk.models.blocks import ActionsBlock, Block, ButtonElement, DividerBlock
from slack_sdk.models.views import View

from bot.grammar.report_query import ReportQuery
from bot.grammar.status import ShowStatus
from bot.messages.link_card import delete_button, regenerate_button
from bot.messages.link_used import SHOW_STATUS
from bot.messages.meetings import next_meetings
from bot.messages.message import Message, button, context, section
from bot.messages.next_steps import first_steps, new_link_button
from bot.messages.status_report import SHOW_ALL
from bot.text import buttons
from bot.text import home as words
from scheduling.bookings.meetings import Meetings
from scheduling.links.details import LinkDetails
from scheduling.links.report import StatusReport

PAGE: Final = 10
_PAGE_VALUE: Final = re.compile(r"([0-9]{1,9}) ([0-9]{1,9})")
TURN_ACTIVE: Final = ("home_active_newer", "home_active_older")
TURN_USED: Final = ("home_used_newer", "home_used_older")


@dataclass(frozen=True, slots=True)
class HomePage:
    """Where in the two lists the reader is: how many newer links come before."""

    active: int = 0
    used: int = 0

    def as_value(self) -> str:
        """Return it as a button's value."""
        return f"{self.active} {self.used}"

    @classmethod
    def of_value(cls, value: str) -> Self:
        """Read a button's value; the first page where it cannot be read."""
        found = _PAGE_VALUE.fullmatch(value)
        return cls(int(found[1]), int(found[2])) if found else cls()


def my_home(
    meetings: Meetings,
    active: StatusReport,
    used: StatusReport,
    *,
    urls: Mapping[str, str | None],
    zone: ZoneInfo | None,
) -> View:
    """Show a person's meetings and links to them, and to nobody else: addresses are in it.

    Args:
        urls: by public id, of the active links; None where the address is lost.
        zone: in which Slack shows times to them; None: it is not known.
    """
    links = first_steps().blocks
    if any(active.counts.values()):
        links = _my_links(active, used, urls=urls, user_id=meetings.user_id)
    return View(type="home", blocks=[*next_meetings(meetings, zone), DividerBlock(), *links])


def _my_links(
    active: StatusReport, used: StatusReport, *, urls: Mapping[str, str | None], user_id: str
) -> tuple[Block, ...]:
    page = HomePage(active.skipped, used.skipped)
    shows_all = ReportQuery(ShowStatus(user=user_id), seen=active.counts)
    blocks: list[Block] = [
        section(f"*{words.headline(active.counts)}*\n{words.PRIVACY}"),
        ActionsBlock(
            elements=[
                new_link_button(),
                button(buttons.ALL_MY_LINKS, action_id=SHOW_ALL, value=shows_all.as_value()),
            ]
        ),
    ]
    for link in active.links:
        blocks += [DividerBlock(), *_active(link, urls.get(link.public_id))]
    blocks += _pages(
        active,
        TURN_ACTIVE,
        HomePage(page.active - PAGE, page.used),
        HomePage(page.active + PAGE, page.used),
    )
    if used.links:
        blocks += [DividerBlock(), section(f"*{words.USED}*")]
        blocks += [_used(link) for link in used.links]
        blocks += _pages(
            used,
            TURN_USED,
            HomePage(page.active, page.used - PAGE),
            HomePage(page.active, page.used + PAGE),
        )
    return (*blocks, context(words.MORE))


def as_home(message: Message) -> View:
    """Show a message as the App Home."""
    return View(type="home", blocks=list(message.blocks))


def _active(link: LinkDetails, url: str | None) -> list[Block]:
    address = f"<{url}>" if url else words.ADDRESS_LOST
    return [
        section(f"{words.active(link)}\n{address}"),
        ActionsBlock(elements=[regenerate_button(link), delete_button(link)]),
    ]


def _used(link: LinkDetails) -> Block:
    return section(
        words.used(link), button(buttons.STATUS, action_id=SHOW_STATUS, value=link.public_id)
    )


def _pages(
    report: StatusReport, action_ids: tuple[str, str], newer: HomePage, older: HomePage
) -> list[Block]:
    offered: list[ButtonElement] = []
    if report.skipped:
        value = HomePage(max(newer.active, 0), max(newer.used, 0)).as_value()
        offered.append(button(buttons.NEWER, action_id=action_ids[0], value=value))
    if report.more:
        offered.append(button(buttons.OLDER, action_id=action_ids[1], value=older.as_value()))
    return [ActionsBlock(elements=offered)] if offered else []
