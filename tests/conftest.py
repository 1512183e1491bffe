"""What kind is each test, what may it reach, and how many of each kind ran?

Five kinds: *unit* (everything not named below), *postgres*, *redis*, *browser*, *faults*. The kind follows
from what a test asks for and where it lies, so that it cannot be forgotten. A skipped test says nothing:
where every kind has to run (CI, or PROBA_REQUIRE_ALL=1) a skip fails the run, elsewhere the last line counts
it.

Of the unit tests those are *slow* that ask for a database, go through the whole bank or simulate much: `make
test-fast` leaves them out.
"""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Collection, Iterator
from pathlib import Path
from urllib.parse import urlsplit
from uuid import uuid4

import psycopg
import pytest
from django.conf import settings
from playwright.sync_api import Browser
from psycopg import sql

from tests.browser.devices import open_chromium
from tests.services import find_chromium, postgres_server, redis_server

ROOT = Path(__file__).resolve().parent.parent
KINDS = ("faults", "browser", "postgres", "redis")
FIXTURE_KINDS = {"postgres_url": "postgres", "redis_url": "redis", "chromium": "browser"}
DATABASE = {"_django_db_helper", "db", "transactional_db", "django_db_reset_sequences", "live_server"}
SLOW_PLACES = ("tests/bench", "tests/exams/items", "tests/examsite/demo", "tests/examsite/test_demo.py")
REQUIRE_ALL = bool(os.environ.get("CI") or os.environ.get("PROBA_REQUIRE_ALL"))
tally: Counter[tuple[str, str]] = Counter()


# ---- Kinds and counting ----------------------------------------------------------------------------


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    # Runs before -m picks, so that the picking sees what is set here.
    for item in items:
        fixtures = getattr(item, "fixturenames", ())
        for fixture, kind in FIXTURE_KINDS.items():
            if fixture in fixtures:
                item.add_marker(kind)
        for kind in ("browser", "faults"):
            if item.path.is_relative_to(ROOT / "tests" / kind):
                item.add_marker(kind)
        if _is_slow(item, fixtures):
            item.add_marker("slow")
    # Last, because Playwright's event loop stays running, and tests with loops of their own trip over it.
    items.sort(key=lambda item: item.get_closest_marker("browser") is not None)


def _is_slow(item: pytest.Item, fixtures: Collection[str]) -> bool:
    asks_for_database = item.get_closest_marker("django_db") or DATABASE.intersection(fixtures)
    return bool(asks_for_database) or any(item.path.is_relative_to(ROOT / one) for one in SLOW_PLACES)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    kind = next((kind for kind in KINDS if kind in report.keywords), "unit")
    if report.when == "call" or (report.when == "setup" and not report.passed) or report.failed:
        tally[kind, report.outcome] += 1


def pytest_collectreport(report: pytest.CollectReport) -> None:
    if report.skipped:
        tally["unit", "skipped"] += 1


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    if hasattr(session.config, "workerinput"):
        return
    skipped = sum(number for (_, outcome), number in tally.items() if outcome == "skipped")
    if skipped and REQUIRE_ALL:
        session.exitstatus = pytest.ExitCode.TESTS_FAILED
    if target := os.environ.get("PROBA_TEST_TALLY"):
        counted = {f"{kind} {outcome}": number for (kind, outcome), number in tally.items()}
        Path(target).write_text(json.dumps(counted))


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    skipped = sum(number for (_, outcome), number in tally.items() if outcome == "skipped")
    if skipped:
        verdict = "which fails here" if REQUIRE_ALL else "which would fail in CI"
        terminalreporter.write_line(f"!!! {skipped} SKIPPED, {verdict}.", red=True, bold=True)


def pytest_unconfigure(config: pytest.Config) -> None:
    # settings_test makes a folder for its databases and secrets; the process that made it clears it away.
    made_here = settings.configured and settings.DATA_DIR.name.startswith("proba-test-")
    if made_here and not hasattr(config, "workerinput"):
        shutil.rmtree(settings.DATA_DIR, ignore_errors=True)


# ---- Real services, started once for a run that asks for them --------------------------------------


@pytest.fixture(scope="session")
def postgres_url() -> Iterator[str]:
    """A PostgreSQL server whose user may create databases. Its own database stays empty."""
    with postgres_server() as url:
        yield url


@pytest.fixture(scope="session")
def redis_url() -> Iterator[str]:
    """A Redis server shared by all tests: use keys of your own."""
    with redis_server() as url:
        yield url


@pytest.fixture(scope="session")
def postgres_template(postgres_url: str) -> Iterator[tuple[str, str]]:
    """(server URL, name of a migrated database that nobody connects to)."""
    name = f"proba_template_{uuid4().hex}"
    _admin(postgres_url, "CREATE DATABASE {}", name)
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity=0"],
        cwd=ROOT,
        check=True,
        env=os.environ
        | {
            "DATABASE_URL": _with_name(postgres_url, name),
            "DJANGO_SETTINGS_MODULE": "examsite.settings_test",
        },
    )
    yield postgres_url, name
    _admin(postgres_url, "DROP DATABASE {} WITH (FORCE)", name)


@pytest.fixture
def postgres_database(postgres_template: tuple[str, str]) -> Iterator[str]:
    """URL of a migrated PostgreSQL database that only this test sees, for servers, writers and commands."""
    server, template = postgres_template
    name = f"proba_test_{uuid4().hex}"
    _admin(server, "CREATE DATABASE {} TEMPLATE {}", name, template)
    yield _with_name(server, name)
    _admin(server, "DROP DATABASE {} WITH (FORCE)", name)


def _admin(url: str, statement: str, *names: str) -> None:
    with psycopg.connect(url, autocommit=True) as connection:
        connection.execute(sql.SQL(statement).format(*map(sql.Identifier, names)))


def _with_name(url: str, name: str) -> str:
    return urlsplit(url)._replace(path=f"/{name}").geturl()


# ---- A real browser ---------------------------------------------------------------------------------


@pytest.fixture(scope="session")
def chromium_path() -> str:
    return find_chromium()


@pytest.fixture(scope="session")
def chromium(chromium_path: str) -> Iterator[Browser]:
    with open_chromium(chromium_path) as browser:
        yield browser
