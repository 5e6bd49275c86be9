"""The secrets of links and bookings: made from a key outside the database and a row's nonce. Pure.

The row keeps the nonce, the key's id and a look-up value. A dump of the database opens no page, yet
the token can be made again for its issuer.
"""

import hmac
import re
from base64 import b32encode
from collections.abc import Iterable
from dataclasses import dataclass, field
from enum import StrEnum

TOKEN_ALPHABET = "abcdefghijkmnpqrstuvwxyz23456789"  # noqa: S105  # letters, no secret
TOKEN_LENGTH = 32  # of 5 bits each
NONCE_BYTES = 16

_TOKEN_BYTES = 20
_SMALLEST_KEY = 32  # characters
_TOKEN_SHAPE = re.compile(f"[{TOKEN_ALPHABET}]{{{TOKEN_LENGTH}}}")
_KEY_ID_SHAPE = re.compile("[A-Za-z0-9_-]{1,16}")
_FROM_BASE32 = bytes.maketrans(b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567", TOKEN_ALPHABET.encode())


class Purpose(StrEnum):
    """What a secret opens; the same nonce gives another token for another purpose."""

    LINK = "link"
    BOOKING = "booking"


class UnknownKey(LookupError):
    """The key that made a secret is not in the ring any more: what it opened is closed for good."""

    def __init__(self, key_id: str) -> None:
        super().__init__(f"no key {key_id!r} in the ring")
        self.key_id = key_id


@dataclass(frozen=True, slots=True)
class SecretRecord:
    """What a row keeps of its secret. Without the key it gives no token."""

    key_id: str
    nonce: bytes = field(repr=False)
    lookup: bytes = field(repr=False)


@dataclass(frozen=True, slots=True)
class _Key:
    """One key of the ring, as the keys derived from it."""

    for_tokens: bytes = field(repr=False)
    for_lookups: bytes = field(repr=False)
    for_tickets: bytes = field(repr=False)
    fingerprint: bytes = field(repr=False)

    @classmethod
    def derive(cls, secret: str) -> "_Key":
        root = secret.encode()
        return cls(
            for_tokens=_hmac(root, b"otl token"),
            for_lookups=_hmac(root, b"otl lookup"),
            for_tickets=_hmac(root, b"otl ticket"),
            fingerprint=_hmac(root, b"otl fingerprint"),
        )

    def token(self, purpose: Purpose, nonce: bytes) -> str:
        return _letters(_hmac(self.for_tokens, purpose.encode() + b"\0" + nonce))

    def lookup(self, purpose: Purpose, token: str) -> bytes:
        return _hmac(self.for_lookups, purpose.encode() + b"\0" + token.encode())

    def ticket(self, link_lookup: bytes, submission_id: str) -> str:
        # A posted id may hold anything, a lone surrogate too.
        submission = submission_id.encode(errors="backslashreplace")
        return _letters(_hmac(self.for_tickets, link_lookup + b"\0" + submission))


class Keyring:
    """The keys of this installation: the first signs, all look up."""

    __slots__ = ("_keys",)

    def __init__(self, secrets: Iterable[tuple[str, str]]) -> None:
        """Take key ids and keys, the signing one first.

        Raises:
            ValueError: there is none, an id has not the right shape or stands twice, or a key is
                too short. The message never holds a key.
        """
        keys: dict[str, _Key] = {}
        for place, (key_id, secret) in enumerate(secrets, start=1):
            if not _KEY_ID_SHAPE.fullmatch(key_id):
                raise ValueError(
                    f"the id of key {place} must be 1 to 16 letters, digits, hyphens or underscores"
                )
            if key_id in keys:
                raise ValueError(f"the id of key {place} stands twice")
            if len(secret) < _SMALLEST_KEY:
                raise ValueError(f"key {place} must have at least {_SMALLEST_KEY} characters")
            keys[key_id] = _Key.derive(secret)
        if not keys:
            raise ValueError("there is no key")
        self._keys = keys

    @classmethod
    def parse(cls, text: str) -> "Keyring":
        """Read "id:key[,id:key…]"; a bare key has the id "1".

        Raises:
            ValueError: as for the ring itself; or one of several keys has no id.
        """
        parts = [part.strip() for part in text.split(",")]
        if len(parts) == 1 and ":" not in parts[0]:
            return cls([("1", parts[0])])
        secrets = []
        for place, part in enumerate(parts, start=1):
            key_id, colon, secret = part.partition(":")
            if not colon:
                raise ValueError(f"key {place} has no id: write id:key,id:key")
            secrets.append((key_id.strip(), secret.strip()))
        return cls(secrets)

    def __repr__(self) -> str:
        return f"<Keyring of {', '.join(self._keys)}>"

    def fingerprints(self) -> dict[str, bytes]:
        """Return by id what each key is known by, the signing one first. It opens nothing."""
        return {key_id: key.fingerprint for key_id, key in self._keys.items()}

    def has_made(self, purpose: Purpose, record: SecretRecord) -> bool:
        """Tell whether the key of this id made what a row keeps."""
        key = self._keys.get(record.key_id)
        if key is None:
            return False
        return hmac.compare_digest(
            key.lookup(purpose, key.token(purpose, record.nonce)), record.lookup
        )

    def new_secret(self, purpose: Purpose, nonce: bytes) -> SecretRecord:
        """Make what the row keeps, from 16 random bytes, with the signing key."""
        if len(nonce) != NONCE_BYTES:
            raise ValueError(f"a nonce has {NONCE_BYTES} bytes")
        key_id, key = next(iter(self._keys.items()))
        return SecretRecord(key_id, nonce, key.lookup(purpose, key.token(purpose, nonce)))

    def token(self, purpose: Purpose, record: SecretRecord) -> str:
        """Make the token again.

        Raises:
            UnknownKey: its key has been taken out of the ring.
        """
        key = self._keys.get(record.key_id)
        if key is None:
            raise UnknownKey(record.key_id)
        return key.token(purpose, record.nonce)

    def lookups(self, purpose: Purpose, token: str) -> tuple[bytes, ...]:
        """Return the values under which a row may keep this token, one a key; () if it is none."""
        if not _TOKEN_SHAPE.fullmatch(token):
            return ()
        return tuple(key.lookup(purpose, token) for key in self._keys.values())

    def form_ticket(self, link_lookup: bytes, submission_id: str) -> str:
        """Sign the submission of one fetched form, for this link alone."""
        return next(iter(self._keys.values())).ticket(link_lookup, submission_id)

    def is_form_ticket(self, ticket: str, link_lookup: bytes, submission_id: str) -> bool:
        """Tell whether a key of the ring signed it; its age does not matter."""
        posted = ticket.encode(errors="backslashreplace")
        signed = [key.ticket(link_lookup, submission_id) for key in self._keys.values()]
        matches = [hmac.compare_digest(posted, one.encode()) for one in signed]
        return any(matches)


def _hmac(key: bytes, message: bytes) -> bytes:
    return hmac.digest(key, message, "sha256")


def _letters(digest: bytes) -> str:
    return b32encode(digest[:_TOKEN_BYTES]).translate(_FROM_BASE32).decode()
