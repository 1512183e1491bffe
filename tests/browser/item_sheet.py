"""How does every interaction look, side by side? Contact sheets for people to look at.

    python -m tests.browser.item_sheet [folder]      item-sheet/ unless another folder is named

One item of each interaction at 320, 360 and 1280 px, in light and dark and in both scripts: a sheet for each
width, 320.png, 360.png and 1280.png, and print.png with the same items on paper. The items are the first of
their kind that stand in a trial form of the demo world, which is built in a folder of its own.
"""

from __future__ import annotations

import sqlite3
import sys
from base64 import b64encode
from html import escape
from pathlib import Path
from tempfile import TemporaryDirectory
from uuid import UUID

from playwright.sync_api import Page

from tests.browser.devices import Device, open_chromium
from tests.browser.site import Site
from tests.services import find_chromium

WIDTHS = {320: 320, 360: 360, 1280: 640}  # of the window, and of its picture on the sheet
SCRIPTS = {"sr": "Cyrillic", "sr-latn": "Latin"}
THEMES = ("light", "dark")
A4_BETWEEN_MARGINS = 688
# Of each interaction the first item, with a form it stands in and its place there.
ONE_OF_EACH = """
SELECT v.interaction, min(v.ref) AS ref, f.public_id AS form, i.position
FROM exams_itemversion v
JOIN exams_formitem i ON i.version_id = v.id JOIN exams_form f ON f.id = i.form_id
WHERE f.purpose = 'trial' GROUP BY v.interaction ORDER BY v.interaction
"""
STYLE = """
body { margin: 0; padding: 24px; font: 14px system-ui, sans-serif; background: #ddd; }
table { border-spacing: 16px; } th { padding: 0 0 8px; text-align: left; } td { vertical-align: top; }
img { display: block; background: #fff; box-shadow: 0 1px 4px #0006; }
"""

Picture = tuple[str, bytes]  # what it shows, and the PNG


def main(folder: Path) -> list[Path]:
    folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as data, open_chromium(str(find_chromium())) as chromium:
        site = Site(Path(data))
        site.start()
        try:
            site.read_accounts()
            device = Device(chromium, site, phone=False)
            device.sign_in_staff("author")
            items = site.rows(ONE_OF_EACH)
            sheets = [
                (f"{width}.png", shown, [(item, _on_a_screen(device.page, item, width)) for item in items])
                for width, shown in WIDTHS.items()
            ]
            sheets.append(
                ("print.png", A4_BETWEEN_MARGINS, [(item, _on_paper(device.page, item)) for item in items])
            )
            return [_sheet(device.page, folder / name, rows, shown) for name, shown, rows in sheets]
        finally:
            site.stop()


def _on_a_screen(page: Page, item: sqlite3.Row, width: int) -> list[Picture]:
    page.set_viewport_size({"width": width, "height": 640})
    pictures = []
    for theme in THEMES:
        for script, name in SCRIPTS.items():
            address = f"/bank/items/{item['ref']}/phone/"
            page.goto(f"{address}?language={script}&theme={theme}&role=candidate")
            page.locator("[data-preview] .stem").wait_for()
            picture = page.screenshot(full_page=True, animations="disabled")
            pictures.append((f"{theme}, {name}", picture))
    return pictures


def _on_paper(page: Page, item: sqlite3.Row) -> list[Picture]:
    page.set_viewport_size({"width": A4_BETWEEN_MARGINS, "height": 1000})
    page.emulate_media(media="print")
    pictures = []
    for script, name in SCRIPTS.items():
        page.goto(f"/bank/forms/{UUID(item['form'])}/print/?language={script}")
        pictures.append((f"print, {name}", page.locator(f"#item-{item['position']}").screenshot()))
    page.emulate_media(media="screen")
    return pictures


def _sheet(page: Page, path: Path, rows: list[tuple[sqlite3.Row, list[Picture]]], shown: int) -> Path:
    """A row for each interaction; every picture `shown` px wide."""
    written = []
    for item, pictures in rows:
        cells = "".join(
            f'<td><p>{escape(name)}</p><img width="{shown}" src="data:image/png;base64,'
            f'{b64encode(picture).decode()}"></td>'
            for name, picture in pictures
        )
        title = f"{item['interaction']} · {item['ref']}"
        written.append(f'<tr><th colspan="4">{escape(title)}</th></tr><tr>{cells}</tr>')
    page.goto("about:blank")
    across = max(len(pictures) for _, pictures in rows)
    page.set_viewport_size({"width": 64 + across * (shown + 16), "height": 800})
    page.set_content(f"<style>{STYLE}</style><table>{''.join(written)}</table>")
    page.screenshot(path=path, full_page=True)
    return path


if __name__ == "__main__":
    for written in main(Path(sys.argv[1] if len(sys.argv) > 1 else "item-sheet")):
        sys.stdout.write(f"{written}\n")
