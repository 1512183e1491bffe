"""How do a response and the key look side by side, laid out as the item itself was?

Pure and total, as response processing is: whatever a phone sent, there is something to show. HTML comes
only from compiled items; what a pupil typed leaves here as plain text.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any

from exams.markup import Language
from exams.response_processing import SELECTIONS, ItemOutcome, score_response
from scoring.review_lines import Line, Shown, lines_of

__all__ = ["Line", "Option", "Review", "Shown", "review"]

_GAP = re.compile(r'<span data-gap="([^"]*)"></span>')
_WORD = re.compile(
    r'<span data-word="([^"]*)">((?:<span\b(?:(?!</span>).)*</span>|(?!</span>).)*)</span>', re.DOTALL
)


@dataclass(frozen=True, slots=True)
class Option:
    """Something that could be taken or ticked: a choice, a place in a figure, a word of a text."""

    html: str
    is_own: bool
    is_right: bool

    @property
    def tick(self) -> str:
        """Where several are ticked: "right", "wrong" or "missed"; "" for what was rightly left alone."""
        if self.is_own:
            return "right" if self.is_right else "wrong"
        return "missed" if self.is_right else ""


@dataclass(frozen=True, slots=True)
class Review:
    """`options` of what is chosen or ticked, `lines` of everything that has parts.

    `sentence`: the text of a cloze with its gaps filled rightly. `text`: a text of which words are selected,
    cut into HTML and words. `written`: what was written, as typed and not as HTML.
    `stimulus`: the passage, table or map the item shares with others, with its title, both HTML.
    `misconceptions`: what is behind the wrong parts of this response, HTML, in the item's order.
    `unreadable`: something arrived that is no response to this item, and counted as wrong.
    """

    interaction: str
    options: tuple[Option, ...]
    lines: tuple[Line, ...]
    sentence: str
    text: tuple[str | Option, ...]
    written: str
    stimulus_title: str
    stimulus: str
    misconceptions: tuple[str, ...]
    unreadable: bool

    @property
    def words(self) -> tuple[Option, ...]:
        return tuple(piece for piece in self.text if isinstance(piece, Option))

    @property
    def ticks(self) -> tuple[str, ...]:
        """How ticks went, each way once, for the key below a list or text."""
        found = {option.tick for option in (*self.options, *self.words)}
        return tuple(tick for tick in ("right", "wrong", "missed") if tick in found)


def review(
    key: Mapping[str, Any],
    content: Mapping[str, Any],
    misconceptions: Mapping[str, str],
    value: object,
    language: Language,
) -> Review:
    """`key`, `content` and `misconceptions` as compiled for one language, `value` as on the wire."""
    outcome = score_response(key, value)
    given = None if outcome.status == "omitted" else value
    options = _options(key, content, given)
    text = _text(key, content, given)
    lines = lines_of(key, content, given, outcome, language)
    written = value if outcome.status == "pending" and isinstance(value, str) else ""
    is_shown = (
        any(option.is_own for option in options)
        or any(isinstance(piece, Option) and piece.is_own for piece in text)
        or any(line.own.given for line in lines)
        or bool(written)
    )
    return Review(
        interaction=key["interaction"],
        options=options,
        lines=lines,
        sentence=_sentence(content, key, lines),
        text=text,
        written=written,
        stimulus_title=content.get("stimulus", {}).get("title", ""),
        stimulus=content.get("stimulus", {}).get("html", ""),
        misconceptions=tuple(_behind(key, misconceptions, given, outcome)),
        unreadable=given is not None and not is_shown,
    )


def _options(key: Mapping[str, Any], content: Mapping[str, Any], given: object) -> tuple[Option, ...]:
    if key["interaction"] not in ("choice", "multiple_choice", "hotspot"):
        return ()
    taken, right = _taken(key, given), _right(key)
    return tuple(
        Option(choice["html"], is_own=choice["id"] in taken, is_right=choice["id"] in right)
        for choice in content["choices"]
    )


def _text(key: Mapping[str, Any], content: Mapping[str, Any], given: object) -> tuple[str | Option, ...]:
    if key["interaction"] != "select_words":
        return ()
    taken, right = _taken(key, given), _right(key)
    pieces: list[str | Option] = []
    html, *found = _WORD.split(content["text"])
    pieces.append(html)
    for name, word, html in zip(found[::3], found[1::3], found[2::3], strict=True):
        pieces += [Option(word, is_own=name in taken, is_right=name in right), html]
    return tuple(pieces)


def _taken(key: Mapping[str, Any], given: object) -> frozenset[str]:
    """What was chosen or ticked; nothing in a value of another shape."""
    if key["interaction"] not in SELECTIONS:
        return frozenset({given}) if isinstance(given, str) else frozenset()
    if not isinstance(given, list) or not all(isinstance(tick, str) for tick in given):
        return frozenset()
    return frozenset(given)


def _right(key: Mapping[str, Any]) -> frozenset[str]:
    correct: str | list[str] = key["correct"]
    return frozenset({correct} if isinstance(correct, str) else correct)


def _sentence(content: Mapping[str, Any], key: Mapping[str, Any], lines: tuple[Line, ...]) -> str:
    """The text of a cloze as it should read; the numbers in its gaps are those of the lines below it."""
    if key["interaction"] != "cloze":
        return ""
    by_gap = dict(zip(key["gaps"], lines, strict=True))

    def filled(match: re.Match[str]) -> str:
        line = by_gap[match.group(1)]
        return f'<b class="gap">{line.right.html or escape(line.right.text)}</b>'

    return _GAP.sub(filled, content["text"])


def _behind(
    key: Mapping[str, Any], filed: Mapping[str, str], given: object, outcome: ItemOutcome
) -> list[str]:
    """The misconceptions filed under what was taken, by the rules that practice on the phone follows."""
    if given is None:
        return []
    interaction = key["interaction"]
    found = []
    for name, html in filed.items():
        part, _, wrong = name.partition(":")
        if interaction == "choice":
            fits = name == given
        elif interaction == "order":
            fits = isinstance(given, list) and name.split(",") == given
        elif interaction == "true_false":
            fits = outcome.parts.get(name) is False
        elif interaction in SELECTIONS:
            fits = outcome.parts.get(name) is False and name not in key["correct"]
        else:
            typed = given.get(part) if isinstance(given, Mapping) else None
            fits = outcome.parts.get(part) is False and _is_entry(key, part, typed, wrong)
        if fits:
            found.append(html)
    return found


def _is_entry(key: Mapping[str, Any], part: str, typed: object, filed: str) -> bool:
    """Is what was typed the wrong entry that is filed, also when written otherwise (3,50 for 3.5)?"""
    entry = key.get("fields", key.get("gaps", {})).get(part, {"accept": "choice"})
    if entry["accept"] == "choice" or not isinstance(typed, str):
        return typed == filed
    if typed.strip() == filed:
        return True
    # The wrong entry as if it were the key: whatever would count as the same then is the same.
    exact = {name: value for name, value in entry.items() if name not in ("form", "tolerance")}
    as_key = exact | ({"value": filed} if entry["accept"] == "number" else {"values": [filed]})
    asked = {"interaction": "text_entry", "half_points": [0, 2], "fields": {part: as_key}}
    return score_response(asked, {part: typed}).half_points == 2
