"""Does `fit` agree with published calibrations of the Law School Admission Test?"""

import numpy as np
import pytest

from scoring.irt import (
    CalibrationResult,
    Population,
    fit,
)
from tests.scoring.irt import lsat

PUBLISHED = lsat.fixture("lsat6_calibration")
LOG_LIKELIHOOD, PARAMETER, ERROR = 0.01, 0.005, 0.001  # how near to what others print


def of_lsat(number: int, model: str, **options) -> CalibrationResult:
    return fit(lsat.responses(number), model, **options)


def test_two_parameter_model_of_lsat_6():
    result, published = of_lsat(6, "2pl"), PUBLISHED["two_parameter"]
    assert result.converged
    assert result.log_likelihood == pytest.approx(published["log_likelihood"], abs=LOG_LIKELIHOOD)
    np.testing.assert_allclose(result.a, published["a"], rtol=0, atol=PARAMETER)
    np.testing.assert_allclose(-result.a * result.b, published["d"], rtol=0, atol=PARAMETER)
    np.testing.assert_allclose(result.b, published["b"], rtol=0, atol=PARAMETER)
    np.testing.assert_allclose(result.se_a, published["se_a"], rtol=0, atol=ERROR)
    assert result.n_parameters == 10 and result.n_candidates == 1000


def test_two_parameter_model_of_lsat_6_as_printed_on_21_points():
    # Fewer points than the model needs: agreement to what 21 of them can give.
    result, printed = of_lsat(6, "2pl"), PUBLISHED["printed_two_parameter"]
    assert result.log_likelihood == pytest.approx(printed["log_likelihood"], abs=LOG_LIKELIHOOD)
    assert result.aic == pytest.approx(printed["aic"], abs=2 * LOG_LIKELIHOOD)
    assert result.bic == pytest.approx(printed["bic"], abs=2 * LOG_LIKELIHOOD)
    np.testing.assert_allclose(result.a, printed["a"], rtol=0, atol=PARAMETER)
    np.testing.assert_allclose(result.b, printed["b"], rtol=0, atol=PARAMETER)
    np.testing.assert_allclose(result.se_a, printed["se_a"], rtol=0, atol=ERROR)
    np.testing.assert_allclose(result.se_b, printed["se_b"], rtol=0, atol=2 * ERROR)


def test_common_slope_of_lsat_6():
    result = of_lsat(6, "1pl")
    for published in (PUBLISHED["common_slope"], PUBLISHED["printed_common_slope"]):
        assert result.log_likelihood == pytest.approx(published["log_likelihood"], abs=LOG_LIKELIHOOD)
        np.testing.assert_allclose(result.a, published["a"], rtol=0, atol=PARAMETER)
        np.testing.assert_allclose(result.b, published["b"], rtol=0, atol=PARAMETER)
        np.testing.assert_allclose(result.se_a, published["se_a"], rtol=0, atol=ERROR)
    printed = PUBLISHED["printed_common_slope"]
    np.testing.assert_allclose(result.se_b, printed["se_b"], rtol=0, atol=ERROR)
    assert result.aic == pytest.approx(printed["aic"], abs=2 * LOG_LIKELIHOOD)
    assert result.bic == pytest.approx(printed["bic"], abs=2 * LOG_LIKELIHOOD)


def test_rasch_model_of_lsat_6():
    result, published = of_lsat(6, "rasch"), PUBLISHED["rasch"]
    assert result.log_likelihood == pytest.approx(published["log_likelihood"], abs=LOG_LIKELIHOOD)
    np.testing.assert_allclose(-result.b, published["d"], rtol=0, atol=PARAMETER)
    np.testing.assert_allclose(result.se_b, published["se_d"], rtol=0, atol=ERROR)
    sd, se_sd = result.population.sd[0], result.population.se_sd[0]
    assert sd**2 == pytest.approx(published["variance"], abs=PARAMETER)
    assert 2 * sd * se_sd == pytest.approx(published["se_variance"], abs=ERROR)


def test_rasch_model_of_lsat_6_with_a_population_of_sd_1():
    result, printed = of_lsat(6, "rasch", population=Population.fixed()), PUBLISHED["printed_slope_1"]
    assert result.log_likelihood == pytest.approx(printed["log_likelihood"], abs=LOG_LIKELIHOOD)
    np.testing.assert_allclose(result.b, printed["b"], rtol=0, atol=PARAMETER)
    np.testing.assert_allclose(result.se_b, printed["se_b"], rtol=0, atol=ERROR)
    assert result.aic == pytest.approx(printed["aic"], abs=2 * LOG_LIKELIHOOD)
    assert result.bic == pytest.approx(printed["bic"], abs=2 * LOG_LIKELIHOOD)


def test_two_parameter_model_of_lsat_7():
    result, published = of_lsat(7, "2pl"), lsat.section(7)
    assert result.log_likelihood == pytest.approx(published["log_likelihood"], abs=LOG_LIKELIHOOD)
    np.testing.assert_allclose(result.a, published["a"], rtol=0, atol=PARAMETER)
    np.testing.assert_allclose(-result.a * result.b, published["d"], rtol=0, atol=PARAMETER)


def test_patterns_with_their_frequencies_are_the_candidates():
    rows = [row for row in lsat.section(6)["patterns"] if row["frequency"]]
    patterns, frequency = (lsat.column(rows, name) for name in ("responses", "frequency"))
    by_pattern, by_candidate = fit(patterns, "2pl", weights=frequency), of_lsat(6, "2pl")
    assert by_pattern.n_candidates == 1000
    assert by_pattern.log_likelihood == pytest.approx(by_candidate.log_likelihood, abs=1e-9)
    np.testing.assert_allclose(by_pattern.a, by_candidate.a, rtol=0, atol=1e-9)
    np.testing.assert_allclose(by_pattern.se_a, by_candidate.se_a, rtol=0, atol=1e-9)
