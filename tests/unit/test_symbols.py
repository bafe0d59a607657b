"""The drawings that forms can carry: all on one square, of plain shapes, without colours or anything that runs."""

import re
import xml.etree.ElementTree as ET
from pathlib import Path

import pytest

from survey_service.settings import shipped
from survey_service.web.respondent.form_parts import FACES
from survey_service.web.respondent.symbols import NoDrawing, Symbols

FOLDER = shipped("forms") / "symbols"
FILES = sorted(FOLDER.glob("*.svg"))

SHAPES = {"svg", "path", "circle"}
ATTRIBUTES = {"d", "cx", "cy", "r", "class", "stroke-width"}


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_a_drawing_is_small_plain_and_takes_its_colour_from_the_page(file: Path) -> None:
    assert file.stat().st_size < 1000
    root = ET.fromstring(file.read_text(encoding="utf-8"))
    assert root.attrib["viewBox"] == "0 0 48 48"
    assert (root.attrib["stroke"], root.attrib["fill"]) == ("currentColor", "none")
    for part in root.iter():
        assert part.tag.rpartition("}")[2] in SHAPES
        assert part is root or set(part.attrib) <= ATTRIBUTES
        assert part.attrib.get("class", "skin") in {"skin", "ink"}


def test_there_is_a_set_for_school_and_feelings_and_the_faces_of_every_scale() -> None:
    names = {file.stem for file in FILES}
    assert {face for faces in FACES.values() for face in faces} <= names
    assert {"school", "friends", "teacher", "play", "food", "calm", "noise", "help", "yes", "sometimes", "no"} <= names
    assert len(names) > 24


def test_no_two_drawings_are_alike() -> None:
    shapes = {re.sub(r"\s", "", file.read_text()) for file in FILES}
    assert len(shapes) == len(FILES)


def test_drawings_are_put_into_a_page_once_and_only_those_that_are_used() -> None:
    symbols = Symbols(FOLDER)
    inlined = symbols.inlined(["play", "school"])
    assert re.findall(r'<symbol id="([^"]+)"', inlined) == ["play", "school"]
    assert symbols.inlined([]) == ""


def test_a_file_that_is_no_drawing_is_told_by_its_name(tmp_path: Path) -> None:
    (tmp_path / "blob.svg").write_text("<svg></svg>")
    with pytest.raises(NoDrawing, match=r"blob\.svg"):
        Symbols(tmp_path)
