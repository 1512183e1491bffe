"""Site and devices of the journeys; a failed one shows the server's log and leaves pictures of its pages."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Error, expect

from tests.browser.devices import Device
from tests.browser.results import FOLDER, lines
from tests.browser.site import Site

# Two cores, shared with the server and with whatever else the machine does.
expect.set_options(timeout=15_000)
MakeDevice = Callable[..., Device]
_failed = pytest.StashKey[bool]()


@pytest.fixture(scope="session")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """The demo world, served. One for all journeys: each takes pupils of its own."""
    found = Site(tmp_path_factory.mktemp("site"))
    found.start()
    try:
        found.read_accounts()
        yield found
    finally:
        found.stop()


@pytest.fixture
def make_device(chromium: Browser, site: Site, request: pytest.FixtureRequest) -> Iterator[MakeDevice]:
    """make_device(phone=…, language=…). At the end, nothing may be in any console but what was expected."""
    made: list[Device] = []

    def make(*, phone: bool = True, language: str = "en") -> Device:
        made.append(Device(chromium, site, phone=phone, language=language))
        return made[-1]

    yield make
    failed = request.node.stash.get(_failed, False)
    name = re.sub(r"\W+", "-", request.node.name)
    for number, device in enumerate(made):
        if failed:
            _photograph(device, FOLDER / "failures", f"{name}-{number}")
        device.close()
    unexpected = [complaint for device in made for complaint in device.unexpected()]
    if not failed:
        assert unexpected == []


@pytest.fixture
def phone(make_device: MakeDevice) -> Device:
    """360×640 with touch, in English."""
    return make_device(phone=True)


@pytest.fixture
def desk(make_device: MakeDevice) -> Device:
    """1280×800 with a mouse, in English."""
    return make_device(phone=False)


def _photograph(device: Device, folder: Path, name: str) -> None:
    try:
        device.photograph_pages(folder, name)
    except Error:
        return  # a page that has crashed has no picture


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Iterator[None]:
    report = yield
    if report.failed:
        item.stash[_failed] = True
        running = getattr(item, "funcargs", {}).get("site")
        if isinstance(running, Site):
            report.sections.append(("Log of the server", running.log_tail()))
    return report


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    for line in lines:
        terminalreporter.write_line(line)
