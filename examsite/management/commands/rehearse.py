"""`manage.py rehearse`: does an exam hold for so many pupils, and is every acknowledged answer there?"""

from __future__ import annotations

import ipaddress
import json
import os
import random
import socket
import tempfile
import time
from argparse import ArgumentParser
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.management.base import BaseCommand, CommandError
from django.utils import timezone

from examsite.rehearsal.cards_file import read_cards, write_cards
from examsite.rehearsal.driver import Outcome
from examsite.rehearsal.faults import SETTINGS, parse_fault, random_faults
from examsite.rehearsal.phone import Pupil
from examsite.rehearsal.report import screen
from examsite.rehearsal.run import Options, World, own_part, plan_of, rehearse, rehearse_elsewhere
from examsite.rehearsal.server import ServerFailed
from examsite.rehearsal.world import NotARehearsal, prepare


class Command(BaseCommand):
    help = (
        "Let many invented pupils sit a whole exam over HTTP, from another process than the server, lose "
        "their network and come back; then compare what was acknowledged with what the server has. Uses a "
        "throw-away database, or DATABASE_URL if that holds nothing but rehearsals."
    )
    requires_system_checks = []

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--pupils", type=int, default=300)
        parser.add_argument("--minutes", type=float, default=4.0, help="working time, for one of 120 minutes")
        parser.add_argument("--processes", type=int, default=1, help="of virtual phones")
        parser.add_argument("--fault", action="append", default=[], help=f"{', '.join(SETTINGS)}; repeatable")
        parser.add_argument("--soak", type=float, metavar="MINUTES", help="again and again, random faults")
        parser.add_argument("--seed", type=int, default=0, help="of the soak's faults; 0: a new one")
        parser.add_argument("--data", type=Path, help="keep database and log in this folder")
        parser.add_argument("--json", action="store_true", help="the report as JSON")
        parser.add_argument("--server", metavar="URL", help="a server that runs already; needs --cards")
        parser.add_argument("--cards", type=Path, help="a card's code per line, and its sitting if known")
        parser.add_argument(
            "--i-operate-this", action="store_true", help="--server is another machine, and mine"
        )
        parser.add_argument(
            "--world", type=Path, metavar="FILE", help="only make pupils; write cards to FILE"
        )

    def handle(self, *args: Any, **options: Any) -> None:
        if min(options["pupils"], options["processes"]) < 1 or options["minutes"] <= 0:
            raise CommandError("There is at least one pupil, one process and some time.")
        if options["world"]:
            self._make_world(options["pupils"], options["world"])
            return
        try:
            faults = [parse_fault(text) for text in options["fault"]]
        except ValueError as error:
            raise CommandError(str(error)) from None
        chosen = Options(options["pupils"], options["minutes"], options["processes"], faults)
        if options["server"]:
            report = self._elsewhere(chosen, options)
        else:
            report = self._in_own_world(chosen, options)
        self.stdout.write(
            json.dumps(report, ensure_ascii=False, indent=1) if options["json"] else screen(report)
        )
        if not report["ok"]:
            raise SystemExit(1)

    def _make_world(self, n_pupils: int, file: Path) -> None:
        try:
            write_cards(file, prepare(n_pupils, now=timezone.now()))
        except NotARehearsal as refused:
            raise CommandError(str(refused)) from None

    # ---- on a server of its own --------------------------------------------------------------------
    def _in_own_world(self, chosen: Options, options: dict[str, Any]) -> dict[str, Any]:
        with tempfile.TemporaryDirectory(prefix="proba-rehearsal-") as throw_away:
            folder = (options["data"] or Path(throw_away)).resolve()
            folder.mkdir(parents=True, exist_ok=True)
            world = World(folder, os.environ.get("DATABASE_URL", ""))
            if any(fault.name == "restore" for fault in chosen.faults) and not world.on_sqlite:
                raise CommandError("restore is for SQLite; a PostgreSQL is put back by its own means.")
            try:
                # Before the server starts, for it refuses a database without tables.
                pupils = self._pupils(chosen, world)
                world.server.start()
                if options["soak"]:
                    return self._soak(chosen, world, pupils, options["soak"], options["seed"])
                return rehearse(chosen, world, pupils, self._say)[0]
            except (ServerFailed, RuntimeError) as error:
                raise CommandError(f"{error}\n{world.server.last_words()}") from error
            finally:
                world.server.kill()

    def _pupils(self, chosen: Options, world: World) -> list[Pupil]:
        self._say(f"making {chosen.n_pupils} pupils …")
        return world.pupils(chosen.n_pupils)

    def _soak(
        self, chosen: Options, world: World, pupils: list[Pupil], minutes: float, seed: int
    ) -> dict[str, Any]:
        """Rounds until the time is over or one is not good; then all their ledgers are compared once more."""
        seed = seed or random.SystemRandom().randrange(1, 10_000)
        rng = random.Random(seed)
        until = time.monotonic() + minutes * 60
        everything, report = Outcome(), {"ok": True}
        rounds: list[dict[str, Any]] = []
        while time.monotonic() < until and report["ok"]:
            plan = plan_of(chosen)
            length = plan.hand_in_at + plan.hand_in - plan.sign_in_at
            faults = chosen.faults or random_faults(rng, length, sqlite=world.on_sqlite)
            self._say(f"round {len(rounds) + 1} (seed {seed}): {', '.join(map(str, faults))}")
            round_ = Options(chosen.n_pupils, chosen.minutes, chosen.processes, faults)
            pupils = pupils or self._pupils(chosen, world)
            report, outcome = rehearse(round_, world, pupils, self._say)
            everything.ledger.merge(outcome.ledger)
            rounds.append({name: report[name] for name in _ROUND})
            self._say(json.dumps(rounds[-1]))
            pupils = []
        journal = own_part(world.database, everything)
        losses = list(everything.ledger.losses(journal.values, "journal, after all rounds"))
        summary = {
            "soak": {"seed": seed, "minutes": minutes, "rounds": rounds},
            "acknowledged_answers": everything.ledger.n_acknowledged,
            "lost": len(losses) + sum(one["lost"] for one in rounds),
        }
        return {
            **report,
            **summary,
            "ok": report["ok"] and not losses and not journal.missing(everything.ledger),
        }

    # ---- on somebody's -----------------------------------------------------------------------------
    def _elsewhere(self, chosen: Options, options: dict[str, Any]) -> dict[str, Any]:
        if not options["cards"]:
            raise CommandError("--server needs --cards; `--world FILE` makes pupils and their cards.")
        if chosen.faults or options["soak"]:
            raise CommandError("Faults and soaks are for a server that the rehearsal starts itself.")
        host, port = _address(options["server"], anywhere=options["i_operate_this"])
        try:
            pupils = read_cards(options["cards"])[: chosen.n_pupils]
        except (OSError, ValueError) as error:
            raise CommandError(str(error)) from None
        chosen.n_pupils = len(pupils)
        return rehearse_elsewhere(chosen, host, port, pupils, self._say)[0]

    def _say(self, line: str) -> None:
        self.stderr.write(line)
        self.stderr.flush()


_ROUND = (
    "ok", "acknowledged_answers", "lost", "faults", "server_restarts", "errors", "drops_per_pupil",
    "server_memory_mb", "seconds", "problems",
)  # fmt: skip


def _address(url: str, *, anywhere: bool) -> tuple[str, int]:
    """Host and port of a plain HTTP address. Raises CommandError unless it is on this machine."""
    parts = urlsplit(url)
    if parts.scheme != "http" or not parts.hostname:
        raise CommandError("--server is an address like http://127.0.0.1:8000")
    found = {
        row[4][0] for row in socket.getaddrinfo(parts.hostname, parts.port or 80, type=socket.SOCK_STREAM)
    }
    if not anywhere and not all(ipaddress.ip_address(address).is_loopback for address in found):
        raise CommandError(
            f"{parts.hostname} is not this machine. So many requests are an attack on anybody's server but "
            "your own; if it is yours, say --i-operate-this."
        )
    return parts.hostname, parts.port or 80
