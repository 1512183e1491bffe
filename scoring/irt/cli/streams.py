"""Where do results, remarks and progress go?"""

from __future__ import annotations

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TextIO

_SECONDS = 0.1  # between two signs of life


@dataclass(frozen=True, slots=True)
class Streams:
    """Results go to `out`, whatever is about them to `err`."""

    out: TextIO = field(default_factory=lambda: sys.stdout)
    err: TextIO = field(default_factory=lambda: sys.stderr)

    def say(self, text: str = "") -> None:
        self.out.write(f"{text}\n")

    def remark(self, text: str) -> None:
        self.err.write(f"{text}\n")

    def note(self, text: str) -> None:
        """What the analyst should know, though the run goes on."""
        self.remark(f"note: {text}")

    def progress(self, words: Callable[[float, float], str], *, wanted: bool) -> Progress | None:
        """Signs of life, if somebody watches a terminal or asked for them."""
        terminal = self.err.isatty()
        return Progress(self.err, words, one_line=terminal) if terminal or wanted else None


class Progress:
    """Called with two numbers again and again; says them at most ten times a second."""

    def __init__(self, stream: TextIO, words: Callable[[float, float], str], *, one_line: bool) -> None:
        self._stream, self._words, self._one_line = stream, words, one_line
        self._last = -_SECONDS

    def __call__(self, first: float, second: float) -> None:
        now = time.monotonic()
        if self._one_line and now - self._last < _SECONDS:
            return
        self._last = now
        text = self._words(first, second)
        self._stream.write(f"\r\x1b[K{text}" if self._one_line else f"{text}\n")
        self._stream.flush()

    def done(self) -> None:
        """Takes the line away again, so that what follows stands on a clean one."""
        if self._one_line:
            self._stream.write("\r\x1b[K")
            self._stream.flush()


def passes(iteration: float, log_likelihood: float) -> str:
    return f"pass {iteration:.0f}  log-likelihood {log_likelihood:.3f}"
