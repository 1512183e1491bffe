"""Does the engine find what a simulation put in, and what does exposure control cost?"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from scoring.irt.calibration import fit
from scoring.irt.gallery.exhibit import Compared, Exhibit, figure, pair, within
from scoring.irt.report.markup import Markup, decimal, joined
from scoring.irt.report.page import legend
from scoring.irt.report.plot import Margins, Plot, both_widths
from scoring.irt.selection.adaptive import simulate_adaptive
from scoring.irt.selection.adaptive_sessions import AdaptiveSessions
from scoring.irt.selection.exposure import ExposureControl
from scoring.irt.selection.stopping import Length
from scoring.irt.simulate import simulate_responses
from scoring.irt.types import FloatArray, ItemParameters

_SEED = 20260415
_TARGETS = (0.5, 0.35, 0.25, 0.2)
_ABOVE = 0.05  # by which a rate may exceed its target: it is held on average, and counts are random


@dataclass(frozen=True, slots=True)
class Size:
    """How much is simulated: by default enough for what the page says about it."""

    replications: int = 25
    candidates: int = 1000
    items: int = 30
    sessions: int = 2000
    bank: int = 300
    length: int = 20


FULL = Size()


def exhibits(size: Size = FULL) -> list[Exhibit]:
    return [_recovery(size), _exposure(size)]


def _bank(n_items: int, seed: int) -> ItemParameters:
    rng = np.random.default_rng(seed)
    a = np.clip(rng.lognormal(0.1, 0.3, n_items), 0.5, 2.2)
    return ItemParameters.dichotomous(a, np.clip(rng.normal(0.0, 1.0, n_items), -2.2, 2.2))


def _recovery(size: Size) -> Exhibit:
    truth = _bank(size.items, _SEED)
    shape = (size.replications, size.items)
    a, b, se_a, se_b = (np.empty(shape) for _ in range(4))
    for number in range(size.replications):
        theta = np.random.default_rng([_SEED, number]).standard_normal(size.candidates)
        found = fit(simulate_responses(theta, truth, seed=_SEED + number), "2pl")
        a[number], b[number], se_a[number], se_b[number] = found.a, found.b, found.se_a, found.se_b
    figures: list[Compared] = []
    for name, here, error, true in (("a", a, se_a, truth.a), ("b", b, se_b, truth.b)):
        apart = here - true
        rmse, mean_error = float(np.sqrt((apart**2).mean())), float(np.sqrt((error**2).mean()))
        covered = float((np.abs(apart) <= 1.96 * error).mean())
        figures += [
            within(f"bias of {name}", float(apart.mean()), -0.03, 0.03, digits=3),
            within(f"RMSE of {name} over its standard error", rmse / mean_error, 0.9, 1.1, digits=3),
            within(f"95 % intervals that hold the true {name}", covered, 0.93, 0.97, digits=3),
        ]
    pictures = pair(
        figure("Discrimination a", _scatter("recovered-a", truth.a, a, (0.0, 2.5))),
        figure("Difficulty b", _scatter("recovered-b", truth.b, b, (-3.0, 3.0))),
    )
    n = size.replications
    return Exhibit(
        slug="recovery",
        title="Recovery",
        lead=(
            f"{n} simulations of {size.candidates} candidates and {size.items} items, calibrated with the "
            f"two-parameter model: {2 * n * size.items} intervals. Across: true values; up: estimates."
        ),
        source="asymptotic theory of maximum likelihood; simulated with a fixed seed.",
        compared=tuple(figures),
        pictures=pictures,
        simulated=True,
    )


def _scatter(slug: str, truth: FloatArray, found: FloatArray, limits: tuple[float, float]) -> Markup:
    """At most five simulations, lest the dots run together."""
    shown = found[:5]

    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            slug + suffix, title="Estimates by true values", description="Dots lie about the diagonal.",
            x=limits, y=limits, size=size, margins=Margins(top=10, right=12, bottom=38, left=34),
        )  # fmt: skip
        plot.x_axis("true", most=8)
        plot.y_axis(most=8)
        plot.line(limits, limits, "rule")
        plot.points(np.tile(truth, shown.shape[0]), np.clip(shown.ravel(), *limits), 2.2, "dots tone-1")
        return plot.svg()

    return both_widths(drawn((340.0, 300.0), ""), drawn((540.0, 400.0), "-wide"))


def _exposure(size: Size) -> Exhibit:
    bank = _bank(size.bank, _SEED + 1)
    theta = np.random.default_rng([_SEED, 999]).standard_normal(size.sessions)
    free = _sessions(theta, bank, size, None)
    held = {target: _sessions(theta, bank, size, ExposureControl(target=target)) for target in _TARGETS}
    figures: list[Compared] = [
        within("without control: most met item", _most(free), 0.9, 1.0, digits=3),
        *(
            within(f"target {target:g}: most met item", _most(found), 0.0, target + _ABOVE, digits=3)
            for target, found in held.items()
        ),
    ]
    lead = (
        f"{size.sessions} adaptive sessions of {size.length} items from a bank of {size.bank}. Without "
        "control one item is met by nearly everybody. Holding exposure down takes the RMSE of theta from "
        f"{decimal(free.rmse, 3)} to {decimal(held[_TARGETS[-1]].rmse, 3)} at a target of {_TARGETS[-1]:g}; "
        f"if all items were used alike, each would be met by {size.length / size.bank:.0%}."
    )
    return Exhibit(
        slug="exposure",
        title="Exposure control",
        lead=lead,
        source=(
            "W. J. van der Linden & B. P. Veldkamp (2004), Constraining item exposure in computerized "
            "adaptive testing with shadow tests, Journal of Educational and Behavioral Statistics 29, "
            "273–291: rates are held at or just above the target. Simulated with a fixed seed."
        ),
        compared=tuple(figures),
        pictures=_exposure_pictures(free, held),
        simulated=True,
    )


def _most(sessions: AdaptiveSessions) -> float:
    return float(sessions.exposure.max())


def _sessions(
    theta: FloatArray, bank: ItemParameters, size: Size, exposure: ExposureControl | None
) -> AdaptiveSessions:
    return simulate_adaptive(
        theta, bank, seed=_SEED, stopping=Length(size.length), max_items=size.length, exposure=exposure
    )


def _exposure_pictures(free: AdaptiveSessions, held: dict[float, AdaptiveSessions]) -> Markup:
    entries = [
        ("tone-0", "no control"),
        *((f"tone-{n}", f"target {t:g}") for n, t in enumerate(held, start=1)),
    ]
    return joined(
        pair(
            figure("Items, the most met first", _rates_picture([free, *held.values()])),
            figure("Error of theta", _costs_picture([free, *held.values()])),
        ),
        legend(entries),
    )


def _rates_picture(all_sessions: list[AdaptiveSessions]) -> Markup:
    shown = min(100, all_sessions[0].n_bank)

    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            f"rates{suffix}", title="Share of sessions that met each item",
            description="One line for each target; the lower the target, the flatter.",
            x=(1.0, float(shown)), y=(0.0, 1.0), size=size,
            margins=Margins(top=10, right=14, bottom=38, left=34),
        )  # fmt: skip
        plot.x_axis("items in order of exposure", most=6)
        plot.y_axis(most=6)
        for tone, sessions in enumerate(all_sessions):
            rates = np.sort(sessions.exposure)[::-1][:shown]
            plot.line(np.arange(1, shown + 1), rates, f"curve tone-{tone}")
        return plot.svg()

    return both_widths(drawn((340.0, 240.0), ""), drawn((540.0, 300.0), "-wide"))


def _costs_picture(all_sessions: list[AdaptiveSessions]) -> Markup:
    worst = [_most(sessions) for sessions in all_sessions]
    errors = [sessions.rmse for sessions in all_sessions]
    top = max(errors) * 1.25

    def drawn(size: tuple[float, float], suffix: str) -> Markup:
        plot = Plot(
            f"costs{suffix}", title="RMSE of theta by exposure of the most met item",
            description="; ".join(f"{w:.2f}: {e:.3f}" for w, e in zip(worst, errors, strict=True)),
            x=(0.0, 1.05), y=(0.0, top), size=size, margins=Margins(top=10, right=14, bottom=38, left=38),
        )  # fmt: skip
        plot.x_axis("exposure of the most met item", most=6, digits=1)
        plot.y_axis(most=6)
        plot.line(worst, errors, "rule")
        for tone, (across, up) in enumerate(zip(worst, errors, strict=True)):
            plot.points(across, up, 5.0, f"dots tone-{tone}")
        return plot.svg()

    return both_widths(drawn((340.0, 240.0), ""), drawn((540.0, 300.0), "-wide"))
