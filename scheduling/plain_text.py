"""The one cleaning of text from outside, before anything stores, shows or sends it. Pure."""

import re
import unicodedata
from functools import lru_cache

_MOST_MARKS = 8  # on one letter; no language needs more, and thousands make normalising slow

_JOINER = "\u200d"
_BLANK_LETTERS = "\u115f\u1160\u2800\u3164\uffa0"  # letters to Unicode, blank to the eye
_LINE_ENDS = re.compile("\r\n|[\n\r\v\f\x85\u2028\u2029]")
_LINE_SPACE = re.compile(r"[^\S\n]+")
_TO_SPACE = str.maketrans(dict.fromkeys("\t" + _BLANK_LETTERS, " "))
_PICTURE = "\u2190-\u21ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff"
_STRAY_JOINER = re.compile(f"(?<![{_PICTURE}\ufe0f]){_JOINER}|{_JOINER}(?![{_PICTURE}])")
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_FLAG_LETTERS = range(0x1F1E6, 0x1F200)


def clean(text: str, *, limit: int, lines: bool = False) -> str:
    """Return the text in the form in which it is kept; cleaning it again changes nothing.

    Composed (NFC), without control and format characters, lone surrogates and noncharacters, with
    at most eight marks on a letter and white space collapsed. A joiner stays inside an emoji.

    Args:
        text: anything that a str can hold.
        limit: most characters of the answer; a longer text is cut where no visible character
            is torn apart, if there is such a place.
        lines: keep line breaks, and of several blank lines one.
    """
    if not (text.isascii() and text.isprintable()):
        text = _LINE_ENDS.sub("\n", text).translate(_TO_SPACE)
        text = _STRAY_JOINER.sub("", "".join(filter(_is_kept, text)))
        text = _STRAY_JOINER.sub("", _without_excess_marks(text))
        text = unicodedata.normalize("NFC", text)
    return _cut(_collapse(text) if lines else " ".join(text.split()), limit)


def fold(text: str) -> tuple[str, ...]:
    """Return the words of a text as they are compared: without case, marks and punctuation.

    "Özge O'Neill" is ("ozge", "o", "neill"), "Straße" ("strasse",).
    """
    text = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    text = "".join(character for character in text if not _is_mark(character))
    return tuple("".join(c if c.isalnum() else " " for c in text).split())


@lru_cache(maxsize=4096)
def _is_kept(character: str) -> bool:
    code = ord(character)
    if character in ("\n", _JOINER):
        return True
    if code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF or character == "\u034f":
        return False  # noncharacters and the invisible grapheme joiner
    return unicodedata.category(character) not in ("Cc", "Cf", "Cs")


def _without_excess_marks(text: str) -> str:
    """Drop marks beyond the eighth on one letter, counted as if all were decomposed."""
    if text.isascii():
        return text
    kept = []
    marks = 0
    for character in text:
        own, is_mark = _marks(character)
        marks = marks + own if is_mark else own
        if marks > _MOST_MARKS:
            marks -= own
        else:
            kept.append(character)
    return "".join(kept)


@lru_cache(maxsize=4096)
def _marks(character: str) -> tuple[int, bool]:
    """Count the marks that end a character's decomposition; tell whether it is nothing else."""
    parts = unicodedata.normalize("NFD", character)
    bare = len(parts)
    while bare and _is_mark(parts[bare - 1]):
        bare -= 1
    return len(parts) - bare, bare == 0


def _is_mark(character: str) -> bool:
    return unicodedata.category(character)[0] == "M"


def _collapse(text: str) -> str:
    rows = (row.strip() for row in _LINE_SPACE.sub(" ", text).split("\n"))
    return re.sub("\n{3,}", "\n\n", "\n".join(rows)).strip()


def _cut(text: str, limit: int) -> str:
    if len(text) <= limit:
        return text
    end = limit
    while end and _is_inside(text, end):
        end -= 1
    return text[: end or limit].rstrip().rstrip(_JOINER)


def _is_inside(text: str, place: int) -> bool:
    """Tell whether cutting before this place would tear a visible character apart."""
    after = text[place]
    if _is_mark(after) or after == _JOINER or ord(after) in _SKIN_TONES:
        return True
    if text[place - 1] == _JOINER:
        return True
    if ord(after) not in _FLAG_LETTERS:
        return False
    letters = 0
    while letters < place and ord(text[place - 1 - letters]) in _FLAG_LETTERS:
        letters += 1
    return letters % 2 == 1  # a flag is two letters
