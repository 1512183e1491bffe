"""Compiled items of the newer interactions, from the sources the browser tests answer."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from exams.item_compilation import CompiledItem, compile_item
from exams.item_source import read_item

ITEMS = Path(__file__).resolve().parents[1] / "browser" / "items"
SEVERAL, WORDS, PLACES, WRITTEN = "ma-991", "ma-992", "ma-993", "ma-994"


@cache
def newer(identifier: str) -> CompiledItem:
    return compile_item(read_item(ITEMS / f"{identifier}.toml"))
