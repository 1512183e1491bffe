"""How does a test get web processes that it may kill, freeze, starve and start again?

Each is what the Procfile's `web:` runs, on a free port of its own. Nothing of the intake is in the test's
process: phones here speak HTTP, and what was kept is read from the database with nothing in between.
"""

from __future__ import annotations

import os
import resource
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Sequence
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parent.parent.parent
START_SECONDS = 60.0
# What the process that runs the tests has set for itself must not reach a server.
_OURS = ("DATABASE_URL", "REDIS_URL", "CI")


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


class WebServer:
    """One web process on the database at `database`. `worker`: it also closes, seals and scores."""

    def __init__(
        self,
        folder: Path,
        database: str,
        *,
        worker: bool = False,
        before: Sequence[str] = (),
        root: Path = ROOT,
        **environment: str,
    ) -> None:
        self.folder = folder
        self.port = free_port()
        self.log = folder / f"web-{self.port}.log"
        self._before = list(before)
        self._root = root
        self.environment = {name: value for name, value in os.environ.items() if name not in _OURS} | {
            "DJANGO_SETTINGS_MODULE": "examsite.settings_test",
            "PROBA_DATA_DIR": str(folder),
            "DATABASE_URL": database,
            "EMBEDDED_WORKER": "true" if worker else "false",
            **settings.SECRETS,
            **environment,
        }
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def address(self) -> tuple[str, int]:
        return "127.0.0.1", self.port

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def start(self, *, wait: bool = True) -> WebServer:
        """Returns once it answers; without `wait` at once, for a server whose database is not there yet."""
        command = [sys.executable, "-m", "uvicorn", "examsite.asgi:application", "--host", "127.0.0.1"]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(
                [*self._before, *command, "--port", str(self.port), "--no-access-log"],
                cwd=self._root,
                env=self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        until = time.monotonic() + START_SECONDS
        while wait and not self._replies():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise RuntimeError(f"the server did not start:\n{self.log.read_text(errors='replace')}")
            time.sleep(0.05)
        return self

    def kill(self) -> None:
        """kill -9: nothing gets to finish what it was doing."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        """In order, as a deployment does it."""
        self._end(signal.SIGTERM)

    def running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def no_disk(self) -> None:
        """From now on every write to a file fails, as on a full disk; sockets work on."""
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (0, resource.RLIM_INFINITY))

    def disk_again(self) -> None:
        resource.prlimit(self.pid, resource.RLIMIT_FSIZE, (resource.RLIM_INFINITY,) * 2)

    def log_text(self) -> str:
        return self.log.read_text(errors="replace")

    def _end(self, number: signal.Signals) -> None:
        if self._process is None:
            return
        self._process.send_signal(number)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _replies(self) -> bool:
        try:
            with urllib.request.urlopen(f"{self.url}/offline/", timeout=5) as reply:  # noqa: S310  our own
                return bool(reply.status == 200)
        except OSError:
            return False
