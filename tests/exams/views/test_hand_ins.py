"""Who may bring hand-ins into a room, and what does the page say of each?"""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from accounts.enums import Role
from accounts.models import ClassGroup, Person
from exams.delivery.envelope import Fault, envelope_for, frames_of
from exams.intake.borrowed import borrowed_store
from exams.intake.ticket import Ticket, mint_ticket
from exams.models import ResponseEvent, Sitting
from exams.queries.receipts import receipt_of
from exams.views.hand_ins import SAID
from tests.exams.intake.phone import Device
from tests.factories.accounts import make_class, make_member, make_pupil, make_teacher
from tests.factories.clients import client_of
from tests.factories.exams import TRIAL_ITEMS, hand_in_keys, make_administration

pytestmark = pytest.mark.django_db


@pytest.fixture
def room() -> ClassGroup:
    return make_class(name="8-1")


@pytest.fixture
def invigilator(room: ClassGroup) -> Person:
    return make_member(room.school, Role.INVIGILATOR)


@pytest.fixture
def browser(invigilator: Person) -> Client:
    return client_of(invigilator)


def make_sitting(room: ClassGroup, **pupil: str) -> Sitting:
    person = make_pupil(room, **pupil)
    now = timezone.now()
    return make_administration([room], now=now).sittings.get(candidate=person)


@pytest.fixture
def sitting(room: ClassGroup) -> Sitting:
    return make_sitting(room, given_name="Ђурђа", family_name="Љубић")


def hand_in_of(sitting: Sitting, *, hand_in: bool = True, clear: bool = False) -> str:
    """A phone that started half an hour ago gave one response, and made this file without a network."""
    begun = round((timezone.now() - timedelta(minutes=30)).timestamp() * 1000)
    store, device = borrowed_store(), Device(wall=begun)
    device.opened(str(sitting.public_id), store.lease(sitting.pk, device.device, begun))
    store.start(sitting.pk, begun)
    device.pass_time(60)
    device.event("response", f"{TRIAL_ITEMS[0]}.1", "b")
    if hand_in:
        device.event("hand_in", value="candidate")
    ticket = Ticket(sitting.pk, str(sitting.public_id), device.device, device.epoch)
    return envelope_for(
        sitting=str(sitting.public_id),
        device=device.device,
        ticket=mint_ticket(ticket, secret=settings.SECRETS["TICKET_SECRET"], now=begun),
        body=device.body(*device.lines),
        public_der=None if clear else hand_in_keys()[1],
    )


def file(text: str, name: str = "proba-01234567.txt") -> SimpleUploadedFile:
    return SimpleUploadedFile(name, text.encode(), content_type="text/plain")


def bring(
    browser: Client, room: ClassGroup, *files: SimpleUploadedFile, frames: str = ""
) -> tuple[HttpResponse, str]:
    response = browser.post(
        reverse("hand_ins", args=[room.public_id]), {"files": list(files), "frames": frames}
    )
    return response, " ".join(response.content.decode().split())


def test_the_page_takes_files_and_codes_without_scripts(browser: Client, room: ClassGroup) -> None:
    page = browser.get(reverse("hand_ins", args=[room.public_id])).content.decode()
    assert 'enctype="multipart/form-data"' in page
    assert 'type="file"' in page and "multiple" in page
    assert '<textarea id="frames" name="frames"' in page
    assert re.search(r"<div [^>]*data-scan hidden", page)
    assert "exams/hand_ins/scan.js" in page


def test_only_invigilators_of_the_school_get_in(room: ClassGroup, sitting: Sitting) -> None:
    text = hand_in_of(sitting)
    elsewhere = make_member(make_class().school, Role.INVIGILATOR)
    for person in (elsewhere, make_teacher(room), make_member(room.school, Role.ANALYST), sitting.candidate):
        assert client_of(person).get(reverse("hand_ins", args=[room.public_id])).status_code == 404
        assert bring(client_of(person), room, file(text))[0].status_code == 404
    assert not ResponseEvent.objects.exists()


def test_a_file_is_brought_in_with_its_receipt(browser: Client, room: ClassGroup, sitting: Sitting) -> None:
    response, page = bring(browser, room, file(hand_in_of(sitting)))
    assert response.status_code == 200
    assert "Đurđa Ljubić" in page and "proba-01234567.txt" in page
    assert "Brought in" in page and "2 entries were new. 0 were here already." in page
    sitting.refresh_from_db()
    receipt = receipt_of(sitting)
    assert receipt is not None and f'<strong class="number">{receipt.code}</strong>' in page


