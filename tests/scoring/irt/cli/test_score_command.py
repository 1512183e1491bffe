"""Does `score` give each candidate the ability that the engine finds, under the right population?"""

import csv
from dataclasses import replace

import numpy as np
import pytest

from scoring.irt.ability.scores import score
from scoring.irt.calibration.result import Population
from scoring.irt.cli.main import main
from scoring.irt.cli.parameters_csv import to_csv
from scoring.irt.cli.parameters_json import to_json
from scoring.irt.types import MissingRule
from tests.scoring.irt.cli import samples


@pytest.fixture
def folder(tmp_path):
    samples.write_table(tmp_path / "trial.csv")
    (tmp_path / "items.json").write_text(to_json(samples.known()))
    (tmp_path / "items.csv").write_text(to_csv(samples.known()))
    return tmp_path


def run(folder, *words, items="items.json"):
    return main(["score", str(folder / "trial.csv"), "--items", str(folder / items), *map(str, words)])


def table(path):
    with path.open(newline="") as stream:
        return list(csv.DictReader(stream))


def column(rows, name):
    return np.array([float(row[name]) if row[name] else np.nan for row in rows])


def test_each_candidate_under_the_population_of_the_group(folder, capsys):
    out = folder / "abilities.csv"
    assert run(folder, "--group", "region", "--csv", out) == 0
    rows = table(out)
    assert list(rows[0]) == ["candidate", "group", "theta", "se", "n_items"]
    assert [row["candidate"] for row in rows] == [f"K{row:03d}" for row in range(samples.N)]
    assert [row["group"] for row in rows] == samples.groups()
    population = samples.calibration().population
    south = np.array([label == "south" for label in samples.groups()]).astype(int)
    expected = score(
        samples.responses(),
        samples.calibration().items,
        prior_mean=population.mean[south],
        prior_sd=population.sd[south],
    )
    np.testing.assert_allclose(column(rows, "theta"), expected.theta, rtol=0, atol=6e-6)
    np.testing.assert_allclose(column(rows, "se"), expected.se, rtol=0, atol=6e-6)
    assert column(rows, "n_items").tolist() == expected.n_items.tolist()
    told = capsys.readouterr()
    assert told.out == ""
    assert told.err.startswith("400 candidates, 6 of 6 known items, eap: mean ")


@pytest.mark.parametrize("method", ["ml", "wle"])
def test_methods_without_a_population_need_no_group(folder, capsys, method):
    assert run(folder, "--ignore", "region", "--method", method) == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    expected = score(samples.responses(), samples.calibration().items, method)
    np.testing.assert_allclose(column(rows, "theta"), expected.theta, rtol=0, atol=6e-6)


def test_a_population_by_hand_and_other_rules(folder, capsys):
    assert (
        run(folder, "--ignore", "region", "--prior", "0.5,0.8", "--omitted", "missing", items="items.csv")
        == 0
    )
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    expected = score(
        samples.responses(),
        samples.calibration().items,
        prior_mean=0.5,
        prior_sd=0.8,
        omitted=MissingRule.NOT_PRESENTED,
    )
    np.testing.assert_allclose(column(rows, "theta"), expected.theta, rtol=0, atol=2e-5)
    assert column(rows, "n_items").tolist() == expected.n_items.tolist()


def test_rules_are_those_of_the_calibration(folder, capsys):
    items = replace(samples.known(), run={"omitted": "not_presented"})
    (folder / "items.json").write_text(to_json(items))
    assert run(folder, "--ignore", "region", "--prior", "0,1") == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    assert rows[1]["n_items"] == "5"  # an omitted response, which says nothing then
    (folder / "items.json").write_text(to_json(replace(items, run={"omitted": "wrong"})))
    assert run(folder, "--ignore", "region", "--prior", "0,1") == 2
    assert "items.json, field \"run\": 'wrong' is not a valid MissingRule" in capsys.readouterr().err


def test_a_regression_takes_its_covariates_from_the_table(tmp_path, capsys):
    ages = np.arange(samples.N) % 5 / 4
    samples.write_table(tmp_path / "trial.csv", extra={"age": [str(age) for age in ages]})
    one = np.ones(1)
    population = Population(("",), 0.1 * one, 0.9 * one, one, one, 0.5 * one, one)
    items = replace(samples.known(), population=population, covariates=("age",))
    (tmp_path / "items.json").write_text(to_json(items))
    assert run(tmp_path, "--ignore", "region") == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    expected = score(
        samples.responses(), samples.calibration().items, prior_mean=0.1 + 0.5 * ages, prior_sd=0.9
    )
    np.testing.assert_allclose(column(rows, "theta"), expected.theta, rtol=0, atol=6e-6)


