"""Does the report add up, and does it say so when something is wrong?"""

from __future__ import annotations

from typing import Any

import pytest

from examsite.rehearsal.driver import Outcome
from examsite.rehearsal.ledger import Journal, Loss
from examsite.rehearsal.phone import Plan
from examsite.rehearsal.report import Measured, Verdict, build_report, judge, screen
from examsite.rehearsal.tally import Tally, quantiles

PLAN = Plan(sign_in_at=0, sign_in=30, start=60, work=90, hand_in=10, speed_up=80, give_up=60)


def outcome_of(n_pupils: int) -> Outcome:
    outcome = Outcome()
    outcome.tally.counts.update({"sealed": n_pupils, "receipts compared": n_pupils})
    for number in range(200):
        outcome.tally.replied("save", number / 1000)
        outcome.tally.carried("save", 500, 350, 150, 200)
    outcome.tally.carried("start", 500, 2, 150, 300)
    outcome.tally.drops.update({"cut": n_pupils, "offline": 2 * n_pupils})
    return outcome


def report_of(outcome: Outcome, verdict: Verdict | None = None, **measured: Any) -> dict[str, Any]:
    own = Measured(**({"seconds": 200.0, "server_cpu": 6.0, "database_cpu": 2.0} | measured))
    return build_report(10, PLAN, 1, outcome, verdict or Verdict([], [], Journal()), own)


def test_quantiles_are_values_that_were_measured() -> None:
    hundred = [number / 1000 for number in range(100, 0, -1)]
    found = quantiles(hundred)
    assert found == {"p50": 50.0, "p95": 95.0, "p99": 99.0, "p99.9": 100.0, "max": 100.0}
    assert quantiles([0.002]) == dict.fromkeys(found, 2.0)
    assert quantiles([]) == {}


def test_good_run() -> None:
    report = report_of(outcome_of(10))
    assert report["ok"]
    assert (report["saves"], report["saves_per_second_while_working"]) == (200, 2.0)
    assert report["latency_ms"]["save"]["n"] == 200
    assert report["latency_ms"]["save"]["p95"] == 189.0
    assert report["drops_per_pupil"] == 3.0
    assert report["speed_up"] == 80
    assert "Nothing was lost." in screen(report)


def test_bytes_are_per_pupil_with_headers_apart() -> None:
    found = report_of(outcome_of(10))["bytes_per_pupil"]
    assert found["save"] == {"up_head": 10_000, "up_body": 7_000, "down_head": 3_000, "down_body": 4_000}
    assert found["all"]["up_head"] == 10_050
    assert found["all"]["down_body"] == 4_030


def test_cpu_of_web_and_database_is_one_sum() -> None:
    cpu = report_of(outcome_of(10))["cpu"]
    assert cpu == {
        "server_seconds": 6.0, "database_seconds": 2.0, "seconds_per_pupil": 0.8, "ms_per_save": 40.0
    }  # fmt: skip
    unknown = report_of(outcome_of(10), server_cpu=None, database_cpu=None)["cpu"]
    assert set(unknown.values()) == {None}


LOSS = Loss("s", "one", '"a"', None, "open")


@pytest.mark.parametrize(
    ("outcome", "verdict"),
    [
        (outcome_of(10), Verdict([LOSS], [], Journal())),
        (outcome_of(10), Verdict([], ["s/d: 1 of 2 events"], Journal())),
        (outcome_of(10), Verdict([], [], Journal(n_quarantined=1))),
        (outcome_of(9), Verdict([], [], Journal())),
        (Outcome(tally=Tally(problems=["receipt differs"])), Verdict([], [], None)),
    ],
)
def test_what_is_wrong_makes_the_run_not_good(outcome: Outcome, verdict: Verdict) -> None:
    report = report_of(outcome, verdict)
    assert not report["ok"]
    assert "NOT GOOD." in screen(report)


def test_a_value_lost_on_both_roads_is_one_value() -> None:
    both = [LOSS, Loss("s", "one", '"a"', None, "journal")]
    assert report_of(outcome_of(10), Verdict(both, [], Journal()))["lost"] == 1


def test_judge_looks_at_both_roads() -> None:
    outcome = Outcome()
    for sitting in ("s", "t"):
        outcome.ledger.made(sitting, "one", "a")
        outcome.ledger.acknowledged(sitting, "one")
    outcome.shown = {"s": {"one": '"a"'}, "t": {"one": '"b"'}}
    journal = Journal(values={"t": {"one": '"a"'}})
    verdict = judge(outcome, journal)
    assert {(loss.sitting, loss.road) for loss in verdict.losses} == {("t", "open"), ("s", "journal")}
    assert [loss.road for loss in judge(outcome, None).losses] == ["open"]


def test_processes_add_up() -> None:
    one, other = outcome_of(10), outcome_of(10)
    one.merge(other)
    assert len(one.tally.latencies["save"]) == 400
    assert one.tally.traffic["save"].up_body == 400 * 350
    assert one.tally.counts["sealed"] == 20
