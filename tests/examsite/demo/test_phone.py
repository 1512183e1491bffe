"""Does a simulated phone say what a real one would, chained and on its own clocks?"""

import hashlib
import json

import numpy as np

from exams.intake.protocol import DEVICE, chain_text, genesis, parse_save
from examsite.demo.phone import Phone
from examsite.demo.simulation import Step

SITTING = "5f0c2f0e-52f5-4f6b-8a43-0f1f1f0a7c11"
START = 1_790_000_000_000


def test_lines_are_read_by_the_intake_and_chained() -> None:
    phone = Phone(SITTING, START, np.random.default_rng(1))
    steps = [
        Step(400, "seen", "ma-1.1"),
        Step(900, "response", "ma-1.1", {"1": "ц"}),
        Step(5_000, "hand_in", value="candidate"),
    ]
    lines = [phone.line(step, 1) for step in steps]
    batch = parse_save(b"\n".join([phone.header(START + 6_000, "store"), *lines]))
    assert DEVICE.fullmatch(phone.device)
    assert [(event.body.seq, event.body.kind, event.body.item) for event in batch.events] == [
        (1, "seen", "ma-1.1"),
        (2, "response", "ma-1.1"),
        (3, "hand_in", ""),
    ]
    assert [json.loads(event.raw).get("value") for event in batch.events] == [None, {"1": "ц"}, "candidate"]
    before = [genesis(SITTING, phone.device), *(hashlib.sha256(line).digest() for line in lines[:-1])]
    assert [event.body.prev for event in batch.events] == [chain_text(digest) for digest in before]
    assert batch.header.last == 3


def test_line_is_the_text_that_the_player_would_write() -> None:
    phone = Phone(SITTING, START, np.random.default_rng(1))
    line = phone.line(Step(900, "response", "ma-1.1", {"1": "ц"}), 2)
    assert " ".join(json.loads(line)) == "seq epoch kind item value clock mono wall prev"
    assert line == json.dumps(json.loads(line), ensure_ascii=False, separators=(",", ":")).encode()


def test_clocks_run_evenly_and_may_be_wrong() -> None:
    phone = Phone(SITTING, START, np.random.default_rng(2))
    first, second = (json.loads(phone.line(Step(at, "seen", f"ma-{at}.1"), 1)) for at in (1_000, 61_000))
    assert second["mono"] - first["mono"] == second["wall"] - first["wall"] == 60_000
    assert second["clock"] == first["clock"]
    phones = [Phone(SITTING, START, np.random.default_rng(n)) for n in range(100)]
    errors = [json.loads(one.line(Step(0, "seen", "ma-1.1"), 1))["wall"] - START for one in phones]
    assert max(map(abs, errors)) > 60_000
    assert np.median(np.abs(errors)) < 3_000
