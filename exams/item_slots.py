"""How do numbers and words get into the [[slots]] of a text, in prose and in formulas? Pure.

[[name]]                    the value: 12.500 or 2,75 in Serbian prose, 12500 and 2.75 inside a formula
[[+name]], [[(name)]]       in a formula: with its sign, or in brackets when it is negative
[[name|дан,дана,дана]]      the word that goes with the number: of one, of two to four, of five (English: two)
[[gap:1]], [[word:1|реч]]   places of a cloze and of a text whose words are selected; they stay
"""

import re
from collections.abc import Mapping
from fractions import Fraction
from typing import Final

from exams.markup import Language, split_formulas

SLOT: Final = re.compile(r"\[\[([^\[\]]*)\]\]")
_INTEGER: Final = re.compile(r"[+-]?\d+")
_DECIMAL: Final = re.compile(r"[+-]?\d+\.\d+")
_RATIO: Final = re.compile(r"[+-]?\d+/[1-9]\d*")
WORD: Final = re.compile(r"\[\[word:([^|\[\]]+)\|([^\[\]|]+)\]\]")
"""A phrase that can be selected: its name and its text, which may go on in the next line."""
_PLACES: Final = ("gap:", "word:")
_FORMS: Final[dict[Language, int]] = {"sr": 3, "en": 2}


class SlotError(ValueError):
    """A slot that cannot be filled; the message says why."""


def slot_name(slot: str) -> str | None:
    """The name of the value a slot asks for; None for a place of the text that stays."""
    if slot.startswith(_PLACES):
        return None
    return slot.partition("|")[0].removeprefix("+").removeprefix("(").removesuffix(")")


def words_of(text: str) -> list[tuple[str, str]]:
    """Name and text of each phrase that can be selected, in the order of the text."""
    return WORD.findall(text)


def as_number(value: int | str) -> Fraction | str:
    """The exact number a source value writes, or the word it is."""
    text = str(value)
    is_number = any(pattern.fullmatch(text) for pattern in (_INTEGER, _DECIMAL, _RATIO))
    return Fraction(text) if is_number else text


def fill(text: str, data: Mapping[str, int | str], language: Language) -> str:
    """`text` with each slot filled: as prose of the language, inside `$…$` as plain digits.

    Raises KeyError for a name that `data` lacks, SlotError for a word without its number.
    """
    pieces = []
    for is_formula, piece in split_formulas(text):
        filled = SLOT.sub(
            lambda match, formula=is_formula: _filled(match.group(1), data, language, formula),  # type: ignore[misc]
            piece,
        )
        pieces.append(f"${filled}$" if is_formula else filled)
    return "".join(pieces)


def _filled(slot: str, data: Mapping[str, int | str], language: Language, is_formula: bool) -> str:
    name = slot_name(slot)
    if name is None:
        return f"[[{slot}]]"
    value = data[name]
    if "|" in slot:
        return _counted(slot, value, language)
    if not is_formula:
        return written(value, language)
    if slot.startswith("+"):
        return f"- {str(value).removeprefix('-')}" if str(value).startswith("-") else f"+ {value}"
    if slot.startswith("(") and str(value).startswith("-"):
        return rf"({value})"
    return str(value)


def _counted(slot: str, value: int | str, language: Language) -> str:
    forms = [form.strip() for form in slot.partition("|")[2].split(",")]
    number = as_number(value)
    if len(forms) != _FORMS[language] or not isinstance(number, Fraction):
        raise SlotError(f"[[{slot}]] needs a number and {_FORMS[language]} words, parted by commas")
    if language == "en":
        return forms[0 if abs(number) == 1 else 1]
    if number.denominator > 1:
        return forms[1]  # 2,5 сата
    last, last_two = abs(number) % 10, abs(number) % 100
    if last == 1 and last_two != 11:
        return forms[0]
    return forms[1] if 2 <= last <= 4 and not 12 <= last_two <= 14 else forms[2]


def written(value: int | str, language: Language) -> str:
    """A source value in prose: "2.75" → 2,75 in Serbian, 12500 → 12.500; words unchanged."""
    text = str(value)
    if not (_INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text)):
        return text.replace("-", "−") if _RATIO.fullmatch(text) else text
    whole, _, decimals = text.lstrip("+-").partition(".")
    grouped = f"{int(whole):,}" if len(whole) >= 5 and not whole.startswith("0") else whole
    number = f"{grouped}.{decimals}" if decimals else grouped
    if language == "sr":
        number = number.translate(str.maketrans(".,", ",."))
    return f"−{number}" if text.startswith("-") else number
