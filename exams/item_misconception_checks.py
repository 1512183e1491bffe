"""Does every wrong response worth explaining have its explanation, and is each of them wrong?"""

from collections.abc import Iterator, Mapping
from typing import Any

from exams.item_document import LANGUAGES
from exams.item_slots import words_of
from exams.response_processing import SELECTIONS, score_response


def misconception_problems(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(place, message, remedy) for each misconception that is missing, unknown or not wrong."""
    for language in LANGUAGES:
        place = f"[{language}.misconceptions]"
        named = set(_filed(document, language))
        for name in sorted(_required(document) - named):
            yield f"{place} {name}", "is missing", "say what is behind this response"
        for name in sorted(named):
            yield from _entry_problems(document, f"{place} {name}", name)
        for name in sorted(_named_elsewhere(document) - named - _required(document)):
            yield f"{place} {name}", "is in the other language only", "write it in both"
        for part in _parts_without(document, named):
            yield place, f"nothing is said of a wrong response to {part}", f'write at least one "{part}:…"'
        if document["interaction"] in ("select_words", "hotspot") and not named:
            yield place, "is missing or empty", "say what is behind at least one tempting wrong tick"


def _filed(document: Mapping[str, Any], language: str) -> Mapping[str, str]:
    filed: Mapping[str, str] = document[language].get("misconceptions", {})
    return filed


def _named_elsewhere(document: Mapping[str, Any]) -> set[str]:
    """What is named in any language; typed words differ by language and are left out."""
    entries = document["key"].get("fields", document["key"].get("gaps", {}))
    words = {part for part, entry in entries.items() if entry["accept"] == "text"}
    named = {name for language in LANGUAGES for name in _filed(document, language)}
    return {name for name in named if name.partition(":")[0] not in words}


def _required(document: Mapping[str, Any]) -> set[str]:
    key = document["key"]
    match document["interaction"]:
        case "choice":
            return set(document["sr"]["choices"]) - {key["correct"]}
        case "multiple_choice":
            return set(document["sr"]["choices"]) - set(key["correct"])
        case "true_false":
            return set(document["sr"]["statements"])
        case "text_entry" | "cloze":
            entries = key.get("fields", key.get("gaps"))
            return {
                f"{part}:{wrong['value']}"
                for part, entry in entries.items()
                for wrong in entry.get("wrong", [])
            }
        case _:
            return set()


def _parts_without(document: Mapping[str, Any], named: set[str]) -> list[str]:
    """Rows, fields and gaps of which no misconception speaks."""
    key = document["key"]
    if document["interaction"] == "match":
        parts = list(key["correct"])
    elif document["interaction"] in ("text_entry", "cloze"):
        parts = list(key.get("fields", key.get("gaps")))
    else:
        return []
    spoken_of = {name.split(":")[0] for name in named}
    return [part for part in parts if part not in spoken_of]


def _entry_problems(document: Mapping[str, Any], place: str, name: str) -> Iterator[tuple[str, str, str]]:
    part, _, value = name.partition(":")
    key, sr = document["key"], document["sr"]
    interaction = document["interaction"]
    if interaction == "choice" and (name not in sr["choices"] or name == key["correct"]):
        yield place, "is no distractor", "name one of the wrong choices"
    elif interaction in SELECTIONS:
        if name not in _selectable(document) or name in key["correct"]:
            yield place, "is nothing that is wrong to tick", "name one of the wrong ids"
    elif interaction == "extended_text":
        yield place, "people mark this text and say what is behind it", "remove it"
    elif interaction == "true_false" and name not in sr["statements"]:
        yield place, "is no statement", "name one of the statements"
    elif interaction == "match":
        if part not in sr["rows"] or value not in sr["choices"] or key["correct"].get(part) == value:
            yield place, "is no wrong pair", 'write row and choice as "1:c"'
    elif interaction == "order":
        if sorted(name.split(",")) != sorted(sr["choices"]) or name.split(",") == key["correct"]:
            yield place, "is no wrong order of the choices", 'write it as "a,b,c,d"'
    elif interaction in ("text_entry", "cloze"):
        yield from _typed_problems(document, place, part, value)


def _selectable(document: Mapping[str, Any]) -> set[str]:
    """The ids of what can be ticked: choices, places of the figure, words of the text."""
    if document["interaction"] == "select_words":
        return {name for name, _ in words_of(document["sr"]["text"])}
    return set(document["sr"]["choices"])


def _typed_problems(
    document: Mapping[str, Any], place: str, part: str, value: str
) -> Iterator[tuple[str, str, str]]:
    entries = document["key"].get("fields", document["key"].get("gaps"))
    if part not in entries or not value.strip():
        yield place, "names no field or gap, or no value", 'write e.g. "x:12"'
        return
    entry = dict(entries[part])
    if entry["accept"] == "choice":
        choices = document["sr"].get("gaps", {}).get(part, {})
        if value not in choices or value == entry["correct"]:
            yield place, "is no distractor of its gap", "name one of the wrong choices"
        return
    if entry["accept"] == "text":
        entry["values"] = [*entry["values_sr"], *entry.get("values_en", [])]
    key = {"interaction": "text_entry", "half_points": [0, 2], "fields": {part: entry}}
    if score_response(key, {part: value}).half_points:
        yield place, "is accepted as correct", "give a wrong value"
