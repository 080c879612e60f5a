"""Whatever colour a company chooses, everybody can read what is written in it."""

import pytest
from hypothesis import given, strategies as st

from tenancy.services.branding import style_sheet
from tenancy.services.contrast import (
    DARK_GROUNDS,
    ENOUGH,
    LIGHT_GROUNDS,
    channels,
    contrast,
    dark_palette,
    light_palette,
    luminance,
    written,
)

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
GOLD = "#f2c879"


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [
        ("#000000", "#ffffff", 21.0),
        ("#ffffff", "#ffffff", 1.0),
        ("#777777", "#ffffff", 4.48),  # the grey just too light
        ("#767676", "#ffffff", 4.54),
        ("#0c6955", "#ffffff", 6.62),
    ],
)
def test_contrast_is_that_of_the_guidelines(one: str, other: str, ratio: float) -> None:
    assert contrast(one, other) == contrast(other, one) == pytest.approx(ratio, abs=0.01)


@pytest.mark.parametrize("text", ["", "#fff", "red", "#GGGGGG", "#0C6955", "0c6955", "#0c69555"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="not a colour"):
        channels(text)


@given(colours)
def test_a_colour_is_written_as_it_was_read(colour: str) -> None:
    assert written(channels(colour)) == colour
    assert 0 <= luminance(colour) <= 1


@given(colours)
def test_every_colour_can_be_read_in_light(colour: str) -> None:
    made = light_palette(colour)
    for ground in (*LIGHT_GROUNDS, made.brand_soft):
        assert contrast(made.brand, ground) >= ENOUGH
        assert contrast(made.brand_strong, ground) >= ENOUGH
    assert contrast(made.brand_ink, made.brand) >= ENOUGH
    assert contrast(made.brand_ink, made.brand_strong) >= ENOUGH
    for rail in (made.rail, made.rail_hover):
        assert contrast(made.rail_ink, rail) >= ENOUGH
    assert contrast(GOLD, made.rail) >= ENOUGH


@given(colours)
def test_every_colour_can_be_read_in_the_dark(colour: str) -> None:
    made = dark_palette(colour)
    for ground in (*DARK_GROUNDS, made.brand_soft):
        assert contrast(made.brand, ground) >= ENOUGH
        assert contrast(made.brand_strong, ground) >= ENOUGH
    assert contrast(made.brand_ink, made.brand) >= ENOUGH
    assert contrast(made.brand_ink, made.brand_strong) >= ENOUGH
    for rail in (made.rail, made.rail_hover):
        assert contrast(made.rail_ink, rail) >= ENOUGH
    assert contrast(GOLD, made.rail) >= ENOUGH


def test_a_colour_that_can_be_read_stays_as_it_is() -> None:
    assert light_palette("#0c6955").brand == "#0c6955"
    assert light_palette("#ffff00").brand != "#ffff00"


def test_the_style_sheet_has_both_themes_and_nothing_else() -> None:
    text = style_sheet("#7a2e8e")
    assert text.count("--brand: ") == 2
    assert text.startswith("@layer tokens {")
    assert style_sheet("") == ""
