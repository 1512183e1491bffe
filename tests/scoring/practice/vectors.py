"""What must a phone compute? Writes fixtures/vectors/practice.json from scoring.practice and scoring.irt.

    python -m tests.scoring.practice.vectors

The file, read by tests/js and held to Python by test_vectors.py; agreement is wanted to 1e-6:

grid            the Q abilities x
domain_sd       sd of the difference between two domains of a subject
blur            {"row", "values"}: one row of the matrix by which a likelihood reaches another domain
travelling      {name: {"policy", "model"}} exactly as scoring.practice.travelling makes them for a paper; the
                numbers in it are rounded, and all results below are computed from the rounded numbers as they
                stand, without scaling a posterior to sum to 1 first
probabilities   [{"a", "c", "steps", "rows": [{"x", "p": [of each category]}]}]
posteriors      [{"items": [names in travelling.full], "categories", "prior", "posterior", "mean", "sd"}]
predictions     [{"learner", "posterior", "distribution_row": {"q", "p"}, "pmf", "expected", "low", "high",
                "probability", "mass", "levels": [probability of each]}]: the totals of half-points on the
                exam of travelling[learner]
tables          {name: {"gains": {domain: G}, "mastery": {standard: m}, "items": {name: {"share", "unsure",
                "claim", "ready", "review", "productive", "productive_at_ends", "first_step", "due"}}}} of
                travelling[name] before any place is taken; claim = G^focus
choices         [{"learner", "taken": [names], "place", "size", "u", "allowed": [names] or null, "values":
                {name: U}, "chances": {name: chance, where above 0}, "choice": {"item", "reason",
                "probability", "share", "value", "propensity"} or null}], items in the order of
                travelling[learner].model.items
updates         [{"learner", "responses": [[name, category], ...], "posterior", "domains", "standards", "met",
                "then": a choice as above with nothing taken, at place 1 of 8}]
"""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np

from scoring.domains import Verdict, VerdictRule
from scoring.irt.ability import log_likelihood
from scoring.irt.posterior import mean_and_sd, posterior_weights
from scoring.irt.probabilities import category_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import ItemParameters
from scoring.practice.appraisal import appraise
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.choice import chances, next_item, values
from scoring.practice.exam import Exam
from scoring.practice.learner import Learner, Met
from scoring.practice.learning import blur, updated
from scoring.practice.policy import DEFAULT_POLICY, STEADY_POLICY, PracticePolicy
from scoring.practice.travelling import travelling_model
from scoring.readiness import level_probabilities, predict

FILE = Path(__file__).resolve().parents[3] / "fixtures" / "vectors" / "practice.json"
MASS = 0.7

Situation = tuple[PracticeBank, Learner, Exam, PracticePolicy]


def document() -> dict[str, Any]:
    """All of it, from the situations as they arrive on a phone."""
    travelling = {name: travelling_model(*one) for name, one in _situations().items()}
    arrived = {name: read_back(one) for name, one in travelling.items()}
    sd = VerdictRule().domain_sd
    return {
        "grid": DEFAULT_GRID.points.tolist(),
        "domain_sd": sd,
        "blur": {"row": 3, "values": blur(DEFAULT_GRID, sd)[3].tolist()},
        "travelling": travelling,
        "probabilities": _probabilities(),
        "posteriors": _posteriors(arrived["full"]),
        "predictions": [_prediction(name, one) for name, one in arrived.items()],
        "tables": {name: _table(one) for name, one in arrived.items()},
        "choices": _choices(arrived),
        "updates": _updates(arrived),
    }


def read_back(travelling: dict[str, Any]) -> Situation:
    """What a phone has in its hands, in Python's own terms."""
    model = travelling["model"]
    items, reference = model["items"], model["reference"]
    bank = PracticeBank.of(
        [BankItem(name, one["domain"], one["standard"], one["family"]) for name, one in items.items()],
        _parameters(list(items.values())),
        _half_points(list(items.values())),
        prerequisites=model["prerequisites"],
    )
    learner = Learner(
        posterior=np.array(model["posterior"]),
        domains={code: np.array(own) for code, own in model["domains"].items()},
        standards={code: (earned, most) for code, (earned, most) in model["standards"].items()},
        met={key: Met(missed=one["missed"], due=one["due"]) for key, one in model["met"].items()},
        verdicts={code: Verdict(said) for code, said in model["verdicts"].items()},
    )
    exam = Exam.of(
        [one["domain"] for one in reference],
        _parameters(reference),
        _half_points(reference),
        levels=model["levels"],
    )
    return bank, learner, exam, PracticePolicy(**travelling["policy"])