def test_the_same_file_again_brings_nothing_new(browser: Client, room: ClassGroup, sitting: Sitting) -> None:
    text = hand_in_of(sitting)
    bring(browser, room, file(text))
    response, page = bring(browser, room, file(text, "once.txt"), file(text, "twice.txt"))
    assert response.status_code == 200
    assert page.count("Nothing new") == 2
    assert page.count("0 entries were new. 2 were here already.") == 2
    assert ResponseEvent.objects.count() == 2


def test_each_file_is_judged_by_itself(browser: Client, room: ClassGroup, sitting: Sitting) -> None:
    good = hand_in_of(sitting, hand_in=False, clear=True)
    foreign = hand_in_of(make_sitting(make_class()))
    response, page = bring(
        browser,
        room,
        file(good, "good.txt"),
        file(good[:200], "half.txt"),
        file(foreign, "foreign.txt"),
        file("Домаћи задатак", "homework.txt"),
        file("x" * (2 * 1024 * 1024 + 1), "huge.txt"),
    )
    assert response.status_code == 200
    assert page.count('data-outcome="taken"') == 1 and page.count('data-outcome="refused"') == 4
    assert "The pupil has not handed in yet." in page
    for said in (SAID[Fault.HALF], SAID[Fault.ELSEWHERE], SAID[Fault.NOT_OURS]):
        assert str(said).replace("'", "&#x27;") in page
    assert "This file is larger than 2 MB, which no hand-in is." in page
    assert set(ResponseEvent.objects.values_list("sitting", flat=True)) == {sitting.pk}


def test_codes_in_any_order_make_a_hand_in(browser: Client, room: ClassGroup, sitting: Sitting) -> None:
    frames = frames_of(hand_in_of(sitting), 300)
    response, page = bring(browser, room, frames="\r\n".join(frames[::-1]))
    assert response.status_code == 200 and "2 entries were new." in page
    assert "PROBA1:" not in page


def test_missing_codes_are_named_and_the_others_stay(
    browser: Client, room: ClassGroup, sitting: Sitting
) -> None:
    frames = frames_of(hand_in_of(sitting), 300)
    response, page = bring(browser, room, frames="\n".join([frames[0], frames[3]]))
    assert response.status_code == 422
    missing = ", ".join(str(n) for n in range(1, len(frames) + 1) if n not in (1, 4))
    assert f"Not all codes were read yet. Still missing: {missing}." in page
    assert frames[0] in page and frames[3] in page
    assert not ResponseEvent.objects.exists()


def test_the_text_of_a_file_can_be_pasted(browser: Client, room: ClassGroup, sitting: Sitting) -> None:
    other = make_sitting(room, given_name="Вук", family_name="Ђорђевић")
    response, page = bring(browser, room, frames=f"{hand_in_of(sitting)}\r\n{hand_in_of(other)}\r\n")
    assert response.status_code == 200
    assert page.count('data-outcome="taken"') == 2
    assert "Đurđa Ljubić" in page and "Vuk Đorđević" in page


def test_what_comes_after_the_seal_waits_for_a_decision(
    browser: Client, room: ClassGroup, sitting: Sitting
) -> None:
    text = hand_in_of(sitting)
    now = timezone.now()
    Sitting.objects.filter(pk=sitting.pk).update(state="sealed", handed_in_at=now, sealed_at=now)
    response, page = bring(browser, room, file(text))
    assert response.status_code == 200
    assert "Waits for a decision" in page
    assert "2 entries came too late or cannot be placed in time; a person decides whether they count." in page


def test_a_sitting_that_was_taken_out_says_so(browser: Client, room: ClassGroup, sitting: Sitting) -> None:
    text = hand_in_of(sitting)
    Sitting.objects.filter(pk=sitting.pk).update(state="voided")
    assert "This sitting was taken out and counts nowhere." in bring(browser, room, file(text))[1]


def test_bringing_nothing_or_too_much_is_said(browser: Client, room: ClassGroup) -> None:
    response, page = bring(browser, room)
    assert response.status_code == 422 and "Choose a file, or read the codes from a phone." in page
    response, page = bring(browser, room, *(file("{}", f"{n}.txt") for n in range(31)))
    assert response.status_code == 422 and "Bring at most 30 files at once." in page


def test_file_names_are_text(browser: Client, room: ClassGroup) -> None:
    page = bring(browser, room, file("{}", "<img src=x>.txt"))[1]
    assert "<img src=x" not in page and "&lt;img src=x&gt;.txt" in page


def test_every_fault_has_words_in_which_it_is_told() -> None:
    assert set(SAID) == set(Fault)
    assert all(
        ("%(missing)s" in str(said)) is (fault is Fault.MISSING_FRAMES) for fault, said in SAID.items()
    )
