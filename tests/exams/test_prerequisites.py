"""Is every prerequisite that makes no sense found, and told with its remedy?"""

from __future__ import annotations

import tomllib
from typing import Any

import pytest
from django.conf import settings

from exams.prerequisites import prerequisite_faults, prerequisites_of


def framework(**requires: Any) -> list[dict[str, Any]]:
    """Standards a1, b1 (basic) and c2 (intermediate), with what is given."""
    codes = {"a1": "MA.1.1.1", "b1": "MA.1.1.2", "c2": "MA.2.1.1"}
    return [
        {"code": code} | ({"requires": requires[name]} if name in requires else {})
        for name, code in codes.items()
    ]


@pytest.mark.parametrize(
    ("requires", "faults"),
    [
        ({}, []),
        ({"c2": ["MA.1.1.1", "MA.1.1.2"], "b1": ["MA.1.1.1"]}, []),
        (
            {"b1": ["MA.1.9.9"]},
            [("MA.1.1.2", "requires MA.1.9.9, which is no standard of this subject", "correct the code")],
        ),
        (
            {"a1": ["MA.2.1.1"]},
            [("MA.1.1.1", "requires MA.2.1.1, which is of a higher level", "turn it round, or leave it out")],
        ),
        ({"b1": ["MA.1.1.1"] * 2}, [("MA.1.1.2", "requires MA.1.1.1 twice", "keep it once")]),
        (
            {"b1": "MA.1.1.1"},
            [("MA.1.1.2", "requires is no list of codes", 'write it as ["MA.1.1.1"]')],
        ),
        (
            {"b1": ["MA.1.1.2"]},
            [("MA.1.1.2", "builds on itself: MA.1.1.2 requires MA.1.1.2", "take one of them out")],
        ),
    ],
)
def test_faults(requires: dict[str, Any], faults: list[tuple[str, str, str]]) -> None:
    assert [tuple(fault) for fault in prerequisite_faults(framework(**requires))] == faults


def test_a_circle_is_told_as_a_way_round() -> None:
    (fault,) = prerequisite_faults(framework(a1=["MA.1.1.2"], b1=["MA.1.1.1"]))
    assert fault.message in (
        "builds on itself: MA.1.1.1 requires MA.1.1.2 requires MA.1.1.1",
        "builds on itself: MA.1.1.2 requires MA.1.1.1 requires MA.1.1.2",
    )


def test_every_framework_of_the_bank_is_in_order() -> None:
    paths = sorted((settings.FIXTURES_DIR / "standards").glob("*.toml"))
    numbers = {}
    for path in paths:
        rows = tomllib.loads(path.read_text(encoding="utf-8"))["standards"]
        assert list(prerequisite_faults(rows)) == [], path
        numbers[path.stem] = sum(map(len, prerequisites_of(rows).values()))
    assert numbers["mathematics"] > 60
    assert all(numbers.values())