def _situations() -> dict[str, Situation]:
    bank, exam = _bank(), _exam()
    abilities = {
        code: normal_weights(DEFAULT_GRID, mean, sd)
        for code, mean, sd in (("algebra", -1.1, 0.45), ("geometry", 0.2, 0.5), ("numbers", 1.3, 0.55))
    }
    new = Learner(posterior=normal_weights(DEFAULT_GRID))
    known = Learner(
        posterior=normal_weights(DEFAULT_GRID, 0.1, 0.4),
        domains=abilities,
        standards={"AL.1": (1, 6), "AL.2": (2, 4), "GE.1": (7, 8), "NU.1": (4, 4), "ME.1": (0, 2)},
        met={
            "ma-03": Met(missed=False),
            "ma-05": Met(missed=True, due=True),
            "areas": Met(missed=True, due=False),
            "ma-18": Met(missed=True, due=True),
        },
        verdicts={"algebra": Verdict.NOT_YET, "geometry": Verdict.SHAKY, "numbers": Verdict.KNOWN},
    )
    met = {item.key: Met(missed=place % 3 == 0) for place, item in enumerate(bank.items)}
    greedy = replace(DEFAULT_POLICY, version="without-exploration", exploration=0.0)
    return {
        "full": (bank, known, exam, DEFAULT_POLICY),
        "new": (bank, new, exam, DEFAULT_POLICY),
        "steady": (bank, known, exam, STEADY_POLICY),
        "greedy": (bank, replace(known, met={}), exam, greedy),
        "all met": (bank, replace(known, met=met), exam, greedy),
        "few": (_few(bank), known, exam, DEFAULT_POLICY),
    }


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
    return Exam.of(domains, replace(parameters, c=guessing), padded, levels=(9, 15, 20))


def _parameters(rows: list[dict[str, Any]]) -> ItemParameters:
    items = ItemParameters.partial_credit([one["a"] for one in rows], [one["steps"] for one in rows])
    return replace(items, c=np.array([one["c"] for one in rows]))


def _half_points(rows: list[dict[str, Any]]) -> list[list[int]]:
    width = max(len(one["half_points"]) for one in rows)
    return [one["half_points"] + [0] * (width - len(one["half_points"])) for one in rows]


def _probabilities() -> list[dict[str, Any]]:
    kinds = [
        (1.0, 0.0, [0.0]),
        (1.7, 0.25, [-0.8]),
        (0.6, 0.12, [2.4]),
        (1.1, 0.0, [-0.5, 0.9]),
        (0.8, 0.0, [0.6, -0.4]),
        (1.9, 0.0, [-1.5, 0.2, 0.1, 2.2]),
    ]
    places = np.array([-5.0, -1.75, 0.0, 0.5, 3.25, 5.0])
    found = []
    for a, c, steps in kinds:
        p = category_probabilities(places, _parameters([{"a": a, "c": c, "steps": steps}]))[:, 0]
        rows = [{"x": float(x), "p": row.tolist()} for x, row in zip(places, p, strict=True)]
        found.append({"a": a, "c": c, "steps": steps, "rows": rows})
    return found


def _posteriors(situation: Situation) -> list[dict[str, Any]]:
    bank = situation[0]
    prior = normal_weights(DEFAULT_GRID)
    cases = (([0], [1]), ([3, 9, 17], [3, 0, 1]), (list(range(24)), bank.parameters.n_categories - 1))
    found = []
    for index, categories in cases:
        own = log_likelihood(np.array([categories], dtype=np.int8), bank.parameters.select(index))
        posterior = posterior_weights(own, prior)[0]
        mean, sd = mean_and_sd(posterior, DEFAULT_GRID)
        found.append(
            {
                "items": [bank.items[place].identifier for place in index],
                "categories": [int(category) for category in categories],
                "prior": prior.tolist(),
                "posterior": posterior.tolist(),
                "mean": float(mean),
                "sd": float(sd),
            }
        )
    return found


def _prediction(name: str, situation: Situation) -> dict[str, Any]:
    _, learner, exam, _ = situation
    ready = predict(learner.posterior, exam.score_distribution, mass=MASS)
    return {
        "learner": name,
        "posterior": learner.posterior.tolist(),
        "distribution_row": {"q": 22, "p": exam.score_distribution[22].tolist()},
        "pmf": ready.pmf.tolist(),
        "expected": ready.expected,
        "low": ready.low,
        "high": ready.high,
        "probability": ready.probability,
        "mass": MASS,
        "levels": level_probabilities(ready.pmf, exam.levels).tolist(),
    }


