"""Who computes calibrations that people asked for? A process beside this one, started when one waits.

Calibrating loads SciPy and takes a processor for a while, and neither may happen where phones or pages are
served. The row is the queue: a process that dies leaves it running without a sign of life, and it is queued
again by whoever looks next.
"""

from __future__ import annotations

import logging
import subprocess
import sys
from datetime import datetime

from django.conf import settings

from scoring.actions.calibration_states import revive
from scoring.models import Calibration

log = logging.getLogger(__name__)


class Calibrator:
    """At most one child process at a time. To be called from one thread."""

    def __init__(self) -> None:
        self._child: subprocess.Popen[bytes] | None = None

    @property
    def is_busy(self) -> bool:
        return self._child is not None and self._child.poll() is None

    def look(self, *, now: datetime) -> bool:
        """Starts a process if a calibration waits and none is under way here; whether it did. Never waits."""
        if self.is_busy:
            return False
        if self._child is not None and self._child.returncode:
            log.error("the process that calibrates ended with %s", self._child.returncode)
        self._child = None
        revive(now=now)
        if not Calibration.objects.filter(state=Calibration.State.QUEUED).exists():
            return False
        self._child = subprocess.Popen(  # noqa: S603  our own command, nothing from outside
            [sys.executable, str(settings.BASE_DIR / "manage.py"), "calibrate", "--queued", "--skip-checks"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
        )
        return True

    def stop(self) -> None:
        """Ends the process under way; what it computed is computed again later."""
        if self._child is not None:
            self._child.terminate()
            self._child.wait()
            self._child = None
