"""A link that a person has opened and not booked yet is told as that, wherever it is told of."""

from datetime import timedelta

from bot.messages.link_card import Viewer, status
from bot.text.links import history
from bot.text.mrkdwn import moment
from scheduling.contacts import Contact
from scheduling.links.seen import note_seen
from scheduling.links.status import LinkStatus
from tests.bot.checker import assert_slack_takes_it
from tests.bot.conftest import Office, in_words
from tests.bot.values import a_link
from tests.given import NOW, SAM, GivenLink, given_calendar, given_link, when_booked

LATER = NOW + timedelta(hours=1)
NOT_YET = "opened, not booked yet"


async def opened_link(office: Office) -> GivenLink:
    await given_calendar(office.database)
    link = await given_link(office.database, contact=Contact("Jane"))
    await office.database.write(note_seen, lookups=link.lookups, now=LATER)
    return link


async def test_an_active_link_was_opened_and_is_not_booked_yet(office: Office) -> None:
    link = await opened_link(office)

    one = await office.types(SAM, f"/otl status {link.details.public_id}")
    many = await office.types(SAM, "/otl status")
    own = await office.types(SAM, "/otl")

    assert f"Opened {moment(LATER)}, not booked yet" in in_words(one)
    assert in_words(many).count(NOT_YET) == 1
    assert in_words(own).count(NOT_YET) == 1


async def test_a_link_that_nobody_opened_is_not_said_to_be(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)

    one = await office.types(SAM, f"/otl status {link.details.public_id}")
    many = await office.types(SAM, "/otl status")

    assert "pened" not in in_words(one) + in_words(many)


async def test_a_used_link_was_opened_before_it_was_booked(office: Office) -> None:
    link = await opened_link(office)
    await when_booked(office.database, link, now=LATER)

    one = in_words(await office.types(SAM, f"/otl status {link.details.public_id}"))
    many = await office.types(SAM, "/otl status")

    assert one.index("Issued by") < one.index(f"Opened {moment(LATER)}\n") < one.index("Booked by")
    assert NOT_YET not in in_words(many)


async def test_the_app_home_says_it_as_soon_as_it_happens(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database, contact=Contact("Jane"))
    await office.slack.open_home(SAM)
    await office.slack.until(lambda: office.slack.home(SAM))

    await office.database.write(note_seen, lookups=link.lookups, now=LATER)

    await office.slack.until(lambda: NOT_YET in str(office.slack.home(SAM).blocks))  # type: ignore[union-attr]  # it is there


def test_the_end_of_a_link_comes_after_its_opening() -> None:
    expired = a_link(status=LinkStatus.EXPIRED, expires_at=LATER, seen_at=NOW)
    deleted = a_link(status=LinkStatus.DELETED, deleted_at=LATER, deleted_by=SAM, seen_at=NOW)

    assert history(expired)[1:] == [f"Opened {moment(NOW)}", f"Expired {moment(LATER)}"]
    assert history(deleted)[1:] == [
        f"Opened {moment(NOW)}",
        f"Deleted by <@{SAM}>, {moment(LATER)}",
    ]
    assert_slack_takes_it(status(expired, Viewer(is_issuer=True, may_act=True)))