def _table(situation: Situation) -> dict[str, Any]:
    bank, learner, exam, policy = situation
    known = appraise(bank, learner, exam, policy)
    columns = {
        "share": known.share,
        "unsure": known.unsure,
        "claim": known.claim,
        "ready": known.ready,
        "review": known.review,
        "productive": known.productive(policy, at_an_end=False),
        "productive_at_ends": known.productive(policy, at_an_end=True),
        "first_step": known.first_step,
        "due": known.due,
    }
    return {
        "gains": dict(zip(bank.domain_codes, known.gains.tolist(), strict=True)),
        "mastery": dict(zip(bank.standard_codes, known.mastery.tolist(), strict=True)),
        "items": {
            item.identifier: {name: column[place].item() for name, column in columns.items()}
            for place, item in enumerate(bank.items)
        },
    }


def _choices(arrived: dict[str, Situation]) -> list[dict[str, Any]]:
    found = []
    for name, situation in arrived.items():
        bank = situation[0]
        for taken, place, size in (([], 0, 8), ([1, 4], 2, 8), ([0, 2, 3], 3, 4), ([3, 1], 2, 5)):
            for u in (0.0, 0.905, 0.9999):
                found.append(_choice(name, situation, taken, place, size, u, None))
        allowed = [place for place in range(bank.size) if place % 3 == 0]
        found.append(_choice(name, situation, [], 0, 5, 0.5, allowed))
        found.append(_choice(name, situation, allowed[:2], 2, 5, 0.97, allowed))
        found.append(_choice(name, situation, allowed, 4, 5, 0.2, allowed))
    measurement = [place for place, one in enumerate(arrived["full"][0].items) if one.domain == "measurement"]
    found.append(_choice("full", arrived["full"], [], 1, 5, 0.4, measurement))
    return found


def _choice(
    name: str,
    situation: Situation,
    taken: list[int],
    place: int,
    size: int,
    u: float,
    allowed: list[int] | None,
) -> dict[str, Any]:
    bank, learner, exam, policy = situation
    mask = None if allowed is None else np.isin(np.arange(bank.size), allowed)
    names = [item.identifier for item in bank.items]
    worth = values(bank, appraise(bank, learner, exam, policy), policy, taken, place, size, mask)
    chance = chances(worth, policy)
    choice = next_item(bank, learner, exam, policy, taken, place, size, u, mask)
    return {
        "learner": name,
        "taken": [names[index] for index in taken],
        "place": place,
        "size": size,
        "u": u,
        "allowed": None if allowed is None else [names[index] for index in allowed],
        "values": dict(zip(names, worth.tolist(), strict=True)),
        "chances": {names[index]: float(chance[index]) for index in np.flatnonzero(chance)},
        "choice": choice
        and {
            "item": names[choice.index],
            "reason": choice.reason.value,
            "probability": choice.probability,
            "share": choice.share,
            "value": choice.value,
            "propensity": choice.propensity,
        },
    }


def _updates(arrived: dict[str, Situation]) -> list[dict[str, Any]]:
    found = []
    for name in ("full", "new", "steady"):
        bank, learner, exam, policy = arrived[name]
        responses = []
        for index, category in ((6, 2), (7, 0), (10, 1), (0, 1), (3, 1)):
            learner = updated(learner, bank, index, category)
            responses.append([bank.items[index].identifier, category])
            found.append(
                {
                    "learner": name,
                    "responses": list(responses),
                    "posterior": learner.posterior.tolist(),
                    "domains": {code: own.tolist() for code, own in learner.domains.items()},
                    "standards": {code: list(own) for code, own in learner.standards.items()},
                    "met": {key: {"missed": one.missed, "due": one.due} for key, one in learner.met.items()},
                    "then": _choice(name, (bank, learner, exam, policy), [], 1, 8, 0.6, None),
                }
            )
    return found


def text() -> str:
    """The file, one entry on a line."""
    parts = [f"{json.dumps(name)}: {_lines(part)}" for name, part in _settled(document()).items()]
    return "{\n" + ",\n".join(parts) + "\n}\n"


def _lines(part: Any) -> str:
    if isinstance(part, list) and part and isinstance(part[0], dict):
        return "[\n" + ",\n".join(f"  {_short(one)}" for one in part) + "\n]"
    if isinstance(part, dict) and all(isinstance(one, dict) for one in part.values()):
        own = ",\n".join(f"  {json.dumps(name)}: {_short(one)}" for name, one in part.items())
        return "{\n" + own + "\n}"
    return _short(part)


def _short(value: Any) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))


def _settled(value: Any) -> Any:
    """Ten significant digits, so that another processor's last bits do not change the file."""
    if isinstance(value, float):
        return float(f"{value:.10g}")
    if isinstance(value, dict):
        return {key: _settled(one) for key, one in value.items()}
    return [_settled(one) for one in value] if isinstance(value, list) else value


if __name__ == "__main__":
    FILE.write_text(text(), encoding="utf-8")
