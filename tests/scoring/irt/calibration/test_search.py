"""Does a search climb, end where the likelihood is highest, and say so only if it does?"""

import numpy as np
import pytest

from scoring.irt import Anchors, Population, Priors, fit
from scoring.irt.calibration import search as search_module
from scoring.irt.calibration.acceleration import Anderson
from scoring.irt.calibration.search import STEEPEST, Found, search
from tests.scoring.irt.calibration.examples import DESIGNS, Case, booklets, case, draw, items_of, slope


def prepared(name: str, n: int = 300, **options) -> Case:
    models = DESIGNS[name]
    items = items_of(models)
    return case(draw(items, n, 61, presented=booklets(n, items.n_items)), models, **options)


def searched(found: Case, *, tolerance: float = 1e-6, max_iterations: int = 2000, progress=None) -> Found:
    return search(
        found.data,
        found.problem.start,
        found.problem.layout,
        found.problem.penalty,
        found.grid,
        tolerance=tolerance,
        max_iterations=max_iterations,
        progress=progress,
    )


class Plain(Anderson):
    def next(self, point, mapped):
        return mapped


class Reckless(Anderson):
    """Every second point is thrown far off, as a bad mix would be."""

    def __init__(self) -> None:
        super().__init__()
        self._turn = 0
        self.forgotten = 0

    def forget(self):
        super().forget()
        self.forgotten += 1

    def next(self, point, mapped):
        self._turn += 1
        return mapped if self._turn % 2 else mapped - 0.3


@pytest.mark.parametrize("name", DESIGNS)
def test_at_the_end_the_gradient_is_nil(name):
    # By every parameter, those of populations included; differences of the log-likelihood itself.
    found = prepared(name, groups=np.arange(300) % 2)
    end = searched(found)
    assert end.converged
    point = found.packed(end.estimates)
    height, bend = found.objective(point), []
    for by in 1e-3 * np.eye(point.size):
        bend.append((2 * height - found.objective(point + by) - found.objective(point - by)) / 1e-6)
    # In units of the standard error each parameter would have, were the others known.
    assert np.abs(slope(found.objective, point) / np.sqrt(bend)).max() < 1e-3
    assert end.expected.log_likelihood == found.expected(point).log_likelihood


@pytest.mark.parametrize("name", ["rasch", "1pl", "2pl", "pcm", "gpcm", "grm"])
def test_nothing_seen_on_the_way_was_better_than_the_end(name):
    found, seen = prepared(name), []
    end = searched(found, progress=lambda turn, value: seen.append((turn, value)))
    assert [turn for turn, _ in seen] == list(range(1, end.iterations + 1))
    values = np.array([value for _, value in seen])
    assert values.max() <= end.expected.log_likelihood + 1e-8 * abs(values[0])
    assert values[0] < end.expected.log_likelihood


@pytest.mark.parametrize("name", DESIGNS)
def test_the_plain_iteration_climbs_at_every_step(name, monkeypatch):
    monkeypatch.setattr(search_module, "Anderson", Plain)
    found = prepared(name, priors=Priors(log_a=(0.0, 0.5), difficulty=(0.0, 2.0)))
    ends = [searched(found, max_iterations=limit) for limit in range(1, 12)]
    values = [found.objective(found.packed(end.estimates)) for end in ends]
    assert np.diff(values).min() > -1e-12 * abs(values[0])
    assert values[-1] > values[0]


@pytest.mark.parametrize("name", ["1pl", "2pl", "grm", "mixed"])
def test_mixing_gets_to_the_plain_end_in_fewer_steps(name, monkeypatch):
    found = prepared(name, n=600)
    mixed = searched(found, tolerance=1e-7)
    monkeypatch.setattr(search_module, "Anderson", Plain)
    plain = searched(found, tolerance=1e-9)
    assert mixed.converged and plain.converged
    assert mixed.iterations < 0.5 * plain.iterations
    np.testing.assert_allclose(found.packed(mixed.estimates), found.packed(plain.estimates), atol=1e-5)


@pytest.mark.parametrize("name", ["2pl", "grm"])
def test_points_worse_than_the_one_before_are_not_kept(name, monkeypatch):
    found = prepared(name, n=600)
    honest = searched(found, tolerance=1e-7)
    mixing = Reckless()
    monkeypatch.setattr(search_module, "Anderson", lambda: mixing)
    misled = searched(found, tolerance=1e-7)
    assert misled.converged
    # What led astray is not mixed in again.
    assert mixing.forgotten > 5
    np.testing.assert_allclose(found.packed(misled.estimates), found.packed(honest.estimates), atol=1e-4)


@pytest.mark.parametrize("name", ["rasch", "2pl", "3pl", "gpcm", "grm", "mixed"])
def test_beginning_in_float32_changes_nothing_beyond_the_tolerance(name, monkeypatch):
    found = prepared(name, n=1000)
    double = searched(found, tolerance=1e-5)
    monkeypatch.setattr(search_module, "_MUCH", 0)
    single = searched(found, tolerance=1e-5)
    assert single.converged
    np.testing.assert_allclose(found.packed(single.estimates), found.packed(double.estimates), atol=1e-4)
    assert single.expected.log_likelihood == pytest.approx(double.expected.log_likelihood, abs=1e-4)


@pytest.mark.parametrize("in_float32", [True, False])
@pytest.mark.parametrize("limit", [1, 2, 5])
def test_stopping_early_is_said(in_float32, limit, monkeypatch):
    monkeypatch.setattr(search_module, "_MUCH", 0 if in_float32 else 10**9)
    found, turns = prepared("2pl"), []
    end = searched(found, max_iterations=limit, progress=lambda turn, value: turns.append(turn))
    assert not end.converged
    assert end.iterations == len(turns)
    # The likelihood told is in float64, for which one more pass may be needed.
    assert limit <= end.iterations <= limit + in_float32
    assert end.expected.log_likelihood == found.expected(found.packed(end.estimates)).log_likelihood


def test_a_tolerance_of_nothing_is_never_met():
    assert not searched(prepared("2pl"), tolerance=0.0, max_iterations=60).converged


def test_a_smaller_tolerance_comes_nearer():
    found = prepared("3pl")
    best = found.packed(searched(found, tolerance=1e-10).estimates)
    apart = [
        np.abs(found.packed(searched(found, tolerance=tolerance).estimates) - best).max()
        for tolerance in (1e-2, 1e-4, 1e-6)
    ]
    assert apart[0] > apart[1] > apart[2]
    assert apart[2] < 1e-4


def test_slopes_stop_at_their_limit():
    # Three items that repeat each other but for one candidate in a hundred.
    responses = np.repeat(draw(items_of(["2pl"]), 200, 62), 3, axis=1)
    responses[:2, 1] = 1 - responses[:2, 1]
    responses[2:4, 2] = 1 - responses[2:4, 2]
    end = searched(case(responses, ["2pl"] * 3), max_iterations=100)
    assert np.abs(end.estimates.items[:, 0]).max() <= STEEPEST
    assert np.isfinite(end.estimates.items).all()


def test_what_is_not_a_number_is_an_error():
    found = prepared("2pl")
    found.problem.start.mean[0] = np.nan
    with pytest.raises(FloatingPointError, match=r"^the log-likelihood is not a number"):
        searched(found)


def test_nothing_to_estimate_is_done_at_once():
    responses = draw(items_of(["rasch"] * 4), 100, 63)
    items = fit(responses, "rasch", standard_errors=False).items
    found = case(
        responses, ["rasch"] * 4, anchors=Anchors(np.arange(4), items), population=Population.fixed()
    )
    end = searched(found)
    assert end.converged and end.iterations == 1
