"""Does the whole gallery agree with what is published, and say so if it does not?"""

import json
import shutil

import pytest

from scoring.irt.gallery.__main__ import FIXTURES, main
from scoring.irt.gallery.simulated import FULL, Size, exhibits
from tests.scoring.irt.report.reading import check

SMALL = Size(replications=2, candidates=400, items=15, sessions=200, bank=60, length=8)


@pytest.fixture(scope="module")
def small():
    return {exhibit.slug: exhibit for exhibit in exhibits(SMALL)}


def test_every_published_figure_agrees(tmp_path, capsys):
    out = tmp_path / "gallery.html"
    main([str(out)], size=SMALL)
    told = capsys.readouterr().out.splitlines()
    published = [line for line in told[1:] if "Recovery" not in line and "Exposure" not in line]
    assert published == []
    reading = check(out.read_text())
    for title in (
        "LSAT 6, two parameters",
        "Lord–Wingersky totals",
        "Linking",
        "Equating",
        "Exposure control",
    ):
        assert title in reading.texts
    assert reading.text.count("Source:") == 11


def test_simulations_measure_what_they_say(small):
    recovery = {one.name: one for one in small["recovery"].compared}
    assert set(recovery) == {
        "bias of a", "RMSE of a over its standard error", "95 % intervals that hold the true a",
        "bias of b", "RMSE of b over its standard error", "95 % intervals that hold the true b",
    }  # fmt: skip
    assert 0.5 < float(recovery["RMSE of b over its standard error"].here) < 2
    assert 0.8 < float(recovery["95 % intervals that hold the true b"].here) <= 1
    assert "60 intervals" in small["recovery"].lead
    most = [float(one.here) for one in small["exposure"].compared]
    assert most == sorted(most, reverse=True)
    assert most[0] > 0.9


def test_by_default_more_than_a_thousand_intervals_stand_behind_coverage():
    assert 2 * FULL.replications * FULL.items >= 1000


def test_a_figure_that_does_not_agree_is_named_with_status_1(tmp_path, capsys):
    fixtures = tmp_path / "fixtures"
    shutil.copytree(FIXTURES, fixtures)
    path = fixtures / "lord_wingersky_kolen_brennan_2004.json"
    data = json.loads(path.read_text())
    data["distribution"][2] += 1e-5
    path.write_text(json.dumps(data))
    out = tmp_path / "gallery.html"
    assert main([str(out), "--fixtures", str(fixtures)], size=SMALL) == 1
    assert "  does not agree: Lord–Wingersky totals: total 2" in capsys.readouterr().out.splitlines()
    assert "DO NOT AGREE" in out.read_text()


def test_without_the_published_figures_there_is_no_page(tmp_path, capsys):
    out = tmp_path / "gallery.html"
    assert main([str(out), "--fixtures", str(tmp_path)]) == 2
    assert "lsat6_2pl.json is missing" in capsys.readouterr().err
    assert not out.exists()
