"""What can go wrong in exams, each with the place and the remedy in its message."""

from __future__ import annotations

from collections.abc import Sequence


class ExamsError(Exception):
    """Base of everything below, so that an edge can turn any of it into a clear page."""


class IllegalTransition(ExamsError):
    def __init__(self, *, current: str, wanted: str) -> None:
        super().__init__(f"a sitting cannot go from '{current}' to '{wanted}'")
        self.current = current
        self.wanted = wanted


class FormNotPublishable(ExamsError):
    """Raised with every reason at once; nothing has been written."""

    def __init__(self, form: str, reasons: list[str]) -> None:
        super().__init__(f"form {form}: " + "; ".join(reasons))
        self.reasons = reasons


class AdministrationRefused(ExamsError):
    """Pre-flight found the administration dangerous. With every reason at once; nothing has been written."""

    def __init__(self, form: str, reasons: Sequence[str]) -> None:
        super().__init__(f"form {form} was not scheduled: " + "; ".join(reasons))
        self.reasons = tuple(reasons)


class AlreadyDecided(ExamsError):
    """A decision is made once and for good."""

    def __init__(self, what: str) -> None:
        super().__init__(f"{what} has been decided already; a decision stays")


class MarkRefused(ExamsError):
    """A mark that cannot be given; nothing has been written."""


class TextChanged(MarkRefused):
    """The text is another one than its marker was shown: they look again."""

    def __init__(self) -> None:
        super().__init__("the text has changed since it was shown; read it again and mark what it says now")


class ExperimentRefused(ExamsError):
    """A step of an experiment that is not allowed now, with every reason; nothing has been written."""

    def __init__(self, title: str, reasons: Sequence[str]) -> None:
        super().__init__(f"experiment {title!r}: " + "; ".join(reasons))
        self.reasons = tuple(reasons)
