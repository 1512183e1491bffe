"""What does an item's source become: a key, a candidate's content and a solution per language?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from html import escape
from typing import Any, Final

from exams.item_document import LANGUAGES, ItemSource
from exams.item_figures import inline_figure
from exams.item_slots import SLOT, WORD, words_of, written
from exams.item_stimulus import compile_stimulus
from exams.markup import Language, in_serbian_latin, render, render_inline, to_plain

# Private-use characters carry a gap or a word through Markdown, which has no notion of them.
_GAP_OPEN: Final = "\ue000"
_GAP_CLOSE: Final = "\ue001"
_WORD_OPEN: Final = "\ue002"
_WORD_TEXT: Final = "\ue003"
_WORD_CLOSE: Final = "\ue004"
_TRUTH: Final = {"sr": {True: "тачно", False: "нетачно"}, "en": {True: "true", False: "false"}}


@dataclass(frozen=True, slots=True)
class CompiledItem:
    """Everything the platform stores of an item.

    `family`: of which family the item is a variant, or "". `key` is language-independent and JSON-able, as
    exams.response_processing expects it. `texts` holds per language "content" (what a candidate sees, without
    key material) and "solution".
    """

    ref: str
    identifier: str
    family: str
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
        family=source.family,
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
    if "longest" in source.key:
        key["longest"] = source.key["longest"]
    return key


def _entry(source: ItemSource, part: str, entry: Mapping[str, Any]) -> dict[str, Any]:
    if entry["accept"] == "choice":
        return {"accept": "choice", "correct": entry["correct"]}
    if entry["accept"] == "text":
        values = [*entry["values_sr"], *entry["values_en"]]
        policy = {name: entry[name] for name in ("case", "diacritics") if name in entry}
        return {"accept": "text", "values": list(dict.fromkeys(values)), **policy}
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
    if source.stimulus is not None:
        content["stimulus"] = compile_stimulus(source.stimulus, language)
    for table in ("rows", "statements", "choices"):
        if texts := source.texts(language, table):
            content[table] = _options(source, language, table, texts)
    match source.interaction:
        case "text_entry":
            content["fields"] = [
                {
                    "id": part,
                    "label": _inline(source, language, "fields", label),
                    **_entry_kind(source, language, part),
                }
                for part, label in source.fields(language).items()
            ]
        case "cloze":
            content["text"] = _gapped(source, language)
            content["gaps"] = {part: _entry_kind(source, language, part) for part in source.key["gaps"]}
        case "select_words":
            content["text"] = _with_words(source, language)
        case "extended_text":
            content["longest"] = source.key["longest"]
    return content


def _stem(source: ItemSource, language: Language) -> str:
    stem = render(source.text(language, "stem"), language)
    if source.figure is None:
        return stem
    description = to_plain(render(source.text(language, "figure_alt"), language))
    return stem + inline_figure(source.figure, source.labels(language), description)


def _inline(source: ItemSource, language: Language, table: str, text: str) -> str:
    """One line as its readers see it: material is rendered as Serbian and shown in Latin to all others."""
    spoken = source.spoken(language, table)
    html = render_inline(text, spoken)
    return html if spoken == language else in_serbian_latin(html, block=False)


def _block(source: ItemSource, language: Language, name: str, text: str) -> str:
    spoken = source.spoken(language, name)
    html = render(text, spoken)
    return html if spoken == language else in_serbian_latin(html, block=True)


def _options(
    source: ItemSource, language: Language, table: str, texts: Mapping[str, str]
) -> list[dict[str, str]]:
    return [{"id": name, "html": _inline(source, language, table, text)} for name, text in texts.items()]


def _entry_kind(source: ItemSource, language: Language, part: str) -> dict[str, Any]:
    entry = source.key.get("fields", source.key.get("gaps"))[part]
    if entry["accept"] == "choice":
        choices = source.gap_choices(language, part)
        return {"kind": "choice", "choices": _options(source, language, "gaps", choices)}
    unit = source.unit(language, part)
    return {"kind": entry["accept"], **({"unit": unit} if unit else {})}


def _gapped(source: ItemSource, language: Language) -> str:
    text = source.text(language, "text")
    marked = SLOT.sub(lambda match: f"{_GAP_OPEN}{match.group(1)[4:]}{_GAP_CLOSE}", text)
    return re.sub(
        f"{_GAP_OPEN}(.*?){_GAP_CLOSE}",
        lambda match: f'<span data-gap="{escape(match.group(1))}"></span>',
        _block(source, language, "text", marked),
    )


def _with_words(source: ItemSource, language: Language) -> str:
    marked = WORD.sub(rf"{_WORD_OPEN}\1{_WORD_TEXT}\2{_WORD_CLOSE}", source.text(language, "text"))
    return re.sub(
        f"{_WORD_OPEN}(.*?){_WORD_TEXT}(.*?){_WORD_CLOSE}",
        lambda match: f'<span data-word="{escape(match.group(1))}">{match.group(2)}</span>',
        _block(source, language, "text", marked),
        flags=re.DOTALL,
    )


def _solution(source: ItemSource, language: Language) -> dict[str, Any]:
    rubric = source.interaction == "extended_text"
    return {
        **({"rubric": render(source.text(language, "rubric"), language)} if rubric else {}),
        "explanation": render(source.text(language, "explanation"), language),
        "misconceptions": {
            name: render(text, language) for name, text in source.texts(language, "misconceptions").items()
        },
        "key_text": _key_text(source, language),
    }


def _key_text(source: ItemSource, language: Language) -> str:
    """The correct response in words on one line, parts parted by "; "; nothing where people mark."""

    def plain(table: str, text: str) -> str:
        return to_plain(_inline(source, language, table, text)).rstrip(".")

    correct = source.key.get("correct")
    choices = source.choices(language)
    match source.interaction:
        case "choice":
            return plain("choices", choices[str(correct)])
        case "order" | "multiple_choice" | "hotspot":
            return "; ".join(plain("choices", choices[name]) for name in correct or ())
        case "select_words":
            words = dict(words_of(source.text(language, "text")))
            return "; ".join(plain("text", words[name]) for name in correct or ())
        case "match":
            rows = source.rows(language)
            return "; ".join(
                f"{plain('rows', rows[row])} – {plain('choices', choices[name])}"
                for row, name in dict(correct or {}).items()
            )
        case "true_false":
            said = source.statements(language)
            return "; ".join(
                f"{plain('statements', said[name])} – {_TRUTH[language][truth]}"
                for name, truth in dict(correct or {}).items()
            )
        case "text_entry":
            labels = source.fields(language)
            return "; ".join(
                f"{plain('fields', labels[part])} {_entry_text(source, language, part)}"
                for part in source.parts
            )
        case "extended_text":
            return ""
        case _:
            return "; ".join(_entry_text(source, language, part) for part in source.parts)


def _entry_text(source: ItemSource, language: Language, part: str) -> str:
    entry = source.key.get("fields", source.key.get("gaps"))[part]
    if entry["accept"] == "choice":
        choice = source.gap_choices(language, part)[entry["correct"]]
        return to_plain(_inline(source, language, "gaps", choice))
    if entry["accept"] == "text":
        return str(entry[f"values_{language}"][0])
    unit = source.unit(language, part)
    number = written(entry["value"], language)
    return f"{number}\u00a0{unit}" if unit else number
