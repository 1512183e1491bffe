"""How are items read from their files, with every fault named before anything is made of them?

One file is one item, or a family that becomes several variants; a stimulus has a file of its own.
"""

import tomllib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from exams.item_checks import detail_problems, outline_problems
from exams.item_compilation import CompiledItem, compile_item
from exams.item_document import ItemSource, ItemSourceError, ItemSourceErrors, complete
from exams.item_families import FamilyError, is_family, variants_of
from exams.item_figures import FigureError, read_figure, regions_of
from exams.item_misconception_checks import misconception_problems
from exams.item_slots import SlotError
from exams.item_stimulus import SUFFIX, StimulusSource, read_stimulus
from exams.item_text_checks import text_problems
from exams.markup import MarkupError

__all__ = [
    "CompiledItem",
    "ItemSource",
    "ItemSourceError",
    "ItemSourceErrors",
    "compile_item",
    "find_problems",
    "item_files",
    "random_variants",
    "read_item",
    "read_items",
    "read_variants",
]

Fault = tuple[str, str, str]


def item_files(folder: Path) -> list[Path]:
    """The files of items and families in a folder, without those of stimuli."""
    return [path for path in sorted(folder.glob("*.toml")) if not path.name.endswith(SUFFIX)]


def read_item(path: Path) -> ItemSource:
    """The checked item in a TOML file that is no family, its figure and stimulus read along.

    Raises ItemSourceError for the first fault; `find_problems` lists them all.
    """
    (source,) = read_variants(path)
    return source


def read_variants(path: Path) -> list[ItemSource]:
    """The checked items of a file: one, or the variants of a family. Raises as `read_item` does."""
    sources, errors = _examined(path)
    if errors:
        raise errors[0]
    return sources


def random_variants(path: Path, *, count: int, seed: int) -> list[ItemSource]:
    """Other variants of a family than those of the bank, or all its cases; checked likewise."""
    document = tomllib.loads(path.read_text(encoding="utf-8"))
    sources: list[ItemSource] = []
    for variant in variants_of(document, count=count, seed=seed):
        source, errors = _checked(path, complete(variant), family=path.stem)
        if errors:
            raise errors[0]
        sources += [source] if source else []
    return sources


def find_problems(path: Path) -> list[ItemSourceError]:
    """Every fault of one file; empty if it reads and compiles."""
    return _examined(path)[1]


def read_items(folder: Path) -> list[ItemSource]:
    """All items of a folder by identifier, variants of families among them.

    Raises ItemSourceErrors with the faults of all files when there is one.
    """
    examined = [_examined(path) for path in item_files(folder)]
    errors = [error for _, found in examined for error in found]
    if errors:
        raise ItemSourceErrors(errors)
    return [source for sources, _ in examined for source in sources]


def _examined(path: Path) -> tuple[list[ItemSource], list[ItemSourceError]]:
    """Whatever stands in a file, its name is told: TOML can hold shapes that no check foresees."""
    try:
        return _read(path)
    except (ArithmeticError, AttributeError, LookupError, RecursionError, TypeError, ValueError) as error:
        return [], [
            ItemSourceError(path, "file", f"does not read: {error!r}", "see fixtures/items/README.md")
        ]


def _read(path: Path) -> tuple[list[ItemSource], list[ItemSourceError]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return [], [ItemSourceError(path, "file", str(error), "it must be readable UTF-8 TOML")]
    if not is_family(document):
        source, errors = _checked(path, complete(document), family="")
        return ([source] if source else []), errors
    if document.get("id") != path.stem:
        return [], [ItemSourceError(path, "id", f"is {document.get('id')!r}", "write the name of the file")]
    try:
        variants = variants_of(document)
    except FamilyError as error:
        return [], [ItemSourceError(path, *error.fault)]
    except (AttributeError, KeyError, TypeError, SlotError) as error:
        return [], [
            ItemSourceError(path, "family", f"does not read: {error!r}", "see the rules for families")
        ]
    checked = [_checked(path, complete(variant), family=path.stem) for variant in variants]
    return [source for source, _ in checked if source], [error for _, found in checked for error in found]


def _checked(
    path: Path, document: dict[str, Any], *, family: str
) -> tuple[ItemSource | None, list[ItemSourceError]]:
    """The item of one document, or its faults; those of a variant begin with its identifier."""
    figure, faults = _figure(path, document.get("figure"))
    stimulus, more = _stimulus(path, document.get("stimulus"))
    faults += more
    identifier = str(document.get("id")) if family else path.stem
    source = ItemSource(path, document, figure, stimulus, family)
    for check in (_outline, _details, _texts, _compilation):
        if not faults:
            faults = list(check(source, identifier))
    prefix = f"{identifier} " if family else ""
    errors = [ItemSourceError(path, f"{prefix}{place}", *rest) for place, *rest in faults]
    return (None if errors else source), errors


def _outline(source: ItemSource, identifier: str) -> Iterator[Fault]:
    yield from outline_problems(source.document, identifier, source.figure is not None)


def _details(source: ItemSource, _identifier: str) -> Iterator[Fault]:
    yield from detail_problems(source.document)
    if source.interaction == "hotspot" and set(regions_of(source.figure or "")) != set(source.choices("sr")):
        found = ", ".join(regions_of(source.figure or "")) or "none"
        yield "figure", f"its places (data-region) are {found}", "one for each of [sr.choices]"


def _texts(source: ItemSource, _identifier: str) -> Iterator[Fault]:
    yield from text_problems(source.document)
    yield from misconception_problems(source.document)


def _compilation(source: ItemSource, _identifier: str) -> Iterator[Fault]:
    try:
        compile_item(source)
    except FigureError as error:
        yield "figure", str(error), "see the rules for figures"
    except (MarkupError, SlotError) as error:
        yield "texts", str(error), "see the rules for formulas and texts"


def _figure(path: Path, name: object) -> tuple[str | None, list[Fault]]:
    try:
        return read_figure(path, name), []
    except FigureError as error:
        return None, [("figure", str(error), "save it as SVG text")]


def _stimulus(path: Path, name: object) -> tuple[StimulusSource | None, list[Fault]]:
    if name is None:
        return None, []
    if not isinstance(name, str) or Path(name).name != name:
        return None, [("stimulus", f"{name!r} is no name of a stimulus", 'write e.g. "sj-s01"')]
    source, faults = read_stimulus(path.with_name(f"{name}{SUFFIX}"))
    return source, [(f"{name} {place}", message, remedy) for place, message, remedy in faults]
