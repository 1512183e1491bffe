"""Saves that come together: the same journal as one after another, in fewer statements."""

from __future__ import annotations

import random
from typing import Any

import pytest

from exams.intake.journal import high_water_mark
from exams.intake.protocol import WireError, parse_save
from exams.intake.saving import Heads, Save, save_group
from exams.intake.store import SaveResult, Store
from exams.intake.ticket import Ticket
from exams.models import ResponseEvent, Sitting
from tests.exams.intake.desk import MINUTE, NINE, Desk, moment
from tests.exams.intake.phone import Device
from tests.factories.accounts import make_class, make_pupil
from tests.factories.exams import make_administration

REFS = ("ma-102.1", "ma-106.1", "ma-112.1", "ma-116.1")


class Counter:
    """The store's connection, counting how often it is asked."""

    def __init__(self, desk: Desk) -> None:
        self.db = desk.db
        self.asked = 0

    def __getattr__(self, name: str) -> Any:
        method = getattr(self.db, name)
        if name not in ("query", "query_at_once", "change", "change_many", "append"):
            return method

        def counted(*values: Any) -> Any:
            self.asked += 1
            return method(*values)

        return counted


@pytest.fixture
def sittings(both_databases: None) -> list[Sitting]:
    group = make_class()
    for _ in range(4):
        make_pupil(group)
    return list(Sitting.objects.filter(administration=make_administration([group], now=moment(NINE))))


def save_of(sitting: Sitting, device: Device, *lines: str, at: int) -> Save:
    ticket = Ticket(sitting.pk, str(sitting.public_id), device.device, device.epoch)
    return Save(ticket, parse_save(device.body(*lines)), at)


def begun(desk: Desk, sitting: Sitting) -> Device:
    device = desk.open(sitting)
    desk.start(sitting)
    return device


def grouped(desk: Desk, heads: Heads, *saves: Save) -> list[SaveResult | WireError]:
    def work(store: Store) -> list[SaveResult | WireError]:
        return save_group(store, heads, saves)

    results = desk.do(work)
    heads.committed()
    return results


def journal(sitting: Sitting) -> list[tuple[object, ...]]:
    rows = ResponseEvent.objects.filter(sitting=sitting).order_by("device", "seq")
    return [
        (
            row.seq,
            row.epoch,
            row.kind,
            row.item_ref,
            row.received_at,
            row.estimated_at,
            row.verdict,
            row.reason,
        )
        for row in rows
    ]


def test_a_group_asks_as_often_as_one_save(desk: Desk, sittings: list[Sitting]) -> None:
    heads = Heads()
    phones = [begun(desk, sitting) for sitting in sittings]
    desk.store.form_refs(sittings[0].form_id)
    counter = Counter(desk)
    store = Store(counter)  # type: ignore[arg-type]

    def round_of(number: int) -> int:
        before = counter.asked
        saves = [
            save_of(sitting, phone, phone.event("response", REFS[0], "a"), at=NINE + MINUTE)
            for sitting, phone in list(zip(sittings, phones, strict=True))[:number]
        ]
        results = desk.do(lambda _: save_group(store, heads, saves))
        heads.committed()
        assert all(isinstance(result, SaveResult) for result in results)
        return counter.asked - before

    round_of(4)  # looks up where the chains end, and keeps the clocks
    assert round_of(1) == round_of(4) == 2


def test_results_come_in_the_order_of_the_saves(desk: Desk, sittings: list[Sitting]) -> None:
    heads = Heads()
    phones = [begun(desk, sitting) for sitting in sittings]
    saves = [
        save_of(
            sitting, phone, *[phone.event("response", REFS[n], "a") for n in range(index)], at=NINE + MINUTE
        )
        for index, (sitting, phone) in enumerate(zip(sittings, phones, strict=True))
    ]
    unknown = Save(Ticket(10**9, "", phones[0].device, 1), saves[0].batch, NINE)
    results = grouped(desk, heads, *saves[:2], unknown, *saves[2:])
    assert isinstance(results[2], WireError)
    assert results[2].code == "no_such_sitting"
    del results[2]
    assert [result.acked_upto for result in results if isinstance(result, SaveResult)] == [0, 1, 2, 3]


def test_two_saves_of_one_phone_in_one_group(desk: Desk, sittings: list[Sitting]) -> None:
    heads, sitting = Heads(), sittings[0]
    phone = begun(desk, sitting)
    first, second = phone.event("response", REFS[0], "a"), phone.event("response", REFS[0], "b")
    third = phone.event("response", REFS[1], "c")
    at = NINE + MINUTE
    results = grouped(
        desk,
        heads,
        save_of(sitting, phone, first, at=at),
        save_of(sitting, phone, second, at=at),
        save_of(sitting, phone, first, second, at=at),
        save_of(sitting, phone, third, at=at),
    )
    # The repeated one was looked at last, when everything had been written.
    assert [result.acked_upto for result in results if isinstance(result, SaveResult)] == [1, 2, 3, 3]
    assert [row[0] for row in journal(sitting)] == [1, 2, 3]


