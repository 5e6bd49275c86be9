"""Whom a request comes from, as far as we can know. Pure.

Anybody can write an X-Forwarded-For. Only what our own proxies appended counts, and they append at
its right end: with N of them, the Nth address from the right is the client.
"""

from collections.abc import Sequence
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address

IPV6_HOME = 64  # bits of an address that one connection to the Internet shares


def client_of(peer: str, forwarded: Sequence[str], *, trusted_proxies: int) -> str | None:
    """Return the key under which a client's requests are counted; None: do not count them.

    Args:
        peer: the address of the connection, "" where it has none (a Unix socket).
        forwarded: all X-Forwarded-For headers, as they came.
        trusted_proxies: how many proxies of ours every request comes through. With none, a
            connection from this machine is one of ours: a test, a health check, a tunnel.
    """
    own = _read(peer)
    if trusted_proxies == 0:
        return None if own is None or own.is_loopback else _key(own)
    hops = [hop for header in forwarded for hop in header.split(",")]
    named = _read(hops[-trusted_proxies]) if len(hops) >= trusted_proxies else None
    # It came round the proxies, or through one that names nobody: then the connection counts.
    address = named or own
    return "" if address is None else _key(address)


def _key(address: IPv4Address | IPv6Address) -> str:
    if isinstance(address, IPv4Address):
        return str(address)
    return str(IPv6Network((address, IPV6_HOME), strict=False))


def _read(text: str) -> IPv4Address | IPv6Address | None:
    """Read an address as proxies write it: 192.0.2.1:80, [2001:db8::1]:80, fe80::1%eth0."""
    text = text.strip().strip('"')
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        address = ip_address(text.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
