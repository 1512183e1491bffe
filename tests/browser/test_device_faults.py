"""Does an exam survive what happens to phones: a wrong date, sleep, tabs, a dead battery, no room, no cookie?

What takes longer, or needs a network that can be torn, is in tests/faults/browser.
"""

from __future__ import annotations

import json
import time
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import MakeDevice
from tests.browser.devices import NO_NETWORK, Device
from tests.browser.mishaps import PhoneDate, PhoneRoom, answers, begun, crash, move, server_left, shown_left
from tests.browser.player import Player, cdp, wait_until_ready_for_no_network
from tests.browser.site import Item, Site, eventually

# Where form A has a plain choice among options, by number; each is answered with one tap.
CHOICES = (2, 5, 7, 14)
TEN: dict[int, Any] = dict.fromkeys(CHOICES, "b") | {
    1: {"1": "d"},
    4: {"x": "3,5"},
    6: {"1": True},
    17: {"length": "12 km"},
    20: {"1": False},
    18: {"distance": "90"},
}
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SUMMER_TIME = datetime(2027, 3, 28, 1, tzinfo=UTC)  # clocks in Belgrade go from two to three


def test_date_of_the_phone_is_not_believed(site: Site, phone: Device) -> None:
    """A day slow at the start, then every jump: the time shown is the server's, and every answer counts."""
    date = PhoneDate(phone.context)
    date.set_ahead(-DAY)
    phone.sign_in(site.fresh_pupil())
    player = begun(site, phone.page, seconds=280)
    items = site.items(player.sitting)
    player.go_to(2)
    jumps = [HOUR, -HOUR, DAY, -DAY, SUMMER_TIME - timedelta(seconds=4) - datetime.now(UTC), timedelta()]
    for number, jump in enumerate(jumps):
        date.set_ahead(jump)
        phone.page.wait_for_timeout(1_500)  # the player looks at its clocks once a second
        player.wait_for_item(2)  # perhaps after it has asked the server whether the time is over
        player.respond(items[1], "abcd"[number % 4])
        player.next()
        player.expect_saved()
        player.back()
        agree(site, player)
    assert {event["verdict"] for event in site.journal(player.sitting)} == {"counted"}
    assert answers(site, player.sitting) == {items[1].ref: "b"}


def agree(site: Site, player: Player) -> None:
    """The remaining time on the screen is the server's, within two seconds."""
    assert abs(shown_left(player.page) - server_left(site, player.sitting)) <= 2


def test_asleep_for_twenty_minutes(site: Site, phone: Device) -> None:
    """It hears nothing then, and its monotonic clock may stand still; awake, it shows the right time."""
    slept = timedelta(minutes=20)
    date = PhoneDate(phone.context)
    phone.sign_in(site.fresh_pupil())
    player = begun(site, phone.page)
    items = site.items(player.sitting)
    player.go_to(2)
    player.respond(items[1], "b")
    player.expect_saved()
    # 24 minutes are left, and the phone knows it.
    move(site, player.sitting, timedelta(seconds=24 * 60 - server_left(site, player.sitting)))
    player.next()
    expect(player.page.locator(".timer .number")).to_have_text("24 min")

    session = cdp(player.page)
    with phone.offline():
        session.send("Page.setWebLifecycleState", {"state": "frozen"})
        time.sleep(1)
        move(site, player.sitting, -slept)
        date.set_ahead(slept)
        session.send("Page.setWebLifecycleState", {"state": "active"})
        expect(player.page.locator(".timer .number")).to_contain_text("3:")
        agree(site, player)  # before anybody was asked
        player.go_to(5)
        player.respond(items[4], "a")
    player.expect_saved()
    player.page.wait_for_timeout(1_000)
    agree(site, player)
    assert answers(site, player.sitting) == {items[1].ref: "b", items[4].ref: "a"}


