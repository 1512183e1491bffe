"""How much is learnt from one practised item, and where is it of use? By the chance of solving it.

An item solved with probability p, and explained at once, is taken to raise the ability in its domain by
`domain(p)` and, on its own standard, by `standard(p)` on top; between the knots both run straight, beyond
them they stay. Assumed until estimated from pupils whose items chance drew: scoring.practice.effects_fit.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from typing import Any

import numpy as np

from scoring.irt.types import FloatArray

KNOTS = (0.15, 0.3, 0.45, 0.6, 0.75, 0.9)
LEAST_GAIN = 1e-4
"""Of a domain at any knot: whatever was estimated, no item is worth nothing at all."""


@dataclass(frozen=True, slots=True)
class PracticeEffects:
    """domain, standard  gains of theta at each knot, not negative
    growth       by which a domain is taken to grow with each item practised in it, whichever it was, to read
                 later responses by: the mean of `domain`
    standard_sd  of the abilities on the standards around that in their domain
    """

    version: str
    domain: tuple[float, ...]
    standard: tuple[float, ...]
    growth: float
    standard_sd: float

    def __post_init__(self) -> None:
        for name in ("domain", "standard"):
            own = getattr(self, name)
            if len(own) != len(KNOTS) or min(own) < 0:
                raise ValueError(f"{name} is {own}, expected {len(KNOTS)} gains of 0 or more")
        if self.growth < 0:
            raise ValueError(f"growth is {self.growth}, expected 0 or more")
        if self.standard_sd <= 0:
            raise ValueError(f"standard_sd is {self.standard_sd}, expected above 0")

    @classmethod
    def from_table(cls, table: Mapping[str, Any]) -> PracticeEffects:
        """What `as_table` gave; an empty table stands for the assumed effects."""
        if not table:
            return ASSUMED_EFFECTS
        known = {field.name: table[field.name] for field in fields(cls)}
        return cls(**{**known, "domain": tuple(known["domain"]), "standard": tuple(known["standard"])})

    def as_table(self) -> dict[str, Any]:
        return asdict(self) | {"domain": list(self.domain), "standard": list(self.standard)}

    def domain_gain(self, p: FloatArray) -> FloatArray:
        """Of theta in the whole domain, for chances p of any shape."""
        return np.asarray(np.interp(p, KNOTS, self.domain), dtype=np.float64)

    def standard_gain(self, p: FloatArray) -> FloatArray:
        """Of theta on the item's own standard, on top of that in the domain."""
        return np.asarray(np.interp(p, KNOTS, self.standard), dtype=np.float64)


ASSUMED_EFFECTS = PracticeEffects(
    version="assumed-1",
    domain=(0.0012, 0.0049, 0.0113, 0.015, 0.0113, 0.0049),
    standard=(0.0012, 0.0049, 0.0113, 0.015, 0.0113, 0.0049),
    growth=0.01,
    standard_sd=0.35,
)
"""Before anything is known: most from what is solved three times in five, half of it beyond the standard.

What teaches most, mistakes or success, is not settled; 0.6 is good for either. The size follows from gains
of about half an sd on what was practised (van der Kleij et al. 2015) over some twenty items. That less
carries over than stays with the same skill is found again and again (Barnett & Ceci 2002); the share is a
guess.
"""
