"""The public addresses of links and bookings, from the base address of the installation. Pure."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PublicUrls:
    """Where people reach the site; base is as in the settings, with or without a last slash."""

    base: str

    @property
    def is_https(self) -> bool:
        return self.base.startswith("https:")

    def link(self, token: str) -> str:
        """Return where the contact picks a time."""
        return f"{self._base}/otl/{token}"

    def booking(self, token: str) -> str:
        """Return where the contact finds the booking again."""
        return f"{self._base}/booking/{token}"

    def invitation(self, token: str) -> str:
        """Return where the booking's calendar file is."""
        return f"{self._base}/booking/{token}/invitation.ics"

    @property
    def _base(self) -> str:
        return self.base.rstrip("/")
