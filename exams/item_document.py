"""What does the source of one item say, before anything is made of it?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

from accounts.transliteration import to_latin
from exams.item_material import with_material
from exams.item_slots import as_number, fill, written
from exams.item_stimulus import StimulusSource
from exams.markup import Language

LANGUAGES: Final[tuple[Language, ...]] = ("sr", "en")
INTERACTIONS: Final = (
    *("choice", "true_false", "text_entry", "match", "order", "cloze"),
    *("multiple_choice", "select_words", "hotspot", "extended_text"),
)
STANDARD: Final = re.compile(r"([A-Z]{2})\.([123])\.([1-9])\.([1-9]\d?)")
MATERIAL: Final = frozenset({"text", "choices", "rows", "statements", "fields", "gaps", "labels"})
"""Texts that may be Serbian-language material: English readers get the Serbian text in Latin letters."""


class ItemSourceError(ValueError):
    """One fault in an item's source: where it stands, what it is and how to mend it."""

    def __init__(self, path: Path, place: str, message: str, remedy: str) -> None:
        super().__init__(f"{path.name}: {place}: {message} ({remedy})")
        self.path, self.place, self.message, self.remedy = path, place, message, remedy


class ItemSourceErrors(ValueError):
    """Every fault found in a folder of items, one line each."""

    def __init__(self, errors: list[ItemSourceError]) -> None:
        super().__init__("\n".join(str(error) for error in errors))
        self.errors = tuple(errors)


@dataclass(frozen=True)
class ItemSource:
    """One item as written: `document` is the parsed TOML made whole by `complete`, `figure` the SVG or None.

    Texts come out with the numbers of `[data]` filled in, still as Markdown. `family` is the identifier of
    the family the item is a variant of, "" for an item of its own.
    """

    path: Path
    document: Mapping[str, Any]
    figure: str | None = None
    stimulus: StimulusSource | None = None
    family: str = ""

    @property
    def identifier(self) -> str:
        return str(self.document["id"])

    @property
    def version(self) -> int:
        return int(self.document["version"])

    @property
    def ref(self) -> str:
        """Item and version in one word, "ma-103.1"."""
        return f"{self.identifier}.{self.version}"

    @property
    def standard(self) -> str:
        return str(self.document["standard"])

    @property
    def subject(self) -> str:
        return self.standard.split(".")[0]

    @property
    def level(self) -> int:
        """1 basic, 2 intermediate, 3 advanced."""
        return int(self.standard.split(".")[1])

    @property
    def domain(self) -> str:
        """Subject and number of the domain: "MA.3" for MA.1.3.2."""
        subject, _level, domain, _number = self.standard.split(".")
        return f"{subject}.{domain}"

    @property
    def interaction(self) -> str:
        return str(self.document["interaction"])

    @property
    def security(self) -> str:
        """ "trial" (only in forms), "released" (may travel with its key) or "retired"."""
        return str(self.document["security"])

    @property
    def half_points(self) -> tuple[int, ...]:
        """Half-points by number of correct parts."""
        return tuple(self.document["half_points"])

    @property
    def key(self) -> Mapping[str, Any]:
        return cast(Mapping[str, Any], self.document["key"])

    @cached_property
    def data(self) -> dict[str, Fraction | str]:
        """The numbers the item is built from, exact; words stay words."""
        return {name: as_number(value) for name, value in self.document.get("data", {}).items()}

    @property
    def parts(self) -> tuple[str, ...]:
        """The ids of what is scored separately; positions "1".."n" for an order, "1" for a choice."""
        correct = self.key.get("correct")
        match self.interaction:
            case "choice":
                return ("1",)
            case "true_false" | "match":
                return tuple(cast(Mapping[str, Any], correct))
            case "order":
                return tuple(str(place) for place, _ in enumerate(cast(list[str], correct), 1))
            case "multiple_choice" | "select_words" | "hotspot":
                return tuple(cast(list[str], correct))
            case "extended_text":
                return ("1",)
            case "text_entry":
                return tuple(self.key["fields"])
            case _:
                return tuple(self.key["gaps"])

    def spoken(self, language: Language, name: str) -> Language:
        """The language a text or table is written in for readers of `language`: Serbian for material."""
        return "sr" if name in self.document.get("material", ()) else language

    def text(self, language: Language, name: str) -> str:
        """One text of a language by its name: "stem", "explanation", "text", "figure_alt"."""
        return self._filled(self.spoken(language, name), self.document[language][name])

    def texts(self, language: Language, table: str) -> dict[str, str]:
        """One table of texts: "choices", "rows", "statements", "fields", "misconceptions"…"""
        return {
            name: self._filled(self.spoken(language, table), text)
            for name, text in self.document[language].get(table, {}).items()
        }

    def choices(self, language: Language) -> dict[str, str]:
        return self.texts(language, "choices")

    def rows(self, language: Language) -> dict[str, str]:
        return self.texts(language, "rows")

    def statements(self, language: Language) -> dict[str, str]:
        return self.texts(language, "statements")

    def fields(self, language: Language) -> dict[str, str]:
        return self.texts(language, "fields")

    def gap_choices(self, language: Language, gap: str) -> dict[str, str]:
        table = self.document[language].get("gaps", {}).get(gap, {})
        return {name: self._filled(self.spoken(language, "gaps"), text) for name, text in table.items()}

    def labels(self, language: Language) -> dict[str, str]:
        """What a [[name]] in the figure stands for: the labels of the language and the data."""
        spoken = self.spoken(language, "labels")
        data = {name: written(value, spoken) for name, value in self._data(spoken).items()}
        labels = {**data, **self.texts(language, "labels")}
        if spoken == language:
            return labels
        return {name: to_latin(label) for name, label in labels.items()}

    def unit(self, language: Language, part: str) -> str | None:
        """The unit shown after a field or gap."""
        own = self.document[language].get("units", {}).get(part)
        entry = self.key.get("fields", self.key.get("gaps", {})).get(part, {})
        return cast("str | None", own if own is not None else entry.get("unit"))

    def _data(self, language: Language) -> dict[str, int | str]:
        return {**self.document.get("data", {}), **self.document[language].get("words", {})}

    def _filled(self, language: Language, text: str) -> str:
        return fill(text, self._data(language), language)


def complete(document: Mapping[str, Any]) -> dict[str, Any]:
    """The document with what an author may leave out: material, and the English words of a typed entry.

    Total: what is not of the expected kind is left as it is, for the checks to name.
    """
    whole = with_material(document, MATERIAL)
    key = whole.get("key")
    if isinstance(key, Mapping):
        whole["key"] = {
            table: {part: _with_english(entry) for part, entry in value.items()}
            if table in ("fields", "gaps") and isinstance(value, Mapping)
            else value
            for table, value in key.items()
        }
    return whole


def _with_english(entry: object) -> object:
    if not isinstance(entry, Mapping) or entry.get("accept") != "text" or "values_en" in entry:
        return entry
    values = entry.get("values_sr")
    if not isinstance(values, list):
        return entry
    return {**entry, "values_en": [to_latin(value) if isinstance(value, str) else value for value in values]}
