"""What do the phones of a room tell: are they fit, when were they last heard of, what do they still hold?"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.db.models import Count, Max, OuterRef, Q, Subquery

from exams.enums import Verdict
from exams.models import DeviceCheck, ResponseEvent, Sitting, SittingDevice

STALE = timedelta(days=7)
"""A phone that was fit so long ago may be full, broken or another one by now."""


@dataclass(frozen=True, slots=True)
class PhoneCheck:
    """The latest device check for a sitting. `problems` are the codes of the wire, worst known first."""

    at: datetime
    fit: bool
    stale: bool
    problems: tuple[str, ...]
    browser: str

    @property
    def ready(self) -> bool:
        return self.fit and not self.stale


@dataclass(frozen=True, slots=True)
class Owing:
    """A device that has not delivered everything; `missing` None when it has not said how much it holds."""

    number: int
    browser: str
    opened_at: datetime
    missing: int | None


@dataclass(frozen=True, slots=True)
class Devices:
    """All devices of one sitting. `missing` events are known to be on them; None when one has not said."""

    last_contact: datetime | None = None
    missing: int | None = 0
    owing: tuple[Owing, ...] = ()
    several: bool = False


@dataclass(frozen=True, slots=True)
class Phones:
    """By sitting; one that is absent has no device, no event or no check."""

    devices: Mapping[int, Devices]
    responses: Mapping[int, int]
    checks: Mapping[int, PhoneCheck]


def phones_of(sittings: Iterable[Sitting], *, now: datetime) -> Phones:
    """Three queries."""
    keys = [sitting.pk for sitting in sittings]
    heard = _heard_from(keys)
    browsers: dict[tuple[int, str], str] = {}
    checks: dict[int, PhoneCheck] = {}
    for row in DeviceCheck.objects.filter(sitting__in=keys).order_by("-at", "pk"):
        check = _check(row, now)
        browsers[row.sitting_id, row.device] = check.browser
        checks.setdefault(row.sitting_id, check)
    return Phones(
        devices=_devices(keys, heard, browsers),
        responses={key: row["responses"] for key, row in heard.items()},
        checks=checks,
    )


def _check(row: DeviceCheck, now: datetime) -> PhoneCheck:
    report = row.report if isinstance(row.report, dict) else {}
    return PhoneCheck(
        at=row.at,
        fit=row.fit,
        stale=now - row.at > STALE,
        problems=tuple(str(code) for code in report.get("problems", [])),
        browser=str(report.get("browser", "")),
    )


def _heard_from(keys: list[int]) -> dict[int, Mapping[str, Any]]:
    """Per sitting: items with a response on the server, and when something last arrived."""
    counted = Q(kind="response") & ~Q(verdict=Verdict.QUARANTINED)
    rows = (
        ResponseEvent.objects.filter(sitting__in=keys)
        .order_by()
        .values("sitting")
        .annotate(last=Max("received_at"), responses=Count("item_ref", filter=counted, distinct=True))
    )
    return {row["sitting"]: row for row in rows}


def _devices(
    keys: list[int],
    heard: Mapping[int, Mapping[str, Any]],
    browsers: Mapping[tuple[int, str], str],
) -> dict[int, Devices]:
    arrived = (
        ResponseEvent.objects.filter(
            sitting=OuterRef("sitting"), device=OuterRef("device"), seq__lte=OuterRef("last_seq")
        )
        .order_by()
        .values("sitting")
        .annotate(number=Count("pk"))
        .values("number")
    )
    found: dict[int, list[SittingDevice]] = defaultdict(list)
    for device in SittingDevice.objects.filter(sitting__in=keys).annotate(arrived=Subquery(arrived)):
        found[device.sitting_id].append(device)
    return {key: _together(key, own, heard.get(key, {}), browsers) for key, own in found.items()}


def _together(
    key: int,
    devices: list[SittingDevice],
    heard: Mapping[str, Any],
    browsers: Mapping[tuple[int, str], str],
) -> Devices:
    contacts = [heard.get("last"), *(one.opened_at for one in devices), *(one.mark_at for one in devices)]
    entered = [device for device in devices if device.entered]
    owing = [
        Owing(number, browsers.get((key, device.device), ""), device.opened_at, missing)
        for number, device in enumerate(entered, start=1)
        if (missing := _missing(device)) != 0
    ]
    unsaid = any(one.missing is None for one in owing)
    return Devices(
        last_contact=max((moment for moment in contacts if moment is not None), default=None),
        missing=None if unsaid else sum(one.missing or 0 for one in owing),
        owing=tuple(owing),
        several=len(entered) > 1,
    )


def _missing(device: SittingDevice) -> int | None:
    if not device.closed or device.last_seq is None:
        return None
    return device.last_seq - (getattr(device, "arrived", None) or 0)
