"""Does the file that phones are held to say what Python computes, and does it cover what can go wrong?"""

import json
from functools import cache

import pytest

from scoring.practice.reasons import Reason
from tests.scoring.practice.vectors import FILE, document


@cache
def written() -> dict:
    return json.loads(FILE.read_text(encoding="utf-8"))


def differences(ours, theirs, path: str = "") -> list[str]:
    if isinstance(ours, dict) and isinstance(theirs, dict):
        if list(ours) != list(theirs):
            return [f"{path}: {list(ours)} and {list(theirs)}"]
        return [line for key in ours for line in differences(ours[key], theirs[key], f"{path}/{key}")]
    if isinstance(ours, list) and isinstance(theirs, list):
        if len(ours) != len(theirs):
            return [f"{path}: {len(ours)} and {len(theirs)} entries"]
        pairs = enumerate(zip(ours, theirs, strict=True))
        return [line for place, both in pairs for line in differences(*both, f"{path}/{place}")]
    same = ours == pytest.approx(theirs, rel=1e-8, abs=1e-9) if isinstance(ours, float) else ours == theirs
    return [] if same else [f"{path}: {ours} and {theirs}"]


def test_the_file_is_what_python_computes():
    computed = json.loads(json.dumps(document()))
    assert differences(computed, written()) == []


def test_every_reason_is_in_it():
    choices = [one["choice"] for one in written()["choices"] if one["choice"]]
    assert {choice["reason"] for choice in choices} == {reason.value for reason in Reason}


def test_rare_ways_are_in_it():
    vectors = written()
    assert any(one["choice"] is None for one in vectors["choices"])
    assert any(0 < one["choice"]["propensity"] < 0.1 for one in vectors["choices"] if one["choice"])
    tables = [item for table in vectors["tables"].values() for item in table["items"].values()]
    assert any(item["ready"] < 1 for item in tables) and any(item["due"] for item in tables)
    assert vectors["tables"]["full"]["gains"]["measurement"] == 0
    assert all(item["review"] == 0 for item in vectors["tables"]["all met"]["items"].values())
    categories = [one for item in vectors["probabilities"] for one in item["steps"]]
    assert len(categories) > len(vectors["probabilities"])
    assert any(item["c"] > 0 for item in vectors["probabilities"])