def test_another_process_was_quicker(desk: Desk, sittings: list[Sitting]) -> None:
    """This process still believes that the chain ends where it last saw it."""
    heads, sitting = Heads(), sittings[0]
    phone = begun(desk, sitting)
    grouped(desk, heads, save_of(sitting, phone, phone.event("seen", REFS[0]), at=NINE + MINUTE))
    line = phone.event("response", REFS[0], "a")
    desk.save(sitting, phone, line, at=NINE + MINUTE)
    other = phone.event("response", REFS[1], "b")
    (late,) = grouped(desk, heads, save_of(sitting, phone, line, other, at=NINE + 2 * MINUTE))
    assert isinstance(late, SaveResult)
    assert (late.acked_upto, late.gaps) == (3, [])
    assert [row[0] for row in journal(sitting)] == [1, 2, 3]
    assert [row.received_at for row in ResponseEvent.objects.filter(sitting=sitting).order_by("seq")] == [
        moment(NINE + MINUTE),
        moment(NINE + MINUTE),
        moment(NINE + 2 * MINUTE),
    ]


def test_what_was_rolled_back_is_not_remembered(desk: Desk, sittings: list[Sitting]) -> None:
    heads, sitting = Heads(), sittings[0]
    phone = begun(desk, sitting)
    save = save_of(sitting, phone, phone.event("response", REFS[0], "a"), at=NINE + MINUTE)

    def broken(store: Store) -> None:
        save_group(store, heads, [save])
        raise RuntimeError("the disk is full")

    with pytest.raises(RuntimeError, match="disk"):
        desk.do(broken)
    heads.forget()
    (result,) = grouped(desk, heads, save)
    assert isinstance(result, SaveResult)
    assert result.acked_upto == 1
    assert len(journal(sitting)) == 1


def test_announcement_comes_once(desk: Desk, sittings: list[Sitting]) -> None:
    heads, sitting = Heads(), sittings[0]
    phone = begun(desk, sitting)
    administration = sitting.administration
    assert administration is not None
    said = administration.announcements.create(
        text_sr="Стани", text_en="Stop", at=moment(NINE), by=sitting.candidate
    )
    Sitting.objects.filter(pk=sitting.pk).update(announcement=said)
    told = {"id": said.pk, "sr": "Стани", "en": "Stop", "at": NINE}
    for notice, expected in ((0, [told]), (said.pk, [])):
        ticket = Ticket(sitting.pk, str(sitting.public_id), phone.device, phone.epoch)
        heartbeat = Save(ticket, parse_save(phone.body(notice=notice)), NINE + MINUTE)
        (result,) = grouped(desk, heads, heartbeat)
        assert isinstance(result, SaveResult)
        assert result.notices == expected


def test_phones_that_wait_for_the_seal_cost_little(desk: Desk, sittings: list[Sitting]) -> None:
    heads, sitting = Heads(), sittings[0]
    phone = begun(desk, sitting)
    hand_in = phone.event("hand_in", value="candidate")
    (handed_in,) = grouped(desk, heads, save_of(sitting, phone, hand_in, at=NINE + MINUTE))
    assert isinstance(handed_in, SaveResult)
    grouped(desk, heads, save_of(sitting, phone, at=NINE + 2 * MINUTE))
    counter = Counter(desk)
    for state, final in (("handed_in", False), ("sealed", True)):
        Sitting.objects.filter(pk=sitting.pk).update(state=state)
        counter.asked = 0
        heartbeat = save_of(sitting, phone, at=NINE + 2 * MINUTE)
        (heard,) = desk.do(lambda _, one=heartbeat: save_group(Store(counter), heads, [one]))
        assert isinstance(heard, SaveResult)
        assert heard.receipt == {**(handed_in.receipt or {}), "final": final}
        assert (heard.facts.state, counter.asked) == (state, 1)
    # Reopened: there is no receipt any more, and what comes next is looked at with care.
    Sitting.objects.filter(pk=sitting.pk).update(state="started")
    (going_on,) = grouped(desk, heads, save_of(sitting, phone, at=NINE + 3 * MINUTE))
    assert isinstance(going_on, SaveResult)
    assert going_on.receipt is None


def test_a_group_of_hand_ins_asks_as_often_as_one(desk: Desk, sittings: list[Sitting]) -> None:
    heads, at = Heads(), NINE + MINUTE
    phones = [begun(desk, sitting) for sitting in sittings]
    pairs = list(zip(sittings, phones, strict=True))
    grouped(
        desk,
        heads,
        *[save_of(one, phone, phone.event("response", REFS[0], "a"), at=at) for one, phone in pairs],
    )
    counter = Counter(desk)

    def hand_in(some: list[tuple[Sitting, Device]]) -> int:
        before = counter.asked
        saves = [save_of(one, phone, phone.event("hand_in", value="candidate"), at=at) for one, phone in some]
        results = desk.do(lambda _: save_group(Store(counter), heads, saves))  # type: ignore[arg-type]
        heads.committed()
        for result in results:
            assert isinstance(result, SaveResult)
            assert (result.moved, result.facts.state, result.acked_upto) == (True, "handed_in", 2)
            assert result.receipt is not None
            assert (result.receipt["answered"], result.receipt["final"]) == (1, False)
        return counter.asked - before

    assert hand_in(pairs[:1]) == hand_in(pairs[1:])
    for sitting, phone in pairs:
        sitting.refresh_from_db()
        assert (sitting.state, sitting.handed_in_cause) == ("handed_in", "candidate")
        assert list(sitting.devices.values_list("last_seq", "closed")) == [(2, True)]
        assert sitting.events.filter(kind="handed_in").count() == 1
        (again,) = grouped(desk, heads, save_of(sitting, phone, *phone.lines[-1:], at=at))
        assert isinstance(again, SaveResult)
        assert (again.moved, again.receipt) == (False, heads.receipts[sitting.pk])


