"""Phones behind a wire of their own, and a Chromium of 2020; the site is the one the journeys use."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser

from tests.browser.conftest import desk, make_device, phone, pytest_runtest_makereport, site
from tests.browser.devices import Device
from tests.browser.site import Account, Site
from tests.faults.browser.links import Link

__all__ = ["desk", "make_device", "phone", "pytest_runtest_makereport", "site"]


class LinkedPhone(Device):
    """Reaches the site only through its link. What a torn network makes a browser say is no fault."""

    def __init__(self, browser: Browser, link: Link) -> None:
        self.link = link
        super().__init__(browser, link, phone=True)  # type: ignore[arg-type]  an address is all it needs

    def sign_in(self, pupil: Account) -> None:
        code = pupil["url"].rpartition("#")[2]
        super().sign_in(pupil | {"url": f"{self.link.url}/sign-in/#{code}"})

    def unexpected(self) -> list[str]:
        return [one for one in super().unexpected() if one.startswith("uncaught")]


@pytest.fixture
def link(site: Site) -> Iterator[Link]:
    with Link(("127.0.0.1", site.port)) as found:
        yield found


@pytest.fixture
def make_linked(chromium: Browser, site: Site) -> Iterator[Callable[[Link], LinkedPhone]]:
    """make_linked(link): a phone behind it. At the end, no script may have failed."""
    made: list[LinkedPhone] = []

    def make(wire: Link) -> LinkedPhone:
        made.append(LinkedPhone(chromium, wire))
        return made[-1]

    yield make
    for device in made:
        device.close()
    assert [complaint for device in made for complaint in device.unexpected()] == []


@pytest.fixture
def linked(make_linked: Callable[[Link], LinkedPhone], link: Link) -> LinkedPhone:
    return make_linked(link)
