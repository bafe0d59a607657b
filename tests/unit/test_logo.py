"""A logo is a small PNG or SVG that does nothing but be looked at; everything else is refused with the reason."""

import io
import struct
import zlib

import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from survey_service.domain.logo import LARGEST, ActivePicture, LogoRefused, LogoTooLarge, NotAPicture, read_logo

NAMESPACE = 'xmlns="http://www.w3.org/2000/svg"'
SVG = f'<svg {NAMESPACE} viewBox="0 0 8 8"><title>Å</title><rect width="8" height="8" fill="#0a4a57"/></svg>'


def png(width: int = 8, height: int = 8) -> bytes:
    picture = io.BytesIO()
    Image.new("RGBA", (width, height), "#0a4a57").save(picture, "PNG")
    return picture.getvalue()


def svg(inside: str, root: str = "") -> bytes:
    return f"<svg {NAMESPACE} {root}>{inside}</svg>".encode()


def test_a_png_is_taken_with_its_own_type_whatever_its_name_was() -> None:
    logo = read_logo(png())
    assert logo.media_type == "image/png"
    assert logo.name.endswith(".png")
    assert logo.content == png()


def test_an_svg_is_taken_with_and_without_a_declaration() -> None:
    for text in (SVG, f'<?xml version="1.0" encoding="UTF-8"?>\n<!-- drawn by hand -->\n{SVG}', f"\ufeff{SVG}"):
        assert read_logo(text.encode()).media_type == "image/svg+xml"


def test_the_same_picture_has_the_same_name_and_another_one_another() -> None:
    assert read_logo(png()).name == read_logo(png()).name != read_logo(png(9)).name


def test_what_a_drawing_program_writes_inside_the_picture_is_taken() -> None:
    inside = (
        '<defs><linearGradient id="g"><stop offset="0" stop-color="#fff"/></linearGradient></defs>'
        "<style>.a{fill:url(#g)}</style>"
        '<path class="a" style="fill:url(#g)" d="M0 0h8"/>'
        '<use xmlns:xlink="http://www.w3.org/1999/xlink" xlink:href="#g"/>'
    )
    assert read_logo(svg(inside)).media_type == "image/svg+xml"


@pytest.mark.parametrize(
    ("inside", "named"),
    [
        ("<script>alert(1)</script>", "<script>"),
        ('<rect onload="alert(1)"/>', "onload"),
        ('<rect ONCLICK="alert(1)"/>', "ONCLICK"),
        ('<a href="https://elsewhere.test"><rect/></a>', "<a>"),
        ('<image href="https://elsewhere.test/x.png"/>', "<image>"),
        ('<use href="https://elsewhere.test/x.svg#a"/>', "href"),
        ('<use href="data:image/svg+xml,x"/>', "href"),
        ("<foreignObject><p/></foreignObject>", "<foreignObject>"),
        ('<animate attributeName="href"/>', "<animate>"),
        ("<style>@import 'https://elsewhere.test/x.css'</style>", "<style>"),
        ("<style>rect{fill:url(https://elsewhere.test/x)}</style>", "<style>"),
        ("<style>rect{fill:u\\72l(//elsewhere.test)}</style>", "<style>"),
        ("<rect style=\"fill:url( 'https://elsewhere.test/x')\"/>", "style"),
        ('<rect fill="url(//elsewhere.test/x#a)"/>', "fill"),
        ('<p xmlns="http://www.w3.org/1999/xhtml"/>', "<p>"),
        ('<x:y xmlns:x="urn:other"/>', "<y>"),
    ],
)
def test_a_picture_that_runs_links_or_fetches_is_refused_by_naming_what_it_holds(inside: str, named: str) -> None:
    with pytest.raises(ActivePicture, match=named):
        read_logo(svg(inside))


@pytest.mark.parametrize(
    "before",
    [
        '<!DOCTYPE svg [<!ENTITY a "aaaa">]>',
        '<!DOCTYPE svg SYSTEM "file:///etc/passwd">',
        '<?xml-stylesheet href="https://elsewhere.test/x.css"?>',
    ],
)
def test_what_stands_before_the_picture_is_refused_before_it_is_read(before: str) -> None:
    with pytest.raises(ActivePicture):
        read_logo(f"{before}{SVG}".encode())


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"GIF89a",
        b"<html></html>",
        b"<svg></svg>",
        b"<svg",
        SVG.encode("utf-16"),
        b"\xff\xd8\xff\xe0JFIF",
        b"\x00" * 100,
        png()[:-5],
        png()[:20],
        png()[:8],
        png() + b"<script>",
        png().replace(b"IDAT", b"IDAX"),
    ],
)
def test_what_is_no_whole_picture_is_refused(content: bytes) -> None:
    with pytest.raises(NotAPicture):
        read_logo(content)


def test_a_picture_of_too_many_bytes_is_refused() -> None:
    with pytest.raises(LogoTooLarge, match=str(LARGEST)):
        read_logo(svg(" " * LARGEST))


def test_a_small_file_that_claims_to_be_huge_is_refused() -> None:
    whole = png()
    head = b"IHDR" + struct.pack(">II", 50_000, 50_000) + whole[24:29]
    with pytest.raises(LogoTooLarge, match="50000"):
        read_logo(whole[:12] + head + zlib.crc32(head).to_bytes(4) + whole[33:])


@given(st.binary(max_size=300))
def test_no_bytes_whatever_do_more_than_be_refused(content: bytes) -> None:
    for begun in (content, png()[:8] + content, b"<svg " + content):
        with pytest.raises(LogoRefused):
            read_logo(begun)
