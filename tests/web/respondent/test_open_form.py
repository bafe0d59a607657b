"""Opening a form: with a code in any spelling, in one request, and every reason why it may not open."""

import gzip
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

import pytest

from survey_service.domain.access import spaced
from tests.support.pages import Page
from tests.support.scenario import A_MORNING, OTHER_UNIT, Scenario
from tests.support.visitor import Visitor

LARGEST_PAGE = 14 * 1024

IN_ENGLISH = {"Accept-Language": "en"}


def test_the_first_screen_names_unit_and_group_and_says_whose_survey_it_is(on_file: Scenario, reader: Visitor) -> None:
    page = reader.fetch(f"/s/{on_file.code('pupils', '4A')}", headers=IN_ENGLISH).text
    for words in (
        "<strong><bdi>Ängsskolan</bdi>, <bdi>4A</bdi></strong>",
        "A survey from Exempelby",
        "you may skip questions",
        "they are sealed",
        "fewer than five",
    ):
        assert words in page


def test_grown_ups_are_spoken_to_as_grown_ups(on_file: Scenario, reader: Visitor) -> None:
    pupil = reader.fetch(f"/s/{on_file.code('pupils', '4A')}", headers=IN_ENGLISH).text
    guardian = reader.fetch(f"/s/{on_file.code('guardians')}", headers=IN_ENGLISH).text
    assert "No teacher and no friend" in pupil
    assert "Nobody at <bdi>Ängsskolan</bdi>" in guardian


def test_every_question_stands_on_the_page_with_its_number_and_all_its_answers(
    on_file: Scenario, reader: Visitor
) -> None:
    form = on_file.form("pupils")
    text = reader.fetch(f"/s/{on_file.code('pupils', '4A')}", headers=IN_ENGLISH).text
    page = Page(text)
    offered = [(item["name"], item["value"]) for item in page.attributes("input") if item["type"] == "radio"]
    expected = [
        (question.id, value)
        for question in form.questions
        for value in [option.id for option in question.options] + ["dont_know"] * bool(question.dont_know)
    ]
    assert offered == expected
    assert len(page.attributes("fieldset")) == len(form.questions)
    last = len(form.questions)
    assert all(f"Question {number} of {last}<" in text for number in range(1, last + 1))


def test_the_token_is_the_last_field_of_the_form(on_file: Scenario, reader: Visitor) -> None:
    text = reader.fetch(f"/s/{on_file.code('pupils', '4A')}").text
    form = text[text.index("<form") : text.index("</form>")]
    assert "_token" in form[form.rindex("<input") :]
    assert "<button" not in form[form.rindex("<input") :]


def test_enter_presses_a_button_that_does_nothing(on_file: Scenario, reader: Visitor) -> None:
    page = reader.page(f"/s/{on_file.code('pupils', '4A')}")
    first = page.attributes("button")[0]
    assert first["form"] == "answers"
    assert "disabled" in first


@pytest.mark.parametrize(
    "spelling",
    [
        str.lower,
        spaced,
        lambda code: spaced(code).lower(),
        " ".join,
        lambda code: code.replace("0", "O").replace("1", "l"),
    ],
)
def test_a_code_opens_its_form_however_it_is_spelt(on_file: Scenario, reader: Visitor, spelling: object) -> None:
    code = on_file.code("pupils", "4A")
    assert callable(spelling)
    reader.fetch(f"/s/{spelling(code)}")
    typed = reader.send("/", {"code": f" {spelling(code)} "})
    assert typed.headers["Location"] == f"/s/{code}"


def test_an_address_with_a_slash_behind_the_code_works(on_file: Scenario, reader: Visitor) -> None:
    reader.fetch(f"/s/{on_file.code('guardians')}/")


