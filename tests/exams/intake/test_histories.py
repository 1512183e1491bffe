"""Does any history of one sitting lose, double or misjudge an event? Hypothesis looks for one that does.

Up to three phones with honest clocks of any date; deliveries in any order, split, repeated, grouped, their
replies lost; page loads, take-overs, phones that come back; grants, pauses, closing and reopening; the
sweeper; a backup put back. Beside the store runs a little model that knows the rules from DECISIONS.md, and
after every step both must agree. PROBA_HISTORIES says how many histories to try.
"""

from __future__ import annotations

import os
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
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
from exams.models import Sitting
from tests.exams.intake.desk import MINUTE, NINE, moment
from tests.exams.intake.history import History
from tests.factories.accounts import make_class, make_member, make_pupil
from tests.factories.exams import make_administration

HISTORIES = int(os.environ.get("PROBA_HISTORIES", "200"))
# Many are shared out, so that several processes can look at once.
SHARES = 1 if HISTORIES <= 200 else 8
ITEMS = ("ma-102.1", "ma-106.1", "ma-112.1")
PHONES = st.sampled_from([0, 0, 0, 1, 1, 2])
VALUES = st.sampled_from(["a", "b", "c", None])
LAST = [("hand_in", "candidate"), ("hand_in", "time"), ("close", None)]
OFTEN = st.sampled_from([False, False, False, True])


class Histories(RuleBasedStateMachine):
    number = 0

    def __init__(self, trial: Sitting, actor: Any) -> None:
        super().__init__()
        type(self).number += 1
        self.history = History(trial, actor)

    @initialize(date=st.integers(-400 * 24 * 60, 400 * 24 * 60))
    def first_phone_starts(self, date: int) -> None:
        self.history.phone_with_date(0, date * MINUTE)
        self.history.open(0, lost=False)
        self.history.start(0)

    # ---- phones --------------------------------------------------------------------------------------
    @rule(phone=PHONES, lost=OFTEN)
    def open(self, phone: int, lost: bool) -> None:
        self.history.open(phone, lost=lost)

    @rule(phone=PHONES)
    def start(self, phone: int) -> None:
        self.history.start(phone)

    @rule(phone=PHONES, given=st.lists(st.tuples(st.sampled_from(ITEMS), VALUES), min_size=1, max_size=4))
    def respond(self, phone: int, given: list[tuple[str, str | None]]) -> None:
        for item, value in given:
            self.history.make(phone, "response", item, value)

    @rule(phone=PHONES, kind=st.sampled_from(["seen", "flag", "unheard_of"]), item=st.sampled_from(ITEMS))
    def make_another_kind(self, phone: int, kind: str, item: str) -> None:
        self.history.make(phone, kind, item, kind == "flag" or None)

    @rule(phone=PHONES)
    def reload(self, phone: int) -> None:
        self.history.reload(phone)

    @rule(
        phone=PHONES, last=st.sampled_from([("hand_in", "candidate"), ("hand_in", "time"), ("close", None)])
    )
    def finish(self, phone: int, last: tuple[str, str | None]) -> None:
        self.history.finish(phone, *last)

    # ---- network -------------------------------------------------------------------------------------
    @rule(phone=PHONES, lost=OFTEN)
    def deliver_what_is_owed(self, phone: int, lost: bool) -> None:
        self.history.deliver([(phone, self.history.owed(phone))], lost=lost)

    @rule(phone=PHONES, data=st.data())
    def deliver_all_but_some(self, phone: int, data: st.DataObject) -> None:
        """A request was lost, and those after it were not; a heartbeat follows."""
        lines = self.history.owed(phone)
        chosen = [line for line in lines if data.draw(st.booleans())]
        self.history.deliver([(phone, chosen)], lost=False)
        self.history.deliver([(phone, [])], lost=False)

    @rule(phones=st.lists(PHONES, min_size=1, max_size=3), data=st.data(), lost=OFTEN)
    def deliver_anything_in_any_order(self, phones: list[int], data: st.DataObject, lost: bool) -> None:
        parcels = []
        for phone in phones:
            lines = self.history.lines(phone)
            chosen = data.draw(st.lists(st.sampled_from(lines), max_size=6)) if lines else []
            parcels.append((phone, chosen))
        self.history.deliver(parcels, lost=lost)

    @rule(phone=PHONES)
    def heartbeat(self, phone: int) -> None:
        self.history.deliver([(phone, [])], lost=False)

    # ---- time and staff ------------------------------------------------------------------------------
    @rule(seconds=st.sampled_from([1, 20, 60, 600, 1800, 3600]))
    def time_passes(self, seconds: int) -> None:
        self.history.pass_time(seconds)

    @rule(act=st.sampled_from(["grant", "grant", "pause", "go_on", "go_on", "close_for_pupil", "reopen"]))
    def staff(self, act: str) -> None:
        getattr(self.history, act)()

    @rule()
    def sweep(self) -> None:
        self.history.sweep()

    # ---- servers -------------------------------------------------------------------------------------
    @rule()
    def server_starts_anew(self) -> None:
        self.history.forget()

    @precondition(lambda self: not self.history.has_backup)
    @rule()
    def back_up(self) -> None:
        self.history.back_up()

    @precondition(lambda self: self.history.has_backup)
    @rule()
    def put_back(self) -> None:
        self.history.put_back()

    @invariant()
    def store_and_model_agree(self) -> None:
        self.history.check()

    def teardown(self) -> None:
        try:
            self.history.end()
        finally:
            self.history.undo()


@pytest.mark.django_db
@pytest.mark.parametrize("share", range(SHARES))
def test_histories(share: int) -> None:
    group = make_class()
    make_pupil(group)
    trial = Sitting.objects.get(administration=make_administration([group], now=moment(NINE)))
    invigilator = make_member(group.school, Role.INVIGILATOR)
    Histories.number = 0
    run_state_machine_as_test(
        lambda: Histories(trial, invigilator),
        settings=settings(
            max_examples=-(-HISTORIES // SHARES),
            stateful_step_count=20,
            deadline=None,
            derandomize=SHARES == 1,
            database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )
    print(f"{Histories.number} histories")  # noqa: T201  what `make faults` shows
    assert Histories.number >= HISTORIES // SHARES
