"""What must come of every operation: one rule for each.

`accept` is handed an operation and the answer that was seen. It returns the state thereafter, or
raises Mismatch where a right program could not have answered so.
"""

from collections.abc import Callable, Sequence
from datetime import datetime, timedelta
from typing import Any, Final

from tests.model.specification import (
    ADMINS,
    ALONE,
    CALENDARS,
    FAIRNESS,
    FRESH,
    HOURS,
    KNOWN,
    MINUTE,
    OWNER,
    WINDOW,
    Answer,
    Book,
    Copy,
    Delete,
    Issue,
    Mismatch,
    Open,
    Operation,
    Regenerate,
    SetHours,
    State,
    Switch,
    status,
)


def accept(state: State, operation: Operation, answer: Answer, now: datetime) -> State:
    """Return the state after an operation that was answered so.

    Raises:
        Mismatch: it must not have been.
    """
    rule: Callable[[State, Any, Answer, datetime], State] = RULES[type(operation)]
    return rule(state, operation, answer, now)


def linearisations(
    state: State, done: Sequence[tuple[Operation, Answer]], now: datetime
) -> list[State]:
    """Return every state that some order of operations done at once leads to."""
    if not done:
        return [state]
    ends: list[State] = []
    for place, (operation, answer) in enumerate(done):
        try:
            after = accept(state, operation, answer, now)
        except Mismatch:
            continue
        rest = [*done[:place], *done[place + 1 :]]
        ends += [end for end in linearisations(after, rest, now) if end not in ends]
    return ends


def _require(answer: Answer, *wanted: Any) -> None:
    if answer != wanted:
        raise Mismatch(f"answered {answer}, wanted {wanted}")


def _require_gone(answer: Answer, why: str) -> None:
    """The site has one page for all dead links: it does not say why."""
    if answer not in {("gone", why), ("gone", None)}:
        raise Mismatch(f"answered {answer}, wanted gone, {why}")


def _may(state: State, link: str, by: str) -> bool:
    return by in {state["links"][link]["issued_by"], OWNER, *ADMINS}


def _with_link(state: State, link: str, **changes: Any) -> State:
    links = state["links"]
    return {**state, "links": {**links, link: {**links.get(link, {}), **changes}}}


def _with_new_link(state: State, link: str, key: tuple[str, str], **facts: Any) -> State:
    if link in state["links"]:
        raise Mismatch(f"{link} is not new")
    state = _with_link(state, link, used=False, deleted=False, **facts)
    return {**state, "keys": {**state["keys"], key: link}}


def _issue(state: State, op: Issue, answer: Answer, now: datetime) -> State:
    if (op.by, op.key) in state["keys"]:
        _require(answer, "link", state["keys"][op.by, op.key])
        return state
    if not state["calendars"][op.calendar]["on"]:
        _require(answer, "off")
        return state
    _require(answer[:1], "link")
    return _with_new_link(
        state,
        answer[1],
        (op.by, op.key),
        calendar=op.calendar,
        issued_by=op.by,
        deadline=op.deadline,
        expires=None if op.deadline is None else now + op.deadline,
        replaces=None,
    )


def _copy(state: State, op: Copy, answer: Answer, now: datetime) -> State:
    facts = state["links"][op.link]
    if op.by != facts["issued_by"]:
        _require(answer, "not allowed")
    elif status(facts, now) == "active":
        _require(answer, "link", op.link)
    else:
        _require_gone(answer, status(facts, now))
    return state


def _open(state: State, op: Open, answer: Answer, now: datetime) -> State:
    facts = state["links"][op.link]
    if status(facts, now) != "active":
        _require_gone(answer, status(facts, now))
    else:
        is_on = state["calendars"][facts["calendar"]]["on"]
        _require(answer, "open" if is_on else "off")
    return state


def _delete(state: State, op: Delete, answer: Answer, now: datetime) -> State:
    facts = state["links"][op.link]
    before = status(facts, now)
    if not _may(state, op.link, op.by):
        _require(answer, "not allowed")
    elif before in {"active", "deleted"}:
        _require(answer, "deleted")
        return _with_link(state, op.link, deleted=True)
    else:
        _require_gone(answer, before)
    return state


def _regenerate(state: State, op: Regenerate, answer: Answer, now: datetime) -> State:
    if not _may(state, op.link, op.by):
        _require(answer, "not allowed")
        return state
    if (op.by, op.key) in state["keys"]:
        _require(answer, "new", state["keys"][op.by, op.key], FRESH)
        return state
    newest = newest_of(state, op.link)
    facts = state["links"][newest]
    is_active = status(facts, now) == "active"
    if newest != op.link and is_active:
        _require(answer, "new", newest, KNOWN)
        return state
    if not state["calendars"][facts["calendar"]]["on"]:
        _require(answer, "off")
        return state
    _require(answer[:1], "new")
    _require(answer[2:], FRESH)
    if is_active:
        state = _with_link(state, newest, deleted=True)
    if op.by != facts["issued_by"]:
        deliveries = (*state["deliveries"], ("link.regenerated", "issuer", answer[1]))
        state = {**state, "deliveries": tuple(sorted(deliveries))}
    return _with_new_link(
        state,
        answer[1],
        (op.by, op.key),
        calendar=facts["calendar"],
        issued_by=facts["issued_by"],
        deadline=facts["deadline"],
        expires=None if facts["deadline"] is None else now + facts["deadline"],
        replaces=newest,
    )


