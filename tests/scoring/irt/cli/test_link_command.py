"""Does `link` find the line that was put in, and write everything on the old scale?"""

import json
from dataclasses import replace

import numpy as np
import pytest

from scoring.irt.cli.main import main
from scoring.irt.cli.parameters_json import from_json, to_json
from scoring.irt.linking.scales import LinkingMethod, ScaleLink
from tests.scoring.irt.cli import samples

SLOPE, INTERCEPT = 1.25, -0.4


@pytest.fixture
def folder(tmp_path):
    """New items are the old ones, seen from another scale; one of them is not in the old file."""
    new = samples.known()
    there = ScaleLink(SLOPE, INTERCEPT, LinkingMethod.MEAN_MEAN, float("nan"), True, 6)
    old = replace(
        new, parameters=there.items(new.parameters).select([5, 0, 1, 2, 3]), names=("M06", *new.names[:4])
    )
    old = replace(old, models=("2pl", *new.models[:4]), errors=_first_five(new.errors))
    (tmp_path / "new.json").write_text(to_json(new))
    (tmp_path / "old.json").write_text(to_json(old))
    return tmp_path


def _first_five(errors):
    return replace(errors, a=errors.a[:5], b=errors.b[:5], c=errors.c[:5], steps=errors.steps[:5])


def run(folder, *words):
    return main(["link", str(folder / "new.json"), str(folder / "old.json"), *map(str, words)])


@pytest.mark.parametrize("method", ["mean_mean", "mean_sigma", "haebara", "stocking_lord"])
def test_constants_and_all_items_on_the_old_scale(folder, capsys, method):
    out = folder / "linked.json"
    assert run(folder, "--method", method, "--json", out) == 0
    new, linked = samples.known(), from_json(out.read_text(), out)
    np.testing.assert_allclose(linked.parameters.a, new.parameters.a / SLOPE, rtol=1e-6)
    np.testing.assert_allclose(linked.parameters.b, SLOPE * new.parameters.b + INTERCEPT, atol=1e-6)
    np.testing.assert_allclose(linked.errors.b, SLOPE * new.errors.b, rtol=1e-6)
    np.testing.assert_allclose(linked.errors.a, new.errors.a / SLOPE, rtol=1e-6)
    np.testing.assert_allclose(linked.population.mean, SLOPE * new.population.mean + INTERCEPT, atol=1e-6)
    np.testing.assert_allclose(linked.population.sd, SLOPE * new.population.sd, rtol=1e-6)
    told = json.loads(out.read_text())["run"]["linked"]
    assert (told["to"], told["method"]) == ("old.json", method)
    lines = capsys.readouterr().out.splitlines()
    assert lines[0] == "theta_old = A theta_new + B, from 5 items"
    used = next(line.split() for line in lines if line.endswith("used"))
    assert used == [method, "1.250000", "-0.400000", "used"]


def test_an_item_that_changed_is_told_first_and_can_be_left_out(folder, capsys):
    old = from_json((folder / "old.json").read_text(), folder / "old.json")
    b = old.parameters.b.copy()
    b[2] += 2.0
    moved = replace(old, parameters=replace(old.parameters, b=b))
    (folder / "old.json").write_text(to_json(moved))
    assert run(folder) == 0
    lines = capsys.readouterr().out.splitlines()
    first = lines[next(place for place, line in enumerate(lines) if line.startswith("item ")) + 1]
    assert first.startswith("M02")
    assert first.endswith("look at")
    assert run(folder, "--leave-out", "M02") == 0
    out = capsys.readouterr().out
    assert "from 4 items" in out
    assert "stocking_lord  1.250000  -0.400000  used" in out


def test_rasch_items_keep_their_unit(folder, capsys):
    for name in ("new.json", "old.json"):
        text = (folder / name).read_text()
        found = json.loads(text)
        for item in found["items"]:
            keep = {key: item[key] for key in ("name", "b")}
            item.clear()
            item.update(keep, model="rasch", a=1.0)
        (folder / name).write_text(json.dumps(found))
    assert run(folder, "--method", "mean_mean") == 0
    assert "mean_mean      1.000000" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (["--leave-out", "M77"], '--leave-out: "M77" is not among the 5 common items'),
        (["--leave-out", "M06,M01,M02,M03"], "1 common items are left, and a link needs at least 2"),
        (["--json", "nowhere/x.json"], "there is no folder"),
    ],
)
def test_bad_input(folder, capsys, words, told):
    assert run(folder, *words) == 2
    assert told in capsys.readouterr().err


def test_items_that_cannot_be_the_same_are_told_by_name(folder, capsys):
    (folder / "old.json").write_text(
        to_json(samples.known()).replace('"M04"', '"x"').replace('"M05"', '"M04"')
    )
    assert run(folder) == 2
    assert 'item "M04"' in capsys.readouterr().err


def test_files_without_a_common_item(folder, capsys):
    (folder / "old.json").write_text(to_json(samples.known()).replace('"M0', '"X0'))
    assert run(folder) == 2
    assert "new.json and old.json have no item of the same name" in capsys.readouterr().err


def test_items_of_a_search_that_was_broken_off(folder, capsys):
    (folder / "new.json").write_text(to_json(samples.not_converged()))
    assert run(folder) == 0
    assert capsys.readouterr().err == f"note: new.json: {samples.NOTE_NOT_CONVERGED}"
    (folder / "old.json").write_text(to_json(samples.not_converged()))
    assert run(folder) == 0
    assert f"note: old.json: {samples.NOTE_NOT_CONVERGED}" in capsys.readouterr().err
