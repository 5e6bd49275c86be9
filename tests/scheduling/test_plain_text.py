"""The cleaning of text from outside."""

import unicodedata
from time import monotonic

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from scheduling.plain_text import clean

TECHNOLOGIST = "\U0001f469\U0001f3fd\u200d\U0001f4bb"  # woman, skin tone, joiner, computer
FLAGS = "\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7"  # DE, FR
HEART_ON_FIRE = "\u2764\ufe0f\u200d\U0001f525"


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("Jane Doe", "Jane Doe", id="a plain name"),
        pytest.param("", "", id="nothing"),
        pytest.param("  Jane \t Doe\n", "Jane Doe", id="white space"),
        pytest.param("Jane\u00a0\u2003\u3000Doe", "Jane Doe", id="wide and hard spaces"),
        pytest.param("Jane\r\nDoe\u2028Roe", "Jane Doe Roe", id="line ends"),
        pytest.param("Rene\u0301", "Ren\u00e9", id="composed"),
        pytest.param("e\u200b\u0301", "\u00e9", id="composed over a hidden character"),
        pytest.param("Ja\x00n\x1be\x7f\x9b", "Jane", id="control characters"),
        pytest.param("\ufeffJ\u00ada\u200bn\u2060e\u200c", "Jane", id="hidden characters"),
        pytest.param("\u202eenaJ\u202c \u2066x\u2069\u200e\u200f\u061c", "enaJ x", id="bidi"),
        pytest.param("Jane\ud83d", "Jane", id="a lone surrogate"),
        pytest.param("Jane\ufffe\uffff\U0001fffe\ufdd0", "Jane", id="noncharacters"),
        pytest.param("\u3164\uffa0\u2800", "", id="a name that only looks empty"),
        pytest.param("Ja\U000e0041ne", "Jane", id="tags that nobody sees"),
        pytest.param("<b>{{x}} & *y* `z`", "<b>{{x}} & *y* `z`", id="markup is left as it is"),
        pytest.param(TECHNOLOGIST, TECHNOLOGIST, id="an emoji of several"),
        pytest.param(HEART_ON_FIRE, HEART_ON_FIRE, id="an emoji with a variation selector"),
        pytest.param("a\u200db \u2764\u200d \u200d\u2764", "ab \u2764 \u2764", id="other joiners"),
        pytest.param(
            "\u5f20\u4f1f \u0645\u0631\u064a\u0645",
            "\u5f20\u4f1f \u0645\u0631\u064a\u0645",
            id="far names",
        ),
        pytest.param("\U0001fae9", "\U0001fae9", id="newer than this Python's Unicode"),
        pytest.param("\u0335" * 9, "\u0335" * 8, id="piled marks on nothing"),
        pytest.param("Z" + "\u0335" * 500 + "a", "Z" + "\u0335" * 8 + "a", id="piled marks"),
        pytest.param("\u1ec7" + "\u0301" * 9, "\u1ec7" + "\u0301" * 6, id="marks in the letter"),
    ],
)
def test_text_is_kept_without_what_nobody_can_see(text: str, kept: str) -> None:
    assert clean(text, limit=100) == kept


@pytest.mark.parametrize(
    ("text", "kept"),
    [
        pytest.param("one\ntwo", "one\ntwo", id="two lines"),
        pytest.param(
            "one\r\ntwo\rthree\u2028four\x0bfive", "one\ntwo\nthree\nfour\nfive", id="ends"
        ),
        pytest.param("one\n\n \n\t\n\ntwo", "one\n\ntwo", id="one blank line at most"),
        pytest.param("\n  one  \t two \n", "one two", id="white space"),
        pytest.param("one \u00e9\n", "one \u00e9", id="beyond ASCII"),
    ],
)
def test_notes_keep_their_lines(text: str, kept: str) -> None:
    assert clean(text, limit=100, lines=True) == kept


@pytest.mark.parametrize(
    ("text", "limit", "kept"),
    [
        pytest.param("Jane Doe", 8, "Jane Doe", id="it fits"),
        pytest.param("Jane Doe", 7, "Jane Do", id="cut"),
        pytest.param("Jane Doe", 5, "Jane", id="no space at the end"),
        pytest.param("Jane", 0, "", id="nothing fits"),
        pytest.param("abx\u0335", 3, "ab", id="before a letter with a mark"),
        pytest.param("abx\u0335", 4, "abx\u0335", id="behind it"),
        pytest.param("ab" + TECHNOLOGIST, 5, "ab", id="before an emoji of several"),
        pytest.param("ab" + TECHNOLOGIST, 3, "ab", id="before its skin tone"),
        pytest.param("ab" + TECHNOLOGIST, 4, "ab", id="before its joiner"),
        pytest.param("ab" + TECHNOLOGIST, 6, "ab" + TECHNOLOGIST, id="behind the emoji"),
        pytest.param("a" + FLAGS, 2, "a", id="within the first flag"),
        pytest.param("a" + FLAGS, 3, "a" + FLAGS[:2], id="between two flags"),
        pytest.param("a" + FLAGS, 4, "a" + FLAGS[:2], id="within the second flag"),
        pytest.param(FLAGS, 3, FLAGS[:2], id="within the second of nothing but flags"),
        pytest.param("x" + "\u0335" * 8, 4, "x\u0335\u0335\u0335", id="there is no good place"),
        pytest.param(HEART_ON_FIRE, 3, "\u2764\ufe0f", id="no good place, and no joiner left"),
    ],
)
def test_long_text_is_cut_where_no_visible_character_is_torn(
    text: str, limit: int, kept: str
) -> None:
    assert clean(text, limit=limit) == kept


HIDDEN = "\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c\u200b\ufeff\x00"
difficult = st.text(
    st.characters()
    | st.sampled_from(
        "a \n\t\u0301\u0335\u200d\ufe0f\u2764\u2190\u0338\u2adc\u2329\u0344\u0958\u1100\u1161"
    )
    | st.sampled_from(TECHNOLOGIST + FLAGS + HIDDEN)
    | st.characters(categories=["Cs", "Mn", "Mc", "Me", "Cf", "Cc", "Zs"]),
    max_size=60,
)


@settings(deadline=None, max_examples=1000)
@given(difficult, st.integers(0, 30), st.booleans())
@example("\u2764\u200d\u2329", 30, False)  # noqa: FBT003  # composing changes the bracket
@example("\u2adc\u200d\u2764", 30, False)  # noqa: FBT003  # composing takes the symbol apart
@example("a" + "\u0344" * 8, 30, False)  # noqa: FBT003  # composing doubles the marks
@example("a" + "\u0301" * 8 + "\u200d" + "\u0301" * 8, 30, False)  # noqa: FBT003  # a joiner between
def test_whatever_comes_the_kept_text_is_clean(text: str, limit: int, lines: bool) -> None:  # noqa: FBT001
    kept = clean(text, limit=limit, lines=lines)

    assert clean(kept, limit=limit, lines=lines) == kept
    assert len(kept) <= limit
    assert unicodedata.is_normalized("NFC", kept)
    assert not set(HIDDEN) & set(kept)
    assert {
        unicodedata.category(character) for character in kept if character not in "\n\u200d"
    }.isdisjoint({"Cc", "Cf", "Cs", "Zl", "Zp"})
    assert kept == kept.strip()
    assert "  " not in kept
    assert lines or "\n" not in kept
    assert kept.encode().decode() == kept


def test_a_hundred_thousand_piled_marks_take_no_time() -> None:
    """To put marks in their order takes the square of their number."""
    began = monotonic()

    clean("a" + "\u0315\u0300" * 50_000, limit=200)

    assert monotonic() - began < 5