def test_three_tabs_and_one_hand_in(site: Site, phone: Device) -> None:
    """One tab writes. After its hand-in the others cannot go on, and show the same receipt."""
    phone.sign_in(site.fresh_pupil())
    player = begun(site, phone.page)
    items = site.items(player.sitting)
    others = [phone.another_page() for _ in range(2)]
    for page in others:
        page.goto(player.page.url)
        expect(page.locator("#stage h1")).to_have_text("Open in another tab")
        expect(page.locator("#stage input")).to_have_count(0)
    player.page.bring_to_front()
    player.go_to(20)
    player.respond(items[19], {"1": True})
    player.finish()
    player.hand_in()
    expect(player.page.locator(".receipt__status.tone-success")).to_be_visible()
    code = player.receipt_code()
    for page in others:
        expect(page.locator("#stage input")).to_have_count(0)
        page.bring_to_front()
        page.get_by_role("button", name="Continue here").tap()
        expect(page.locator(".receipt__digits")).to_have_text(code)
        expect(page.locator("#stage input")).to_have_count(0)
    kinds = [event["kind"] for event in site.journal(player.sitting)]
    assert kinds.count("hand_in") == 1
    assert len({event["epoch"] for event in site.journal(player.sitting)}) == 1


@pytest.mark.parametrize("sealed", [False, True], ids=["before-the-seal", "after-the-seal"])
def test_battery_dies_and_another_phone_goes_on(site: Site, make_device: MakeDevice, sealed: bool) -> None:
    """What the dead phone had not sent counts if it comes back in time, unless the other answered anew."""
    pupil = site.fresh_pupil()
    old, new = make_device(), make_device()
    old.sign_in(pupil)
    first = begun(site, old.page)
    sitting = first.sitting
    items = site.items(sitting)
    wait_until_ready_for_no_network(old.page)
    answer(first, items, 2, "a")
    first.expect_saved()
    old.expect_complaints(NO_NETWORK)
    old.context.set_offline(True)
    answer(first, items, 2, "d")
    answer(first, items, 5, "a")
    first.expect_kept()
    address = old.page.url
    crash(old.page)

    new.sign_in(pupil)
    new.page.goto(address)
    second = Player(new.page)
    second.wait_for_item(1)
    second.go_to(2)
    expect(new.page.locator(".options input[value=a]")).to_be_checked()
    answer(second, items, 2, "c")
    answer(second, items, 14, "c")
    second.go_to(20)
    second.finish()
    second.hand_in()
    expect(new.page.locator(".receipt__status.tone-success")).to_be_visible()
    code = second.receipt_code()
    assert site.state(sitting) == "handed_in"  # it waits for the other phone
    if sealed:
        move(site, sitting, -timedelta(hours=25))
        assert eventually(lambda: site.state(sitting), lambda state: state == "sealed") == "sealed"

    old.page = old.another_page()
    old.page.goto(address)
    Player(old.page).wait_for_item(5)  # it does not know yet
    old.context.set_offline(False)
    expect(old.page.locator(".receipt__digits")).to_have_text(code)
    kept = {items[1].ref: "c", items[13].ref: "c"}
    wanted = kept if sealed else kept | {items[4].ref: "a"}
    arrived = eventually(lambda: verdicts(site, sitting, items[4].ref), lambda found: len(found) == 1)
    assert arrived == (["quarantined"] if sealed else ["counted"])
    assert answers(site, sitting) == wanted
    assert eventually(lambda: site.state(sitting), lambda state: state == "sealed") == "sealed"
    projected = eventually(
        lambda: site.current_responses(sitting), lambda found: wanted.items() <= found.items()
    )
    assert {ref: value for ref, value in projected.items() if value is not None} == wanted


def answer(player: Player, items: list[Item], number: int, value: str) -> None:
    """To a choice; done when the phone has taken it."""
    player.go_to(number)
    player.respond(items[number - 1], value)
    expect(player.page.locator(f".options input[value={value}]")).to_be_checked()


def verdicts(site: Site, sitting: str, item: str) -> list[str]:
    events = site.journal(sitting)
    return [one["verdict"] for one in events if one["kind"] == "response" and one["item"] == item]


