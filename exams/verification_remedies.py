"""What is to be done about each kind of thing that a check can find? Keys are the codes of findings."""

from __future__ import annotations

from typing import Final

_RESTORE: Final = (
    "the journal was changed outside of Proba; compare with a backup, and ask the phone to send again: it "
    "keeps its events until seven days after the seal"
)
REMEDIES: Final = {
    # The journal itself.
    "digest": _RESTORE,
    "unreadable": _RESTORE,
    "columns": _RESTORE,
    "chain": _RESTORE,
    "verdict": _RESTORE,
    "item": _RESTORE,
    "epoch": "the device's row was changed or comes from an older copy; compare with a backup",
    "device": "the device's row is gone; compare with a backup",
    "decision": "decisions are only made through the page of the room; compare with a backup",
    "mark": "marks are only given on the pages under Marking, and never changed; compare with a backup",
    # The sitting.
    "times": "the sitting's row was changed outside of Proba; compare with a backup and its record of events",
    "sealed": "it was sealed too early: what the phone still holds will wait for a decision when it arrives",
    "end": "grants, pauses and reopenings do not add up to the end; look at the sitting's record of events",
    "grants": "the sitting's total is not the sum of its grants; compare with a backup",
    "pause": "end the pause, or begin one, on the board of the room",
    # What is derived.
    "responses": "run manage.py score_sittings after deleting the sitting's score: both are made anew",
    "outcome": "delete the sitting's score and run manage.py score_sittings",
    "score": "delete the sitting's score and run manage.py score_sittings",
    # Only told.
    "missing": "bring the phone into the network and open Proba on it, or import its hand-in file",
    "quarantined": "decide on the page Decisions of the room",
    "conflict": "decide on the page Decisions of the room",
    "unmarked": "a teacher of the class marks it on the pages under Marking",
}
