"""Does `simulate` draw repeatable tables that the other commands read?"""

import csv
from pathlib import Path

import numpy as np
import pytest

from scoring.irt.cli.main import main
from scoring.irt.cli.parameters_json import to_json
from scoring.irt.cli.table import read_responses
from scoring.irt.simulate import simulate_responses
from tests.scoring.irt.cli import samples

POPULATION = ["--mean", "0.2", "--sd", "0.9"]


@pytest.fixture
def items(tmp_path):
    path = tmp_path / "items.json"
    path.write_text(to_json(samples.known()))
    return path


def run(items, *words):
    return main(["simulate", "--items", str(items), *map(str, words)])


def test_a_response_table(items, tmp_path, capsys):
    out = tmp_path / "simulated.csv"
    assert run(items, "--candidates", 500, "--seed", 4, *POPULATION, "--csv", out) == 0
    table = read_responses(out)
    theta = np.random.default_rng([4, 1]).normal(0.2, 0.9, 500)
    expected = simulate_responses(theta, samples.calibration().items, seed=4)
    np.testing.assert_array_equal(table.responses, expected)
    assert (table.items, table.candidates[0]) == (samples.NAMES, "S1")
    assert capsys.readouterr().err.startswith("simulated: 500 candidates, mean ")


def test_the_seed_decides(items, capsys):
    tables = []
    for seed in (1, 1, 2):
        assert run(items, "--candidates", 20, "--seed", seed, *POPULATION) == 0
        tables.append(capsys.readouterr().out)
    assert tables[0] == tables[1] != tables[2]


def test_adaptive_sessions(items, tmp_path, capsys):
    out = tmp_path / "sessions.csv"
    words = ["--candidates", 40, "--seed", 3, *POPULATION, "--adaptive", "--stop-se", 0.6, "--max-items", 5]
    assert run(items, *words, "--csv", out) == 0
    rows = list(csv.DictReader(out.read_text().splitlines()))
    assert len(rows) == 40
    for row in rows:
        given = row["items"].split()
        assert int(row["n_items"]) == len(given) == len(set(given)) <= 5
        assert set(given) <= set(samples.NAMES)
        assert float(row["se"]) <= 0.6 or len(given) == 5
    told = capsys.readouterr().err
    length = np.mean([int(row["n_items"]) for row in rows])
    assert told.startswith(f"simulated: 40 sessions, {length:.1f} items on average; RMSE ")


def test_exposure_is_held_down(items, capsys):
    words = ["--candidates", 60, "--seed", 3, *POPULATION, "--adaptive", "--max-items", 2]
    shares = []
    for extra in ([], ["--exposure", "0.5"]):
        assert run(items, *words, *extra) == 0
        told = capsys.readouterr().err
        shares.append(float(told.split("most met item ")[1].split(",")[0]))
    assert shares[1] < shares[0] == 1.0


def test_the_population_of_the_calibration(items, capsys):
    assert run(items, "--candidates", 5, "--seed", 1) == 2
    assert "has several groups; give the population with --mean and --sd" in capsys.readouterr().err
    plain = Path(str(items).replace("json", "csv"))
    plain.write_text("item,a,b\nx,1,0\ny,1,0.5\n")
    assert run(plain, "--candidates", 5, "--seed", 1) == 0
    expected = np.random.default_rng([1, 1]).normal(0, 1, 5).mean()
    told = capsys.readouterr().err
    assert f"mean {expected:.3f}, 2 items" in told
    assert "note: the population is not known: mean 0 and sd 1 are taken unless --mean and --sd" in told
    assert run(plain, "--candidates", 5, "--seed", 1, "--mean", "-1e-1", "--sd", 1) == 0
    told = capsys.readouterr().err
    assert f"mean {expected - 0.1:.3f}, 2 items" in told
    assert "note" not in told


@pytest.mark.parametrize(
    "words",
    [["--candidates", "0", "--seed", "1"], ["--candidates", "5", "--seed", "-1"],
     ["--candidates", "5", "--seed", "1", "--exposure", "1.5"], ["--candidates", "5"]],
)  # fmt: skip
def test_bad_options(items, words):
    with pytest.raises(SystemExit) as caught:
        run(items, *words)
    assert caught.value.code == 2


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--stop-se", "0.3"], "--stop-se: for adaptive sessions only; add --adaptive"),
        (["--max-items", "30"], "--max-items: for adaptive sessions only"),
        (["--exposure", "0.5", "--max-items", "9"], "--max-items, --exposure: for adaptive sessions only"),
    ],
)
def test_options_of_adaptive_sessions_without_them(items, capsys, words, told):
    assert run(items, "--candidates", 5, "--seed", 1, *POPULATION, *words) == 2
    captured = capsys.readouterr()
    assert captured.out == ""
    assert captured.err.startswith(f"error: {told}")


def test_items_of_a_search_that_was_broken_off(items, capsys):
    items.write_text(to_json(samples.not_converged()))
    assert run(items, "--candidates", 5, "--seed", 1, *POPULATION) == 0
    assert capsys.readouterr().err.startswith(f"note: items.json: {samples.NOTE_NOT_CONVERGED}")
