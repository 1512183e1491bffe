"""Is what the key says of one typed field or gap well written?"""

from collections.abc import Iterator, Mapping
from fractions import Fraction
from typing import Any, Final

from exams.item_slots import as_number
from exams.response_processing import score_response
from exams.typed_numbers import MAX_DIGITS

_ALLOWED: Final = {
    "number": frozenset({"accept", "value", "unit", "form", "tolerance", "wrong"}),
    "text": frozenset({"accept", "values_sr", "values_en", "case", "diacritics", "wrong"}),
    "choice": frozenset({"accept", "correct"}),
}


def entry_problems(interaction: str, place: str, entry: object) -> Iterator[tuple[str, str, str]]:
    """(place, message, remedy) for each fault of one entry of key.fields or key.gaps."""
    if not isinstance(entry, Mapping) or entry.get("accept") not in _ALLOWED:
        yield f"{place}.accept", "is missing or unknown", "number, text, or in a cloze choice"
        return
    accept = entry["accept"]
    if accept == "choice" and interaction != "cloze":
        yield f"{place}.accept", "only a gap takes a choice", "use number or text"
    for name in entry.keys() - _ALLOWED[accept]:
        yield f"{place}.{name}", f"has no meaning for accept = {accept!r}", "remove it"
    if accept == "number":
        yield from _number_problems(place, entry)
    elif accept == "text":
        yield from _text_problems(place, entry)
    elif not isinstance(entry.get("correct"), str):
        yield f"{place}.correct", "is missing", "name the right choice"
    if not isinstance(entry.get("wrong", []), list) or not all(
        isinstance(wrong, Mapping) and isinstance(wrong.get("value"), str) for wrong in entry.get("wrong", [])
    ):
        yield f"{place}.wrong", "is no list of values in quotation marks", 'write [[…wrong]] value = "12"'


def _text_problems(place: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """Words for English readers may be left out: then those in Serbian hold for everybody."""
    if not _is_list_of_texts(entry.get("values_sr")):
        yield f"{place}.values_sr", "is missing or no list of texts", "list every accepted text"
        return
    if "values_en" in entry and not _is_list_of_texts(entry["values_en"]):
        yield f"{place}.values_en", "is no list of texts", "list every accepted text, or leave it out"
        return
    for name, value in (("case", "exact"), ("diacritics", "any")):
        if entry.get(name, value) != value:
            yield f"{place}.{name}", f"{entry[name]!r} is unknown", f"write {value!r} or leave it out"
            return
    for value in [*entry["values_sr"], *entry.get("values_en", [])]:
        if not _earns({**entry, "values": [value]}, value):
            yield f"{place}", f"{value!r} is too long to be typed", "use a shorter text"


def _is_list_of_texts(value: object) -> bool:
    return (
        isinstance(value, list) and bool(value) and all(isinstance(one, str) and one.strip() for one in value)
    )


def _number_problems(place: str, entry: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    for name in ("value", "tolerance"):
        text = entry.get(name, "0" if name == "tolerance" else None)
        if not isinstance(text, str) or not isinstance(as_number(text), Fraction):
            yield f"{place}.{name}", f"{text!r} is no number in quotation marks", 'write "3.5" or "7/4"'
            return
    value, tolerance = Fraction(entry["value"]), Fraction(entry.get("tolerance", "0"))
    if (
        sum(len(str(abs(part))) for part in (*value.as_integer_ratio(), *tolerance.as_integer_ratio()))
        > MAX_DIGITS + 2
    ):
        yield f"{place}.value", "has more digits than can be compared exactly", "use a smaller number"
    if tolerance < 0:
        yield f"{place}.tolerance", "is negative", 'write e.g. "0.5"'
    if entry.get("form") not in (None, "decimal", "reduced_fraction"):
        yield f"{place}.form", f"{entry['form']!r} is unknown", "decimal or reduced_fraction"
    elif not _earns(entry, entry["value"]):
        yield (
            f"{place}.form",
            f"the value {entry['value']!r} itself is not in the form asked for",
            "write it in that form",
        )


def _earns(entry: Mapping[str, Any], text: str) -> bool:
    key = {"interaction": "text_entry", "half_points": [0, 2], "fields": {"x": dict(entry)}}
    return score_response(key, {"x": text}).half_points == 2
