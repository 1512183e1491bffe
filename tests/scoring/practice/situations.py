"""Of which learners, banks, exams and rules are the vectors of practice made?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np

from scoring.domains import Verdict
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import FloatArray, ItemParameters
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.effects import PracticeEffects
from scoring.practice.exam import Exam
from scoring.practice.learner import Learner, Met, StandardEvidence
from scoring.practice.policy import DEFAULT_POLICY, EVEN_POLICY, PracticePolicy

Situation = tuple[PracticeBank, Learner, Exam, PracticePolicy]


def read_back(travelling: dict[str, Any]) -> Situation:
    """What a phone has in its hands, in Python's own terms."""
    model = travelling["model"]
    items, reference = model["items"], model["reference"]
    bank = PracticeBank.of(
        [BankItem(name, one["domain"], one["standard"], one["family"]) for name, one in items.items()],
        parameters_of(list(items.values())),
        _half_points(list(items.values())),
        prerequisites=model["prerequisites"],
    )
    learner = Learner(
        posterior=np.array(model["posterior"]),
        evidence={
            code: StandardEvidence(one["domain"], np.array(one["likelihood"]))
            for code, one in model["evidence"].items()
        },
        around={code: np.array(own) for code, own in model["around"].items()},
        grown=model["grown"],
        met={key: Met(**one) for key, one in model["met"].items()},
        verdicts={code: Verdict(said) for code, said in model["verdicts"].items()},
    )
    exam = Exam.of(
        [one["domain"] for one in reference],
        parameters_of(reference),
        _half_points(reference),
        standards=[one["standard"] for one in reference] if reference[0]["standard"] else (),
        breadth=model["breadth"],
    )
    return bank, learner, exam, PracticePolicy.from_table(travelling["policy"])


def situations() -> dict[str, Situation]:
    bank, exam = _bank(), _exam()
    domains = {"AL": "algebra", "GE": "geometry", "NU": "numbers", "ME": "measurement"}
    told = (
        ("AL.1", -1.4, 0.5),
        ("AL.2", -0.2, 0.7),
        ("AL.9", -1, 0.8),
        ("GE.1", 0.4, 0.5),
        ("NU.1", 2.0, 0.5),
        ("NU.8", 1.6, 0.6),
    )
    evidence = {code: StandardEvidence(domains[code[:2]], _likelihood(mean, sd)) for code, mean, sd in told}
    new = Learner(posterior=normal_weights(DEFAULT_GRID))
    known = Learner(
        posterior=normal_weights(DEFAULT_GRID, 0.1, 0.4),
        evidence=evidence,
        around={"numbers": _likelihood(0.9, 1.1)},
        grown={"algebra": 0.34, "numbers": 0.02},
        met={
            "ma-03": Met(missed=False),
            "ma-05": Met(missed=True, due=True),
            "areas": Met(missed=True, due=False),
            "ma-18": Met(missed=True, due=True, confirm=True),
        },
        verdicts={"algebra": Verdict.NOT_YET, "geometry": Verdict.SHAKY, "numbers": Verdict.KNOWN},
    )
    met = {item.key: Met(missed=place % 3 == 0) for place, item in enumerate(bank.items)}
    nearly = {"algebra": Verdict.SHAKY, "geometry": Verdict.KNOWN, "numbers": Verdict.SHAKY}
    hard = Learner(posterior=normal_weights(DEFAULT_GRID, -2.2, 0.3), verdicts=nearly)
    greedy = replace(DEFAULT_POLICY, version="without-exploration", exploration=0.0)
    learnt = replace(
        DEFAULT_POLICY,
        effects=PracticeEffects(
            version="estimated",
            domain=(0.004, 0.018, 0.031, 0.042, 0.044, 0.028),
            standard=(0.13, 0.11, 0.08, 0.03, 0.01, 0.0),
            growth=0.031,
            standard_sd=0.82,
        ),
    )
    return {
        "full": (bank, known, exam, DEFAULT_POLICY),
        "new": (bank, new, exam, DEFAULT_POLICY),
        "even": (bank, known, exam, EVEN_POLICY),
        "learnt": (bank, known, exam, learnt),
        "greedy": (bank, replace(known, met={}), exam, greedy),
        "all met": (bank, replace(known, met=met), exam, greedy),
        "hard": (bank, hard, exam, greedy),
        "few": (_few(bank), known, exam, DEFAULT_POLICY),
    }


