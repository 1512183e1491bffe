"""Is other people's code just what they published, with its licence beside it, and fit for the same browsers?

Nobody edits it here, so rules of style do not apply to it (`tests.architecture.source.OTHERS`); what phones
can parse does.
"""

from __future__ import annotations

import hashlib
import re
from pathlib import Path

import pytest

from tests.architecture.source import OTHERS, ROOT
from tests.architecture.test_browser_syntax import NEWER, shapes_in

_ROW = re.compile(
    r"^\| `(?P<file>[^`]+)` \|.*`(?P<licence>[^`]+)` \| `(?P<sum>[0-9a-f]{64})` \|$", re.MULTILINE
)
_OURS = {"README.md"}


def vendored() -> list[Path]:
    roots = (ROOT / package for package in ("accounts", "exams", "scoring", "examsite"))
    return sorted(
        path for root in roots for path in root.rglob("*") if OTHERS in path.as_posix() and path.is_file()
    )


def test_every_file_is_in_the_readme_beside_it() -> None:
    assert vendored()
    for folder in {path.parent for path in vendored()}:
        rows = list(_ROW.finditer((folder / "README.md").read_text(encoding="utf-8")))
        told = {row[name] for row in rows for name in ("file", "licence")}
        here = {path.name for path in folder.iterdir() if not path.name.endswith((".d.mts", ".d.ts"))}
        assert here - _OURS == told


@pytest.mark.parametrize(
    "path", [one for one in vendored() if one.suffix in {".js", ".mjs"}], ids=lambda one: one.name
)
def test_a_file_is_what_was_published_and_fit_for_old_phones(path: Path) -> None:
    readme = (path.parent / "README.md").read_text(encoding="utf-8")
    (row,) = [row for row in _ROW.finditer(readme) if row["file"] == path.name]
    raw = path.read_bytes()
    assert hashlib.sha256(raw).hexdigest() == row["sum"]
    assert shapes_in(raw.decode("utf-8"), NEWER) == set()