def test_a_conversion_table_of_totals(folder):
    out = folder / "totals.csv"
    assert (
        run(folder, "--ignore", "region", "--prior", "0,1", "--totals", out, "--csv", folder / "x.csv") == 0
    )
    rows = table(out)
    best = int((samples.ITEMS.n_categories - 1).sum())
    assert column(rows, "total").tolist() == list(range(best + 1))
    assert (np.diff(column(rows, "theta")) > 0).all()
    assert column(rows, "share_expected").sum() == pytest.approx(1, abs=1e-4)


def test_a_candidate_without_responses_has_no_estimate_but_a_row(folder, capsys):
    (folder / "trial.csv").write_text("candidate,M01,M02\nA,,\nB,1,0\n")
    assert run(folder, "--method", "wle") == 0
    assert capsys.readouterr().out.splitlines()[1] == "A,,,0"


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--ignore", "region"], "calibrated with the groups north, south. Name the column with --group"),
        (["--group", "M01", "--ignore", "region"], 'line 2, column "M01": the calibration has no group "'),
        (["--group", "region", "--csv", "nowhere/x.csv"], "there is no folder"),
    ],
)
def test_bad_input(folder, capsys, words, told):
    assert run(folder, *words) == 2
    assert told in capsys.readouterr().err


@pytest.mark.parametrize("text", ["1", "a,b", "0,0", "0,inf"])
def test_a_prior_that_is_none(folder, capsys, text):
    with pytest.raises(SystemExit) as caught:
        run(folder, "--prior", text)
    assert caught.value.code == 2
    assert "argument --prior" in capsys.readouterr().err


NOTE = "note: the population is not known: mean 0 and sd 1 are taken; --prior MEAN,SD gives another\n"


def test_a_population_that_nobody_told_is_said(folder, capsys):
    words, out = ["--ignore", "region", "--csv", folder / "x.csv"], folder / "totals.csv"
    for method in ("eap", "map"):
        assert run(folder, *words, "--method", method, items="items.csv") == 0
        assert capsys.readouterr().err.startswith(NOTE)
    for items in ("items.csv", "items.json"):  # of which the latter has two groups
        assert run(folder, *words, "--method", "wle", items=items) == 0
        assert "note" not in capsys.readouterr().err
        assert run(folder, *words, "--method", "wle", "--totals", out, items=items) == 0
        assert capsys.readouterr().err.startswith(NOTE)
    assert run(folder, *words, "--prior", "0,1", items="items.csv") == 0
    assert "note" not in capsys.readouterr().err


def test_a_prior_with_a_minus(folder, capsys):
    assert run(folder, "--ignore", "region", "--prior", "-1,0.8") == 0
    rows = list(csv.DictReader(capsys.readouterr().out.splitlines()))
    expected = score(samples.responses(), samples.calibration().items, prior_mean=-1, prior_sd=0.8)
    np.testing.assert_allclose(column(rows, "theta"), expected.theta, rtol=0, atol=6e-6)


@pytest.mark.parametrize("method", ["ml", "wle"])
def test_a_prior_where_none_is_used(folder, capsys, method):
    words = ["--ignore", "region", "--method", method, "--prior", "0,1"]
    assert run(folder, *words, "--csv", folder / "x.csv") == 2
    assert f"--prior: {method} uses no population; leave it out" in capsys.readouterr().err
    assert not (folder / "x.csv").exists()
    # The table of totals does use one.
    assert run(folder, *words, "--totals", folder / "totals.csv", "--csv", folder / "x.csv") == 0


def test_covariates_are_passed_over_where_no_population_is_used(folder, capsys):
    one = np.ones(1)
    population = Population(("",), 0.1 * one, 0.9 * one, one, one, 0.5 * one, one)
    items = replace(samples.known(), population=population, covariates=("age",))
    (folder / "items.json").write_text(to_json(items))
    words = ["--ignore", "region", "--method", "wle"]
    assert run(folder, *words) == 0
    without = capsys.readouterr().out
    samples.write_table(folder / "trial.csv", extra={"age": ["12.5"] * samples.N})
    assert run(folder, *words) == 0
    assert capsys.readouterr().out == without


def test_items_of_a_search_that_was_broken_off(folder, capsys):
    (folder / "items.json").write_text(to_json(samples.not_converged()))
    assert run(folder, "--group", "region", "--csv", folder / "x.csv") == 0
    assert capsys.readouterr().err.startswith(f"note: items.json: {samples.NOTE_NOT_CONVERGED}")
