"""Which part of an item's explanation helps with the first step and does not say what is right?

Pure, from compiled items. An explanation teaches the way in a few sentences; its first one is the hint where
it names nothing of the key. Anything doubtful gives no hint: a pupil without one loses less than a pupil who
is told. A hint exists in both languages or in neither.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

from exams.delivery.sentences import sentences
from exams.markup import to_plain

SHORTEST, LONGEST = 28, 240
"""Characters of a hint as read."""
_WORD: Final = re.compile(r"[^\W\d_]+|\d+(?:[.,]\d+)?")
_COMMON: Final = frozenset(
    word
    for words in (
        "али где зато или него није нису овде само што ово оне они она оно као кад која које који када због",
        "јер and are but can for from has have here into its not only than that the their then there they",
        "this was what when where which with",
    )
    for word in words.split()
)
_NUMBERS: Final = {
    word: str(number)
    for number, words in enumerate(
        ("нула zero", "један једна једно one", "два две two", "три three", "четири four", "пет five",
         "шест six", "седам seven", "осам eight", "девет nine", "десет ten")
    )
    for word in words.split()
}  # fmt: skip
_ROMAN: Final = re.compile(r"\b[IVXLC]{2,}\b")
_DIGITS: Final = {"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}
_SAYS_SO: Final = re.compile(
    r"тачан одговор|тачно је|исправн|правилно је|тачна је|тачни су|решење је|одговор је|нетачн|вишак"
    r"|the answer|correct answer|correct form|correct spelling|is correct|is right"
    r"|are correct|is true|is false|are true|are false"
    r"|not needed|left over",
    re.IGNORECASE,
)
_REGION: Final = re.compile(r"(?:Поље|Field|Тачка|Point|Број|Number) (\d+)[^:.]*: ([^.]*)\.")
Stems = frozenset[str]
Text = tuple[Mapping[str, Any], Mapping[str, Any]]


def first_steps(key: Mapping[str, Any], texts: Mapping[str, Text]) -> dict[str, str]:
    """Language → HTML of the hint; empty where none can be derived in every language.

    texts: language → (content, solution) as compiled.
    """
    told = {language: sentences(solution.get("explanation", "")) for language, (_, solution) in texts.items()}
    if len({len(own) for own in told.values()}) != 1:
        return {}  # the languages part their sentences differently, so the first ones may not say the same
    hints = {language: own[0] for language, own in told.items() if len(own) > 1}
    sound = len(hints) == len(texts) and all(
        _is_sound(html, key, texts[language][0]) for language, html in hints.items()
    )
    return {language: f"<p>{html}</p>" for language, html in hints.items()} if sound else {}


def _is_sound(html: str, key: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    plain = to_plain(html)
    if not SHORTEST <= len(plain) <= LONGEST or _SAYS_SO.search(plain):
        return False
    # A word may stand there taken apart, to show its syllables.
    said, known = _stems(plain) | _stems(plain.replace("-", "")), _stems(to_plain(content.get("stem", "")))
    tells = _TELLS.get(key["interaction"])
    if any(part in _folded(plain) for part in _named(key, content)):
        return False
    return tells is not None and not tells(said, known, key, content) and not _result(plain, key, content)


def _folded(text: str) -> str:
    """Words and numbers alone, with a space on either side of each."""
    return f" {' '.join(_WORD.findall(text.lower()))} "


def _named(key: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[str]:
    """What may not stand in a hint as it is: right choices, and rows, as folded text."""
    if key["interaction"] in ("choice", "multiple_choice"):
        right = [key["correct"]] if isinstance(key["correct"], str) else key["correct"]
        texts = [_table(content, "choices")[name] for name in right]
    else:
        texts = [*_table(content, "rows").values(), *_table(content, "statements").values()]
    yield from (folded for text in texts if (folded := _folded(to_plain(text))).strip())


def _stems(text: str) -> Stems:
    """What is left of words without their endings, and numbers as they stand with a decimal point."""
    found = set()
    for roman in _ROMAN.findall(text):
        found.add(str(_value(roman)))
    for word in _WORD.findall(text.lower()):
        if word[0].isdigit():
            found.add(word.replace(",", "."))
        elif word in _NUMBERS:
            found |= {_NUMBERS[word], word}
        elif word not in _COMMON:
            found.add(word if len(word) < 4 else word[: max(3, min(5, len(word) - 1))])
    return frozenset(found)


def _value(roman: str) -> int:
    digits = [_DIGITS[digit] for digit in roman]
    return sum(
        -digit if any(later > digit for later in digits[place : place + 2]) else digit
        for place, digit in enumerate(digits)
    )


def _apart(options: Mapping[str, str], known: Stems) -> dict[str, Stems]:
    """Of each option (HTML) the stems that no other has and the stem of the item does not say."""
    own = {name: _stems(to_plain(html)) for name, html in options.items()}
    return {
        name: stems - known - frozenset().union(*(other for key, other in own.items() if key != name))
        for name, stems in own.items()
    }


def _table(content: Mapping[str, Any], name: str) -> dict[str, str]:
    return {row["id"]: row["html"] for row in content.get(name, ())}


def _told(said: Stems, options: Mapping[str, str], right: Iterable[str], known: Stems) -> bool:
    """Is one of the right options named by what sets it apart, or, where nothing does, as a whole?"""
    apart = _apart(options, known)
    whole = {name: _stems(to_plain(options[name])) for name in right}
    return any(apart[name] & said or (not apart[name] and whole[name] <= said) for name in whole)


def _choice(said: Stems, known: Stems, key: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    correct = key["correct"]
    right = [correct] if isinstance(correct, str) else list(correct)
    return _told(said, _table(content, "choices"), right, known)


def _true_false(said: Stems, known: Stems, key: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    statements = _table(content, "statements")
    apart = _apart(statements, known)
    return any(
        len(apart[name] & said) > 1 or 3 * len(_stems(to_plain(html)) & said) > len(_stems(to_plain(html)))
        for name, html in statements.items()
    )


def _match(said: Stems, known: Stems, key: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Whatever is said of one row by name, or of a choice in the words of its row, says where it belongs."""
    rows, choices = _table(content, "rows"), _table(content, "choices")
    if any(own & said for own in _apart(rows, known).values()):
        return True
    named = {name for name, own in _apart(choices, known).items() if own & said}
    return any(
        key["correct"][row] in named and len(_stems(to_plain(html)) & said) > 2 for row, html in rows.items()
    )


