"""Judges a recorded history by what the database holds and Slack received in the end. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, fields

from tests.crash.history import Event, Kind


@dataclass(frozen=True, slots=True)
class StoredBooking:
    """A booking as the database holds it.

    Attributes:
        start: epoch seconds.
        lookup: of its secret, hexadecimal.
        notification: id of its delivery to the channel; None: there is none.
    """

    link: str
    submission: str
    start: int
    lookup: str
    notification: str | None


@dataclass(frozen=True, slots=True)
class Private:
    """What a host, or an issuer who is none of the hosts, must be told of a booking.

    Attributes:
        recipient: "host:7", "issuer".
        notification: id of the delivery to them; None: there is none.
    """

    link: str
    recipient: str
    notification: str | None


@dataclass(frozen=True, slots=True)
class Occupied:
    """A resource's span, half-open, epoch seconds."""

    resource: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Facts:
    """How everything stands when nothing is under way any more.

    Attributes:
        half_done: what one transaction should have written whole, by kind (`tests.stored`).
        unsent: ids of notifications that are not done.
        told: how often Slack has each notification, by its id.
        broken: what `PRAGMA integrity_check` and `foreign_key_check` complain about.
        mails: who must be written to, in the parts of `Private`, and the contact.
        mailed: by notification, for each copy that the mail server took whose it is, and the UID
            and SEQUENCE by which a calendar folds it into another; the Message-ID is its id.
    """

    bookings: Sequence[StoredBooking]
    occupied: Sequence[Occupied]
    private: Sequence[Private] = ()
    half_done: Mapping[str, Sequence[object]] = field(default_factory=dict)
    unsent: Sequence[str] = ()
    told: Mapping[str, int] = field(default_factory=dict)
    broken: Sequence[str] = ()
    mails: Sequence[Private] = ()
    mailed: Mapping[str, Sequence[str]] = field(default_factory=dict)


@dataclass(slots=True)
class Verdict:
    """What was counted, and for each promise a line for every time that it was broken."""

    acknowledged: int = 0
    unknown: int = 0
    refused: int = 0
    bookings: int = 0
    notifications: int = 0
    private_messages: int = 0
    mails: int = 0
    folded_mails: int = 0

    lost_bookings: list[str] = field(default_factory=list)
    doubled_bookings: list[str] = field(default_factory=list)
    overlaps: list[str] = field(default_factory=list)
    half_done: list[str] = field(default_factory=list)
    winners_refused: list[str] = field(default_factory=list)
    wasted_links: list[str] = field(default_factory=list)
    wrong_answers: list[str] = field(default_factory=list)
    unanswered: list[str] = field(default_factory=list)
    lost_notifications: list[str] = field(default_factory=list)
    doubled_notifications: list[str] = field(default_factory=list)
    false_notifications: list[str] = field(default_factory=list)
    lost_mails: list[str] = field(default_factory=list)
    doubled_mails: list[str] = field(default_factory=list)
    false_mails: list[str] = field(default_factory=list)
    broken_files: list[str] = field(default_factory=list)
    let_in: list[str] = field(default_factory=list)

    def violations(self) -> dict[str, list[str]]:
        """Return the promises that were broken; {} if all were kept."""
        named = {one.name: getattr(self, one.name) for one in fields(self)}
        return {name: found for name, found in named.items() if isinstance(found, list) and found}

    def add(self, other: "Verdict") -> None:
        """Take another run's counts and violations in."""
        for one in fields(self):
            setattr(self, one.name, getattr(self, one.name) + getattr(other, one.name))


def judge(events: Sequence[Event], facts: Facts) -> Verdict:
    """Hold the history against the facts."""
    ended = [event for event in events if event.kind is not Kind.INVOKE]
    oks = [event for event in ended if event.kind is Kind.OK]
    verdict = Verdict(
        acknowledged=len({event.submission for event in oks}),
        unknown=sum(event.kind is Kind.UNKNOWN for event in ended),
        refused=sum(event.kind is Kind.FAIL for event in ended),
        bookings=len(facts.bookings),
        notifications=_count(facts, (booking.notification for booking in facts.bookings)),
        private_messages=_count(facts, {one.notification for one in facts.private}),
    )
    verdict.broken_files.extend(facts.broken)
    verdict.half_done.extend(f"{what}: {len(rows)}" for what, rows in facts.half_done.items())
    _judge_bookings(verdict, oks, facts)
    _judge_refusals(verdict, ended, facts)
    _judge_answers(verdict, events)
    _judge_overlaps(verdict, facts.occupied)
    _judge_notifications(verdict, facts)
    _judge_mails(verdict, facts)
    return verdict


