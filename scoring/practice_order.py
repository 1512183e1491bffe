"""In which order should the items of a practice set come?"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import permutations


def arrange(shares: Sequence[float], domains: Sequence[str], *, longest_run: int) -> list[int]:
    """Positions in the order to be given.

    shares: how much of each item's points is expected; positions come in the order of importance. The
    likeliest to succeed comes first and the next likeliest last; between them the more important come
    earlier, no domain more than `longest_run` times in a row. Where the ends stand in the way of that, the
    next likeliest take their places; where one domain has too many items, the shortest longer run is used.
    """
    if len(shares) < 3:
        return sorted(range(len(shares)), key=lambda j: -shares[j])
    likeliest = sorted(range(len(shares)), key=lambda j: (-shares[j], j))
    for limit in range(longest_run, len(shares) + 1):
        for first, last in permutations(likeliest, 2):
            middle = [j for j in range(len(shares)) if j not in (first, last)]
            found = _fill([first], middle, last, domains, limit)
            if found is not None:
                return found
    raise AssertionError("a run as long as the set is always allowed")


def _fill(
    begun: list[int], rest: list[int], last: int, domains: Sequence[str], limit: int
) -> list[int] | None:
    if not rest:
        whole = [*begun, last]
        return whole if _runs_fit(whole, domains, limit) else None
    tried: set[str] = set()
    for j in rest:
        # Items of one domain are alike for the rule: where one leads nowhere, so does the next.
        if domains[j] in tried or not _runs_fit([*begun, j], domains, limit):
            continue
        tried.add(domains[j])
        order = _fill([*begun, j], [other for other in rest if other != j], last, domains, limit)
        if order is not None:
            return order
    return None


def _runs_fit(order: Sequence[int], domains: Sequence[str], limit: int) -> bool:
    tail = [domains[j] for j in order[-(limit + 1) :]]
    return len(tail) <= limit or len(set(tail)) > 1
