"""Where do pictures and figures of the journeys go, and what is said of them at the end of the run?"""

from __future__ import annotations

from pathlib import Path

FOLDER = Path(__file__).resolve().parent.parent.parent / "test-results"
SCREENS = FOLDER / "screens"
lines: list[str] = []


def report(name: str, told: list[str]) -> None:
    """Lines for the summary, kept in a file too."""
    FOLDER.mkdir(exist_ok=True)
    (FOLDER / name).write_text("\n".join(told) + "\n", encoding="utf-8")
    lines.extend(told)
