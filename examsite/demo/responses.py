"""What might a pupil really put down for an item, and what does each such response earn?

Every value is scored by the platform's own response processing, and filed under what it earned; so a
simulated response with a wanted outcome is always a concrete one that a pupil could have given.
"""

from __future__ import annotations

import re
import tomllib
import zlib
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, combinations, islice, permutations, product
from pathlib import Path
from typing import Any

import numpy as np

from exams.response_processing import SELECTIONS, score_response

UNLIKELY = 0.06
"""Weight of a wrong response that nobody listed, beside about 1 for a listed misconception."""
LEFT_BLANK = 0.35
MISSED = 0.5
"""Weight of one thing that should be ticked and is not."""
MOST_WRONG_TICKS, WRONG_THINGS, WAYS_TO_MISS = 2, 8, 40
_WORD = re.compile(r'<span data-word="([^"]*)">')
Weighted = tuple[Any, float]


class Pool:
    """Responses that earn the same, with how likely each is."""

    def __init__(self, weighted: Sequence[Weighted]) -> None:
        self.values = [value for value, _ in weighted]
        weights = np.array([weight for _, weight in weighted], dtype=np.float64)
        self._upto = np.cumsum(weights / weights.sum())

    def draw(self, rng: np.random.Generator) -> Any:
        place = int(np.searchsorted(self._upto, rng.random(), side="right"))
        return self.values[min(place, len(self.values) - 1)]


def repertoire(
    ref: str, key: Mapping[str, Any], content: Mapping[str, Any], misconceptions: Sequence[str]
) -> dict[int, Pool]:
    """Half-points → the responses that earn them. Not among them: no response at all.

    Empty for a text that people mark: nobody's own words are made up.
    `content` and the names of `misconceptions` ("b", "x:20", "1:a", "c,a,b") as compiled for one language.
    The attraction of each wrong response is drawn from `ref`, so it is the same in every world.
    """
    filed: dict[int, list[Weighted]] = {}
    pull = _Attraction(ref, misconceptions)
    for value, weight in _VALUES[key["interaction"]](key, content, pull):
        outcome = score_response(key, value)
        if outcome.status == "answered":
            filed.setdefault(outcome.half_points, []).append((value, weight))
    return {half_points: Pool(weighted) for half_points, weighted in sorted(filed.items())}


def written_texts(path: Path) -> dict[str, dict[int, Pool]]:
    """Item identifier → half-points deserved → texts, from written.toml: what nobody can make up by rule."""
    filed: dict[str, dict[int, list[Weighted]]] = {}
    for row in tomllib.loads(path.read_text(encoding="utf-8"))["texts"]:
        filed.setdefault(row["item"], {}).setdefault(row["half_points"], []).append((row["text"], 1.0))
    return {
        item: {half_points: Pool(texts) for half_points, texts in sorted(own.items())}
        for item, own in filed.items()
    }


class _Attraction:
    """How strongly a wrong response draws pupils: unequally, and most where a misconception is listed."""

    def __init__(self, ref: str, misconceptions: Sequence[str]) -> None:
        self._ref = ref
        self._listed = frozenset(misconceptions)

    def __call__(self, name: str) -> float:
        noise = np.random.default_rng(zlib.crc32(f"{self._ref}/{name}".encode())).lognormal(0.0, 0.6)
        return float(noise) * (1.0 if name in self._listed else UNLIKELY)

    def listed(self, part: str) -> list[str]:
        """What misconceptions say is put into `part`."""
        return [name.partition(":")[2] for name in sorted(self._listed) if name.startswith(f"{part}:")]


def _choice(key: Mapping[str, Any], content: Mapping[str, Any], pull: _Attraction) -> Iterator[Weighted]:
    for choice in content["choices"]:
        yield choice["id"], 1.0 if choice["id"] == key["correct"] else pull(choice["id"])


def _true_false(key: Mapping[str, Any], content: Mapping[str, Any], pull: _Attraction) -> Iterator[Weighted]:
    parts = [
        [(part, right, 1.0), (part, not right, 0.3 * pull(part))] for part, right in key["correct"].items()
    ]
    for row in product(*parts):
        yield {part: truth for part, truth, _ in row}, float(np.prod([weight for _, _, weight in row]))


