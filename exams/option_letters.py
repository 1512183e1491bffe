"""Which letter stands before the n-th option? The same place has the same letter in both scripts: в is v.

Phones have the same letters in exams/static/exams/js/player/labels.js.
"""

from __future__ import annotations

from typing import Final, Literal

Reading = Literal["sr", "sr-latn", "en"]
"""In which language and script somebody reads, as in the addresses and cookies of the site."""

READINGS: Final[tuple[Reading, ...]] = ("sr", "sr-latn", "en")
LETTERS: Final[dict[Reading, tuple[str, ...]]] = {
    "sr": tuple("абвгдђежз"),
    "sr-latn": ("a", "b", "v", "g", "d", "đ", "e", "ž", "z"),
    "en": tuple("abcdefghi"),
}


def option_letter(index: int, reading: Reading) -> str:
    """`index` counts from 0."""
    return LETTERS[reading][index]
