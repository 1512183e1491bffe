"""Do the prerequisites of standards, as written in a subject's file, make sense? Pure.

`requires` of a standard names what one has to know before it can be learnt, direct ones only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from graphlib import CycleError, TopologicalSorter
from typing import Any, NamedTuple


class PrerequisiteFault(NamedTuple):
    """`standard` is the place in the file."""

    standard: str
    message: str
    remedy: str


def prerequisites_of(rows: Sequence[Mapping[str, Any]]) -> dict[str, list[str]]:
    """Code → codes it requires, of the standards that require any."""
    return {row["code"]: list(row["requires"]) for row in rows if row.get("requires")}


def prerequisite_faults(rows: Sequence[Mapping[str, Any]]) -> Iterator[PrerequisiteFault]:
    """Every fault; a circle is told once, and only where everything else is in order."""
    levels = {row["code"]: _level(row["code"]) for row in rows}
    found = False
    for row in rows:
        for fault in _faults_of(row, levels):
            found = True
            yield fault
    if found:
        return
    try:
        TopologicalSorter(prerequisites_of(rows)).prepare()
    except CycleError as error:
        circle = list(reversed(error.args[1]))
        yield PrerequisiteFault(
            circle[0], f"builds on itself: {' requires '.join(circle)}", "take one of them out"
        )


def _faults_of(row: Mapping[str, Any], levels: Mapping[str, int]) -> Iterator[PrerequisiteFault]:
    code, named = row["code"], row.get("requires", [])
    if not isinstance(named, list) or not all(isinstance(one, str) for one in named):
        yield PrerequisiteFault(code, "requires is no list of codes", 'write it as ["MA.1.1.1"]')
        return
    for one in sorted({one for one in named if named.count(one) > 1}):
        yield PrerequisiteFault(code, f"requires {one} twice", "keep it once")
    for one in dict.fromkeys(named):
        if one not in levels:
            yield PrerequisiteFault(
                code, f"requires {one}, which is no standard of this subject", "correct the code"
            )
        elif levels[one] > levels[code]:
            yield PrerequisiteFault(
                code, f"requires {one}, which is of a higher level", "turn it round, or leave it out"
            )


def _level(code: str) -> int:
    return int(code.split(".")[1])
