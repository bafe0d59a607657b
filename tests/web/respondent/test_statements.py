"""What the service says of itself, made of what is really set; and a feedback form that asks for nothing else."""

from dataclasses import replace
from http import HTTPStatus

import pytest
from flask import Flask

from survey_service.domain.municipality import Face, Words
from survey_service.services.accessibility_feedback import read_feedback
from survey_service.services.change_settings import change_face, change_words
from survey_service.storage.rounds import find_round, put_round
from survey_service.web.respondent.feedback_bound import FeedbackBound, TooManyAtOnce
from tests.support.pages import SUPERVISION, Page
from tests.support.scenario import ROUND, UNIT, Scenario
from tests.support.visitor import Visitor

STATEMENTS = ["/about", "/about?voice=child", "/privacy", "/accessibility", "/accessibility/thanks"]
IN_ENGLISH = {"Accept-Language": "en"}


def english(visitor: Visitor, path: str, *, status: int = 200) -> str:
    return visitor.fetch(path, status=status, headers=IN_ENGLISH).text


def set_words(scenario: Scenario, unit_code: str = "", **texts: str) -> None:
    words = Words({kind: {"en": text} for kind, text in texts.items()})
    change_words(scenario.database, 0, words, scenario.clock(), unit_code)


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", STATEMENTS)
def test_every_statement_is_in_order_in_every_language(reader: Visitor, path: str, language: str) -> None:
    page = reader.page(path, headers={"Accept-Language": language})
    assert page.attributes("html")[0]["lang"] == language


def test_a_statement_without_any_municipality_is_in_order_too(sqlite: object, on_file: Scenario) -> None:
    assert sqlite is on_file.database
    with on_file.database.write() as connection:
        for table in (
            *("link_code", "link", "collection", "survey_round"),
            *("unit_group", "unit_school_form", "unit", "operator", "municipality"),
        ):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    visitor = Visitor(on_file.app)
    for path in STATEMENTS:
        visitor.fetch(path)
    assert "It is the municipality who asks." in english(visitor, "/about?voice=child")


def test_every_page_leads_to_the_statements_in_its_own_language(on_file: Scenario, reader: Visitor) -> None:
    pupil, staff = on_file.code("pupils", "4A"), on_file.code("staff")
    pages = [("/", 200), (f"/s/{pupil}", 200), (f"/s/{pupil}/thanks", 200), (f"/s/{staff}", 200), ("/nowhere", 404)]
    for path, status in [*pages, ("/about", 200)]:
        links = {link["href"].partition("?")[0]: link for link in _footer(reader, path, status)}
        assert set(links) == {"/about", "/privacy", "/accessibility"}
        assert all("lang=en" in link["href"] for link in links.values())
        assert ("voice=child" in links["/about"]["href"]) == (pupil in path)
    on_file.clock.now = on_file.clock.now.replace(year=2027)
    assert len(_footer(reader, f"/s/{pupil}", HTTPStatus.GONE)) == 3


def test_a_form_opens_them_beside_itself_so_that_no_answers_are_lost(on_file: Scenario, reader: Visitor) -> None:
    assert all(link["target"] == "_blank" for link in _footer(reader, f"/s/{on_file.code('guardians')}", 200))
    assert not any("target" in link for link in _footer(reader, "/", 200))


def test_about_says_who_asks_and_from_how_many_answers_results_are_shown(on_file: Scenario, reader: Visitor) -> None:
    with on_file.database.write() as connection:
        stored = find_round(connection, ROUND)
        assert stored is not None
        put_round(connection, replace(stored, thresholds={"unit": {"minimum_answers": 8}}))
    page = english(reader, "/about")
    assert "The survey is put by Exempelby." in page
    assert "take part: Exempelby kommun." in page
    assert "its own sums, of at least 8 answers" in page
    assert "made of at least 10 answers" in page
    assert "fewer than 8 have answered" in page
    assert "fewer than 8 in your class" in english(reader, "/about?voice=child")


def test_about_says_what_cannot_be_done_and_what_remains_possible(reader: Visitor) -> None:
    page = english(reader, "/about")
    for words in ("take them back", "go on with another", "remind only those", "full control of the server", "twice"):
        assert words in page


