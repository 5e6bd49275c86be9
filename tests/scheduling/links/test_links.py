"""Issuing, copying and deleting, and who may; what happens at once is in test_link_races."""

import pytest

from scheduling.calendars.change import deactivate_calendar
from scheduling.contacts import Contact
from scheduling.database import Database
from scheduling.errors import (
    CalendarInactive,
    LinkNotActive,
    NotAllowed,
    UnknownCalendar,
    UnknownLink,
)
from scheduling.events.kinds import EventKind
from scheduling.links.copy import copy_link
from scheduling.links.delete import delete_link
from scheduling.links.details import link_by_id
from scheduling.links.issue import issue_link
from scheduling.links.permissions import Actor
from scheduling.links.regenerate import regenerate_link
from scheduling.links.status import LinkStatus
from scheduling.secrets.keyring import Purpose
from tests.arguments import SAM_HIMSELF, copying, deleting, issuing, regenerating
from tests.given import (
    ANA,
    KEYRING,
    KIM,
    NOW,
    SALES,
    SAM,
    given_calendar,
    given_link,
    when_booked,
)
from tests.scheduling.links.acting import (
    A_STRANGER,
    ANA_THE_ISSUER,
    HOUR,
    KIM_THE_ADMIN,
    LATER,
    WEEK,
    events_of,
)
from tests.stored import count


async def test_a_link_is_issued_for_one_contact(database: Database) -> None:
    calendar = await given_calendar(database)
    contact = Contact("Jane Doe", "jane@example.com")

    link = await database.write(
        issue_link, **issuing(contact=contact, issued_by=ANA, deadline=WEEK)
    )

    assert (link.status, link.calendar, link.contact) == (LinkStatus.ACTIVE, calendar, contact)
    assert (link.issued_by, link.channel_id) == (ANA, SALES)
    assert (link.issued_at, link.expires_at) == (NOW, NOW + WEEK)
    assert await database.read(link_by_id, link_id=link.id, now=NOW) == link
    assert await events_of(database, link) == [(EventKind.LINK_ISSUED, ANA, None)]


async def test_many_links_of_a_calendar_are_active_side_by_side(database: Database) -> None:
    await given_calendar(database)

    links = [await given_link(database) for _ in range(3)]

    assert len({link.details.public_id for link in links}) == 3
    assert len({link.token for link in links}) == 3
    assert {link.details.status for link in links} == {LinkStatus.ACTIVE}


async def test_the_same_command_handed_over_again_answers_with_its_link(database: Database) -> None:
    await given_calendar(database)
    first = await database.write(issue_link, **issuing(request_key="one"))

    again = await database.write(issue_link, **issuing(request_key="one", now=LATER))

    assert again == first
    assert await database.read(count, "event") == 1


async def test_the_same_request_key_of_another_user_never_answers_with_the_first_ones_link(
    database: Database,
) -> None:
    await given_calendar(database)
    sams = await database.write(issue_link, **issuing(request_key="one", issued_by=SAM))

    anas = await database.write(issue_link, **issuing(request_key="one", issued_by=ANA))
    by_kim = await database.write(
        regenerate_link,
        **regenerating(anas.public_id, actor=Actor(KIM, is_admin=True), request_key="one"),
    )

    assert anas.public_id != sams.public_id
    assert anas.issued_by == ANA
    assert by_kim.replaced.public_id == anas.public_id


async def test_no_link_is_issued_for_a_calendar_that_is_off_or_unknown(database: Database) -> None:
    await given_calendar(database)
    await database.write(deactivate_calendar, workspace_id=1, slug="onboarding-call", now=NOW)

    with pytest.raises(CalendarInactive) as refusal:
        await database.write(issue_link, **issuing())
    with pytest.raises(UnknownCalendar):
        await database.write(issue_link, **issuing(calendar="nonsense"))

    assert (refusal.value.slug, refusal.value.name) == ("onboarding-call", "Onboarding Call")
    assert await database.read(count, "one_time_link") == 0


async def test_the_secret_of_a_link_gives_the_same_token_again(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)

    copied = await database.read(copy_link, **copying(link.details.public_id))

    assert copied == link.details
    assert KEYRING.token(Purpose.LINK, copied.secret) == link.token


@pytest.mark.parametrize(
    "actor",
    [
        pytest.param(A_STRANGER, id="a stranger"),
        pytest.param(KIM_THE_ADMIN, id="an admin"),
        pytest.param(SAM_HIMSELF, id="the calendar's owner"),
    ],
)
async def test_nobody_but_its_issuer_sees_the_url(database: Database, actor: Actor) -> None:
    await given_calendar(database, owner=SAM)
    link = await given_link(database, issued_by=ANA)

    with pytest.raises(NotAllowed) as refusal:
        await database.read(copy_link, **copying(link.details.public_id, actor=actor))

    assert (refusal.value.issued_by, refusal.value.calendar_owner) == (ANA, None)


