"""Draws docs/house.svg from the plan of the house, tests/house.py: the drawing cannot say anything else than what is checked.

scripts/drawing.py           write docs/house.svg
scripts/drawing.py --check   only compare; tests/test_docs.py does
"""

import sys
from html import escape
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from tests import house

TARGET = ROOT / "docs" / "house.svg"
# Said of each floor; which floors there are, and their order, is the plan's.
FLOORS = {
    "evaluation": "grids, interests, assignments, marks, ranking, committee, letters",
    "applications": "calls, associations, dossiers, eligibility, deposit, admissibility",
    "clusters_portal": "settings, accounts, journal, notifications, operations, helpers",
}
WIDTH, LEFT, ROW, GAP = 960, 30, 30, 26
INK, SOFT, LINE, GREEN, WASH = "#1b2430", "#4a5560", "#c3c9c2", "#0b6b3a", "#f6f7f5"


class Sheet:
    """Lines of SVG from top to bottom; `y` is where the next thing goes."""

    def __init__(self):
        self.lines, self.y = [], 20

    def box(self, x, width, height, *, fill="#ffffff", stroke=LINE):
        self.lines.append(f'<rect x="{x}" y="{self.y}" width="{width}" height="{height}" rx="4" fill="{fill}" stroke="{stroke}"/>')

    def text(self, x, words, *, size=14, weight=400, colour=INK, down=20, anchor="start"):
        style = f'font-size="{size}" font-weight="{weight}" fill="{colour}" text-anchor="{anchor}"'
        self.lines.append(f'<text x="{x}" y="{self.y + down}" {style}>{escape(words)}</text>')

    def arrow(self, words):
        """Imports go this way."""
        self.lines.append(f'<path d="M480 {self.y}v{GAP - 6}m-6 -6l6 6l6 -6" fill="none" stroke="{GREEN}" stroke-width="2"/>')
        self.text(496, words, size=13, colour=GREEN, down=17)
        self.y += GAP


def drawing() -> str:
    sheet = Sheet()
    order = sorted(house.FLOOR, key=house.FLOOR.get, reverse=True)
    for position, app in enumerate(order):
        sheet.box(LEFT, WIDTH - 2 * LEFT, 56, fill=WASH)
        sheet.text(LEFT + 16, f"{app}/", size=17, weight=600, down=24)
        sheet.text(LEFT + 16, FLOORS[app], colour=SOFT, down=44)
        sheet.y += 56
        if position < len(order) - 1:
            sheet.arrow("imports, never the other way")
    sheet.y += 34
    top = sheet.y
    _column(sheet, LEFT, 430, "Inside applications/ and evaluation/, top to bottom", house.LAYERS)
    bottom, sheet.y = sheet.y, top
    _ground(sheet, LEFT + 460, 440)
    sheet.y = max(bottom, sheet.y) + 16
    return _whole(sheet)


def _column(sheet, x, width, title, layers):
    sheet.text(x, title, weight=600, down=0)
    sheet.y += 14
    for names in layers:
        sheet.box(x, width, ROW)
        sheet.text(x + 12, ", ".join(sorted(names)))
        sheet.y += ROW + 6


def _ground(sheet, x, width):
    """Each area of the ground with what it may know, the most modest at the bottom."""
    sheet.text(x, "Inside clusters_portal/, who may import whom", weight=600, down=0)
    sheet.y += 14
    for area, known in sorted(house.GROUND.items(), key=lambda row: (-len(row[1]), row[0])):
        sheet.box(x, width, ROW)
        sheet.text(x + 12, area, weight=600)
        sheet.text(x + width - 12, f"knows {', '.join(sorted(known))}" if known else "knows nobody", colour=SOFT, anchor="end")
        sheet.y += ROW + 6


def _whole(sheet) -> str:
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {sheet.y}" role="img" font-family="system-ui, sans-serif">'
    title = "<title>Three floors whose imports run down, and the layers inside them</title>"
    ground = f'<rect width="{WIDTH}" height="{sheet.y}" fill="#ffffff"/>'
    return "\n".join([head, title, ground, *sheet.lines, "</svg>", ""])


if __name__ == "__main__":
    if "--check" not in sys.argv:
        TARGET.write_text(drawing(), encoding="utf-8")
        print(f"{TARGET.relative_to(ROOT)} written.")
    elif TARGET.read_text(encoding="utf-8") != drawing():
        raise SystemExit("docs/house.svg is not what tests/house.py says: run scripts/drawing.py.")