def _order(said: Stems, known: Stems, key: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Whatever is named comes first, or last, or before another."""
    choices = _table(content, "choices")
    return any(own & said for own in _apart(choices, frozenset()).values())


def _entries(said: Stems, known: Stems, key: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    for name, entry in key.get("fields", key.get("gaps", {})).items():
        if entry["accept"] == "choice":
            options = {row["id"]: row["html"] for row in content["gaps"][name]["choices"]}
            if _told(said, options, [entry["correct"]], known):
                return True
        elif any(own and own <= said for own in (_stems(value) for value in _values(entry))):
            return True
    return False


def _values(entry: Mapping[str, Any]) -> list[str]:
    return [str(value) for value in entry["values"]] if "values" in entry else [str(entry["value"])]


def _words(said: Stems, known: Stems, key: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    words = dict(re.findall(r'<span data-word="([^"]*)">(.*?)</span>', content["text"], re.DOTALL))
    return any(_stems(to_plain(words[name])) & said for name in key["correct"])


def _hotspot(said: Stems, known: Stems, key: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """A place is told by what the figure's description says of it; without one nothing is safe."""
    described = dict(_REGION.findall(" ".join(re.findall(r'aria-label="([^"]*)"', content["stem"]))))
    places = {row["id"]: re.findall(r"\d+", to_plain(row["html"])) for row in content["choices"]}
    right = [described.get(number[0]) for name in key["correct"] if (number := places[name])]
    if len(right) != len(key["correct"]) or None in right:
        return True
    return any(_stems(text or "") & said for text in right)


_TELLS: Final[dict[str, Callable[[Stems, Stems, Mapping[str, Any], Mapping[str, Any]], bool]]] = {
    "choice": _choice,
    "multiple_choice": _choice,
    "true_false": _true_false,
    "match": _match,
    "order": _order,
    "text_entry": _entries,
    "cloze": _entries,
    "select_words": _words,
    "hotspot": _hotspot,
}
"""Does a text with these stems say what is right? Given: its stems, those of the item's stem, the item."""


def _result(plain: str, key: Mapping[str, Any], content: Mapping[str, Any]) -> bool:
    """Does a calculation end with a number of the key, which the item's stem may well hold too?"""
    wanted = set(_numbers_of(key, content))
    ends = re.findall(r"=\s*([−-]?\d+(?:[.,]\d+)?)", plain)
    return any(number.replace(",", ".").lstrip("−-") in wanted for number in ends)


def _numbers_of(key: Mapping[str, Any], content: Mapping[str, Any]) -> Iterator[str]:
    for entry in key.get("fields", key.get("gaps", {})).values():
        if entry["accept"] != "choice":
            yield from (one for value in _values(entry) for one in _stems(value) if one[0].isdigit())
    if key["interaction"] in ("choice", "multiple_choice"):
        options = _table(content, "choices")
        for name in [key["correct"]] if isinstance(key["correct"], str) else key["correct"]:
            yield from (one for one in _stems(to_plain(options[name])) if one[0].isdigit())
