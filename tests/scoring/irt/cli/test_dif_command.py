"""Does `dif` compare the right groups, and tell what each method finds?"""

import csv

import numpy as np
import pytest

from scoring.irt.cli.main import main
from scoring.irt.dif.likelihood_ratio import likelihood_ratio
from scoring.irt.dif.logistic_regression import logistic_regression
from scoring.irt.dif.mantel_haenszel import mantel_haenszel
from tests.scoring.irt.cli import samples

COMPLETE = ["M01", "M02", "M03", "M04"]  # without blank cells


@pytest.fixture
def trial(tmp_path):
    return samples.write_table(tmp_path / "trial.csv")


def run(*words):
    return main(["dif", *map(str, words)])


def test_mantel_haenszel_of_the_smaller_group(trial, tmp_path, capsys):
    out = tmp_path / "dif.csv"
    assert run(trial, "--group", "region", "--csv", out) == 0
    told = capsys.readouterr().out
    assert told.startswith(
        "focal group south against all others, method mh\n"
        "south is focal: the smaller group, 134 candidates beside 266\nitem  n_focal  n_reference   delta"
    )
    rows = list(csv.DictReader(out.read_text().splitlines()))
    expected = mantel_haenszel(samples.responses(), np.array(samples.groups()), focal="south")
    assert [row["item"] for row in rows] == list(samples.NAMES)
    np.testing.assert_allclose([float(row["chi_square"]) for row in rows], expected.chi_square, atol=6e-6)
    assert [row["class"] for row in rows] == list(expected.ets_class)
    assert [int(row["n_focal"]) for row in rows] == expected.n_focal.tolist()


def test_logistic_regression_of_a_named_group(trial, tmp_path, capsys):
    out = tmp_path / "dif.csv"
    words = ["--group", "region", "--focal", "north", "--reference", "south", "--method", "logistic"]
    assert run(trial, *words, "--csv", out) == 2
    assert "--method logistic needs candidates who all met the same items" in capsys.readouterr().err
    assert run(trial, *words, "--ignore", "M05,M06", "--csv", out) == 0
    told = capsys.readouterr().out
    assert "focal group north against south, method logistic\nnorth is focal: named with --focal\n" in told
    rows = list(csv.DictReader(out.read_text().splitlines()))
    expected = logistic_regression(
        samples.responses()[:, :4], np.array(samples.groups()), focal="north", reference="south"
    )
    np.testing.assert_allclose([float(row["effect"]) for row in rows], expected.group_effect, atol=6e-6)
    assert [row["item"] for row in rows] == COMPLETE


def test_likelihood_ratio_with_progress(trial, tmp_path, capsys):
    out = tmp_path / "dif.csv"
    words = ["--method", "lr", "--ignore", "M03,M04,M05", "--model", "rasch", "--progress", "--csv", out]
    assert run(trial, "--group", "region", *words) == 0
    assert capsys.readouterr().err.splitlines()[-1] == "calibration 4 of 4"
    rows = list(csv.DictReader(out.read_text().splitlines()))
    expected = likelihood_ratio(
        samples.responses()[:, [0, 1, 5]], np.array(samples.groups()), "rasch", focal="south"
    )
    np.testing.assert_allclose([float(row["chi_square"]) for row in rows], expected.chi_square, atol=6e-6)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--ignore", "region"], "--group COL is needed"),
        (["--group", "region", "--model", "2pl"], "--model: mh fits no model; leave it out, or take"),
        (["--group", "region", "--focal", "west"], 'no group is called "west"; there are north, south'),
        (["--group", "M04", "--ignore", "region"], "name one with --focal; the groups are 0, 1, 2"),
        (["--group", "region", "--method", "lr"], 'item "M04" (and 1 more) has categories up to 2'),
    ],
)
def test_bad_input(trial, capsys, words, told):
    assert run(trial, *words) == 2
    assert told in capsys.readouterr().err


def test_one_group_is_no_comparison(tmp_path, capsys):
    trial = samples.write_table(tmp_path / "trial.csv", extra={"year": ["2026"] * samples.N})
    assert run(trial, "--ignore", "region", "--group", "year") == 2
    assert 'column "year": everybody is in the group 2026, so nothing is compared' in capsys.readouterr().err


def test_why_a_group_is_focal(tmp_path, capsys):
    halves = ["2025" if row % 2 else "2026" for row in range(samples.N)]
    trial = samples.write_table(tmp_path / "trial.csv", extra={"year": halves})
    words = ["--ignore", "region,M03,M04,M05,M06", "--group", "year"]
    assert run(trial, *words) == 0
    told = capsys.readouterr().out
    assert "2025 is focal: both have 200 candidates, and it is the first by name (--focal changes it)" in told
    assert run(trial, *words, "--reference", "2025") == 0
    assert "2026 is focal: the other one is named with --reference" in capsys.readouterr().out
    with pytest.raises(SystemExit):
        run("-h")
    assert "of two as large, the first by name" in " ".join(capsys.readouterr().out.split())
