"""What do several items share: a passage, a table, a map, and how is it read from its file?"""

import tomllib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from accounts.transliteration import to_latin
from exams.item_figures import FigureError, inline_figure
from exams.item_slots import fill
from exams.markup import Language, MarkupError, in_serbian_latin, render, render_inline, to_plain

SUFFIX: Final = ".stimulus.toml"
MOST_WORDS: Final = 260
_LANGUAGES: Final[tuple[Language, ...]] = ("sr", "en")
_TOP_LEVEL: Final = frozenset({"id", "figure", "material", "notes", "sr", "en"})
_TEXTS: Final = frozenset({"title", "text", "figure_alt", "labels"})
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
    document = _complete(document)
    name = document.get("figure")
    beside = path.with_name(name) if isinstance(name, str) and Path(name).name == name else None
    figure = beside.read_text(encoding="utf-8") if beside and beside.is_file() else None
    source = StimulusSource(path, document, figure)
    faults = list(_faults(source))
    return (None, faults) if faults else (source, [])


def compile_stimulus(source: StimulusSource, language: Language) -> dict[str, str]:
    """What a candidate is shown: id, title (inline HTML) and html (block)."""
    texts = source.document[language]
    html = _shown(source, language, "text", block=True) if "text" in texts else ""
    if source.figure is not None:
        labels = {name: fill(label, {}, language) for name, label in texts.get("labels", {}).items()}
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


def _complete(document: Mapping[str, Any]) -> dict[str, Any]:
    whole = dict(document)
    sr, en, material = whole.get("sr"), whole.get("en"), whole.get("material", ())
    if isinstance(sr, Mapping) and isinstance(en, Mapping) and isinstance(material, list):
        whole["en"] = {**en, **{name: sr[name] for name in material if name in sr}}
    return whole


def _faults(source: StimulusSource) -> Iterator[Fault]:
    document = source.document
    for name in document.keys() - _TOP_LEVEL:
        yield name, "unknown name at the top level of a stimulus", f"one of {', '.join(sorted(_TOP_LEVEL))}"
    if document.get("id") != source.path.name.removesuffix(SUFFIX):
        yield "id", f"is {document.get('id')!r}", "write the name of the file"
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
    if missing:
        return
    if (words := len(str(texts.get("text", "")).split())) > MOST_WORDS:
        yield f"[{language}] text", f"has {words} words", f"at most {MOST_WORDS} can be read in an exam"
    try:
        compile_stimulus(source, language)
    except (MarkupError, FigureError) as error:
        yield f"[{language}]", str(error), "see the rules for texts and figures"