def test_hand_in_waits_for_what_came_before_it(desk: Desk, sittings: list[Sitting]) -> None:
    """A save that needs care is looked at last; the hand-in behind it in the group must not overtake it."""
    heads, sitting, at = Heads(), sittings[0], NINE + MINUTE
    first = begun(desk, sitting)
    other = desk.open(sitting)
    other.event("seen", REFS[1])
    late = save_of(sitting, other, other.event("response", REFS[1], "b"), at=at)  # its first event is missing
    hand_in = save_of(sitting, first, first.event("hand_in", value="candidate"), at=at)
    results = grouped(desk, heads, late, hand_in)
    assert [result.facts.state for result in results if isinstance(result, SaveResult)] == [
        "started",
        "handed_in",
    ]


def test_nothing_follows_a_hand_in_on_the_quick_way(desk: Desk, sittings: list[Sitting]) -> None:
    """What the same group brings after it is judged as after it."""
    heads, sitting = Heads(), sittings[0]
    phone = begun(desk, sitting)
    hand_in = phone.event("hand_in", value="candidate")
    phone.pass_time(60)
    after = phone.event("response", REFS[0], "c")
    grouped(
        desk,
        heads,
        save_of(sitting, phone, hand_in, at=NINE + MINUTE),
        save_of(sitting, phone, after, at=NINE + 2 * MINUTE),
    )
    assert [row[-2:] for row in journal(sitting)] == [("counted", ""), ("quarantined", "after_end")]


# ---- both ways are one --------------------------------------------------------------------------------
class Twin:
    """The same pupil twice: what one sends in groups, the other sends save by save."""

    def __init__(self, desk: Desk, sitting: Sitting) -> None:
        self.sitting = sitting
        self.phones = [desk.open(sitting), desk.open(sitting)]
        desk.start(sitting, on=self.phones[0])
        self.now = NINE

    def act(self, chance: random.Random) -> list[Save]:
        """A few saves with new, repeated, missing and forged events, and heartbeats."""
        saves = []
        for _ in range(chance.randint(1, 4)):
            phone = self.phones[chance.random() < 0.2]
            phone.pass_time(1)
            if chance.random() < 0.1:
                phone.reload()
            kind = chance.choices(["response", "seen", "hand_in", "close"], [20, 10, 1, 1])[0]
            item = chance.choice((*REFS, *REFS, "nowhere.1")) if kind in ("response", "seen") else ""
            for _ in range(chance.randint(0, 3)):
                forged = {"prev": "A" * 43} if chance.random() < 0.05 else {}
                phone.event(kind, item, chance.choice("abcd"), **forged)
            first = chance.randint(max(0, len(phone.lines) - 4), len(phone.lines))
            lines = [line for line in phone.lines[first:] if chance.random() < 0.9]
            saves.append(save_of(self.sitting, phone, *lines, at=self.now))
        self.now += chance.choice((5_000, 20_000, 5 * MINUTE))
        return saves


@pytest.mark.parametrize("seed", range(12))
def test_groups_and_single_saves_end_in_one_journal(desk: Desk, sittings: list[Sitting], seed: int) -> None:
    heads = Heads()
    together, alone = Twin(desk, sittings[0]), Twin(desk, sittings[1])
    devices = {phone.device: number for number, phone in enumerate([*together.phones, *alone.phones])}
    chances = random.Random(seed), random.Random(seed)
    for _ in range(25):
        grouped(desk, heads, *together.act(chances[0]))
        for save in alone.act(chances[1]):
            desk.do(lambda store, one=save: store.save(one.ticket, one.batch, one.received_at))
        group, single = (desk.store.facts(sitting.pk) for sitting in sittings[:2])
        assert (group.state, group.handed_in_at) == (single.state, single.handed_in_at)
        for mine, theirs in zip(together.phones, alone.phones, strict=True):
            marks = [
                high_water_mark(desk.db, sitting.pk, phone.device)
                for sitting, phone in zip(sittings, (mine, theirs), strict=False)
            ]
            assert marks[0] == marks[1]
    rows = [
        [(devices[row.device] % 2, row.seq, row.kind, row.item_ref, row.estimated_at, row.verdict, row.reason)
         for row in ResponseEvent.objects.filter(sitting=sitting)]
        for sitting in sittings[:2]
    ]  # fmt: skip
    assert sorted(rows[0]) == sorted(rows[1])
    assert len(rows[0]) > 20
