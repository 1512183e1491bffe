"""Are coverage and results of the country right, equal on every rebuild, and silent about small groups?"""

from __future__ import annotations

from datetime import timedelta

import numpy as np
import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup, Organization, Person
from exams.actions.sealing import seal_due
from exams.actions.sittings import void
from exams.models import Form, Sitting
from scoring.actions.score import score_sittings
from scoring.groups import Estimate, group_results
from scoring.irt.quadrature import DEFAULT_GRID
from scoring.models import DomainEstimate, SittingScore, SubjectEstimate
from scoring.queries.item_bank import reference_bank
from scoring.queries.national_results import (
    SEED,
    Coverage,
    PlaceResults,
    ScoredPupil,
    coverage_by_region,
    domain_shares,
    expected_by_theta,
    organizations,
    results_by_region,
    results_by_school,
    scored_pupils,
)
from scoring.queries.runs import run_in_force
from scoring.reference import reference_data
from tests.factories.accounts import NOW, make_class, make_pupil, make_region, make_school, make_teacher
from tests.factories.exams import make_administration, make_form
from tests.factories.journal import sit
from tests.factories.marking import make_texts
from tests.factories.scoring import REFERENCE_ITEMS, make_reference_form, make_scored_trial

pytestmark = pytest.mark.django_db
# On this scale the reference form has 40 half-points: 20 at theta 0, 4 more for each unit.
SCORE_BY_THETA = np.clip(20 + 4 * DEFAULT_GRID.points, 0, 40)


def class_in(region: Organization) -> ClassGroup:
    return make_class(school=make_school(parent=region))


def pupils_at(
    theta: float, n: int, region: Organization, school: Organization | None = None
) -> list[ScoredPupil]:
    """Pupils whose responses speak for theta, by hand: a likelihood with a spread of 0.4."""
    log_likelihood = list(-0.5 * ((DEFAULT_GRID.points - theta) / 0.4) ** 2)
    return [
        ScoredPupil(region.pk, (school or region).pk, log_likelihood, final=True, simulated=False)
        for _ in range(n)
    ]


def sizes(results: PlaceResults) -> dict[str, int | None]:
    return {row.place.name: row.n for row in results.places}


# ---- Coverage ------------------------------------------------------------------------------------


def test_a_third_test_counts_who_chose_it_and_whoever_was_given_it(db: None) -> None:
    region = make_region()
    group = class_in(region)
    chose, given, _neither = (make_pupil(group) for _ in range(3))
    chose.enrollments.update(chosen_subject="biology")
    form = make_form(subject="biology")
    make_administration([group], form=form, only_who_chose=True)
    (row, _country) = coverage_by_region("biology", organizations())
    assert (row.pupils, row.invited) == (1, 1)
    given.enrollments.update(chosen_subject="biology")
    make_administration([group], form=make_form(subject="biology"), only_who_chose=True)
    given.enrollments.update(chosen_subject="physics")
    (row, _country) = coverage_by_region("biology", organizations())
    assert (row.pupils, row.invited) == (2, 2)


def test_coverage_counts_pupils_by_how_far_they_came() -> None:
    north, south = make_region(name="Север"), make_region(name="Југ")
    group, other = class_in(north), class_in(south)
    sealed, handed_in, started, _ready = (make_pupil(group) for _ in range(4))
    make_pupil(other)
    form = make_form()
    make_administration([group], form=form)
    second = make_administration([group], form=form)
    of = {sitting.candidate: sitting for sitting in Sitting.objects.filter(administration=second)}
    sit(of[sealed], {"ma-102.1": "b"})
    seal_due(now=NOW + timedelta(minutes=31))
    sit(of[handed_in], {"ma-102.1": "b"})
    sit(of[started], {"ma-102.1": "b"}, hand_in=False)
    rows = coverage_by_region("mathematics", organizations())
    expected = [
        Coverage(north, pupils=4, invited=4, started=3, handed_in=2, waiting=1),
        Coverage(south, pupils=1, invited=0, started=0, handed_in=0, waiting=0),
        Coverage(None, pupils=5, invited=4, started=3, handed_in=2, waiting=1),
    ]
    assert sorted(rows[:2], key=lambda row: -row.pupils) + rows[2:] == expected
    assert (rows[2].sealed, rows[2].share_handed_in) == (1, 2 / 5)
    assert Coverage(None, 0, 0, 0, 0, 0).share_handed_in is None


