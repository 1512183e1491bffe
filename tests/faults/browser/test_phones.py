"""What is left of an exam when phones die, all at once or at the last second, and how soon does it go on?"""

from __future__ import annotations

import hashlib
import hmac
import os
import signal
import time
from collections.abc import Iterator
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from uuid import UUID

import pytest
from playwright.sync_api import Browser, BrowserContext, Error, Page, expect

from accounts.cards import code_from_bytes, pretty
from tests.browser.conftest import MakeDevice
from tests.browser.devices import NO_NETWORK, PHONE, Device
from tests.browser.mishaps import answers, begun, crash, server_left
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.site import Site, eventually
from tests.faults.browser.test_networks import answer
from tests.faults.conftest import Seen

pytestmark = pytest.mark.long
CHOICES = (2, 5, 7, 14)
CLOSED = 24  # seconds after the end: the server has closed what nobody handed in


def test_page_killed_right_after_a_tap(site: Site, phone: Device, seen: Seen) -> None:
    """Without a network, so that only the phone can have it: what is two seconds old is never lost."""
    phone.sign_in(site.fresh_pupil())
    player = begun(site, phone.page)
    items = site.items(player.sitting)
    wait_until_ready_for_no_network(phone.page)
    address = phone.page.url
    survived = {}
    with phone.offline():
        for age in (2.0, 1.0, 0.5, 0.2, 0.05, 0.0):
            player.go_to(2)
            player.page.wait_for_timeout(2_000)
            before = (
                player.page.locator(".options input:checked").get_attribute("value") if survived else None
            )
            given = "b" if before != "b" else "c"
            player.respond(items[1], given)
            time.sleep(age)
            crash(player.page)
            phone.page = phone.another_page()
            phone.page.goto(address)
            player = Player(phone.page)
            player.wait_for_item(2)
            shown = phone.page.locator(".options input:checked")
            found = shown.get_attribute("value") if shown.count() else None
            assert found in (given, before)
            survived[age] = found == given
    assert survived[2.0]
    seen("youngest response that outlived a kill", min(age for age, kept in survived.items() if kept))
    player.expect_saved()
    events = site.journal(player.sitting)
    assert sorted(event["seq"] for event in events) == list(range(1, len(events) + 1))
    assert {event["verdict"] for event in events} == {"counted"}


def until(site: Site, sitting: str, seconds: float) -> None:
    """Waits until so many seconds before the end, by the server's clock; negative: after it."""
    while server_left(site, sitting) > seconds:
        time.sleep(0.05)


def test_no_network_from_a_minute_before_the_end(site: Site, phone: Device) -> None:
    """What was given until the last moment counts, although all of it arrives after the close."""
    phone.sign_in(site.fresh_pupil())
    player = begun(site, phone.page, seconds=25)
    items = site.items(player.sitting)
    wait_until_ready_for_no_network(phone.page)
    player.expect_saved()
    with phone.offline():
        answer(player, items, 2, "a")
        answer(player, items, 5, "b")
        player.go_to(4)
        until(site, player.sitting, 3)
        phone.page.locator(".fields input").press_sequentially("12")
        expect(phone.page.locator(".receipt__status.tone-warning")).to_be_visible(timeout=20_000)
        until(site, player.sitting, -CLOSED)
        assert site.state(player.sitting) == "handed_in"
    expect(phone.page.locator(".receipt__status.tone-success")).to_be_visible(timeout=30_000)
    wanted = {items[1].ref: "a", items[4].ref: "b", items[3].ref: {"x": "12"}}
    assert answers(site, player.sitting) == wanted
    late = [event for event in site.journal(player.sitting) if event["verdict"] != "counted"]
    assert {event["verdict"] for event in late} == {"late_counted"}
    assert {event["item"] for event in late if event["kind"] == "response"} == set(wanted)
    assert eventually(lambda: site.state(player.sitting), lambda state: state == "sealed") == "sealed"


def test_page_killed_a_second_before_the_end(site: Site, phone: Device) -> None:
    """Nobody pressed anything: the answer that is two seconds old counts when the page is opened again."""
    phone.sign_in(site.fresh_pupil())
    player = begun(site, phone.page, seconds=12)
    items = site.items(player.sitting)
    address = phone.page.url
    player.go_to(2)
    until(site, player.sitting, 3)
    player.respond(items[1], "c")
    until(site, player.sitting, 1)
    crash(phone.page)
    until(site, player.sitting, -CLOSED)
    phone.page = phone.another_page()
    phone.page.goto(address)
    expect(phone.page.locator(".receipt__status.tone-success")).to_be_visible(timeout=30_000)
    assert eventually(lambda: answers(site, player.sitting), bool) == {items[1].ref: "c"}
    # What the page says afterwards (that it has nothing more) is after the end, and may be there already.
    made = [event for event in site.journal(player.sitting) if event["kind"] != "close"]
    assert {event["verdict"] for event in made} <= {"counted", "late_counted"}


def test_reloads_around_the_end(site: Site, phone: Device) -> None:
    """At a second before, at and after zero: the page never hangs, and ends on the receipt."""
    phone.sign_in(site.fresh_pupil())
    phone.expect_complaints(NO_NETWORK, "ERR_ABORTED")
    player = begun(site, phone.page, seconds=15)
    items = site.items(player.sitting)
    wait_until_ready_for_no_network(phone.page)
    answer(player, items, 2, "d")
    for moment in (1.0, 0.0, -1.0):
        until(site, player.sitting, moment)
        phone.page.reload()
        expect(phone.page.locator("#stage h1, .item__title").first).to_be_visible()
    expect(phone.page.locator(".receipt__status.tone-success")).to_be_visible(timeout=30_000)
    assert answers(site, player.sitting) == {items[1].ref: "d"}
    assert [event["kind"] for event in site.journal(player.sitting)].count("hand_in") <= 1


