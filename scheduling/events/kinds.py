"""What can happen, and which news makes earlier news stale. Pure."""

from enum import Enum, StrEnum


class EventKind(StrEnum):
    """What happened, and to what: the subject's id is that of the thing in brackets."""

    LINK_ISSUED = "link.issued"  # (link)
    LINK_SEEN = "link.seen"  # (link) by a person, the first time
    LINK_DELETED = "link.deleted"  # (link)
    LINK_REGENERATED = "link.regenerated"  # (the new link) details: the one it replaces
    BOOKING_MADE = "booking.made"  # (booking) its link is used up
    BOOKING_MOVED = "booking.moved"  # (booking) details: old and new start
    BOOKING_CANCELLED = "booking.cancelled"  # (booking)
    BOOKING_PLACE_CHANGED = "booking.place_changed"  # (booking) its host says where it is
    BOOKING_ADDRESS_CORRECTED = "booking.address_corrected"  # (booking) by its contact
    # (booking) a mail about it, for good; details: the recipient and why; quiet: nobody is told
    BOOKING_MAIL_REFUSED = "booking.mail_refused"
    BOOKING_MAIL_ASKED = "booking.mail_asked"  # (booking) somebody has its contact written to again
    HOST_LEFT = "host.left"  # (resource) their account in Slack was deactivated
    HOST_RETURNED = "host.returned"  # (resource) it is active again
    # Who these are about was erased; no news, but messages of ours that name them are edited.
    LINK_ERASED = "link.erased"  # (link) whom it was issued for
    BOOKING_ERASED = "booking.erased"  # (booking) who booked, or whom its link was issued for

    @property
    def subject(self) -> str:
        """What the subject's id counts: "link", "booking" or "host"."""
        return self.value.partition(".")[0]

    @property
    def overtakes(self) -> "Overtakes":
        """What becomes of earlier news of the subject that nobody has been told yet."""
        return _OVERTAKES.get(self, Overtakes.NOTHING)


class Overtakes(Enum):
    """What news does to earlier news of one subject that is still on its way."""

    NOTHING = "nothing"
    # Words are made when they are sent: the earlier news tells it as it is now, so this is told.
    IS_TOLD_BY_IT = "is told by it"
    # The earlier news is not true any more: neither of them is told.
    SILENCES_IT = "silences it"


_OVERTAKES = {
    EventKind.BOOKING_MOVED: Overtakes.IS_TOLD_BY_IT,
    EventKind.BOOKING_PLACE_CHANGED: Overtakes.IS_TOLD_BY_IT,
    EventKind.BOOKING_ADDRESS_CORRECTED: Overtakes.IS_TOLD_BY_IT,
    EventKind.BOOKING_CANCELLED: Overtakes.SILENCES_IT,
    EventKind.HOST_LEFT: Overtakes.SILENCES_IT,  # they were back too short a time to be told of it
    EventKind.HOST_RETURNED: Overtakes.SILENCES_IT,
}
