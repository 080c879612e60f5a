"""QR codes, as paths for a page and as pictures for a chat."""

import io

from PIL import Image
from qrcode.constants import ERROR_CORRECT_M  # type: ignore[import-untyped]
from qrcode.main import QRCode  # type: ignore[import-untyped]

# Readers take any of the eight masks; to try them all takes four times as long, and a building
# has hundreds of slips.
MASK = 3
QUIET = 4  # modules of white round a code, without which readers do not find it
PIXELS = 16  # of one module in a picture


def modules_of(text: str, *, mask: int | None = MASK) -> list[list[bool]]:
    """The squares of a code, row by row."""
    code = QRCode(error_correction=ERROR_CORRECT_M, border=0, mask_pattern=mask)
    code.add_data(text)
    code.make(fit=True)
    return [[bool(square) for square in row] for row in code.modules]


def drawn(text: str) -> tuple[int, str]:
    """A code for an SVG: how wide its box is, and the path of the dark squares."""
    rows = modules_of(text)
    path = []
    for y, row in enumerate(rows, start=QUIET):
        start = None
        for x, dark in enumerate([*row, False], start=QUIET):
            if dark and start is None:
                start = x
            elif not dark and start is not None:
                path.append(f"M{start} {y}h{x - start}v1h{start - x}z")
                start = None
    return len(rows) + 2 * QUIET, "".join(path)


def pictured(text: str) -> bytes:
    """A code as a PNG, for a group chat."""
    rows = modules_of(text, mask=None)
    side = len(rows) + 2 * QUIET
    picture = Image.new("1", (side, side), 1)
    for y, row in enumerate(rows, start=QUIET):
        for x, dark in enumerate(row, start=QUIET):
            if dark:
                picture.putpixel((x, y), 0)
    to = io.BytesIO()
    picture.resize((side * PIXELS, side * PIXELS)).save(to, "PNG", optimize=True)
    return to.getvalue()
