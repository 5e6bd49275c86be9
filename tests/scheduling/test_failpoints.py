"""A failpoint does nothing until it is armed, and then what it was told at the passage meant."""

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from scheduling.failpoints import PLACES, arm, failpoint

HOME = Path(__file__).parents[2]
PASSED = re.compile(r'failpoint\("(\w+)"\)')


def start_passing(orders: str, places: str) -> subprocess.Popen[str]:
    """Have another process pass these places, and say each time that it goes on."""
    program = (
        "from scheduling.failpoints import arm, failpoint\n"
        f"arm({orders!r})\n"
        f"for place in {places.split()!r}:\n"
        "    failpoint(place)\n"
        "    print(place, flush=True)\n"
    )
    return subprocess.Popen(
        [sys.executable, "-c", program], cwd=HOME, stdout=subprocess.PIPE, text=True
    )


@pytest.mark.parametrize(
    ("orders", "survived"),
    [
        pytest.param("redeemed=kill", [], id="the-first-passage"),
        pytest.param("redeemed=kill@2", ["redeemed", "committed"], id="the-second"),
        pytest.param("redeemed=linger@2", ["redeemed", "committed"], id="after-a-moment"),
        pytest.param("posted=kill, committed=kill@1", ["redeemed"], id="another-place"),
    ],
)
def test_an_armed_place_kills_at_the_passage_that_is_meant(
    orders: str, survived: list[str]
) -> None:
    with start_passing(orders, "redeemed committed redeemed") as process:
        said, _ = process.communicate()

    assert process.returncode == -signal.SIGKILL
    assert said.split() == survived


def test_who_is_stopped_goes_on_when_continued() -> None:
    with start_passing("redeemed=stop", "redeemed committed") as process:
        _, status = os.waitpid(process.pid, os.WUNTRACED)
        process.send_signal(signal.SIGCONT)
        said, _ = process.communicate()

    assert os.WIFSTOPPED(status)
    assert said.split() == ["redeemed", "committed"]


def test_a_place_that_is_not_armed_does_nothing() -> None:
    for place in PLACES:
        failpoint(place)


@pytest.mark.parametrize(
    "orders", ["nowhere=kill", "redeemed", "redeemed=sleep", "redeemed=kill@x", "redeemed=kill@0"]
)
def test_an_order_that_cannot_be_is_refused_and_arms_nothing(orders: str) -> None:
    with pytest.raises(ValueError, match="is no order"):
        arm(f"before_redeem=kill,{orders}")

    failpoint("before_redeem")


def test_every_place_that_can_be_named_is_passed_somewhere() -> None:
    packages = ("scheduling", "bot", "booking_web", "otl")
    files = [file for package in packages for file in (HOME / package).rglob("*.py")]

    passed = [place for file in files for place in PASSED.findall(file.read_text("utf-8"))]

    assert set(passed) == set(PLACES)
