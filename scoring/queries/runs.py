"""Which run do pages read from? Reading only: `scoring.actions.parameters` makes it."""

from __future__ import annotations

from scoring.models import ScoringRun
from scoring.reference import RULE_VERSION, reference_data


def run_in_force() -> ScoringRun | None:
    """The run under today's rules and parameters; None before the first scoring of an installation."""
    return ScoringRun.objects.filter(
        rule_version=RULE_VERSION, parameter_version=reference_data().assumptions.version
    ).first()
