"""How are static files stored? Named by content hash, in imports too; compressed; without comments."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from typing import Any

from django.core.files.base import ContentFile, File
from django.core.files.storage import Storage
from whitenoise.storage import CompressedManifestStaticFilesStorage

# What has its lines to itself; behind code only where no text is open, for there the signs may be part of it.
_BLOCK = re.compile(r"^[ \t]*/\*(?:[^*]|\*(?!/))*\*/[ \t]*\n", re.MULTILINE)
_LINE = re.compile(r"^[ \t]*//.*\n", re.MULTILINE)
_BEHIND = re.compile(r"^(?P<code>.*?[;{},()\]])[ \t]+// .*$", re.MULTILINE)
_INDENT = re.compile(r"^[ \t]+", re.MULTILINE)


class ModuleManifestStorage(CompressedManifestStaticFilesStorage):
    support_js_module_import_aggregation = True
    # A module's hash depends on those of what it imports: a chain of imports takes a pass for each link.
    max_post_process_passes = 20

    def post_process(
        self, paths: Mapping[str, tuple[Storage, str]], dry_run: bool = False, **options: Any
    ) -> Iterator[Any]:
        lean = {name: (_Lean(storage), path) for name, (storage, path) in paths.items()}
        yield from super().post_process(lean, dry_run=dry_run, **options)


class _Lean:
    """Another storage, read without the comments in our own browser code; others' keep their licences."""

    def __init__(self, storage: Storage) -> None:
        self._storage = storage

    def open(self, path: str) -> File[Any]:
        file = self._storage.open(path)
        if not path.endswith((".js", ".css")) or "vendor" in path.replace("\\", "/").split("/"):
            return file
        with file:
            return ContentFile(without_comments(file.read().decode("utf-8")).encode("utf-8"))


def without_comments(source: str) -> str:
    """JavaScript or CSS without comments and indentation; in CSS, and among code, block comments stay.

    They are for readers of the repository, and were a quarter of what phones fetched of our scripts. A
    source with a text over several lines stays whole: what looks like a comment may be part of that text.
    """
    without = _INDENT.sub("", _BEHIND.sub(_code, _LINE.sub("", _BLOCK.sub("", source))))
    return source if any(line.count("`") % 2 for line in without.splitlines()) else without


def _code(line: re.Match[str]) -> str:
    """The line without its comment, unless a quotation mark before it is still open."""
    code = line["code"]
    return line[0] if any(code.count(mark) % 2 for mark in "'\"`") else code
