"""Which comparisons are made, and what is the goal of each?"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

GUESSING_PRIOR = (-1.39, 0.5)  # of logit c: .20 in the middle, .09 to .39 in 95 of 100
POINTS = 45  # of theta, that a calibration uses unless told otherwise
NAMES = {"mirt": "mirt", "girth": "girth", "pyirt": "py-irt", "catsim": "catsim", "floor": "two products"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """One task that we and a peer do in turns, on the same files.

    part      what --only chooses
    peer      a module of programs/
    data      a data set of data_sets.py
    goal      peer's seconds to ours, at least; or, with `at_most`, ours to the peer's, at most
    turns     how often each does it; a slow peer once, between turns of ours
    both, theirs  options of the task
    """

    part: str
    title: str
    peer: str
    data: str
    task: str = "fit"
    goal: float | None = None
    at_most: bool = False
    turns: int = 5
    both: Mapping[str, Any] = field(default_factory=dict)
    theirs: Mapping[str, Any] = field(default_factory=dict)


def _fit(part: str, title: str, peer: str, data: str, model: str, **options: Any) -> Row:
    """A calibration; what is no field of a row is an option of the task."""
    own = {name: options.pop(name) for name in ("goal", "turns", "theirs") if name in options}
    return Row(part=part, title=title, peer=peer, data=data, both={"model": model, **options}, **own)


def _e_step(title: str, model: str) -> Row:
    options = {"model": model, "points": POINTS}
    return Row(
        part="e-step",
        title=title,
        peer="floor",
        data="2pl",
        task="e_step",
        goal=3,
        at_most=True,
        turns=9,
        both=options,
    )


ROWS = [
    _fit("2pl", "2PL", "mirt", "2pl", "2pl", goal=25),
    _fit("2pl", "2PL", "girth", "2pl", "2pl", goal=300, turns=1),
    _fit("2pl", "2PL", "pyirt", "2pl", "2pl", turns=1, theirs={"epochs": 500}),
    _fit("2pl", "2PL with standard errors", "mirt", "2pl", "2pl", turns=3, standard_errors=True),
    _fit("2pl", "2PL", "mirt", "2pl, fewer", "2pl", turns=7),
    _fit("missing", "2PL, 30 % missing by booklets", "mirt", "booklets", "2pl", goal=15),
    _fit("missing", "2PL, 30 % missing at random", "mirt", "at random", "2pl", goal=8),
    _fit("models", "graded response", "mirt", "grm", "grm", goal=5, turns=7),
    _fit("models", "generalised partial credit", "mirt", "gpcm", "gpcm", turns=7),
    _fit("models", "partial credit", "mirt", "pcm", "pcm", turns=7),
    _fit("models", "3PL, prior on logit c", "mirt", "3pl", "3pl", turns=3, guessing_prior=GUESSING_PRIOR),
    _fit("models", "2PL with one slope", "mirt", "1pl", "1pl", turns=7),
    _fit("models", "Rasch", "mirt", "1pl", "rasch", turns=7),
    _e_step("E-step for any model", "3pl"),
    _e_step("E-step for the 2PL", "2pl"),
    Row(part="scoring", title="EAP and SE (girth: EAP)", peer="girth", data="2pl", task="eap", goal=8),
    Row(part="scoring", title="EAP and SE", peer="mirt", data="2pl", task="eap"),
    Row(
        part="adaptive",
        title="adaptive forms",
        peer="catsim",
        data="bank",
        task="adaptive",
        goal=80,
        turns=1,
        both={"target_se": 0.3, "max_items": 50},
    ),
]
PARTS = sorted({row.part for row in ROWS})
