"""What is right in an item, part by part, what else is taken for right, and which mistakes are known?

For people, on screen and paper.
Pure. HTML comes from compiled items, in the script of whoever reads; numbers and words that a pupil types
are plain text, and escaped.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from accounts.transliteration import html_to_latin, to_latin
from exams.item_slots import written
from exams.markup import Language
from exams.option_letters import Reading, option_letter

TRUTH: Final[dict[Reading, dict[bool, str]]] = {
    "sr": {True: "Т", False: "Н"},
    "sr-latn": {True: "T", False: "N"},
    "en": {True: "T", False: "F"},
}
"""The letters of тачно and нетачно, of true and false, as tests on paper have them."""

_CYRILLIC = re.compile(r"[\u0400-\u04ff]")
WORD: Final = re.compile(
    r'<span data-word="([^"]*)">((?:<span\b(?:(?!</span>).)*</span>|(?!</span>).)*)</span>', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class KeyLine:
    """One part of the key: `sign` what is written on paper, `html` what it means, `also` what else counts."""

    sign: str
    html: str
    also: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KnownMistake:
    """Something wrong that is given for a reason: `sign` and `wrong` (HTML) say what, `html` why."""

    sign: str
    wrong: str
    html: str


def paper_language(reading: Reading) -> Language:
    """The language in which an item's text is stored for this reader."""
    return "en" if reading == "en" else "sr"


def in_script(html: str, reading: Reading) -> str:
    """Compiled HTML as this reader is shown it."""
    return html_to_latin(html) if reading == "sr-latn" else html


def letters(ids: list[str], reading: Reading) -> dict[str, str]:
    """The letter of each option, by its id."""
    return {name: option_letter(place, reading) for place, name in enumerate(ids)}


def key_lines(key: Mapping[str, Any], content: Mapping[str, Any], reading: Reading) -> tuple[KeyLine, ...]:
    """The key in the order of the item's parts; empty where people mark."""
    lines = _LINES.get(key["interaction"])
    return tuple(lines(key, content, reading)) if lines else ()


def known_mistakes(
    key: Mapping[str, Any], content: Mapping[str, Any], filed: Mapping[str, str], reading: Reading
) -> tuple[KnownMistake, ...]:
    """`filed`: misconceptions as compiled, by what was taken."""
    return tuple(
        KnownMistake(*_mistaken(name, key["interaction"], content, reading), in_script(html, reading))
        for name, html in filed.items()
    )


def _mistaken(name: str, interaction: str, content: Mapping[str, Any], reading: Reading) -> tuple[str, str]:
    part, _, wrong = name.partition(":")
    match interaction:
        case "choice" | "multiple_choice" | "hotspot":
            option = _options(content, reading)[name]
            return ("" if interaction == "hotspot" else option.sign), option.html
        case "select_words":
            return "", dict(WORD.findall(in_script(content["text"], reading)))[name]
        case "true_false":
            place = [statement["id"] for statement in content["statements"]].index(name)
            return str(place + 1), in_script(content["statements"][place]["html"], reading)
        case "order":
            options = _options(content, reading)
            return "", "; ".join(options[one].html for one in name.split(","))
        case "match":
            place = [row["id"] for row in content["rows"]].index(part)
            option = _options(content, reading)[wrong]
            return f"{place + 1} → {option.sign}", option.html
        case "text_entry":
            label = next(field["label"] for field in content["fields"] if field["id"] == part)
            return "", f"{in_script(label, reading)} {_typed(wrong)}"
        case _:
            gap = content["gaps"][part]
            chosen = [choice["html"] for choice in gap.get("choices", ()) if choice["id"] == wrong]
            sign = str(list(content["gaps"]).index(part) + 1)
            return sign, in_script(chosen[0], reading) if chosen else _typed(wrong)


def _typed(text: str) -> str:
    return f'<b translate="no">{escape(text)}</b>'


def _options(content: Mapping[str, Any], reading: Reading) -> dict[str, KeyLine]:
    names = letters([choice["id"] for choice in content["choices"]], reading)
    return {
        choice["id"]: KeyLine(names[choice["id"]], in_script(choice["html"], reading))
        for choice in content["choices"]
    }


