"""Words for every refusal: what happened, then what to do. Facts are escaped here."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

from bot import errors as bot_errors
from bot.text.mrkdwn import code, escape, listed, mention, moment
from scheduling import errors
from scheduling.links.status import LinkStatus
from scheduling.times.words import duration_words

MOST_CANDIDATES: Final = 5

SHOWS_ALL_CALENDARS: Final = "`/otl calendars` shows them all."
DEADLINES: Final = "Write hours, days or weeks: `expires 12h`, `expires 7d` or `expires 2w`"

_ENDS: Final = {
    LinkStatus.ACTIVE: "is active since",
    LinkStatus.USED: "was used",
    LinkStatus.DELETED: "was deleted",
    LinkStatus.EXPIRED: "expired",
}


def refusal(error: Exception) -> str:
    """Return what the person who typed or pressed reads.

    Raises:
        ValueError: nobody has found words for this refusal.
    """
    for kind in type(error).__mro__:
        if kind in _SENTENCES:
            return _SENTENCES[kind]
        if kind in _WORDS:
            return _WORDS[kind](error)
    raise ValueError(f"no words for {type(error).__name__}")


def _unknown_calendar(error: errors.UnknownCalendar) -> str:
    unknown = f"I don't know a calendar “{escape(error.words)}”."
    if not error.near:
        return f"{unknown} {SHOWS_ALL_CALENDARS}"
    near = listed([_calendar(*one) for one in error.near[:3]], "or")
    return f"{unknown} Did you mean {near}? {SHOWS_ALL_CALENDARS}"


def _ambiguous_calendar(error: errors.AmbiguousCalendar) -> str:
    candidates = _calendars(error.candidates)
    return (
        f"Several calendars begin with “{escape(error.words)}”: {candidates}. "
        "Say which one, by the name in the grey box."
    )


def _calendar_group_named(error: errors.CalendarGroupNamed) -> str:
    group = f"“{escape(error.group)}” is a group, and a one-time link is for one calendar."
    if not error.calendars:
        return f"{group} No calendar in it is active. {SHOWS_ALL_CALENDARS}"
    return f"{group} Name one in it: {_calendars(error.calendars, 'or')}."


def _calendar_inactive(error: errors.CalendarInactive) -> str:
    return (
        f"{_calendar(error.slug, error.name)} is deactivated: it issues no links and takes no "
        f"bookings. Ask its owner to switch it on, or take another: {SHOWS_ALL_CALENDARS}"
    )


def _invalid_calendar(error: errors.InvalidCalendar) -> str:
    fields = dict.fromkeys(problem.field.replace("_", " ") for problem in error.problems)
    return (
        f"The calendar {code(error.calendar)} cannot be so: something is wrong with its "
        f"{', '.join(fields)}. Whoever runs OTL can put that right."
    )


def _unknown_link(error: errors.UnknownLink) -> str:
    which = code(error.public_id) if error.public_id else "like that"
    return f"I don't know a link {which}. `/otl status` shows the newest ones."


def _link_not_active(error: errors.LinkNotActive) -> str:
    return (
        f"{code(error.public_id)} {_ENDS[error.status]} {moment(error.since)} and never works "
        f"again. {code(f'/otl regenerate {error.public_id}')} makes a new link for the "
        "same contact."
    )


def _not_allowed(error: errors.NotAllowed) -> str:
    link = code(error.public_id)
    issuer = mention(error.issued_by)
    if error.calendar_owner is None:
        return (
            f"Only {issuer} sees the address of {link}, because they issued it. Ask them, or issue "
            f"one of your own: {code('/otl issue CALENDAR')}."
        )
    others = [mention(error.calendar_owner)] if error.calendar_owner != error.issued_by else []
    return (
        f"{link} was issued by {issuer}, so I left it as it is. Ask "
        f"{listed([issuer, *others, 'a workspace admin'], 'or')}."
    )


def _booking_is_private(error: errors.BookingIsPrivate) -> str:
    people = list(dict.fromkeys([error.issued_by, error.calendar_owner]))
    return (
        f"Address and note of {code(error.public_id)} are for its host, its issuer, the calendar's "
        f"owner and admins. Ask {listed([mention(one) for one in people], 'or')}."
    )


def _not_your_meeting(error: errors.NotYourMeeting) -> str:
    people = list(dict.fromkeys([*error.hosts[:MOST_CANDIDATES], error.calendar_owner]))
    return (
        "Where a meeting is, its hosts, the calendar's owner and admins say. Ask "
        f"{listed([mention(one) for one in people], 'or')}."
    )


def _too_late_to_change(error: errors.TooLateToChange) -> str:
    return (
        f"It begins {moment(error.starts_at)}: less than {duration_words(error.cutoff)} before, "
        "whoever booked cannot change it."
    )


def _no_moves_left(error: errors.NoMovesLeft) -> str:
    return f"Whoever booked can move it {error.most} times, and has. They can still cancel it."


def _start_taken(error: errors.StartTaken) -> str:
    return f"{moment(error.start)} is no longer free. The link still works: pick another time."


def _second_workspace(error: errors.SecondWorkspace) -> str:
    return (
        f"This OTL works for the workspace {escape(error.name)} only. Whoever runs it can set up "
        "another one for yours."
    )


def _too_long(error: bot_errors.TooLong) -> str:
    return f"That is too long for me: I read {error.limit} characters at most. Nothing was done."


def _unknown_verb(error: bot_errors.UnknownVerb) -> str:
    unknown = f"I don't know “{escape(error.word, 40)}”."
    if error.near is None:
        return f"{unknown} `/otl help` shows what I do."
    return f"{unknown} Did you mean {code(f'/otl {error.near}')}? `/otl help` shows what I do."


def _deadline_unreadable(error: bot_errors.DeadlineUnreadable) -> str:
    unreadable = f" and not “{escape(error.words)}”" if error.words else ""
    return (
        f"When does it expire? {DEADLINES}{unreadable}. "
        'If “expires” is part of a name, put that in quotes: `"Offer expires soon"`.'
    )


def _deadline_out_of_bounds(error: bot_errors.DeadlineOutOfBounds) -> str:
    return (
        f"“{escape(error.words)}” is out of bounds: a link can expire after one hour at the "
        "earliest and one year at the latest. `expires 7d` is a week."
    )


def _link_missing(error: bot_errors.LinkMissing) -> str:
    return (
        f"Which link? Write its id, like {code(f'/otl {error.verb} L-7K2QXA')}. "
        "`/otl status` shows the newest ones."
    )


def _link_unreadable(error: bot_errors.LinkUnreadable) -> str:
    return (
        f"“{escape(error.words)}” is no link's id. It looks like {code('L-7K2QXA')}; "
        "`/otl status` shows the newest ones."
    )


def _meetings_unreadable(error: bot_errors.MeetingsUnreadable) -> str:
    return (
        f"Which meetings are “{escape(error.words)}”? Write `/otl meetings today`, "
        "`/otl meetings week`, or a person after it, like `/otl meetings @sam`."
    )


def _address_lost(error: bot_errors.AddressLost) -> str:
    return (
        f"The address of {code(error.public_id)} is lost: OTL's secret key was replaced. "
        f"{code(f'/otl regenerate {error.public_id}')} makes a new one."
    )


def _text_is_for_issuer(error: bot_errors.TextIsForIssuer) -> str:
    return (
        f"Only {mention(error.issued_by)} sees this text, because they issued "
        f"{code(error.public_id)} and the address of the contact's own page is in it. Ask them."
    )


def _calendar(slug: str, name: str) -> str:
    return f"*{escape(name)}* ({code(slug)})"


def _calendars(pairs: Sequence[tuple[str, str]], last: str = "and") -> str:
    shown = [_calendar(*pair) for pair in pairs[:MOST_CANDIDATES]]
    if len(pairs) > MOST_CANDIDATES:
        shown.append(f"{len(pairs) - MOST_CANDIDATES} more")
    return listed(shown, last)


_SENTENCES: Final[Mapping[type, str]] = {
    errors.UnknownBooking: "I don't know that booking. `/otl status used` shows the newest ones.",
    errors.MeetingOver: "This meeting is over or was cancelled, so I left its place as it was.",
    errors.AddressCorrected: "This contact's address was corrected before, so I left it as it is.",
    errors.BookingCancelled: "This booking was cancelled, so it cannot be moved.",
    errors.BookingChanged: "This booking was changed meanwhile. Look at it once more.",
    errors.PhoneMissing: (
        "Nobody can be called without a number, so nothing was booked. Write it and book again."
    ),
    errors.DatabaseUnavailable: (
        "OTL's database does not answer, so I can't tell whether that was done. Wait a minute, "
        "look with `/otl status`, then try again."
    ),
    bot_errors.CalendarMissing: (
        "For which calendar? Write it after `issue`, like "
        f"`/otl issue onboarding-call for Jane`. {SHOWS_ALL_CALENDARS}"
    ),
    bot_errors.ContactMissing: (
        "For whom? Write a name or an e-mail address after `for`, or leave `for` out. "
        'If it belongs to the calendar\'s name, put that in quotes: `/otl issue "Lunch for two"`.'
    ),
    bot_errors.SeveralAddresses: (
        "A link is for one contact, and I read several e-mail addresses. "
        "Issue one link for each of them."
    ),
    bot_errors.Outsider: (
        "OTL is for the members of its own workspace, so I can't do that for you. "
        "Ask whoever shared this with you."
    ),
    bot_errors.Guest: (
        "Guests can't use OTL in this workspace, so I can't do that for you. "
        "Ask a member to issue the link."
    ),
    bot_errors.OldButton: "This button no longer does anything. `/otl help` shows what I do.",
    bot_errors.FormNotOpened: (
        "Slack did not open the form in time. Press again, or type it: "
        "`/otl issue onboarding-call for Jane`."
    ),
}
_WORDS: Final[Mapping[type, Callable[[Any], str]]] = {
    errors.UnknownCalendar: _unknown_calendar,
    errors.AmbiguousCalendar: _ambiguous_calendar,
    errors.CalendarGroupNamed: _calendar_group_named,
    errors.CalendarInactive: _calendar_inactive,
    errors.InvalidCalendar: _invalid_calendar,
    errors.UnknownLink: _unknown_link,
    errors.LinkNotActive: _link_not_active,
    errors.NotAllowed: _not_allowed,
    errors.BookingIsPrivate: _booking_is_private,
    errors.NotYourMeeting: _not_your_meeting,
    errors.TooLateToChange: _too_late_to_change,
    errors.NoMovesLeft: _no_moves_left,
    errors.StartTaken: _start_taken,
    errors.SecondWorkspace: _second_workspace,
    bot_errors.TooLong: _too_long,
    bot_errors.UnknownVerb: _unknown_verb,
    bot_errors.DeadlineUnreadable: _deadline_unreadable,
    bot_errors.DeadlineOutOfBounds: _deadline_out_of_bounds,
    bot_errors.LinkMissing: _link_missing,
    bot_errors.LinkUnreadable: _link_unreadable,
    bot_errors.AddressLost: _address_lost,
    bot_errors.MeetingsUnreadable: _meetings_unreadable,
    bot_errors.TextIsForIssuer: _text_is_for_issuer,
}
