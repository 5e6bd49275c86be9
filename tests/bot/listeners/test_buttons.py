"""What a press does: to the link, to the card, and who may."""

import pytest

from bot.messages import calendar_list, link_card, link_used
from bot.notifications.notifier import Notifier
from otl.practice.messages import Message
from scheduling.contacts import Contact
from scheduling.events.deliveries import Done
from scheduling.links.status import LinkStatus
from tests.bot.conftest import GUS, URL, Office, all_links, in_words
from tests.bot.deliveries import claim_due
from tests.given import ANA, KIM, SALES, SAM, given_calendar, given_link, when_booked


async def notified(office: Office) -> Message:
    """Book a link of Sam's, and return what the channel reads."""
    await given_calendar(office.database)
    link = await given_link(office.database, contact=Contact("Jane"))
    await when_booked(office.database, link)
    await deliver_all(office)
    return office.slack.messages(SALES)[-1]


async def deliver_all(office: Office) -> None:
    notifier = Notifier(database=office.database, client=office.client, seconds_between=0.0)
    while due := await claim_due(office.database):
        for delivery in due:
            assert isinstance(await notifier.deliver(delivery), Done)


async def test_issue_link_on_a_calendar_issues_at_once_to_whoever_presses(office: Office) -> None:
    await given_calendar(office.database)
    listed = await office.types(ANA, "/otl calendars")

    card = await office.presses(ANA, listed, calendar_list.ISSUE)

    (link,) = (await all_links(office)).links
    assert card.text.startswith("One-time link\nOnboarding Call")
    assert URL.search(card.text)
    assert (link.issued_by, link.contact) == (ANA, None)
    assert "1 calendar" in in_words(listed)


async def test_a_press_that_slack_hands_over_twice_issues_one_link(office: Office) -> None:
    await given_calendar(office.database)
    listed = await office.types(ANA, "/otl calendars")
    await office.presses(ANA, listed, calendar_list.ISSUE)

    await office.slack.repeat(office.slack.courier.sent[-1])

    await office.slack.until(lambda: len(office.slack.ephemerals(ANA)) == 3)
    assert (await all_links(office)).counts == {LinkStatus.ACTIVE: 1}


async def test_delete_takes_the_card_s_place_and_the_address_is_gone(office: Office) -> None:
    await given_calendar(office.database)
    card = await office.types(SAM, "/otl issue onboarding for Jane")

    changed = await office.changes(SAM, card, link_card.DELETE)

    assert in_words(changed).startswith("*Deleted: `L-")
    assert f"Deleted by <@{SAM}>, <!date^1796112000^{{time}}|" in in_words(changed)
    assert URL.search(changed.text + in_words(changed)) is None
    assert [block["type"] for block in changed.blocks] == ["section", "context"]
    assert (await all_links(office)).counts == {LinkStatus.DELETED: 1}


async def test_delete_and_regenerate_ask_first_and_say_what_is_lost(office: Office) -> None:
    await given_calendar(office.database)

    card = await office.types(SAM, "/otl issue onboarding for Jane")

    regenerate, delete = card.blocks[-1]["elements"]
    public_id = delete["value"]
    assert regenerate["value"] == f"{public_id} active"
    assert regenerate["confirm"]["text"]["text"] == (
        f"{public_id} stops working at once. Jane needs the new address from you."
    )
    assert delete["confirm"]["text"]["text"] == (
        f"Jane can no longer book with {public_id}. A deleted link never works again."
    )
    assert (delete["style"], delete["confirm"]["style"]) == ("danger", "danger")


async def test_regenerate_takes_the_card_s_place_with_the_new_address(office: Office) -> None:
    await given_calendar(office.database)
    card = await office.types(SAM, "/otl issue onboarding for Jane")
    old = URL.findall(card.text)

    changed = await office.changes(SAM, card, link_card.REGENERATE)

    assert changed.text.startswith("New one-time link for Jane\n")
    assert URL.findall(changed.text) not in ([], old)


async def test_a_press_on_a_stale_card_refreshes_it_and_says_what_changed(office: Office) -> None:
    await given_calendar(office.database)
    card = await office.types(SAM, "/otl issue onboarding for Jane")
    link = (await all_links(office)).links[0]
    own = await office.types(SAM, f"/otl status {link.public_id}")
    await office.types(KIM, f"/otl delete {link.public_id}")

    await office.changes(SAM, own, link_card.COPY)

    assert in_words(own).startswith(f"*`{link.public_id}` for Jane: Deleted*")
    assert "Meanwhile it was deleted, so I did nothing." in in_words(own)
    assert f"Deleted by <@{KIM}>, <!date^1796112000^" in in_words(own)
    assert URL.search(card.text)


