"""Are items recovered, on which scale, and what is done with those that few have met?"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from scoring.bank_calibration import BankCalibration, calibrate_bank
from scoring.calibration_types import BankItems, CalibrationData, CalibrationSettings, TooLittle
from scoring.growth import Dynamics
from scoring.irt import ItemParameters, simulate_responses
from scoring.irt.types import BoolArray, FloatArray, ResponseArray

N, J = 400, 20
SETTINGS = CalibrationSettings(wanted=250)
STILL = Dynamics("none", 0.0, 0.0, 0.0, 0.0)


def truth() -> ItemParameters:
    rng = np.random.default_rng(4)
    b = np.linspace(-1.8, 1.8, J)
    steps = [[x - 0.5, x + 0.5] if j % 4 == 0 else [x] for j, x in enumerate(b)]
    own = ItemParameters.partial_credit(np.exp(0.15 * rng.standard_normal(J)).tolist(), steps)
    return replace(own, c=np.where(np.arange(J) % 4 == 1, 0.15, 0.0))


def bank(
    parameters: ItemParameters, sources: tuple[str, ...] = ("assumed",) * J, se: float = 0.1
) -> BankItems:
    half_points = np.array([[0, 1, 2] if k == 3 else [0, 2, 0] for k in parameters.n_categories])
    known = np.array([source != "assumed" for source in sources])
    errors = np.where(known, se, np.nan)
    return BankItems(parameters, half_points, sources, se_a=errors, se_b=errors)


def data(codes: ResponseArray, **fields: Any) -> CalibrationData:
    n = codes.shape[0]
    usual: dict[str, Any] = {
        "version_ids": tuple(range(codes.shape[1])),
        "codes": codes,
        "practised": np.zeros((n, 0), dtype=bool),
        "form": np.ones(n, dtype=int),
        "occasion": np.ones(n, dtype=int),
        "before": np.full(n, -1),
        "weeks": np.zeros(n),
        "between": np.zeros(n, dtype=int),
    }
    return CalibrationData(**(usual | fields))


def abilities(n: int = N, mean: float = 0.0, seed: int = 7) -> FloatArray:
    """Exactly standardised, so that what is recovered is compared on the very scale."""
    z = np.random.default_rng(seed).standard_normal(n)
    return np.asarray(mean + (z - z.mean()) / z.std())


def everything(presented: BoolArray | None = None, mean: float = 0.0, seed: int = 3) -> CalibrationData:
    return data(simulate_responses(abilities(mean=mean), truth(), seed=seed, presented=presented))


def assumed() -> BankItems:
    own = truth()
    return bank(replace(own, a=np.ones(J), b=own.b + 0.3 * np.random.default_rng(8).standard_normal(J)))


def error_of(found: BankCalibration, which: Any = slice(None)) -> float:
    return float(np.sqrt(np.mean((found.parameters.b - truth().b)[which] ** 2)))


def test_a_first_calibration_recovers_what_was_assumed_wrongly() -> None:
    found = calibrate_bank(everything(), assumed(), SETTINGS)
    assert (found.scale, set(found.sources)) == ("first", {"calibrated"})
    assert error_of(found) < 0.17
    assert float(np.sqrt(np.mean((assumed().parameters.b - truth().b) ** 2))) > 0.25
    z = (found.parameters.b - truth().b) / found.se_b
    assert np.abs(z).max() < 3.5
    assert (found.prior_mean[0], found.prior_sd[0]) == (0.0, 1.0)


def test_items_with_few_responses_keep_what_they_have_and_some_are_pretested() -> None:
    presented = np.ones((N, J), dtype=bool)
    presented[120:, 18] = False
    presented[30:, 19] = False
    found = calibrate_bank(everything(presented), assumed(), SETTINGS)
    assert found.sources[17:] == ("calibrated", "pretest", "")
    assert found.parameters.b[19] == assumed().parameters.b[19]
    assert found.parameters.b[18] == pytest.approx(truth().b[18], abs=3 * found.se_b[18])
    assert np.isnan(found.se_b[19])
    assert list(found.n[17:]) == [400, 120, 30]


def test_a_later_calibration_comes_to_the_scale_of_the_bank() -> None:
    """Pupils are stronger by half a standard deviation, and the items stay where they are."""
    known = bank(truth(), ("calibrated",) * J)
    found = calibrate_bank(everything(mean=0.5), known, SETTINGS)
    assert (found.scale, set(found.sources)) == ("linked", {"linked"})
    assert found.prior_mean[0] == pytest.approx(0.5, abs=0.08)
    assert found.prior_sd[0] == pytest.approx(1.0, abs=0.08)
    assert abs(float((found.parameters.b - truth().b).mean())) < 0.05


def test_an_item_that_became_easier_is_found_and_not_linked_by() -> None:
    moved = truth()
    b = moved.b.copy()
    b[10] -= 1.5
    codes = simulate_responses(abilities(), replace(moved, b=b), seed=3)
    found = calibrate_bank(data(codes), bank(truth(), ("calibrated",) * J), SETTINGS)
    assert found.drift is not None
    assert found.drift.z_b[10] < -3
    assert not found.kept_common[10]
    assert found.parameters.b[10] == pytest.approx(truth().b[10] - 1.5, abs=0.4)


def test_held_items_keep_their_parameters_to_the_last_digit() -> None:
    moved = truth()
    b = moved.b.copy()
    b[10] -= 1.5
    codes = simulate_responses(abilities(mean=0.5), replace(moved, b=b), seed=3)
    settings = CalibrationSettings(wanted=250, scale="fixed")
    found = calibrate_bank(data(codes), bank(truth(), ("calibrated",) * J), settings)
    held = found.kept_common
    assert found.scale == "fixed"
    assert held.sum() >= 10
    assert not held[10]
    assert_array_equal(found.parameters.b[held], truth().b[held])
    assert {found.sources[item] for item in np.flatnonzero(held)} == {""}
    assert found.sources[10] == "calibrated"
    assert found.prior_mean[0] == pytest.approx(0.5, abs=0.1)


def test_a_second_trial_speaks_of_new_items_through_the_pupils_first() -> None:
    """Everybody met the first ten items on the first trial and others on the second: nothing ties the two but
    the pupils, who have learned half a standard deviation in ten weeks."""
    theta, own = abilities(), truth()
    first = simulate_responses(theta, own, seed=3)
    second = simulate_responses(theta + 0.5, own, seed=4)
    first[:, 10:], second[:, :10] = -1, -1
    both = data(
        np.concatenate((first, second)),
        form=np.repeat([1, 2], N),
        occasion=np.repeat([1, 2], N),
        before=np.concatenate((np.full(N, -1), np.arange(N))),
        weeks=np.repeat([0.0, 10.0], N),
        between=np.zeros(2 * N, dtype=int),
    )
    learning = Dynamics("ten weeks", 0.05, 0.0, 0.02, 0.0)
    found = calibrate_bank(both, assumed(), SETTINGS, dynamics=learning)
    assert found.sources == ("calibrated",) * 10 + ("pretest",) * 10
    assert found.fitted.sum() == N
    later = (found.parameters.b - own.b)[10:]
    assert abs(float(later.mean())) < 0.12
    ignored = calibrate_bank(both, assumed(), SETTINGS, dynamics=STILL)
    assert float((ignored.parameters.b - own.b)[10:].mean()) < float(later.mean()) - 0.3


def test_an_occasion_that_items_tie_has_a_population_of_its_own() -> None:
    theta, own = abilities(), truth()
    half = np.arange(N) < N // 2
    codes = simulate_responses(np.where(half, theta, theta + 0.8), own, seed=3)
    found = calibrate_bank(data(codes, occasion=np.where(half, 1, 2)), assumed(), SETTINGS)
    assert found.fitted.all()
    assert found.prior_mean[~half][0] - found.prior_mean[half][0] == pytest.approx(0.8, abs=0.2)


def test_an_item_with_an_empty_category_keeps_what_it_has() -> None:
    codes = everything().codes.copy()
    codes[:, 4] = np.minimum(codes[:, 4], 1)
    found = calibrate_bank(data(codes), assumed(), SETTINGS)
    assert (found.sources[4], found.problems[4]) == ("", "empty_category")
    assert found.parameters.b[4] == assumed().parameters.b[4]
    assert found.sources[:4] + found.sources[5:] == ("calibrated",) * 19


def test_too_little_is_said_by_its_name() -> None:
    whole = everything()
    with pytest.raises(TooLittle, match="too_few_items"):
        calibrate_bank(whole, assumed(), CalibrationSettings(wanted=401))
    with pytest.raises(TooLittle, match="too_few_candidates"):
        calibrate_bank(data(whole.codes[:99]), assumed(), SETTINGS)


def test_steps_are_told_in_order() -> None:
    heard: list[str] = []
    calibrate_bank(everything(), bank(truth(), ("calibrated",) * J), SETTINGS, tell=heard.append)
    assert heard == ["fit", "link", "pretest"]


def test_posteriors_know_the_pupils() -> None:
    found = calibrate_bank(everything(), assumed(), SETTINGS)
    assert_allclose(found.posteriors.sum(axis=1), 1)
    theta = found.posteriors @ np.linspace(-5, 5, 41)
    assert np.corrcoef(theta, abilities())[0, 1] > 0.85
