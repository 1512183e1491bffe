"""Does every browser module ask before it uses what a phone of 2020 (Chrome 80) or plain HTTP does not have?

`test_browser_syntax.py` forbids what has an older equivalent. Here is what has none: it may be used where the
same module looks whether it is there.
"""

from __future__ import annotations

import re

import pytest

from tests.architecture.source import bare_javascript, files, text

FLOOR = 80
SERVICE_WORKER = "exams/static/exams/sw.js"

# name: (shape of its use, shape of the question whether it is there, the Chrome that brought it)
LATER: dict[str, tuple[str, str, int]] = {
    "wakeLock": (r"\.wakeLock\b", r'"wakeLock" in navigator', 84),
    "userAgentData": (r"\.userAgentData\b", r'"userAgentData" in navigator|navigator\.userAgentData &&', 90),
    "BarcodeDetector": (r"\bnew BarcodeDetector\b", r"if \(!BarcodeDetector\)|typeof BarcodeDetector", 83),
    "requestVideoFrameCallback": (r"\.requestVideoFrameCallback\(", r'"requestVideoFrameCallback" in', 83),
    "showOpenFilePicker": (r"\bshow(?:Open|Save)FilePicker\b", r"FilePicker\" in", 86),
    "replaceChildren": (r"\.replaceChildren\(", r"\.replaceChildren\s*(?:&&|\?)", 86),
    "checkVisibility": (r"\.checkVisibility\(", r"\.checkVisibility\s*(?:&&|\?)", 105),
    "inert": (r"\.inert\b", r'"inert" in', 102),
    "popover": (r"\.(?:show|hide|toggle)Popover\(", r'"popover" in', 114),
    "View transitions": (r"\.startViewTransition\(", r"\.startViewTransition\s*(?:&&|\?)", 111),
    "scheduler": (r"\bscheduler\.(?:postTask|yield)\(", r'"scheduler" in', 94),
    "storage access": (r"\.requestStorageAccess\(", r"\.requestStorageAccess\s*(?:&&|\?)", 119),
    "Array.fromAsync": (r"\bArray\.fromAsync\b", r"Array\.fromAsync\s*(?:&&|\?)", 121),
    "grouping": (r"\b(?:Map|Object)\.groupBy\b", r"\.groupBy\s*(?:&&|\?)", 117),
    "set methods": (r"\.(?:isSubsetOf|symmetricDifference|isDisjointFrom)\(", r"Set\.prototype", 122),
    "Response.json": (r"\bResponse\.json\(", r"\bResponse\.json\s*(?:&&|\?)", 105),
    "durability that was granted": (r"\.durability\b", r'"durability" in', 83),
    "Segmenter, ListFormat": (r"\bIntl\.(?:Segmenter|DisplayNames|DurationFormat)\b", r'" in Intl', 87),
    "weak references": (r"\b(?:WeakRef|FinalizationRegistry)\b", r"typeof (?:WeakRef|Finalization)", 84),
    "highlights": (r"\bCSS\.(?:highlights|registerProperty)\b", r"CSS && ", 105),
}
# Chrome has these longer, but not on a page that came over plain HTTP, and other browsers came later.
SOMETIMES: dict[str, tuple[str, str]] = {
    "crypto.subtle": (r"\.subtle\.", r"subtle\)|!subtle|\.subtle\s*(?:\|\||&&|\?)"),
    "crypto.subtle by a name of its own": (r"\bsubtle\.\w+\(", r"if \([^)]*!subtle|subtle \?|\bif \(subtle"),
    "caches": (r"\bcaches\.", r"typeof caches"),
    "serviceWorker": (r"\.serviceWorker\b", r'"serviceWorker" in navigator'),
    "locks": (r"\.locks\b", r'"locks" in navigator'),
    "storage manager": (
        r"\bnavigator\.storage\.(?:persist|persisted|estimate|getDirectory)\(",
        r"navigator\.storage && navigator\.storage\.",
    ),
    "mediaDevices": (r"\bmediaDevices\.getUserMedia\(", r"!navigator\.mediaDevices\b"),
    "clipboard": (r"\bnavigator\.clipboard\b", r'"clipboard" in navigator|navigator\.clipboard &&'),
    "share": (r"\bnavigator\.share\(", r"typeof navigator\.(?:canShare|share)\b"),
    "databases": (r"\bindexedDB\.databases\(", r"indexedDB\.databases\s*(?:&&|\?)"),
    "BroadcastChannel": (r"\bnew BroadcastChannel\b", r"typeof BroadcastChannel"),
    "AbortController": (r"\bnew AbortController\b", r"typeof AbortController"),
    "streams that unpack": (r"\bnew (?:De)?[Cc]ompressionStream\b", r"typeof (?:De)?[Cc]ompressionStream"),
    "shared memory": (r"\b(?:SharedArrayBuffer|Atomics)\b", r"typeof SharedArrayBuffer"),
    "idle callback": (r"\brequestIdleCallback\(", r'"requestIdleCallback" in'),
    "screen orientation": (r"\bscreen\.orientation\b", r'"orientation" in screen'),
    "notification": (r"\bnew Notification\b|\bNotification\.", r'"Notification" in'),
}


