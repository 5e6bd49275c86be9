"""A contact who books, and is erased."""

from datetime import timedelta

from scheduling.contacts import Booker, Contact
from scheduling.database import Database
from scheduling.erasing import Erasure, erase_contact
from scheduling.links.permissions import Actor
from scheduling.links.regenerate import regenerate_link
from scheduling.secrets.keyring import Purpose
from tests.given import KEYRING, KIM, MONDAY_NINE, NOW, GivenLink, given_link, when_booked

OVER = MONDAY_NINE + timedelta(days=1)
ADDRESS = "Jane.Zimmerli@Example.com"
JANE = Booker(
    "Jane Zimmerli",
    ADDRESS,
    "My dog Waldo comes along",
    "Europe/Zurich",
    "+41 555 0123",
    guests=("waldo@acme.com",),
)


async def erase(database: Database, email: str = ADDRESS, request_id: str = "1") -> Erasure:
    return await database.write(erase_contact, email=email, request_id=request_id, now=OVER)


async def a_used_link(
    database: Database, contact: Contact | None, booker: Booker = JANE, *, hour: int = 0
) -> GivenLink:
    link = await given_link(database, contact=contact)
    start = MONDAY_NINE + timedelta(hours=hour)
    await when_booked(database, link, booker=booker, start=start, everybody=False)
    return link


async def regenerated(database: Database, link: GivenLink) -> GivenLink:
    secret = KEYRING.new_secret(Purpose.LINK, link.lookups[0][:16])
    done = await database.write(
        regenerate_link,
        workspace_id=1,
        public_id=link.details.public_id,
        actor=Actor(KIM, is_admin=True),
        request_key=link.token,
        secret=secret,
        now=NOW,
    )
    token = KEYRING.token(Purpose.LINK, secret)
    return GivenLink(done.link, token, KEYRING.lookups(Purpose.LINK, token))
