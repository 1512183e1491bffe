"""Does the report say everything, loudly where it must, to everybody who opens it?"""

import re
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from scoring.irt.calibration import fit
from scoring.irt.report.facts import Sample
from scoring.irt.report.sections import report
from tests.scoring.irt.report import samples
from tests.scoring.irt.report.reading import check

ROOT = Path(__file__).parents[4]


POOLED = "It is taken under one normal distribution with the pooled mean and standard deviation."


def page(sample=None, result=None):
    return "".join(report(sample or samples.sample(), result or samples.result()))


def test_a_page_that_stands_alone_and_can_be_read_aloud():
    reading = check(page())
    assert [a["href"] for a in reading.all("a")] == [
        "#summary", "#items", "#curves", "#form", "#map", "#dependence", "#population",
    ]  # fmt: skip
    result = samples.result()
    for expected in (
        "Converged",
        f"Log-likelihood −{-result.log_likelihood:.2f}",
        "Items calibrated 9 of 10",
        "2pl (8), gpcm (1), grm (1)",
        "Omitted responses count as category 0",
        "M07 – M08",
        "south",
        "expected under the model",
    ):
        assert expected in reading.text
    # Nine item curves; information, error, totals, map and groups for either width; one sign of convergence.
    assert len(reading.all("svg")) == 9 + 2 * 5 + 1


def test_names_from_a_file_are_only_text():
    written = page()
    assert "&lt;A&amp;B&gt;" in written
    assert "<A&B>" not in written


def test_each_item_has_its_row():
    rows = re.findall(r"<tr>(.*?)</tr>", page(), re.DOTALL)
    cells = [re.sub(r"<[^>]+>", " ", row).split() for row in rows]
    row = next(row for row in cells if row[:1] == ["M02"])
    result, facts = samples.result(), samples.facts()
    assert row[1:3] == ["2pl", "600"]
    assert row[3] == f"{facts.classical.facility[1]:.2f}"
    assert row[5] == f"{result.a[1]:.2f}"
    assert row[6] == f"±{result.se_a[1]:.2f}"
    assert next(row for row in cells if row[:1] == ["nobody"])[5:7] == ["–", "–"]


def test_a_search_that_did_not_converge_is_said_loudly():
    reading = check(page(result=replace(samples.result(), converged=False)))
    assert "NOT CONVERGED: do not use these estimates" in reading.text
    assert any(a.get("class") == "state state--bad" for a in reading.all("div"))


def test_missing_standard_errors_are_said():
    nowhere = np.full(10, np.nan)
    reading = check(page(result=replace(samples.result(), se_a=nowhere, se_b=nowhere)))
    assert "Converged, but without standard errors" in reading.text


def test_a_regression_and_anchors():
    responses = samples.sample().responses[:, :3]
    ages = np.random.default_rng(1).random((samples.N, 1))
    result = fit(responses, "rasch", covariates=ages)
    sample = Sample(
        "x.csv", ("a", "b", "c"), responses, covariates=ages, covariate_names=("age",), anchors=frozenset("a")
    )
    reading = check(page(sample, result))
    assert "How much ability rises with each covariate." in reading.text
    assert "Anchor items a Items" in reading.text
    assert POOLED in reading.text
    assert "1.00 fixed" in reading.text


def test_the_limits_of_s_x2_are_said():
    reading = check(page())
    assert POOLED in reading.text
    assert "booklet" not in reading.text
    responses = samples.sample().responses[:, 4:8].copy()
    responses[:25, 0] = -1
    sample = Sample("x.csv", tuple("abcd"), responses)
    text = check(page(sample, fit(responses, "gpcm"))).text
    assert (
        f"S-X² compares {samples.N - 25} candidates by their totals; 25 with missing responses are left out, "
        "so it does not cover booklet designs."
    ) in text
    assert POOLED not in text


@pytest.mark.parametrize("rows", [1, 2, 12])
def test_few_candidates_with_gaps(rows):
    responses = samples.sample().responses[:rows, :4].copy()
    responses[0, 1:] = -1
    sample = replace(samples.sample(), items=samples.NAMES[:4], responses=responses, groups=None)
    result = samples.result()
    small = replace(
        result,
        **{
            name: getattr(result, name)[:4] for name in ("n_categories", "a", "b", "c", "steps", "calibrated")
        },
        **{name: getattr(result, name)[:4] for name in ("se_a", "se_b", "se_c", "se_steps")},
        models=result.models[:4],
        flags=(),
        population=replace(
            result.population,
            groups=("",),
            **{name: getattr(result.population, name)[:1] for name in ("mean", "sd", "se_mean", "se_sd")},
        ),
    )
    reading = check(page(sample, small))
    assert f"Candidates {rows}" in reading.text
    assert "Candidates have from 1 to" in reading.text or rows == 1


def test_colours_are_those_whose_contrast_is_tested():
    sheet = (ROOT / "scoring/irt/report/page.css").read_text()
    tokens = (ROOT / "examsite/static/examsite/css/tokens.css").read_text()
    light, dark = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part))
        for part in sheet.split("prefers-color-scheme: dark", 1)
    )
    first, second = (
        dict(re.findall(r"--([\w-]+): (#[0-9a-f]{6})", part))
        for part in tokens.split("prefers-color-scheme: dark", 1)
    )
    assert (
        {"paper", "surface", "text", "muted", "accent", "cat-1", "cat-5", "danger"} <= set(light) == set(dark)
    )
    assert light == {name: first[name] for name in light}
    assert dark == {name: second[name] for name in dark}
    assert set(re.findall(r"var\(--([\w-]+)\)", sheet)) <= set(light)