def unasked(source: str, *, secure: bool = False) -> set[str]:
    """What a module uses without a look whether it is there. `secure`: it never runs over plain HTTP."""
    bare = bare_javascript(source)
    questions = {name: (use, ask) for name, (use, ask, _) in LATER.items()}
    if not secure:
        questions |= SOMETIMES
    return {
        name for name, (use, ask) in questions.items() if re.search(use, bare) and not re.search(ask, source)
    }


def browser_modules() -> list[str]:
    return [path for path in files(".js") if "/static/" in path]


def test_modules_ask_before_they_use_what_may_be_missing() -> None:
    paths = browser_modules()
    assert SERVICE_WORKER in paths
    found = {path: unasked(text(path), secure=path == SERVICE_WORKER) for path in paths}
    assert {path: names for path, names in found.items() if names} == {}


def test_shapes_find_what_the_modules_use() -> None:
    """A shape that matched nothing any more, because code is written in another way, would guard nothing."""
    bare = "\n".join(bare_javascript(text(path)) for path in browser_modules())
    used = {name for name, (use, *_) in (LATER | SOMETIMES).items() if re.search(use, bare)}
    expected = {"wakeLock", "BarcodeDetector", "crypto.subtle by a name of its own", "caches", "locks"}
    expected |= {"serviceWorker", "storage manager", "mediaDevices", "BroadcastChannel", "AbortController"}
    assert expected - used == set()


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        ("navigator.wakeLock.request('screen');", {"wakeLock"}),
        ('if ("wakeLock" in navigator) navigator.wakeLock.request("screen");', set()),
        ("// navigator.wakeLock.request", set()),
        ("navigator.serviceWorker.ready;", {"serviceWorker"}),
        ('if (!("serviceWorker" in navigator)) return; navigator.serviceWorker.ready;', set()),
        ("const db = await caches.open('a');", {"caches"}),
        ("const db = typeof caches === 'undefined' ? null : await caches.open('a');", set()),
        ("crypto.subtle.digest(a);", {"crypto.subtle", "crypto.subtle by a name of its own"}),
        ("const subtle = crypt(); if (!subtle) return null; subtle.digest(a);", set()),
        ("element.replaceChildren();", {"replaceChildren"}),
        ("new AbortController()", {"AbortController"}),
        ("navigator.storage.persist();", {"storage manager"}),
    ],
)
def test_unasked_uses_are_recognised(code: str, expected: set[str]) -> None:
    assert unasked(code) == expected


def test_every_later_entry_is_newer_than_the_floor() -> None:
    assert [name for name, (*_, version) in LATER.items() if version <= FLOOR] == []
