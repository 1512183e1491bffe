"""In whatever order pauses, grants and resumes come: does a sitting keep its limit, its grants, and all the
time that stood still? The model beside it knows nothing but intervals.
"""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from accounts.enums import Role
from accounts.models import Person
from exams.actions.interruptions import EVERYBODY, Scope, begin_pause, end_pause
from exams.actions.sealing import seal_due
from exams.actions.sittings import grant_time
from exams.models import Administration, Pause, Sitting
from tests.factories.accounts import NOW, make_class, make_member, make_pupil
from tests.factories.exams import make_administration

SECOND = timedelta(seconds=1)
LIMIT = 3600
Interval = tuple[datetime, datetime]


def length(intervals: list[Interval]) -> timedelta:
    """Of the union of intervals."""
    total, reached = timedelta(0), datetime.min.replace(tzinfo=NOW.tzinfo)
    for begun, ended in sorted(intervals):
        total += max(ended - max(begun, reached), timedelta(0))
        reached = max(reached, ended)
    return total


class AnyOrder(RuleBasedStateMachine):
    """One started sitting with an hour, under four scopes that may be paused in any overlap."""

    administration: Administration
    staff: Person
    scopes: dict[str, Scope]

    @initialize()
    def begin(self) -> None:
        self.now = NOW
        self.granted = 0
        self.open: dict[str, tuple[Pause, datetime]] = {}
        self.past: list[Interval] = []
        Pause.objects.all().delete()
        Sitting.objects.update(
            state="started", started_at=NOW, ends_at=NOW + LIMIT * SECOND, paused_at=None, granted_seconds=0
        )
        self.left = self.remaining()

    def remaining(self) -> timedelta:
        sitting = Sitting.objects.get()
        assert sitting.ends_at is not None
        return sitting.ends_at - (sitting.paused_at or self.now)

    @rule(seconds=st.integers(0, 2000))
    def time_passes(self, seconds: int) -> None:
        self.now += seconds * SECOND
        # Time that stands still costs nothing.
        self.left -= timedelta(0) if self.open else seconds * SECOND

    @rule(name=st.sampled_from(["sitting", "class", "school", "everybody"]))
    def pause(self, name: str) -> None:
        held = begin_pause(
            administration=self.administration,
            scope=self.scopes[name],
            reason="?",
            actor=self.staff,
            now=self.now,
        )
        known = self.open.setdefault(name, (held, self.now))
        assert known[0] == held

    @precondition(lambda self: self.open)
    @rule(data=st.data())
    def resume(self, data: st.DataObject) -> None:
        name = data.draw(st.sampled_from(sorted(self.open)))
        held, begun = self.open.pop(name)
        for _ in range(data.draw(st.integers(1, 2))):
            end_pause(pause=held, actor=self.staff, now=self.now)
        self.past.append((begun, self.now))

    @rule(seconds=st.integers(1, 7200))
    def grant(self, seconds: int) -> None:
        grant_time(sitting=Sitting.objects.get(), seconds=seconds, reason="?", actor=self.staff, now=self.now)
        self.granted += seconds
        self.left += seconds * SECOND

    @precondition(lambda self: self.open)
    @rule()
    def sweep(self) -> None:
        assert seal_due(now=self.now) == 0

    @invariant()
    def nobody_lost_a_second(self) -> None:
        assert self.remaining() == self.left

    @invariant()
    def the_end_is_limit_and_grants_and_the_union_of_pauses(self) -> None:
        sitting = Sitting.objects.get()
        assert (sitting.paused_at is not None) == bool(self.open)
        stood = [*self.past, *((begun, sitting.paused_at or begun) for _, begun in self.open.values())]
        # What still stands is added when it ends.
        over = [(begun, min(ended, sitting.paused_at or ended)) for begun, ended in stood]
        assert sitting.ends_at == NOW + (LIMIT + self.granted) * SECOND + length(over)


@pytest.mark.django_db
def test_no_order_of_pauses_grants_and_resumes_takes_time_away() -> None:
    room = make_class()
    make_pupil(room)
    AnyOrder.administration = make_administration([room])
    AnyOrder.staff = make_member(room.school, Role.INVIGILATOR)
    AnyOrder.scopes = {
        "sitting": Scope(sitting=Sitting.objects.get()),
        "class": Scope(class_group=room),
        "school": Scope(school=room.school),
        "everybody": EVERYBODY,
    }
    run_state_machine_as_test(
        AnyOrder,
        settings=settings(
            max_examples=60, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck)
        ),
    )


@given(st.lists(st.tuples(st.integers(0, 50), st.integers(0, 50)), max_size=6))
def test_length_of_a_union(pairs: list[tuple[int, int]]) -> None:
    """The model's own arithmetic, counted second by second."""
    spans = [(min(pair), max(pair)) for pair in pairs]
    seconds = {second for begun, ended in spans for second in range(begun, ended)}
    assert length([(NOW + a * SECOND, NOW + b * SECOND) for a, b in spans]) == len(seconds) * SECOND