@pytest.mark.parametrize(
    "typed", ["", " ", "ABC", "0" * 11 + "1", "A" * 500, "Å" * 12, "\u0000", "☃" * 12, "' OR 1=1 --"]
)
def test_a_mistyped_code_is_given_back_with_a_clear_sentence(reader: Visitor, typed: str) -> None:
    page = reader.send("/", {"code": typed}, status=HTTPStatus.NOT_FOUND, headers=IN_ENGLISH)
    (field,) = (item for item in Page(page.text).attributes("input") if item.get("name") == "code")
    assert "That is not quite a code" in page.text
    assert field["value"] == typed[:48]
    assert field["autocomplete"] == "off"


def test_a_slip_in_a_code_is_told_apart_from_an_unknown_code(on_file: Scenario, reader: Visitor) -> None:
    code = on_file.code("pupils", "4A")
    slip = code[:-1] + ("0" if code[-1] != "0" else "1")
    unknown = _unknown_code(on_file)
    assert "not quite a code" in reader.fetch(f"/s/{slip}", status=404, headers=IN_ENGLISH).text
    assert "No survey has this code" in reader.fetch(f"/s/{unknown}", status=404, headers=IN_ENGLISH).text
    assert f'value="{unknown}"' in reader.fetch(f"/s/{unknown}", status=404).text


def test_a_planned_collection_says_when_it_opens(on_file: Scenario, reader: Visitor) -> None:
    on_file.change_collections(opens=(A_MORNING + timedelta(days=2)).date())
    with on_file.database.write() as connection:
        connection.exec_driver_sql("UPDATE collection SET opened_at = NULL")
    page = reader.fetch(f"/s/{on_file.code('pupils', '4A')}", status=HTTPStatus.CONFLICT)
    assert "3 oktober 2026" in page.text


def test_a_collection_that_nobody_opened_on_its_day_promises_no_day(on_file: Scenario, reader: Visitor) -> None:
    with on_file.database.write() as connection:
        connection.exec_driver_sql("UPDATE collection SET opened_at = NULL")
    page = reader.fetch(f"/s/{on_file.code('pupils', '4A')}", status=HTTPStatus.CONFLICT, headers=IN_ENGLISH)
    assert "It will open soon" in page.text
    assert "September" not in page.text


def test_a_closed_collection_says_which_day_was_the_last(on_file: Scenario, reader: Visitor) -> None:
    on_file.clock.now = A_MORNING + timedelta(days=40)
    page = reader.fetch(f"/s/{on_file.code('pupils', '4A')}", status=HTTPStatus.GONE)
    assert "22 oktober 2026" in page.text


def test_a_unit_that_closes_on_a_day_of_its_own_is_told_that_day(on_file: Scenario, reader: Visitor) -> None:
    on_file.change_collections(closes_by_unit={OTHER_UNIT: (A_MORNING + timedelta(days=30)).date()})
    on_file.clock.now = A_MORNING + timedelta(days=40)
    path = f"/s/{on_file.code('pupils', '5', unit_code=OTHER_UNIT)}"
    assert "31 oktober 2026" in reader.fetch(path, status=HTTPStatus.GONE).text


def test_a_collection_closed_by_hand_is_closed_at_once_for_new_visitors(on_file: Scenario, reader: Visitor) -> None:
    on_file.mark(closed_at=A_MORNING)
    page = reader.fetch(f"/s/{on_file.code('guardians')}", status=HTTPStatus.GONE)
    assert "1 oktober 2026" in page.text


def test_within_the_grace_no_form_is_opened(on_file: Scenario, reader: Visitor) -> None:
    on_file.clock.now = datetime(2026, 10, 22, 22, 5, tzinfo=UTC)  # five past midnight in Stockholm
    reader.fetch(f"/s/{on_file.code('guardians')}", status=HTTPStatus.GONE)


