"""The municipality's face: its logo from our own address, its colour in a style sheet that the policy allows."""

import base64
import hashlib
import re

import pytest
from flask import Flask

from survey_service.domain.logo import read_logo
from survey_service.domain.municipality import Face
from survey_service.services.change_settings import change_face
from tests.support.logos import SVG, png
from tests.support.pages import Page
from tests.support.scenario import Scenario
from tests.support.visitor import Visitor


def dressed(scenario: Scenario, face: Face, picture: bytes | None = None) -> Flask:
    """The application of a process that starts after this face was set."""
    change_face(scenario.database, 0, face, read_logo(picture) if picture else None)
    return scenario.app


def pages_of(scenario: Scenario) -> list[tuple[str, int]]:
    pupil = scenario.code("pupils", "4A")
    return [
        ("/", 200),
        (f"/s/{pupil}", 200),
        (f"/s/{pupil}/thanks", 200),
        ("/about", 200),
        ("/x", 404),
        ("/s/ABC", 404),
    ]


def test_without_settings_every_page_has_our_own_face(on_file: Scenario, reader: Visitor) -> None:
    for path, status in pages_of(on_file):
        page = reader.page(path, status=status)
        assert not [picture for picture in page.attributes("img") if "logo" in picture.get("class", "")]
        assert [drawing for drawing in page.attributes("svg") if drawing.get("class") == "mark"]


@pytest.mark.parametrize(("picture", "media_type"), [(SVG, "image/svg+xml"), (png(), "image/png")])
def test_the_logo_is_on_every_page_and_comes_from_us_to_be_kept_for_a_year(
    on_file: Scenario, picture: bytes, media_type: str
) -> None:
    visitor = Visitor(dressed(on_file, Face(), picture))
    for path, status in pages_of(on_file):
        (shown,) = (item for item in visitor.page(path, status=status).attributes("img") if item.get("class") == "logo")
        assert shown["alt"] == ""
        reply = visitor.fetch(shown["src"])
        assert reply.data == picture
        assert reply.mimetype == media_type
        assert "immutable" in reply.headers["Cache-Control"]
        assert "default-src 'none'" in reply.headers["Content-Security-Policy"]


@pytest.mark.parametrize("name", ["x", "x.svg", "..%2f..%2fetc", "%00", "å", "x" * 3000])
def test_a_logo_that_is_not_shown_is_not_found(on_file: Scenario, name: str) -> None:
    Visitor(dressed(on_file, Face(), SVG)).fetch(f"/logo/{name}", status=404)


def test_a_logo_that_was_away_for_a_while_is_shown_when_it_is_back(on_file: Scenario) -> None:
    picture = read_logo(SVG)
    visitor = Visitor(dressed(on_file, Face(), SVG))
    visitor.fetch("/")
    change_face(on_file.database, 1, Face())
    visitor.fetch(f"/logo/{picture.name}", status=404)
    change_face(on_file.database, 2, Face(), picture)
    visitor.fetch(f"/logo/{picture.name}")


def test_a_colour_is_in_the_style_sheet_of_every_page_and_the_policy_allows_exactly_that(on_file: Scenario) -> None:
    visitor = Visitor(dressed(on_file, Face(colour="#c8102e")))
    for path, status in pages_of(on_file):
        for _ in range(2):
            reply = visitor.fetch(path, status=status)
            (styles,) = re.findall(r"<style>(.*?)</style>", reply.text, re.DOTALL)
            assert "--accent:#9e0d24" in styles
            digest = base64.b64encode(hashlib.sha256(styles.encode()).digest()).decode()
            assert f"style-src 'sha256-{digest}'" in reply.headers["Content-Security-Policy"]


def test_a_name_is_shown_as_text_whatever_it_holds(on_file: Scenario) -> None:
    visitor = Visitor(dressed(on_file, Face('<script>alert("å")</script>')))
    for path, status in pages_of(on_file):
        assert "&lt;script&gt;" in visitor.fetch(path, status=status).text


def test_a_page_that_was_kept_is_made_anew_when_the_face_changes(on_file: Scenario) -> None:
    visitor = Visitor(dressed(on_file, Face("Staden")))
    path = f"/s/{on_file.code('guardians')}"
    before = visitor.fetch(path).text
    change_face(on_file.database, 1, Face("Staden", colour="#005293"))
    on_file.app.extensions["faces"]._faces._timer = lambda: 1e12
    after = visitor.fetch(path).text
    assert "--accent:#005090" not in before
    assert "--accent:#005090" in after
    assert Page(after).token != Page(before).token
