"""What do several items share: a passage, a table, a map, and how is it read from its file?"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from accounts.transliteration import to_latin
from exams.item_figures import FigureError, inline_figure, read_figure
from exams.item_material import material_faults, with_material
from exams.item_scripts import script_problems
from exams.item_slots import SLOT
from exams.markup import Language, MarkupError, in_serbian_latin, render, render_inline, to_plain

SUFFIX: Final = ".stimulus.toml"
MOST_WORDS: Final = 260
_LANGUAGES: Final[tuple[Language, ...]] = ("sr", "en")
_TOP_LEVEL: Final = frozenset({"id", "figure", "material", "notes", "sr", "en"})
_TEXTS: Final = frozenset({"title", "text", "figure_alt", "labels"})
MATERIAL: Final = frozenset({"title", "text", "labels"})
Fault = tuple[str, str, str]


@dataclass(frozen=True)
class StimulusSource:
    """A checked stimulus as written; with material the English table has the Serbian texts."""

    path: Path
    document: Mapping[str, Any]
    figure: str | None = None

    @property
    def identifier(self) -> str:
        return str(self.document["id"])

    def is_material(self, name: str) -> bool:
        return name in self.document.get("material", ())


def read_stimulus(path: Path) -> tuple[StimulusSource | None, list[Fault]]:
    """The stimulus and nothing, or None and every fault as (place, message, remedy)."""
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None, [("stimulus", f"{path.name} is not beside the item", "add the file or correct the name")]
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, [("file", str(error), "it must be readable UTF-8 TOML")]
    document = with_material(document, MATERIAL)
    try:
        source = StimulusSource(path, document, read_figure(path, document.get("figure")))
    except FigureError as error:
        return None, [("figure", str(error), "save it as SVG text")]
    faults = list(_faults(source))
    return (None, faults) if faults else (source, [])


def compile_stimulus(source: StimulusSource, language: Language) -> dict[str, str]:
    """What a candidate is shown: id, title (inline HTML) and html (block)."""
    texts = source.document[language]
    html = _shown(source, language, "text", block=True) if "text" in texts else ""
    if source.figure is not None:
        labels = dict(texts.get("labels", {}))
        if source.is_material("labels") and language != "sr":
            labels = {name: to_latin(label) for name, label in labels.items()}
        html += inline_figure(source.figure, labels, to_plain(render(texts["figure_alt"], language)))
    return {"id": source.identifier, "title": _shown(source, language, "title", block=False), "html": html}


def _shown(source: StimulusSource, language: Language, name: str, *, block: bool) -> str:
    rendering = render if block else render_inline
    text = str(source.document[language][name])
    if not source.is_material(name) or language == "sr":
        return rendering(text, language)
    return in_serbian_latin(rendering(text, "sr"), block=block)


def _faults(source: StimulusSource) -> Iterator[Fault]:
    document = source.document
    for name in document.keys() - _TOP_LEVEL:
        yield name, "unknown name at the top level of a stimulus", f"one of {', '.join(sorted(_TOP_LEVEL))}"
    if document.get("id") != source.path.name.removesuffix(SUFFIX):
        yield "id", f"is {document.get('id')!r}", "write the name of the file"
    yield from material_faults(document, MATERIAL)
    if "figure" in document and source.figure is None:
        yield "figure", f"{document['figure']!r} is not beside the stimulus", "add the file"
    for language in _LANGUAGES:
        yield from _language_faults(source, language)


def _language_faults(source: StimulusSource, language: Language) -> Iterator[Fault]:
    texts = source.document.get(language)
    if not isinstance(texts, Mapping):
        yield f"[{language}]", "the language is missing", "write the stimulus in both languages"
        return
    for name in texts.keys() - _TEXTS:
        yield f"[{language}] {name}", "unknown name", f"one of {', '.join(sorted(_TEXTS))}"
    needed = ["title", *(["figure_alt"] if source.figure is not None else ["text"])]
    missing = [name for name in needed if not isinstance(texts.get(name), str) or not texts[name].strip()]
    for name in missing:
        yield f"[{language}] {name}", "is missing or empty", "write the text"
    labels = texts.get("labels", {})
    if not isinstance(labels, Mapping) or not all(isinstance(label, str) for label in labels.values()):
        yield f"[{language}.labels]", "is no table of texts", 'write e.g. sea = "море"'
        return
    if missing:
        return
    spoken = {name: str(texts[name]) for name in ("title", "text", "figure_alt") if name in texts}
    for name, text in {**spoken, **{f"labels {name}": label for name, label in labels.items()}}.items():
        if slot := SLOT.search(text):
            yield f"[{language}] {name}", f"{slot.group()} stands for nothing", "a stimulus has no [data]"
        if language == "sr" or not source.is_material(name.split()[0]):
            yield from script_problems(f"[{language}] {name}", text, language)
    if (words := len(str(texts.get("text", "")).split())) > MOST_WORDS:
        yield f"[{language}] text", f"has {words} words", f"at most {MOST_WORDS} can be read in an exam"
    try:
        compile_stimulus(source, language)
    except (MarkupError, FigureError) as error:
        yield f"[{language}]", str(error), "see the rules for texts and figures"
