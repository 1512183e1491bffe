"""Can every text of an item be shown, and is each of its letters in the right script?"""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from exams.item_checks import walk_texts
from exams.item_document import LANGUAGES
from exams.item_scripts import CYRILLIC, script_problems
from exams.item_slots import SLOT, SlotError, fill, slot_name
from exams.markup import MarkupError, render, render_inline, split_formulas

_ONE_LINE: Final = tuple(
    f"[{language}.{table}"
    for language in LANGUAGES
    for table in ("choices", "rows", "statements", "fields", "gaps")
)


def text_problems(document: Mapping[str, Any]) -> Iterator[tuple[str, str, str]]:
    """(place, message, remedy) for each text that cannot be filled, rendered or transliterated."""
    material = document.get("material", ())
    for language in LANGUAGES:
        own = document[language]
        if language != "sr":
            own = {name: text for name, text in own.items() if name not in material}
        for place, text in walk_texts(own, language):
            is_text = place == f"[{language}] text"
            yield from _slot_problems(place, text, document, language, is_text)
            yield from script_problems(place, text, language)
        for name in ("stem", "explanation"):
            said = [document["sr"][name], *document["sr"].get("words", {}).values()]
            if language == "sr" and not CYRILLIC.search(" ".join(said)):
                yield f"[sr] {name}", "holds no Cyrillic letter", "write Serbian in Cyrillic"
    for name, unit in _units(document):
        if CYRILLIC.search(unit):
            yield (
                name,
                f"the unit {unit!r} is Cyrillic in both languages",
                "put words under [sr.units]",
            )


def _units(document: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    key = document["key"]
    for part, entry in key.get("fields", key.get("gaps", {})).items():
        if "unit" in entry:
            yield f"key {part}.unit", str(entry["unit"])


def _slot_problems(
    place: str, text: str, document: Mapping[str, Any], language: Any, is_text: bool
) -> Iterator[tuple[str, str, str]]:
    data = {**document.get("data", {}), **document[language].get("words", {})}
    for is_formula, piece in split_formulas(text):
        for slot in SLOT.findall(piece):
            name = slot_name(slot)
            if name is None:
                if is_formula or not is_text:
                    yield (
                        place,
                        f"[[{slot}]] cannot stand here",
                        "gaps and words belong into the prose of text",
                    )
            elif name not in data:
                yield place, f"nothing in [data] is called [[{name}]]", "add it or correct the name"
                return
    try:
        rendering = render_inline if place.startswith(_ONE_LINE) else render
        rendering(fill(text, data, language), language)
    except (MarkupError, SlotError) as error:
        yield place, str(error), "see the rules for formulas and texts"
