"""Does `fit` calibrate as asked, write what later runs need, and say how it went?"""

import json
import re
from pathlib import Path

import numpy as np
import pytest

from scoring.irt.calibration import Anchors, fit
from scoring.irt.cli.main import main
from scoring.irt.cli.parameters_json import to_json
from tests.scoring.irt.cli import samples

MODEL = ["--model", "2pl", "--model", "M03=3pl,M04=gpcm,M05=grm"]


@pytest.fixture
def trial(tmp_path):
    return samples.write_table(tmp_path / "trial.csv")


def run(*words):
    return main(["fit", *map(str, words)])


def test_items_population_and_run_as_the_engine_finds_them(trial, tmp_path, capsys):
    out = tmp_path / "items.json"
    assert run(trial, *MODEL, "--group", "region", "--json", out, "--csv", tmp_path / "items.csv") == 0
    expected = samples.calibration()
    found = json.loads(out.read_text())
    assert [item["name"] for item in found["items"]] == list(samples.NAMES)
    assert [item["a"] for item in found["items"]] == expected.a.tolist()
    assert found["items"][2]["c"] == expected.c[2]
    assert found["items"][4]["steps"] == expected.steps[4].tolist()
    assert [group["name"] for group in found["population"]["groups"]] == ["north", "south"]
    assert found["run"]["log_likelihood"] == expected.log_likelihood
    assert found["run"]["converged"] is True
    assert (found["run"]["responses"], found["run"]["priors"]) == ("trial.csv", "default")
    assert (tmp_path / "items.csv").read_text().startswith("item,model,a,b,c,step_1,step_2,step_3,se_a,")
    told = capsys.readouterr()
    assert told.out.startswith("trial.csv: 6 of 6 items calibrated, 400 candidates\n")
    assert f"log-likelihood {expected.log_likelihood:.3f}, {expected.n_parameters} parameters" in told.out
    row = next(line.split() for line in told.out.splitlines() if line.startswith("M02"))
    assert row == [
        "M02",
        "2pl",
        *(f"{part[1]:.3f}" for part in (expected.a, expected.se_a, expected.b, expected.se_b)),
    ]
    assert told.err == ""
    north, south = (line.split() for line in told.out.splitlines() if line.startswith(("north", "south")))
    population = expected.population
    assert north[:3] == ["north", "266", "0.000"]
    assert south[:3] == ["south", "134", f"{population.mean[1]:.3f}"]
    assert re.search(r"group +n +mean +se +sd +se\n", told.out)


def test_lsat_6_from_a_table_comes_out_as_published(tmp_path, capsys):
    fixtures = Path(__file__).parents[4] / "fixtures" / "irt"
    published = json.loads((fixtures / "lsat6_calibration.json").read_text())["two_parameter"]
    out = tmp_path / "items.json"
    assert run(fixtures / "lsat6.csv", "--model", "2pl", "--grid=61,-6,6", "--json", out) == 0
    found = json.loads(out.read_text())
    assert found["run"]["log_likelihood"] == pytest.approx(published["log_likelihood"], abs=1e-4)
    for letter in "ab":
        values = [item[letter] for item in found["items"]]
        assert values == pytest.approx(published[letter], abs=5e-4)
    assert "log-likelihood -2466.653, 10 parameters" in capsys.readouterr().out


def test_progress_where_it_was_asked_for(trial, capsys):
    assert run(trial, "--ignore", "region,M03,M04,M05", "--model", "rasch", "--progress") == 0
    lines = capsys.readouterr().err.splitlines()
    assert lines[0].startswith("pass 1  log-likelihood -")
    assert len(lines) > 3


def test_a_search_that_was_broken_off_says_so_loudly(trial, tmp_path, capsys):
    out = tmp_path / "items.json"
    assert run(trial, *MODEL, "--ignore", "region", "--max-iterations", "2", "--json", out) == 1
    assert "NOT CONVERGED after 2 passes" in capsys.readouterr().out
    assert json.loads(out.read_text())["run"]["converged"] is False


def test_anchors_hold_the_scale(trial, tmp_path, capsys):
    anchors = tmp_path / "anchors.csv"
    anchors.write_text("item,model,a,b\nM01,2pl,1.2,-0.5\nM02,2pl,0.8,0.3\nM77,2pl,1,1\n")
    out = tmp_path / "items.json"
    assert run(trial, *MODEL, "--ignore", "region", "--anchors", anchors, "--json", out) == 0
    found = json.loads(out.read_text())
    assert [(item["a"], item["b"], item["se_a"]) for item in found["items"][:2]] == [
        (1.2, -0.5, 0),
        (0.8, 0.3, 0),
    ]
    expected = fit(
        samples.responses(),
        samples.MODELS,
        anchors=Anchors(index=np.array([0, 1]), parameters=samples.ITEMS.select([0, 1])),
    )
    assert found["population"]["groups"][0]["mean"] == expected.population.mean[0]
    assert found["run"]["anchors"] == ["M01", "M02"]
    told = capsys.readouterr()
    assert re.search(r"^all +400 ", told.out, re.MULTILINE)
    assert told.err == ""


