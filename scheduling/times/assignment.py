"""Who takes the meeting: hosts by type of calendar, seats by number. Pure."""

from collections.abc import Iterable, Mapping

from scheduling.calendars.types import CalendarType


def assign_hosts(
    type_: CalendarType, free_hosts: tuple[int, ...], meetings: Mapping[int, int]
) -> tuple[int, ...]:
    """Choose among the hosts that are free at the start.

    Args:
        type_: Round Robin takes one host, all others take every host that is given.
        free_hosts: host ids; () for a class that has its host already, and then so is the answer.
        meetings: of each host in the 30 days around the start; a host that is missing has none.

    Raises:
        ValueError: Round Robin has nobody to choose from.
    """
    match type_:
        case CalendarType.ROUND_ROBIN:
            if not free_hosts:
                raise ValueError("no host is free")
            return (min(free_hosts, key=lambda host: (meetings.get(host, 0), host)),)
        case CalendarType.EVENT | CalendarType.CLASS | CalendarType.COLLECTIVE:
            return free_hosts


def able_hosts(type_: CalendarType, hosts: Mapping[int, bool]) -> tuple[int, ...]:
    """Return whose time a calendar may take: Round Robin skips who has left, others need them all.

    Args:
        hosts: whether each is there, by id.
    """
    present = tuple(host for host, is_there in hosts.items() if is_there)
    if type_ is CalendarType.ROUND_ROBIN or len(present) == len(hosts):
        return present
    return ()


def assign_seat(free_seats: Iterable[int]) -> int:
    """Return the lowest free seat.

    Raises:
        ValueError: there is none.
    """
    return min(free_seats)
