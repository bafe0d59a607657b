"""What a form costs to load: one small document with all that is needed to answer, counted in bytes."""

from dataclasses import replace
from pathlib import Path

import pytest

from survey_service.domain.answers import AnswerLayout
from survey_service.domain.form import Form, Question
from survey_service.questionnaires.form_file import digest
from survey_service.services.forms_in_use import FormInUse
from survey_service.storage.database import Database
from survey_service.web.respondent.form_pages import Sheet
from tests.support.kinds_round import FORMS, PRESCHOOL, KindsRound, add_kinds_round

LARGEST_PAGE = 14 * 1024
LARGEST_SCRIPT = 5 * 1024

QUESTIONS = 30

WORDS = (
    *("rasten", "maten", "lärarna", "kompisarna", "läxorna", "böckerna", "skolgården", "biblioteket", "idrotten"),
    *("musiken", "slöjden", "bilden", "klassrummet", "korridoren", "matsalen", "toaletterna", "proven", "datorerna"),
    *("grupparbetena", "morgonen", "eftermiddagen", "vikarierna", "rektorn", "skolsköterskan", "utflykterna"),
    *("högläsningen", "matematiken", "engelskan", "reglerna", "fritids"),
)


def of_thirty(form: Form, like: Question, symbols: list[str | None]) -> Form:
    """The form with thirty questions, all of them different."""
    questions = tuple(
        replace(
            like,
            id=f"about_{number}",
            text=f"Hur trivs du med {word}, när du tänker på de senaste {number + 2} veckorna?",
            symbol=symbols[number % len(symbols)],
        )
        for number, word in enumerate(WORDS)
    )
    section = replace(form.sections[0], questions=questions)
    return replace(form, sections=(section,), indexes=(), breakdowns=())


@pytest.fixture
def kinds(sqlite: Database, tmp_path: Path) -> KindsRound:
    return add_kinds_round(sqlite, tmp_path)


DRAWN: list[str | None] = ["school", "home", "friends", "adult", "teacher", "play", "outdoors", "calm", "noise", "food"]

LARGE = {
    "a pupil's scale": ("pupil", "safe_in_class", [None], "pupil", "4A", "10000001"),
    "a guardian's scale": ("guardian", "child_safe", [None], "guardian", "", "10000001"),
    "five faces and ten drawings": ("child", "mood", DRAWN, "child", "Blåsippan", PRESCHOOL),
}


@pytest.mark.parametrize("name", LARGE)
@pytest.mark.parametrize("tag", ["sv", "en", "ar"])
def test_a_form_of_thirty_questions_with_its_styles_and_drawings_is_small(
    kinds: KindsRound, name: str, tag: str
) -> None:
    collection, question, symbols, *place = LARGE[name]
    known = {"pupil": "pupil-4-6", "guardian": "guardian-school", "child": "kinds-child"}[collection]
    form = of_thirty(FORMS[known], FORMS[known].question(question), symbols)
    assert len(form.questions) == QUESTIONS
    desk = kinds.app.extensions["desk"]
    with kinds.app.test_request_context(f"/?lang={tag}"):
        entrance = desk.visit(kinds.path(*place).removeprefix("/s/")).entrance
        in_use = FormInUse(form, digest(form), AnswerLayout(form))
        page = desk.pages.blank(Sheet(in_use, entrance))
    packed = page.gzipped(b"x" * 200)
    assert page.plain(b"").decode().count("<fieldset") == QUESTIONS
    assert len(packed) <= LARGEST_PAGE, len(packed)


def test_the_script_is_small(kinds: KindsRound) -> None:
    with kinds.app.test_client() as client:
        url = kinds.app.jinja_env.globals["static_url"]
        assert callable(url)
        packed = client.get(url("form.js"), headers={"Accept-Encoding": "gzip"})
    assert packed.headers["Content-Encoding"] == "gzip"
    assert len(packed.data) <= LARGEST_SCRIPT, len(packed.data)
