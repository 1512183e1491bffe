"""What does an item's source become: a key, a candidate's content and a solution per language?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from exams.item_document import LANGUAGES, SLOT, ItemSource, written
from exams.item_figures import inline_figure
from exams.markup import Language, render, render_inline, to_plain

# Private-use characters carry a gap through Markdown, which has no notion of it.
_GAP_OPEN: Final = "\ue000"
_GAP_CLOSE: Final = "\ue001"
_TRUTH: Final = {"sr": {True: "тачно", False: "нетачно"}, "en": {True: "true", False: "false"}}


@dataclass(frozen=True, slots=True)
class CompiledItem:
    """Everything the platform stores of an item.

    `key` is language-independent and JSON-able, as exams.response_processing expects it. `texts`
    holds per language "content" (what a candidate sees, without key material) and "solution".
    """

    ref: str
    identifier: str
    version: int
    standard: str
    domain: str
    level: int
    interaction: str
    security: str
    key: dict[str, Any]
    texts: dict[str, dict[str, Any]]


def compile_item(source: ItemSource) -> CompiledItem:
    """Compiles a checked source (see exams.item_source.read_item). Pure; the same bytes each time.

    Raises MarkupError or FigureError for a text or drawing that cannot be shown.
    """
    texts: dict[str, dict[str, Any]] = {
        language: {"content": _content(source, language), "solution": _solution(source, language)}
        for language in LANGUAGES
    }
    return CompiledItem(
        ref=source.ref,
        identifier=source.identifier,
        version=source.version,
        standard=source.standard,
        domain=source.domain,
        level=source.level,
        interaction=source.interaction,
        security=source.security,
        key=_key(source),
        texts=texts,
    )


def _key(source: ItemSource) -> dict[str, Any]:
    key: dict[str, Any] = {"interaction": source.interaction, "half_points": list(source.half_points)}
    for table in ("fields", "gaps"):
        if table in source.key:
            key[table] = {part: _entry(source, part, entry) for part, entry in source.key[table].items()}
    if "correct" in source.key:
        correct = source.key["correct"]
        key["correct"] = dict(correct) if isinstance(correct, Mapping) else correct
    return key


def _entry(source: ItemSource, part: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    if entry["accept"] == "choice":
        return {"accept": "choice", "correct": entry["correct"]}
    if entry["accept"] == "text":
        values = [*entry["values_sr"], *entry["values_en"]]
        return {"accept": "text", "values": list(dict.fromkeys(values))}
    units = [source.unit(language, part) for language in LANGUAGES]
    units = [unit for unit in [*units, entry.get("unit")] if unit]
    return {
        "accept": "number",
        "value": str(entry["value"]),
        **({"units": list(dict.fromkeys(units))} if units else {}),
        **({name: entry[name] for name in ("form", "tolerance") if name in entry}),
    }


def _content(source: ItemSource, language: Language) -> dict[str, Any]:
    content: dict[str, Any] = {"stem": _stem(source, language)}
    for table in ("rows", "statements", "choices"):
        if texts := source.texts(language, table):
            content[table] = _options(texts, language)
    if source.interaction == "text_entry":
        content["fields"] = [
            {"id": part, "label": render_inline(label, language), **_entry_kind(source, language, part)}
            for part, label in source.fields(language).items()
        ]
    if source.interaction == "cloze":
        content["text"] = _gapped(source.text(language, "text"), language)
        content["gaps"] = {part: _entry_kind(source, language, part) for part in source.key["gaps"]}
    return content


def _stem(source: ItemSource, language: Language) -> str:
    stem = render(source.text(language, "stem"), language)
    if source.figure is None:
        return stem
    description = to_plain(render(source.text(language, "figure_alt"), language))
    return stem + inline_figure(source.figure, source.labels(language), description)


def _options(texts: Mapping[str, str], language: Language) -> list[dict[str, str]]:
    return [{"id": name, "html": render_inline(text, language)} for name, text in texts.items()]


def _entry_kind(source: ItemSource, language: Language, part: str) -> dict[str, Any]:
    entry = source.key.get("fields", source.key.get("gaps"))[part]
    if entry["accept"] == "choice":
        return {"kind": "choice", "choices": _options(source.gap_choices(language, part), language)}
    unit = source.unit(language, part)
    return {"kind": entry["accept"], **({"unit": unit} if unit else {})}


def _gapped(text: str, language: Language) -> str:
    marked = SLOT.sub(lambda match: f"{_GAP_OPEN}{match.group(1)[4:]}{_GAP_CLOSE}", text)
    html = render(marked, language)
    return re.sub(
        f"{_GAP_OPEN}(.*?){_GAP_CLOSE}",
        lambda match: f'<span data-gap="{escape(match.group(1))}"></span>',
        html,
    )


def _solution(source: ItemSource, language: Language) -> dict[str, Any]:
    return {
        "explanation": render(source.text(language, "explanation"), language),
        "misconceptions": {
            name: render(text, language) for name, text in source.texts(language, "misconceptions").items()
        },
        "key_text": _key_text(source, language),
    }


def _key_text(source: ItemSource, language: Language) -> str:
    """The correct response in words on one line, parts parted by "; "."""

    def plain(text: str) -> str:
        return to_plain(render_inline(text, language)).rstrip(".")

    correct = source.key.get("correct")
    choices = source.choices(language)
    match source.interaction:
        case "choice":
            return plain(choices[str(correct)])
        case "order":
            return "; ".join(plain(choices[name]) for name in correct or ())
        case "match":
            rows = source.rows(language)
            return "; ".join(
                f"{plain(rows[row])} – {plain(choices[name])}" for row, name in dict(correct or {}).items()
            )
        case "true_false":
            said = source.statements(language)
            return "; ".join(
                f"{plain(said[name])} – {_TRUTH[language][truth]}"
                for name, truth in dict(correct or {}).items()
            )
        case "text_entry":
            labels = source.fields(language)
            return "; ".join(
                f"{plain(labels[part])} {_entry_text(source, language, part)}" for part in source.parts
            )
        case _:
            return "; ".join(_entry_text(source, language, part) for part in source.parts)


def _entry_text(source: ItemSource, language: Language, part: str) -> str:
    entry = source.key.get("fields", source.key.get("gaps"))[part]
    if entry["accept"] == "choice":
        choice = source.gap_choices(language, part)[entry["correct"]]
        return to_plain(render_inline(choice, language))
    if entry["accept"] == "text":
        return str(entry[f"values_{language}"][0])
    unit = source.unit(language, part)
    number = written(entry["value"], language)
    return f"{number}\u00a0{unit}" if unit else number
