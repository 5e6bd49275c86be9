from datetime import UTC, datetime
from urllib.parse import urlencode

import pytest
from hypothesis import given
from hypothesis import strategies as st

from booking_web.link_page.form import (
    BookingForm,
    Fields,
    Incomplete,
    Problem,
    check,
    new_submission_id,
    read_fields,
    read_start,
    write_start,
)
from tests.given import KEYRING, MONDAY_NINE

LOOKUP = b"the lookup of the link"
SUBMISSION = "0123456789abcdef0123456789abcdef"
WHOLE = {
    "start": "2026-12-07T09:00:00Z",
    "name": "Jane Doe",
    "email": "jane@example.com",
    "notes": "",
    "zone": "Europe/Berlin",
    "from": "2026-12-01",
    "submission_id": SUBMISSION,
    "ticket": KEYRING.form_ticket(LOOKUP, SUBMISSION),
}


def posted(**changes: str) -> bytes:
    return urlencode(WHOLE | changes).encode()


def checked(body: bytes) -> BookingForm | Incomplete:
    return check(read_fields(body), keyring=KEYRING, lookups=(b"of an older key", LOOKUP))


def test_a_whole_form_is_a_booking_to_try() -> None:
    form = checked(posted(name="  Jane \t Doe ", notes="One.\r\n\r\nTwo."))

    assert isinstance(form, BookingForm)
    assert (form.start, form.submission_id) == (MONDAY_NINE, SUBMISSION)
    assert (form.booker.name, form.booker.email) == ("Jane Doe", "jane@example.com")
    assert (form.booker.notes, form.booker.zone) == ("One.\n\nTwo.", "Europe/Berlin")


@pytest.mark.parametrize(
    ("changes", "problems"),
    [
        pytest.param({"start": ""}, {"start": Problem.MISSING}, id="no start"),
        pytest.param({"start": "soon"}, {"start": Problem.UNREADABLE}, id="a start in words"),
        pytest.param({"start": "2026-12-07T09:00:00"}, {"start": Problem.UNREADABLE}, id="no zone"),
        pytest.param(
            {"start": "0001-01-01T00:00:00+14:00"}, {"start": Problem.UNREADABLE}, id="year one"
        ),
        pytest.param({"name": " \t"}, {"name": Problem.MISSING}, id="a blank name"),
        pytest.param({"name": "\u200b\u202e"}, {"name": Problem.MISSING}, id="an unseen name"),
        pytest.param({"name": "x" * 201}, {"name": Problem.TOO_LONG}, id="a long name"),
        pytest.param({"email": ""}, {"email": Problem.MISSING}, id="no address"),
        pytest.param({"email": "jane"}, {"email": Problem.UNREADABLE}, id="half an address"),
        pytest.param(
            {"email": "a@example.com, b@example.com"},
            {"email": Problem.UNREADABLE},
            id="two addresses",
        ),
        pytest.param(
            {"email": "x" * 250 + "@example.com"}, {"email": Problem.TOO_LONG}, id="a long address"
        ),
        pytest.param({"notes": "x" * 2001}, {"notes": Problem.TOO_LONG}, id="a long note"),
        pytest.param(
            {"notes": "x" * 2001, "name": "", "start": ""},
            {"start": Problem.MISSING, "name": Problem.MISSING, "notes": Problem.TOO_LONG},
            id="several, in the order of the page",
        ),
    ],
)
def test_each_field_tells_what_is_wrong_with_it(
    changes: dict[str, str], problems: dict[str, Problem]
) -> None:
    form = checked(posted(**changes))

    assert isinstance(form, Incomplete)
    assert list(form.problems.items()) == list(problems.items())
    assert form.genuine


