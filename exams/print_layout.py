"""How does a form stand on paper: what is circled, written, underlined and numbered in each item? Pure.

Everything that leaves here as HTML is compiled text in the reader's script; templates only set it.
"""

from __future__ import annotations

import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from exams.item_key_lines import TRUTH, KeyLine, in_script, key_lines, letters
from exams.markup import to_plain
from exams.option_letters import Reading

FIT_IN_BRACKETS: Final = 60
"""Choices of a gap that are longer together are listed under the text instead."""
SIGNS_ON_A_LINE: Final = 60
FEWEST_LINES, MOST_LINES = 4, 22
_BRACKETS: Final = '<b class="brackets">( '
_BLANK: Final = '<span class="blank'
_GAP: Final = re.compile(r'<span data-gap="([^"]*)"></span>')


@dataclass(frozen=True, slots=True)
class ItemToPrint:
    """One item of a form; `content` and `solution` in the language of `reading` as they are stored."""

    name: str
    interaction: str
    key: Mapping[str, Any]
    content: Mapping[str, Any]
    solution: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Option:
    """`sign` is its letter, "" where it has none."""

    sign: str
    html: str


@dataclass(frozen=True, slots=True)
class Field:
    """A line to write on: `label` HTML, `unit` plain text, `wide` for words and not a number."""

    label: str
    unit: str
    wide: bool


@dataclass(frozen=True, slots=True)
class PrintedItem:
    """`rows` are statements or what is matched, `gaps` the choices listed under a cloze, by the gap's number.

    `lines` counts the ruled lines of a text of one's own. `truth`: the letters of true and false.
    `key` and `rubric` are for the sheet with the key and for nobody else.
    """

    number: int
    name: str
    interaction: str
    stem: str
    options: tuple[Option, ...]
    rows: tuple[str, ...]
    fields: tuple[Field, ...]
    text: str
    gaps: tuple[tuple[int, tuple[Option, ...]], ...]
    lines: int
    truth: tuple[str, str]
    key: tuple[KeyLine, ...]
    rubric: str
    half_points: tuple[int, ...]

    @property
    def circled(self) -> bool:
        """A cloze in which one of several words in brackets is circled."""
        return _BRACKETS in self.text

    @property
    def has_lines(self) -> bool:
        """A cloze in which there is something to write."""
        return _BLANK in self.text


@dataclass(frozen=True, slots=True)
class PrintedStimulus:
    """What the items with these numbers are about."""

    title: str
    html: str
    numbers: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class PrintedPart:
    """An item, with what is printed before it: a stimulus stands before the first item about it."""

    stimulus: PrintedStimulus | None
    item: PrintedItem


def lay_out(items: Sequence[ItemToPrint], reading: Reading) -> tuple[PrintedPart, ...]:
    """The form from its first item to its last."""
    about: dict[str, list[int]] = {}
    for number, item in enumerate(items, start=1):
        if "stimulus" in item.content:
            about.setdefault(item.content["stimulus"]["id"], []).append(number)
    parts = []
    for number, item in enumerate(items, start=1):
        stimulus = item.content.get("stimulus")
        is_first = stimulus is not None and about[stimulus["id"]][0] == number
        printed = _stimulus(stimulus, about[stimulus["id"]], reading) if stimulus and is_first else None
        parts.append(PrintedPart(printed, _item(item, number, reading)))
    return tuple(parts)


def _stimulus(stimulus: Mapping[str, str], numbers: Sequence[int], reading: Reading) -> PrintedStimulus:
    title, html = (in_script(stimulus[name], reading) for name in ("title", "html"))
    return PrintedStimulus(title, html, tuple(numbers))


def _item(item: ItemToPrint, number: int, reading: Reading) -> PrintedItem:
    content = item.content
    text, gaps = _cloze(content, reading) if "gaps" in content else (content.get("text", ""), ())
    return PrintedItem(
        number=number,
        name=item.name,
        interaction=item.interaction,
        stem=in_script(content["stem"], reading),
        options=_options(content.get("choices", ()), reading, lettered=item.interaction != "hotspot"),
        rows=tuple(
            in_script(row["html"], reading) for row in content.get("rows", content.get("statements", ()))
        ),
        fields=tuple(_field(field, reading) for field in content.get("fields", ())),
        text=in_script(text, reading),
        gaps=gaps,
        lines=ruled_lines(content["longest"]) if "longest" in content else 0,
        truth=(TRUTH[reading][True], TRUTH[reading][False]),
        key=key_lines(item.key, content, reading),
        rubric=in_script(item.solution.get("rubric", ""), reading),
        half_points=tuple(item.key["half_points"]),
    )


def ruled_lines(longest: int) -> int:
    """Lines for a text of at most so many signs, written by hand."""
    return max(FEWEST_LINES, min(MOST_LINES, math.ceil(longest / SIGNS_ON_A_LINE)))


def _options(choices: Sequence[Mapping[str, str]], reading: Reading, *, lettered: bool) -> tuple[Option, ...]:
    signs = letters([choice["id"] for choice in choices], reading) if lettered else {}
    return tuple(
        Option(signs.get(choice["id"], ""), in_script(choice["html"], reading)) for choice in choices
    )


def _field(field: Mapping[str, Any], reading: Reading) -> Field:
    unit = in_script(escape(str(field.get("unit", ""))), reading)
    return Field(in_script(field["label"], reading), unit, field["kind"] != "number")


def _cloze(
    content: Mapping[str, Any], reading: Reading
) -> tuple[str, tuple[tuple[int, tuple[Option, ...]], ...]]:
    """The text with a line or brackets in each gap, and the choices that are too long for brackets."""
    listed: list[tuple[int, tuple[Option, ...]]] = []
    numbers = {gap: number for number, gap in enumerate(content["gaps"], start=1)}

    def filled(match: re.Match[str]) -> str:
        gap = content["gaps"][match.group(1)]
        number = numbers[match.group(1)]
        if gap["kind"] != "choice":
            wide = " blank--wide" if gap["kind"] != "number" else ""
            unit = f"\u00a0{escape(str(gap['unit']))}" if gap.get("unit") else ""
            return f'{_BLANK}{wide}"></span>{unit}'
        choices = [choice["html"] for choice in gap["choices"]]
        if sum(len(to_plain(choice)) for choice in choices) <= FIT_IN_BRACKETS:
            return f"{_BRACKETS}{' / '.join(choices)} )</b>"
        listed.append((number, _options(gap["choices"], reading, lettered=True)))
        return f'<b class="brackets">({number})</b>\u00a0{_BLANK}"></span>'

    return _GAP.sub(filled, content["text"]), tuple(sorted(listed, key=lambda one: one[0]))
