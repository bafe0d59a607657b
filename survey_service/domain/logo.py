"""A municipality's logo: a picture that is what it says, is small, and does nothing but be looked at."""

import hashlib
import re
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from xml.etree import ElementTree as ET

LARGEST = 100 * 1024
"""Bytes."""

MOST_PIXELS = 2_000
"""Along either side of a PNG: more is slow to show, and a small file can claim to be huge."""

SVG = "{http://www.w3.org/2000/svg}"
SVG_DRAWS = {
    *("svg", "g", "defs", "title", "desc", "symbol", "use", "style", "clipPath", "mask", "pattern"),
    *("path", "rect", "circle", "ellipse", "line", "polyline", "polygon", "text", "tspan"),
    *("linearGradient", "radialGradient", "stop"),
}
"""The only elements that a logo may hold: shapes, and how they are filled."""

PNG_BEGINS = b"\x89PNG\r\n\x1a\n"


class LogoRefused(ValueError):
    """The file cannot be the logo."""


class LogoTooLarge(LogoRefused):
    """The file has more bytes, or more pixels, than a logo needs."""


class NotAPicture(LogoRefused):
    """The file is neither PNG nor SVG, whatever it is called, or it is damaged."""


class ActivePicture(LogoRefused):
    """The picture holds something that runs, links, or fetches; the message names it."""


@dataclass(frozen=True)
class Logo:
    """A checked picture; `name` is made of its content and its kind, such as `3f0c…e1.svg`."""

    name: str
    media_type: str
    content: bytes


def read_logo(content: bytes) -> Logo:
    """Check an uploaded file. Raises LogoTooLarge, NotAPicture or ActivePicture."""
    if len(content) > LARGEST:
        raise LogoTooLarge(f"{len(content)} bytes, more than {LARGEST}")
    if content.startswith(PNG_BEGINS):
        _check_png(content)
        return _logo(content, "png", "image/png")
    _check_svg(content)
    return _logo(content, "svg", "image/svg+xml")


def _logo(content: bytes, suffix: str, media_type: str) -> Logo:
    return Logo(f"{hashlib.sha256(content).hexdigest()[:24]}.{suffix}", media_type, content)


def _check_png(content: bytes) -> None:
    kinds = [kind for kind, _ in _png_chunks(content)]
    if kinds[:1] != [b"IHDR"] or kinds[-1] != b"IEND" or b"IDAT" not in kinds or b"acTL" in kinds:
        raise NotAPicture("not a whole, still PNG picture")
    width, height = struct.unpack(">II", content[16:24])
    if not 0 < width <= MOST_PIXELS or not 0 < height <= MOST_PIXELS:
        raise LogoTooLarge(f"{width} by {height} pixels, more than {MOST_PIXELS} by {MOST_PIXELS}")


def _png_chunks(content: bytes) -> Iterator[tuple[bytes, bytes]]:
    place = len(PNG_BEGINS)
    while place < len(content):
        head = content[place : place + 8]
        if len(head) < struct.calcsize(">I4s"):
            raise NotAPicture("the picture ends in the middle")
        length, kind = struct.unpack(">I4s", head)
        data, check = content[place + 8 : place + 8 + length], content[place + 8 + length : place + 12 + length]
        if zlib.crc32(kind + data).to_bytes(4) != check:
            raise NotAPicture("the picture is damaged")
        yield kind, data
        place += 12 + length


def _check_svg(content: bytes) -> None:
    try:
        text = content.decode("utf-8-sig")
        # Before it is parsed: a document type can make a parser fetch files, or grow without end.
        if found := re.search(r"<!(?!--)|<\?(?!xml\s)", text):
            raise ActivePicture(text[found.start() : found.start() + 20])
        root = ET.fromstring(text.encode())  # noqa: S314 - it has no document type, so no entities
    except (UnicodeDecodeError, ET.ParseError):
        raise NotAPicture("neither a PNG nor an SVG picture") from None
    if root.tag != f"{SVG}svg":
        raise NotAPicture("an XML file, but not an SVG picture")
    for element in root.iter():
        name = str(element.tag).removeprefix(SVG)
        if name not in SVG_DRAWS:
            raise ActivePicture(f"<{name.rpartition('}')[2]}>")
        if name == "style":
            _check_style("<style>", element.text or "")
        for attribute, value in element.attrib.items():
            _check_attribute(attribute.rpartition("}")[2], value)


def _check_attribute(name: str, value: str) -> None:
    if name.lower().startswith("on"):
        raise ActivePicture(f'{name}="…"')
    if name.lower() == "href" and not value.strip().startswith("#"):
        raise ActivePicture(f'href="{value[:40]}"')
    _check_style(name, value)


def _check_style(where: str, text: str) -> None:
    """Styles may name parts of the picture itself and nothing else."""
    # A backslash can spell any word of a style sheet another way.
    if re.search(r"url\(\s*[\"']?\s*(?!#)|@|\\|expression|javascript:|://", text, re.IGNORECASE):
        raise ActivePicture(f"{where}: {text.strip()[:40]}")
