"""Where do the sources of the bank lie, and what do they hold, subject by subject?"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from exams.item_source import ItemSource, ItemSourceError, find_problems, item_files, read_variants


@dataclass(frozen=True)
class FormSource:
    """A form as written: its items in order, and which of them are anchors."""

    path: Path
    identifier: str
    subject: str
    title_sr: str
    title_en: str
    items: tuple[str, ...]
    anchors: tuple[str, ...]


@dataclass(frozen=True)
class SubjectSource:
    """Everything of one subject: `standards` is the parsed file, `items` what reads without a fault."""

    name: str
    standards: dict[str, Any]
    folder: Path
    forms: tuple[FormSource, ...]

    @cached_property
    def problems(self) -> tuple[ItemSourceError, ...]:
        return tuple(problem for path in item_files(self.folder) for problem in find_problems(path))

    @cached_property
    def items(self) -> tuple[ItemSource, ...]:
        faulty = {problem.path for problem in self.problems}
        sound = [path for path in item_files(self.folder) if path not in faulty]
        return tuple(source for path in sound for source in read_variants(path))

    @property
    def standard_codes(self) -> tuple[str, ...]:
        return tuple(row["code"] for row in self.standards["standards"])

    @property
    def domain_codes(self) -> tuple[str, ...]:
        return tuple(row["code"] for row in self.standards["domains"])


class BankFileError(ValueError):
    """A file of standards or a form that cannot be used: which, what is wrong, and the remedy."""

    def __init__(self, path: Path, message: str, remedy: str) -> None:
        super().__init__(f"{path.parent.name}/{path.name}: {message} ({remedy})")


def read_bank(root: Path) -> list[SubjectSource]:
    """Every subject with a file of standards under `root`/standards, by name.

    Raises BankFileError for standards or a form that do not read, and for a form of another subject.
    """
    forms = [read_form(path) for path in sorted((root / "forms").glob("*.toml"))]
    subjects = {path.stem for path in (root / "standards").glob("*.toml")}
    for form in forms:
        if form.subject not in subjects:
            raise BankFileError(
                form.path, f"the subject {form.subject!r} has no standards", "correct its name"
            )
    return [
        SubjectSource(
            name=path.stem,
            standards=_table(path, "domains", "standards"),
            folder=root / "items" / path.stem,
            forms=tuple(form for form in forms if form.subject == path.stem),
        )
        for path in sorted((root / "standards").glob("*.toml"))
    ]


def read_form(path: Path) -> FormSource:
    source = _table(path, "id", "subject", "title_sr", "title_en", "items", "anchors")
    return FormSource(
        path=path,
        identifier=source["id"],
        subject=source["subject"],
        title_sr=source["title_sr"],
        title_en=source["title_en"],
        items=tuple(source["items"]),
        anchors=tuple(source["anchors"]),
    )


def _table(path: Path, *names: str) -> dict[str, Any]:
    try:
        source = tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise BankFileError(path, str(error), "it must be readable UTF-8 TOML") from error
    if missing := [name for name in names if name not in source]:
        raise BankFileError(path, f"lacks {', '.join(missing)}", "see another file of this folder")
    return source
