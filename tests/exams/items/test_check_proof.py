"""Does the comparison of proof and key notice every kind of disagreement?"""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from exams.item_source import ItemSource, compile_item, read_item
from tests.exams.items.check_proof import disagreements
from tests.exams.items.samples import CHOICE, CLOZE, MATCH, SVG


@pytest.fixture
def items(tmp_path: Path) -> dict[str, ItemSource]:
    (tmp_path / "ma-900.svg").write_text(SVG, "utf-8")
    for name, text in (("ma-900", CHOICE), ("ma-901", CLOZE), ("ma-902", MATCH)):
        (tmp_path / f"{name}.toml").write_text(text, "utf-8")
    return {name: read_item(tmp_path / f"{name}.toml") for name in ("ma-900", "ma-901", "ma-902")}


GAPS: dict[str, Any] = {"1": {"a": False, "b": True}, "2": Fraction(25, 2), "3": {"призма", "prism"}}
ROWS: dict[str, Any] = {
    "1": {"a": False, "b": True, "c": False},
    "2": {"a": True, "b": False, "c": False},
}


@pytest.mark.parametrize(
    ("name", "proof"),
    [("ma-900", {"a": False, "b": True, "c": False}), ("ma-901", GAPS), ("ma-902", ROWS)],
)
def test_agreement(items: dict[str, ItemSource], name: str, proof: Any) -> None:
    assert list(disagreements(items[name], compile_item(items[name]).key, proof)) == []


@pytest.mark.parametrize(
    ("name", "proof", "complaint"),
    [
        ("ma-900", None, "returned NoneType"),
        ("ma-900", {"a": False, "b": True}, "each of ['a', 'b', 'c']"),
        (
            "ma-900",
            {"a": False, "b": False, "c": False},
            "choice b: the key's choice is b, the proof says False",
        ),
        (
            "ma-900",
            {"a": True, "b": True, "c": False},
            "choice a: the key's choice is b, the proof says True",
        ),
        ("ma-900", {"a": 0, "b": True, "c": False}, "choice a: 0 is neither True nor False"),
        ("ma-901", {**GAPS, "2": Fraction(25, 3)}, "part 2: the key is 12.5, the proof says 25/3"),
        ("ma-901", {**GAPS, "2": 12.5}, "part 2: the proof must give an exact Fraction"),
        ("ma-901", {**GAPS, "3": {"призма", "prism", "коцка"}}, "part 3: the proof accepts 'коцка'"),
        ("ma-901", {**GAPS, "3": {"призма"}}, "part 3: the key accepts 'prism', the proof does not"),
        ("ma-901", {**GAPS, "4": 1}, "the proof speaks of ['1', '2', '3', '4']"),
        ("ma-902", {**ROWS, "2": {"a": True, "b": True, "c": False}}, "row 2, choice b"),
        ("ma-902", {"1": ROWS["1"]}, "row 2: the proof must say"),
    ],
)
def test_disagreement(items: dict[str, ItemSource], name: str, proof: Any, complaint: str) -> None:
    found = list(disagreements(items[name], compile_item(items[name]).key, proof))
    assert any(complaint in line for line in found), found
