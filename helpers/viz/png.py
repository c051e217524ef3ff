"""A drawn figure as the bytes of a PNG, the same bytes at every run.

No date, version or author is written: equal pictures have equal bytes on a machine.
"""

import io
import struct
import zlib

import numpy as np
from matplotlib.backends.backend_agg import FigureCanvasAgg
from PIL import Image, ImageChops

# The largest difference, of 255, that a colour may take when a picture is reduced to
# 256 colours. Below it, nobody sees the difference; lines and text stay far below it.
UNSEEN = 8


def quick_png(figure) -> bytes:
    """Draw a matplotlib figure and encode it fast, to be replaced in a moment.

    A third of the usual time: Pillow tries five filters on every row of pixels, and
    for lines on white no filter at all is nearly as small. Source: Portable Network
    Graphics, W3C, section 11.

    >>> from matplotlib.figure import Figure
    >>> quick_png(Figure(figsize=(1, 1)))[:4]
    b'\x89PNG'
    """
    pixels = np.asarray(_pixels(figure))
    height, width, colors = pixels.shape
    rows = np.zeros((height, 1 + width * colors), np.uint8)  # first in a row: no filter
    rows[:, 1:] = pixels.reshape(height, -1)
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)  # 8 bits, RGB
    chunks = {b"IHDR": header, b"IDAT": zlib.compress(rows, level=1), b"IEND": b""}
    return b"\x89PNG\r\n\x1a\n" + b"".join(map(_chunk, chunks, chunks.values()))


def _chunk(name: bytes, data: bytes) -> bytes:
    size, check = len(data), zlib.crc32(name + data)
    return struct.pack(">I", size) + name + data + struct.pack(">I", check)


def small_png(figure) -> bytes:
    """Draw a matplotlib figure and encode it small, to be kept in a notebook.

    A palette of 256 colours makes a picture of lines and text less than half as
    large. A picture that needs more colours keeps them all.

    >>> from matplotlib.figure import Figure
    >>> figure = Figure(figsize=(1, 1))
    >>> small_png(figure) == small_png(figure)
    True
    """
    pixels = _pixels(figure)
    reduced = pixels.quantize(256, method=Image.Quantize.MAXCOVERAGE, dither=0)
    difference = ImageChops.difference(pixels, reduced.convert("RGB"))
    largest = max(high for _, high in difference.getextrema())
    stream = io.BytesIO()
    kept = reduced if largest <= UNSEEN else pixels
    kept.save(stream, format="png", compress_level=9)
    return stream.getvalue()


def _pixels(figure) -> Image.Image:
    kept = isinstance(figure.canvas, FigureCanvasAgg)  # it has measured many words
    canvas = figure.canvas if kept else FigureCanvasAgg(figure)
    canvas.draw()
    size = canvas.get_width_height()
    picture = Image.frombuffer("RGBA", size, canvas.buffer_rgba(), "raw", "RGBA", 0, 1)
    return picture.convert("RGB")
