"""How does one file become many items: a template, parameters that are drawn or listed, and exact arithmetic?

A variant is an ordinary item document; everything that holds of items is checked of each of them. The same
family, count and seed always give the same variants. Pure.
"""

import random
import zlib
from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from exams.item_expressions import ExpressionError, Value, decimals, evaluate
from exams.item_slots import as_number, fill
from exams.markup import Language

MOST_BUILT: Final = 5
"""So many variants of one family stand in the bank: more would count one idea too often."""
LARGEST_RANGE: Final = 10_000
_TRIES: Final = 10_000
_FAMILY_TABLES: Final = frozenset({"variants", "parameters", "derived", "cases"})
_SHUFFLED: Final = ("choice", "multiple_choice", "match", "order")
_VARIANTS: Final = frozenset({"count", "seed", "shuffle", "where"})
LANGUAGES: Final[tuple[Language, ...]] = ("sr", "en")
Document = Mapping[str, Any]


class FamilyError(ValueError):
    """A family that gives no variants: the place, what is wrong, and the remedy."""

    def __init__(self, place: str, message: str, remedy: str) -> None:
        super().__init__(f"{place}: {message} ({remedy})")
        self.fault = (place, message, remedy)


def is_family(document: Document) -> bool:
    return not _FAMILY_TABLES.isdisjoint(document)


def variants_of(document: Document, *, count: int | None = None, seed: int | None = None) -> list[Document]:
    """Documents of the first variants, ids "fi-703-1" and on; by default as many as the family says.

    Of listed cases there are as many as there are rows at most. No two variants of drawn parameters have the
    same values. Raises FamilyError when too few are found, or for a table or expression that is wrong.
    """
    rules = document.get("variants", {})
    _check_rules(document, rules)
    wanted = rules.get("count", MOST_BUILT) if count is None else count
    seed = rules.get("seed", 1) if seed is None else seed
    draws = _listed(document) if "cases" in document else _drawn(document, seed)
    found: list[Document] = []
    for number, (values, words) in enumerate(draws):
        if len(found) == wanted:
            break
        rng = random.Random(zlib.crc32(f"{document.get('id')}/{seed}/{number}".encode()))  # noqa: S311
        built = _variant(document, len(found) + 1, values, words, rng)
        if built is not None and not _is_ambiguous(built):
            found.append(built)
        elif "cases" in document:
            raise FamilyError(
                f"[[cases]] {number + 1}", "two choices or a wrong entry read right", "change it"
            )
    if len(found) < wanted and "cases" not in document:
        raise FamilyError(
            "[variants]", f"only {len(found)} of {wanted} variants fulfil all conditions", "widen the ranges"
        )
    return found


def _check_rules(document: Document, rules: object) -> None:
    if not isinstance(rules, Mapping) or rules.keys() - _VARIANTS:
        raise FamilyError("[variants]", "holds an unknown name", f"one of {', '.join(sorted(_VARIANTS))}")
    if ("cases" in document) == ("parameters" in document):
        raise FamilyError("[parameters]", "give parameters or cases, one of the two", "add or remove a table")
    count, seed, where = rules.get("count", MOST_BUILT), rules.get("seed", 1), rules.get("where", [])
    if not isinstance(count, int) or isinstance(count, bool) or not 1 <= count <= MOST_BUILT:
        raise FamilyError("[variants] count", f"is {count!r}", f"a whole number from 1 to {MOST_BUILT}")
    if not isinstance(seed, int) or isinstance(seed, bool):
        raise FamilyError("[variants] seed", f"is {seed!r}", "a whole number")
    if not isinstance(where, list) or not all(isinstance(condition, str) for condition in where):
        raise FamilyError("[variants] where", f"is {where!r}", 'a list of conditions: ["s < 60"]')


def _drawn(document: Document, seed: int) -> Iterator[tuple[dict[str, Value], dict[str, Any]]]:
    """Different draws of the parameters that fulfil the conditions."""
    rng = random.Random(zlib.crc32(f"{document.get('id')}/{seed}".encode()))  # noqa: S311 - not a secret
    ranges = {name: _range(name, rule) for name, rule in document["parameters"].items()}
    seen: set[tuple[Value, ...]] = set()
    for _ in range(_TRIES):
        drawn = {name: rng.choice(values) for name, values in ranges.items()}
        key = tuple(drawn.values())
        if key in seen:
            continue
        seen.add(key)
        values = _with_derived(document, drawn)
        if values is not None:
            yield values, {}


