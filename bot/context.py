"""What every command and button works with: the database, the keys, Slack, and who is who."""

from dataclasses import dataclass
from datetime import UTC, datetime
from secrets import token_bytes

from slack_sdk.web.async_client import AsyncWebClient

from bot.doors.invocation import Invocation
from bot.errors import AddressLost
from bot.messages.link_card import Viewer
from bot.permissions import People
from scheduling.bookings.details import BookingDetails
from scheduling.database import Database
from scheduling.links.details import LinkDetails
from scheduling.links.permissions import Actor, may_change, may_copy
from scheduling.links.report import StatusReport, link_report
from scheduling.links.status import LinkStatus
from scheduling.public_urls import PublicUrls
from scheduling.secrets.keyring import NONCE_BYTES, Keyring, Purpose, SecretRecord, UnknownKey
from scheduling.workspaces import Workspace


@dataclass(frozen=True, slots=True)
class Context:
    """Made once, at start."""

    database: Database
    workspace: Workspace
    keyring: Keyring
    urls: PublicUrls
    slack: AsyncWebClient
    people: People

    def now(self) -> datetime:
        """Return the instant that a use case is given."""
        return datetime.now(UTC)

    def new_secret(self) -> SecretRecord:
        """Return what a new link keeps of its secret."""
        return self.keyring.new_secret(Purpose.LINK, token_bytes(NONCE_BYTES))

    def url(self, link: LinkDetails) -> str:
        """Return the address that only the link's issuer may see.

        Raises:
            AddressLost: its key has been taken out of the ring.
        """
        try:
            return self.urls.link(self.keyring.token(Purpose.LINK, link.secret))
        except UnknownKey as error:
            raise AddressLost(link.public_id) from error

    def booking_url(self, booking: BookingDetails) -> str:
        """Return a booking's own address: its contact's, and its issuer's where no mail arrives.

        Raises:
            AddressLost: its key has been taken out of the ring.
        """
        try:
            return self.urls.booking(self.keyring.token(Purpose.BOOKING, booking.secret))
        except UnknownKey as error:
            raise AddressLost(booking.link_public_id) from error

    def may_be_member(self, invocation: Invocation) -> bool:
        """Tell, without asking Slack, whether nothing speaks against it."""
        return self.people.may_be_member(invocation, team_id=self.workspace.team_id)

    async def require_member(self, invocation: Invocation) -> None:
        """Let members of the workspace through.

        Raises:
            Outsider, Guest: see `People.require_member`.
        """
        await self.people.require_member(invocation, team_id=self.workspace.team_id)

    async def own_links(
        self, user_id: str, only: LinkStatus, *, limit: int, skip: int = 0
    ) -> StatusReport:
        """Return a page of the links in one state that a person issued, the newest first."""
        return await self.database.read(
            link_report,
            workspace_id=self.workspace.id,
            calendar=None,
            public_id=None,
            user_id=user_id,
            only=only,
            now=self.now(),
            limit=limit,
            skip=skip,
        )

    async def actor(self, invocation: Invocation) -> Actor:
        """Return who acts, and whether they administer the workspace."""
        return Actor(invocation.user_id, is_admin=await self.people.is_admin(invocation.user_id))

    async def viewer(self, invocation: Invocation, link: LinkDetails) -> Viewer:
        """Return what the person who asks may do to this link."""
        issued_by, owner = link.issued_by, link.calendar.owner
        viewer = Actor(invocation.user_id, is_admin=False)
        if not may_change(viewer, issued_by=issued_by, owner=owner):
            viewer = await self.actor(invocation)  # Slack is asked only where it matters
        return Viewer(
            is_issuer=may_copy(viewer, issued_by=issued_by),
            may_act=may_change(viewer, issued_by=issued_by, owner=owner),
        )
