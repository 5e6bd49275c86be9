"""Every message that the bot can send is one that Slack takes, and harms nobody who reads it."""

import json
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.commands.help import help_lines
from bot.messages import link_card
from bot.messages.booked_for_you import booked_for_you
from bot.messages.calendar_list import MOST, calendar_list
from bot.messages.class_booked import PAGE, class_booked, class_people
from bot.messages.link_card import Viewer
from bot.messages.link_regenerated import link_regenerated
from bot.messages.link_used import link_used
from bot.messages.message import Message
from bot.messages.notes import help_text, note
from bot.messages.status_report import status_report
from bot.modals.shown import as_modal
from bot.text.mrkdwn import escape
from bot.text.notices import cannot_post, rerouted, unexpected
from otl.practice.limits.views import is_too_large
from scheduling.bookings.classes import ClassDetails
from scheduling.bookings.details import BookingDetails
from scheduling.calendars.find import CalendarDetails
from scheduling.calendars.limits import MOST_SEATS
from scheduling.contacts import EMAIL_LENGTH, NAME_LENGTH, Contact
from scheduling.links.details import LinkDetails
from scheduling.links.regenerate import Regenerated
from scheduling.links.report import StatusReport
from scheduling.links.status import LinkStatus
from tests.bot.checker import assert_slack_takes_it, elements, everything_of, texts
from tests.bot.values import (
    NOW,
    URL,
    a_calendar,
    a_link,
    bookings,
    calendars,
    channel_ids,
    classes,
    links,
    names,
    public_ids,
    regenerations,
    reports,
    slack_ids,
    slugs,
)

large = settings(max_examples=8, deadline=None, suppress_health_check=list(HealthCheck))
many = settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
viewers = st.builds(Viewer, st.booleans(), st.booleans())


@many
@given(st.lists(calendars, max_size=60), names)
def test_the_list_of_calendars_fits_into_a_message(
    found: list[CalendarDetails], asked: str
) -> None:
    message = calendar_list(found, searched=asked)

    assert_slack_takes_it(message)
    assert ("more." in json.dumps(message.block_json()[-1])) == (len(found) > MOST)


@many
@given(links, channel_ids)
def test_an_issued_link_is_shown(link: LinkDetails, channel: str) -> None:
    notice = cannot_post(channel, here=True, refusal="not_in_channel")

    message = link_card.issued(link, url=URL, notice=notice)

    assert_slack_takes_it(message)
    assert f"<{URL}>" in list(texts(message.block_json()))
    assert URL in message.text
    assert notice in message.text


@many
@given(regenerations)
def test_a_regenerated_link_is_shown(done: Regenerated) -> None:
    own = link_card.regenerated(done, url=URL)

    assert_slack_takes_it(own)
    assert_slack_takes_it(link_card.regenerated_for_another(done))
    assert URL in own.text


@many
@given(links, viewers)
def test_a_link_s_end_and_its_status_are_shown(link: LinkDetails, viewer: Viewer) -> None:
    assert_slack_takes_it(link_card.deleted(link, viewer))
    assert_slack_takes_it(link_card.status(link, viewer))


@many
@given(reports)
def test_a_report_fits_into_a_message(report: StatusReport) -> None:
    message = status_report(report, now=NOW)

    assert_slack_takes_it(message)


@many
@given(bookings, channel_ids, st.none() | st.sampled_from(["is_archived", "not_in_channel", "x"]))
def test_a_notification_tells_the_news_and_nothing_private(
    booking: BookingDetails, channel: str, refusal: str | None
) -> None:
    for message in (
        link_used(booking, now=NOW),
        link_used(booking, now=NOW, reroute=rerouted(channel, refusal)),
    ):
        assert_slack_takes_it(message)
        assert message.text.startswith("Link used: ")
        assert booking.booker.email not in everything_of(message)
        assert booking.booker.notes not in everything_of(message)


@many
@given(bookings, st.none() | slack_ids, st.lists(names.map(escape), max_size=3))
def test_a_private_message_tells_all_and_harms_nobody(
    booking: BookingDetails, reader: str | None, reroutes: list[str]
) -> None:
    message = booked_for_you(booking, now=NOW, reader=reader, reroutes=reroutes)

    assert_slack_takes_it(message)
    assert escape(booking.booker.email, EMAIL_LENGTH) in message.text
    assert booking.booker.notes in everything_of(message)


@large
@given(classes, st.none() | slack_ids, st.lists(names.map(escape), max_size=3))
def test_a_class_of_500_fits_into_its_host_s_message(
    meeting: ClassDetails, reader: str | None, reroutes: list[str]
) -> None:
    message = class_booked(meeting, reader=reader, reroutes=reroutes)

    assert_slack_takes_it(message)
    assert len(json.dumps(message.block_json(), ensure_ascii=False)) < 50_000
    assert [one for one in reroutes if one not in everything_of(message)] == []


