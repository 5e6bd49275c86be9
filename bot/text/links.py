"""What the bot says about links: headlines, facts, standings. People's text is escaped here."""

from collections.abc import Mapping
from datetime import datetime
from typing import Final

from bot.text.mrkdwn import SHOWN_LENGTH, TIME, code, escape, listed, mention, moment
from scheduling.calendars.find import CalendarDetails, Host
from scheduling.calendars.types import CalendarType
from scheduling.contacts import Contact
from scheduling.links.details import BookingSummary, LinkDetails
from scheduling.links.regenerate import Regenerated
from scheduling.links.report import StatusReport
from scheduling.links.status import LinkStatus
from scheduling.times.words import ago, duration_words

MOST_HOSTS: Final = 3
CONFIRM_LENGTH: Final = 40  # of a name; escaped, the sentence round it still fits into 300

STATUS_NAMES: Final[Mapping[LinkStatus, str]] = {
    LinkStatus.ACTIVE: "Active",
    LinkStatus.USED: "Used",
    LinkStatus.DELETED: "Deleted",
    LinkStatus.EXPIRED: "Expired",
}


def who(contact: Contact | None, *, with_address: bool, limit: int = SHOWN_LENGTH) -> str:
    """Return whom a link is for, "" if that may not be said here or nobody was named."""
    if contact is None:
        return ""
    if contact.name:
        return escape(contact.name, limit)
    return escape(contact.email or "", limit) if with_address else ""


def for_whom(contact: Contact | None, *, with_address: bool) -> str:
    """Return " for Jane", or "" where `who` is."""
    name = who(contact, with_address=with_address)
    return f" for {name}" if name else ""


def with_hosts(hosts: tuple[Host, ...], kind: CalendarType) -> str:
    """Return whose time it takes: "with @sam", "with @sam or @ana", "with one of 12 hosts"."""
    last = "or" if kind is CalendarType.ROUND_ROBIN else "and"
    if len(hosts) > MOST_HOSTS:
        return f"with one of {len(hosts)} hosts" if last == "or" else f"with {len(hosts)} hosts"
    return f"with {listed([mention(host.slack_user_id) for host in hosts], last)}" if hosts else ""


def calendar_facts(calendar: CalendarDetails) -> str:
    """Return "Onboarding Call · 30 min · with @sam"."""
    parts = (
        escape(calendar.name),
        duration_words(calendar.duration),
        with_hosts(calendar.hosts, calendar.type),
    )
    return " · ".join(part for part in parts if part)


def issued(link: LinkDetails) -> str:
    """Return the headline of a fresh link; only its issuer reads it."""
    return f"One-time link{for_whom(link.contact, with_address=True)}"


def regenerated(done: Regenerated, *, with_address: bool) -> str:
    """Return the headline of a link that took another one's place."""
    return f"New one-time link{for_whom(done.link.contact, with_address=with_address)}"


def what_became_of_the_old_one(done: Regenerated) -> str:
    """Return what the replaced link is worth now."""
    old = code(done.replaced.public_id)
    if not done.fresh:
        return f"{old} had been regenerated before; this is the link that took its place."
    if done.replaced.status is LinkStatus.USED:
        return f"{old} was used; its booking stays."
    if done.replaced.deleted_at is None or done.replaced.deleted_by is None:
        return f"{old} no longer works."
    when = moment(done.replaced.deleted_at, TIME)
    return f"Replaced by {mention(done.replaced.deleted_by)}, {when}: {old} no longer works."


def issuer_has_it(link: LinkDetails) -> str:
    """Return where the address of somebody else's regenerated link is."""
    return f"{mention(link.issued_by)} issued it and gets the new address from me, not you."


def standing(link: LinkDetails) -> str:
    """Return "L-7K2QXA · Active · works for one booking"."""
    start = f"{code(link.public_id)} · {STATUS_NAMES[link.status]}"
    if link.status is not LinkStatus.ACTIVE:
        return start
    until = f" until {moment(link.expires_at)}" if link.expires_at else ""
    return f"{start} · works for one booking{until}"


def opened(link: LinkDetails) -> str:
    """Return " · opened, not booked yet" for an active link that a person has looked at; or ""."""
    is_looked_at = link.status is LinkStatus.ACTIVE and link.seen_at
    return " · opened, not booked yet" if is_looked_at else ""


def deleted(link: LinkDetails, *, with_address: bool) -> str:
    """Return the headline of a link that was deleted."""
    return f"Deleted: {code(link.public_id)}{for_whom(link.contact, with_address=with_address)}"


def deletion(link: LinkDetails) -> str:
    """Return who deleted it and when, and what may be done now."""
    by = mention(link.deleted_by or link.issued_by)
    at = f", {moment(link.deleted_at, TIME)}" if link.deleted_at else ""
    return f"Deleted by {by}{at}. Nobody can book with it any more."


def loss_by_deleting(link: LinkDetails) -> str:
    """Return what the confirm dialog says before a link is deleted."""
    contact = who(link.contact, with_address=False, limit=CONFIRM_LENGTH) or "The contact"
    return f"{contact} can no longer book with {link.public_id}. A deleted link never works again."


def loss_by_regenerating(link: LinkDetails) -> str:
    """Return what the confirm dialog says before a link is replaced."""
    if link.status is not LinkStatus.ACTIVE:
        return f"{link.public_id} stays as it is. A new link is made for the same contact."
    contact = who(link.contact, with_address=False, limit=CONFIRM_LENGTH) or "The contact"
    return f"{link.public_id} stops working at once. {contact} needs the new address from you."