def test_covariates_are_told_with_their_names(tmp_path, capsys):
    ages = [f"{row % 5 / 4 - 0.5}" for row in range(samples.N)]
    trial = samples.write_table(tmp_path / "trial.csv", extra={"age": ages})
    out = tmp_path / "items.json"
    assert run(trial, *MODEL, "--ignore", "region", "--covariates", "age", "--json", out) == 0
    expected = fit(samples.responses(), samples.MODELS, covariates=np.array(ages, dtype=float))
    (found,) = json.loads(out.read_text())["population"]["covariates"]
    assert (found["name"], found["coefficient"]) == ("age", expected.population.coefficients[0])
    assert "covariate  coefficient     se\nage" in capsys.readouterr().out


def test_items_to_look_at_are_told_by_name(tmp_path, capsys):
    trial = samples.write_table(tmp_path / "trial.csv", extra={"M07": ["1"] * samples.N})
    assert run(trial, *MODEL, "--ignore", "region") == 0
    told = capsys.readouterr().out
    assert "6 of 7 items calibrated" in told
    assert 'item "M07": everybody has all points' in told


@pytest.mark.parametrize(
    ("words", "told"),
    [
        ([], 'trial.csv, line 2, column "region": "south" is not a response'),
        (
            ["--ignore", "region"],
            'item "M04" (and 1 more) has categories up to 2, and 2pl is for right or wrong',
        ),
        (["--ignore", "region", "--model", "5pl"], '--model: "5pl" is no model'),
        (["--group", "region", *MODEL, "--json", "nowhere/items.json"], "there is no folder"),
        (
            ["--ignore", "region,M03,M04,M05,M06", "--model", "2pl"],
            "2 items cannot tell how items discriminate",
        ),
    ],
)
def test_bad_input_is_told_in_a_line_with_status_2(trial, capsys, words, told):
    assert run(trial, *words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith("error: ")
    assert told in captured.err
    assert "Traceback" not in captured.err


def test_anchors_that_fit_nothing(trial, tmp_path, capsys):
    anchors = tmp_path / "anchors.csv"
    anchors.write_text("item,a,b\nX,1,0\n")
    assert run(trial, *MODEL, "--ignore", "region", "--anchors", anchors) == 2
    assert "--anchors: trial.csv has none of those items" in capsys.readouterr().err
    anchors.write_text("item,a,b\nM04,1,0\n")
    assert run(trial, *MODEL, "--ignore", "region", "--anchors", anchors) == 2
    assert 'column "M04": category 2, but the item has 0 to 1' in capsys.readouterr().err


def test_anchors_of_a_search_that_was_broken_off(trial, tmp_path, capsys):
    anchors = tmp_path / "anchors.json"
    anchors.write_text(to_json(samples.not_converged()))
    assert run(trial, "--ignore", "region", "--anchors", anchors) == 0
    assert capsys.readouterr().err == f"note: anchors.json: {samples.NOTE_NOT_CONVERGED}"


def few(tmp_path):
    trial = samples.write_table(tmp_path / "trial.csv")
    trial.write_text("\n".join(trial.read_text().splitlines()[:200]) + "\n")  # 199 candidates
    return trial


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--model", "rasch"], ""),
        (["--model", "1pl"], ""),
        (["--model", "2pl", "--priors", "weak"], ""),
        (["--model", "2pl"], "3 of 3 items with a slope of their own were met by fewer than 200 candidates"),
        (["--model", "rasch", "--model", "M06=2pl"], "1 of 1 items with a slope of their own"),
    ],
)
def test_few_candidates_are_told_of_priors(tmp_path, capsys, words, told):
    assert run(few(tmp_path), "--ignore", "region,M03,M04,M05", *words) == 0
    err = capsys.readouterr().err
    assert err.startswith(f"note: {told}") if told else err == ""
    assert ("--priors weak" in err) is bool(told)


def test_few_candidates_of_anchors_and_of_items_that_nobody_met(tmp_path, capsys):
    trial = few(tmp_path)
    lines = trial.read_text().splitlines()
    trial.write_text("\n".join([f"{lines[0]},none", *(f"{line}," for line in lines[1:])]) + "\n")
    anchors = tmp_path / "anchors.csv"
    anchors.write_text("item,model,a,b\nM01,2pl,1.2,-0.5\nM02,2pl,0.8,0.3\n")
    assert run(trial, "--ignore", "region,M03,M04,M05", "--anchors", anchors) == 0
    assert capsys.readouterr().err.startswith("note: 1 of 2 items with a slope of their own")
