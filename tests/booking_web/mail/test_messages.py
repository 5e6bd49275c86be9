"""What the mails say, read again from the bytes that are sent."""

from collections.abc import Callable
from dataclasses import replace
from email.message import EmailMessage

import pytest

from booking_web.mail.mailbox import Mailbox
from booking_web.mail.readers import Reader
from booking_web.mail.words import News
from scheduling.calendars.find import Host
from scheduling.calendars.types import CalendarType
from scheduling.times.words import Clock
from tests.booking_web.mail.values import (
    ID,
    NOTE,
    PAGE,
    ROOM,
    SAM_RIVERA,
    a_booker,
    a_booking,
    event_of,
    everything_of,
    html_of,
    plain_of,
    sent,
    to_contact,
    to_guest,
    to_host,
)
from tests.booking_web.pages import a_calendar
from tests.booking_web.reading import links, words_of

Make = Callable[..., EmailMessage]

EVERY_MAIL = [
    pytest.param(make, news, id=f"{make.__name__} {news}")
    for make in (to_contact, to_guest, to_host)
    for news in News
]
A_CLASS = a_booking(calendar=a_calendar(type_=CalendarType.CLASS, name="Group Demo"))


def test_the_contact_reads_when_with_whom_and_where_the_booking_is_found() -> None:
    mail = to_contact()

    assert mail["From"] == "Acme <meet@acme.com>"
    assert mail["To"] == "Jane Doe <jane@example.com>"
    assert mail["Reply-To"] == "Sam Rivera <sam@acme.com>"
    assert mail["Message-ID"] == f"<{ID}@acme.com>"
    assert mail["Subject"] == (
        "Booked: Onboarding Call with Sam Rivera, Mon 7 Dec, 10:00–10:30 (Berlin)"  # noqa: RUF001
    )
    assert plain_of(mail) == (
        "You're booked. To move or cancel, open your booking."
        " Yes or No in your calendar does not reach us.\n"
        "\n"
        "Mon 7 Dec, 10:00–10:30 (Berlin)\n"  # noqa: RUF001
        "Mon 7 Dec, 09:00–09:30 (Lisbon) for Sam Rivera\n"  # noqa: RUF001
        "\n"
        "What: Onboarding Call, 30 min\n"
        "With: Sam Rivera\n"
        f"Where: Online meeting {ROOM}\n"
        "Booked by: Jane Doe\n"
        "\n"
        "Your booking:\n"
        f"{PAGE}\n"
    )


def test_a_host_reads_who_comes_with_address_and_note_and_answers_the_contact() -> None:
    mail = to_host()

    assert mail["To"] == "Sam Rivera <sam@acme.com>"
    assert mail["Reply-To"] == "Jane Doe <jane@example.com>"
    assert mail["Subject"] == (
        "Booked: Onboarding Call with Jane Doe, Mon 7 Dec, 09:00–09:30 (Lisbon)"  # noqa: RUF001
    )
    assert plain_of(mail) == (
        "Jane Doe booked Onboarding Call. To move or cancel, answer this mail."
        " Yes or No in your calendar does not reach us.\n"
        "\n"
        "Mon 7 Dec, 09:00–09:30 (Lisbon)\n"  # noqa: RUF001
        "Mon 7 Dec, 10:00–10:30 (Berlin) for Jane Doe\n"  # noqa: RUF001
        "\n"
        "What: Onboarding Call, 30 min\n"
        f"Where: Online meeting {ROOM}\n"
        "Who: Jane Doe (Acme)\n"
        "E-mail: jane@example.com\n"
        "Link: L-7K2QXA\n"
        "\n"
        "Jane Doe writes:\n"
        f"{NOTE}\n"
    )


@pytest.mark.parametrize(("make", "news"), EVERY_MAIL)
def test_the_html_says_the_same_as_the_plain_text(make: Make, news: News) -> None:
    mail = make(news=news)

    shown = words_of(html_of(mail))

    for line in plain_of(mail).replace(ROOM, ROOM.removeprefix("https://")).splitlines():
        heading, _, how = line.partition(". ")
        for part in (heading, how) if how else line.split(": ", 1):
            if part not in {"Your booking:", PAGE}:
                assert part in shown, part


@pytest.mark.parametrize(("make", "news"), EVERY_MAIL)
def test_the_html_loads_nothing_from_anywhere(make: Make, news: News) -> None:
    page = html_of(make(news=news))

    for sign in ("src=", "url(", "@import", "<link", "<script", "<img"):
        assert sign not in page
    assert set(links(page).values()) <= {PAGE, ROOM}


@pytest.mark.parametrize("news", News)
def test_nobody_but_the_contact_holds_the_booking_s_own_address(news: News) -> None:
    for mail in (to_host(news=news), to_guest(news=news)):
        assert "/booking/" not in everything_of(mail)


@pytest.mark.parametrize("news", News)
def test_contact_and_guests_get_no_note_and_hosts_address_only_to_answer(news: News) -> None:
    for mail in (to_contact(news=news), to_guest(news=news)):
        words = everything_of(mail)
        assert "40 seats" not in words
        assert words.count("sam@acme.com") == words.count("Reply-To: Sam Rivera <sam@acme.com>")


