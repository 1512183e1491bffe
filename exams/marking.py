"""Which of the marks that people gave to a written text stands, and what is the text worth then? Pure.

A mark is on one text, named by its digest: where a pupil's text changed after it was marked, as when a phone
delivers late or a sitting is reopened, the mark stands no more, and the text waits again.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from exams.response_processing import ItemOutcome, score_response

MARKED_INTERACTION = "extended_text"


@dataclass(frozen=True, slots=True)
class GivenMark:
    """One mark. `number` counts the marks of the sitting, `version` is the key of the item version."""

    key: int
    number: int
    version: int
    text_sha256: str
    half_points: int


@dataclass(frozen=True, slots=True)
class Judged:
    """What a response earned. `status` as in ItemOutcome; `by` is the mark that its points rest on."""

    half_points: int
    max_half_points: int
    status: str
    by: GivenMark | None = None

    @property
    def pending_half_points(self) -> int:
        """What may still come for it."""
        return self.max_half_points if self.status == "pending" else 0


def text_digest(text: str) -> str:
    """Names a text as it was typed: SHA-256 of its UTF-8, in hex."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


def waits_for_mark(key: Mapping[str, Any], value: object) -> bool:
    """Is this response a text that a person has to read?"""
    return score_response(key, value).status == "pending"


def judge(key: Mapping[str, Any], value: object, version: int, marks: Iterable[GivenMark]) -> Judged:
    """The outcome of one response under its key and the marks of its sitting."""
    scored: ItemOutcome = score_response(key, value)
    if scored.status == "pending" and (mark := standing_mark(value, version, marks)) is not None:
        return Judged(mark.half_points, scored.max_half_points, "answered", mark)
    return Judged(scored.half_points, scored.max_half_points, scored.status)


def standing_mark(value: object, version: int, marks: Iterable[GivenMark]) -> GivenMark | None:
    """The newest mark on exactly this text of this item; None while there is none."""
    if not isinstance(value, str):
        return None
    digest = text_digest(value)
    own = (mark for mark in marks if mark.version == version and mark.text_sha256 == digest)
    return max(own, key=lambda mark: mark.number, default=None)


def mark_values(key: Mapping[str, Any]) -> tuple[int, ...]:
    """The half-points that may be given, ascending."""
    return tuple(sorted(set(key["half_points"])))


def written_points(half_points: int) -> str:
    """Points as on a button: "0", "½", "1", "1½"."""
    whole, half = divmod(half_points, 2)
    return ("" if half and not whole else str(whole)) + ("½" if half else "")
