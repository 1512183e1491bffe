"""What does the intake know of a sitting while it serves one request?"""

from __future__ import annotations

from dataclasses import dataclass

from exams import timing


@dataclass(frozen=True, slots=True)
class SittingFacts:
    """A sitting with the rules that apply to it; times in ms."""

    key: int
    public_id: str
    state: str
    started_at: int | None
    ends_at: int | None
    handed_in_at: int | None
    handed_in_cause: str
    time_percent: int
    granted_seconds: int
    form_key: int
    candidate_key: int
    form: str
    purpose: str
    title_sr: str
    title_en: str
    limit_seconds: int | None
    opens_at: int | None
    closes_at: int | None

    @property
    def times(self) -> timing.SittingTimes:
        closed_at = self.handed_in_at if self.handed_in_at is not None else self.ends_at
        return timing.SittingTimes(self.state, self.started_at, self.ends_at, closed_at)

    @property
    def accommodated_limit(self) -> int | None:
        return None if self.limit_seconds is None else self.limit_seconds * self.time_percent // 100