def _choice(key: Mapping[str, Any], content: Mapping[str, Any], reading: Reading) -> list[KeyLine]:
    return [_options(content, reading)[key["correct"]]]


def _several(key: Mapping[str, Any], content: Mapping[str, Any], reading: Reading) -> list[KeyLine]:
    return [_options(content, reading)[name] for name in key["correct"]]


def _places(key: Mapping[str, Any], content: Mapping[str, Any], reading: Reading) -> list[KeyLine]:
    return [KeyLine("", line.html) for line in _several(key, content, reading)]


def _words(key: Mapping[str, Any], content: Mapping[str, Any], reading: Reading) -> list[KeyLine]:
    words = dict(WORD.findall(in_script(content["text"], reading)))
    return [KeyLine("", words[name]) for name in key["correct"]]


def _truths(key: Mapping[str, Any], content: Mapping[str, Any], reading: Reading) -> list[KeyLine]:
    return [
        KeyLine(
            f"{place} {TRUTH[reading][key['correct'][statement['id']]]}",
            in_script(statement["html"], reading),
        )
        for place, statement in enumerate(content["statements"], start=1)
    ]


def _pairs(key: Mapping[str, Any], content: Mapping[str, Any], reading: Reading) -> list[KeyLine]:
    options = _options(content, reading)
    lines = []
    for place, row in enumerate(content["rows"], start=1):
        option = options[key["correct"][row["id"]]]
        lines.append(
            # An arrow: a dash between numbers reads as minus.
            KeyLine(f"{place} → {option.sign}", f"{in_script(row['html'], reading)} → {option.html}")
        )
    return lines


def _places_in_order(key: Mapping[str, Any], content: Mapping[str, Any], reading: Reading) -> list[KeyLine]:
    """On paper each line gets the number of its place, so that is what stands before it here."""
    options = _options(content, reading)
    return [KeyLine(str(place), options[name].html) for place, name in enumerate(key["correct"], start=1)]


def _fields(key: Mapping[str, Any], content: Mapping[str, Any], reading: Reading) -> list[KeyLine]:
    return [
        _entry("", in_script(field["label"], reading), key["fields"][field["id"]], field, reading)
        for field in content["fields"]
    ]


def _gaps(key: Mapping[str, Any], content: Mapping[str, Any], reading: Reading) -> list[KeyLine]:
    return [
        _entry(str(place), "", key["gaps"][gap], asked, reading)
        for place, (gap, asked) in enumerate(content["gaps"].items(), start=1)
    ]


def _entry(
    sign: str, label: str, entry: Mapping[str, Any], asked: Mapping[str, Any], reading: Reading
) -> KeyLine:
    if entry["accept"] == "choice":
        right = next(choice["html"] for choice in asked["choices"] if choice["id"] == entry["correct"])
        return KeyLine(sign, in_script(right, reading))
    unit = in_script(escape(str(asked.get("unit", ""))), reading)
    first, *others = _accepted(entry, reading)
    html = f"{label} {_typed(first)}" + (f"\u00a0{unit}" if unit else "")
    return KeyLine(sign, html.strip(), tuple(others))


def _accepted(entry: Mapping[str, Any], reading: Reading) -> list[str]:
    """What may be typed, the best first; texts in the other script or language last."""
    language = paper_language(reading)
    if entry["accept"] == "number":
        return [written(entry["value"], language)]
    own = [word for word in entry["values"] if bool(_CYRILLIC.search(word)) == (language == "sr")]
    words = [*own, *(word for word in entry["values"] if word not in own)]
    return list(dict.fromkeys(to_latin(word) if reading == "sr-latn" else word for word in words))


_LINES: Final = {
    "choice": _choice,
    "multiple_choice": _several,
    "hotspot": _places,
    "select_words": _words,
    "true_false": _truths,
    "match": _pairs,
    "order": _places_in_order,
    "text_entry": _fields,
    "cloze": _gaps,
}
