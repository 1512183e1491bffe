"""Does a virtual phone send what the intake can read, in pieces that it takes, until all is confirmed?"""

from __future__ import annotations

import hashlib

from exams.intake.protocol import MAX_BODY, MAX_EVENTS, chain_text, genesis, parse_save, receipt_code
from examsite.rehearsal.outbox import EventChain, Outbox, save_body, save_header

SITTING, DEVICE = "5f0c2f0e-52f5-4f6b-8a43-0f1f1f0a7c11", "abcdefghijklmnopqrstuv"
READING = {"clock": "load1", "mono": 1_000, "wall": 1_790_000_000_000}


def filled(n_events: int, length: int = 1) -> Outbox:
    chain, outbox = EventChain(SITTING, DEVICE), Outbox()
    outbox.lines = [
        chain.add("response", READING, epoch=1, item="ma-1.1", value={"x": "9" * length})
        for _ in range(n_events)
    ]
    return outbox


def test_lines_are_chained_and_read_by_the_intake() -> None:
    chain = EventChain(SITTING, DEVICE)
    lines = [
        chain.add("seen", READING, epoch=2, item="ma-1.1"),
        chain.add("response", READING, epoch=2, item="ma-1.1", value={"x": "3,5 цм"}),
        chain.add("hand_in", READING, epoch=2, value="candidate"),
    ]
    header = save_header(DEVICE, READING, last=3, generation="store")
    batch = parse_save(save_body(header, lines))
    assert (batch.header.device, batch.header.last, batch.header.mono) == (DEVICE, 3, 1_000)
    before = [genesis(SITTING, DEVICE), *(hashlib.sha256(line).digest() for line in lines[:-1])]
    assert [event.body.prev for event in batch.events] == [chain_text(digest) for digest in before]
    assert [event.body.seq for event in batch.events] == [1, 2, 3]
    assert receipt_code(chain.last_digest) == receipt_code(batch.events[-1].digest)


def test_batches_keep_to_the_limits_and_cover_everything() -> None:
    for outbox in (filled(2 * MAX_EVENTS + 1), filled(100, 5_000)):
        sent = 0
        for batch in outbox.batches():
            body = save_body(save_header(DEVICE, READING, last=500, generation="x" * 40), batch.lines)
            assert len(body) <= MAX_BODY
            assert len(batch.lines) <= MAX_EVENTS
            sent += len(batch.lines)
            outbox.confirmed(batch.upto, "store")
        assert sent == len(outbox.lines) == outbox.acked


def test_what_is_not_confirmed_is_owed_again() -> None:
    outbox = filled(3)
    assert [batch.upto for batch in outbox.batches()] == [3]
    outbox.confirmed(2, "store")
    (batch,) = outbox.batches()
    assert list(batch.lines) == outbox.lines[2:]
    outbox.confirmed(3, "store")
    assert list(outbox.batches()) == []


def test_a_store_that_has_lost_something_is_sent_it_again() -> None:
    outbox = filled(5)
    outbox.confirmed(5, "old")
    outbox.confirmed(1, "new")
    (batch,) = outbox.batches()
    assert list(batch.lines) == outbox.lines[1:]
    assert outbox.generation == "new"