def _judge_bookings(verdict: Verdict, oks: Sequence[Event], facts: Facts) -> None:
    stored = {booking.submission: booking for booking in facts.bookings}
    for event in oks:
        found = stored.get(event.submission)
        if found is None:
            verdict.lost_bookings.append(f"{event.link}: acknowledged, not stored")
        elif (found.link, found.start, found.lookup) != (event.link, event.start, event.told):
            verdict.lost_bookings.append(f"{event.link}: another booking than acknowledged")
    by_link = defaultdict(set)
    for event in oks:
        by_link[event.link].add(event.submission)
    for link, submissions in by_link.items():
        if len(submissions) > 1:
            verdict.doubled_bookings.append(f"{link}: acknowledged to {len(submissions)} forms")
    for link, number in _repeated(booking.link for booking in facts.bookings):
        verdict.doubled_bookings.append(f"{link}: stored {number} times")
    for submission, number in _repeated(booking.submission for booking in facts.bookings):
        verdict.doubled_bookings.append(f"form {submission}: stored {number} times")


def _judge_refusals(verdict: Verdict, ended: Sequence[Event], facts: Facts) -> None:
    """A form whose booking is stored is never told "no longer active" once that is decided.

    A refusal before the booking (the time was taken, then another one was chosen) is none.
    """
    booked = {booking.submission: booking for booking in facts.bookings}
    links = {booking.link for booking in facts.bookings}
    for event in ended:
        if event.kind is not Kind.FAIL or event.told != "410":
            continue
        if event.submission in booked:
            verdict.winners_refused.append(f"{event.link}: its own winner was told 410")
        if event.link not in links:
            verdict.wasted_links.append(f"{event.link}: told 410, and nobody has the booking")


def _judge_answers(verdict: Verdict, events: Sequence[Event]) -> None:
    """Every form was answered in the end, and only as it may be: 303, 409, 410, meanwhile 503."""
    for event in events:
        status = int(event.told) if event.told.isdecimal() and event.kind is not Kind.OK else None
        if status is not None and status not in {409, 410, 503}:
            verdict.wrong_answers.append(f"{event.link}: {event.told}")
    wanted = {event.submission: event.link for event in events}
    answered = {event.submission for event in events if event.kind in {Kind.OK, Kind.FAIL}}
    for submission in wanted.keys() - answered:
        verdict.unanswered.append(f"{wanted[submission]}: a form without an answer")


def _judge_overlaps(verdict: Verdict, occupied: Sequence[Occupied]) -> None:
    latest: dict[int, Occupied] = {}
    for one in sorted(occupied, key=lambda one: (one.resource, one.start)):
        before = latest.get(one.resource)
        if before is not None and one.start < before.end:
            verdict.overlaps.append(f"resource {one.resource} at {one.start}")
        if before is None or one.end > before.end:
            latest[one.resource] = one


def _judge_notifications(verdict: Verdict, facts: Facts) -> None:
    meant = [(one.link, "the channel", one.notification) for one in facts.bookings]
    meant += [(one.link, one.recipient, one.notification) for one in facts.private]
    for link, whom, notification in meant:
        if notification is None:
            verdict.lost_notifications.append(f"{link}: never queued for {whom}")
            continue
        times = facts.told.get(notification, 0)
        if times == 0:
            verdict.lost_notifications.append(f"{link}: {whom} not told")
        if times > 1:
            verdict.doubled_notifications.append(f"{link}: {whom} told {times} times")
    for notification in facts.unsent:
        verdict.lost_notifications.append(f"{notification}: still waits")
    for notification in facts.told.keys() - {notification for _, _, notification in meant}:
        verdict.false_notifications.append(f"{notification}: tells of no booking")


def _judge_mails(verdict: Verdict, facts: Facts) -> None:
    """Judge mails as programs show them: copies with one Message-ID, UID and SEQUENCE are one."""
    for one in facts.mails:
        copies = [] if one.notification is None else facts.mailed.get(one.notification, [])
        verdict.mails += bool(copies)
        verdict.folded_mails += len(copies) - len(set(copies))
        if not copies:
            why = "never queued" if one.notification is None else "not sent"
            verdict.lost_mails.append(f"{one.link}: to {one.recipient}, {why}")
        if len(set(copies)) > 1:
            verdict.doubled_mails.append(f"{one.link}: to {one.recipient}, {len(set(copies))}")
    meant = {one.notification for one in facts.mails}
    for notification in facts.mailed.keys() - meant:
        verdict.false_mails.append(f"{notification}: tells of no booking")


def _count(facts: Facts, notifications: Iterable[str | None]) -> int:
    return sum(facts.told.get(one, 0) for one in notifications if one is not None)


def _repeated(names: Iterable[str]) -> list[tuple[str, int]]:
    return [(name, number) for name, number in Counter(names).items() if number > 1]