def _likelihood(mean: float, sd: float) -> FloatArray:
    weights = normal_weights(DEFAULT_GRID, mean, sd)
    return np.asarray(weights / weights.max())


def _bank() -> PracticeBank:
    standards = ("AL.1", "AL.2", "AL.3", "GE.1", "GE.2", "NU.1", "NU.2", "ME.1")
    names = {"AL": "algebra", "GE": "geometry", "NU": "numbers", "ME": "measurement"}
    families = {4: "areas", 12: "areas", 20: "areas", 7: "change", 15: "change"}
    rng = np.random.default_rng(6)
    items, rows, points = [], [], []
    for place in range(24):
        standard = standards[place % 8]
        items.append(BankItem(f"ma-{place:02}", names[standard[:2]], standard, families.get(place, "")))
        width = (2, 2, 3, 4)[place % 4]
        rows.append(np.round(rng.normal(0, 1) + np.arange(width - 1) * 0.8 - 0.4 * (width - 2), 3).tolist())
        points.append([0, 1, 2, 3][:width] if width > 2 else [0, 2])
    parameters = ItemParameters.partial_credit(np.round(rng.uniform(0.6, 1.8, 24), 3).tolist(), rows)
    guessing = np.where(parameters.n_categories == 2, np.arange(24) % 5 * 0.06, 0.0)
    needs = {"AL.2": ("AL.1",), "AL.3": ("AL.2", "NU.1"), "GE.2": ("GE.1", "not-here"), "ME.1": ("NU.2",)}
    padded = [row + [0] * (4 - len(row)) for row in points]
    return PracticeBank.of(items, replace(parameters, c=guessing), padded, prerequisites=needs)


def _few(bank: PracticeBank) -> PracticeBank:
    index = np.arange(0, bank.size, 5)
    return PracticeBank.of(
        [bank.items[place] for place in index],
        bank.parameters.select(index),
        bank.half_points[index],
        prerequisites=bank.prerequisites,
    )


def _exam() -> Exam:
    """Measurement stands in the bank and not on the exam: nothing is to be gained there."""
    domains = ["numbers"] * 4 + ["algebra"] * 5 + ["geometry"] * 3
    steps = [
        [-1.2],
        [-0.6],
        [0.1],
        [0.9],
        [-1.0],
        [-0.3, 0.7],
        [0.4],
        [1.1],
        [1.6],
        [-0.8],
        [0.2],
        [0.0, 0.5, 1.2],
    ]
    points = [[0, 1, 2, 3][: len(row) + 1] if len(row) > 1 else [0, 2] for row in steps]
    parameters = ItemParameters.partial_credit([1.0, 0.9, 1.2, 1.4] * 3, steps)
    guessing = np.array([0.2, 0.0, 0.15] + [0.0] * 9)
    padded = [row + [0] * (4 - len(row)) for row in points]
    return Exam.of(
        domains,
        replace(parameters, c=guessing),
        padded,
        standards=[
            "NU.1",
            "NU.1",
            "NU.2",
            "NU.7",
            "AL.1",
            "AL.2",
            "AL.3",
            "AL.3",
            "AL.9",
            "GE.1",
            "GE.2",
            "GE.2",
        ],
        breadth={"numbers": 4, "algebra": 5, "geometry": 3},
    )


def parameters_of(rows: list[dict[str, Any]]) -> ItemParameters:
    items = ItemParameters.partial_credit([one["a"] for one in rows], [one["steps"] for one in rows])
    return replace(items, c=np.array([one["c"] for one in rows]))


def _half_points(rows: list[dict[str, Any]]) -> list[list[int]]:
    width = max(len(one["half_points"]) for one in rows)
    return [one["half_points"] + [0] * (width - len(one["half_points"])) for one in rows]
