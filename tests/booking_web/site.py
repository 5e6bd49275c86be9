"""The site under test, and what a contact does with it over HTTP."""

from aiohttp import ClientResponse, web
from aiohttp.test_utils import TestClient
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from scheduling.database.models import Booking
from scheduling.links.details import link_by_id
from scheduling.links.status import LinkStatus
from tests.booking_web.reading import posted_fields
from tests.given import NOW, GivenLink

Site = TestClient[web.Request, web.Application]

JANE = {"start": "2026-12-07T09:00:00Z", "name": "Jane Doe", "email": "jane@example.com"}
DEAD = "Uh-oh! The link is no longer active. Please reach out to the event owner for a new link."


def bookings(session: Session) -> int:
    return session.scalar(select(func.count()).select_from(Booking)) or 0


def status_of(session: Session, link: GivenLink) -> LinkStatus:
    return link_by_id(session, link_id=link.details.id, now=NOW).status


async def form_of(site: Site, link: GivenLink, query: str = "") -> dict[str, str]:
    """Fetch a form of one's own."""
    answer = await site.get(f"/otl/{link.token}{query}")
    return posted_fields(await answer.text())


async def send(site: Site, link: GivenLink, form: dict[str, str]) -> ClientResponse:
    return await site.post(f"/otl/{link.token}", data=form, allow_redirects=False)
