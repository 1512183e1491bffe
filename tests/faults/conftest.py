"""Stores that may be destroyed, servers on them, and a class of pupils with their cards."""

from __future__ import annotations

import os
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils import timezone
from pytest_django import DjangoDbBlocker

from exams.models import Administration, Sitting
from tests.exams.conftest import django_on
from tests.factories.accounts import make_card, make_class, make_pupil
from tests.factories.exams import make_administration
from tests.faults.books import Books
from tests.faults.phones import WirePhone
from tests.faults.servers import ROOT, WebServer
from tests.services import PostgresCluster, postgres_cluster

Seen = Callable[[str, float], None]
ON_SQLITE = "?transaction_mode=IMMEDIATE&timeout=20"


@dataclass
class Store:
    """A migrated database of one's own. `cluster`: the PostgreSQL it lies in, None for SQLite."""

    url: str
    folder: Path
    cluster: PostgresCluster | None
    django: Callable[[], Any]
    servers: list[WebServer] = field(default_factory=list)

    @property
    def books(self) -> Books:
        return Books(self.url)

    @property
    def path(self) -> Path:
        """Of the SQLite file."""
        return Path(self.url.removeprefix("sqlite:///").partition("?")[0])

    def back_up(self, target: Path) -> None:
        """SQLite's own way of copying a database that is in use."""
        with closing(sqlite3.connect(self.path)) as source, closing(sqlite3.connect(target)) as copy:
            source.backup(copy)

    def put_back(self, backup: Path) -> None:
        """As an administrator does it: the log of the newer database must not be played into the older."""
        for suffix in ("-wal", "-shm"):
            self.path.with_name(self.path.name + suffix).unlink(missing_ok=True)
        shutil.copy(backup, self.path)

    def server(self, *, start: bool = True, **options: Any) -> WebServer:
        """One more web process on this store."""
        server = WebServer(self.folder, options.pop("database", self.url), **options)
        self.servers.append(server)
        return server.start() if start else server


@dataclass
class Room:
    """A class before its trial: a sitting and a card for each pupil."""

    administration: Administration
    seats: list[tuple[str, str]]

    def phones(self, *servers: WebServer) -> list[WirePhone]:
        """One for each pupil, spread over the servers."""
        return [
            WirePhone(servers[number % len(servers)].address, card, sitting)
            for number, (card, sitting) in enumerate(self.seats)
        ]


def make_room(store: Store, pupils: int, **rules: Any) -> Room:
    """The window has been open for an hour and stays so; `rules` as for make_administration."""
    with store.django():
        group = make_class()
        cards = {pupil.pk: make_card(pupil) for pupil in (make_pupil(group) for _ in range(pupils))}
        now = timezone.now()
        fields = {"opens_at": now - timedelta(hours=1), "now": now} | rules
        administration = make_administration([group], **fields)
        found = Sitting.objects.filter(administration=administration).order_by("pk")
        seats = [(cards[sitting.candidate_id], str(sitting.public_id)) for sitting in found]
    return Room(administration, seats)


_seen: list[str] = []


@pytest.fixture
def seen(request: pytest.FixtureRequest) -> Seen:
    """seen(what, figure): observed and printed at the end of the run, never asserted."""

    def note(what: str, figure: float) -> None:
        # A property of the report, because that also comes from the processes tests are spread over.
        request.node.user_properties.append(("seen", f"{request.node.name}: {what}: {figure:.3g}"))

    return note


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    if report.when == "teardown":
        _seen.extend(str(text) for name, text in report.user_properties if name == "seen")


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    if _seen:
        terminalreporter.section("What was seen (times in seconds)")
        for line in _seen:
            terminalreporter.write_line(f"  {line}")


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.long)])
def store(request: pytest.FixtureRequest) -> Iterator[Store]:
    """Once on SQLite, and in the long tier on a PostgreSQL of one's own."""
    yield request.getfixturevalue(f"{request.param}_store")


@pytest.fixture
def sqlite_store(
    sqlite_template: Path, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Store]:
    path = shutil.copy(sqlite_template, tmp_path / "proba.sqlite3")
    yield from _store(f"sqlite:///{path}{ON_SQLITE}", tmp_path, None, django_db_blocker)


@pytest.fixture
def postgres_store(
    cluster: PostgresCluster, tmp_path: Path, django_db_blocker: DjangoDbBlocker
) -> Iterator[Store]:
    yield from _store(cluster.url, tmp_path, cluster, django_db_blocker)


@pytest.fixture
def cluster(cluster_template: PostgresCluster) -> Iterator[PostgresCluster]:
    """A running PostgreSQL of one's own with a migrated database, as its defaults have it."""
    with postgres_cluster() as cluster:
        copy_cluster(cluster_template, cluster)
        cluster.start()
        yield cluster


def copy_cluster(source: PostgresCluster, target: PostgresCluster) -> None:
    """The files of one that stands still, with their owners."""
    subprocess.run(["cp", "-a", source.data, target.data], check=True)
    target.password = source.password


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("template") / "proba.sqlite3"
    _migrate(f"sqlite:///{path}")
    return path


@pytest.fixture(scope="session")
def cluster_template() -> Iterator[PostgresCluster]:
    """A PostgreSQL that stands still, its database migrated; only to be copied."""
    with postgres_cluster("template") as cluster:
        cluster.create()
        cluster.start()
        _migrate(cluster.url)
        cluster.stop()
        yield cluster


def _migrate(url: str) -> None:
    subprocess.run(
        [sys.executable, "manage.py", "migrate", "--skip-checks", "--verbosity=0"],
        cwd=ROOT,
        check=True,
        env=os.environ | {"DATABASE_URL": url, "DJANGO_SETTINGS_MODULE": "examsite.settings_test"},
    )


def _store(
    url: str, folder: Path, cluster: PostgresCluster | None, blocker: DjangoDbBlocker
) -> Iterator[Store]:
    @contextmanager
    def django() -> Iterator[None]:
        with ExitStack() as stack:
            stack.enter_context(blocker.unblock())
            stack.enter_context(django_on(url))
            yield

    store = Store(url, folder, cluster, django)
    try:
        yield store
    finally:
        for server in store.servers:
            server.kill()
