"""By which rule are items for practice chosen? The figures of each rule, under the version it is logged with.

A rule values item j for a candidate, at one place of a set, by

    U = G^focus * g * (1 + uncertainty_weight * v) * kappa * rho / ((1 + n_s) (1 + n_d)^spread)

G      half-points the exam would bring more if the ability in the item's domain grew by `step`
g      exp(-((p - target) / width)^2 / 2): productive difficulty, p being the expected share of its points;
       the first and the last item of a set aim at `ends_target`, so that it begins and ends with success
v      sd of that share: how much is unsure about it
kappa  below 1 where a standard on which the item's own builds is not mastered yet: for each of them its
       mastery over `prerequisite_share`, never below `prerequisite_floor`; mastery is the share of points
       earned on a standard, with `standard_weight` half-points of what the domain lets expect
rho    1 for what was never met, `due_factor` for what was missed and is due again, 0 for what else was met
n_s    places of the set already taken by the same standard, n_d by the same domain

With probability 1 - `exploration` the best item is taken (equals share the chance), otherwise any item worth
at least `exploration_floor` of the best: from the logged chances the rule can be judged later.

The same rule runs on the phone, where fields travel by name: exams/static/exams/js/practice/next_item.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from types import MappingProxyType
from typing import Any


@dataclass(frozen=True, slots=True)
class PracticePolicy:
    """Figures of one rule; a change of any of them needs a new version, for logs name nothing else.

    Shares and probabilities in [0, 1]; step in the unit of theta; standard_weight in half-points.
    """

    version: str
    step: float
    focus: float
    target: float
    ends_target: float
    width: float
    uncertainty_weight: float
    spread: float
    standard_weight: float
    prerequisite_floor: float
    prerequisite_share: float
    due_factor: float
    exploration: float
    exploration_floor: float

    def __post_init__(self) -> None:
        for name in ("step", "width", "standard_weight", "prerequisite_share"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} is {getattr(self, name)}, expected above 0")
        for name in ("target", "ends_target", "prerequisite_floor", "exploration", "exploration_floor"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}, expected from 0 to 1")
        for name in ("focus", "uncertainty_weight", "spread", "due_factor"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}, expected 0 or more")

    def as_table(self) -> dict[str, Any]:
        """Every figure by name, as it travels to the phone."""
        return asdict(self)


DEFAULT_POLICY = PracticePolicy(
    version="gain-1",
    step=1.0,
    focus=2.0,
    target=0.62,
    ends_target=0.7,
    width=0.12,
    uncertainty_weight=0.5,
    spread=0.5,
    standard_weight=4.0,
    prerequisite_floor=0.3,
    prerequisite_share=0.7,
    due_factor=0.7,
    exploration=0.1,
    exploration_floor=0.25,
)
"""Practice goes where the exam pays for it.

The figures are those that brought most to the invented learners of tests/bench/readiness, on the seeds set
aside for tuning; the result is flat around them. A chance of 0.62 is easier than what mistakes teach most and
harder than what success does, and so good for either. A due item counts a little less than a new one: it may
be one that was solved already and is only to be confirmed.
"""

STEADY_POLICY = PracticePolicy(
    version="steady-1",
    step=1.0,
    focus=1.0,
    target=0.7,
    ends_target=0.75,
    width=0.12,
    uncertainty_weight=0.0,
    spread=1.0,
    standard_weight=4.0,
    prerequisite_floor=0.3,
    prerequisite_share=0.7,
    due_factor=0.7,
    exploration=0.1,
    exploration_floor=0.25,
)
"""Practice goes everywhere in proportion to what the exam pays, and succeeds more often."""

POLICIES: Mapping[str, PracticePolicy] = MappingProxyType(
    {policy.version: policy for policy in (DEFAULT_POLICY, STEADY_POLICY)}
)
