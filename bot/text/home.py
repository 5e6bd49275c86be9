"""What the App Home says; only its reader sees it."""

from collections.abc import Mapping
from typing import Final

from bot.text.links import opened, span, standing, who
from bot.text.mrkdwn import escape, mention
from scheduling.links.details import LinkDetails
from scheduling.links.status import LinkStatus

PRIVACY: Final = "Only you see this page. Each link works for one booking."
USED: Final = "Used"
MORE: Final = "`/otl help` shows all commands. This page keeps itself up to date."
ADDRESS_LOST: Final = "Its address is lost: OTL's secret key was replaced. Regenerate it."


def headline(counts: Mapping[LinkStatus, int]) -> str:
    """Return "My links: 3 active, 5 used"."""
    counted = [f"{counts[one]} {one.value}" for one in LinkStatus if counts.get(one)]
    return f"My links: {', '.join(counted)}"


def active(link: LinkDetails) -> str:
    """Return an active link above its address."""
    name = who(link.contact, with_address=True) or "no name"
    return f"*{name}* · {escape(link.calendar.name)}\n{standing(link)}{opened(link)}"


def used(link: LinkDetails) -> str:
    """Return a used link and its booking."""
    name = who(link.contact, with_address=True) or "no name"
    facts = f"*{name}* · {escape(link.calendar.name)}"
    booking = link.booking
    if booking is None:
        return facts
    hosts = ", ".join(mention(host.slack_user_id) for host in booking.hosts[:3])
    when = span(booking.starts_at, booking.ends_at)
    cancelled = ", cancelled since" if booking.cancelled else ""
    with_ = f" · with {hosts}" if hosts else ""
    return f"{facts}\nBooked by {escape(booking.contact_name)}: {when}{with_}{cancelled}"
