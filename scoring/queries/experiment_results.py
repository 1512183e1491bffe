"""What came out of an experiment, as far as it may be said? Rows to a comparison, small groups hidden.

As long as it runs there are only counts: who looks at the difference and stops when they like it finds one
where there is none. Nothing is shown of a group of fewer than ten pupils, nor what would give it away.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import cast

import numpy as np
from django.core.cache import cache

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
from scoring.queries.experiment_counts import TakingPart, taking_part
from scoring.queries.national_results import THRESHOLD
from scoring.queries.runs import Difficulties, difficulties_in

WORTH_HALF_POINTS = 1
"""Less than half a point on the exam would not be worth changing the rule for."""
KEPT_SECONDS = 60 * 60
UNEVEN_PRACTICE = 1 / 3
"""Where one rule's pupils practised more items by more than this share, that may be behind a difference."""
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

    `a`, `b`: counts by rule. `baseline`: as in `Comparison`, from `TakingPart.before`, so
    that it is the same while it runs and after. `until`: what was handed in by then counts.
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
    difficulties: Difficulties
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
    def uneven_practice(self) -> bool:
        """Did pupils under one rule practise so many more items that this alone may have brought more?"""
        if self.comparison is None:
            return False
        fewer, more = sorted((self.comparison.a.items, self.comparison.b.items))
        return more > (1 + UNEVEN_PRACTICE) * fewer

    @property
    def balanced(self) -> bool:
        return self.baseline is not None and abs(self.baseline) <= BALANCED


def results_of_experiment(
    experiment: Experiment, *, run: ScoringRun, now: datetime
) -> ExperimentResults | None:
    """None before it has begun, and while its subject has no reference form. Deterministic by its seed."""
    if experiment.starts_at is None or experiment.ends_at is None:
        return None
    drawn_to = list(
        experiment.assignments.order_by("person__public_id").values_list("person", "arm", "class_group")
    )
    people = [person for person, _, _ in drawn_to]
    until = min(now, experiment.ends_at)
    part = taking_part(people, experiment.subject, run=run, since=experiment.starts_at, until=until)
    if part is None or not people:
        return None
    counted = Drawn(
        in_b=np.array([arm == "b" for _, arm, _ in drawn_to], dtype=np.bool_),
        block=np.array([group for *_, group in drawn_to], dtype=np.int64),
        before=part.before,
        after=part.before,
        items=np.array([person in part.practised for person in people], dtype=np.float64),
        measured=np.array([person in part.measured for person in people], dtype=np.bool_),
    )
    # Nothing is to be tested in what is only counted: one draw is the least that it takes.
    known = compare(counted, worth=WORTH_HALF_POINTS, seed=0, n_permutations=1, most_exact=0)
    a, b = _counts(counted)
    over = experiment.ends_at <= now
    told = not (a.hidden or b.hidden)
    whole = _finished(experiment, run, people, counted, part) if over and told else None
    return ExperimentResults(
        a=a,
        b=b,
        n_classes=known.n_classes,
        baseline=known.baseline if told else None,
        uneven_attrition=told and known.uneven_attrition,
        comparison=_in_points(whole, a, b) if whole else None,
        worth=WORTH_HALF_POINTS / 2,
        until=until,
        over=over,
        difficulties=difficulties_in(run, experiment.subject),
        simulated=part.simulated,
    )


def _finished(
    experiment: Experiment, run: ScoringRun, people: list[int], counted: Drawn, part: TakingPart
) -> Comparison:
    """Worked out once an hour at most, and anew as soon as something more is counted or marked."""
    ends_at = cast(datetime, experiment.ends_at)
    key = f"experiment-{experiment.public_id}-{run.pk}-{part.n_scores}-{part.earned}-{ends_at.timestamp()}"
    found: Comparison | None = cache.get(key)
    if found is None:
        drawn = _with_changes(experiment, run, people, counted)
        found = compare(drawn, worth=WORTH_HALF_POINTS, seed=experiment.seed)
        cache.set(key, found, KEPT_SECONDS)
    return found


def _with_changes(experiment: Experiment, run: ScoringRun, people: list[int], counted: Drawn) -> Drawn:
    since, until = cast(datetime, experiment.starts_at), cast(datetime, experiment.ends_at)
    found = changes_of(people, experiment.subject, run=run, since=since, until=until)
    unknown = cast(float, expected_from_nothing(experiment.subject, run=run))
    nothing = PupilChange(unknown, 0, 0, None, NOTHING, simulated=False)
    changes = [found.get(person, nothing) for person in people]
    before = np.array([one.before for one in changes])
    gain = np.array([one.change.value if one.change else 0.0 for one in changes])
    return replace(
        counted,
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