def _listed(document: Document) -> Iterator[tuple[dict[str, Value], dict[str, Any]]]:
    cases = document["cases"]
    if not isinstance(cases, list) or not all(isinstance(case, Mapping) for case in cases):
        raise FamilyError("[[cases]]", "is no list of tables", "write [[cases]] before each")
    for number, case in enumerate(cases, start=1):
        words = {name: value for name, value in case.items() if isinstance(value, Mapping)}
        if words.keys() - {"sr", "en"}:
            raise FamilyError(
                f"[[cases]] {number}", "has an unknown table", "words stand in cases.sr, cases.en"
            )
        given = {name: as_number(value) for name, value in case.items() if name not in words}
        values = _with_derived(document, given)
        if values is None:
            raise FamilyError(f"[[cases]] {number}", "does not fulfil the conditions", "correct the case")
        yield values, words


def _range(name: str, rule: object) -> list[Value]:
    place, remedy = f"[parameters] {name}", "write {from = 2, to = 9} or {choose = [2, 5]}"
    if not isinstance(rule, Mapping):
        raise FamilyError(place, "is no range", remedy)
    if isinstance(rule.get("choose"), list) and rule["choose"] and rule.keys() == {"choose"}:
        return [as_number(value) for value in rule["choose"]]
    if not {"from", "to"} <= rule.keys() <= {"from", "to", "step"}:
        raise FamilyError(place, "is no range", remedy)
    low, high, step = (as_number(rule.get(key, 1)) for key in ("from", "to", "step"))
    if not isinstance(low, Fraction) or not isinstance(high, Fraction) or not isinstance(step, Fraction):
        raise FamilyError(place, "is no range of numbers", remedy)
    if step <= 0 or low > high:
        raise FamilyError(place, "is empty", remedy)
    if (high - low) / step >= LARGEST_RANGE:
        raise FamilyError(place, "has too many values", f"at most {LARGEST_RANGE:,}")
    return [low + step * place for place in range(int((high - low) / step) + 1)]


def _with_derived(document: Document, given: Mapping[str, Value]) -> dict[str, Value] | None:
    """The values with everything derived from them; None when a condition does not hold."""
    values = dict(given)
    for name, expression in document.get("derived", {}).items():
        if name in values or name in document.get("data", {}):
            raise FamilyError(
                f"[derived] {name}", "is the name of another value", "give it a name of its own"
            )
        try:
            values[name] = evaluate(str(expression), values)
        except ExpressionError as error:
            if "square root" in str(error) or "divides by zero" in str(error):
                return None
            raise FamilyError(f"[derived] {name}", str(error), "correct the expression") from error
    for condition in document.get("variants", {}).get("where", []):
        try:
            if not evaluate(str(condition), values):
                return None
        except ExpressionError as error:
            raise FamilyError("[variants] where", str(error), "correct the condition") from error
    return values


def _variant(
    document: Document,
    number: int,
    values: Mapping[str, Value],
    words: Mapping[str, Any],
    rng: random.Random,
) -> Document | None:
    """One item document; None when two misconceptions are about the same entry."""
    item = {name: value for name, value in document.items() if name not in _FAMILY_TABLES}
    item["id"] = f"{document.get('id')}-{number}"
    item["data"] = {**item.get("data", {}), **{name: source_value(value) for name, value in values.items()}}
    for language in LANGUAGES:
        texts = dict(item.get(language, {}))
        if words.get(language):
            texts["words"] = dict(words[language])
        if isinstance(texts.get("misconceptions"), Mapping):
            filed = {_filed_under(name, values): text for name, text in texts["misconceptions"].items()}
            if len(filed) < len(texts["misconceptions"]):
                return None
            texts["misconceptions"] = filed
        item[language] = texts
    item["key"] = _worked_out(item.get("key"), values)
    if document.get("variants", {}).get("shuffle", True) and item.get("interaction") in _SHUFFLED:
        item = _with_choices_moved(item, rng)
    return item


