"""Who books."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.contacts import EMAIL_LENGTH, Booker, Contact, read_email


@pytest.mark.parametrize(
    ("text", "email"),
    [
        pytest.param("jane@example.com", "jane@example.com", id="plain"),
        pytest.param("  jane@example.com\n", "jane@example.com", id="white space around it"),
        pytest.param("Jane.Doe+otl@EXAMPLE.com", "Jane.Doe+otl@example.com", id="capital domain"),
        pytest.param("jane@bücher.example.org", "jane@bücher.example.org", id="letters of Europe"),
    ],
)
def test_an_address_is_kept_in_its_normal_form(text: str, email: str) -> None:
    assert read_email(text) == email


@pytest.mark.parametrize(
    "text",
    [
        pytest.param("", id="empty"),
        pytest.param("jane", id="no domain"),
        pytest.param("jane@", id="half"),
        pytest.param("jane@example", id="no dot"),
        pytest.param("jane@example.com, joe@example.com", id="two"),
        pytest.param("Jane <jane@example.com>", id="with a name"),
        pytest.param("jane@example.com\r\nBcc: evil@example.com", id="a header of its own"),
        pytest.param("jane\x00@example.com", id="NUL"),
        pytest.param("\ud800@example.com", id="lone surrogate"),
        pytest.param(f"jane@{'a.' * 130}com", id="too long"),
    ],
)
def test_what_is_no_address_is_not_taken_for_one(text: str) -> None:
    assert read_email(text) is None


@settings(deadline=None, max_examples=200)
@given(st.text(alphabet=st.characters(), max_size=40) | st.emails())
def test_whatever_is_typed_the_answer_is_an_address_or_none(text: str) -> None:
    email = read_email(text)

    assert email is None or (read_email(email) == email and len(email) <= EMAIL_LENGTH)


def test_addresses_and_notes_stay_out_of_logs() -> None:
    contact = Contact("Jane", "jane@example.com")
    booker = Booker("Jane", "jane@example.com", "about the offer", "Europe/Berlin")

    assert "jane@" not in repr(contact)
    assert "jane@" not in repr(booker)
    assert "offer" not in repr(booker)
