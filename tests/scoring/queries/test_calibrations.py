"""Which calibrations do pages read by, when each run takes over what the one before it knew?"""

from __future__ import annotations

import pytest
from pytest_django import DjangoAssertNumQueries

from scoring.models import Calibration, ScoringRun
from scoring.queries.calibrations import calibrations_in_force
from tests.factories.accounts import NOW

pytestmark = pytest.mark.django_db


def run_of(version: str, rules: str = "rules-1") -> ScoringRun:
    return ScoringRun.objects.create(rule_version=rules, parameter_version=version)


def came_in_force(subject: str, base: ScoringRun, version: str) -> Calibration:
    return Calibration.objects.create(
        subject=subject, state="in_force", requested_at=NOW, base_run=base, run=run_of(version)
    )


def test_each_subject_s_latest_on_the_way_to_the_run_in_force(
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    assumed = run_of("assumed")
    older = came_in_force("mathematics", assumed, "one")
    assert older.run is not None
    serbian = came_in_force("serbian", older.run, "two")
    assert serbian.run is not None
    newer = came_in_force("mathematics", serbian.run, "three")
    Calibration.objects.create(subject="physics", state="queued", requested_at=NOW, base_run=assumed)

    with django_assert_num_queries(1):
        assert calibrations_in_force(newer.run) == {newer.pk, serbian.pk}
    assert calibrations_in_force(serbian.run) == {older.pk, serbian.pk}
    assert calibrations_in_force(older.run) == {older.pk}
    assert calibrations_in_force(assumed) == calibrations_in_force(None) == frozenset()


def test_a_run_under_newer_rules_keeps_what_it_follows() -> None:
    own = came_in_force("mathematics", run_of("assumed"), "one")
    assert calibrations_in_force(run_of("one", rules="rules-2")) == {own.pk}
