"""Which responses to an item are wholly right, and which are wrong in one part?"""

import re
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from exams.item_document import ItemSource
from exams.response_processing import SELECTIONS

PROSE = "Страница је 4 cm, па је површина 16 cm²."


def right_response(key: Mapping[str, Any]) -> Any:
    """The response, as on the wire, that earns everything; of written text one that waits for its mark."""
    if key["interaction"] == "extended_text":
        return PROSE
    if "correct" in key:
        correct = key["correct"]
        return dict(correct) if isinstance(correct, Mapping) else correct
    return {part: right_entry(entry) for part, entry in key.get("fields", key.get("gaps")).items()}


def right_entry(entry: Mapping[str, Any]) -> str:
    if entry["accept"] == "choice":
        return str(entry["correct"])
    return str(entry["values"][0] if entry["accept"] == "text" else entry["value"])


def wrong_responses(source: ItemSource, key: Mapping[str, Any]) -> Iterator[tuple[str, str, Any]]:
    """(part, description, response) for each wrong value of each part, the other parts right."""
    right = right_response(key)
    match source.interaction:
        case "choice":
            yield from (("1", f"choice {name}", name) for name in source.choices("sr") if name != right)
        case "true_false":
            for part, truth in right.items():
                yield part, f"statement {part} as {not truth}", {**right, part: not truth}
        case "match":
            for part, choice in right.items():
                for other in source.choices("sr").keys() - {choice}:
                    yield part, f"row {part} with {other}", {**right, part: other}
        case "order":
            for place in range(len(right) - 1):
                swapped = [*right]
                swapped[place : place + 2] = reversed(swapped[place : place + 2])
                yield str(place + 1), f"places {place + 1} and {place + 2} swapped", swapped
        case interaction if interaction in SELECTIONS:
            for name in _things(source):
                if name not in right:
                    yield name, f"{name} ticked besides", [*right, name]
                    yield name, f"{name} ticked instead of {right[0]}", [name, *right[1:]]
        case "extended_text":
            return
        case _:
            entries = key.get("fields", key.get("gaps"))
            for part, entry in entries.items():
                for value in _wrong_entries(source, part, entry):
                    yield part, f"{value!r} in {part}", {**right, part: value}


def _things(source: ItemSource) -> list[str]:
    """The ids of what can be ticked."""
    if source.interaction == "select_words":
        return re.findall(r"\[\[word:([^|\[\]]+)\|", source.text("sr", "text"))
    return list(source.choices("sr"))


def _wrong_entries(source: ItemSource, part: str, entry: Mapping[str, Any]) -> Iterator[str]:
    """Other choices of a gap, or listed wrong entries and a near miss of the key."""
    if entry["accept"] == "choice":
        yield from source.gap_choices("sr", part).keys() - {entry["correct"]}
        return
    written = source.key.get("fields", source.key.get("gaps"))[part]
    yield from (wrong["value"] for wrong in written.get("wrong", []))
    for language in ("sr", "en"):
        for name in source.texts(language, "misconceptions"):
            if name.startswith(f"{part}:"):
                yield name.partition(":")[2]
    if entry["accept"] == "number":
        miss = Fraction(entry["value"]) + Fraction(entry.get("tolerance", "0")) + Fraction(1, 10)
        yield str(miss)
        yield str(miss).replace("-", "") + "1"
    else:
        yield from (f"{value}x" for value in entry["values"])
