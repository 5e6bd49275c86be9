"""What the bot says about its own deliveries: counts, why one waits, and what to do about it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Final

from bot.notifications.waiting import Cause, cause_of
from bot.text.mail_health import is_troubled
from bot.text.mrkdwn import channel_mention, code, mention, moment
from bot.text.notices import BOT_NAME, INVITATION_HELPS, WHY_NOT
from scheduling.events.health import DeliveryHealth, Notification, Rerouted, Waiting
from scheduling.events.kinds import EventKind
from scheduling.times.words import ago

MOST_NAMED: Final = 5
MOST_CODES: Final = 3
REROUTED: Final = "Rerouted in the last 7 days"

_ABOUT_THE_TOKEN: Final = {
    "account_inactive": "the app was uninstalled or switched off",
    "invalid_auth": "it is not valid",
    "missing_scope": "it lacks a permission",
    "not_allowed_token_type": "it is of another kind",
    "not_authed": "there is none",
    "token_expired": "it has expired",
    "token_revoked": "it was revoked",
}
_REINSTALL: Final = (
    "Whoever runs OTL reinstalls the app, sets its new `SLACK_BOT_TOKEN` and restarts; "
    "`otl doctor` tells whether that helped."
)
_NEW_SCOPES: Final = (
    "Whoever runs OTL reinstalls the app from its manifest; `otl doctor` names what is missing."
)
_LET_IN: Final = (
    "A workspace admin can let the app post again; `otl doctor` tells whoever runs OTL more."
)
_OTHER_CHANNEL: Final = (
    "Whoever runs OTL can name another as the calendar's `notification_channel`."
)
_SLACK_IS_AWAY: Final = (
    "I keep trying, at least every 5 minutes. If it lasts, `otl doctor` tells whoever runs OTL "
    "whether it is our network."
)


def headline(health: DeliveryHealth) -> str:
    """Return the counts in one sentence."""
    words = _headline(health)
    if not is_troubled(health.mail):
        return words
    number = health.mail.waiting
    mails = "1 mail waits" if number == 1 else f"{number} mails wait"
    return f"{words.removesuffix('.')}, {mails}"


def _headline(health: DeliveryHealth) -> str:
    waiting = _total(health.waiting)
    rerouted = health.rerouted_number
    if health.slack_refusal is not None:
        return f"Slack refuses my token: {_notifications(waiting)} {_verb(waiting, 'wait')}"
    elsewhere = f"{rerouted} {'was' if rerouted == 1 else 'were'} rerouted in the last 7 days"
    if waiting:
        start = f"{_notifications(waiting)} {_verb(waiting, 'wait')}"
        return f"{start}, {elsewhere}" if rerouted else start
    if rerouted:
        return f"No notification waits, {elsewhere}"
    return "All notifications are delivered."


def delivered(health: DeliveryHealth) -> str:
    """Return how many arrived lately, so that silence is told from trouble."""
    if health.delivered_last_at is None:
        return "None was due yet: “Link used” is told when a contact has booked."
    latest = f"the latest {moment(health.delivered_last_at)}"
    return f"{health.delivered or 'None'} delivered in the last 7 days, {latest}"


def waiting(health: DeliveryHealth, now: datetime) -> list[str]:
    """Return what waits and why, a paragraph each; what somebody must mend comes first."""
    if health.slack_refusal is not None:
        return [_token(health.slack_refusal, health.slack_refused_at), *_since(health.waiting)]
    paragraphs = [_stalled(health.stalled_since)] if health.stalled_since else []
    sorted_ = [(cause_of(one), one) for one in health.waiting]
    for cause in Cause:
        of_one_kind = [one for sort, one in sorted_ if sort is cause]
        if of_one_kind:
            is_stalled = health.stalled_since is not None
            paragraphs.append(_paragraph(cause, of_one_kind, now, is_stalled=is_stalled))
    return [*paragraphs, *_since(health.waiting)]


def rerouted(health: DeliveryHealth, now: datetime) -> list[str]:
    """Return what went elsewhere, a line each, the newest first."""
    named = health.rerouted[:MOST_NAMED]
    lines = [f"• {_rerouted(one)}, {ago(one.at, now)}" for one in named]
    return lines + _and_more(health.rerouted_number - len(named))


def ways_back(health: DeliveryHealth) -> list[str]:
    """Return what brings the next notification back to its channel, a line for each remedy."""
    refused = [one.notification for one in health.rerouted[:MOST_NAMED]]
    return _remedies(refused)


def _token(refusal: str, since: datetime | None) -> str:
    why = _ABOUT_THE_TOKEN.get(refusal)
    why = f"{why} ({code(refusal, 40)})" if why else f"it says {code(refusal, 40)}"
    at = f" since {moment(since)}" if since else ""
    todo = _REINSTALL if refusal in _ABOUT_THE_TOKEN else _LET_IN
    if refusal == "missing_scope":
        todo = _NEW_SCOPES
    return f"Slack takes nothing from me{at}: {why}. {todo} All that waits goes out then."


def _stalled(since: datetime) -> str:
    return (
        f"*Nobody delivers.* One is due since {moment(since)} and was not taken up. Whoever runs "
        "OTL looks whether `otl serve` runs, or `otl serve --only worker` where it is split."
    )


def _paragraph(  # noqa: PLR0911  # one return a cause
    cause: Cause, these: Sequence[Waiting], now: datetime, *, is_stalled: bool
) -> str:
    number = _total(these)
    next_at = min(one.next_at for one in these)
    again = f" Next try: {moment(next_at)}." if next_at > now else ""
    match cause:
        case Cause.NOWHERE:
            return _nowhere(these, number, again)
        case Cause.STANDS:
            return _stands(these, number, again)
        case Cause.UNREACHABLE:
            start = f"{number} {_verb(number, 'wait')} because Slack does not answer as it should"
            return f"{start} ({_codes(these)}).{again} {_SLACK_IS_AWAY}"
        case Cause.UNSURE:
            them = "it" if number == 1 else "them"
            return (
                f"{number} may have arrived: Slack's answer got lost ({_codes(these)}). I look "
                f"{them} up before I send {them} again.{again}"
            )
        case Cause.SLOWED:
            turn = "its turn" if number == 1 else "their turn"
            start = f"{number} {_verb(number, 'wait')} for {turn}"
            return f"{start}: Slack takes about one message a second in each channel.{again}"
        case Cause.ON_ITS_WAY if is_stalled:
            return f"{number} {_verb(number, 'wait')} to be taken up."
        case Cause.ON_ITS_WAY:
            return "1 is on its way." if number == 1 else f"{number} are on their way."


def _nowhere(these: Sequence[Waiting], number: int, again: str) -> str:
    named = [one for group in these for one in group.oldest][:MOST_NAMED]
    start = f"{number} {'finds' if number == 1 else 'find'} no place"
    lines = [
        f"{start}: channel, issuer and calendar's owner all refused ({_codes(these)}).{again}",
        *(f"• {_about(one)}, meant for {_place(one)}{_why(one)}" for one in named),
        *_and_more(number - len(named)),
        *_remedies(named),
    ]
    return "\n".join(lines)


def _stands(these: Sequence[Waiting], number: int, again: str) -> str:
    named = [one for group in these for one in group.oldest][:MOST_NAMED]
    start = f"{number} of my messages still {_verb(number, 'show')} how things were before"
    them = "it" if number == 1 else "them"
    refused = f"Slack does not let me edit {them} ({_codes(these)})"
    lines = [
        f"{start}: {refused}. Whoever may delete {them} there can.{again}",
        *(f"• {_about(one)}, in {_where_it_stands(one)}" for one in named),
        *_and_more(number - len(named)),
    ]
    return "\n".join(lines)


def _where_it_stands(notification: Notification) -> str:
    channel = notification.channel or ""
    return channel_mention(channel) if channel[:1] in {"C", "G"} else "a direct message"


def _rerouted(one: Rerouted) -> str:
    notification = one.notification
    meant_for = f"{_about(notification)} was meant for {_place(notification)}{_why(notification)}"
    return f"{meant_for}; {mention(one.user_id)} got it"


def _about(notification: Notification) -> str:
    if not notification.link:
        return "News of a host"
    link = code(notification.link)
    is_regenerated = notification.kind is EventKind.LINK_REGENERATED
    return f"{link} (regenerated)" if is_regenerated else link


def _place(notification: Notification) -> str:
    channel = notification.channel
    if channel is None or channel[:1] in {"U", "W"}:
        return f"{mention(channel or notification.issuer)} directly"
    if channel.startswith("D"):
        return "the direct message where it was issued"
    return channel_mention(channel)


def _why(notification: Notification) -> str:
    refusal = notification.refusal
    if refusal is None:
        return ""
    return f": {WHY_NOT[refusal] if refusal in WHY_NOT else f'Slack says {code(refusal, 40)}'}"


def _remedies(refused: Sequence[Notification]) -> list[str]:
    channels = [
        one.channel
        for one in refused
        if one.refusal in INVITATION_HELPS and (one.channel or "")[:1] in {"C", "G"}
    ]
    lines = [
        f"`/invite @{BOT_NAME}` in {channel_mention(channel)} brings the next one there."
        for channel in dict.fromkeys(channels)
        if channel
    ]
    if any(one.refusal == "is_archived" for one in refused):
        lines.append(f"An archived channel takes nothing. {_OTHER_CHANNEL}")
    if any((one.refusal or "").startswith("restricted_action") for one in refused):
        lines.append(f"A channel's owner can let me post there. {_OTHER_CHANNEL}")
    if any(one.refusal == "messages_tab_disabled" for one in refused):
        lines.append("Whoever runs OTL switches the app's Messages tab on, under App Home.")
    return lines


def _since(waiting: Sequence[Waiting]) -> list[str]:
    if not waiting:
        return []
    oldest = moment(min(one.since for one in waiting))
    return [f"The oldest was queued {oldest}. Nothing is lost while it waits."]


def _codes(these: Sequence[Waiting]) -> str:
    codes = dict.fromkeys(code(one.reason, 40) for one in these if one.reason)
    shown = list(codes)[:MOST_CODES]
    return ", ".join([*shown, "…"] if len(codes) > len(shown) else shown) or "no answer"


def _and_more(number: int) -> list[str]:
    return [f"and {number} more"] if number > 0 else []


def _total(waiting: Sequence[Waiting]) -> int:
    return sum(one.number for one in waiting)


def _notifications(number: int) -> str:
    return "1 notification" if number == 1 else f"{number or 'no'} notifications"


def _verb(number: int, verb: str) -> str:
    return f"{verb}s" if number == 1 else verb