def test_a_replaced_code_says_so(on_file: Scenario, reader: Visitor) -> None:
    old = on_file.code("pupils", "4A")
    on_file.replace_link(on_file.link("pupils", "4A"))
    page = reader.fetch(f"/s/{old}", status=HTTPStatus.GONE, headers=IN_ENGLISH)
    assert "has been replaced" in page.text
    reader.fetch(f"/s/{on_file.code('pupils', '4A')}")


def test_a_used_single_use_code_says_so(visitor: Visitor, scenario: Scenario) -> None:
    first, second = (f"/s/{scenario.code('staff', serial=serial)}" for serial in (0, 1))
    visitor.send(first, {"_token": visitor.page(first).token})
    assert "has been used" in visitor.fetch(first, status=HTTPStatus.GONE, headers=IN_ENGLISH).text
    visitor.fetch(second)


def test_what_is_known_of_a_link_is_a_second_old_at_most(on_file: Scenario, reader: Visitor) -> None:
    path = f"/s/{on_file.code('guardians')}"
    reader.fetch(path)
    asked: list[str] = []
    look_up = on_file.app.extensions["desk"]._look_up
    on_file.app.extensions["desk"]._look_up = lambda typed: (asked.append(typed), look_up(typed))[1]
    on_file.app.extensions["desk"]._entrances._timer = lambda: asked_at
    asked_at = 1e12
    reader.fetch(path)
    asked_at += 0.99
    reader.fetch(path)
    assert len(asked) == 1
    asked_at += 0.01
    reader.fetch(path)
    assert len(asked) == 2


@pytest.mark.parametrize("collection", ["pupils", "guardians", "staff"])
def test_a_form_is_one_small_document(on_file: Scenario, reader: Visitor, collection: str) -> None:
    group = "4A" if collection == "pupils" else ""
    path = f"/s/{on_file.code(collection, group)}"
    response = reader.client.get(path, headers={"Accept-Encoding": "gzip", "Accept-Language": "sv"})
    assert response.headers["Content-Encoding"] == "gzip"
    assert len(response.data) < LARGEST_PAGE
    page = Page(gzip.decompress(response.data).decode())
    (script,) = page.attributes("script")
    assert script["src"].startswith("/static/form.")
    assert not page.attributes("img")
    assert all(link["href"].startswith("data:") for link in page.attributes("link"))


def test_with_and_without_gzip_the_page_is_the_same_but_for_its_token(on_file: Scenario, reader: Visitor) -> None:
    path = f"/s/{on_file.code('pupils', '4A')}"
    plain = reader.fetch(path)
    packed = reader.client.get(path, headers={"Accept-Encoding": "gzip;q=0.5", "Accept-Language": "sv"})
    refused = reader.client.get(path, headers={"Accept-Encoding": "gzip;q=0", "Accept-Language": "sv"})
    unpacked = gzip.decompress(packed.data).decode()
    assert unpacked.replace(Page(unpacked).token, "") == plain.text.replace(Page(plain.text).token, "")
    assert "Content-Encoding" not in refused.headers
    assert Page(unpacked).token != Page(plain.text).token


def test_a_form_opened_by_head_sends_no_body(on_file: Scenario, reader: Visitor) -> None:
    response = reader.fetch(f"/s/{on_file.code('pupils', '4A')}", "HEAD")
    assert response.data == b""


def test_texts_of_the_organisation_are_text_and_no_markup(on_file: Scenario, reader: Visitor) -> None:
    with on_file.database.write() as connection:
        connection.exec_driver_sql("UPDATE unit SET name = '<script>alert(\"å\")</script>'")
    page = reader.fetch(f"/s/{on_file.code('pupils', '4A')}").text
    assert "&lt;script&gt;" in page


def _unknown_code(scenario: Scenario) -> str:
    """A well-formed code that no link has: what the link's next version would be."""
    link = scenario.link("pupils", "4A")
    known = scenario.code("pupils", "4A")
    scenario.change_link(link, version=2)
    unknown = scenario.code("pupils", "4A")
    scenario.change_link(link, version=1)
    assert unknown != known
    return unknown
