"""What does the intake know of a sitting while it serves one request?"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, NamedTuple

import msgspec

from exams import timing


class Running(msgspec.Struct, frozen=True):
    """What a save has to know of a sitting, and no more: read for hundreds of sittings in one query.

    Times in ms. `announcement`: id of the latest that concerns this sitting, 0 without one.
    """

    key: int
    public_id: str
    state: str
    started_at: int | None
    ends_at: int | None
    handed_in_at: int | None
    paused_at: int | None
    form_key: int
    announcement: int
    opens_at: int | None

    @property
    def times(self) -> timing.SittingTimes:
        closed_at = self.handed_in_at if self.handed_in_at is not None else self.ends_at
        if self.paused_at is not None and self.state == "started":
            # Time stands still: the end moves when the pause is over, so nothing is late now.
            return timing.SittingTimes(self.state, self.started_at, None, None)
        return timing.SittingTimes(self.state, self.started_at, self.ends_at, closed_at)


class SittingFacts(Running, frozen=True):
    """A sitting with the rules that apply to it; times in ms."""

    handed_in_cause: str
    time_percent: int
    granted_seconds: int
    candidate_key: int
    form: str
    purpose: str
    title_sr: str
    title_en: str
    administration_key: int | None
    administration: str | None
    limit_seconds: int | None
    cut_off_hours: int | None
    closes_at: int | None

    @property
    def accommodated_limit(self) -> int | None:
        return None if self.limit_seconds is None else self.limit_seconds * self.time_percent // 100


class Device(NamedTuple):
    """`entered`: the sitting was started or something was saved from here. `mark`: an earlier contact."""

    device: str
    epoch: int
    entered: bool = False
    mark: timing.ClockMark | None = None


class DeviceMark(NamedTuple):
    """What the clocks of a sitting's device showed at a contact, to be remembered."""

    sitting: int
    device: str
    mark: timing.ClockMark


def device_of(row: Sequence[Any], moment: Callable[[Any], int | None]) -> Device:
    """A row of SittingDevice (device, epoch, entered, mark_*); `moment` reads a time of that database."""
    name, epoch, entered, clock, mono, wall, at = row
    if mono is None or wall is None or at is None:
        return Device(name, epoch, bool(entered))
    mark = timing.ClockMark(timing.DeviceClock(clock, mono, wall), moment(at) or 0)
    return Device(name, epoch, bool(entered), mark)


def newest_epoch(devices: Mapping[str, Device]) -> int:
    """Of the devices that entered, 0 without any: who only fetched the paper ahead takes nothing over."""
    return max((device.epoch for device in devices.values() if device.entered), default=0)
