"""Is a change between two moments read from the right sittings, and practice in between counted right?"""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from pytest_django import DjangoAssertNumQueries

from accounts.models import ClassGroup
from scoring.models import ScoringRun
from scoring.queries.changes import NOTHING, changes_of, expected_from_nothing
from scoring.queries.runs import run_in_force
from tests.factories.accounts import NOW, make_class, make_pupil
from tests.factories.practice import make_set, practise_and_score
from tests.factories.scoring import PRACTICE_ITEMS, REFERENCE_ITEMS, make_scored_trial, reading_of

DAY = timedelta(days=1)
SET = PRACTICE_ITEMS[:8]


@pytest.fixture
def group(db: None) -> ClassGroup:
    return make_class()


def force() -> ScoringRun:
    run = run_in_force()
    assert run is not None
    return run


def test_what_was_practised_is_counted_in_the_window_alone(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:5]})
    first, second = make_set(SET[:3]), make_set(SET[3:])
    practise_and_score(first, {pupil: SET}, at=NOW + DAY)
    practise_and_score(second, {pupil: SET}, at=NOW + 2 * DAY)
    practise_and_score(make_set(PRACTICE_ITEMS[8:10]), {pupil: SET}, at=NOW + 9 * DAY)

    found = changes_of(
        [pupil.pk], "mathematics", run=force(), since=NOW + timedelta(hours=2), until=NOW + 8 * DAY
    )[pupil.pk]
    practised = found.practised
    assert (practised.sets, practised.items, practised.days) == (2, 8, 2)
    assert practised.last == date(2026, 11, 22)
    assert sum(n for _, n in practised.domains) == 8
    assert [domain.code for domain, _ in practised.domains] == sorted(
        domain.code for domain, _ in practised.domains
    )
    assert (found.n_before, found.n_since, found.simulated) == (10, 8, False)


def test_all_right_after_half_right_is_a_gain_and_all_wrong_a_loss(group: ClassGroup) -> None:
    up, down = make_pupil(group), make_pupil(group)
    make_scored_trial(group, {up: REFERENCE_ITEMS[:5], down: REFERENCE_ITEMS[:5]})
    practise_and_score(make_set(PRACTICE_ITEMS[:20]), {up: PRACTICE_ITEMS, down: ()}, at=NOW + DAY)
    found = changes_of(
        [up.pk, down.pk], "mathematics", run=force(), since=NOW + timedelta(hours=2), until=NOW + 2 * DAY
    )
    gain, loss = found[up.pk].change, found[down.pk].change
    assert gain is not None and loss is not None
    assert gain.value > 2 and gain.is_clear
    assert loss.value < -2 and loss.is_clear
    assert found[up.pk].before == found[down.pk].before


def test_before_is_what_readiness_said_on_that_day(group: ClassGroup) -> None:
    """At the hand-in of the first sitting nothing has been carried yet: both must agree to the last digit."""
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:7]})
    moment = NOW + timedelta(minutes=30)
    said = reading_of(pupil, "mathematics", run=force(), now=moment)
    found = changes_of([pupil.pk], "mathematics", run=force(), since=moment, until=NOW + DAY)[pupil.pk]
    assert said is not None
    assert found.before == pytest.approx(said.expected)
    assert (found.change, found.n_since, found.practised) == (None, 0, NOTHING)


def test_the_same_items_once_more_say_nothing_new(group: ClassGroup) -> None:
    pupil = make_pupil(group)
    make_scored_trial(group, {pupil: REFERENCE_ITEMS[:5]})
    form = make_set(SET)
    practise_and_score(form, {pupil: ()}, at=NOW + DAY)
    again = make_set(SET)
    practise_and_score(again, {pupil: SET}, at=NOW + 3 * DAY)
    found = changes_of([pupil.pk], "mathematics", run=force(), since=NOW + 2 * DAY, until=NOW + 4 * DAY)[
        pupil.pk
    ]
    assert (found.practised.items, found.n_since, found.change) == (8, 0, None)


def test_who_has_nothing_is_not_there_and_queries_do_not_grow_with_pupils(
    group: ClassGroup, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pupils = [make_pupil(group) for _ in range(4)]
    make_scored_trial(group, dict.fromkeys(pupils[:3], REFERENCE_ITEMS[:5]))
    run = force()
    for people in (pupils[:1], pupils):
        with django_assert_num_queries(4):
            found = changes_of([one.pk for one in people], "mathematics", run=run, since=NOW, until=NOW + DAY)
    assert set(found) == {one.pk for one in pupils[:3]}
    assert changes_of([pupils[0].pk], "serbian", run=run, since=NOW, until=NOW + DAY) == {}
    assert expected_from_nothing("serbian", run=run) is None
    from_nothing = expected_from_nothing("mathematics", run=run)
    assert from_nothing is not None
    assert found[pupils[0].pk].before == pytest.approx(from_nothing)
