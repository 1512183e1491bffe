"""Do answers reach the journal when the network does not come back: in a file, or as codes on a screen?"""

from __future__ import annotations

import base64
import random
import re
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, expect

from tests.browser.devices import Device
from tests.browser.looks import examine
from tests.browser.player import Player, wait_until_ready_for_no_network
from tests.browser.site import Account, Site, eventually, room_of

GIVEN: list[tuple[int, Any]] = [(1, {"1": "d"}), (2, "b"), (20, {"1": True, "2": False})]
MINUTE = 61_000

# Stands where the camera would: it sees a phone's screen from a hand's breadth, never quite straight, with a
# code for as long as the phone shows it, some of them twice.
CAMERA = """
async (pictures) => {
  const images = await Promise.all(pictures.map((source) => new Promise((resolve) => {
    const image = new Image();
    image.onload = () => resolve(image);
    image.src = source;
  })));
  const canvas = document.createElement("canvas");
  canvas.width = 1280;
  canvas.height = 960;
  const context = canvas.getContext("2d");
  let shown = 0;
  const draw = () => {
    context.resetTransform();
    context.fillStyle = "#6b6660";
    context.fillRect(0, 0, 1280, 960);
    context.translate(640 + 9 * Math.sin(shown), 480);
    context.rotate(0.04 * Math.sin(shown / 2));
    context.drawImage(images[shown % images.length], -400, -400, 800, 800);
    shown += 1;
  };
  draw();
  setInterval(draw, 700);
  navigator.mediaDevices.getUserMedia = async () => canvas.captureStream(20);
}
"""


def test_a_file_brings_in_what_the_network_did_not(
    site: Site, phone: Device, desk: Device, tmp_path: Path
) -> None:
    pupil = site.pupil_of_the_invigilator()
    player = begun(site, phone, pupil)
    with phone.offline():
        finish_without_a_network(site, player)
        offer = player.page.locator(".hand-over")
        expect(offer).to_have_count(0)
        player.page.clock.fast_forward(MINUTE)
        expect(offer).to_be_visible()
        expect(player.page.locator(".receipt__status.tone-warning")).to_be_visible()
        examine(player.page, "hand-in-offered")
        with player.page.expect_download() as saved:
            offer.get_by_role("button", name="Save a file").tap()
        assert saved.value.suggested_filename == f"proba-{player.sitting[:8]}.txt"
        file = tmp_path / saved.value.suggested_filename
        saved.value.save_as(file)
        expect(offer.locator(".hand-over__said")).to_contain_text(file.name)
        code = player.receipt_code()
        assert site.state(player.sitting) == "started"

        staff = hand_ins_page(site, desk, player.sitting)
        desk.expect_complaints("status of 422")  # what is refused
        half = tmp_path / "proba-half.txt"
        half.write_text(file.read_text()[:-200])
        bring(staff, half)
        expect(staff.locator("[data-outcome=refused]")).to_have_count(1)
        assert site.state(player.sitting) == "started"
        bring(staff, file)
        expect(staff.locator("[data-outcome=taken]")).to_contain_text(code)
        examine(staff, "hand-ins-brought")
        check_journal(site, player.sitting)
        before = site.journal(player.sitting)
        for _ in range(2):
            bring(staff, file)
            expect(staff.locator("[data-outcome=taken]")).to_contain_text("Nothing new")
        assert site.journal(player.sitting) == before

    # The phone finds a network after all: nothing is there twice, and it sees that the codes agree.
    expect(player.page.locator(".receipt__status.tone-success")).to_be_visible(timeout=30_000)
    expect(player.page.locator(".receipt__checked")).to_be_visible()
    expect(player.page.locator(".hand-over")).to_have_count(0)
    assert player.receipt_code() == code
    examine(player.page, "receipt-checked")
    assert site.journal(player.sitting) == before