def test_reload_storm(site: Site, phone: Device) -> None:
    """Reloaded again and again in the middle of a save: the exam goes on, and nothing is there twice."""
    phone.sign_in(site.fresh_pupil())
    phone.expect_complaints(NO_NETWORK, "ERR_ABORTED")
    player = begun(site, phone.page)
    items = site.items(player.sitting)
    player.go_to(2)
    for number in range(12):
        given = "abcd"[number % 4]
        player.respond(items[1], given)
        player.page.wait_for_timeout(number % 4 * 40)
        player.page.evaluate("() => { dispatchEvent(new Event('online')); location.reload(); }")
        player.page.wait_for_load_state()
        player.wait_for_item(2)
        expect(player.page.locator(f".options input[value={given}]")).to_be_checked()
    player.expect_saved()
    events = site.journal(player.sitting)
    assert sorted(event["seq"] for event in events) == list(range(1, len(events) + 1))
    assert [event["value"] for event in events if event["kind"] == "response"] == list("abcd" * 3)
    assert site.sitting_events(player.sitting) == ["started"]
    query = "SELECT count(*) FROM exams_sittingdevice d JOIN exams_sitting s ON s.id = d.sitting_id"
    assert site.value(f"{query} WHERE s.public_id = ?", player.sitting.replace("-", "")) == 1


def test_ten_answers_and_a_reload_without_a_network(site: Site, phone: Device) -> None:
    """Nothing is touched after the reload: what was never sent is sent all the same, within ten seconds."""
    phone.sign_in(site.fresh_pupil())
    player = begun(site, phone.page)
    items = site.items(player.sitting)
    wait_until_ready_for_no_network(phone.page)
    player.expect_saved()
    with phone.offline():
        for number, value in TEN.items():
            player.go_to(number)
            player.respond(items[number - 1], value)
        player.expect_kept()
        phone.page.reload()
        player.wait_for_item(18)
    back = time.monotonic()
    wanted = {items[number - 1].ref: value for number, value in TEN.items()}
    assert eventually(lambda: answers(site, player.sitting), lambda found: found == wanted) == wanted
    assert time.monotonic() - back < 10


def test_browser_that_keeps_nothing(site: Site, phone: Device) -> None:
    """Like a strict private window: pupil and staff are told before the start; then saves are fast."""
    phone.context.add_init_script(
        "Object.defineProperty(self, 'indexedDB',"
        " { get() { throw new DOMException('denied', 'SecurityError'); } });"
    )
    phone.sign_in(site.fresh_pupil())
    player = Player(phone.page)
    player.open_from_home()
    expect(phone.page.locator(".check")).to_contain_text("This browser window keeps nothing")
    reported = eventually(lambda: problems(site, player.sitting), lambda found: found is not None)
    assert reported == ["no_storage"]
    player.start()
    items = site.items(player.sitting)
    for number in CHOICES[:2]:
        answer(player, items, number, "b")
    given = time.monotonic()
    wanted = {items[number - 1].ref: "b" for number in CHOICES[:2]}
    assert eventually(lambda: answers(site, player.sitting), lambda found: found == wanted) == wanted
    assert time.monotonic() - given < 5
    phone.page.reload()
    player.wait_for_item(1)
    player.go_to(2)
    expect(phone.page.locator(".options input[value=b]")).to_be_checked()
    answer(player, items, 7, "c")
    player.go_to(20)
    player.finish()
    player.hand_in()
    expect(phone.page.locator(".receipt__status.tone-success")).to_be_visible()
    assert answers(site, player.sitting) == wanted | {items[6].ref: "c"}


def problems(site: Site, sitting: str) -> list[str] | None:
    """What the device check told the staff last; None before it did."""
    found = site.rows(
        "SELECT c.report FROM exams_devicecheck c JOIN exams_sitting s ON s.id = c.sitting_id"
        " WHERE s.public_id = ? ORDER BY c.at DESC",
        sitting.replace("-", ""),
    )
    return list(json.loads(found[0]["report"])["problems"]) if found else None