def is_in_state(link: LinkDetails, *, with_address: bool) -> str:
    """Return the headline of one link's status: "L-7K2QXA for Jane: Active"."""
    whom = for_whom(link.contact, with_address=with_address)
    return f"{code(link.public_id)}{whom}: {STATUS_NAMES[link.status]}"


def history(link: LinkDetails) -> list[str]:
    """Return what happened to a link, a line each, in the order of time."""
    lines = [f"Issued by {mention(link.issued_by)}, {moment(link.issued_at)}"]
    if link.replaces:
        lines[0] += f", in place of {code(link.replaces)}"
    if link.seen_at:
        not_yet = ", not booked yet" if link.status is LinkStatus.ACTIVE else ""
        lines.append(f"Opened {moment(link.seen_at)}{not_yet}")
    if link.booking:
        lines.append(_booked(link.booking, link.calendar.type))
    if link.deleted_at:
        lines.append(f"Deleted by {mention(link.deleted_by or '')}, {moment(link.deleted_at)}")
    if link.status is LinkStatus.EXPIRED and link.expires_at:
        lines.append(f"Expired {moment(link.expires_at)}")
    if link.status is LinkStatus.ACTIVE and link.expires_at:
        lines.append(f"Expires {moment(link.expires_at)}")
    if link.replaced_by:
        lines.append(f"Replaced by {code(link.replaced_by)}")
    return lines


def _booked(booking: BookingSummary, kind: CalendarType) -> str:
    cancelled = ", cancelled since" if booking.cancelled else ""
    return (
        f"Booked by {escape(booking.contact_name)} for {span(booking.starts_at, booking.ends_at)} "
        f"{with_hosts(booking.hosts, kind)}{cancelled}"
    )


def span(starts_at: datetime, ends_at: datetime) -> str:
    """Return a meeting's time, in each reader's own zone."""
    return f"{moment(starts_at)} \N{EN DASH} {moment(ends_at, TIME)}"


def report_headline(report: StatusReport) -> str:
    """Return "Links for Onboarding Call: 3 active, 5 used, 1 deleted"."""
    counts = [
        f"{report.counts[status]} {status.value}"
        for status in LinkStatus
        if report.counts.get(status)
    ]
    return f"{_subject(report)}: {', '.join(counts)}" if counts else f"{_subject(report)}: none yet"


def _subject(report: StatusReport) -> str:
    match report.subject:
        case CalendarDetails(name=name):
            return f"Links for {escape(name)}"
        case LinkDetails(public_id=public_id):
            return f"Link {code(public_id)}"
        case str(user_id):
            return f"Links issued by {mention(user_id)}"
        case None:
            return "All links"


def report_hint(report: StatusReport) -> str:
    """Return which of them these are, or the next step where there is nothing; "" if neither."""
    if report.links:
        return _which(report)
    if report.only is not None and any(report.counts.values()):
        return f"None of them is {report.only.value}."
    slug = report.subject.slug if isinstance(report.subject, CalendarDetails) else "CALENDAR"
    return f"{code(f'/otl issue {slug} for Jane')} makes one."


def _which(report: StatusReport) -> str:
    """Return "Used: 11 to 20 of 34", "" where one page shows all."""
    first, last = report.skipped + 1, report.skipped + len(report.links)
    total = last + report.more
    name = f"{STATUS_NAMES[report.only]}: " if report.only else ""
    if total == len(report.links):
        return f"{STATUS_NAMES[report.only]} ones only" if report.only else ""
    return f"{name}{first} to {last} of {total}, the newest first"


def changes_since(seen: Mapping[LinkStatus, int], now: Mapping[LinkStatus, int]) -> str:
    """Return what happened since these counts were shown: "Meanwhile: 1 issued, 2 used"; or ""."""
    words = {"issued": sum(now.values()) - sum(seen.values())}
    for status in (LinkStatus.USED, LinkStatus.DELETED, LinkStatus.EXPIRED):
        words[status.value] = now.get(status, 0) - seen.get(status, 0)
    happened = [f"{number} {word}" for word, number in words.items() if number > 0]
    return f"Meanwhile: {', '.join(happened)}" if happened else ""


def menu_line(link: LinkDetails, *, reader: str) -> str:
    """Return a link as an option of a menu, in plain text: "L-7K2QXA · Jane · Onboarding Call".

    Args:
        reader: Slack user id; only the issuer reads a contact's address.
    """
    contact = link.contact.name if link.contact else None
    if contact is None and link.contact and reader == link.issued_by:
        contact = link.contact.email
    names = [name for name in (contact, link.calendar.name) if name]
    state = [] if link.status is LinkStatus.ACTIVE else [STATUS_NAMES[link.status]]
    return " · ".join([link.public_id, *state, *names])


def report_line(link: LinkDetails, *, with_calendar: bool, now: datetime) -> str:
    """Return one link of a report: "Active  L-7K2QXA  Jane · @sam, today"."""
    name = who(link.contact, with_address=False) or "no name"
    calendar = f" · {escape(link.calendar.name)}" if with_calendar else ""
    return (
        f"*{STATUS_NAMES[link.status]}*  {code(link.public_id)}  {name}{calendar}"
        f" · {mention(link.issued_by)}, {_latest(link, now)}{opened(link)}"
    )


def _latest(link: LinkDetails, now: datetime) -> str:
    if link.booking:
        cancelled = " (cancelled)" if link.booking.cancelled else ""
        return f"booked {moment(link.booking.starts_at)}{cancelled}"
    ended = link.deleted_at or link.used_at
    if link.status is LinkStatus.EXPIRED:
        ended = link.expires_at
    return ago(ended or link.issued_at, now)
