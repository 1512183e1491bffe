"""Would a test notice if a guard were gone? Each of these is taken out of a copy of the tree, and one must.

    python -m tests.faults.guards            all of them
    python -m tests.faults.guards 3 7        some

A guard is a small piece of text with what stands in its place when it is missing. The text must occur exactly
once, and the named test must pass on the untouched copy: so this table cannot rot.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_LEFT_BEHIND = (
    ".git", ".venv", ".data", "node_modules", "test-results", "__pycache__", ".*_cache", ".hypothesis",
)  # fmt: skip
TESTS_FAILED = 1


@dataclass(frozen=True, slots=True)
class Without:
    path: str
    text: str
    instead: str


@dataclass(frozen=True, slots=True)
class Guard:
    name: str
    test: str
    removals: tuple[Without, ...]


def guard(name: str, test: str, *removals: tuple[str, str, str]) -> Guard:
    return Guard(name, test, tuple(Without(*removal) for removal in removals))


INTAKE, TESTS = "exams/intake/", "tests/exams/intake/"
GUARDS = (
    guard(
        "the first bytes under a number stay",
        "tests/faults/test_races.py::test_other_bytes_under_one_number_through_another_process[sqlite]",
        (
            INTAKE + "connection.py",
            '_KEEP_FIRST = " ON CONFLICT (sitting_id, device, seq) DO NOTHING"',
            '_KEEP_FIRST = ""',
        ),
        (INTAKE + "connection.py", '_INSERT = """\nINSERT INTO', '_INSERT = """\nINSERT OR REPLACE INTO'),
    ),
    guard(
        "nobody is told before COMMIT",
        TESTS + "test_writer.py::test_failed_commit_is_no_acknowledgement[django]",
        (
            INTAKE + "writer.py",
            "        store.db.commit()\n        self._heads.committed()",
            "        _tell(group)\n        store.db.commit()\n        self._heads.committed()",
        ),
    ),
    guard(
        "SQLite synchronises its log at every commit",
        "tests/faults/test_sync.py::test_sqlite_is_on_the_disk_before_every_reply",
        (INTAKE + "connection.py", "PRAGMA synchronous=FULL", "PRAGMA synchronous=NORMAL"),
        (INTAKE + "connection.py", "synchronous != 2:", "synchronous != 1:"),
    ),
    guard(
        "the hash chain is checked",
        "tests/faults/test_attacks.py::test_forged_events_wait_for_a_person_and_raise_an_alarm[sqlite]",
        (INTAKE + "journal.py", 'fault = "broken_chain"', 'fault = ""'),
    ),
    guard(
        "acknowledged is what arrived without a gap",
        "tests/faults/test_requests.py::test_hand_in_overtakes_what_was_made_before_it[sqlite]",
        (INTAKE + "journal.py", "    if count == highest:", "    if highest:"),
    ),
    guard(
        "the seal waits for every event",
        "tests/faults/test_requests.py::test_hand_in_overtakes_what_was_made_before_it[sqlite]",
        ("exams/actions/sealing.py", "~Exists(silent) & ~Exists(owing)", "~Exists(silent)"),
    ),
    guard(
        "a ticket speaks for one device",
        "tests/faults/test_attacks.py::test_forged_events_wait_for_a_person_and_raise_an_alarm[sqlite]",
        (INTAKE + "app.py", "if batch.header.device != ticket.device:", "if not batch.header.device:"),
    ),
    guard(
        "sealing looks again under a row lock",
        "tests/faults/test_races.py::test_sweeper_passes_over_a_sitting_that_is_being_saved",
        ("exams/actions/sealing.py", 'held.select_for_update(of=("self",), skip_locked=True)', "held"),
    ),
    guard(
        "an older copy put back gets a new name",
        TESTS + "test_connection.py::test_older_copy_gets_a_new_name",
        (INTAKE + "connection.py", " and journal_height >= int(found[1])", ""),
    ),
    guard(
        "phones that are sent away come back spread out",
        TESTS + "test_app_faults.py::test_full_queue_asks_phones_to_come_back_at_different_times[django]",
        (INTAKE + "app.py", "secrets.randbelow(14)", "secrets.randbelow(1)"),
    ),
    guard(
        "what was made after the end waits for a person",
        "tests/faults/test_staff.py::test_invigilator_closes_while_the_pupil_is_saving[sqlite]",
        (
            "exams/timing.py",
            'return Judgement("quarantined", "after_end", best)',
            'return Judgement("counted", "", best)',
        ),
    ),
    guard(
        "a chain with a gap is no chain to carry on from",
        TESTS + "test_saving.py::test_groups_and_single_saves_end_in_one_journal[django-0]",
        (
            INTAKE + "saving.py",
            "whole = number == highest - behind[key, device]",
            "whole = True",
        ),
    ),
    guard(
        "nothing follows a hand-in on the quick way",
        TESTS + "test_saving.py::test_nothing_follows_a_hand_in_on_the_quick_way[django]",
        (INTAKE + "saving.py", "            over.add(key)\n", ""),
    ),
    guard(
        "a group that hands in is undone when it was overtaken",
        TESTS + "test_writer.py"
        "::test_hand_in_counts_though_another_process_was_quicker_with_its_neighbour[django]",
        (INTAKE + "saving.py", "        if ended:\n", "        if not saves:\n"),
    ),
    guard(
        "on the phone, saved means acknowledged",
        "tests/js/sync.test.js",
        (
            "exams/static/exams/js/player/batch.js",
            "return { acked: reply.acked_upto,",
            "return { acked: Math.max(reply.acked_upto, sentUpto),",
        ),
    ),
)  # fmt: skip


def main(wanted: list[int]) -> int:
    chosen = [GUARDS[number - 1] for number in wanted] or list(GUARDS)
    outcomes = []
    with tempfile.TemporaryDirectory(prefix="proba-guards-") as folder:
        tree = Path(folder, "tree")
        shutil.copytree(ROOT, tree, ignore=shutil.ignore_patterns(*_LEFT_BEHIND))
        (tree / ".venv").symlink_to(ROOT / ".venv")
        for test in dict.fromkeys(one.test for one in chosen):
            if run(tree, test):
                raise SystemExit(f"{test} fails with every guard in place:\n{told(tree)}")
        for one in chosen:
            found = take_out(tree, one)
            outcomes.append((one, "found out" if found else "NOT NOTICED"))
            print(f"{outcomes[-1][1]:<12} {one.name:<52} {one.test}", flush=True)
    unnoticed = sum(outcome != "found out" for _, outcome in outcomes)
    print(f"\n{len(outcomes)} guards taken out, {unnoticed} unnoticed.")
    return 1 if unnoticed else 0


def take_out(tree: Path, one: Guard) -> bool:
    """Does the guard's test fail without it? The copy is whole again afterwards."""
    originals = {removal.path: (tree / removal.path).read_text() for removal in one.removals}
    try:
        for removal in one.removals:
            path = tree / removal.path
            source = path.read_text()
            if source.count(removal.text) != 1:
                raise SystemExit(
                    f"{one.name}: this is {source.count(removal.text)} times in {removal.path}, not once:\n"
                    f"{removal.text}"
                )
            path.write_text(source.replace(removal.text, removal.instead))
        status = run(tree, one.test)
    finally:
        for name, source in originals.items():
            (tree / name).write_text(source)
    if status not in (0, TESTS_FAILED):
        raise SystemExit(f"{one.test} did not run:\n{told(tree)}")
    return status == TESTS_FAILED


def run(tree: Path, test: str) -> int:
    """Exit status of the one test: 0 passed, 1 failed."""
    if test.endswith(".js"):
        command = ["node", "--test", test]
    else:
        command = [sys.executable, "-m", "pytest", "-q", "-x", "-p", "no:cacheprovider", test]
    with (tree / "told").open("w") as output:
        return subprocess.run(command, cwd=tree, stdout=output, stderr=output, check=False).returncode


def told(tree: Path) -> str:
    return "\n".join((tree / "told").read_text(errors="replace").splitlines()[-40:])


if __name__ == "__main__":
    sys.exit(main([int(number) for number in sys.argv[1:]]))