@pytest.mark.parametrize("voice", ["adult", "", "x", "%00"])
def test_another_voice_than_a_childs_is_a_grown_ups(reader: Visitor, voice: str) -> None:
    assert "Who sees what" in english(reader, f"/about?voice={voice}")


def test_the_childs_page_keeps_its_voice_when_the_language_is_switched(reader: Visitor) -> None:
    page = reader.page("/about?voice=child&lang=en")
    assert {link["href"] for link in page.attributes("a") if link.get("lang")} >= {"?voice=child&lang=sv"}


def test_data_protection_names_the_decision_and_the_officer(on_file: Scenario, reader: Visitor) -> None:
    assert "UN 2026/123" in english(reader, "/privacy")
    set_words(on_file, data_protection="dso@example.se")
    assert "dso@example.se" in english(Visitor(_fresh(on_file)), "/privacy")


def test_the_accessibility_statement_has_what_the_law_asks_for(reader: Visitor) -> None:
    page = english(reader, "/accessibility")
    for words in (
        *("digital service", "Exempelby", "2018:1937", "partly conformant", "self-assessed"),
        *("What falls short, and why", "section 12", "section 9", "Assessed on 21 November 2026", "last changed on"),
        *("What does not work for you?", "Digg"),
    ):
        assert words in page
    assert [link for link in Page(page).attributes("a") if link["href"] == SUPERVISION]


def test_the_accessibility_statement_is_filled_from_settings(on_file: Scenario) -> None:
    set_words(on_file, shortcomings="The map has no text, as it is old.", method="Tested by X.", contact="Call 123.")
    page = english(Visitor(_fresh(on_file)), "/accessibility")
    for words in ("The map has no text, as it is old.", "Tested by X.", "Call 123.", "changed on 21 November 2026"):
        assert words in page
    assert "No single shortcoming is known" not in page


def test_a_text_in_another_language_than_the_page_is_marked_with_its_own(on_file: Scenario) -> None:
    set_words(on_file, contact="Call 123.")
    page = Visitor(_fresh(on_file)).fetch("/about", headers={"Accept-Language": "sv"}).text
    assert '<p lang="en" dir="ltr">Call 123.</p>' in page


def test_thanks_tell_a_child_whom_to_talk_to(on_file: Scenario, reader: Visitor) -> None:
    path = f"/s/{on_file.code('pupils', '4A')}/thanks"
    page = english(reader, path)
    assert "a grown-up whom you trust" in page
    assert 'href="tel:116111"' in page
    set_words(on_file, support="The counsellor", results="In March.")
    page = english(Visitor(_fresh(on_file)), path)
    assert "<p>The counsellor</p>" in page
    assert "<p>In March.</p>" in page
    set_words(on_file, UNIT, support="Our own counsellor")
    page = english(Visitor(_fresh(on_file)), path)
    assert "<p>Our own counsellor</p>" in page
    assert "116 111" in page


def test_thanks_tell_grown_ups_when_results_come_and_whom_to_ask(on_file: Scenario, reader: Visitor) -> None:
    path = f"/s/{on_file.code('guardians')}/thanks"
    page = english(reader, path)
    assert "then made known" in page
    assert "116 111" not in page
    set_words(on_file, contact="The office, 123.", results="In March.")
    page = english(Visitor(_fresh(on_file)), path)
    assert "The office, 123." in page
    assert "In March." in page
    assert "then made known" not in page


def test_feedback_is_kept_with_its_day_and_thanked_for(scenario: Scenario, visitor: Visitor) -> None:
    token = _token(visitor)
    sent = visitor.send("/accessibility/feedback?lang=en", {"token": token, "text": "The button\r\nis silent"})
    assert sent.headers["Location"] == "/accessibility/thanks?lang=en"
    assert "bears the day" in english(visitor, sent.headers["Location"])
    (item,) = read_feedback(scenario.database)
    assert (item.text, str(item.day)) == ("The button\nis silent", "2026-10-01")
    assert item.id == token.partition(".")[0]


