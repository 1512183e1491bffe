"""Does a phone get all that it needs, of its own items only, and nothing more?"""

import json
from dataclasses import replace

import numpy as np
import pytest

from scoring.domains import Verdict
from scoring.irt.types import ItemParameters
from scoring.practice.learner import Met
from scoring.practice.travelling import travelling_model
from tests.scoring.practice.small import at, bank_of, exam_of, plain, sure_of
from tests.scoring.practice.vectors import read_back

BANK = bank_of(
    [("n1", "numbers", "N1", 0.12345678), ("n2", "numbers", "N2", 1.0), ("a1", "algebra", "A1", 0.0)],
    families={"a1": "equations"},
    prerequisites={"N2": ("N1", "N9"), "N9": ("N1",)},
)
LEARNER = sure_of(
    0.25,
    domains={"numbers": at(-1.0), "geometry": at(0.0), "history": at(1.0)},
    standards={"N1": (1, 4), "G1": (2, 2)},
    met={"equations": Met(missed=True, due=True), "far away": Met(missed=False)},
    verdicts={"numbers": Verdict.SHAKY},
)
EXAM = exam_of(["numbers", "geometry"])


def test_what_travels():
    found = travelling_model(BANK, LEARNER, EXAM, plain())
    model = found["model"]
    assert found["policy"] == plain().as_table()
    assert model["items"]["n1"] == {
        "a": 1.0, "c": 0.0, "steps": [0.123457], "half_points": [0, 2],
        "domain": "numbers", "standard": "N1", "family": "",
    }  # fmt: skip
    assert list(model["items"]) == ["n1", "n2", "a1"]
    assert model["reference"][1] == {
        "domain": "geometry", "a": 1.0, "c": 0.0, "steps": [0.0], "half_points": [0, 2]
    }  # fmt: skip
    assert model["posterior"] == at(0.25).tolist()
    assert set(model["domains"]) == {"numbers", "geometry"}
    assert model["verdicts"] == {"algebra": "not_enough", "geometry": "not_enough", "numbers": "shaky"}
    assert model["half_points"] == {"numbers": 2, "geometry": 2}
    assert model["standards"] == {"N1": [1, 4]}
    assert model["prerequisites"] == {"N2": ["N1"]}
    assert model["met"] == {"equations": {"missed": True, "due": True}}
    assert model["levels"] == []


def test_it_is_plain_json_and_says_the_same_when_it_arrives():
    found = travelling_model(BANK, LEARNER, EXAM, plain())
    arrived = read_back(json.loads(json.dumps(found)))
    assert travelling_model(*arrived) == found
    np.testing.assert_allclose(arrived[0].share, BANK.share, atol=1e-6)


def test_steps_are_difficulties():
    parts = ItemParameters.partial_credit([1.5], [[-0.5, 1.25]])
    exam = replace(exam_of(["numbers"]), parameters=parts, half_points=np.array([[0, 1, 2]]))
    row = travelling_model(BANK, LEARNER, exam, plain())["model"]["reference"][0]
    assert (row["steps"], row["half_points"]) == ([-0.5, 1.25], [0, 1, 2])


def test_graded_items_stay_at_home():
    graded = replace(exam_of(["numbers"]), parameters=ItemParameters.graded_response([1.0], [[0.0, 1.0]]))
    with pytest.raises(ValueError, match="graded items cannot travel"):
        travelling_model(BANK, LEARNER, graded, plain())