def test_a_voided_sitting_and_another_subject_are_no_invitation() -> None:
    region = make_region()
    group = class_in(region)
    make_pupil(group)
    make_administration([group])
    assert coverage_by_region("physics", organizations())[-1].invited == 0
    void(sitting=Sitting.objects.get(), reason="error", actor=make_teacher(group), now=NOW)
    assert coverage_by_region("mathematics", organizations())[-1].invited == 0


# ---- One row for each pupil ----------------------------------------------------------------------


def test_each_pupil_counts_once_with_the_latest_trial() -> None:
    region = make_region()
    group = class_in(region)
    pupil, other = make_pupil(group), make_pupil(group)
    make_scored_trial(group, {pupil: (), other: REFERENCE_ITEMS})
    again = make_administration([group], form=Form.objects.get())
    sit(
        Sitting.objects.get(administration=again, candidate=pupil),
        {"ma-102.1": "b"},
        started_at=NOW + timedelta(days=7),
    )
    score_sittings(now=NOW + timedelta(days=8))
    run = run_in_force()
    assert run is not None
    latest = {
        pupil: SittingScore.objects.get(sitting__administration=again),
        other: SittingScore.objects.get(sitting__candidate=other),
    }
    expected = [
        ScoredPupil(
            region.pk, group.school_id, latest[one].log_likelihood, latest[one].final, simulated=False
        )
        for one in sorted(latest, key=lambda one: one.public_id.hex)
    ]
    assert scored_pupils("mathematics", run) == expected
    assert scored_pupils("physics", run) == []


def test_texts_that_wait_are_told_and_in_nobody_s_likelihood() -> None:
    region = make_region()
    group = class_in(region)
    pupil, other = make_pupil(group), make_pupil(group)
    administration = make_texts(group, {pupil: "x = 4"})
    sit(administration.sittings.get(candidate=other), {"ma-102.1": "b"})
    score_sittings(now=NOW)
    run = run_in_force()
    assert run is not None
    waiting, plain = sorted(scored_pupils("mathematics", run), key=lambda one: -one.pending_half_points)
    assert (waiting.pending_half_points, plain.pending_half_points) == (2, 0)
    # Nothing but a text that waits: every ability is as likely as before.
    assert set(waiting.log_likelihood) == {0.0}
    assert len(set(plain.log_likelihood)) > 1


# ---- Results and what is hidden --------------------------------------------------------------------


def test_results_are_those_of_plausible_values_with_the_region_in_the_model() -> None:
    north, south = make_region(name="А север"), make_region(name="Б југ")
    pupils = pupils_at(0.5, 12, north) + pupils_at(-0.5, 15, south)
    results = results_by_region(pupils, organizations(), SCORE_BY_THETA)
    expected = group_results(
        np.array([pupil.log_likelihood for pupil in pupils]),
        np.array([0] * 12 + [1] * 15),
        SCORE_BY_THETA,
        reference_data().levels.cuts,
        seed=SEED,
        census=True,
    )
    assert [row.expected for row in results.places] == [one.expected_half_points for one in expected.groups]
    assert [row.level_shares for row in results.places] == [one.level_shares for one in expected.groups]
    assert results.everybody == expected.everybody
    assert (sizes(results), results.n_hidden) == ({"А север": 12, "Б југ": 15}, 0)
    first = results.places[0]
    assert first.expected is not None
    assert first.points == Estimate(first.expected.value / 2, first.expected.low / 2, first.expected.high / 2)
    assert 20 < first.expected.low < 22 < first.expected.high < 24


def test_a_small_region_is_hidden_and_another_with_it() -> None:
    small, middle, large = (make_region(name=name) for name in ("А", "Б", "В"))
    pupils = pupils_at(0, 9, small) + pupils_at(0, 20, middle) + pupils_at(0, 30, large)
    results = results_by_region(pupils, organizations(), SCORE_BY_THETA)
    assert sizes(results) == {"А": None, "Б": None, "В": 30}
    assert [row.hidden for row in results.places] == [True, True, False]
    assert (results.places[0].expected, results.places[0].points, results.places[1].level_shares) == (
        None,
    ) * 3
    assert [row.place for row in results.shown] == [large]
    assert results.everybody is not None
    assert results.everybody.n == 59