def test_codes_on_the_screen_are_read_by_a_camera(site: Site, phone: Device, desk: Device) -> None:
    pupil = site.pupil_of_the_invigilator()
    player = begun(site, phone, pupil)
    with phone.offline():
        finish_without_a_network(site, player)
        player.page.clock.fast_forward(MINUTE)
        player.page.locator(".hand-over").get_by_role("button", name="Show codes to the teacher").tap()
        pictures = photographed_codes(player.page)
        code = player.page.locator(".codes-page").inner_text()
        examine(player.page, "codes")
        player.page.get_by_role("button", name="Back to the receipt").tap()
        assert player.receipt_code() in code

        staff = hand_ins_page(site, desk, player.sitting)
        examine(staff, "hand-ins")
        says = staff.locator("[data-scan-says]")
        staff.get_by_role("button", name="Read codes with the camera").click()
        expect(says).to_contain_text("let the pupil save a file", ignore_case=True)  # there is no camera here
        expect(staff.locator("[data-scan-video]")).to_be_hidden()

        shuffled = [*pictures, *pictures[:2]]
        random.Random(7).shuffle(shuffled)
        staff.evaluate(CAMERA, shuffled)
        staff.get_by_role("button", name="Read codes with the camera").click()
        expect(says).to_have_text(re.compile(rf"Read: [1-9]\d* of {len(pictures)}\."))
        examine(staff, "hand-ins-scanning")
        taken = staff.locator("[data-outcome=taken]")
        expect(taken).to_contain_text(player.receipt_code(), timeout=60_000)
        check_journal(site, player.sitting)
    expect(player.page.locator(".receipt__checked")).to_be_visible(timeout=30_000)


def begun(site: Site, phone: Device, pupil: Account) -> Player:
    """Started, with the player's clock in the test's hands and everything kept for a time without network."""
    phone.page.clock.install()
    phone.sign_in(pupil)
    player = Player(phone.page)
    player.open_from_home()
    player.start()
    wait_until_ready_for_no_network(phone.page)
    assert site.state(player.sitting) == "started"
    return player


def finish_without_a_network(site: Site, player: Player) -> None:
    items = site.items(player.sitting)
    for number, value in GIVEN:
        player.go_to(number)
        player.respond(items[number - 1], value)
    player.finish()
    player.hand_in()
    expect(player.page.locator(".receipt__status.tone-warning")).to_be_visible()


def photographed_codes(page: Page) -> list[str]:
    """Every code as the screen shows it, as addresses of pictures."""
    image = page.locator(".codes__image")
    page.get_by_role("button", name="Pause").tap()
    of = int(page.locator(".codes__count").inner_text().split()[-1])
    assert of > 2
    found: dict[str, str] = {}
    for _ in range(of):
        name = image.get_attribute("aria-label") or ""
        picture = image.screenshot(animations="disabled")
        found[name] = f"data:image/png;base64,{base64.b64encode(picture).decode('ascii')}"
        page.get_by_role("button", name="Next code").tap()
    assert set(found) == {f"Code {n} of {of}" for n in range(1, of + 1)}
    return list(found.values())


def hand_ins_page(site: Site, desk: Device, sitting: str) -> Page:
    """Where the invigilator of the pupil's class brings in what could not be sent."""
    desk.sign_in_staff("invigilator")
    desk.page.goto(f"/rooms/{room_of(site, sitting)}/hand-ins/")
    expect(desk.page.locator("textarea[name=frames]")).to_be_visible()
    return desk.page


def bring(staff: Page, file: Path) -> None:
    staff.locator("input[type=file]").set_input_files(file)
    staff.get_by_role("button", name="Bring in").click()
    expect(staff.locator("[data-outcome]").first).to_be_visible()


def check_journal(site: Site, sitting: str) -> None:
    """The whole chain is there once, in order, and says what the pupil gave; then it is sealed and scored."""
    events = site.journal(sitting)
    assert [event["seq"] for event in events] == list(range(1, len(events) + 1))
    assert {event["verdict"] for event in events} == {"counted"}
    assert [event["kind"] for event in events].count("hand_in") == 1
    conflicts = (
        "SELECT count(*) FROM exams_conflictingevent c JOIN exams_sitting s ON s.id = c.sitting_id"
        " WHERE s.public_id = ?"
    )
    assert site.value(conflicts, sitting.replace("-", "")) == 0
    items = site.items(sitting)
    wanted = {items[number - 1].ref: value for number, value in GIVEN}
    assert eventually(lambda: site.half_points(sitting), lambda found: found is not None) is not None
    responses = site.current_responses(sitting)
    assert {ref: value for ref, value in responses.items() if value is not None} == wanted
