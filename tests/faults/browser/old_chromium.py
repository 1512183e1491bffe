"""Where does a Chromium of the winter of 2020 come from, and how is it driven?

The npm package below carries Chromium 80 for Linux on x86-64, the oldest that the player is made for. It
is fetched once, when a test first asks for it, and kept in the virtual environment. Playwright speaks only
to browsers of its own day; this one is driven by messages of the DevTools protocol.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import brotli
from websockets.sync.client import ClientConnection, connect

from tests.services import ServiceMissing

PACKAGE = "chrome-aws-lambda@2.1.1"
SHA256 = "94f8953cd47c3fbd9d0ba8f50d2e5aa4e8136ca52b37e2babcc12e43018ade77"
VERSION = "80.0.3987"
KEPT = Path(sys.prefix) / "old-chromium"
_ARGUMENTS = ("--headless", "--disable-gpu", "--disable-dev-shm-usage", "--remote-debugging-port=0")
START_SECONDS = 30.0


def find_old_chromium() -> Path:
    """Its program, fetched where it is not here yet."""
    program = KEPT / VERSION / "headless_shell"
    if program.exists():
        return program
    npm = shutil.which("npm")
    if npm is None:
        raise ServiceMissing(f"no npm to fetch {PACKAGE} with, which has the Chromium of 2020 in it")
    with tempfile.TemporaryDirectory() as folder:
        subprocess.run([npm, "pack", "--silent", PACKAGE], cwd=folder, check=True, stdout=subprocess.DEVNULL)
        (archive,) = Path(folder).glob("*.tgz")
        if hashlib.sha256(archive.read_bytes()).hexdigest() != SHA256:
            raise ServiceMissing(f"{PACKAGE} is not the package that was looked at once: its hash differs")
        with tarfile.open(archive) as package:
            member = package.extractfile("package/bin/chromium.br")
            assert member is not None
            content = brotli.decompress(member.read())
    program.parent.mkdir(parents=True, exist_ok=True)
    part = program.with_suffix(".part")
    part.write_bytes(content)
    part.chmod(0o755)
    part.rename(program)
    return program


@contextmanager
def old_page(program: Path, *, width: int = 360, height: int = 640) -> Iterator[OldPage]:
    """A tab of a fresh profile, as wide as a phone and to be tapped."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        sandbox = ["--no-sandbox"] if os.getuid() == 0 else []
        command = [program, *_ARGUMENTS, *sandbox, f"--user-data-dir={profile}", "about:blank"]
        process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        try:
            with connect(_address(process), max_size=None, compression=None) as socket:
                yield OldPage(socket, width, height)
        finally:
            process.terminate()
            process.communicate(timeout=20)


def _address(process: subprocess.Popen[str]) -> str:
    """Of the one tab's debugger."""
    assert process.stderr is not None
    for line in process.stderr:
        if found := re.search(r"ws://(127\.0\.0\.1:\d+)/", line):
            break
    else:
        raise RuntimeError("the old Chromium did not start")
    until = time.monotonic() + START_SECONDS
    while time.monotonic() < until:
        with urllib.request.urlopen(f"http://{found[1]}/json", timeout=10) as reply:
            for target in json.load(reply):
                if target["type"] == "page":
                    return str(target["webSocketDebuggerUrl"])
        time.sleep(0.1)
    raise RuntimeError("the old Chromium opened no tab")


class OldPage:
    """`complaints`: scripts that failed, and what the console was told as an error, network aside."""

    def __init__(self, socket: ClientConnection, width: int, height: int) -> None:
        self._socket = socket
        self._asked = 0
        self.complaints: list[str] = []
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.send(f"{domain}.enable")
        screen = {"width": width, "height": height, "deviceScaleFactor": 2, "mobile": True}
        self.send("Emulation.setDeviceMetricsOverride", **screen)
        self.send("Emulation.setTouchEmulationEnabled", enabled=True)

    def send(self, method: str, **parameters: Any) -> dict[str, Any]:
        """What the browser replies; raises RuntimeError with its error."""
        self._asked += 1
        self._socket.send(json.dumps({"id": self._asked, "method": method, "params": parameters}))
        while True:
            heard = json.loads(self._socket.recv(timeout=60))
            if heard.get("id") == self._asked:
                if "error" in heard:
                    raise RuntimeError(f"{method}: {heard['error']}")
                return dict(heard["result"])
            self._note(heard)

    def _note(self, heard: dict[str, Any]) -> None:
        if heard.get("method") == "Runtime.exceptionThrown":
            details = heard["params"]["exceptionDetails"]
            self.complaints.append(str(details.get("exception", {}).get("description") or details["text"]))
        if heard.get("method") == "Log.entryAdded":
            entry = heard["params"]["entry"]
            if entry["level"] == "error" and entry["source"] != "network":
                self.complaints.append(str(entry["text"]))

    def evaluate(self, expression: str) -> Any:
        """The value of an expression, awaited."""
        reply = self.send("Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True)
        if "exceptionDetails" in reply:
            raise RuntimeError(f"{expression}: {reply['exceptionDetails']}")
        return reply["result"].get("value")

    def wait_for(self, expression: str, *, seconds: float = 30.0) -> Any:
        """Until it is truthy. A page that is just loading is asked again."""
        until = time.monotonic() + seconds
        found: Any = None
        while time.monotonic() < until:
            try:
                if found := self.evaluate(expression):
                    return found
            except RuntimeError as error:
                found = error
            time.sleep(0.1)
        raise AssertionError(f"not within {seconds} s: {expression} (last: {found})\n{self.text()}")

    def goto(self, address: str) -> None:
        self.send("Page.navigate", url=address)

    def reload(self) -> None:
        self.evaluate("window.leaving = true")
        self.send("Page.reload")
        self.wait_for("!window.leaving && document.readyState === 'complete'")

    def tap(self, selector: str) -> None:
        """A finger on the middle of it, on whatever lies on top there."""
        found = json.dumps(selector)
        self.wait_for(f"(document.querySelector({found}) || {{}}).offsetParent !== undefined")
        self.evaluate(f"document.querySelector({found}).scrollIntoView({{ block: 'center' }})")
        box = self.evaluate(f"JSON.stringify(document.querySelector({found}).getBoundingClientRect())")
        place = json.loads(box)
        x, y = place["left"] + place["width"] / 2, place["top"] + place["height"] / 2
        for kind in ("mousePressed", "mouseReleased"):
            self.send("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    def type(self, selector: str, text: str) -> None:
        self.tap(selector)
        for sign in text:
            self.send("Input.dispatchKeyEvent", type="keyDown", text=sign)
            self.send("Input.dispatchKeyEvent", type="keyUp")

    def text(self) -> str:
        return str(self.evaluate("document.body ? document.body.innerText : ''"))

    def photograph(self, path: Path) -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(base64.b64decode(self.send("Page.captureScreenshot")["data"]))
