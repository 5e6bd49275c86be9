"""So many at once, then so many a second, for each client by itself."""

from hypothesis import given
from hypothesis import strategies as st

from booking_web.limits.token_buckets import Rate, TokenBuckets

RATE = Rate(burst=3, per_second=0.5)


def buckets(most: int = 100) -> TokenBuckets:
    return TokenBuckets(RATE, most=most)


def test_a_burst_is_let_through_and_then_one_waits() -> None:
    limits = buckets()

    waits = [limits.take("a", now=10.0) for _ in range(5)]

    assert waits == [0.0, 0.0, 0.0, 2.0, 2.0]


def test_whoever_waits_as_long_as_told_is_let_through_once() -> None:
    limits = buckets()
    for _ in range(3):
        limits.take("a", now=10.0)

    assert limits.take("a", now=12.0) == 0.0
    assert limits.take("a", now=12.0) == 2.0


def test_a_refused_request_does_not_make_the_wait_longer() -> None:
    limits = buckets()
    for _ in range(50):
        limits.take("a", now=10.0)

    assert limits.take("a", now=11.0) == 1.0
    assert limits.take("a", now=12.0) == 0.0


def test_a_long_pause_gives_one_burst_and_no_more() -> None:
    limits = buckets()
    limits.take("a", now=0.0)

    waits = [limits.take("a", now=1e6) for _ in range(4)]

    assert waits == [0.0, 0.0, 0.0, 2.0]


def test_one_client_does_not_use_up_what_is_anothers() -> None:
    limits = buckets()
    for _ in range(10):
        limits.take("a", now=0.0)

    assert limits.take("b", now=0.0) == 0.0


def test_no_more_clients_are_remembered_than_agreed_and_the_busy_ones_stay() -> None:
    limits = buckets(most=100)
    for _ in range(3):
        limits.take("busy", now=0.0)

    for number in range(100_000):
        limits.take(f"client {number}", now=0.0)
        if number % 50 == 0:
            limits.take("busy", now=0.0)

    assert len(limits) == 100
    assert limits.take("busy", now=0.0) == 2.0


def test_a_clock_that_goes_back_gives_nothing() -> None:
    limits = buckets()
    for _ in range(3):
        limits.take("a", now=10.0)

    assert limits.take("a", now=5.0) == 2.0


@given(st.lists(st.floats(0, 5), min_size=1, max_size=60))
def test_in_any_span_no_more_get_through_than_the_burst_and_what_came_in(
    pauses: list[float],
) -> None:
    limits, now, passed = buckets(), 0.0, 0
    for pause in pauses:
        now += pause
        passed += limits.take("a", now=now) == 0.0

    assert passed <= RATE.burst + now * RATE.per_second + 1e-6