@dataclass
class PocketPhone:
    """A browser process with a profile on the disk: it may be killed, and started again with what is left."""

    browser: Browser
    profile: Path
    program: str
    context: BrowserContext | None = None

    def switch_on(self) -> Page:
        sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
        self.context = self.browser.browser_type.launch_persistent_context(
            self.profile, executable_path=self.program, args=sandbox, locale="en-GB", **PHONE
        )
        return self.context.pages[0]

    def power_cut(self) -> None:
        for path in Path("/proc").glob("[0-9]*/cmdline"):
            with suppress(OSError):
                if f"--user-data-dir={self.profile}" in path.read_bytes().decode(errors="replace").split(
                    "\0"
                ):
                    os.kill(int(path.parent.name), signal.SIGKILL)

    def switch_off(self) -> None:
        if self.context is not None:
            with suppress(Error):
                self.context.close()


@pytest.fixture
def pocket_phones(chromium: Browser, chromium_path: str, tmp_path: Path) -> Iterator[list[PocketPhone]]:
    found = [PocketPhone(chromium, tmp_path / f"phone-{number}", chromium_path) for number in range(3)]
    with ExitStack() as stack:
        for one in found:
            stack.callback(one.switch_off)
        yield found


def test_power_cut_in_the_whole_room(site: Site, pocket_phones: list[PocketPhone], seen: Seen) -> None:
    """Server and phones are gone at once. Everybody goes on where they were, unsent answers too."""
    desks = []
    for phone in pocket_phones:
        page = phone.switch_on()
        pupil = site.fresh_pupil()
        page.context.add_cookies([{"name": "django_language", "value": "en", "url": site.url}])
        page.goto(pupil["url"])
        page.wait_for_url(f"{site.url}/")
        player = begun(site, page)
        wait_until_ready_for_no_network(page)
        items = site.items(player.sitting)
        answer(player, items, 2, "a")
        player.expect_saved()
        desks.append((phone, player, items, page.url))
    for _, player, items, _ in desks:
        page = player.page
        page.context.set_offline(True)
        answer(player, items, 5, "c")
        player.expect_kept()
    for phone, *_ in desks:
        phone.power_cut()
    site.kill()

    site.start()
    back = time.monotonic()
    for phone, player, items, address in desks:
        began = time.monotonic()
        page = phone.switch_on()
        page.goto(address)
        again = Player(page)
        again.wait_for_item(5)
        expect(page.locator(".options input[value=c]")).to_be_checked()
        again.expect_saved()
        seen("from switching on to everything saved", time.monotonic() - began)
        assert answers(site, player.sitting) == {items[1].ref: "a", items[4].ref: "c"}
    seen("for the room of three, one after another", time.monotonic() - back)


def test_room_signs_in_with_cards_on_shared_tablets(
    site: Site, make_device: MakeDevice, cards: list[str], seen: Seen
) -> None:
    """Thirty cards on three tablets behind one address, every third wrong at first. Nobody is locked out."""
    tablets = [make_device(phone=True) for _ in range(3)]
    took = []
    for tablet in tablets:
        tablet.expect_complaints("status of 401")
        tablet.page.goto("/sign-in/")
    for number, card in enumerate(cards):
        page = tablets[number % 3].page
        began = time.monotonic()
        if number % 3 == 0:
            wrong = ("2" if card[0] != "2" else "3") + card[1:]
            type_card(page, wrong)
            expect(page.locator("[role=alert], .field__error").first).to_be_visible()
        type_card(page, card)
        page.wait_for_url(f"{site.url}/")
        expect(page.locator("main a[href^='/sit/']").first).to_be_visible()
        took.append(time.monotonic() - began)
        page.locator("main form[action$='/sign-out/'] button").tap()
        page.wait_for_url("**/sign-in/")
    assert len(took) == 30
    seen("until a pupil is in, median", sorted(took)[15])
    seen("thirty pupils one after another", sum(took))


def type_card(page: Page, code: str) -> None:
    field = page.locator("main form input[type=text], main form input:not([type])").first
    field.fill("")
    field.press_sequentially(code)
    page.locator("main form button").first.tap()


@pytest.fixture
def cards(site: Site) -> list[str]:
    """Codes of thirty pupils who have not begun, as the demo world derives them."""
    secrets = dict(line.split("=", 1) for line in (site.folder / "secrets.env").read_text().split() if line)
    waiting = site.rows(
        "SELECT p.public_id FROM exams_sitting s JOIN accounts_person p ON p.id = s.candidate_id"
        " WHERE s.state = 'ready' AND s.administration_id IS NOT NULL AND NOT s.simulated"
        " ORDER BY s.id DESC LIMIT 30"
    )
    return [demo_card(secrets["CARD_SECRET"], UUID(row["public_id"])) for row in waiting]


def demo_card(secret: str, pupil: UUID) -> str:
    mac = hmac.new(secret.strip("'\"").encode(), f"demo-card:{pupil}".encode(), hashlib.sha256)
    return pretty(code_from_bytes(mac.digest()))
