"""The public addresses."""

import pytest

from scheduling.public_urls import PublicUrls


@pytest.mark.parametrize("base", ["https://book.example.com", "https://book.example.com/"])
def test_every_page_stands_under_the_public_address(base: str) -> None:
    urls = PublicUrls(base)

    assert urls.link("abc") == "https://book.example.com/otl/abc"
    assert urls.booking("abc") == "https://book.example.com/booking/abc"
    assert urls.invitation("abc") == "https://book.example.com/booking/abc/invitation.ics"


def test_a_site_below_a_path_stays_below_it() -> None:
    assert PublicUrls("https://example.com/book/").link("abc") == "https://example.com/book/otl/abc"
