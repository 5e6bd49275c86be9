"""Copy, regenerate, delete: who may, what they see, what becomes of the link."""

from scheduling.contacts import Contact
from scheduling.links.status import LinkStatus
from tests.bot.conftest import URL, Office, all_links, in_words
from tests.given import (
    ANA,
    KIM,
    SAM,
    given_calendar,
    given_link,
    when_booked,
)


async def test_the_issuer_copies_the_same_address_again(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)

    card = await office.types(SAM, f"/otl copy {link.details.public_id.lower()}")

    assert URL.findall(card.text) == [link.token]


async def test_nobody_else_copies_it_not_even_an_admin(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)

    answer = await office.types(KIM, f"/otl copy {link.details.public_id}")

    assert f"Only <@{SAM}> sees the address" in in_words(answer)
    assert link.token not in answer.text + str(answer.blocks)


async def test_the_issuer_regenerates_and_sees_the_new_address(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database, contact=Contact("Jane"))

    card = await office.types(SAM, f"/otl regenerate {link.details.public_id}")

    counts = (await all_links(office)).counts
    assert card.text.startswith("New one-time link for Jane\n")
    assert URL.findall(card.text) not in ([], [link.token])
    assert f"`{link.details.public_id}` no longer works." in in_words(card)
    assert counts == {LinkStatus.ACTIVE: 1, LinkStatus.DELETED: 1}


async def test_an_admin_who_regenerates_sees_the_new_id_and_no_address(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database, contact=Contact("Jane", "jane@example.com"))

    card = await office.types(KIM, f"/otl regenerate {link.details.public_id}")

    newest = (await all_links(office)).links[0]
    assert newest.public_id in in_words(card)
    assert f"<@{SAM}> issued it and gets the new address" in in_words(card)
    assert URL.findall(card.text + str(card.blocks)) == []
    assert "jane@example.com" not in card.text + str(card.blocks)


async def test_regenerating_twice_finds_the_same_new_link(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)
    first = await office.types(SAM, f"/otl regenerate {link.details.public_id}")

    second = await office.types(SAM, f"/otl regenerate {link.details.public_id}")

    assert URL.findall(first.text) == URL.findall(second.text)
    assert "had been regenerated before" in in_words(second)


async def test_a_member_may_not_touch_somebody_else_s_link(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)

    for verb in ("regenerate", "delete"):
        answer = await office.types(ANA, f"/otl {verb} {link.details.public_id}")
        assert f"was issued by <@{SAM}>, so I left it as it is. Ask" in in_words(answer)

    assert (await all_links(office)).counts == {LinkStatus.ACTIVE: 1}


async def test_a_deleted_link_says_by_whom_and_when(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database, contact=Contact("Jane"))

    card = await office.types(KIM, f"/otl delete {link.details.public_id}")

    assert f"*Deleted: `{link.details.public_id}` for Jane*" in in_words(card)
    assert f"Deleted by <@{KIM}>, <!date^1796112000^{{time}}|" in in_words(card)
    assert (await all_links(office)).counts == {LinkStatus.DELETED: 1}


async def test_a_used_link_is_not_deleted(office: Office) -> None:
    await given_calendar(office.database)
    link = await given_link(office.database)
    await when_booked(office.database, link)

    answer = await office.types(SAM, f"/otl delete {link.details.public_id}")

    assert in_words(answer).startswith(f"`{link.details.public_id}` was used <!date^")
