"""Whose request it is: only what our own proxies wrote counts."""

import pytest

from booking_web.limits.client_address import client_of

PROXY = "10.0.0.7"
CLIENT = "203.0.113.9"


@pytest.mark.parametrize(
    ("peer", "forwarded", "proxies", "client"),
    [
        pytest.param(CLIENT, [], 0, CLIENT, id="nobody between"),
        pytest.param(CLIENT, ["198.51.100.1"], 0, CLIENT, id="forged without a proxy"),
        pytest.param(PROXY, [CLIENT], 1, CLIENT, id="one proxy"),
        pytest.param(PROXY, [f"198.51.100.1, {CLIENT}"], 1, CLIENT, id="forged before one proxy"),
        pytest.param(
            PROXY, ["198.51.100.1", CLIENT], 1, CLIENT, id="forged in a header of its own"
        ),
        pytest.param(PROXY, [f"1.1.1.1, {CLIENT}, 10.0.0.8"], 2, CLIENT, id="two proxies"),
        pytest.param(PROXY, [f"{CLIENT}:51234"], 1, CLIENT, id="with a port"),
        pytest.param(
            PROXY, ["[2001:db8:1:2:3:4:5:6]:443"], 1, "2001:db8:1:2::/64", id="IPv6, port"
        ),
        pytest.param(PROXY, ["2001:db8:1:2::99"], 1, "2001:db8:1:2::/64", id="IPv6, same home"),
        pytest.param(PROXY, ["fe80::1%eth0"], 1, "fe80::/64", id="IPv6 with a scope"),
        pytest.param(PROXY, [f"::ffff:{CLIENT}"], 1, CLIENT, id="IPv4 in IPv6"),
        pytest.param(PROXY, [f' "{CLIENT}" '], 1, CLIENT, id="quoted"),
        pytest.param(PROXY, [], 1, PROXY, id="round the proxy"),
        pytest.param(PROXY, [CLIENT], 2, PROXY, id="round one of two proxies"),
        pytest.param(PROXY, ["unknown"], 1, PROXY, id="a proxy that names nobody"),
        pytest.param(PROXY, [","], 1, PROXY, id="nothing but a comma"),
        pytest.param("127.0.0.1", [CLIENT], 1, CLIENT, id="a proxy on this machine"),
        pytest.param("127.0.0.1", [], 1, "127.0.0.1", id="round the proxy on this machine"),
        pytest.param("", [], 1, "", id="a socket file"),
        pytest.param("", [CLIENT], 1, CLIENT, id="a proxy at a socket file"),
    ],
)
def test_a_client_is_who_our_last_proxy_saw(
    peer: str, forwarded: list[str], proxies: int, client: str
) -> None:
    assert client_of(peer, forwarded, trusted_proxies=proxies) == client


@pytest.mark.parametrize("peer", ["127.0.0.1", "127.9.9.9", "::1", "::ffff:127.0.0.1", ""])
@pytest.mark.parametrize("forwarded", [[], [CLIENT]])
def test_without_a_proxy_this_machine_is_not_counted(peer: str, forwarded: list[str]) -> None:
    assert client_of(peer, forwarded, trusted_proxies=0) is None


def test_a_header_of_any_length_is_read() -> None:
    assert client_of(PROXY, [f"{'9, ' * 2000}{CLIENT}"], trusted_proxies=1) == CLIENT
