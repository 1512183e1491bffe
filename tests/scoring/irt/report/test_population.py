"""Is every group told with its size, mean, spread and reliability?"""

from dataclasses import replace

import numpy as np
import pytest

from scoring.irt.report.population import population_section
from tests.scoring.irt.report import samples
from tests.scoring.irt.report.reading import check


def test_groups_in_rows_and_curves():
    facts = samples.facts()
    reading = check(population_section(facts).content)
    population = facts.result.population
    own = facts.group == 1
    theta, se = facts.observed.theta[own], facts.observed.se[own]
    reliability = theta.var(ddof=1) / (theta.var(ddof=1) + (se**2).mean())
    assert (
        f"south 300 {population.mean[1]:.3f} ±{population.se_mean[1]:.3f} "
        f"{population.sd[1]:.3f} ±{population.se_sd[1]:.3f} {theta.mean():.2f} {reliability:.3f}"
    ).replace("-", "−") in reading.text
    assert "north 300 0.00 fixed 1.00 fixed" in reading.text
    curves = [a for a in reading.all("path") if a["class"].startswith("curve")]
    assert len(curves) == 4  # two groups, two drawings


def with_groups(n):
    facts = samples.facts()
    each = {
        name: np.full(n, value)
        for name, value in (("mean", 0.0), ("sd", 1.0), ("se_mean", 0.0), ("se_sd", 0.0))
    }
    population = replace(facts.result.population, groups=tuple(f"g{g}" for g in range(n)), **each)
    group = np.minimum(np.arange(samples.N), n - 1)
    return replace(facts, result=replace(facts.result, population=population), group=group)


@pytest.mark.parametrize(("n", "drawn"), [(1, 0), (5, 5), (8, 5)])
def test_the_largest_groups_are_drawn(n, drawn):
    reading = check(population_section(with_groups(n)).content)
    curves = [a for a in reading.all("path") if a["class"].startswith("curve")]
    assert len(curves) == 2 * drawn
    assert ("The largest groups only." in reading.texts) == (n > 5)


def test_a_group_of_one_has_no_reliability():
    row = check(population_section(with_groups(2)).content).text.split("g0 ", 1)[1]
    assert row.startswith("1 0.00 fixed 1.00 fixed ")
    assert row.split()[6] == "–"