def test_guests_never_learn_an_address_of_the_contact_s() -> None:
    assert "jane@example.com" not in everything_of(to_guest())


def test_whose_address_was_a_mistake_gets_no_name_and_no_way_to_the_booking() -> None:
    booking = a_booking()
    wrong = Reader.contact(booking, email="somebody@example.net")

    words = everything_of(sent(booking, wrong, news=News.WITHDRAWN))

    assert "/booking/" not in words
    assert "jane@example.com" not in words
    assert "booked with your address by mistake" in words


def test_a_host_who_was_replaced_no_longer_reads_who_comes() -> None:
    words = everything_of(to_host(news=News.WITHDRAWN))

    assert "This meeting is no longer yours." in words
    assert NOTE not in words


@pytest.mark.parametrize("hosts", [(replace(SAM_RIVERA, email=None),), ()])
def test_where_no_host_can_be_answered_no_mail_asks_for_an_answer(
    hosts: tuple[Host, ...],
) -> None:
    mail = to_contact(a_booking(hosts=hosts))

    assert mail["Reply-To"] is None
    assert "answer this mail" not in everything_of(mail)
    assert "To move or cancel, open your booking." in plain_of(mail)


def test_all_hosts_of_a_meeting_get_the_contact_s_answer() -> None:
    ana = replace(SAM_RIVERA, id=2, name="Ana Lopes", email="ana@acme.com")

    mail = to_contact(a_booking(hosts=(SAM_RIVERA, ana)))

    assert mail["Reply-To"] == "Sam Rivera <sam@acme.com>, Ana Lopes <ana@acme.com>"


def test_a_sender_without_a_name_writes_as_whom_the_reader_knows() -> None:
    nameless = Mailbox("", "meet@acme.com")

    contact, host = to_contact(sender=nameless), to_host(sender=nameless)

    assert contact["From"] == "Sam Rivera <meet@acme.com>"
    assert event_of(contact)["organizer"].params["CN"] == "Sam Rivera"
    assert host["From"] == "Onboarding Call <meet@acme.com>"


def test_the_host_of_a_class_gets_one_event_that_names_nobody() -> None:
    mail = to_host(A_CLASS)

    words = everything_of(mail)
    assert event_of(mail)["summary"] == "Group Demo"
    assert mail["Reply-To"] is None
    for private in ("Jane", "jane@example.com", NOTE):
        assert private not in words
    assert "Who comes stands in Slack." in plain_of(mail)


@pytest.mark.parametrize("make", [to_contact, to_guest])
@pytest.mark.parametrize(
    "name",
    [
        "Win at evil.example",
        "see https://evil.example/x",
        "www.evil",
        "mail joe@evil.example",
        "evil\uff0eexample",
        "evil\u3002example",
        "EVIL.COM",
        "10.20.30.40",
    ],
)
def test_a_name_that_leads_somewhere_stands_in_no_mail(make: Make, name: str) -> None:
    mail = make(a_booking(booker=a_booker(name=name)))

    words = everything_of(mail).casefold()
    for part in ("evil", "10.20", "joe"):
        assert part not in words
    assert "Booked by" not in plain_of(mail)


@pytest.mark.parametrize("name", ["J. R. R. Tolkien", "Dr. Müller", "O'Neill", "Ana-María 3rd"])
def test_a_usual_name_stands_in_the_mail(name: str) -> None:
    assert f"Booked by: {name}\n" in plain_of(to_contact(a_booking(booker=a_booker(name=name))))


def test_of_a_long_name_mails_show_60_characters() -> None:
    mail = to_contact(a_booking(booker=a_booker(name="x" * 200)))

    assert f"Booked by: {'x' * 60}\n" in plain_of(mail)
    assert "x" * 61 not in everything_of(mail)


def test_times_are_written_as_the_contact_s_browser_asked_when_they_booked() -> None:
    american = a_booker(language="en-US", clock=Clock(twelve_hours=True, month_first=True))

    mail = to_contact(a_booking(booker=american))

    assert "Mon, Dec 7, 10:00–10:30 AM (Berlin)" in plain_of(mail)  # noqa: RUF001
    assert mail["Subject"].endswith("Mon, Dec 7, 10:00–10:30 AM (Berlin)")  # noqa: RUF001


def test_the_subject_for_the_contact_holds_nothing_that_they_typed() -> None:
    for news in News:
        assert "Jane" not in to_contact(news=news)["Subject"]


def test_an_address_that_not_every_server_takes_stands_in_no_mail_but_its_own() -> None:
    booking = a_booking(booker=a_booker(email="jösé@example.com"))

    assert to_contact(booking)["To"].addresses[0].username == "jösé"
    assert to_host(booking)["Reply-To"] is None


def test_a_domain_in_other_letters_goes_out_in_the_letters_of_dns() -> None:
    mail = to_contact(a_booking(booker=a_booker(email="jane@bücher.example")))

    assert mail["To"].addresses[0].addr_spec == "jane@xn--bcher-kva.example"
    assert event_of(mail)["attendee"] == "mailto:jane@xn--bcher-kva.example"
