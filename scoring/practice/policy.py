"""By which rule are items for practice chosen? The figures of each rule, under the version it is logged with.

A rule values item j, of standard s in domain d, for a candidate, at one place of a set, by

    U = (beta(p) G_d + gamma(p) G_s) * kappa * rho * p^e / ((1 + n_s)^standard_spread (1 + n_d)^spread)

p      share of the item's points that the candidate is expected to earn
beta   theta that the domain is expected to gain by it, gamma what the standard gains on top: the `effects`
G_d    half-points the exam would bring more for a unit of theta in the domain: the rise over `step`; G_s
       likewise on the standard, which the exam asks as the reference form does for the part `repeats` of its
       points, and like any of the domain's for the rest
kappa  below 1 where a standard on which the item's own builds is not mastered yet: for each of them its
       mastery over `prerequisite_share`, never below `prerequisite_floor`; mastery is the expected share of
       the points of its items
rho    1 for what was never met, `due_factor` for what was missed and is due again, `confirm_factor` for what
       was solved once since and is due to be confirmed, 0 for what else was met
e      `ends_ease` at the first and the last item of a set: of items about as good, the easier; else 0
n_s    places of the set already taken by the same standard, n_d by the same domain

With probability 1 - `exploration` the best item is taken (equals share the chance), otherwise any item worth
at least `exploration_floor` of the best: from the logged chances the rule can be judged later.

The same rule runs on the phone, where fields travel by name: exams/static/exams/js/practice/next_item.js.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from types import MappingProxyType
from typing import Any

from scoring.practice.effects import ASSUMED_EFFECTS, PracticeEffects


@dataclass(frozen=True, slots=True)
class PracticePolicy:
    """Figures of one rule; a change of any of them needs a new version, for logs name nothing else. Only the
    effects come and go with the run in force, under a version of their own.

    Shares and probabilities in [0, 1]; step in the unit of theta.
    """

    version: str
    step: float
    repeats: float
    ends_ease: float
    spread: float
    standard_spread: float
    prerequisite_floor: float
    prerequisite_share: float
    due_factor: float
    confirm_factor: float
    exploration: float
    exploration_floor: float
    effects: PracticeEffects = field(default=ASSUMED_EFFECTS)

    def __post_init__(self) -> None:
        for name in ("step", "prerequisite_share"):
            if getattr(self, name) <= 0:
                raise ValueError(f"{name} is {getattr(self, name)}, expected above 0")
        for name in ("repeats", "prerequisite_floor", "exploration", "exploration_floor"):
            if not 0 <= getattr(self, name) <= 1:
                raise ValueError(f"{name} is {getattr(self, name)}, expected from 0 to 1")
        for name in ("ends_ease", "spread", "standard_spread", "due_factor", "confirm_factor"):
            if getattr(self, name) < 0:
                raise ValueError(f"{name} is {getattr(self, name)}, expected 0 or more")

    @property
    def any_alike(self) -> bool:
        """Does nothing but chance choose among what can be chosen?"""
        return self.exploration >= 1 and self.exploration_floor <= 0

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> PracticePolicy:
        """What `as_table` gave."""
        return cls(**{**table, "effects": PracticeEffects.from_table(table["effects"])})

    def as_table(self) -> dict[str, Any]:
        """Every figure by name, as it travels to the phone."""
        return asdict(self) | {"effects": self.effects.as_table()}


DEFAULT_POLICY = PracticePolicy(
    version="gain-2",
    step=1.0,
    repeats=0.75,
    ends_ease=0.25,
    spread=0.2,
    standard_spread=0.5,
    prerequisite_floor=0.3,
    prerequisite_share=0.7,
    due_factor=1.0,
    confirm_factor=0.1,
    exploration=0.1,
    exploration_floor=0.8,
)
"""Practice goes where the exam pays for it.

The figures are those that brought most to the invented learners of tests/bench/readiness, on the seeds set
aside for tuning; the result is flat around them. Two cost a little and are there for the pupil: a set leans
towards what is easier at both ends, and mixes domains. What was missed and is due counts like what is new;
what was solved since teaches little the second time, and comes when nothing else is worth much. Exploring
stays among items nearly as good as the best: whether quite other items would teach more is for an
experiment to tell.
"""

EVEN_POLICY = PracticePolicy(
    version="even-1",
    step=1.0,
    repeats=0.75,
    ends_ease=0.0,
    spread=0.0,
    standard_spread=0.0,
    prerequisite_floor=0.3,
    prerequisite_share=0.7,
    due_factor=0.0,
    confirm_factor=0.0,
    exploration=1.0,
    exploration_floor=0.0,
)
"""Any new item alike that the exam pays for: what a rule is compared with, and from what pupils gain by it
the effects of practice are estimated, since nothing but chance chose. What is due would come to those who
missed more; they may still repair their mistakes by themselves.
"""

POLICIES: Mapping[str, PracticePolicy] = MappingProxyType(
    {policy.version: policy for policy in (DEFAULT_POLICY, EVEN_POLICY)}
)