def _filed_under(name: str, values: Mapping[str, Value]) -> str:
    """The name of a misconception, "x:=v + t" for the entry that this comes to."""
    part, colon, entry = name.partition(":")
    return f"{part}{colon}{_worked_out(entry, values)}" if entry.startswith("=") else name


def _is_ambiguous(item: Document) -> bool:
    """Do two choices read the same, or is a wrong entry equal to the right one or to another wrong one?"""
    sr, key = item.get("sr", {}), item.get("key") or {}
    if any(_has_twins(item, language) for language in LANGUAGES):
        return True
    for part, entry in {**key.get("fields", {}), **key.get("gaps", {})}.items():
        wrong = [one.get("value") for one in entry.get("wrong", [])]
        named = [
            name.partition(":")[2] for name in sr.get("misconceptions", {}) if name.startswith(f"{part}:")
        ]
        right = as_number(entry["value"]) if "value" in entry else None
        if len(set(wrong)) < len(wrong) or right in [as_number(str(one)) for one in (*wrong, *named)]:
            return True
    return False


def _has_twins(item: Document, language: Language) -> bool:
    """Do two choices of a place read the same to readers of this language?"""
    texts = item.get(language, {})
    data = {**item.get("data", {}), **texts.get("words", {})}
    for table in (texts.get("choices", {}), *texts.get("gaps", {}).values()):
        read = [fill(text, data, language) for text in table.values()]
        if len(set(read)) < len(read):
            return True
    return False


def source_value(value: Value) -> int | str:
    """A value as it stands in [data]: 12, "2.75", "3/8", a word; a truth is "true" or "false"."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return value
    if value.denominator == 1:
        return int(value)
    places = decimals(value)
    if places > 12:
        return f"{value.numerator}/{value.denominator}"
    scaled = abs(value) * 10**places
    digits = str(int(scaled)).rjust(places + 1, "0")
    return f"{'-' if value < 0 else ''}{digits[:-places]}.{digits[-places:]}"


def _worked_out(value: Any, names: Mapping[str, Value]) -> Any:
    """`value` with each text that starts with "=" replaced by what it comes to."""
    if isinstance(value, Mapping):
        return {name: _worked_out(one, names) for name, one in value.items()}
    if isinstance(value, list):
        return [_worked_out(one, names) for one in value]
    if not isinstance(value, str) or not value.startswith("="):
        return value
    try:
        result = evaluate(value[1:], names)
    except ExpressionError as error:
        raise FamilyError("[key]", str(error), "correct the expression") from error
    # A typed number stands in quotation marks in the source of an item; a truth does not.
    return result if isinstance(result, bool) else str(source_value(result))


def _with_choices_moved(item: dict[str, Any], rng: random.Random) -> dict[str, Any]:
    """The same item with its choices in other places; the key and the misconceptions follow."""
    names = list(item["sr"].get("choices", {}))
    new = dict(zip(names, rng.sample(names, len(names)), strict=True))
    moved = dict(item)
    for language in LANGUAGES:
        texts = dict(item.get(language, {}))
        for table in ("choices", "misconceptions"):
            if isinstance(texts.get(table), Mapping):
                texts[table] = {_renamed(name, new): text for name, text in texts[table].items()}
        if "choices" in texts:
            texts["choices"] = {name: texts["choices"][name] for name in sorted(texts["choices"])}
        moved[language] = texts
    correct = item["key"].get("correct")
    if isinstance(correct, Mapping):
        correct = {row: new.get(choice, choice) for row, choice in correct.items()}
    elif isinstance(correct, list):
        correct = [new.get(choice, choice) for choice in correct]
        if item["interaction"] == "multiple_choice":
            correct = sorted(correct)
    else:
        correct = new.get(correct, correct)
    moved["key"] = {**item["key"], "correct": correct}
    return moved


def _renamed(name: str, new: Mapping[str, str]) -> str:
    """The name of a choice or misconception with its choices renamed: "b", "1:b", "c,a,b"."""
    row, colon, choice = name.rpartition(":")
    moved = ",".join(new.get(part, part) for part in choice.split(","))
    return f"{row}{colon}{moved}"