def test_phone_that_is_full(site: Site, phone: Device) -> None:
    """Said before the start. If room runs out during the exam, memory and fast saves take over."""
    room = PhoneRoom(phone.context)
    phone.sign_in(site.fresh_pupil())
    player = Player(phone.page)
    player.open_from_home()
    expect(phone.page.locator(".check__line--ready")).to_be_visible()
    room.set_full(True)
    phone.page.reload()
    expect(phone.page.locator(".check")).to_contain_text("This phone is almost full")
    told = eventually(lambda: problems(site, player.sitting), bool)
    assert told == ["little_space"]
    room.set_full(False)
    player.start()
    items = site.items(player.sitting)
    answer(player, items, 2, "a")
    player.expect_saved()
    room.set_full(True)
    with phone.offline():
        answer(player, items, 2, "b")
        answer(player, items, 5, "c")
        expect(player.saving).to_contain_text("Keep this page open")
        expect(player.saving).not_to_contain_text("Kept on this phone")
    player.expect_saved()
    answer(player, items, 7, "d")
    player.go_to(20)
    player.finish()
    player.hand_in()
    expect(phone.page.locator(".receipt__status.tone-success")).to_be_visible()
    events = site.journal(player.sitting)
    assert sorted(event["seq"] for event in events) == list(range(1, len(events) + 1))
    assert answers(site, player.sitting) == {items[1].ref: "b", items[4].ref: "c", items[6].ref: "d"}


def test_sign_in_in_place(site: Site, phone: Device) -> None:
    """Cookie deleted, ticket run out, page reloaded: the exam goes on; only its own pupil's card helps."""
    pupil, neighbour = site.fresh_pupil(), site.fresh_pupil()
    phone.sign_in(pupil)
    player = begun(site, phone.page)
    items = site.items(player.sitting)
    wait_until_ready_for_no_network(phone.page)
    answer(player, items, 2, "a")
    player.expect_saved()
    before = len(site.journal(player.sitting))
    phone.expect_complaints("status of 40[14]")
    phone.context.clear_cookies(name="proba_pupil")
    phone.page.evaluate(SPOIL_TICKET, player.sitting)
    phone.page.reload()
    player.wait_for_item(2)
    notice = phone.page.locator("#notice")
    expect(notice).to_contain_text("Please sign in again")
    answer(player, items, 5, "b")
    player.expect_kept()
    assert len(site.journal(player.sitting)) == before

    notice.get_by_role("button", name="Sign in").tap()
    for code, said in (("2222-2222-2222", "no such code"), (neighbour["code"], "belongs to somebody else")):
        notice.locator("#card-code").fill(code)
        notice.get_by_role("button", name="Sign in").tap()
        expect(notice.locator(".field__error")).to_contain_text(said)
    assert len(site.journal(player.sitting)) == before
    answer(player, items, 7, "c")
    notice.locator("#card-code").fill(pupil["code"])
    notice.get_by_role("button", name="Sign in").tap()
    expect(notice).to_be_hidden()
    player.expect_saved()
    player.wait_for_item(7)
    assert answers(site, player.sitting) == {items[1].ref: "a", items[4].ref: "b", items[6].ref: "c"}
    assert len({event["epoch"] for event in site.journal(player.sitting)}) == 1


SPOIL_TICKET = """(sitting) => new Promise((resolve, reject) => {
  const opening = indexedDB.open("proba-player");
  opening.onsuccess = () => {
    const db = opening.result;
    const transaction = db.transaction("sittings", "readwrite");
    const rows = transaction.objectStore("sittings");
    rows.get(sitting).onsuccess = (found) => {
      const row = found.target.result;
      row.opened.ticket = "run.out";
      rows.put(row);
    };
    transaction.oncomplete = () => { db.close(); resolve(); };
    transaction.onabort = () => reject(transaction.error);
  };
})"""