async def test_a_link_that_is_no_longer_active_cannot_be_copied(database: Database) -> None:
    await given_calendar(database)
    used, deleted, expired = [
        await given_link(database, deadline=deadline) for deadline in (None, None, HOUR)
    ]
    await when_booked(database, used)
    await database.write(delete_link, **deleting(deleted.details.public_id, now=LATER))
    refusals = []

    for link in (used, deleted, expired):
        with pytest.raises(LinkNotActive) as refusal:
            await database.read(copy_link, **copying(link.details.public_id, now=LATER + HOUR))
        refusals.append((refusal.value.status, refusal.value.since))

    assert refusals == [
        (LinkStatus.USED, NOW),
        (LinkStatus.DELETED, LATER),
        (LinkStatus.EXPIRED, NOW + HOUR),
    ]


@pytest.mark.parametrize("verb", [copy_link, delete_link, regenerate_link])
async def test_an_unknown_public_id_is_refused(database: Database, verb: object) -> None:
    await given_calendar(database)
    named = regenerating("L-222222") if verb is regenerate_link else deleting("L-222222")

    with pytest.raises(UnknownLink) as refusal:
        await database.write(verb, **named)  # type: ignore[arg-type]

    assert refusal.value.public_id == "L-222222"


@pytest.mark.parametrize(
    "actor",
    [
        pytest.param(ANA_THE_ISSUER, id="its issuer"),
        pytest.param(SAM_HIMSELF, id="the calendar's owner"),
        pytest.param(KIM_THE_ADMIN, id="an admin"),
    ],
)
async def test_issuer_owner_and_admins_may_delete_and_regenerate(
    database: Database, actor: Actor
) -> None:
    await given_calendar(database, owner=SAM)
    first, second = [await given_link(database, issued_by=ANA) for _ in range(2)]

    gone = await database.write(delete_link, **deleting(first.details.public_id, actor=actor))
    regenerated = await database.write(
        regenerate_link, **regenerating(second.details.public_id, actor=actor)
    )

    assert (gone.status, gone.deleted_by) == (LinkStatus.DELETED, actor.user_id)
    assert regenerated.replaced.deleted_by == actor.user_id
    assert regenerated.link.issued_by == ANA


async def test_anybody_else_may_neither_delete_nor_regenerate(database: Database) -> None:
    await given_calendar(database, owner=SAM)
    link = await given_link(database, issued_by=ANA)

    with pytest.raises(NotAllowed) as refusal:
        await database.write(delete_link, **deleting(link.details.public_id, actor=A_STRANGER))
    with pytest.raises(NotAllowed):
        await database.write(
            regenerate_link, **regenerating(link.details.public_id, actor=A_STRANGER)
        )

    assert (refusal.value.issued_by, refusal.value.calendar_owner) == (ANA, SAM)
    assert await database.read(link_by_id, link_id=link.details.id, now=NOW) == link.details


async def test_a_deleted_link_is_dead_for_good_and_may_be_deleted_again(database: Database) -> None:
    await given_calendar(database)
    link = await given_link(database)
    gone = await database.write(delete_link, **deleting(link.details.public_id, now=LATER))

    again = await database.write(delete_link, **deleting(link.details.public_id, now=LATER + HOUR))

    assert again == gone
    assert (again.status, again.deleted_at, again.deleted_by) == (LinkStatus.DELETED, LATER, SAM)
    assert await events_of(database, link.details) == [
        (EventKind.LINK_ISSUED, SAM, None),
        (EventKind.LINK_DELETED, SAM, None),
    ]
    with pytest.raises(LinkNotActive):
        await when_booked(database, link, now=LATER)


async def test_a_used_or_expired_link_cannot_be_deleted(database: Database) -> None:
    await given_calendar(database)
    used, expired = await given_link(database), await given_link(database, deadline=HOUR)
    await when_booked(database, used)

    with pytest.raises(LinkNotActive) as of_used:
        await database.write(delete_link, **deleting(used.details.public_id, now=LATER))
    with pytest.raises(LinkNotActive) as of_expired:
        await database.write(delete_link, **deleting(expired.details.public_id, now=LATER))

    assert of_used.value.status is LinkStatus.USED
    assert of_expired.value.status is LinkStatus.EXPIRED
    assert await database.read(count, "one_time_link", "deleted_at IS NOT NULL") == 0
