"""A contact with an open form, and what others do meanwhile."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from secrets import token_bytes
from typing import Any, Final

import pytest

from scheduling.bookings.details import booking_by_id
from scheduling.calendars.change import activate_calendar, deactivate_calendar
from scheduling.database import Database
from scheduling.errors import CalendarInactive, LinkNotActive, StartTaken
from scheduling.links.delete import delete_link
from scheduling.links.permissions import Actor
from scheduling.links.regenerate import regenerate_link
from scheduling.secrets.keyring import Purpose
from tests.given import (
    ANA,
    KEYRING,
    NOW,
    SAM,
    GivenLink,
    given_calendar,
    given_link,
    when_booked,
)

CALENDAR: Final = "onboarding-call"
HALF_AN_HOUR: Final = timedelta(minutes=30)
HOUR: Final = timedelta(hours=1)


@dataclass(slots=True)
class Scene:
    """A calendar, a link to it, and the form that a contact has open; it wants Monday at nine."""

    database: Database
    link: GivenLink
    submission_id: str = "the first form"
    now: datetime = NOW
    successor: GivenLink | None = None

    async def sends(self) -> str:
        """Send the form as it is; say what came of it."""
        try:
            booked = await when_booked(
                self.database, self.link, submission_id=self.submission_id, now=self.now
            )
        except LinkNotActive as refusal:
            return str(refusal.status).lower()
        except CalendarInactive:
            return "inactive"
        except StartTaken:
            return "taken"
        details = await self.database.read(booking_by_id, booking_id=booked.booking_id)
        length = int((details.ends_at - details.starts_at).total_seconds() / 60)
        hosts = "+".join(sorted(host.name.split()[0] for host in details.hosts))
        return f"{'again' if booked.replay else 'booked'}: {length} min with {hosts}"


Step = Callable[[Scene], Awaitable[object]]


def edited(**settings: Any) -> Step:
    return lambda scene: given_calendar(scene.database, **settings)


async def deactivated(scene: Scene) -> None:
    await scene.database.write(deactivate_calendar, workspace_id=1, slug=CALENDAR, now=NOW)


async def activated(scene: Scene) -> None:
    await scene.database.write(activate_calendar, workspace_id=1, slug=CALENDAR, now=NOW)


async def deleted(scene: Scene) -> None:
    await scene.database.write(
        delete_link,
        workspace_id=1,
        public_id=scene.link.details.public_id,
        actor=Actor(SAM, is_admin=False),
        now=scene.now,
    )


async def delete_is_refused(scene: Scene) -> None:
    with pytest.raises(LinkNotActive):
        await deleted(scene)


async def regenerated(scene: Scene) -> None:
    secret = KEYRING.new_secret(Purpose.LINK, token_bytes(16))
    new = await scene.database.write(
        regenerate_link,
        workspace_id=1,
        public_id=scene.link.details.public_id,
        actor=Actor(SAM, is_admin=False),
        request_key="a press",
        secret=secret,
        now=scene.now,
    )
    token = KEYRING.token(Purpose.LINK, secret)
    scene.successor = GivenLink(new.link, token, KEYRING.lookups(Purpose.LINK, token))


async def the_new_link_is_opened(scene: Scene) -> None:
    assert scene.successor is not None
    scene.link, scene.submission_id = scene.successor, "a form of the new link"


async def another_form_is_fetched(scene: Scene) -> None:
    scene.submission_id = "the second form"


async def somebody_else_books_with_the_link(scene: Scene) -> None:
    await when_booked(scene.database, scene.link, submission_id="somebody else's", now=scene.now)


async def the_deadline_passes(scene: Scene) -> None:
    scene.now = NOW + 2 * HOUR


def taken(start: datetime, *, by: str = CALENDAR) -> Step:
    """Somebody books that time with a link of their own."""

    async def book(scene: Scene) -> None:
        await when_booked(
            scene.database, await given_link(scene.database, calendar=by), start=start
        )

    return book


def anas_own(scene: Scene) -> Awaitable[object]:
    return given_calendar(scene.database, slug="anas-own", hosts=(ANA,))
