"""How is a real server process run, killed, frozen and measured from outside?"""

from __future__ import annotations

import contextlib
import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

from django.conf import settings

START_SECONDS = 60.0
_TICKS = os.sysconf("SC_CLK_TCK")
_PAGE = os.sysconf("SC_PAGE_SIZE")


class ServerFailed(RuntimeError):
    """It did not start; the message ends with its own words."""


class Server:
    """uvicorn on a loopback port of its own, as in the Procfile; the same port after each restart.

    `workers`: how many processes of uvicorn share that port.
    """

    def __init__(
        self,
        folder: Path,
        environment: Mapping[str, str],
        *,
        app: str = "examsite.asgi:application",
        workers: int = 1,
    ) -> None:
        self.app, self.environment = app, dict(environment) | {"WEB_CONCURRENCY": str(workers)}
        self.log = folder / "server.log"
        self.host, self.port = "127.0.0.1", free_port()
        self.restarts = 0
        self._process: subprocess.Popen[bytes] | None = None
        self._used_before = 0.0

    def start(self) -> None:
        """Returns once it answers. Raises ServerFailed."""
        command = [
            sys.executable,
            "-m",
            "uvicorn",
            self.app,
            "--host",
            self.host,
            "--port",
            str(self.port),
            "--timeout-keep-alive",
            "90",
        ]
        command += ["--no-access-log", "--log-level", "warning", "--timeout-keep-alive", "90"]
        with self.log.open("ab") as output:
            self._process = subprocess.Popen(  # noqa: S603  our own program
                command,
                cwd=settings.BASE_DIR,
                env=os.environ | self.environment,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=output,
            )
        until = time.monotonic() + START_SECONDS
        while not self._replies():
            if self._process.poll() is not None or time.monotonic() > until:
                self.kill()
                raise ServerFailed(f"the server did not start:\n{self.last_words()}")
            time.sleep(0.05)

    def kill(self) -> None:
        """kill -9: nothing gets to finish what it was doing."""
        self._end(signal.SIGKILL)

    def stop(self) -> None:
        self._end(signal.SIGTERM)

    def restart(self) -> None:
        self.restarts += 1
        self.start()

    def freeze(self) -> None:
        self._signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self._signal(signal.SIGCONT)

    def last_words(self, lines: int = 30) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-lines:])

    def cpu_seconds(self) -> float:
        """Of this server so far, those before a restart included."""
        return self._used_before + (cpu_of(with_children(self._process.pid)) if self._process else 0.0)

    def memory_mb(self) -> float:
        if self._process is None:
            return 0.0
        pages = Path(f"/proc/{self._process.pid}/statm").read_text(encoding="ascii").split()[1]
        return int(pages) * _PAGE / 1e6

    def _end(self, how: signal.Signals) -> None:
        if self._process is None:
            return
        family = with_children(self._process.pid)
        self._used_before += cpu_of(family)
        self._process.send_signal(how)
        if how == signal.SIGKILL:
            for child in family[1:]:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(child, how)
        try:
            self._process.wait(timeout=30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._process = None

    def _signal(self, which: signal.Signals) -> None:
        if self._process is not None:
            self._process.send_signal(which)

    def _replies(self) -> bool:
        asked = http.client.HTTPConnection(self.host, self.port, timeout=2)
        with contextlib.closing(asked), contextlib.suppress(OSError, http.client.HTTPException):
            asked.request("GET", "/x/1/")
            asked.getresponse()
            return True
        return False


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def cpu_of(processes: list[int]) -> float:
    """CPU seconds of these processes and of children they have waited for; 0 for what is gone."""
    return sum(sum(_stat(process)[11:15]) for process in processes) / _TICKS


def with_children(parent: int) -> list[int]:
    """The process and those whose parent it is now, as PostgreSQL's are."""
    numbers = [int(path.name) for path in Path("/proc").iterdir() if path.name.isdigit()]
    return [parent, *(number for number in numbers if _stat(number)[1:2] == [parent])]


def _stat(process: int) -> list[int]:
    """Fields of /proc/<process>/stat from `state` on, numbers only (state as 0)."""
    try:
        text = Path(f"/proc/{process}/stat").read_text(encoding="utf-8", errors="replace")
    except OSError:
        return []
    return [int(field) if field.lstrip("-").isdigit() else 0 for field in text.rpartition(")")[2].split()]