async def test_a_card_of_a_link_that_was_booked_meanwhile_is_not_regenerated(
    office: Office,
) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database, contact=Contact("Jane"))
    card = await office.types(SAM, f"/otl copy {link.details.public_id}")
    await when_booked(office.database, link)

    await office.changes(SAM, card, link_card.REGENERATE)

    assert "Meanwhile it was used, so I did nothing." in in_words(card)
    assert "Booked by Jane Doe" in in_words(card)
    assert URL.search(card.text + in_words(card)) is None
    assert (await all_links(office)).counts == {LinkStatus.USED: 1}


async def test_issue_another_gives_its_presser_a_link_and_leaves_the_notification(
    office: Office,
) -> None:
    notification = await notified(office)
    before = in_words(notification)

    card = await office.presses(ANA, notification, link_used.ISSUE_ANOTHER)

    assert URL.search(card.text)
    assert (await all_links(office)).links[0].issued_by == ANA
    assert in_words(notification) == before
    assert len(office.slack.messages(SALES)) == 1


async def test_status_on_a_notification_is_answered_privately(office: Office) -> None:
    notification = await notified(office)

    answer = await office.presses(KIM, notification, link_used.SHOW_STATUS)

    assert ": Used*" in in_words(answer)
    assert "Booked by Jane Doe" in in_words(answer)
    assert len(office.slack.messages(SALES)) == 1


async def test_the_issuer_learns_of_a_regeneration_and_copies_the_address(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database, contact=Contact("Jane"))
    await office.types(KIM, f"/otl regenerate {link.details.public_id}")
    await deliver_all(office)
    (notice,) = office.slack.messages(SAM)
    newest = (await all_links(office)).links[0]

    card = await office.presses(SAM, notice, link_card.COPY)

    assert notice.text.startswith(
        f"`{link.details.public_id}` for Jane was regenerated and no longer works. "
        f"The new one is `{newest.public_id}`"
    )
    assert URL.search(notice.text + str(notice.blocks)) is None
    assert URL.search(card.text)


async def test_a_guest_who_presses_is_refused_politely(office: Office) -> None:
    notification = await notified(office)

    answer = await office.presses(GUS, notification, link_used.ISSUE_ANOTHER)

    assert in_words(answer).startswith("Guests can't use OTL")
    assert (await all_links(office)).counts == {LinkStatus.USED: 1}


async def test_a_press_from_another_workspace_is_refused_politely(office: Office) -> None:
    notification = await notified(office)
    await office.presses(ANA, notification, link_used.SHOW_STATUS)
    sent = office.slack.courier.sent[-1]
    sent.payload["user"]["team_id"] = "T0ELSEWHERE"

    await office.slack.repeat(sent)

    answer = await office.slack.until(
        lambda: len(office.slack.ephemerals(ANA)) == 2 and office.slack.ephemerals(ANA)[-1]
    )
    assert in_words(answer).startswith("OTL is for the members of its own workspace")


@pytest.mark.parametrize(
    ("action_id", "value", "words"),
    [
        pytest.param("of_an_earlier_release", "x", "This button no longer does", id="old-button"),
        pytest.param(link_card.DELETE, "everything", "I don't know a link like that", id="value"),
        pytest.param(link_card.DELETE, None, "I don't know a link like that", id="no-value"),
        pytest.param(calendar_list.ISSUE, "<!channel>", "I don't know a calendar", id="no-slug"),
    ],
)
async def test_a_press_of_something_else_is_answered_too(
    office: Office, action_id: str, value: str | None, words: str
) -> None:
    notification = await notified(office)
    await office.presses(ANA, notification, link_used.SHOW_STATUS)
    sent = office.slack.courier.sent[-1]
    sent.payload["actions"][0] |= {"action_id": action_id, "value": value}

    answered = await office.slack.repeat(sent)

    assert answered.ok
    answer = await office.slack.until(
        lambda: len(office.slack.ephemerals(ANA)) == 2 and office.slack.ephemerals(ANA)[-1]
    )
    assert in_words(answer).startswith(words)
