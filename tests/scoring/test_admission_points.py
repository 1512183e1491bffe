"""Do half-points become the admission points of their day?"""

from datetime import date
from pathlib import Path

import pytest

from scoring.admission_points import admission_interval, admission_points, load_regimes
from scoring.data_file import DataFileError
from tests.scoring.mathematics import SCORING_DATA

REGIMES = load_regimes(SCORING_DATA / "regimes.toml")

REGIME = """
[[regime]]
identifier = "one"
valid_from = 2020-09-01
valid_to = 2021-08-31
half_points_max = 40
school_points_max = 60
round_to_thousandths = 10
source = "made up"
[regime.thousandths_per_half_point]
mathematics = 325
"""


@pytest.mark.parametrize(
    ("day", "test_kind", "thousandths"),
    [
        (date(2012, 6, 12), "mother_tongue", 20_000),
        (date(2012, 6, 13), "mathematics", 20_000),
        (date(2014, 6, 16), "mathematics", 16_000),
        (date(2014, 6, 18), "combined", 8_000),
        (date(2016, 6, 15), "mother_tongue", 10_000),
        (date(2018, 6, 20), "combined", 10_000),
        (date(2020, 6, 17), "mother_tongue", 13_000),
        (date(2022, 6, 28), "mathematics", 13_000),
        (date(2022, 6, 29), "combined", 14_000),
        (date(2025, 6, 23), "mother_tongue", 14_000),
        (date(2025, 6, 24), "mathematics", 14_000),
        (date(2025, 6, 25), "chosen_subject", 12_000),
    ],
)
def test_a_full_test_brings_the_published_maximum(day, test_kind, thousandths):
    assert admission_points(40, test_kind, day, REGIMES) == thousandths


@pytest.mark.parametrize(("half_points", "thousandths"), [(0, 0), (1, 350), (23, 8_050), (31, 10_850)])
def test_half_points_in_mathematics_now(half_points, thousandths):
    assert admission_points(half_points, "mathematics", date(2026, 4, 25), REGIMES) == thousandths


@pytest.mark.parametrize(
    ("half_points", "thousandths"), [(1, 330), (2, 650), (3, 980), (4, 1_300), (17, 5_530)]
)
def test_2019_to_2022_rounds_to_hundredths_halves_upwards(half_points, thousandths):
    # 0.325, 0.650, 0.975, 1.300, 5.525
    assert admission_points(half_points, "mathematics", date(2021, 6, 24), REGIMES) == thousandths


def test_predicted_half_points_become_an_interval_under_the_regime_of_the_day():
    now, then = date(2026, 4, 25), date(2021, 6, 24)
    assert admission_interval(22, 31, 40, "mathematics", now, REGIMES) == (7_700, 10_850)
    assert admission_interval(17, 17, 40, "mathematics", then, REGIMES) == (5_530, 5_530)


@pytest.mark.parametrize(
    ("maximum", "test_kind", "day"),
    [
        (20, "mathematics", date(2026, 4, 25)),
        (40, "combined", date(2026, 4, 25)),
        (40, "mathematics", date(2009, 6, 10)),
    ],
)
def test_there_is_no_interval_where_the_points_are_not_those_of_a_test_of_that_day(maximum, test_kind, day):
    assert admission_interval(5, 9, maximum, test_kind, day, REGIMES) is None


def test_a_regime_changes_with_the_school_year():
    assert REGIMES.on(date(2022, 8, 31)).identifier == "2019-2022"
    assert REGIMES.on(date(2022, 9, 1)).identifier == "2023"
    assert REGIMES.on(date(2030, 6, 20)).identifier == "2023"


def test_days_before_the_first_regime_name_file_and_remedy():
    with pytest.raises(
        DataFileError, match=r"regimes\.toml: \[\[regime\]\]: none holds on 2009-06-10\. Add one"
    ):
        REGIMES.on(date(2009, 6, 10))


def test_a_test_unknown_to_the_regime_names_those_it_knows():
    with pytest.raises(
        DataFileError, match=r"regimes\.toml: .*2023.*'combined'.*mathematics, chosen_subject"
    ):
        admission_points(10, "combined", date(2025, 6, 25), REGIMES)


@pytest.mark.parametrize("half_points", [-1, 41])
def test_impossible_half_points_are_refused(half_points):
    with pytest.raises(ValueError, match="0 to 40"):
        admission_points(half_points, "mathematics", date(2025, 6, 24), REGIMES)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            "mathematics = 325",
            "mathematics = 0.325",
            "thousandths_per_half_point, mathematics: is 0.325. Write",
        ),
        ("mathematics = 325", "mathematics = -1", "mathematics: is -1"),
        ('identifier = "one"', "", "number 1, identifier: is missing"),
        ("valid_from = 2020-09-01", 'valid_from = "2020-09-01"', "one, valid_from: is '2020-09-01'"),
        ("round_to_thousandths = 10", "round_to_thousandths = 0", "round_to_thousandths: is 0"),
        ("half_points_max = 40", "half_points_max = true", "half_points_max: is True"),
        ("[[regime]]", "[[rule]]", "regime: is missing or empty"),
        ("[[regime]]", "[[regime", "syntax"),
    ],
)
def test_a_bad_file_is_named_by_place_and_remedy(tmp_path: Path, old, new, message):
    path = tmp_path / "regimes.toml"
    path.write_text(REGIME.replace(old, new), encoding="utf-8")
    with pytest.raises(DataFileError) as caught:
        load_regimes(path)
    assert str(caught.value).startswith(f"{path}: ")
    assert message in str(caught.value)


def test_overlapping_regimes_are_refused(tmp_path: Path):
    path = tmp_path / "regimes.toml"
    second = (
        REGIME.replace("one", "two").replace("2020-09-01", "2021-08-31").replace("valid_to", "# valid_to")
    )
    path.write_text(REGIME + second, encoding="utf-8")
    with pytest.raises(DataFileError, match="one, valid_to: overlaps two, which starts on 2021-08-31"):
        load_regimes(path)
