"""What the bot says by itself: "Link used", what was regenerated, where it cannot post, trouble."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.text.bookings import forwarded, name
from bot.text.links import for_whom, span, with_hosts
from bot.text.mrkdwn import channel_mention, code, escape, mention
from scheduling.bookings.details import BookingDetails
from scheduling.links.details import LinkDetails
from scheduling.links.status import LinkStatus
from scheduling.times.words import ago

BOT_NAME: Final = "OTL"
"""As in the manifest; people write `/invite @OTL`."""

HELP: Final = "One-time booking links: each works for one booking, then never again."
PRIVACY: Final = "Only you see what I answer. “Link used” is told where you issued the link."

TYPED_LENGTH: Final = 350
"""How much of what was typed is given back; escaped it still fits into a context block."""

WHY_NOT: Final[Mapping[str, str]] = {
    "is_archived": "it is archived",
    "not_in_channel": "I am not a member",
    "channel_not_found": "I am not a member, or it is gone",
    "ekm_access_denied": "admins have suspended posting",
    "messages_tab_disabled": "the app's Messages tab is off",
    "restricted_action": "only some people may post there",
    "restricted_action_non_threadable_channel": "only some people may post there",
    "restricted_action_read_only_channel": "only some people may post there",
    "restricted_action_thread_only_channel": "it takes replies only",
    "user_disabled": "their account is deactivated",
    "user_not_found": "Slack does not find this person",
}
"""Slack's error codes for a place, and what is the matter in a person's words."""

INVITATION_HELPS: Final = frozenset({"not_in_channel", "channel_not_found"})


def used(booking: BookingDetails, *, bold: bool) -> str:
    """Return the news: "Link used: Joe, with Jane's link, booked Onboarding Call"."""
    who = f"{name(booking, bold=bold)}{forwarded(booking)}"
    return f"Link used: {who} booked {escape(booking.calendar.name)}"


def used_when(booking: BookingDetails) -> str:
    """Return "Thu 3 Dec, 10:00 to 10:30 · with @sam"."""
    hosts = with_hosts(booking.hosts, booking.calendar.type)
    time = span(booking.starts_at, booking.ends_at)
    return f"{time} · {hosts}" if hosts else time


def used_link(booking: BookingDetails, now: datetime) -> str:
    """Return "L-7K2QXA · issued by @sam for Jane, 2 days ago"; never an address."""
    whom = for_whom(booking.link_contact, with_address=False)
    return (
        f"{code(booking.link_public_id)} · issued by {mention(booking.link_issued_by)}{whom}, "
        f"{ago(booking.link_issued_at, now)}"
    )


def rerouted(channel_id: str, refusal: str | None) -> str:
    """Return why a notification came as a direct message."""
    why = WHY_NOT.get(refusal or "", "")
    place = f"{channel_mention(channel_id)} could not be reached{f': {why}' if why else ''}"
    if refusal in WHY_NOT and refusal not in INVITATION_HELPS:
        return f"{place}. So this comes to you."
    return f"{place}. So this comes to you; `/invite @{BOT_NAME}` there brings the next one back."


def person_unreachable(user_id: str, *, is_issuer: bool) -> str:
    """Return why somebody else gets what was meant for a link's issuer, or for a host."""
    whom = mention(user_id)
    if is_issuer:
        return f"{whom} issued this link and could not be reached. So this comes to you."
    return f"{whom} hosts this meeting and could not be reached. So this comes to you."


def regenerated_for_you(link: LinkDetails, *, with_address: bool) -> str:
    """Return what the issuer reads when somebody else regenerated their link."""
    whom = for_whom(link.contact, with_address=with_address)
    return (
        f"{code(link.replaces or 'Your link')}{whom} was regenerated and no longer works. "
        f"The new one is {code(link.public_id)}; only {mention(link.issued_by)} sees its address."
    )


def cannot_post(channel_id: str, *, here: bool, refusal: str) -> str:
    """Return the warning that comes with a new link if "Link used" will find no channel."""
    place = "here" if here else f"in {channel_mention(channel_id)}"
    if refusal == "is_archived":
        return (
            f"{channel_mention(channel_id)} is archived, so “Link used” comes to you as a "
            "direct message."
        )
    if refusal == "direct_message":
        return "This is a direct message, so “Link used” comes to you alone."
    return (
        f"I can't post {place} yet. Type `/invite @{BOT_NAME}`{'' if here else ' there'}, or "
        "“Link used” comes to you as a direct message."
    )


def nothing_done(status: LinkStatus) -> str:
    """Return why a press on a stale card did nothing."""
    happened = {
        LinkStatus.ACTIVE: "it changed",
        LinkStatus.USED: "it was used",
        LinkStatus.DELETED: "it was deleted",
        LinkStatus.EXPIRED: "it expired",
    }
    return f"Meanwhile {happened[status]}, so I did nothing. This is how it stands."


def not_shown() -> str:
    """Return what is said in a direct message when an answer came too late to be shown."""
    return (
        "I answered you, but Slack did not show it in time. Look with `/otl status`; "
        "press again if it was not done."
    )


def unexpected(reference: str) -> str:
    """Return the words for an error that nobody expected."""
    return (
        "Something went wrong on my side, and I can't tell whether that was done. Look with "
        f"`/otl status`, then try again. If it stays so, tell whoever runs OTL: {code(reference)}"
    )


def you_typed(text: str) -> str:
    """Return what was typed, so that it is not lost; "" if there was nothing."""
    return f"You typed {code(f'/otl {text}', TYPED_LENGTH)}" if text else ""
