"""`manage.py verify`: is every journal whole, and do responses and scores say what it says?"""

from __future__ import annotations

import json
import sys
import time
from typing import Any
from uuid import UUID

from django.core.management.base import BaseCommand, CommandParser

from exams.queries.verification import Reader, chunks, sittings_to_verify, snapshot
from exams.verification import Finding, SittingRecord, journal_findings
from exams.verification_times import state_findings
from scoring.queries.runs import run_in_force
from scoring.queries.verification import ScoreReader

PROGRESS_SECONDS = 2.0


class Command(BaseCommand):
    help = (
        "Prove for every sitting that journal, current responses and score input agree. Lists what does not "
        "on standard output and exits with 1; 0 when all is right. Waits for nobody and keeps nobody waiting."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--administration", type=UUID, help="only this one (its id)")
        parser.add_argument("--sitting", type=UUID, help="only this one (its id)")
        parser.add_argument("--json", action="store_true", help="one JSON object instead of lines")
        parser.add_argument("--chunk", type=int, default=200, help="sittings read at once (default 200)")

    def handle(self, *args: Any, **options: Any) -> None:
        check = _Check(self, as_json=options["json"])
        sittings = sittings_to_verify(administration=options["administration"], sitting=options["sitting"])
        with snapshot():
            check.of = sittings.count()
            run = run_in_force()
        reader, scores = Reader(), ScoreReader(run)
        for keys in chunks(sittings, max(1, options["chunk"])):
            with snapshot():
                chunk_scores = scores.read(keys)
                for record in reader.records(keys):
                    checked = chunk_scores.check(record)
                    check.take(record, checked.scored, [*_findings(record), *checked.findings])
            check.tell_progress()
        check.finish()
        if (options["sitting"] or options["administration"]) and not check.sittings:
            self.stderr.write("There is no such sitting.")
            sys.exit(2)
        if check.wrong:
            sys.exit(1)


def _findings(record: SittingRecord) -> list[Finding]:
    return [*journal_findings(record), *state_findings(record)]


class _Check:
    """Counts, and says what was found as soon as it is found."""

    def __init__(self, command: BaseCommand, *, as_json: bool) -> None:
        self.command = command
        self.as_json = as_json
        self.of = self.sittings = self.events = self.scored = self.not_yet = self.wrong = self.told = 0
        self.listed: list[dict[str, Any]] = []
        self.began = self.last_told = time.monotonic()

    def take(self, record: SittingRecord, scored: bool | None, findings: list[Finding]) -> None:
        self.sittings += 1
        self.events += len(record.kept)
        self.scored += scored is True
        self.not_yet += scored is False
        for finding in findings:
            self.wrong += finding.wrong
            self.told += not finding.wrong
            if self.as_json:
                self.listed.append(_fields(finding))
            else:
                self.command.stdout.write(_line(finding))

    def tell_progress(self) -> None:
        now = time.monotonic()
        if now - self.last_told >= PROGRESS_SECONDS:
            self.last_told = now
            self.command.stderr.write(
                f"{self.sittings} of {self.of} sittings, {self._rate(now)} events/s, {self.wrong} wrong"
            )

    def finish(self) -> None:
        seconds = time.monotonic() - self.began
        if self.as_json:
            totals = {
                "sittings": self.sittings, "events": self.events, "scored": self.scored,
                "not_yet_scored": self.not_yet, "wrong": self.wrong, "told": self.told,
                "seconds": round(seconds, 3), "findings": self.listed,
            }  # fmt: skip
            self.command.stdout.write(json.dumps(totals, ensure_ascii=False))
            return
        self.command.stdout.write(
            f"{self.sittings} sittings, {self.events} events, {self.scored} scored, {self.not_yet} not yet: "
            f"{self.wrong} wrong, {self.told} waiting. {seconds:.1f} s, {self._rate()} events/s."
        )

    def _rate(self, now: float | None = None) -> int:
        return round(self.events / max(0.001, (now or time.monotonic()) - self.began))


def _fields(finding: Finding) -> dict[str, Any]:
    return {
        "sitting": finding.sitting, "device": finding.device, "seq": finding.seq, "code": finding.code,
        "wrong": finding.wrong, "what": finding.what, "remedy": finding.remedy,
    }  # fmt: skip


def _line(finding: Finding) -> str:
    place = " ".join(filter(None, [finding.device, str(finding.seq or "")]))
    word = "WRONG" if finding.wrong else "waits"
    middle = f" {place}" if place else ""
    return (
        f"{word} {finding.code}: sitting {finding.sitting}{middle}: {finding.what}. Remedy: {finding.remedy}."
    )
