"""Pictures as people send them: turned upright, and what can be wrong with one."""

import struct
from typing import Any

from PIL import Image, UnidentifiedImageError

# Pillow has no one exception for a file that is broken or lies about itself.
BROKEN = (
    UnidentifiedImageError,
    OSError,
    ValueError,
    SyntaxError,
    struct.error,
    Image.DecompressionBombError,
)
ORIENTATION = 0x0112  # in Exif: how the telephone was held
TURNS = {
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def upright(image: Any) -> Any:
    """The picture as it was meant to be seen.

    Pillow's own `exif_transpose` writes all else that Exif says anew, of which nothing is kept
    here, and fails where one of these values is of a kind it does not expect.
    """
    image.load()
    turn = TURNS.get(image.getexif().get(ORIENTATION))
    return image if turn is None else image.transpose(turn)
