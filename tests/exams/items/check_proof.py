"""Does what a proof computed agree with the key of its item, part by part?

Shapes: choice {choice: bool}; true_false {statement: bool}; match {row: {choice: bool}}; order
{choice: number}, ascending; text_entry {field: Fraction or set of words}; cloze as text_entry for
typed gaps and {gap: {choice: bool}} for gaps with choices; multiple_choice, select_words and hotspot
{id: bool} of everything that can be ticked, or of the right ones and some others.
"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any

from accounts.transliteration import fold_script
from exams.item_source import ItemSource
from exams.response_processing import score_response


def disagreements(source: ItemSource, key: Mapping[str, Any], proof: Any) -> Iterator[str]:
    """One sentence for each part in which proof and key differ; none when they agree."""
    if not isinstance(proof, Mapping):
        yield f"the proof returned {type(proof).__name__}, not a mapping"
        return
    match source.interaction:
        case "choice":
            yield from _one_of("the item", source.choices("sr"), key["correct"], proof)
        case "true_false":
            for statement, truth in key["correct"].items():
                if proof.get(statement) is not truth:
                    yield f"statement {statement}: the key says {truth}, the proof {proof.get(statement)!r}"
            yield from _same_names("statements", key["correct"], proof)
        case "match":
            for row, choice in key["correct"].items():
                yield from _one_of(f"row {row}", source.choices("sr"), choice, proof.get(row))
            yield from _same_names("rows", key["correct"], proof)
        case "order":
            yield from _order(key["correct"], proof)
        case "multiple_choice" | "select_words" | "hotspot":
            right = sorted(name for name, truth in proof.items() if truth)
            if right != sorted(key["correct"]):
                yield f"the key is {sorted(key['correct'])}, the proof says {right}"
        case _:
            entries = key.get("fields", key.get("gaps"))
            yield from _same_names("parts", entries, proof)
            for part, entry in entries.items():
                yield from _entry(source, part, entry, proof.get(part))


def _same_names(what: str, expected: Mapping[str, Any], proof: Mapping[str, Any]) -> Iterator[str]:
    if set(expected) != set(proof):
        yield f"the {what} are {sorted(expected)}, the proof speaks of {sorted(map(str, proof))}"


def _one_of(place: str, choices: Mapping[str, str], correct: str, proof: Any) -> Iterator[str]:
    if not isinstance(proof, Mapping) or set(proof) != set(choices):
        yield f"{place}: the proof must say true or false of each of {sorted(choices)}, not {proof!r}"
        return
    for choice, truth in proof.items():
        if not isinstance(truth, bool):
            yield f"{place}, choice {choice}: {truth!r} is neither True nor False"
        elif truth != (choice == correct):
            yield f"{place}, choice {choice}: the key's choice is {correct}, the proof says {truth}"


def _order(correct: list[str], proof: Mapping[str, Any]) -> Iterator[str]:
    if set(proof) != set(correct):
        yield f"the proof must give a number for each of {sorted(correct)}, not {dict(proof)!r}"
    elif len(set(proof.values())) != len(proof):
        yield f"two choices have the same number: {dict(proof)!r}"
    elif (order := sorted(proof, key=lambda choice: proof[choice])) != correct:
        yield f"the key's order is {correct}, the proof's {order}"


def _entry(source: ItemSource, part: str, entry: Mapping[str, Any], proof: Any) -> Iterator[str]:
    if entry["accept"] == "choice":
        yield from _one_of(f"gap {part}", source.gap_choices("sr", part), entry["correct"], proof)
    elif entry["accept"] == "text":
        yield from _words(part, entry, proof)
    elif isinstance(proof, bool) or not isinstance(proof, Fraction | int):
        yield f"part {part}: the proof must give an exact Fraction or whole number, not {proof!r}"
    elif abs(Fraction(entry["value"]) - proof) > Fraction(entry.get("tolerance", "0")):
        yield f"part {part}: the key is {entry['value']}, the proof says {proof}"


def _words(part: str, entry: Mapping[str, Any], proof: Any) -> Iterator[str]:
    if not isinstance(proof, set | frozenset) or not proof:
        yield f"part {part}: the proof must give the set of accepted words, not {proof!r}"
        return
    key = {"interaction": "text_entry", "half_points": [0, 2], "fields": {part: entry}}
    for word in proof:
        if score_response(key, {part: word}).half_points != 2:
            yield f"part {part}: the proof accepts {word!r}, the key does not"
    for word in entry["values"]:
        if fold_script(word) not in {fold_script(one) for one in proof}:
            yield f"part {part}: the key accepts {word!r}, the proof does not"
