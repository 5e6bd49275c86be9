"""What the mails say of a meeting that was moved or cancelled, and who reads why."""

from dataclasses import replace
from datetime import UTC, datetime

import pytest

from booking_web.mail.words import News
from scheduling.bookings.changes import Change
from tests.booking_web.mail.values import (
    a_booking,
    event_of,
    everything_of,
    plain_of,
    to_contact,
    to_guest,
    to_host,
)

REASON = "The train is late"
BEFORE = datetime(2026, 12, 4, 13, 0, tzinfo=UTC)
BY_CONTACT = Change(BEFORE, actor=None)
BY_SAM = Change(BEFORE, actor="U0SAM")
MOVED = replace(a_booking(), reason=REASON)


def test_the_contact_reads_the_time_that_it_was_before() -> None:
    mail = to_contact(MOVED, news=News.MOVED, change=BY_CONTACT)

    assert mail["Subject"].startswith("Moved: Onboarding Call with Sam Rivera, Mon 7 Dec, 10:00")
    assert "This meeting was moved. To move or cancel, open your booking." in plain_of(mail)
    assert "Before, it was Fri 4 Dec, 14:00." in plain_of(mail)
    assert str(event_of(mail)["status"]) == "CONFIRMED"


@pytest.mark.parametrize("news", [News.MOVED, News.CANCELLED])
def test_what_the_contact_typed_is_read_by_the_host_alone(news: News) -> None:
    mails = [make(MOVED, news=news, change=BY_CONTACT) for make in (to_host, to_contact, to_guest)]

    assert [REASON in everything_of(mail) for mail in mails] == [True, False, False]


@pytest.mark.parametrize("news", [News.MOVED, News.CANCELLED])
def test_what_the_team_gives_as_its_reason_is_read_by_contact_and_guests(news: News) -> None:
    mails = [make(MOVED, news=news, change=BY_SAM) for make in (to_host, to_contact, to_guest)]

    assert [REASON in everything_of(mail) for mail in mails] == [False, True, True]


def test_a_mail_that_tells_of_no_change_gives_no_reason() -> None:
    for make in (to_host, to_contact, to_guest):
        mail = make(MOVED)
        assert REASON not in everything_of(mail)
        assert "Before" not in plain_of(mail)