@pytest.mark.parametrize(
    "changes",
    [
        pytest.param({"ticket": ""}, id="no ticket"),
        pytest.param({"ticket": "x" * 32}, id="a made up ticket"),
        pytest.param(
            {"ticket": "\ud800".encode("utf-8", "surrogatepass").decode("latin1")}, id="bytes"
        ),
        pytest.param({"submission_id": "f" * 32}, id="another submission"),
        pytest.param({"submission_id": "x"}, id="no submission id"),
        pytest.param(
            {"submission_id": "x", "ticket": KEYRING.form_ticket(LOOKUP, "x")}, id="no such shape"
        ),
        pytest.param({"zone": "Mars/Base"}, id="a zone that no page offers"),
        pytest.param({"ticket": KEYRING.form_ticket(b"another", SUBMISSION)}, id="of another link"),
    ],
)
def test_a_form_that_no_page_of_the_link_gave_out_is_forged(changes: dict[str, str]) -> None:
    form = checked(posted(**changes))

    assert isinstance(form, Incomplete)
    assert not form.genuine
    assert form.problems == {}


@pytest.mark.parametrize(
    "text", ["x" * 200, "\u00e9" * 200, "e\u0301" * 200], ids=["letters", "composed", "decomposed"]
)
def test_a_name_may_have_two_hundred_characters(text: str) -> None:
    assert isinstance(checked(posted(name=text)), BookingForm)


def test_what_was_typed_too_long_is_kept_whole() -> None:
    assert read_fields(posted(notes="word " * 1000)).notes == ("word " * 1000).strip()


@pytest.mark.parametrize(
    "body",
    [
        pytest.param(b"", id="nothing"),
        pytest.param(b"\xff\xfe\x00", id="bytes"),
        pytest.param(b'{"name": "Jane"}', id="JSON"),
        pytest.param(b"&".join([b"a=1"] * 1000), id="a thousand fields"),
    ],
)
def test_what_is_no_form_reads_as_an_empty_one(body: bytes) -> None:
    assert read_fields(body) == Fields()


def test_of_a_field_that_comes_twice_the_first_counts() -> None:
    assert read_fields(b"name=Jane&name=Joe").name == "Jane"


@given(st.binary(max_size=300))
def test_no_bytes_break_the_reading(body: bytes) -> None:
    form = checked(body)

    assert isinstance(form, Incomplete)


@given(st.datetimes(datetime(2000, 1, 1), datetime(2999, 12, 31)))  # noqa: DTZ001
def test_a_start_is_read_as_it_was_written(start: datetime) -> None:
    start = start.replace(tzinfo=UTC, microsecond=0)

    assert read_start(write_start(start)) == start


def test_every_form_has_a_name_of_its_own() -> None:
    assert len({new_submission_id() for _ in range(1000)}) == 1000


@pytest.mark.parametrize(
    ("shown_from", "start", "first_day"),
    [
        pytest.param("2026-12-01", "2026-12-14T22:30:00Z", "2026-12-01", id="on the page"),
        pytest.param("2026-12-01", "2026-12-14T23:30:00Z", "2026-12-15", id="after it, in Berlin"),
        pytest.param("2026-12-20", "2026-12-14T09:00:00Z", "2026-12-14", id="before it"),
        pytest.param("", "2026-12-14T09:00:00Z", "2026-12-14", id="no page named"),
    ],
)
def test_a_form_that_comes_back_shows_the_days_of_its_start(
    shown_from: str, start: str, first_day: str
) -> None:
    fields = Fields(start=start, zone="Europe/Berlin", first_day=shown_from)

    assert str(fields.query.first_day) == first_day


@pytest.mark.parametrize(
    ("guests", "problem"),
    [
        pytest.param("joe@acme.com, ann@acme.com", None, id="two"),
        pytest.param("joe@acme", Problem.UNREADABLE, id="half an address"),
        pytest.param(
            " ".join(f"guest{number}@acme.com" for number in range(6)),
            Problem.TOO_MANY,
            id="six",
        ),
        pytest.param("joe@acme.com " * 20, None, id="one of them often"),
    ],
)
def test_up_to_five_guests_come_along(guests: str, problem: Problem | None) -> None:
    form = checked(posted(guests=guests))

    if problem is None:
        assert isinstance(form, BookingForm)
        assert form.booker.guests[0] == "joe@acme.com"
    else:
        assert form == Incomplete({"guests": problem}, genuine=True)
