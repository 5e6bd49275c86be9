"""The secrets of links and bookings."""

import re
from collections import Counter
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from scheduling.secrets.keyring import TOKEN_ALPHABET, Keyring, Purpose, SecretRecord, UnknownKey
from scheduling.secrets.public_ids import PUBLIC_ID_ALPHABET, public_id

FIRST = "the first key has 32 characters or more"
SECOND = "the second key has 32 characters or more"
NONCE = bytes(range(16))
RING = Keyring.parse(FIRST)

nonces = st.binary(min_size=16, max_size=16)


@settings(deadline=None)
@given(nonces, st.sampled_from(Purpose))
def test_the_token_of_a_row_can_be_made_again_and_finds_the_row(
    nonce: bytes, purpose: Purpose
) -> None:
    record = RING.new_secret(purpose, nonce)

    token = RING.token(purpose, record)

    assert re.fullmatch(f"[{TOKEN_ALPHABET}]{{32}}", token)
    assert RING.lookups(purpose, token) == (record.lookup,)
    assert record == RING.new_secret(purpose, nonce)
    assert len(record.lookup) == 32


def test_the_token_of_one_row_is_this_one_in_every_release() -> None:
    """A change here kills every link that is out there."""
    record = RING.new_secret(Purpose.LINK, NONCE)

    assert RING.token(Purpose.LINK, record) == "uzmengitmupz85et4adci3m2tq2jh9ic"
    assert record.lookup.hex() == "95896b7580154f1f8c12e7f0a949406cb710759417391c64306b27c0ca22d99f"


def test_the_alphabet_has_32_letters_none_of_which_is_taken_for_another() -> None:
    assert len(set(TOKEN_ALPHABET)) == 32
    assert not set("lo01") & set(TOKEN_ALPHABET)
    assert not set("ILO01") & set(PUBLIC_ID_ALPHABET)


def test_a_booking_and_a_link_of_one_nonce_have_nothing_in_common() -> None:
    link = RING.new_secret(Purpose.LINK, NONCE)
    booking = RING.new_secret(Purpose.BOOKING, NONCE)

    assert RING.token(Purpose.LINK, link) != RING.token(Purpose.BOOKING, booking)
    assert link.lookup != booking.lookup
    assert RING.lookups(Purpose.BOOKING, RING.token(Purpose.LINK, link)) != (link.lookup,)


def test_another_installation_makes_another_token_of_the_same_row() -> None:
    record = RING.new_secret(Purpose.LINK, NONCE)
    other = Keyring.parse(SECOND)

    assert other.token(Purpose.LINK, record) != RING.token(Purpose.LINK, record)
    assert other.lookups(Purpose.LINK, RING.token(Purpose.LINK, record)) != (record.lookup,)


@pytest.mark.parametrize(
    "token",
    [
        pytest.param("", id="empty"),
        pytest.param("a" * 31, id="too short"),
        pytest.param("a" * 33, id="too long"),
        pytest.param("a" * 32 + "\n", id="a line end behind it"),
        pytest.param("A" * 32, id="capitals"),
        pytest.param("l" * 32, id="a letter that is never used"),
        pytest.param("a" * 31 + "é", id="beyond ASCII"),
        pytest.param("a" * 31 + "\ud800", id="lone surrogate"),
    ],
)
def test_what_has_not_the_shape_of_a_token_is_never_looked_up(token: str) -> None:
    assert RING.lookups(Purpose.LINK, token) == ()


def test_all_letters_occur_about_equally_often_at_every_place() -> None:
    random = Random(11)  # noqa: S311  # a fixed sample, so that the test says the same every time
    tokens = [
        RING.token(Purpose.LINK, RING.new_secret(Purpose.LINK, random.randbytes(16)))
        for _ in range(6400)
    ]

    assert len(set(tokens)) == len(tokens)
    for place in range(32):
        counts = Counter(token[place] for token in tokens)
        chi_square = sum((counts[letter] - 200) ** 2 / 200 for letter in TOKEN_ALPHABET)
        assert chi_square < 75, place  # 31 degrees of freedom: 75 is passed once in 50,000


class TestAChangeOfKeys:
    """`OTL_SECRET_KEY` gets a new first key; the old one stays for the links that are out."""

    def test_the_first_key_signs_and_all_look_up(self) -> None:
        old = Keyring.parse(f"2025:{FIRST}")
        both = Keyring.parse(f"2026:{SECOND}, 2025:{FIRST}")
        earlier = old.new_secret(Purpose.LINK, NONCE)

        later = both.new_secret(Purpose.LINK, NONCE)

        assert (earlier.key_id, later.key_id) == ("2025", "2026")
        assert both.token(Purpose.LINK, earlier) == old.token(Purpose.LINK, earlier)
        assert both.token(Purpose.LINK, later) != both.token(Purpose.LINK, earlier)
        for record in (earlier, later):
            found = both.lookups(Purpose.LINK, both.token(Purpose.LINK, record))
            assert len(found) == 2
            assert record.lookup in found

    def test_a_key_that_is_gone_is_named(self) -> None:
        earlier = Keyring.parse(f"2025:{FIRST}").new_secret(Purpose.LINK, NONCE)
        without = Keyring.parse(f"2026:{SECOND}")

        with pytest.raises(UnknownKey) as refusal:
            without.token(Purpose.LINK, earlier)

        assert refusal.value.key_id == "2025"

    def test_forms_that_were_fetched_before_it_still_count(self) -> None:
        ticket = Keyring.parse(f"2025:{FIRST}").form_ticket(b"lookup", "submission")
        both = Keyring.parse(f"2026:{SECOND},2025:{FIRST}")

        assert both.is_form_ticket(ticket, b"lookup", "submission")
        assert both.form_ticket(b"lookup", "submission") != ticket


