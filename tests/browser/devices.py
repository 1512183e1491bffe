"""What do visitors hold in their hands, and what did its browser complain about?"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, sync_playwright

from tests.browser.site import Account, Site

PHONE = {
    "viewport": {"width": 360, "height": 640},
    "screen": {"width": 360, "height": 640},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
}
DESK = {"viewport": {"width": 1280, "height": 800}}
# How Chromium reports a request that found no network, or no server at the other end.
NO_NETWORK = r"net::ERR_(INTERNET_DISCONNECTED|CONNECTION_REFUSED|CONNECTION_RESET|EMPTY_RESPONSE|FAILED)"


@contextmanager
def open_chromium(path: str) -> Iterator[Browser]:
    """Without a window. Each test opens a context of its own: size, touch, language."""
    with sync_playwright() as playwright:
        # Chromium's sandbox refuses to run as root, which is what containers are.
        arguments = ["--no-sandbox"] if os.getuid() == 0 else []
        browser = playwright.chromium.launch(executable_path=path, args=arguments)
        yield browser
        browser.close()


class Device:
    """A browser profile of its own: one phone, one desk. Whatever it complains about fails the test."""

    def __init__(self, browser: Browser, site: Site, *, phone: bool, language: str = "en") -> None:
        self.site = site
        self.complaints: list[str] = []
        self._expected: list[str] = []
        self.context: BrowserContext = browser.new_context(
            **(PHONE if phone else DESK),
            base_url=site.url,
            locale="sr-RS",
            timezone_id="Europe/Belgrade",
            reduced_motion="reduce",
        )
        if language != "sr":
            self.speak(language)
        self.context.set_default_navigation_timeout(60_000)  # two cores, shared with the server
        self.context.on("console", self._console)
        self.context.on("weberror", lambda error: self.complaints.append(f"uncaught: {error.error}"))
        self.page: Page = self.context.new_page()

    def speak(self, language: str) -> None:
        self.context.add_cookies([{"name": "django_language", "value": language, "url": self.site.url}])

    def another_page(self) -> Page:
        return self.context.new_page()

    def sign_in(self, pupil: Account) -> None:
        """By the card's QR code: the address with the code in its fragment."""
        self.page.goto(pupil["url"])
        self.page.wait_for_url(f"{self.site.url}/")

    def sign_in_staff(self, role: str) -> None:
        account = self.site.staff(role)
        self.page.goto(account["url"])
        self.page.locator("input[type=email], input[name=login]").fill(account["email"])
        self.page.locator("input[type=password]").fill(account["password"])
        self.page.locator("main form button[type=submit], main form button:not([type])").first.click()
        self.page.wait_for_url(lambda url: "/staff/" not in url)

    @contextmanager
    def offline(self) -> Iterator[None]:
        """No network for pages and service worker alike."""
        self.expect_complaints(NO_NETWORK)
        self.context.set_offline(True)
        yield
        self.context.set_offline(False)

    def expect_complaints(self, *patterns: str) -> None:
        """What the test brings about itself: regular expressions of console messages."""
        self._expected += patterns

    def unexpected(self) -> list[str]:
        return [one for one in self.complaints if not any(re.search(known, one) for known in self._expected)]

    def _console(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning", "assert"):
            place = message.location.get("url", "")
            self.complaints.append(f"{message.type}: {message.text} ({place})")

    def photograph_pages(self, folder: Path, name: str) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        for number, page in enumerate(self.context.pages):
            page.screenshot(path=folder / f"{name}-{number}.png", timeout=5_000)

    def close(self) -> None:
        self.context.close()
