"""How are cards handed from whoever makes pupils to whoever plays them? A code per line, and its sitting.

The sitting may be missing: then the server is asked which lies ahead.
"""

from __future__ import annotations

from pathlib import Path

from accounts import cards
from examsite.rehearsal.phone import Pupil


def write_cards(path: Path, pupils: list[Pupil]) -> None:
    lines = (f"{cards.pretty(pupil.code)} {pupil.sitting}".strip() for pupil in pupils)
    path.write_text("\n".join(lines) + "\n", encoding="ascii")
    path.chmod(0o600)


def read_cards(path: Path) -> list[Pupil]:
    """Raises ValueError naming the line that is no card."""
    pupils = []
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), start=1):
        code, _, sitting = line.strip().partition(" ")
        if not code or code.startswith("#"):
            continue
        if (found := cards.normalise(code)) is None:
            raise ValueError(f"{path}, line {number}: {code} is not a card's code")
        pupils.append(Pupil(found, sitting.strip(), number))
    return pupils
