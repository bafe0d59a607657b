"""QR codes that readers can read."""

import xml.etree.ElementTree as ET

import pytest
import zxingcpp
from PIL import Image, ImageDraw

from survey_service.outputs.qr_code import qr_svg

PIXELS = 4


def drawn(svg: str) -> Image.Image:
    """The picture that the SVG describes, from its own path commands."""
    root = ET.fromstring(svg)
    size = int(root.attrib["viewBox"].split()[2])
    image = Image.new("L", (size * PIXELS, size * PIXELS), "white")
    pen = ImageDraw.Draw(image)
    for run in root[2].attrib["d"].split("M")[1:]:
        left, rest = run.split(" ", 1)
        top, rest = rest.split("h", 1)
        x, y, width = int(left), int(top), int(rest.split("v")[0])
        pen.rectangle([x * PIXELS, y * PIXELS, (x + width) * PIXELS - 1, (y + 1) * PIXELS - 1], "black")
    return image


@pytest.mark.parametrize(
    "address", ["http://127.0.0.1:8000/s/GR7C9AXF9PMN", "https://enkat.kommun.example/s/0123456789AB", "å" * 40]
)
def test_a_reader_finds_the_address_in_the_picture(address: str) -> None:
    found = zxingcpp.read_barcodes(drawn(qr_svg(address, "Code")))

    assert [code.text for code in found] == [address]


def test_the_title_cannot_break_out_of_the_picture() -> None:
    svg = qr_svg("x", '<script>&"')

    assert ET.fromstring(svg)[0].text == '<script>&"'


def test_a_code_for_a_link_is_small() -> None:
    assert len(qr_svg("http://127.0.0.1:8000/s/GR7C9AXF9PMN", "Code")) < 8_000
