"""Take the README's picture out of chapter 00: `python -m tools.picture`.

It is Figure 0.2 as the notebook holds it, so that the README shows what a reader gets.
"""

import base64
from pathlib import Path

import nbformat

ROOT = Path(__file__).resolve().parent.parent
CHAPTER = ROOT / "chapters" / "00_the_five_lines.ipynb"
FIGURE = "# Draws Figure 0.2"
PICTURE = ROOT / ".github" / "eight_loops.png"


def picture() -> bytes:
    """The picture below the cell that draws the figure, as PNG."""
    cells = nbformat.read(CHAPTER, as_version=4).cells
    (drawing,) = [cell for cell in cells if cell.source.startswith(FIGURE)]
    shown = [each.data for each in drawing.outputs if "data" in each]
    (data,) = [each["image/png"] for each in shown if "image/png" in each]
    return base64.b64decode(data)


if __name__ == "__main__":
    PICTURE.write_bytes(picture())
