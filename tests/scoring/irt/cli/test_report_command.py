"""Does `report` write its page, whole or not at all?"""

import json

import pytest

from scoring.irt.cli.main import main
from tests.scoring.irt.cli import samples


@pytest.fixture
def trial(tmp_path):
    return samples.write_table(tmp_path / "trial.csv")


WORDS = ["--model", "2pl", "--model", "M03=3pl,M04=gpcm,M05=grm", "--group", "region"]


def test_a_page_and_the_items(trial, tmp_path, capsys):
    html, out = tmp_path / "trial.html", tmp_path / "items.json"
    assert main(["report", str(trial), *WORDS, "--html", str(html), "--json", str(out)]) == 0
    page = html.read_text()
    assert page.startswith("<!DOCTYPE html>")
    assert page.endswith("</html>\n")
    assert f"{samples.calibration().log_likelihood:.2f}".replace("-", "−") in page
    assert json.loads(out.read_text())["run"]["converged"] is True
    assert capsys.readouterr().err == f"{html}: 6 items\n"


def test_a_page_that_warns(trial, tmp_path, capsys):
    html = tmp_path / "trial.html"
    assert main(["report", str(trial), *WORDS, "--max-iterations", "2", "--html", str(html)]) == 1
    assert "NOT CONVERGED: do not use these estimates" in html.read_text()
    assert "NOT CONVERGED" in capsys.readouterr().err


def test_nothing_is_written_after_bad_input(trial, tmp_path, capsys):
    html = tmp_path / "trial.html"
    assert main(["report", str(trial), "--html", str(html)]) == 2
    assert 'column "region"' in capsys.readouterr().err
    assert sorted(entry.name for entry in tmp_path.iterdir()) == ["trial.csv"]
