"""Which numbers can a pupil have meant by what stands in a field?

Schools write 12.500,5 in Serbian and 12,500.5 in English, phones offer one keyboard for both, so
one entry may have several readings. The rule is the same in both languages: an entry is right when
ANY sensible reading is. "1.250" reads as 1.25 and as 1250; "0.125" only as a decimal (no thousands
start with 0); "1.250,5" only as 1250.5. The same rules: exams/static/exams/js/typed_numbers.js.
"""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from fractions import Fraction
from math import gcd
from typing import Final, Literal

from accounts.transliteration import fold_script

MAX_LENGTH: Final = 64
# Fifteen digits keep every numerator and denominator exact in JavaScript's numbers too.
MAX_DIGITS: Final = 15

_CHARACTERS: Final = str.maketrans(
    {
        **dict.fromkeys("\u00a0\u2007\u2008\u2009\u200a\u202f\u2002\u2003\t\n\r", " "),
        **dict.fromkeys("\u2212\u2010\u2011\u2012\u2013\uff0d\ufe63", "-"),
        **dict.fromkeys("\u2044\u2215", "/"),
        **dict.fromkeys("\u00ba\u02da\u2218", "°"),
        **{"½": " 1/2", "⅓": " 1/3", "⅔": " 2/3", "¼": " 1/4", "¾": " 3/4", "⅕": " 1/5", "⅖": " 2/5"},
        **{"⅗": " 3/5", "⅘": " 4/5", "⅙": " 1/6", "⅚": " 5/6", "⅛": " 1/8", "⅜": " 3/8", "⅝": " 5/8"},
        **{"⅞": " 7/8", "\u200b": "", "\u2060": "", "\ufeff": ""},
    }
)
_ENTRY: Final = re.compile(r"([+-]?) *([0-9.,][0-9 .,/]*)(.*)", re.DOTALL)
_WHOLE: Final = re.compile(r"[0-9]+")
_BLANKED: Final = re.compile(r"([1-9][0-9]{0,2}(?: [0-9]{3})+)(?:[.,]([0-9]+))?")
_DECIMAL: Final = re.compile(r"([0-9]*)[.,]([0-9]+)")
_POINTED: Final = re.compile(r"([1-9][0-9]{0,2}(?:\.[0-9]{3})+)(?:,([0-9]+))?")
_COMMAED: Final = re.compile(r"([1-9][0-9]{0,2}(?:,[0-9]{3})+)(?:\.([0-9]+))?")
_RATIO: Final = re.compile(r"([0-9 ]+)/([0-9 ]+)")
_MIXED: Final = re.compile(r"([0-9]+) ([0-9]+)/([0-9]+)")


@dataclass(frozen=True, slots=True)
class Reading:
    """One number an entry can stand for; `is_reduced` tells of fractions only."""

    value: Fraction
    notation: Literal["decimal", "fraction"]
    is_reduced: bool = False


def readings(text: str, units: Iterable[str] = ()) -> list[Reading]:
    """Every sensible reading of a typed number; none if it is no number or too long.

    A unit after it counts as nothing when it is one of `units` in either script, whole or its first
    words ("m2" and "m^2" stand for m²; "π", "pi" and "π cm2" for π cm²); any other word makes the
    entry no number.
    """
    text = text.strip()
    if len(text) > MAX_LENGTH:
        return []
    match = _ENTRY.fullmatch(text.translate(_CHARACTERS).strip())
    if match is None or not _is_unit(match.group(3), units):
        return []
    body = re.sub(r" *([.,/]) *", r"\1", " ".join(match.group(2).split()))
    body = body[:-1] if body.endswith(".") else body
    if sum(character.isdigit() for character in body) > MAX_DIGITS:
        return []
    sign = -1 if match.group(1) == "-" else 1
    return [Reading(sign * one.value, one.notation, one.is_reduced) for one in _unsigned(body)]


def _is_unit(rest: str, units: Iterable[str]) -> bool:
    folded = _fold_unit(rest)
    return not folded or any(folded in _leading_words(unit) for unit in units)


def _leading_words(unit: str) -> list[str]:
    words = unit.split()
    return [_fold_unit(" ".join(words[:count])) for count in range(1, len(words) + 1)]


def _fold_unit(text: str) -> str:
    return re.sub(r"[ ^.]", "", fold_script(text)).replace("π", "pi")


def _unsigned(body: str) -> Iterator[Reading]:
    if _WHOLE.fullmatch(body):
        yield Reading(Fraction(body), "decimal")
    if match := _DECIMAL.fullmatch(body):
        yield _decimal(match.group(1), match.group(2))
    for pattern in (_BLANKED, _POINTED, _COMMAED):
        if match := pattern.fullmatch(body):
            yield _decimal(re.sub("[^0-9]", "", match.group(1)), match.group(2) or "")
    if match := _RATIO.fullmatch(body):
        top, bottom = (_grouped_whole(part) for part in match.groups())
        if top is not None and bottom:
            yield _ratio(0, top, bottom)
    if match := _MIXED.fullmatch(body):
        whole, top, bottom = (int(part) for part in match.groups())
        # Only a proper fraction follows a whole number: "1 250/3" is 1250/3.
        if top < bottom:
            yield _ratio(whole, top, bottom)


def _decimal(whole: str, decimals: str) -> Reading:
    return Reading(Fraction(int(f"{whole}{decimals}"), 10 ** len(decimals)), "decimal")


def _ratio(whole: int, top: int, bottom: int) -> Reading:
    return Reading(whole + Fraction(top, bottom), "fraction", gcd(top, bottom) == 1 and bottom > 1)


def _grouped_whole(text: str) -> int | None:
    if _WHOLE.fullmatch(text):
        return int(text)
    match = _BLANKED.fullmatch(text)
    return int(text.replace(" ", "")) if match and match.group(2) is None else None
