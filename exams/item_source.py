"""How is an item read from its file, with every fault named before anything is made of it?"""

import tomllib
from pathlib import Path

from exams.item_checks import detail_problems, outline_problems
from exams.item_compilation import CompiledItem, compile_item
from exams.item_document import ItemSource, ItemSourceError, ItemSourceErrors
from exams.item_figures import FigureError
from exams.item_misconception_checks import misconception_problems
from exams.item_text_checks import text_problems
from exams.markup import MarkupError

__all__ = [
    "CompiledItem",
    "ItemSource",
    "ItemSourceError",
    "ItemSourceErrors",
    "compile_item",
    "find_problems",
    "read_item",
    "read_items",
]


def read_item(path: Path) -> ItemSource:
    """The checked item in a TOML file, its figure read along.

    Raises ItemSourceError for the first fault; `find_problems` lists them all.
    """
    source, errors = _examined(path)
    if source is None or errors:
        raise errors[0]
    return source


def find_problems(path: Path) -> list[ItemSourceError]:
    """Every fault of one file; empty if it reads and compiles."""
    return _examined(path)[1]


def read_items(folder: Path) -> list[ItemSource]:
    """All items of a folder by identifier.

    Raises ItemSourceErrors with the faults of all files when there is one.
    """
    examined = [_examined(path) for path in sorted(folder.glob("*.toml"))]
    errors = [error for _, found in examined for error in found]
    if errors:
        raise ItemSourceErrors(errors)
    return [source for source, _ in examined if source is not None]


def _examined(path: Path) -> tuple[ItemSource | None, list[ItemSourceError]]:
    try:
        document = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        return None, [ItemSourceError(path, "file", str(error), "it must be readable UTF-8 TOML")]
    figure = _figure(path, document.get("figure"))
    problems: list[tuple[str, str, str]]
    problems = [*outline_problems(document, path.stem, figure is not None)]
    if not problems:
        problems = [*detail_problems(document)]
    if not problems:
        problems = [*text_problems(document), *misconception_problems(document)]
    source = ItemSource(path, document, figure)
    if not problems:
        problems = _compilation_problems(source)
    return source, [ItemSourceError(path, *problem) for problem in problems]


def _figure(path: Path, name: object) -> str | None:
    if not isinstance(name, str) or Path(name).name != name:
        return None
    file = path.with_name(name)
    return file.read_text(encoding="utf-8") if file.is_file() else None


def _compilation_problems(source: ItemSource) -> list[tuple[str, str, str]]:
    try:
        compile_item(source)
    except FigureError as error:
        return [("figure", str(error), "see the rules for figures")]
    except MarkupError as error:
        return [("texts", str(error), "see the rules for formulas and texts")]
    return []
