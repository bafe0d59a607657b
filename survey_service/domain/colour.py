"""A municipality's colour made fit to read: accents that reach the contrast on light and dark pages, or a refusal."""

import re
from dataclasses import dataclass
from typing import NamedTuple

CONTRAST = 7.0
"""What text needs on its ground (WCAG 2.2, 1.4.6), as a ratio of 1–21."""

LEAST_KEPT = 0.4
"""A colour of which less than this share is left after darkening is no longer the one that was chosen."""


class NotAColour(ValueError):
    """What was given is no hexadecimal colour such as #0a4a57."""


class TooLight(ValueError):
    """The colour would have to be darkened beyond recognition to be read on a light page."""


class Colour(NamedTuple):
    """A colour in sRGB, each channel 0–255."""

    red: int
    green: int
    blue: int

    @classmethod
    def parse(cls, text: str) -> "Colour":
        """Read `#0a4a57`, `0A4A57` or the short form `#0a5`. Raises NotAColour."""
        digits = text.strip().removeprefix("#")
        if not re.fullmatch(r"[0-9a-fA-F]{3}|[0-9a-fA-F]{6}", digits, re.ASCII):
            raise NotAColour(f"{text!r} is not a colour: expected # and six hexadecimal digits, such as #0a4a57")
        if len(digits) == len("0a5"):
            digits = "".join(2 * digit for digit in digits)
        return cls(*bytes.fromhex(digits))

    def __str__(self) -> str:
        return f"#{bytes(self).hex()}"


@dataclass(frozen=True)
class Theme:
    """The colours of a page that an accent must be read on: what pages stand on, and what cards are made of."""

    ground: Colour
    surface: Colour
    towards: Colour
    """Where a colour goes that must stand out more: to black on a light page, to white on a dark one."""
    tint_share: float
    """How much of the accent is in the tint of chosen options and notices."""
    ink: Colour


WHITE, BLACK = Colour(255, 255, 255), Colour(0, 0, 0)

# The same as in the design tokens of the style sheet.
LIGHT = Theme(Colour.parse("#f6f3ec"), Colour.parse("#ffffff"), BLACK, 0.09, Colour.parse("#16242c"))
DARK = Theme(Colour.parse("#10191e"), Colour.parse("#18242b"), WHITE, 0.14, Colour.parse("#f1f4f3"))


@dataclass(frozen=True)
class Accent:
    """An accent for one theme, what is written on it, and the tint that goes with it."""

    colour: Colour
    ink: Colour
    tint: Colour


@dataclass(frozen=True)
class Accents:
    """A municipality's colour as chosen, and what became of it on light and on dark pages."""

    chosen: Colour
    light: Accent
    dark: Accent


def luminance(colour: Colour) -> float:
    """Relative luminance as WCAG defines it, 0 (black) to 1 (white)."""
    channels = (value / 255 for value in colour)
    red, green, blue = (value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4 for value in channels)  # noqa: PLR2004 - the constants of the definition
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours as WCAG defines it, 1 to 21."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def mixed(colour: Colour, other: Colour, share: float) -> Colour:
    """`share` (0–1) of a colour, and the rest of another."""
    return Colour(*(round(mine * share + theirs * (1 - share)) for mine, theirs in zip(colour, other, strict=True)))


def accents(chosen: Colour) -> Accents:
    """Accents as near to the chosen colour as the contrast allows. Raises TooLight."""
    return Accents(chosen, _accent(chosen, LIGHT, LEAST_KEPT), _accent(chosen, DARK, 0))


def _accent(chosen: Colour, theme: Theme, least_kept: float) -> Accent:
    kept = 1.0
    while kept >= least_kept:
        colour = mixed(chosen, theme.towards, kept)
        accent = Accent(colour, _written_on(theme), mixed(colour, theme.surface, theme.tint_share))
        if _is_readable(accent, theme):
            return accent
        kept -= 0.01
    raise TooLight(f"{chosen} would have to be darkened beyond recognition to reach {CONTRAST:g}:1 on a light page")


def _written_on(theme: Theme) -> Colour:
    """The page's own colour that is furthest from its accents."""
    return max((theme.ground, theme.surface), key=lambda colour: contrast(colour, theme.ink))


def _is_readable(accent: Accent, theme: Theme) -> bool:
    pairs = [(accent.colour, on) for on in (theme.ground, theme.surface, accent.tint)]
    pairs += [(accent.ink, accent.colour), (theme.ink, accent.tint)]
    return all(contrast(text, on) >= CONTRAST for text, on in pairs)
