"""A question that somebody recorded is played from its file, in the language it was recorded in and no other."""

from pathlib import Path

import pytest

from survey_service.questionnaires.check import check_forms
from survey_service.settings import shipped
from tests.support.scenario import Scenario
from tests.support.visitor import Visitor

SOUND = b"ID3 what a child hears"


@pytest.fixture
def recorded(on_file: Scenario) -> Visitor:
    """A visitor of a municipality that recorded one question in Swedish."""
    folder = on_file.home / "forms" / "pupil-4-6" / "audio" / "sv"
    folder.mkdir(parents=True)
    (folder / "safe_in_class.mp3").write_bytes(SOUND)
    (folder / "notes.txt").write_text("not a sound")
    return Visitor(on_file.app)


def sounds(visitor: Visitor, on_file: Scenario, tag: str) -> list[str]:
    page = visitor.page(f"/s/{on_file.code('pupils', '4A')}?lang={tag}")
    return [item["data-audio"] for item in page.attributes("fieldset") if "data-audio" in item]


def test_the_question_names_its_recording_and_others_have_none(recorded: Visitor, on_file: Scenario) -> None:
    (address,) = sounds(recorded, on_file, "sv")
    with recorded.client.get(address) as reply:
        assert (reply.data, reply.mimetype) == (SOUND, "audio/mpeg")
        assert "immutable" in reply.headers["Cache-Control"]
        assert "Set-Cookie" not in reply.headers


def test_a_recording_is_never_played_in_another_language(recorded: Visitor, on_file: Scenario) -> None:
    assert sounds(recorded, on_file, "en") == []


@pytest.mark.parametrize("name", ["notes.txt", "safe_in_class.mp3", "..%2F..%2Fkeys%2Ftoken.key", "x"])
def test_nothing_else_is_served_from_the_folder(recorded: Visitor, name: str) -> None:
    assert recorded.client.get(f"/recordings/{name}").status_code == 404


def test_a_folder_with_nothing_but_recordings_is_no_form_that_is_missing(tmp_path: Path) -> None:
    (tmp_path / "pupil-4-6" / "audio" / "sv").mkdir(parents=True)
    assert check_forms(shipped("forms"), tmp_path) == []
