"""What can be occupied. Pure."""

from enum import StrEnum


class ResourceType(StrEnum):
    """RFC 5545 §3.2.3 CUTYPE, as far as calendars use it."""

    INDIVIDUAL = "individual"
    ROOM = "room"
    RESOURCE = "resource"
