"""Does the report find what was planted, and nothing where nothing is?"""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from scoring.bank_calibration import calibrate_bank
from scoring.calibration_report import GRAVE, calibration_report, plain
from scoring.calibration_types import CalibrationData, CalibrationSettings
from scoring.irt import simulate_responses
from scoring.irt.types import ResponseArray
from tests.scoring.test_bank_calibration import J, N, abilities, assumed, bank, data, everything, truth

SETTINGS = CalibrationSettings(wanted=250)


def report_on(given: CalibrationData, known: Any = None) -> dict[str, Any]:
    known = known or assumed()
    return calibration_report(given, known, calibrate_bank(given, known, SETTINGS))


def many(n: int = 1200) -> ResponseArray:
    return simulate_responses(abilities(n), truth(), seed=3)


@pytest.fixture(scope="module")
def quiet() -> dict[str, Any]:
    return report_on(data(many(), groups={"region": np.tile(["North", "South"], 600)}))


def test_where_nothing_is_wrong_nothing_is_flagged(quiet: dict[str, Any]) -> None:
    assert [row["flags"] for row in quiet["items"]] == [[]] * J
    assert quiet["pairs"] == []
    assert quiet["dif"] == [
        {"kind": "region", "focal": "North", "n_focal": 600, "n_others": 600, "n_tested": J, "items": []}
    ]


def test_the_summary_counts(quiet: dict[str, Any]) -> None:
    told = quiet["summary"]
    counts = {name: told[name] for name in ("n_rows", "n_responses", "n_items", "n_calibrated", "n_kept")}
    assert counts == {
        "n_rows": 1200, "n_responses": 24000, "n_items": J, "n_calibrated": J, "n_kept": 0,
    }  # fmt: skip
    assert (told["scale"], told["converged"]) == ("first", True)
    assert quiet["population"] == [{"mean": 0.0, "sd": 1.0, "n": 1200}]


def test_facility_is_the_share_of_points(quiet: dict[str, Any]) -> None:
    codes = many()
    assert quiet["items"][4]["facility"] == pytest.approx(float(codes[:, 4].mean()) / 2, abs=1e-4)
    assert quiet["items"][5]["facility"] == pytest.approx(float(codes[:, 5].mean()), abs=1e-4)
    assert quiet["items"][5]["n"] == 1200


def test_fit_is_told_for_complete_forms(quiet: dict[str, Any]) -> None:
    row = quiet["items"][7]
    assert (row["sx2_n"], row["sx2_df"] > 5, 0 < row["sx2_p"] < 1) == (1200, True, True)
    few = report_on(everything(np.tile(np.arange(J) != 3, (N, 1)) | (np.arange(N) < 100)[:, None]))
    assert few["items"][3]["sx2"] is None


def test_a_wrong_key_is_grave() -> None:
    codes = many().copy()
    codes[:, 9] = 1 - codes[:, 9]
    flags = report_on(data(codes))["items"][9]["flags"]
    assert "backwards" in flags
    assert GRAVE.intersection(flags)


def test_an_item_that_is_harder_in_one_region_is_found() -> None:
    theta, own = abilities(1200), truth()
    north = np.arange(1200) < 600
    codes = simulate_responses(theta, own, seed=3)
    harder = simulate_responses(theta - 1.2, own, seed=5)
    codes[north, 10] = harder[north, 10]
    found = report_on(data(codes, groups={"region": np.where(north, "North", "South")}))
    assert [one["item"] for one in found["dif"][0]["items"]] == [10]
    assert found["dif"][0]["items"][0]["class"] == "C"
    assert found["dif"][0]["items"][0]["difference"] < -0.1
    assert found["items"][10]["flags"] == ["dif_region"]


def test_few_pupils_are_not_compared() -> None:
    labels = np.where(np.arange(N) < 99, "North", "South")
    assert report_on(data(everything().codes, groups={"region": labels}))["dif"] == []


def test_an_item_that_is_easier_in_practice_is_found() -> None:
    theta, own = abilities(1200), truth()
    codes = simulate_responses(theta, own, seed=3)
    practised = np.zeros(codes.shape, dtype=bool)
    practised[:500, 10:12] = True
    codes[:500, 10] = simulate_responses(theta + 1.5, own, seed=5)[:500, 10]
    (entry,) = report_on(data(codes, practised=practised))["dif"]
    assert (entry["kind"], entry["n_tested"], [one["item"] for one in entry["items"]]) == (
        "practice",
        2,
        [10],
    )
    assert entry["items"][0]["log_odds"] > 0.5


def test_two_items_with_one_solution_are_a_pair() -> None:
    codes = many().copy()
    rng = np.random.default_rng(3)
    same = rng.random(1200) < 0.7
    codes[same, 11] = codes[same, 10]
    found = report_on(data(codes))
    assert [(pair["first"], pair["second"]) for pair in found["pairs"]] == [(10, 11)]
    assert "pair" in found["items"][10]["flags"]


def test_drift_is_flagged_only_against_what_was_calibrated() -> None:
    own = truth()
    b = own.b.copy()
    b[10] += 1.2
    codes = simulate_responses(
        abilities(1200), type(own)(own.a, b, own.steps, own.c, own.n_categories), seed=3
    )
    found = report_on(data(codes), bank(own, ("calibrated",) * J))
    assert [place for place, row in enumerate(found["items"]) if "drift" in row["flags"]] == [10]
    assert found["items"][10]["z_b"] > 3
    assert found["summary"]["n_common"] == J
    against_assumptions = report_on(data(codes), bank(own))
    assert all("drift" not in row["flags"] for row in against_assumptions["items"])


def test_a_pretest_item_says_when_it_is_too_uncertain() -> None:
    presented = np.ones((N, J), dtype=bool)
    presented[60:, 18] = False
    presented[240:, 10] = False
    rows = report_on(everything(presented))["items"]
    assert "imprecise" in rows[18]["flags"]
    assert "imprecise" not in rows[10]["flags"]


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (np.float64(1.23456), 1.2346),
        (float("nan"), None),
        (np.int64(3), 3),
        (np.True_, True),
        (float("inf"), None),
    ],
)
def test_figures_leave_as_plain_numbers(value: Any, expected: Any) -> None:
    assert plain(value) == expected
    assert type(plain(value)) is type(expected)