def newest_of(state: State, link: str) -> str:
    by_old = {facts["replaces"]: new for new, facts in state["links"].items()}
    while link in by_old:
        link = by_old[link]
    return link


def _book(state: State, op: Book, answer: Answer, now: datetime) -> State:
    facts = state["links"][op.link]
    known = state["bookings"].get(op.submission)
    if known is not None:
        _require(answer, "booked", known["identity"])
        return state
    if status(facts, now) != "active":
        _require_gone(answer, status(facts, now))
        return state
    if not state["calendars"][facts["calendar"]]["on"]:
        _require(answer, "off")
        return state
    taken = _take(state, facts["calendar"], op.start, now)
    if taken is None:
        _require(answer, "taken")
        return state
    _require(answer[:1], "booked")
    if answer[1] in {booking["identity"] for booking in state["bookings"].values()}:
        raise Mismatch("two forms were answered with one booking")
    state = _with_link(state, op.link, used=True)
    booking = {
        "link": op.link,
        "calendar": facts["calendar"],
        "start": op.start,
        "identity": answer[1],
    }
    hosts = {host for host, _, _ in taken} or set(CALENDARS[facts["calendar"]].hosts)
    told = {"channel", *(f"host:{host}" for host in hosts)}
    told |= set() if facts["issued_by"] in hosts else {"issuer"}
    made = (("booking.made", one, op.submission) for one in told)
    deliveries = (*state["deliveries"], *made)
    return {
        **state,
        "bookings": {**state["bookings"], op.submission: booking},
        "occupied": state["occupied"] | taken,
        "deliveries": tuple(sorted(deliveries)),
    }


def _take(
    state: State, calendar: str, start: datetime, now: datetime
) -> frozenset[tuple[str, datetime, datetime]] | None:
    """Return whose time a booking takes, () for a class that runs already; None: not open."""
    kind = CALENDARS[calendar]
    hours = HOURS[state["calendars"][calendar]["hours"]]
    if hours is None or not now <= start < now + WINDOW:
        return None
    opens, closes = (datetime.combine(start.date(), wall, start.tzinfo) for wall in hours)
    if start < opens or start + kind.duration > closes or (start - opens) % kind.duration:
        return None
    if kind.seats > 1:
        running = [
            booking
            for booking in state["bookings"].values()
            if (booking["calendar"], booking["start"]) == (calendar, start)
        ]
        if running:
            return frozenset() if len(running) < kind.seats else None
    begin, end = start - kind.before, start + kind.duration + kind.after
    free = [host for host in kind.hosts if not _is_busy(state, host, begin, end)]
    if not free:
        return None
    host = min(free, key=lambda one: (_meetings_around(state, one, start), kind.hosts.index(one)))
    return frozenset({(host, begin, end)})


def _is_busy(state: State, host: str, begin: datetime, end: datetime) -> bool:
    return any(
        one == host and starts_at < end and begin < ends_at
        for one, starts_at, ends_at in state["occupied"]
    )


def _meetings_around(state: State, host: str, moment: datetime) -> int:
    """Count the host's meetings around a start; buffers are not part of a meeting."""
    starts = {
        begin + (CALENDARS[ALONE].before if end - begin == 45 * MINUTE else timedelta(0))
        for one, begin, end in state["occupied"]
        if one == host
    }
    return sum(moment - FAIRNESS <= start < moment + FAIRNESS for start in starts)


def _set_hours(state: State, op: SetHours, answer: Answer, now: datetime) -> State:
    del now
    _require(answer, "done")
    return _with_calendar(state, op.calendar, hours=op.hours)


def _switch(state: State, op: Switch, answer: Answer, now: datetime) -> State:
    del now
    _require(answer, "done")
    return _with_calendar(state, op.calendar, on=op.on)


def _with_calendar(state: State, calendar: str, **changes: Any) -> State:
    calendars = state["calendars"]
    return {**state, "calendars": {**calendars, calendar: {**calendars[calendar], **changes}}}


RULES: Final[dict[type, Callable[[State, Any, Answer, datetime], State]]] = {
    Issue: _issue,
    Copy: _copy,
    Open: _open,
    Book: _book,
    Delete: _delete,
    Regenerate: _regenerate,
    SetHours: _set_hours,
    Switch: _switch,
}
