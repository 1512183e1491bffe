"""Does a phone get all that it needs, of its own items only, and nothing more?"""

import json
from dataclasses import replace

import numpy as np
import pytest

from scoring.domains import Verdict
from scoring.irt.quadrature import DEFAULT_GRID
from scoring.irt.types import ItemParameters
from scoring.practice.abilities import abilities, around_of
from scoring.practice.learner import Learner, Met, StandardEvidence
from scoring.practice.travelling import travelling_model
from tests.scoring.practice.situations import read_back
from tests.scoring.practice.small import at, bank_of, effects_of, exam_of, plain

BANK = bank_of(
    [("n1", "numbers", "N1", 0.12345678), ("n2", "numbers", "N2", 1.0), ("a1", "algebra", "A1", 0.0)],
    families={"a1": "equations"},
    prerequisites={"N2": ("N1", "N9"), "N9": ("N1",)},
)


def right(difficulty: float) -> np.ndarray:
    likelihood = 1 / (1 + np.exp(difficulty - DEFAULT_GRID.points))
    return np.asarray(likelihood / likelihood.max())


LEARNER = Learner(
    at(0.25),
    evidence={
        "N1": StandardEvidence("numbers", right(0.0)),
        "N9": StandardEvidence("numbers", right(1.0)),
        "H1": StandardEvidence("history", right(-1.0)),
    },
    grown={"numbers": 0.123456789, "history": 0.5},
    met={
        "equations": Met(missed=True, due=True),
        "n2": Met(missed=True, confirm=True),
        "far away": Met(missed=False),
    },
    verdicts={"numbers": Verdict.SHAKY},
)
EXAM = exam_of(["numbers", "geometry"], standards=["N9", "G1"], breadth={"numbers": 4, "geometry": 7})
POLICY = plain(effects=effects_of([0, 0.1, 0.2, 0.3, 0.2, 0.1], 0.05, standard_sd=0.4))


def test_what_travels():
    found = travelling_model(BANK, LEARNER, EXAM, POLICY)
    model = found["model"]
    assert found["policy"] == POLICY.as_table()
    assert found["policy"]["effects"]["domain"] == [0, 0.1, 0.2, 0.3, 0.2, 0.1]
    assert model["items"]["n1"] == {
        "a": 1.0, "c": 0.0, "steps": [0.123457], "half_points": [0, 2],
        "domain": "numbers", "standard": "N1", "family": "",
    }  # fmt: skip
    assert list(model["items"]) == ["n1", "n2", "a1"]
    assert model["reference"][1] == {
        "domain": "geometry", "standard": "G1", "a": 1.0, "c": 0.0, "steps": [0.0], "half_points": [0, 2],
    }  # fmt: skip
    assert model["posterior"] == at(0.25).tolist()
    assert model["grown"] == {"numbers": 0.123457, "history": 0.5}
    assert model["verdicts"] == {"algebra": "not_enough", "geometry": "not_enough", "numbers": "shaky"}
    assert model["breadth"] == {"numbers": 4, "geometry": 7}
    assert model["prerequisites"] == {"N2": ["N1"]}
    assert model["met"] == {
        "equations": {"missed": True, "due": True, "confirm": False},
        "n2": {"missed": True, "due": False, "confirm": True},
    }


def test_standards_without_items_here_travel_as_what_they_say_of_their_domains():
    model = travelling_model(BANK, LEARNER, EXAM, POLICY)["model"]
    assert list(model["evidence"]) == ["N1"] and model["evidence"]["N1"]["domain"] == "numbers"
    np.testing.assert_allclose(model["evidence"]["N1"]["likelihood"], right(0.0), atol=5e-7)
    elsewhere = around_of(LEARNER, {"N1"}, 0.4)
    assert set(model["around"]) == set(elsewhere) == {"numbers", "history"}
    for code, likelihood in elsewhere.items():
        np.testing.assert_allclose(model["around"][code], likelihood, atol=5e-7)


def test_the_phone_knows_the_same_abilities():
    bank, learner, *_ = read_back(json.loads(json.dumps(travelling_model(BANK, LEARNER, EXAM, POLICY))))
    ours, theirs = (abilities(BANK, LEARNER, 0.4), abilities(bank, learner, 0.4))
    assert bank.standard_codes == BANK.standard_codes
    np.testing.assert_allclose(theirs.domains, ours.domains, atol=2e-6)
    np.testing.assert_allclose(theirs.standards, ours.standards, atol=2e-6)


def test_it_is_plain_json_and_says_the_same_when_it_arrives():
    found = travelling_model(BANK, LEARNER, EXAM, POLICY)
    arrived = read_back(json.loads(json.dumps(found)))
    assert travelling_model(*arrived) == found
    np.testing.assert_allclose(arrived[0].share, BANK.share, atol=1e-6)
    assert arrived[3] == POLICY


def test_a_form_whose_standards_are_not_known_travels_without():
    model = travelling_model(BANK, LEARNER, exam_of(["numbers"]), POLICY)["model"]
    assert [one["standard"] for one in model["reference"]] == [""] and model["breadth"] == {}
    assert read_back({"policy": POLICY.as_table(), "model": model})[2].standards == ()


def test_steps_are_difficulties():
    parts = ItemParameters.partial_credit([1.5], [[-0.5, 1.25]])
    exam = replace(exam_of(["numbers"]), parameters=parts, half_points=np.array([[0, 1, 2]]))
    row = travelling_model(BANK, LEARNER, exam, plain())["model"]["reference"][0]
    assert (row["steps"], row["half_points"]) == ([-0.5, 1.25], [0, 1, 2])


def test_graded_items_stay_at_home():
    graded = replace(exam_of(["numbers"]), parameters=ItemParameters.graded_response([1.0], [[0.0, 1.0]]))
    with pytest.raises(ValueError, match="graded items cannot travel"):
        travelling_model(BANK, LEARNER, graded, plain())
