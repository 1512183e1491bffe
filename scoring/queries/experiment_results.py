"""What came out of an experiment, as far as it may be said? Rows to a comparison, small groups hidden.

As long as it runs there are only counts: who looks at the difference and stops when they like it finds one
where there is none. Nothing is shown of a group of fewer than ten pupils, nor what would give it away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime

import numpy as np

from exams.models import Experiment
from scoring.experiment_analysis import (
    FEWEST_PER_ARM,
    N_PERMUTATIONS,
    Arm,
    Comparison,
    Difference,
    Drawn,
    PerItem,
    compare,
)
from scoring.irt.types import BoolArray
from scoring.models import ScoringRun
from scoring.queries.changes import NOTHING, PupilChange, changes_of, expected_from_nothing
from scoring.queries.national_results import THRESHOLD

WORTH_HALF_POINTS = 1
"""Less than half a point on the exam would not be worth changing the rule for."""
BALANCED = 0.25
"""Up to so many standard deviations apart before the start, the halves are said to stand alike."""


@dataclass(frozen=True, slots=True)
class ArmCounts:
    """None is hidden. `measured`: with a response since the start that speaks; `lost`: without one."""

    n: int | None
    measured: int | None
    lost: int | None
    practised: int | None

    @property
    def hidden(self) -> bool:
        return self.n is None


@dataclass(frozen=True, slots=True)
class ExperimentResults:
    """`comparison`, in points, is there once the experiment is over and neither rule's pupils are hidden.

    `a`, `b`: counts by rule. `baseline`: see `Comparison`. `until`: what was handed in by then counts.
    """

    a: ArmCounts
    b: ArmCounts
    n_classes: int
    baseline: float | None
    uneven_attrition: bool
    comparison: Comparison | None
    worth: float
    until: datetime
    over: bool
    assumed: bool
    simulated: bool

    @property
    def arms(self) -> tuple[tuple[str, ArmCounts], ...]:
        return ("A", self.a), ("B", self.b)

    @property
    def n_permutations(self) -> int:
        """How many draws the test takes where there are too many to count all."""
        return N_PERMUTATIONS

    @property
    def anything_hidden(self) -> bool:
        return any(None in (arm.n, arm.measured, arm.practised) for _, arm in self.arms)

    @property
    def balanced(self) -> bool:
        return self.baseline is not None and abs(self.baseline) <= BALANCED


def results_of_experiment(
    experiment: Experiment, *, run: ScoringRun, now: datetime
) -> ExperimentResults | None:
    """None before it has begun, and while its subject has no reference form. Deterministic by its seed."""
    if experiment.starts_at is None or experiment.ends_at is None:
        return None
    unknown = expected_from_nothing(experiment.subject, run=run)
    drawn_to = list(
        experiment.assignments.order_by("person__public_id").values_list("person", "arm", "class_group")
    )
    if unknown is None or not drawn_to:
        return None
    until = min(now, experiment.ends_at)
    people = [person for person, _, _ in drawn_to]
    found = changes_of(people, experiment.subject, run=run, since=experiment.starts_at, until=until)
    nothing = PupilChange(unknown, 0, 0, None, NOTHING, simulated=False)
    changes = [found.get(person, nothing) for person in people]
    drawn = _drawn([arm == "b" for _, arm, _ in drawn_to], [group for *_, group in drawn_to], changes)
    whole = compare(drawn, worth=WORTH_HALF_POINTS, seed=experiment.seed)
    a, b = _counts(drawn)
    over = experiment.ends_at <= now
    return ExperimentResults(
        a=a,
        b=b,
        n_classes=whole.n_classes,
        baseline=None if a.hidden or b.hidden else whole.baseline,
        uneven_attrition=not (a.hidden or b.hidden) and whole.uneven_attrition,
        comparison=_in_points(whole, a, b) if over and not (a.hidden or b.hidden) else None,
        worth=WORTH_HALF_POINTS / 2,
        until=until,
        over=over,
        assumed=run.assumed,
        simulated=any(one.simulated for one in changes),
    )


def _drawn(in_b: list[bool], groups: list[int], changes: list[PupilChange]) -> Drawn:
    before = np.array([one.before for one in changes])
    gain = np.array([one.change.value if one.change else 0.0 for one in changes])
    return Drawn(
        in_b=np.array(in_b, dtype=np.bool_),
        block=np.array(groups, dtype=np.int64),
        before=before,
        after=before + gain,
        items=np.array([one.practised.items for one in changes], dtype=np.float64),
        measured=np.array([one.change is not None for one in changes], dtype=np.bool_),
    )


def _counts(drawn: Drawn) -> tuple[ArmCounts, ArmCounts]:
    a, b = (_arm_counts(drawn.measured[own], drawn.items[own] > 0) for own in (~drawn.in_b, drawn.in_b))
    return a, b


def _arm_counts(measured: BoolArray, practised: BoolArray) -> ArmCounts:
    n = measured.size
    if n < THRESHOLD:
        return ArmCounts(None, None, None, None)
    with_evidence, did = int(measured.sum()), int(practised.sum())
    told = _may_be_told(with_evidence, n)
    return ArmCounts(
        n=n,
        measured=with_evidence if told else None,
        lost=n - with_evidence if told else None,
        practised=did if _may_be_told(did, n) else None,
    )


def _may_be_told(count: int, of: int) -> bool:
    """Beside `of` a count tells its complement as well: both are told or neither. Nobody and all may be told.

    No totals over both rules are published, from which the counts of one could be worked out.
    """
    return all(part == 0 or part >= THRESHOLD for part in (count, of - count))


def _in_points(whole: Comparison, a: ArmCounts, b: ArmCounts) -> Comparison:
    """Half-points to points; and nothing about the measured alone where their number is hidden."""
    among = whole.among_measured
    few = any(arm.measured is None or arm.measured < FEWEST_PER_ARM for arm in (a, b))
    return replace(
        whole,
        a=_arm_in_points(whole.a),
        b=_arm_in_points(whole.b),
        difference=whole.difference and _difference_in_points(whole.difference),
        per_item=whole.per_item and _per_item_in_points(whole.per_item),
        among_measured=None if few or among is None else _difference_in_points(among),
    )


def _arm_in_points(arm: Arm) -> Arm:
    per_item = None if arm.per_item is None else arm.per_item / 2
    return replace(arm, before=arm.before / 2, gain=arm.gain / 2, per_item=per_item)


def _difference_in_points(one: Difference) -> Difference:
    return replace(
        one,
        value=one.value / 2,
        low=one.low / 2,
        high=one.high / 2,
        se=one.se / 2,
        detectable=one.detectable / 2,
    )


def _per_item_in_points(one: PerItem) -> PerItem:
    return PerItem(one.value / 2, one.low / 2, one.high / 2)
