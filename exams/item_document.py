"""What does the source of one item say, before anything is made of it?"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from pathlib import Path
from typing import Any, Final, cast

from exams.markup import Language, split_formulas

LANGUAGES: Final[tuple[Language, ...]] = ("sr", "en")
INTERACTIONS: Final = ("choice", "true_false", "text_entry", "match", "order", "cloze")
STANDARD: Final = re.compile(r"([A-Z]{2})\.([123])\.([1-9])\.([1-9]\d?)")
SLOT: Final = re.compile(r"\[\[([^\[\]]*)\]\]")
_INTEGER: Final = re.compile(r"[+-]?\d+")
_DECIMAL: Final = re.compile(r"[+-]?\d+\.\d+")
_RATIO: Final = re.compile(r"[+-]?\d+/[1-9]\d*")


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
    """One item as written: `document` is the parsed TOML, `figure` the SVG source or None.

    Texts come out with the numbers of `[data]` filled in, still as Markdown.
    """

    path: Path
    document: Mapping[str, Any]
    figure: str | None = None

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
        """ "trial" (only in forms) or "released" (may travel with its key)."""
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
            case "text_entry":
                return tuple(self.key["fields"])
            case _:
                return tuple(self.key["gaps"])

    def text(self, language: Language, name: str) -> str:
        """One text of a language by its name: "stem", "explanation", "text", "figure_alt"."""
        return self._filled(language, self.document[language][name])

    def texts(self, language: Language, table: str) -> dict[str, str]:
        """One table of texts: "choices", "rows", "statements", "fields", "misconceptions"…"""
        return {
            name: self._filled(language, text)
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
        return {name: self._filled(language, text) for name, text in table.items()}

    def labels(self, language: Language) -> dict[str, str]:
        """What a [[name]] in the figure stands for: the labels of the language and the data."""
        data = {name: written(value, language) for name, value in self.document.get("data", {}).items()}
        return {**data, **self.texts(language, "labels")}

    def unit(self, language: Language, part: str) -> str | None:
        """The unit shown after a field or gap."""
        own = self.document[language].get("units", {}).get(part)
        entry = self.key.get("fields", self.key.get("gaps", {})).get(part, {})
        return cast("str | None", own if own is not None else entry.get("unit"))

    def _filled(self, language: Language, text: str) -> str:
        return fill(text, self.document.get("data", {}), language)


def as_number(value: int | str) -> Fraction | str:
    """The exact number a source value writes, or the word it is."""
    text = str(value)
    is_number = any(pattern.fullmatch(text) for pattern in (_INTEGER, _DECIMAL, _RATIO))
    return Fraction(text) if is_number else text


def fill(text: str, data: Mapping[str, int | str], language: Language) -> str:
    """`text` with each [[name]] replaced: as prose of the language, inside `$…$` as plain digits.

    [[gap:1]] stays. Raises KeyError for a name that `data` lacks.
    """

    def slot(match: re.Match[str], is_formula: bool) -> str:
        name = match.group(1)
        if name.startswith("gap:"):
            return match.group()
        return str(data[name]) if is_formula else written(data[name], language)

    pieces = []
    for is_formula, piece in split_formulas(text):
        filled = SLOT.sub(lambda match, formula=is_formula: slot(match, formula), piece)  # type: ignore[misc]
        pieces.append(f"${filled}$" if is_formula else filled)
    return "".join(pieces)


def written(value: int | str, language: Language) -> str:
    """A source value in prose: "2.75" → 2,75 in Serbian, 12500 → 12.500; words unchanged."""
    text = str(value)
    if not (_INTEGER.fullmatch(text) or _DECIMAL.fullmatch(text)):
        return text.replace("-", "−") if _RATIO.fullmatch(text) else text
    whole, _, decimals = text.lstrip("+-").partition(".")
    grouped = f"{int(whole):,}" if len(whole) >= 5 and not whole.startswith("0") else whole
    number = f"{grouped}.{decimals}" if decimals else grouped
    if language == "sr":
        number = number.translate(str.maketrans(".,", ",."))
    return f"−{number}" if text.startswith("-") else number