def test_a_place_without_any_results_hides_nothing() -> None:
    _empty, full = make_region(name="А"), make_region(name="Б")
    results = results_by_region(pupils_at(0, 10, full), organizations(), SCORE_BY_THETA)
    assert (sizes(results), results.n_hidden) == ({"А": 0, "Б": 10}, 0)


def test_nine_pupils_are_no_country() -> None:
    region = make_region()
    results = results_by_region(pupils_at(0, 9, region), organizations(), SCORE_BY_THETA)
    assert (results.shown, results.everybody, results.n_hidden) == ((), None, 1)
    assert results_by_region([], organizations(), SCORE_BY_THETA).everybody is None


def test_schools_of_a_region_alone() -> None:
    region, elsewhere = make_region(), make_region()
    schools = [make_school(parent=region, name=name) for name in ("А", "Б", "В")]
    other = make_school(parent=elsewhere, name="Г")
    pupils = [
        *pupils_at(0, 7, region, schools[0]),
        *pupils_at(0, 12, region, schools[1]),
        *pupils_at(1, 14, region, schools[2]),
        *pupils_at(0, 40, elsewhere, other),
    ]
    results = results_by_school(pupils, organizations(), SCORE_BY_THETA, region=region)
    assert sizes(results) == {"А": None, "Б": None, "В": 14}


# ---- Domains ---------------------------------------------------------------------------------------


def test_domains_are_means_over_all_pupils_and_nothing_for_fewer_than_ten() -> None:
    group = make_class()
    pupils = [make_pupil(group) for _ in range(10)]
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[: number + 1] for number, pupil in enumerate(pupils)})
    run = run_in_force()
    assert run is not None
    found = domain_shares("mathematics", run, language="en")
    rows = list(DomainEstimate.objects.filter(domain__code="MA.3"))
    geometry = found[2]
    assert (geometry.title, geometry.n) == ("Geometry", 10)
    assert geometry.expected.value == pytest.approx(np.mean([row.expected_share for row in rows]), abs=1e-12)
    sds = [(row.high_share - row.low_share) / 2.0728667 for row in rows]
    half_width = 1.959964 * np.sqrt(np.sum(np.square(sds))) / 10
    assert geometry.expected.high - geometry.expected.value == pytest.approx(half_width, rel=1e-6)
    verdicts = [row.verdict for row in rows]
    assert (geometry.known, geometry.not_yet) == (
        verdicts.count("known") / 10,
        verdicts.count("not_yet") / 10,
    )
    assert geometry.known + geometry.shaky + geometry.not_yet + geometry.not_enough == pytest.approx(1)
    SubjectEstimate.objects.filter(person=pupils[0]).delete()
    assert domain_shares("mathematics", run, language="en") == []


def test_expected_points_by_theta_rise_to_the_maximum_of_the_reference_form() -> None:
    make_reference_form()
    score_sittings(now=NOW)
    group = make_class()
    make_scored_trial(group, {make_pupil(group): ()}, form=Form.objects.get())
    run = run_in_force()
    assert run is not None
    reference = reference_bank("mathematics", run)
    assert reference is not None
    curve = expected_by_theta(reference)
    assert (curve.shape, bool(np.all(np.diff(curve) > 0))) == ((41,), True)
    assert 19 < curve[-1] < 20


# ---- Queries ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("n_regions", [1, 3])
def test_queries_do_not_grow_with_the_country(
    n_regions: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    results: dict[Person, tuple[str, ...]] = {}
    groups = [class_in(make_region()) for _ in range(n_regions)]
    form = make_reference_form()
    for group in groups:
        results[make_pupil(group)] = ()
        make_scored_trial(
            group, {pupil: () for pupil in results if pupil.class_groups.get() == group}, form=form
        )
    run = run_in_force()
    assert run is not None
    with django_assert_num_queries(1):
        places = organizations()
    with django_assert_num_queries(2):
        assert len(coverage_by_region("mathematics", places)) == n_regions + 1
    with django_assert_num_queries(1):
        pupils = scored_pupils("mathematics", run)
    assert len(pupils) == n_regions
    with django_assert_num_queries(0):
        results_by_region(pupils, places, SCORE_BY_THETA)
    with django_assert_num_queries(1):
        domain_shares("mathematics", run, language="en")
