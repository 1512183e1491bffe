"""What does a rehearsal say of the server? Counts, losses, times, bytes and CPU, as JSON and for a person."""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any

from examsite.rehearsal.driver import Outcome
from examsite.rehearsal.ledger import Journal, Loss
from examsite.rehearsal.phone import Plan
from examsite.rehearsal.tally import Tally, Traffic, quantiles

REAL_EXAM_SECONDS = 7_200.0
SHOWN = 10
SAVES = ("save", "hand-in", "heartbeat")


@dataclass(slots=True)
class Measured:
    """What was measured beside the phones. CPU None: the processes belong to somebody else."""

    seconds: float
    server_cpu: float | None = None
    database_cpu: float | None = None
    server_memory_mb: float | None = None
    sealed_after_seconds: float | None = None
    faults: list[str] = field(default_factory=list)
    restarts: int = 0


@dataclass(slots=True)
class Verdict:
    """What was lost, on either road; `journal` None: only the replies to `open` could be looked at."""

    losses: list[Loss]
    missing: list[str]
    journal: Journal | None


def judge(outcome: Outcome, journal: Journal | None) -> Verdict:
    losses = list(outcome.ledger.losses(outcome.shown, "open"))
    missing = []
    if journal is not None:
        losses += outcome.ledger.losses(journal.values, "journal")
        missing = journal.missing(outcome.ledger)
    return Verdict(losses, missing, journal)


def build_report(
    n_pupils: int, plan: Plan, processes: int, outcome: Outcome, verdict: Verdict, measured: Measured
) -> dict[str, Any]:
    tally, ledger = outcome.tally, outcome.ledger
    n_saves = sum(len(tally.latencies.get(kind, ())) for kind in SAVES)
    journal = verdict.journal
    problems = [*tally.problems]
    if tally.counts["sealed"] < n_pupils:
        problems.append(f"{n_pupils - tally.counts['sealed']} of {n_pupils} sittings were not seen sealed")
    if journal is not None and journal.n_quarantined:
        problems.append(f"{journal.n_quarantined} events are quarantined")
    n_lost = len({(loss.sitting, loss.item) for loss in verdict.losses})
    return {
        "ok": not (n_lost or verdict.missing or problems),
        "pupils": n_pupils,
        "speed_up": round(plan.speed_up, 1),
        "phases_seconds": {
            "sign_in": plan.sign_in, "start": plan.start, "work": plan.work, "hand_in": plan.hand_in
        },
        "seconds": round(measured.seconds, 1),
        "driver_processes": processes,
        "driver_cpu_seconds": round(tally.cpu_seconds, 1),
        "acknowledged_answers": ledger.n_acknowledged,
        "lost": n_lost,
        "lost_by_road": dict(Counter(loss.road for loss in verdict.losses)),
        "lost_examples": [asdict(loss) for loss in verdict.losses[:SHOWN]],
        "missing_events": verdict.missing[:SHOWN],
        "events_in_journal": journal.n_events if journal is not None else None,
        "receipts_compared": tally.counts["receipts compared"],
        "problems": problems[:SHOWN],
        "problem_count": len(problems),
        "errors": dict(tally.errors.most_common()),
        "drops": dict(tally.drops),
        "drops_per_pupil": round(sum(tally.drops.values()) / n_pupils, 2),
        "faults": measured.faults,
        "server_restarts": measured.restarts,
        "saves": n_saves,
        "saves_per_second_while_working": round(n_saves / (plan.work + plan.hand_in), 1),
        "sealed_after_seconds": measured.sealed_after_seconds,
        "latency_ms": _latencies(tally),
        "bytes_per_pupil": _bytes(tally.traffic, n_pupils),
        "cpu": _cpu(measured, n_pupils, n_saves),
        "server_memory_mb": measured.server_memory_mb,
    }  # fmt: skip


def _latencies(tally: Tally) -> dict[str, dict[str, float]]:
    return {kind: {"n": len(row), **quantiles(row)} for kind, row in sorted(tally.latencies.items())}


def _bytes(traffic: dict[str, Traffic], n_pupils: int) -> dict[str, dict[str, int]]:
    """Bodies and headers apart, per kind of request and in all; TLS and TCP would come on top."""
    total = Traffic()
    for one in traffic.values():
        total.add(one)
    return {
        kind: {name: round(number / n_pupils) for name, number in asdict(one).items()}
        for kind, one in [("all", total), *sorted(traffic.items())]
    }


def _cpu(measured: Measured, n_pupils: int, n_saves: int) -> dict[str, float | None]:
    """The whole run: pages, worker and scoring are in it, so a save costs less than `ms_per_save` says."""
    known = [part for part in (measured.server_cpu, measured.database_cpu) if part is not None]
    total = sum(known) if measured.server_cpu is not None else None
    return {
        "server_seconds": _rounded(measured.server_cpu),
        "database_seconds": _rounded(measured.database_cpu),
        "seconds_per_pupil": _rounded(total / n_pupils if total is not None else None, 4),
        "ms_per_save": _rounded(1000 * total / n_saves if total is not None and n_saves else None, 3),
    }


def _rounded(number: float | None, digits: int = 2) -> float | None:
    return None if number is None else round(number, digits)


def screen(report: dict[str, Any]) -> str:
    """The same for a person, on one screen."""
    lengths = report["phases_seconds"].items()
    phases = ", ".join(f"{name.replace('_', ' ')} {seconds:g} s" for name, seconds in lengths)
    lines = [
        f"{report['pupils']} pupils; {report['speed_up']:g} times as fast as an exam of 120 minutes",
        phases,
        f"acknowledged answers {report['acknowledged_answers']:,}, lost {report['lost']}; "
        f"receipts compared {report['receipts_compared']:,}",
        f"saves {report['saves']:,} ({report['saves_per_second_while_working']:,}/s while working)",
        f"sealed {report['sealed_after_seconds']} s after the hand-in surge",
        f"drops {report['drops']}",
        f"errors {report['errors'] or 'none'}",
    ]
    if soak := report.get("soak"):
        lines.append(f"answers of {len(soak['rounds'])} rounds (seed {soak['seed']}); the rest: the last one")
    lines += [f"fault at {line}" for line in report["faults"]]
    lines += ["", f"{'ms':<14}{'n':>9}{'p50':>10}{'p95':>10}{'p99':>10}{'max':>10}"]
    for kind, row in report["latency_ms"].items():
        figures = "".join(f"{row.get(name, 0):>10.1f}" for name in ("p50", "p95", "p99", "max"))
        lines.append(f"{kind:<14}{row['n']:>9}{figures}")
    total = report["bytes_per_pupil"]["all"]
    lines += [
        "",
        f"bytes per pupil: up {total['up_body']:,} + {total['up_head']:,} of headers, "
        f"down {total['down_body']:,} + {total['down_head']:,} of headers",
        f"CPU: {report['cpu']}; driver {report['driver_cpu_seconds']} s",
        f"memory of the server: {report['server_memory_mb']} MB",
    ]
    lines += [f"LOST {loss}" for loss in report["lost_examples"]]
    lines += [f"MISSING {device}" for device in report["missing_events"]]
    lines += [f"PROBLEM {problem}" for problem in report["problems"]]
    lines += ["", "Nothing was lost." if report["ok"] else "NOT GOOD."]
    return "\n".join(lines)