class TestTheSecretKeySetting:
    """What may stand in `OTL_SECRET_KEY`."""

    def test_a_bare_key_has_the_id_1(self) -> None:
        bare = Keyring.parse(f"  {FIRST}\n")

        assert bare.new_secret(Purpose.LINK, NONCE).key_id == "1"

    def test_a_key_may_hold_colons(self) -> None:
        ring = Keyring.parse("a:" + ":" * 32)

        assert ring.new_secret(Purpose.LINK, NONCE).key_id == "a"

    @pytest.mark.parametrize(
        ("text", "words"),
        [
            pytest.param("", "key 1 must have at least 32 characters", id="empty"),
            pytest.param("s3cret" * 5, "key 1 must have at least 32 characters", id="too short"),
            pytest.param(
                f"1:{'s3cret' * 6},2:s3cret",
                "key 2 must have at least 32 characters",
                id="one of two is too short",
            ),
            pytest.param(
                f"1:{'s3cret' * 6},1:{'s3cret' * 7}", "the id of key 2 stands twice", id="twice"
            ),
            pytest.param(
                f"1:{'s3cret' * 6},{'s3cret' * 7}",
                "key 2 has no id: write id:key,id:key",
                id="one of two has no id",
            ),
            pytest.param(
                f"{'s3cret' * 6}:1",
                "the id of key 1 must be 1 to 16 letters, digits, hyphens or underscores",
                id="the wrong way round",
            ),
            pytest.param(
                f":{'s3cret' * 6}",
                "the id of key 1 must be 1 to 16 letters, digits, hyphens or underscores",
                id="an empty id",
            ),
        ],
    )
    def test_a_setting_that_cannot_be_used_is_refused_without_showing_it(
        self, text: str, words: str
    ) -> None:
        with pytest.raises(ValueError, match=r"key") as refusal:
            Keyring.parse(text)

        assert str(refusal.value) == words
        assert "s3cret" not in str(refusal.value)

    def test_a_ring_without_a_key_is_refused(self) -> None:
        with pytest.raises(ValueError, match="no key"):
            Keyring([])


class TestFormTickets:
    """A posted form must be one that this site handed out, for this link."""

    ticket = RING.form_ticket(b"lookup", "submission")

    def test_a_form_of_ours_is_accepted(self) -> None:
        assert RING.is_form_ticket(self.ticket, b"lookup", "submission")

    @pytest.mark.parametrize(
        ("ticket", "lookup", "submission"),
        [
            pytest.param(ticket, b"other", "submission", id="of another link"),
            pytest.param(ticket, b"lookup", "other", id="of another submission"),
            pytest.param(ticket[:-1], b"lookup", "submission", id="cut"),
            pytest.param("", b"lookup", "submission", id="empty"),
            pytest.param("é\ud800", b"lookup", "submission", id="strange letters"),
            pytest.param(ticket, b"lookup", "\ud800", id="a strange submission"),
            pytest.param(
                Keyring.parse(SECOND).form_ticket(b"lookup", "submission"),
                b"lookup",
                "submission",
                id="of another site",
            ),
        ],
    )
    def test_a_forged_one_is_not(self, ticket: str, lookup: bytes, submission: str) -> None:
        assert not RING.is_form_ticket(ticket, lookup, submission)


class TestWhatLogsShow:
    """No repr holds a secret."""

    def test_a_ring_shows_the_ids_alone(self) -> None:
        ring = Keyring.parse(f"2026:{SECOND},2025:{FIRST}")

        assert repr(ring) == "<Keyring of 2026, 2025>"
        assert repr(ring._keys["2026"]) == "_Key()"

    def test_a_record_shows_its_key_id_alone(self) -> None:
        assert repr(RING.new_secret(Purpose.LINK, NONCE)) == "SecretRecord(key_id='1')"


def test_a_nonce_of_another_length_is_an_error_of_the_caller() -> None:
    with pytest.raises(ValueError, match="16 bytes"):
        RING.new_secret(Purpose.LINK, b"short")


@settings(deadline=None)
@given(nonces, st.integers(min_value=0, max_value=1000))
def test_a_link_is_talked_about_by_a_short_id(nonce: bytes, attempt: int) -> None:
    name = public_id(nonce, attempt)

    assert re.fullmatch(f"L-[{PUBLIC_ID_ALPHABET}]{{6}}", name)
    assert name == public_id(nonce, attempt)
    assert name != public_id(nonce, attempt + 1)


def test_short_ids_are_spread_over_all_letters() -> None:
    random = Random(12)  # noqa: S311  # a fixed sample
    names = [public_id(random.randbytes(16), 0)[2:] for _ in range(3100)]

    for place in range(6):
        counts = Counter(name[place] for name in names)
        assert set(counts) == set(PUBLIC_ID_ALPHABET)
        assert max(counts.values()) < 150  # 100 on average


def test_records_compare_by_all_that_they_hold() -> None:
    assert SecretRecord("1", NONCE, b"a") != SecretRecord("1", NONCE, b"b")
