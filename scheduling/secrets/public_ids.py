"""The short names by which people talk about links. Pure."""

from hashlib import sha256

PUBLIC_ID_ALPHABET = "23456789ABCDEFGHJKMNPQRSTUVWXYZ"


def public_id(nonce: bytes, attempt: int) -> str:
    """Return the short name by which people talk about a link, such as L-7K2QXA.

    Args:
        nonce: the link's; the id tells nothing about the token, which needs the key.
        attempt: 0 at first; the next number when the workspace has this id already.
    """
    number = int.from_bytes(sha256(b"public id\0" + nonce + attempt.to_bytes(4)).digest())
    letters = []
    for _ in range(6):
        number, letter = divmod(number, len(PUBLIC_ID_ALPHABET))
        letters.append(PUBLIC_ID_ALPHABET[letter])
    return f"L-{''.join(letters)}"