def test_feedback_that_is_sent_twice_is_kept_once(scenario: Scenario, visitor: Visitor) -> None:
    token = _token(visitor)
    for _ in range(3):
        visitor.send("/accessibility/feedback", {"token": token, "text": "once"})
    assert len(read_feedback(scenario.database)) == 1


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"text": ""}, "nothing written"),
        ({"text": " \r\n\x00"}, "nothing written"),
        ({}, "nothing written"),
        ({"text": "å" * 2001}, "room for 2000 characters"),
        ({"text": "kept", "token": ""}, "came back damaged"),
        ({"text": "kept", "token": "å\x00"}, "came back damaged"),
        ({"text": "kept", "token": "0" * 32 + ".x"}, "came back damaged"),
    ],
)
def test_feedback_that_cannot_be_taken_is_given_back(
    on_file: Scenario, reader: Visitor, fields: dict[str, str], words: str
) -> None:
    data = {"token": _token(reader), **fields}
    reply = reader.send("/accessibility/feedback", data, status=HTTPStatus.BAD_REQUEST, headers=IN_ENGLISH)
    assert words in reply.text
    assert fields.get("text", "").strip("\x00 \r\n") in reply.text
    assert read_feedback(on_file.database) == []
    again = {"token": _token_of(reply.text), "text": "now"}
    reader.send("/accessibility/feedback", again)
    assert len(read_feedback(on_file.database)) == 1


def test_feedback_of_a_megabyte_is_not_read(reader: Visitor) -> None:
    reader.send("/accessibility/feedback", {"text": "x" * 1_000_000}, status=HTTPStatus.REQUEST_ENTITY_TOO_LARGE)


def test_a_machine_cannot_fill_the_list_and_people_are_told_to_come_back(on_file: Scenario, reader: Visitor) -> None:
    for number in range(30):
        reader.send("/accessibility/feedback", {"token": _token(reader), "text": f"text {number}"})
    data = {"token": _token(reader), "text": "one too many"}
    reply = reader.send("/accessibility/feedback", data, status=HTTPStatus.TOO_MANY_REQUESTS, headers=IN_ENGLISH)
    assert "Try again in an hour" in reply.text
    assert "one too many</textarea>" in reply.text
    assert len(read_feedback(on_file.database)) == 30


def test_the_bound_lets_through_again_when_time_has_passed() -> None:
    times = iter([0.0, 1.0, 9.9, 10.0, 10.5, 11.0])
    bound = FeedbackBound(at_most=2, seconds=10, timer=lambda: next(times))
    bound.take()
    bound.take()
    with pytest.raises(TooManyAtOnce):
        bound.take()
    bound.take()
    with pytest.raises(TooManyAtOnce):
        bound.take()
    bound.take()


def test_statements_are_there_while_the_database_is_away(on_file: Scenario) -> None:
    on_file.database.dispose()
    app = on_file.app
    on_file.database.file.unlink()
    on_file.database.file.mkdir()
    visitor = Visitor(app)
    for path in STATEMENTS:
        assert "Exempelby" not in visitor.fetch(path).text


def test_what_the_office_sets_is_seen_within_a_minute(on_file: Scenario, reader: Visitor) -> None:
    on_file.app.extensions["faces"]._faces._timer = lambda: at
    at = 1000.0
    path = f"/s/{on_file.code('guardians')}"
    assert "A survey from Exempelby<" in english(reader, path)
    change_face(on_file.database, 0, Face("Exempelby stad"))
    at += 59.9
    assert "A survey from Exempelby<" in english(reader, path)
    at += 0.1
    assert "A survey from Exempelby stad<" in english(reader, path)


def _footer(visitor: Visitor, path: str, status: int) -> list[dict[str, str]]:
    page = Page(english(visitor, path, status=status))
    return [
        link
        for link in page.attributes("a")
        if link.get("href", "").partition("?")[0] in STATEMENTS and "lang=en" in link["href"]
    ]


def _token(visitor: Visitor) -> str:
    return _token_of(visitor.fetch("/accessibility").text)


def _token_of(html: str) -> str:
    return next(item["value"] for item in Page(html).attributes("input") if item.get("name") == "token")


def _fresh(scenario: Scenario) -> Flask:
    """The application of a process that has just started."""
    scenario.__dict__.pop("app", None)
    return scenario.app
