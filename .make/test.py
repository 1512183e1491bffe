"""Runs every kind of test and says how many of each ran.

    python .make/test.py                     all kinds
    python .make/test.py unit browser        some: unit, fast (of the unit tests), unit-on-postgres,
                                             javascript, services, browser, faults, all-faults (the long
                                             ones and 10,000 histories)

PYTEST=... adds arguments to every pytest call. What cannot run here is said loudly; with CI or
PROBA_REQUIRE_ALL set that is a failure, and so is a kind of which no test ran.
"""

from __future__ import annotations

import json
import os
import re
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests.services import ServiceMissing, find_chromium, postgres_server, redis_server  # noqa: E402

KINDS = ("unit", "javascript", "postgres", "redis", "browser", "faults")
UNIT = "not postgres and not redis and not browser and not faults"
HISTORIES = 10_000
REQUIRE_ALL = bool(os.environ.get("CI") or os.environ.get("PROBA_REQUIRE_ALL"))
NO_TESTS_COLLECTED = 5


class Run:
    """What happened so far: counts per (kind, outcome), and what went wrong in a sentence each."""

    def __init__(self) -> None:
        self.counts: Counter[tuple[str, str]] = Counter()
        self.problems: list[str] = []
        self.missing: dict[str, str] = {}

    def pytest(self, title: str, *arguments: str, **environment: str) -> None:
        heading(title)
        with tempfile.NamedTemporaryFile(suffix=".json") as tally:
            command = [sys.executable, "-m", "pytest", *arguments, *shlex.split(os.environ.get("PYTEST", ""))]
            done = call(command, {**environment, "PROBA_TEST_TALLY": tally.name})
            for key, number in json.loads(Path(tally.name).read_text() or "{}").items():
                kind, outcome = key.split()
                self.counts[kind, outcome] += number
        if done not in (0, NO_TESTS_COLLECTED):
            self.problems.append(f"{title}: failed")

    def cannot(self, kinds: tuple[str, ...], why: str) -> None:
        for kind in kinds:
            self.missing[kind] = why
            print(f"!!! {kind.upper()} TESTS DO NOT RUN: {why}", file=sys.stderr, flush=True)

    def report(self, kinds: set[str]) -> int:
        heading("How many ran")
        for kind in (kind for kind in KINDS if kind in kinds):
            passed, failed, skipped = (self.counts[kind, word] for word in ("passed", "failed", "skipped"))
            line = f"{kind:<12}{passed + failed:>6} ran"
            line += f", {failed} FAILED" if failed else ""
            line += f", {skipped} SKIPPED" if skipped else ""
            line += f"   !!! NOT RUN: {self.missing[kind]}" if kind in self.missing else ""
            print(line)
            if REQUIRE_ALL and (kind in self.missing or not passed + failed):
                self.problems.append(f"{kind}: none ran, and here every kind has to")
        print("\n".join(["", *self.problems]) if self.problems else "\nAll that ran passed.")
        return 1 if self.problems else 0


def unit(run: Run) -> None:
    run.pytest("Unit and integration tests", "-n2", "-q", "-m", UNIT)


def fast(run: Run) -> None:
    run.pytest("Unit tests without a database", "-n2", "-q", "-m", f"{UNIT} and not slow")


def unit_on_postgres(run: Run) -> None:
    with postgres_server() as url:
        run.pytest("Unit tests on PostgreSQL", "-n2", "-q", "-m", UNIT, DATABASE_URL=url)


def javascript(run: Run) -> None:
    heading("JavaScript tests")
    files = sorted(str(path.relative_to(ROOT)) for path in (ROOT / "tests" / "js").rglob("*.test.js"))
    if shutil.which("node") is None:
        run.cannot(("javascript",), "node is not installed")
    elif files:
        with tempfile.TemporaryDirectory() as folder:
            told, counts = Path(folder, "told"), Path(folder, "counts")
            reporters = ["--test-reporter=spec", f"--test-reporter-destination={told}"]
            reporters += ["--test-reporter=tap", f"--test-reporter-destination={counts}"]
            if call(["node", "--test", *reporters, *files], {}):
                run.problems.append("JavaScript tests: failed")
                print(told.read_text().rpartition("failing tests:")[2])
            counted = dict(re.findall(r"^# (pass|fail|skipped) (\d+)$", counts.read_text(), re.MULTILINE))
        print(f"{len(files)} files, {counted.get('pass', 0)} passed, {counted.get('fail', 0)} failed")
        for word, outcome in (("pass", "passed"), ("fail", "failed"), ("skipped", "skipped")):
            run.counts["javascript", outcome] += int(counted.get(word, 0))


def services(run: Run) -> None:
    """Both kinds in one process, one after another: they share the servers and Django's test database."""
    with ExitStack() as stack:
        environment = {}
        for kind, name, server in (
            ("postgres", "DATABASE_URL", postgres_server),
            ("redis", "REDIS_URL", redis_server),
        ):
            try:
                environment[name] = stack.enter_context(server())
            except ServiceMissing as error:
                run.cannot((kind,), str(error))
            except RuntimeError as error:
                run.cannot((kind,), str(error))
                run.problems.append(f"{kind}: the server did not start")
        marks = [kind for kind in ("postgres", "redis") if kind not in run.missing]
        if marks:
            expression = f"({' or '.join(marks)}) and not browser and not faults"
            expression += "".join(f" and not {kind}" for kind in run.missing)
            run.pytest("PostgreSQL and Redis tests", "-q", "-m", expression, **environment)


def browser(run: Run) -> None:
    try:
        find_chromium()
    except ServiceMissing as error:
        run.cannot(("browser",), str(error))
    else:
        run.pytest("Browser tests", "-q", "-m", "browser and not long")


def faults(run: Run) -> None:
    """Those that take seconds; each starts and kills servers of its own."""
    run.pytest("Faults", "-n2", "-q", "tests/faults", "-m", "not long")


def all_faults(run: Run) -> None:
    run.pytest("All faults", "-n2", "-q", "tests/faults")
    histories = "tests/exams/intake/test_histories.py"
    run.pytest("Histories", "-n2", "-q", "-rP", histories, PROBA_HISTORIES=str(HISTORIES))


STAGES: dict[str, tuple[Callable[[Run], None], set[str]]] = {
    "unit": (unit, {"unit"}),
    "fast": (fast, {"unit"}),
    "unit-on-postgres": (unit_on_postgres, {"unit"}),
    "javascript": (javascript, {"javascript"}),
    "services": (services, {"postgres", "redis"}),
    "browser": (browser, {"browser"}),
    "faults": (faults, {"faults"}),
    "all-faults": (all_faults, {"faults", "unit"}),
}


def heading(title: str) -> None:
    print(f"\n== {title} {'=' * (90 - len(title))}", flush=True)


def call(command: list[str], environment: dict[str, str]) -> int:
    # Addresses reach only the stage that is given them: unit tests on somebody's own database are a trap.
    inherited = {key: value for key, value in os.environ.items() if key not in ("DATABASE_URL", "REDIS_URL")}
    return subprocess.run(command, cwd=ROOT, env=inherited | environment, check=False).returncode


def main(wanted: list[str]) -> int:
    # A server started here ends with us, also when we are told to end rather than interrupted.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    names = wanted or ["unit", "javascript", "services", "browser", "faults"]
    run = Run()
    for name in names:
        STAGES[name][0](run)
    return run.report(set().union(*(STAGES[name][1] for name in names)))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
