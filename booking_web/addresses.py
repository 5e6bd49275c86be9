"""Typed addresses that are nearly another one: "Did you mean jane@gmail.com?" Pure.

`site.js` asks the same question while the contact types; a test compares the two.
"""

from typing import Final

from rapidfuzz.distance import OSA

KNOWN_DOMAINS: Final = (
    "gmail.com",
    "googlemail.com",
    "outlook.com",
    "hotmail.com",
    "live.com",
    "msn.com",
    "yahoo.com",
    "ymail.com",
    "icloud.com",
    "me.com",
    "mac.com",
    "aol.com",
    "mail.com",
    "email.com",
    "protonmail.com",
    "proton.me",
    "fastmail.com",
    "zoho.com",
    "hey.com",
    "gmx.com",
    "gmx.de",
    "gmx.net",
    "gmx.at",
    "gmx.ch",
    "web.de",
    "t-online.de",
    "freenet.de",
    "orange.fr",
    "free.fr",
    "laposte.net",
    "hotmail.co.uk",
    "yahoo.co.uk",
    "btinternet.com",
    "libero.it",
    "comcast.net",
    "verizon.net",
)
"""Where many people have their mail; what is one of these is not questioned."""

SHORTEST_PROPOSED: Final = 8
"""Shorter domains are close to too many others."""

SHORTEST: Final = 4
"""What is shorter is taken as it was typed."""

SLIPS_OF_COM: Final = frozenset({"co", "cm", "om"})


def did_you_mean(typed: str, *, issued_for: str | None) -> str | None:
    """Return the address that was probably meant; None where nothing says so.

    Args:
        issued_for: the address that the link was issued for, or None.
    """
    written, _, _ = typed.rpartition("@")
    local, _, domain = typed.casefold().rpartition("@")
    own_local, _, own_domain = (issued_for or "").casefold().rpartition("@")
    if not local or (local, domain) == (own_local, own_domain):
        return None
    is_right = domain == own_domain or domain in KNOWN_DOMAINS
    is_own = domain == own_domain or (not is_right and _is_like(domain, own_domain))
    if issued_for and is_own and _is_like(local, own_local):
        return issued_for
    if is_right:
        return None
    proposed = [one for one in KNOWN_DOMAINS if len(one) >= SHORTEST_PROPOSED]
    candidates = (*filter(None, [own_domain]), *proposed)
    near = next((one for one in candidates if _is_slip(domain, one)), None)
    return None if near is None else f"{written}@{near}"


def _is_like(typed: str, meant: str) -> bool:
    """Tell whether it is the same, or one slip away: a letter, or two that changed places."""
    if typed == meant:
        return True
    return len(meant) >= SHORTEST and OSA.distance(typed, meant, score_cutoff=1) <= 1


def _is_slip(domain: str, known: str) -> bool:
    """Tell whether a domain was meant to be a known one; outlook.es is another country's."""
    name, _, ending = domain.partition(".")
    is_country = len(ending) == 2 and ending not in SLIPS_OF_COM
    if is_country and name == known.partition(".")[0]:
        return False
    return _is_like(domain, known)
