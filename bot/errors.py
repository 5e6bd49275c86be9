"""What the bot itself refuses: facts as attributes, the words for them are in `bot.text`."""


class BotRefusal(Exception):
    """Whoever reads its words has changed nothing."""


class Outsider(BotRefusal):
    """Somebody of another workspace."""


class Guest(BotRefusal):
    """A guest of this workspace."""


class OldButton(BotRefusal):
    """A button that an earlier release has shown."""


class FormNotOpened(BotRefusal):
    """Slack did not show the form in time."""


class AddressLost(BotRefusal):
    """The key that made this link's address is gone, and the address with it."""

    def __init__(self, public_id: str) -> None:
        super().__init__("key is gone")
        self.public_id = public_id


class Misunderstanding(BotRefusal):
    """What was typed cannot be read."""


class TooLong(Misunderstanding):
    """More characters than anybody types by hand."""

    def __init__(self, limit: int) -> None:
        super().__init__("text too long")
        self.limit = limit


class UnknownVerb(Misunderstanding):
    """The first word is no command; near is the one that may have been meant, or None."""

    def __init__(self, word: str, near: str | None) -> None:
        super().__init__("unknown verb")
        self.word = word
        self.near = near


class CalendarMissing(Misunderstanding):
    """`issue` without a calendar."""


class ContactMissing(Misunderstanding):
    """`for` with nobody after it."""


class SeveralAddresses(Misunderstanding):
    """More than one e-mail address: a link is for one contact."""


class DeadlineUnreadable(Misunderstanding):
    """What follows `expires` is no deadline."""

    def __init__(self, words: str) -> None:
        super().__init__("deadline unreadable")
        self.words = words


class DeadlineMissing(DeadlineUnreadable):
    """`expires` with nothing after it."""

    def __init__(self) -> None:
        super().__init__("")


class DeadlineOutOfBounds(Misunderstanding):
    """The deadline is shorter than an hour or longer than a year."""

    def __init__(self, words: str) -> None:
        super().__init__("deadline out of bounds")
        self.words = words


class LinkMissing(Misunderstanding):
    """A command that needs a link came without one."""

    def __init__(self, verb: str) -> None:
        super().__init__("link missing")
        self.verb = verb


class LinkUnreadable(Misunderstanding):
    """What stands in a link's place is no public id."""

    def __init__(self, verb: str, words: str) -> None:
        super().__init__("link unreadable")
        self.verb = verb
        self.words = words


class MeetingsUnreadable(Misunderstanding):
    """What follows `meetings` is neither a span nor a person."""

    def __init__(self, words: str) -> None:
        super().__init__("meetings unreadable")
        self.words = words


class TextIsForIssuer(BotRefusal):
    """Somebody else than the link's issuer asked for the text with the booking's own address."""

    def __init__(self, public_id: str, issued_by: str) -> None:
        super().__init__("the text is for the link's issuer")
        self.public_id = public_id
        self.issued_by = issued_by
