"""What do we know of a candidate when we choose what to practise?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime

from scoring.domains import Verdict
from scoring.irt.types import FloatArray


@dataclass(frozen=True, slots=True)
class Met:
    """How things stand with an item (or the family of variants it belongs to) that was met before.

    missed          points were missed, or a hint was needed, and it has not been repaired since
    due             missed, and time to meet it again
    confirm         solved once since it was missed: to be solved once more, some weeks later
    due_at          when it becomes due; None when nothing is to be repaired
    retrievability  estimated probability, now, of recalling what was missed; None likewise
    """

    missed: bool
    due: bool = False
    due_at: datetime | None = None
    retrievability: float | None = None
    confirm: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class StandardEvidence:
    """What the responses on one standard say: their likelihood (Q,), largest value 1, of the ability as it
    was before any practice.
    """

    domain: str
    likelihood: FloatArray


@dataclass(frozen=True, slots=True, eq=False)
class Learner:
    """Knowledge of one candidate in one subject, as of now.

    posterior  (Q,) of the ability in the subject, by which the exam is predicted
    evidence   code of a standard → what was responded on it; scoring.practice.abilities draws on it
    around     code of a domain → likelihood (Q,) of the ability in it from standards not in `evidence`
    grown      code of a domain → theta by which practice is taken to have raised it so far
    met        family, or identifier where there is none, as the bank names it → how things stand
    verdicts   code of a domain → what may be said of it; not enough evidence for the others
    """

    posterior: FloatArray
    evidence: Mapping[str, StandardEvidence] = field(default_factory=dict)
    around: Mapping[str, FloatArray] = field(default_factory=dict)
    grown: Mapping[str, float] = field(default_factory=dict)
    met: Mapping[str, Met] = field(default_factory=dict)
    verdicts: Mapping[str, Verdict] = field(default_factory=dict)

    def verdict_on(self, domain: str) -> Verdict:
        return self.verdicts.get(domain, Verdict.NOT_ENOUGH)
