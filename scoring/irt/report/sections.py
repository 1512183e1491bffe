"""Which sections make up the report of a calibration?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

import numpy as np

from scoring.irt.calibration.result import CalibrationResult
from scoring.irt.report.facts import ReportFacts, Sample, gather
from scoring.irt.report.flags import (
    DEPENDENT,
    EASY,
    HARD,
    MISFIT_P,
    MISFIT_RMSEA,
    STEEP,
    WEAK,
    WILD,
    WILD_Z,
    Flag,
    item_flags,
)
from scoring.irt.report.form_curves import error_picture, information_picture
from scoring.irt.report.item_curves import item_picture
from scoring.irt.report.item_table import item_table
from scoring.irt.report.markup import Markup, decimal, element, joined, probability, text, whole
from scoring.irt.report.page import Section, legend, page, paragraph
from scoring.irt.report.population import population_section
from scoring.irt.report.summary import convergence, summary
from scoring.irt.report.table import Column, table
from scoring.irt.report.total_scores import total_score_picture
from scoring.irt.report.wright_map import wright_map

_MOST_PAIRS = 10


def report(sample: Sample, result: CalibrationResult) -> Iterator[str]:
    """The page of a calibration, in pieces to be written one after the other."""
    facts = gather(sample, result)
    flags = item_flags(facts)
    return page(
        title=sample.source,
        eyebrow="Calibration report",
        above=joined(convergence(facts), Markup("\n")),
        sections=[
            Section("summary", "Summary", summary(facts)),
            _items(facts, flags),
            _curves(facts, flags),
            _form(facts),
            _map(facts),
            _dependence(facts),
            population_section(facts),
        ],
        foot="Written by python -m scoring.irt report. Every figure was computed from these responses.",
    )


def _items(facts: ReportFacts, flags: Sequence[Flag]) -> Section:
    lead = "P(right) = c + (1 − c) / (1 + exp(−a (θ − b))), without a constant of 1.7. " + _on_s_x2(facts)
    parts = [paragraph(lead, "lead"), item_table(facts, flags)]
    if flags:
        parts += [element("h3", text("What to look at")), _findings(facts, flags)]
    limits = (
        f"Named are: facility above {EASY:g} or below {HARD:g}, item–rest correlation below {WEAK:g}, "
        f"a above {STEEP:g}, S-X² with p below {MISFIT_P:g} and RMSEA above {MISFIT_RMSEA:g}, infit or "
        f"outfit above {WILD:g} with z above {WILD_Z:g}, pairs whose Q3 is more than {DEPENDENT:g} above "
        "the mean. A flag is a reason to read the item, not a verdict."
    )
    return Section("items", "Items", joined(*parts, paragraph(limits, "small muted")))


def _on_s_x2(facts: ReportFacts) -> str:
    """Whom it compares, and under which distribution of ability."""
    fit, population = facts.item_fit, facts.result.population
    told = f"S-X² compares {whole(fit.n_used)} candidates by their totals"
    if fit.n_left_out:
        told += (
            f"; {whole(fit.n_left_out)} with missing responses are left out, so it does not cover booklet "
            "designs"
        )
    if len(population.groups) > 1 or population.coefficients.size:
        told += ". It is taken under one normal distribution with the pooled mean and standard deviation"
    return f"{told}."


def _findings(facts: ReportFacts, flags: Sequence[Flag]) -> Markup:
    """One entry for each item, in their order."""
    messages: defaultdict[str, list[str]] = defaultdict(list)
    for flag in flags:
        messages[facts.sample.items[flag.item]].append(flag.message)
    entries = (
        element("li", element("b", text(name)), text(": " + " · ".join(told)))
        for name, told in messages.items()
    )
    return element("ul", *entries, class_="findings")


def _curves(facts: ReportFacts, flags: Sequence[Flag]) -> Section:
    words_of: defaultdict[str, list[str]] = defaultdict(list)
    for flag in flags:
        words_of[facts.sample.items[flag.item]].append(flag.word)
    figures = [
        element(
            "figure",
            element("figcaption", element("b", text(name)), _caption(facts, place, words_of[name])),
            item_picture(f"curve-{place}", name, facts.parameters, place, facts.observed),
        )
        for place, name in enumerate(facts.names)
    ]
    lead = (
        "Lines: the model. Dots: what candidates did, each of them spread over the abilities that their "
        "responses allow; larger dots stand for more candidates. Several categories have a line each."
    )
    return Section(
        "curves", "Item curves", joined(paragraph(lead, "lead"), element("div", *figures, class_="gallery"))
    )


def _caption(facts: ReportFacts, place: int, words: Sequence[str]) -> Markup:
    if words:
        return element("span", text(", ".join(dict.fromkeys(words))), class_="flag")
    p = facts.item_fit.p[place]
    said = f"S-X² p {probability(p)}" if np.isfinite(p) else f"b {decimal(facts.parameters.b[place])}"
    return element("span", text(said), class_="muted number")


def _form(facts: ReportFacts) -> Section:
    pictures = [
        _figure("Information", information_picture("information", facts.parameters, facts.observed.theta)),
        _figure("Standard error", error_picture("error", facts.parameters)),
    ]
    parts = [
        paragraph(
            "Where the form tells much and where little. Columns behind: the candidates’ estimates (EAP), "
            "in shares of the tallest.",
            "lead",
        ),
        element("div", *pictures, class_="pair"),
    ]
    totals = total_score_picture("totals", facts)
    if totals is not None:
        parts += [
            element("h3", text("Totals")),
            totals,
            legend([("column", "candidates"), ("", "expected under the model")]),
        ]
    return Section("form", "Form", joined(*parts))


def _figure(title: str, picture: Markup) -> Markup:
    return element("figure", element("figcaption", element("b", text(title))), picture)


def _map(facts: ReportFacts) -> Section:
    lead = "One scale: candidates to the left, items at their difficulty to the right."
    if (facts.parameters.n_categories > 2).any():
        lead += " A number behind the name is the step of an item with several categories."
    picture = wright_map("map", facts.names, facts.parameters, facts.observed.theta)
    return Section("map", "Item–person map", joined(paragraph(lead, "lead"), picture))


def _dependence(facts: ReportFacts) -> Section:
    found = facts.dependence
    lead = (
        "Q3 is the correlation of what ability leaves unexplained in two items. Under the model all pairs "
        f"lie near the mean, here {decimal(found.mean, 3)}; pairs far above it may share a text or a method."
    )
    pairs = found.pairs_above(-1.0)[:_MOST_PAIRS]
    rows = [
        [
            text(f"{facts.names[pair.first]} – {facts.names[pair.second]}"),
            text(decimal(found.q3[pair.first, pair.second], 3)),
            text(decimal(pair.excess, 3)),
            text(whole(found.n[pair.first, pair.second])),
        ]
        for pair in pairs
    ]
    columns = [Column("Pair", words=True), Column("Q3"), Column("Above the mean"), Column("Candidates")]
    shown = table("pairs", f"The {len(rows)} largest of all pairs.", columns, rows) if rows else text("")
    return Section("dependence", "Local dependence", joined(paragraph(lead, "lead"), shown))