@large
@given(classes, st.integers(0, MOST_SEATS + 100))
def test_a_page_of_the_people_of_a_class_has_their_notes_in_full(
    meeting: ClassDetails, skip: int
) -> None:
    message = class_people(meeting, skip=skip)

    assert_slack_takes_it(message)
    assert not is_too_large(as_modal(message, channel_id="").to_dict())
    page = min(skip, max(len(meeting.people) - 1, 0) // PAGE * PAGE)
    written = [one.booker.notes for one in meeting.people[page : page + PAGE]]
    assert list(quotes(message)) == [note for note in written if note]


def quotes(message: Message) -> Iterator[str]:
    for block in message.block_json():
        for part in block.get("elements", []):
            if part["type"] == "rich_text_quote":
                yield part["elements"][0]["text"]


@many
@given(links)
def test_the_notice_of_a_regenerated_link_holds_no_address(link: LinkDetails) -> None:
    assert_slack_takes_it(link_regenerated(link))
    assert_slack_takes_it(link_regenerated(link, reroute="Somebody could not be reached."))


@many
@given(names, st.text(max_size=3000), slugs, public_ids, channel_ids)
def test_words_alone_are_a_message_too(
    sentence: str, typed: str, slug: str, link: str, channel: str
) -> None:
    assert_slack_takes_it(note(unexpected("0a1b2c3d"), typed=typed))
    assert_slack_takes_it(help_text(help_lines(calendar=slug, link=link)))
    for refusal in ("is_archived", "direct_message", "not_in_channel"):
        assert_slack_takes_it(note(cannot_post(channel, here=False, refusal=refusal)))


def test_a_contact_s_address_is_shown_to_nobody_but_the_issuer() -> None:
    link = a_link(deleted_at=NOW, deleted_by="U0KIM")
    replaced = Regenerated(link, link, fresh=True)
    report = StatusReport(None, {LinkStatus.ACTIVE: 1}, (link,), 0, None)

    shown_to_others = [
        link_card.status(link, Viewer(is_issuer=False, may_act=True)),
        link_card.deleted(link, Viewer(is_issuer=False, may_act=True)),
        link_card.regenerated_for_another(replaced),
        link_regenerated(link, reroute="Sam could not be reached."),
        status_report(report, now=NOW),
    ]
    shown_to_the_issuer = [
        link_card.status(link, Viewer(is_issuer=True, may_act=True)),
        link_card.deleted(link, Viewer(is_issuer=True, may_act=True)),
        link_card.issued(link, url=URL),
        link_regenerated(link),
    ]

    assert [m for m in shown_to_others if "jane@example.com" in everything_of(m)] == []
    assert [m for m in shown_to_the_issuer if "jane@example.com" not in everything_of(m)] == []


@pytest.mark.parametrize(
    ("link", "viewer", "shown"),
    [
        pytest.param(
            a_link(),
            Viewer(is_issuer=True, may_act=True),
            ["Copy", "Regenerate", "Delete"],
            id="the-issuer",
        ),
        pytest.param(
            a_link(),
            Viewer(is_issuer=False, may_act=True),
            ["Regenerate", "Delete"],
            id="an-owner-or-admin",
        ),
        pytest.param(a_link(), Viewer(is_issuer=False, may_act=False), [], id="anybody-else"),
        pytest.param(
            a_link(status=LinkStatus.USED, used_at=NOW),
            Viewer(is_issuer=True, may_act=True),
            ["Regenerate"],
            id="a-used-link",
        ),
        pytest.param(
            a_link(status=LinkStatus.DELETED, deleted_at=NOW, replaced_by="L-222222"),
            Viewer(is_issuer=True, may_act=True),
            [],
            id="a-replaced-link",
        ),
    ],
)
def test_a_status_offers_what_its_reader_may_do(
    link: LinkDetails, viewer: Viewer, shown: list[str]
) -> None:
    message = link_card.status(link, viewer)

    assert [one["text"]["text"] for one in elements(message.block_json())] == shown


def test_the_longest_names_there_can_be_fit_too() -> None:
    worst = "&" * NAME_LENGTH
    calendar = a_calendar(name=worst, group=worst, slug="s" * 64)
    link = a_link(calendar=calendar, contact=Contact(worst))
    report = StatusReport(None, {LinkStatus.ACTIVE: 10}, (link,) * 10, 5, None)

    messages = [
        status_report(report, now=NOW),
        calendar_list([calendar] * 30, searched=worst),
        link_card.issued(link, url=URL),
        link_card.status(link, Viewer(is_issuer=True, may_act=True)),
    ]

    for message in messages:
        assert_slack_takes_it(message)


def test_what_people_type_into_names_formats_nothing() -> None:
    message = note(escape("*bold* _sly_ ~no~ `code` snake_case <!here> & co"))

    assert message.text == (
        "\u2217bold\u2217 \u02cdsly\u02cd \u223cno\u223c \u02cbcode\u02cb snake_case "
        "&lt;!here&gt; &amp; co"
    )


def test_a_long_name_is_cut_before_it_is_escaped() -> None:
    shown = escape("&" * 200)

    assert shown == "&amp;" * 79 + "…"
