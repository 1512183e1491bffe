"""What must a phone compute? Writes fixtures/vectors/practice.json from scoring.practice and scoring.irt.

    python -m tests.scoring.practice.vectors

The file, read by tests/js and held to Python by test_vectors.py; agreement is wanted to 1e-6:

grid            the Q abilities x
domain_sd       sd of the ability in a domain around that in the subject
moved           [{"by", "weights", "moved"}]: weights moved up by so much theta
travelling      {name: {"policy", "model"}} exactly as scoring.practice.travelling makes them for a paper; the
                numbers in it are rounded, and all results below are computed from the rounded numbers as they
                stand, without scaling a posterior to sum to 1 first
probabilities   [{"a", "c", "steps", "rows": [{"x", "p": [of each category]}]}]
posteriors      [{"items": [names in travelling.full], "categories", "prior", "posterior", "mean", "sd"}]
predictions     [{"learner", "posterior", "distribution_row": {"q", "p"}, "pmf", "expected", "low", "high",
                "probability", "mass"}]: the totals of half-points on the
                exam of travelling[learner]
tables          {name: {"gains": {domain: G_d}, "mastery": {standard: m}, "domains": {domain: posterior},
                "standards": {standard: posterior}, "items": {name: {"share", "learnt", "gain", "ready",
                "review", "first_step", "due"}}}} of travelling[name] before any place is taken
choices         [{"learner", "taken": [names], "place", "size", "u", "allowed": [names] or null, "values":
                {name: U}, "chances": {name: chance, where above 0}, "choice": {"item", "reason",
                "probability", "share", "value", "propensity"} or null}], items in the order of
                travelling[learner].model.items
updates         [{"learner", "responses": [[name, category], ...], "posterior", "evidence", "grown", "met",
                "then": a choice as above with nothing taken, at place 1 of 8}]
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np

from scoring.domains import VerdictRule
from scoring.irt.ability import log_likelihood
from scoring.irt.posterior import mean_and_sd, posterior_weights
from scoring.irt.probabilities import category_probabilities
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.score_distribution import score_distribution
from scoring.practice.abilities import moved
from scoring.practice.appraisal import appraise
from scoring.practice.choice import chances, next_item, values
from scoring.practice.learning import updated
from scoring.practice.travelling import travelling_model
from scoring.readiness import predict
from tests.scoring.practice.situations import Situation, parameters_of, read_back, situations

FILE = Path(__file__).resolve().parents[3] / "fixtures" / "vectors" / "practice.json"
MASS = 0.7


def document() -> dict[str, Any]:
    """All of it, from the situations as they arrive on a phone."""
    travelling = {name: travelling_model(*one) for name, one in situations().items()}
    arrived = {name: read_back(one) for name, one in travelling.items()}
    sd = VerdictRule().domain_sd
    return {
        "grid": DEFAULT_GRID.points.tolist(),
        "domain_sd": sd,
        "moved": _moved(),
        "travelling": travelling,
        "probabilities": _probabilities(),
        "posteriors": _posteriors(arrived["full"]),
        "predictions": [_prediction(name, one) for name, one in arrived.items()],
        "tables": {name: _table(one) for name, one in arrived.items()},
        "choices": _choices(arrived),
        "updates": _updates(arrived),
    }


def _moved() -> list[dict[str, Any]]:
    weights = normal_weights(DEFAULT_GRID, 3.1, 0.9)
    return [
        {"by": by, "weights": weights.tolist(), "moved": moved(weights[None, :], np.array([by]))[0].tolist()}
        for by in (0.0, 0.02, 0.25, 0.61, 3.0)
    ]


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
        p = category_probabilities(places, parameters_of([{"a": a, "c": c, "steps": steps}]))[:, 0]
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
    ready = predict(learner.posterior, score_distribution(exam.parameters, exam.half_points), mass=MASS)
    return {
        "learner": name,
        "posterior": learner.posterior.tolist(),
        "distribution_row": {
            "q": 22,
            "p": score_distribution(exam.parameters, exam.half_points)[22].tolist(),
        },
        "pmf": ready.pmf.tolist(),
        "expected": ready.expected,
        "low": ready.low,
        "high": ready.high,
        "probability": ready.probability,
        "mass": MASS,
    }


def _table(situation: Situation) -> dict[str, Any]:
    bank, learner, exam, policy = situation
    known = appraise(bank, learner, exam, policy)
    columns = {
        "share": known.share,
        "learnt": known.learnt,
        "gain": known.gain,
        "ready": known.ready,
        "review": known.review,
        "first_step": known.first_step,
        "due": known.due,
    }
    return {
        "gains": dict(zip(bank.domain_codes, known.gains.tolist(), strict=True)),
        "mastery": dict(zip(bank.standard_codes, known.mastery.tolist(), strict=True)),
        "domains": dict(zip(bank.domain_codes, known.abilities.domains.tolist(), strict=True)),
        "standards": dict(zip(bank.standard_codes, known.abilities.standards.tolist(), strict=True)),
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
    numbers = [place for place, one in enumerate(arrived["full"][0].items) if one.domain == "numbers"]
    found.append(_choice("full", arrived["full"], [], 1, 5, 0.4, numbers))
    hardest = [place for place, one in enumerate(arrived["hard"][0].items) if one.standard == "AL.3"]
    found.append(_choice("hard", arrived["hard"], [], 1, 5, 0.4, hardest))
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
    for name in ("full", "new", "learnt"):
        bank, learner, exam, policy = arrived[name]
        responses = []
        for index, category in ((6, 2), (7, 0), (10, 1), (0, 1), (3, 1), (6, 0)):
            learner = updated(learner, bank, index, category, policy.effects.growth)
            responses.append([bank.items[index].identifier, category])
            found.append(
                {
                    "learner": name,
                    "responses": list(responses),
                    "posterior": learner.posterior.tolist(),
                    "evidence": {
                        code: {"domain": own.domain, "likelihood": own.likelihood.tolist()}
                        for code, own in learner.evidence.items()
                    },
                    "grown": dict(learner.grown),
                    "met": {
                        key: {"missed": one.missed, "due": one.due, "confirm": one.confirm}
                        for key, one in learner.met.items()
                    },
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
