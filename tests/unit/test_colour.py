"""A municipality's colour becomes accents that can be read, or is refused."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey_service.domain.colour import (
    CONTRAST,
    DARK,
    LIGHT,
    Colour,
    NotAColour,
    TooLight,
    accents,
    contrast,
    luminance,
    mixed,
)
from tests.support.project import ROOT

channels = st.integers(0, 255)
colours = st.builds(Colour, channels, channels, channels)


def test_contrast_is_what_the_guidelines_say_for_known_pairs() -> None:
    white, black, grey = Colour.parse("#ffffff"), Colour.parse("#000000"), Colour.parse("#767676")
    assert contrast(white, black) == 21
    assert contrast(white, white) == 1
    assert contrast(white, grey) == pytest.approx(4.54, abs=0.01)
    assert luminance(Colour.parse("#ff0000")) == pytest.approx(0.2126)


@pytest.mark.parametrize("text", ["#0a4a57", "0A4A57", " #0a4a57 ", "#0A4A57"])
def test_a_colour_is_read_in_every_usual_spelling(text: str) -> None:
    assert Colour.parse(text) == Colour(10, 74, 87)
    assert str(Colour.parse(text)) == "#0a4a57"


def test_the_short_form_is_read_too() -> None:
    assert str(Colour.parse("#0a5")) == "#00aa55"


@pytest.mark.parametrize("text", ["", "#", "#12", "#12345", "#1234567", "red", "#gggggg", "#０a4a57", "#0a4a57;}"])
def test_what_is_no_colour_is_refused(text: str) -> None:
    with pytest.raises(NotAColour, match="expected # and six"):
        Colour.parse(text)


def test_a_colour_that_can_be_read_is_used_as_it_is() -> None:
    chosen = Colour.parse("#0a4a57")
    assert accents(chosen).light.colour == chosen


def test_a_colour_of_medium_brightness_is_darkened_on_light_pages_and_lightened_on_dark_ones() -> None:
    chosen = Colour.parse("#c8102e")
    found = accents(chosen)
    assert luminance(found.light.colour) < luminance(chosen) < luminance(found.dark.colour)


@pytest.mark.parametrize("text", ["#ffffff", "#ffff00", "#ffdd00", "#cccccc"])
def test_a_colour_that_would_not_be_recognised_any_more_is_refused(text: str) -> None:
    with pytest.raises(TooLight, match="beyond recognition"):
        accents(Colour.parse(text))


@given(colours)
def test_every_accent_can_be_read_wherever_it_stands(chosen: Colour) -> None:
    try:
        found = accents(chosen)
    except TooLight:
        assert contrast(chosen, LIGHT.surface) < CONTRAST
        return
    for accent, theme in ((found.light, LIGHT), (found.dark, DARK)):
        for on in (theme.ground, theme.surface, accent.tint):
            assert contrast(accent.colour, on) >= CONTRAST
        assert contrast(accent.ink, accent.colour) >= CONTRAST
        assert contrast(theme.ink, accent.tint) >= CONTRAST


@given(colours)
def test_making_a_colour_fit_twice_changes_nothing_more(chosen: Colour) -> None:
    try:
        once = accents(chosen).light.colour
    except TooLight:
        return
    assert accents(once).light.colour == once


@given(colours)
def test_a_colour_is_written_as_it_is_read(colour: Colour) -> None:
    assert Colour.parse(str(colour)) == colour


@given(colours, colours)
def test_contrast_is_the_same_both_ways_and_within_its_bounds(one: Colour, other: Colour) -> None:
    assert contrast(one, other) == contrast(other, one)
    assert 1 <= contrast(one, other) <= 21


def test_a_mixture_of_all_and_nothing_is_the_colour_itself() -> None:
    assert mixed(Colour(1, 2, 3), Colour(9, 9, 9), 1) == Colour(1, 2, 3)
    assert mixed(Colour(1, 2, 3), Colour(9, 9, 9), 0) == Colour(9, 9, 9)


def test_the_grounds_are_those_of_the_style_sheet() -> None:
    sheet = (ROOT / "survey_service/web/shared/static/tokens.css").read_text()
    light, dark = sheet.split("@media", 1)
    for part, theme in ((light, LIGHT), (dark, DARK)):
        for name, colour in (("ground", theme.ground), ("surface", theme.surface), ("ink", theme.ink)):
            (found,) = re.findall(rf"--{name}: (#\w+);", part)
            assert Colour.parse(found) == colour
