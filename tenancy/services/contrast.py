"""A company's own colour, made readable: what is shown keeps 4.5 : 1 on whatever lies behind it.

The formulas are those of the Web Content Accessibility Guidelines 2.2. Nothing here knows of
companies, files or requests.
"""

import colorsys
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass

ENOUGH = 4.5
A_LITTLE_MORE = 4.6  # what is aimed at, so that rounding to whole bytes loses nothing
STEPS = 200
HEX = re.compile(r"#[0-9a-f]{6}")
WHITE = "#ffffff"
# The grounds of `static/css/tokens.css` on which the strong colour is written.
LIGHT_GROUNDS = ("#ffffff", "#f2f5f3", "#e8eeeb")
DARK_GROUNDS = ("#0d1513", "#15201d", "#1d2b27")
DARK_INK = "#0b1412"

Rgb = tuple[float, float, float]


@dataclass(frozen=True, slots=True)
class Palette:
    """What is made of one colour for one theme; the names are those of the tokens."""

    brand: str
    brand_strong: str
    brand_ink: str
    brand_soft: str
    rail: str
    rail_ink: str
    rail_hover: str
    rail_line: str


def light_palette(colour: str) -> Palette:
    """The colour as it is shown on white: as chosen where that can be read, else darker."""
    soft = mixed(colour, WHITE, 0.12)
    brand = readable(colour, (*LIGHT_GROUNDS, soft), darker)
    strong = readable(mixed(brand, "#000000", 0.78), (*LIGHT_GROUNDS, soft), darker)
    rail = readable(mixed(colour, "#0a110f", 0.55), ("#d6e6df", "#f2c879"), darker)
    hover = readable(mixed(colour, "#0a110f", 0.68), ("#e4f0ea",), darker)
    return Palette(brand, strong, WHITE, soft, rail, "#e4f0ea", hover, mixed(rail, WHITE, 0.82))


def dark_palette(colour: str) -> Palette:
    """The colour as it is shown on a dark ground: lighter until it can be read."""
    soft = mixed(colour, DARK_GROUNDS[1], 0.22)
    brand = readable(colour, (*DARK_GROUNDS, soft, DARK_INK), lighter)
    strong = readable(mixed(brand, WHITE, 0.7), (*DARK_GROUNDS, soft), lighter)
    rail = mixed(colour, "#0a110f", 0.1)
    rail = readable(rail, ("#c3d4cd", "#f2c879"), darker)
    hover = readable(mixed(colour, "#0a110f", 0.2), ("#c3d4cd",), darker)
    return Palette(brand, strong, DARK_INK, soft, rail, "#c3d4cd", hover, mixed(rail, WHITE, 0.86))


def contrast(one: str, other: str) -> float:
    """How well one colour can be read on the other: 1 (not at all) to 21."""
    high, low = sorted((luminance(one), luminance(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def luminance(colour: str) -> float:
    """How bright a colour is to the eye: 0 to 1."""
    red, green, blue = (linear(channel) for channel in channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def readable(colour: str, grounds: tuple[str, ...], way: Callable[[str], Iterator[str]]) -> str:
    """The first shade on the way from a colour that can be read on all of these grounds."""
    for shade in way(colour):
        if all(contrast(shade, ground) >= A_LITTLE_MORE for ground in grounds):
            return shade
    return shade


def darker(colour: str) -> Iterator[str]:
    """The colour, and then less and less light of the same hue, down to black."""
    return _shades(colour, lambda light, part: light * (1 - part))


def lighter(colour: str) -> Iterator[str]:
    """The colour, and then more and more light of the same hue, up to white."""
    return _shades(colour, lambda light, part: light + (1 - light) * part)


def _shades(colour: str, light_at: Callable[[float, float], float]) -> Iterator[str]:
    hue, light, saturation = colorsys.rgb_to_hls(*channels(colour))
    yield colour
    for step in range(1, STEPS + 1):
        yield written(colorsys.hls_to_rgb(hue, light_at(light, step / STEPS), saturation))


def mixed(one: str, other: str, part: float) -> str:
    """So much of one colour, and the rest of the other."""
    pairs = zip(channels(one), channels(other), strict=True)
    red, green, blue = (mine * part + theirs * (1 - part) for mine, theirs in pairs)
    return written((red, green, blue))


def channels(colour: str) -> Rgb:
    """Red, green and blue of #rrggbb, 0 to 1 each. Raises ValueError for anything else."""
    if not HEX.fullmatch(colour):
        raise ValueError(f"not a colour: {colour!r}")
    red, green, blue = (int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5))
    return red, green, blue


def written(channels: Rgb) -> str:
    """#rrggbb."""
    return "#" + "".join(f"{round(min(max(each, 0), 1) * 255):02x}" for each in channels)
