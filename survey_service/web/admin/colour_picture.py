"""A small picture of how pages look in a municipality's colour, on light and on dark."""

from base64 import b64encode

from survey_service.domain.colour import DARK, LIGHT, Accent, Accents, Theme, contrast

WIDTH, HEIGHT = 320, 150


def picture(found: Accents) -> str:
    """The picture as an address that needs no further request."""
    parts = _page(found.light, LIGHT, 0) + _page(found.dark, DARK, WIDTH)
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {2 * WIDTH} {HEIGHT}">{parts}</svg>'
    return data_address(svg.encode(), "image/svg+xml")


def data_address(content: bytes, media_type: str) -> str:
    """A picture as an address that needs no further request."""
    return f"data:{media_type};base64,{b64encode(content).decode('ascii')}"


def ratio(accent: Accent, theme: Theme) -> str:
    """The least contrast of an accent on what pages are made of, as `7.1`."""
    least = min(contrast(accent.colour, on) for on in (theme.ground, theme.surface, accent.tint))
    return f"{int(least * 10) / 10:.1f}"


def _page(accent: Accent, theme: Theme, left: int) -> str:
    text = 'font-family="system-ui,sans-serif" font-size="16"'
    return (
        f'<g transform="translate({left})">'
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="{theme.ground}"/>'
        f'<rect x="16" y="16" width="288" height="118" rx="10" fill="{theme.surface}"/>'
        f'<rect x="32" y="30" width="256" height="36" rx="6" fill="{accent.tint}" '
        f'stroke="{accent.colour}" stroke-width="2"/>'
        f'<circle cx="52" cy="48" r="7" fill="none" stroke="{accent.colour}" stroke-width="4"/>'
        f'<text x="70" y="54" {text} fill="{theme.ink}">Aa Bb Cc</text>'
        f'<rect x="32" y="80" width="120" height="40" rx="10" fill="{accent.colour}"/>'
        f'<text x="92" y="106" text-anchor="middle" {text} font-weight="650" fill="{accent.ink}">Åå Ää</text>'
        f'<text x="172" y="106" {text} text-decoration="underline" fill="{accent.colour}">Öö Éé</text></g>'
    )
