"""What stands on the pages of a PDF, read out of the file."""

import base64
import re
import zlib
from collections.abc import Iterator

STREAM = re.compile(rb"/Length \d+\s*>>\s*stream\r?\n(.*?)endstream", re.DOTALL)
# A face is chosen, or something is written with it.
STEP = re.compile(rb"/(F\d+) [\d.]+ Tf|\(((?:\\.|[^\\()])*)\) Tj", re.DOTALL)
ESCAPED = re.compile(rb"\\([0-7]{3}|.)", re.DOTALL)
LETTERS = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f"}
# The library's names for the faces that write two bytes for each character.
WIDE = re.compile(rb"/Encoding /Uni\w+-UCS2-H /Name /(F\d+)")


def pages_of(content: bytes) -> list[str]:
    """The words of each page, in the order in which they were written."""
    wide = set(WIDE.findall(content))
    found = []
    for stream in STREAM.findall(content):
        drawn = zlib.decompress(base64.a85decode(stream.strip(), adobe=True))
        found.append("".join(written(drawn, wide)))
    return found


def written(drawn: bytes, wide: set[bytes]) -> Iterator[str]:
    codec = "cp1252"
    for face, text in STEP.findall(drawn):
        if face:
            codec = "utf-16-be" if face in wide else "cp1252"
        else:
            yield ESCAPED.sub(meant, text).decode(codec)


def meant(escaped: re.Match[bytes]) -> bytes:
    sign = escaped[1]
    return bytes([int(sign, 8)]) if sign.isdigit() else LETTERS.get(sign, sign)


def said_by(content: bytes) -> str:
    """All of it, without spaces: where a line ends is not what is said."""
    return "".join("".join(pages_of(content)).split())