def _match(key: Mapping[str, Any], content: Mapping[str, Any], pull: _Attraction) -> Iterator[Weighted]:
    rows = key["correct"]
    for chosen in permutations([choice["id"] for choice in content["choices"]], len(rows)):
        value = dict(zip(rows, chosen, strict=True))
        wrong = [pull(f"{row}:{choice}") for row, choice in value.items() if choice != rows[row]]
        yield value, float(np.prod(wrong))


def _order(key: Mapping[str, Any], content: Mapping[str, Any], pull: _Attraction) -> Iterator[Weighted]:
    correct = key["correct"]
    for order in permutations(correct):
        misplaced = sum(one != right for one, right in zip(order, correct, strict=True))
        weight = pull(",".join(order)) * (4.0 if misplaced == 2 else 1.0)
        yield list(order), 1.0 if misplaced == 0 else weight


def _entries(key: Mapping[str, Any], content: Mapping[str, Any], pull: _Attraction) -> Iterator[Weighted]:
    entries = key.get("fields", key.get("gaps"))
    offered = [
        list(_entry(part, entry, content, pull, alone=len(entries) == 1)) for part, entry in entries.items()
    ]
    for row in product(*offered):
        value = {part: given for part, (given, _) in zip(entries, row, strict=True) if given is not None}
        yield value, float(np.prod([weight for _, weight in row]))


def _entry(
    part: str, entry: Mapping[str, Any], content: Mapping[str, Any], pull: _Attraction, *, alone: bool
) -> Iterator[Weighted]:
    if entry["accept"] == "choice":
        for choice in content["gaps"][part]["choices"]:
            right = choice["id"] == entry["correct"]
            yield choice["id"], 1.0 if right else 0.5 * pull(f"{part}:{choice['id']}")
    else:
        right_text = str(entry["values"][0] if entry["accept"] == "text" else entry["value"])
        for text in (right_text, *pull.listed(part)):
            weight = 1.0 if text == right_text else 0.5 * pull(f"{part}:{text}")
            spellings = _spellings(text) if entry["accept"] == "number" else [(text, 1.0)]
            yield from ((typed, weight * share) for typed, share in spellings)
        if entry["accept"] == "number":
            yield from ((slip, 0.5 * pull(f"{part}:{slip}")) for slip in _slips(right_text))
    if not alone:
        yield None, LEFT_BLANK


def _spellings(text: str) -> list[tuple[str, float]]:
    """A decimal number is written with a comma by most, with a point by some."""
    return [(text.replace(".", ","), 0.85), (text, 0.15)] if "." in text else [(text, 1.0)]


def _slips(number: str) -> list[str]:
    """A last digit one off, and a decimal place lost or gained."""
    head, last = number[:-1], number[-1]
    near = [f"{head}{int(last) + step}" for step in (-1, 1) if 0 <= int(last) + step <= 9]
    return [
        slip.replace(".", ",") for slip in (*near, number.replace(".", "") if "." in number else f"{number}0")
    ]


def _selection(key: Mapping[str, Any], content: Mapping[str, Any], pull: _Attraction) -> Iterator[Weighted]:
    """Some of what is right with up to two wrong ticks, in the order in which things stand."""
    correct = key["correct"]
    names = _WORD.findall(content["text"]) if "text" in content else [one["id"] for one in content["choices"]]
    wrong = sorted((name for name in names if name not in correct), key=pull, reverse=True)[:WRONG_THINGS]
    rights = chain.from_iterable(
        islice(combinations(correct, n), WAYS_TO_MISS) for n in range(len(correct), -1, -1)
    )
    wrongs = [some for n in range(MOST_WRONG_TICKS + 1) for some in combinations(wrong, n)]
    for right, besides in product(rights, wrongs):
        ticked = {*right, *besides}
        weight = MISSED ** (len(correct) - len(right)) * float(np.prod([pull(name) for name in besides]))
        yield [name for name in names if name in ticked], weight


def _nothing(key: Mapping[str, Any], content: Mapping[str, Any], pull: _Attraction) -> Iterator[Weighted]:
    return iter(())


_VALUES = {
    "choice": _choice,
    "true_false": _true_false,
    "match": _match,
    "order": _order,
    "text_entry": _entries,
    "cloze": _entries,
    **dict.fromkeys(SELECTIONS, _selection),
    "extended_text": _nothing,
}
