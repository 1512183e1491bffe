"""PyPI mirt (NumPy, SciPy and Rust), with as many Gauss-Hermite points as the task names."""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.abc import MetaPathFinder
from typing import Any

import mirt
import numpy as np
from mirt.estimation.priors import CustomPrior
from numpy.typing import NDArray

FAMILIES = {
    "rasch": "1PL",
    "1pl": "2PL",
    "2pl": "2PL",
    "3pl": "3PL",
    "pcm": "PCM",
    "gpcm": "GPCM",
    "grm": "GRM",
}


class WithoutTorch(MetaPathFinder):
    """mirt would load py-irt's torch to look for a graphics card, and be charged for its memory."""

    @staticmethod
    def find_spec(name: str, *_: object) -> None:
        if name == "torch":
            raise ModuleNotFoundError(name)


sys.meta_path.insert(0, WithoutTorch)


def fit(
    responses: NDArray[np.int8],
    *,
    model: str,
    points: int = 61,
    standard_errors: bool = False,
    guessing_prior: tuple[float, float] | None = None,
    accelerate: str = "squarem",
) -> Callable[[], dict[str, Any]]:
    settings: dict[str, Any] = {
        "model": FAMILIES[model],
        "n_quadpts": points,
        "accelerate": accelerate,
        "compute_standard_errors": standard_errors,
    }
    if model == "1pl":
        slopes = {"parameter": "discrimination", "items": list(range(responses.shape[1]))}
        settings["constraints"] = [slopes]
    if guessing_prior:
        settings["priors"] = {"guessing": _on_the_logit(*guessing_prior)}

    def work() -> dict[str, Any]:
        result = mirt.fit_mirt(responses, **settings)
        found = result.model.parameters
        steps = next(found[name] for name in ("difficulty", "steps", "thresholds") if name in found)
        solution = {"a": found["discrimination"], "steps": steps, "graded": model == "grm"}
        if "guessing" in found:
            solution["c"] = found["guessing"]
        solution |= {f"se_{name}": value for name, value in result.standard_errors.items()}
        return solution | {"iterations": result.n_iterations, "converged": result.converged}

    return work


def eap(
    responses: NDArray[np.int8], a: NDArray[np.float64], b: NDArray[np.float64], *, points: int = 61
) -> Callable[[], dict[str, Any]]:
    few = mirt.fit_mirt(responses[:200], model="2PL", max_iter=1, compute_standard_errors=False)
    few.model.set_parameters(discrimination=a, difficulty=b)

    def work() -> dict[str, Any]:
        scores = mirt.fscores(few.model, responses, method="EAP", n_quadpts=points)
        return {"theta": scores.theta, "se": scores.standard_error}

    return work


def _on_the_logit(mean: float, sd: float) -> CustomPrior:
    """Normal on logit c, as a density that the logit and not c is measured by; its constant left out."""

    def log_density(c: NDArray[np.float64]) -> NDArray[np.float64]:
        return -0.5 * ((np.log(c / (1 - c)) - mean) / sd) ** 2

    def slope(c: NDArray[np.float64]) -> NDArray[np.float64]:
        return -(np.log(c / (1 - c)) - mean) / sd**2 / (c * (1 - c))

    def sample(size: Any, rng: np.random.Generator | None = None) -> NDArray[np.float64]:
        return 1 / (1 + np.exp(-(rng or np.random.default_rng()).normal(mean, sd, size)))

    return CustomPrior(log_density, sample, grad_log_pdf_fn=slope)
