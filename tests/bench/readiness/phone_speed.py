"""How long does a slow phone need to choose the next item? The player's own modules in a real Chromium.

Over a bank of 2,000 items, a hundred times what a pool has, with the processor slowed down to a sixth, and
beside it at full speed. What a phone does once for a pool, the tables, is told apart.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
from playwright.sync_api import Browser, Page, Route

from examsite.rehearsal.tally import quantiles
from scoring.domains import Verdict
from scoring.irt.quadrature import DEFAULT_GRID, normal_weights
from scoring.irt.types import FloatArray, ItemParameters
from scoring.practice.bank import BankItem, PracticeBank
from scoring.practice.exam import Exam
from scoring.practice.learner import Learner, Met, StandardEvidence
from scoring.practice.policy import DEFAULT_POLICY
from scoring.practice.travelling import travelling_model
from tests.browser.devices import open_chromium
from tests.browser.player import cdp
from tests.services import find_chromium

N_ITEMS, N_EXAM, SLOWER, CHOICES = 2_000, 20, 6, 60
STATIC = Path(__file__).resolve().parents[3] / "exams" / "static"
ORIGIN = "http://phone.test"
PAGE = """<!doctype html><title>phone</title><script type="module">
import { learnerOf, updated } from "/exams/js/practice/estimator.js";
import { bankOf, nextItem } from "/exams/js/practice/next_item.js";
self.measure = ({ model, policy }, choices) => {
  const begun = performance.now();
  const bank = bankOf(model, policy);
  const tables = performance.now() - begun;
  let learner = learnerOf(model);
  const times = [];
  const taken = [];
  for (let n = 0; n < choices; n += 1) {
    const from = performance.now();
    const where = { taken, place: taken.length, size: 10, u: (n * 0.618) % 1 };
    const choice = nextItem(bank, learner, policy, where);
    times.push(performance.now() - from);
    taken.push(choice.index);
    if (taken.length === 10) taken.length = 0;
    learner = updated(learner, bank.items[choice.index], n % 2, policy.effects.growth);
  }
  return { tables, times };
};
</script>"""


def measure() -> dict[str, Any]:
    """In ms: quantiles of `next_item_slow` and `next_item`; `tables_slow` and `tables` once; the sizes."""
    travelling = _travelling()
    with open_chromium(find_chromium()) as chromium:
        fast = _in_a_page(chromium, travelling, rate=1)
        slow = _in_a_page(chromium, travelling, rate=SLOWER)
    return {
        "items": N_ITEMS,
        "choices": CHOICES,
        "slower": SLOWER,
        "next_item": quantiles([ms / 1000 for ms in fast["times"]]),
        "next_item_slow": quantiles([ms / 1000 for ms in slow["times"]]),
        "tables": fast["tables"],
        "tables_slow": slow["tables"],
    }


def _in_a_page(chromium: Browser, travelling: dict[str, Any], *, rate: int) -> dict[str, Any]:
    page = chromium.new_page()
    try:
        page.route(f"{ORIGIN}/**", _serve)
        page.goto(f"{ORIGIN}/")
        page.wait_for_function("() => typeof self.measure === 'function'")
        return _measured(page, travelling, rate)
    finally:
        page.close()


def _measured(page: Page, travelling: dict[str, Any], rate: int) -> dict[str, Any]:
    """Without warming up: a pupil's phone has just opened the page as well."""
    cdp(page).send("Emulation.setCPUThrottlingRate", {"rate": rate})
    found: dict[str, Any] = page.evaluate(
        "([travelling, choices]) => self.measure(travelling, choices)", [travelling, CHOICES]
    )
    return found


def _serve(route: Route) -> None:
    path = route.request.url.removeprefix(ORIGIN)
    if path == "/":
        route.fulfill(body=PAGE, content_type="text/html")
    elif (file := STATIC / path.lstrip("/")).is_file():
        route.fulfill(body=file.read_text(), content_type="text/javascript")
    else:
        route.fulfill(status=404)


def _travelling() -> dict[str, Any]:
    """A bank of right-or-wrong and three-category items in five domains and forty standards."""
    rng = np.random.default_rng(2_000)
    items = [
        BankItem(f"i-{n}.1", f"D{n % 5}", f"D{n % 5}.{n % 40}", f"f{n // 4}" if n % 3 == 0 else "")
        for n in range(N_ITEMS)
    ]
    needs = {f"D{n % 5}.{n}": [f"D{n % 5}.{n - 5}"] for n in range(5, 40)}
    parameters, points = _items(rng, N_ITEMS)
    bank = PracticeBank.of(items, parameters, points, prerequisites=needs)
    exam_parameters, exam_points = _items(rng, N_EXAM)
    exam = Exam.of(
        [f"D{n % 5}" for n in range(N_EXAM)],
        exam_parameters,
        exam_points,
        standards=[f"D{n % 5}.{n}" for n in range(N_EXAM)],
        breadth={f"D{n}": 8 for n in range(5)},
    )
    learner = Learner(
        posterior=normal_weights(DEFAULT_GRID, 0.1, 0.4),
        evidence={
            f"D{n % 5}.{n}": StandardEvidence(f"D{n % 5}", _likelihood(0.3 * (n % 5) - 0.6))
            for n in range(0, 40, 2)
        },
        around={f"D{n}": _likelihood(0.2 * n) for n in range(5)},
        grown={f"D{n}": 0.03 * n for n in range(5)},
        met={items[n].key: Met(missed=n % 2 == 0, due=n % 4 == 0) for n in range(0, 300, 3)},
        verdicts={f"D{n}": list(Verdict)[n % 4] for n in range(5)},
    )
    return travelling_model(bank, learner, exam, DEFAULT_POLICY)


def _likelihood(mean: float) -> FloatArray:
    weights = normal_weights(DEFAULT_GRID, mean, 0.8)
    return np.asarray(weights / weights.max())


def _items(rng: np.random.Generator, n: int) -> tuple[ItemParameters, np.ndarray[Any, Any]]:
    a, b = rng.lognormal(0.1, 0.3, n), rng.normal(0, 1.2, n)
    steps = [[b[j] - 0.5, b[j] + 0.5] if j % 3 == 0 else [b[j]] for j in range(n)]
    points = [[0, 1, 2] if j % 3 == 0 else [0, 2, 0] for j in range(n)]
    return ItemParameters.partial_credit(a.tolist(), steps), np.array(points)
