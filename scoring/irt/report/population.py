"""Who are the candidates: how able on average, how spread, group by group?"""

from __future__ import annotations

import numpy as np

from scoring.irt.quadrature import normal_weights
from scoring.irt.report.facts import ReportFacts
from scoring.irt.report.markup import NOTHING, Markup, decimal, joined, text, whole
from scoring.irt.report.page import Section, legend, paragraph
from scoring.irt.report.plot import Margins, Plot, both_widths
from scoring.irt.report.table import Column, table, with_error

_MOST_DRAWN = 5


def population_section(facts: ReportFacts) -> Section:
    population = facts.result.population
    parts = [paragraph(_lead(facts), "lead"), _groups(facts)]
    if population.coefficients.size:
        parts.append(_coefficients(facts))
    if len(population.groups) > 1:
        parts += _densities(facts)
    return Section("population", "Population", joined(*parts))


def _lead(facts: ReportFacts) -> str:
    population = facts.result.population
    if population.coefficients.size:
        return (
            "Ability is regressed on covariates. The mean is that of candidates for whom all are 0, the "
            "standard deviation that of what the covariates leave unexplained."
        )
    if len(population.groups) > 1:
        return "Each group has a normal distribution of ability of its own. “Fixed” sets the origin and unit."
    return "Ability is taken to be normally distributed. “Fixed” sets the origin and the unit of the scale."


def _groups(facts: ReportFacts) -> Markup:
    population = facts.result.population
    columns = [
        Column("Group", words=True),
        Column("Candidates"),
        Column("Mean"),
        Column("SD"),
        Column("Mean estimate", "mean of the candidates' EAP estimates"),
        Column("Reliability", "share of the variance of EAP estimates and their errors that is not error"),
    ]
    rows = []
    for place, label in enumerate(population.groups):
        own = facts.group == place
        theta, se = facts.observed.theta[own], facts.observed.se[own]
        spread = theta.var(ddof=1) if theta.size > 1 else float("nan")
        rows.append(
            [
                text(label or "all candidates"),
                text(whole(own.sum())),
                _with_error(population.mean[place], population.se_mean[place]),
                _with_error(population.sd[place], population.se_sd[place]),
                text(decimal(theta.mean()) if theta.size else NOTHING),
                text(decimal(spread / (spread + (se**2).mean()), 3) if theta.size > 1 else NOTHING),
            ]
        )
    return table("groups", "Distributions of ability; ± is one standard error.", columns, rows)


def _coefficients(facts: ReportFacts) -> Markup:
    population = facts.result.population
    found = zip(
        facts.sample.covariate_names, population.coefficients, population.se_coefficients, strict=True
    )
    rows = [
        [text(name), _with_error(value, error), text(decimal(value / error, 1) if error > 0 else NOTHING)]
        for name, value, error in found
    ]
    columns = [Column("Covariate", words=True), Column("Coefficient"), Column("z")]
    return table("covariates", "How much ability rises with each covariate.", columns, rows)


def _densities(facts: ReportFacts) -> list[Markup]:
    """The normal distributions of the largest groups."""
    population = facts.result.population
    n = np.bincount(facts.group, minlength=len(population.groups))
    chosen = np.sort(np.argsort(-n, kind="stable")[:_MOST_DRAWN])
    grid = facts.observed.grid
    curves = [normal_weights(grid, population.mean[g], population.sd[g]) / grid.spacing for g in chosen]
    top = 1.08 * max(float(curve.max()) for curve in curves)

    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            f"densities{suffix}", title="Distributions of ability", description="One curve for each group.",
            x=(-4.0, 4.0), y=(0.0, top), size=size, margins=Margins(top=12, right=12, bottom=38, left=38),
        )  # fmt: skip
        plot.x_axis("ability", most=9)
        for tone, curve in enumerate(curves, start=1):
            within = np.abs(grid.points) <= 4
            plot.line(grid.points[within], curve[within], f"curve tone-{tone % 5}")
        return plot.svg()

    entries = [(f"tone-{tone % 5}", str(population.groups[g])) for tone, g in enumerate(chosen, start=1)]
    picture = both_widths(drawn((340.0, 200.0), ""), drawn((960.0, 300.0), "-wide"))
    note = (
        []
        if len(population.groups) <= _MOST_DRAWN
        else [paragraph("The largest groups only.", "small muted")]
    )
    return [picture, legend(entries), *note]


def _with_error(value: float, error: float) -> Markup:
    if error == 0:
        return joined(text(decimal(value)), text(" fixed"))
    return with_error(decimal(value, 3), decimal(error, 3))
