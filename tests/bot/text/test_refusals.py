"""Every refusal has words: what happened, then what to do; and they fit into a message."""

from collections.abc import Iterator
from datetime import timedelta

import pytest

from bot import errors as bot_errors
from bot.messages.notes import note
from bot.text.refusals import refusal
from otl.practice.limits import check_blocks
from scheduling import errors
from scheduling.calendars.limits import Problem, ProblemKind
from scheduling.contacts import NAME_LENGTH
from scheduling.links.status import LinkStatus
from tests.bot.values import NOW

LONG = "&<*" * NAME_LENGTH
PAIRS = tuple(("s" * 64, "&" * NAME_LENGTH) for _ in range(30))

SAMPLES: list[Exception] = [
    errors.UnknownCalendar(LONG),
    errors.UnknownCalendar(LONG, PAIRS),
    errors.AmbiguousCalendar(LONG, PAIRS),
    errors.CalendarGroupNamed(LONG, PAIRS),
    errors.CalendarGroupNamed("Dev", ()),
    errors.CalendarInactive("s" * 64, LONG),
    errors.InvalidCalendar("call", (Problem("hosts", ProblemKind.NOBODY, value=LONG),)),
    errors.UnknownLink("L-7K2QXA"),
    errors.UnknownLink(),
    *(errors.LinkNotActive("L-7K2QXA", status, NOW) for status in LinkStatus),
    errors.NotAllowed("L-7K2QXA", "U0SAM", None),
    errors.NotAllowed("L-7K2QXA", "U0SAM", "U0SAM"),
    errors.NotAllowed("L-7K2QXA", "U0SAM", "U0ANA"),
    errors.StartTaken(NOW + timedelta(days=1)),
    errors.BookingIsPrivate("L-7K2QXA", "U0SAM", "U0ANA"),
    errors.UnknownBooking(),
    errors.PhoneMissing(),
    errors.MeetingOver(),
    errors.AddressCorrected(),
    errors.BookingCancelled(),
    errors.BookingChanged(),
    errors.TooLateToChange(NOW, timedelta(hours=2)),
    errors.NoMovesLeft(5),
    errors.NotYourMeeting(("U0SAM",) * 12, "U0ANA"),
    errors.SecondWorkspace(LONG, "T0"),
    errors.DatabaseUnavailable(),
    bot_errors.Outsider(),
    bot_errors.Guest(),
    bot_errors.OldButton(),
    bot_errors.FormNotOpened(),
    bot_errors.AddressLost("L-7K2QXA"),
    bot_errors.TextIsForIssuer("L-7K2QXA", "U0SAM"),
    bot_errors.TooLong(2000),
    bot_errors.UnknownVerb(LONG, None),
    bot_errors.UnknownVerb("isue", "issue"),
    bot_errors.CalendarMissing(),
    bot_errors.ContactMissing(),
    bot_errors.SeveralAddresses(),
    bot_errors.DeadlineMissing(),
    bot_errors.DeadlineUnreadable(LONG),
    bot_errors.DeadlineOutOfBounds(LONG),
    bot_errors.LinkMissing("copy"),
    bot_errors.MeetingsUnreadable(LONG),
    bot_errors.LinkUnreadable("delete", LONG),
]


def leaves(base: type[Exception]) -> Iterator[type[Exception]]:
    """Yield the classes that are raised: those that nothing is derived from."""
    for kind in base.__subclasses__():
        if kind.__subclasses__():
            yield from leaves(kind)
        elif kind.__module__ == base.__module__:
            yield kind


@pytest.mark.parametrize("base", [errors.SchedulingError, bot_errors.BotRefusal])
def test_every_refusal_there_is_has_a_sample_here(base: type[Exception]) -> None:
    sampled = {type(sample) for sample in SAMPLES}

    assert {kind.__name__ for kind in leaves(base)} <= {kind.__name__ for kind in sampled}


@pytest.mark.parametrize(
    "sample",
    [pytest.param(one, id=f"{type(one).__name__}-{n}") for n, one in enumerate(SAMPLES)],
)
def test_every_refusal_has_words_that_slack_takes(sample: Exception) -> None:
    sentence = refusal(sample)

    message = note(sentence, typed=LONG)
    assert sentence[0].isupper() or sentence[0] in "`<“*"
    assert sentence.rstrip("`").endswith((".", "?")) or "L-7K2QXA" in sentence
    assert check_blocks(message.block_json(), "message") == []
    assert len(message.text) <= 4000


def test_a_refusal_without_words_is_an_error_of_ours() -> None:
    class NeverHeardOf(Exception):
        """New, and nobody thought of the bot."""

    with pytest.raises(ValueError, match="NeverHeardOf"):
        refusal(NeverHeardOf())


def test_a_used_link_says_how_to_get_a_new_one() -> None:
    words = refusal(errors.LinkNotActive("L-7K2QXA", LinkStatus.USED, NOW))

    assert words.startswith("`L-7K2QXA` was used <!date^1796112000^")
    assert "`/otl regenerate L-7K2QXA` makes a new link" in words
