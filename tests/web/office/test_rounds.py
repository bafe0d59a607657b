"""The pages of a round: figures that live, links, closing."""

from dataclasses import replace

import pytest
from flask import Flask

from survey_service.domain.survey_round import State
from survey_service.services.close_round import close_round
from survey_service.services.issue_links import list_codes
from survey_service.services.round_status import round_status
from survey_service.storage.database import Database
from survey_service.storage.organisation import replace_organisation
from survey_service.storage.rounds import mark_collection, put_round
from survey_service.web.admin import rounds
from tests.support.office import Clock, OfficeVisitor
from tests.support.small_municipality import DURING, KEYS, ORGANISATION, ROUND, show_answers

HT = "/office/rounds/ht-2026"
PAGES = ["/office/rounds", HT, f"{HT}/units/10000001", f"{HT}/close", f"{HT}/links", f"{HT}/links/10000001"]


def words(html: str) -> str:
    """The text of a page without its mark-up, spaces evened out."""
    inside, text = False, []
    for character in html:
        inside = character == "<" or (inside and character != ">")
        text.append(" " if inside or character == ">" else character)
    return " ".join("".join(text).split())


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_in_order_in_both_languages(app: Flask, path: str, language: str) -> None:
    page = OfficeVisitor(app, language).sign_in().fetch(path).text
    assert f'<html lang="{language}"' in page


def test_a_round_shows_how_many_answered_down_to_each_group(admin: OfficeVisitor, on_file: Database) -> None:
    show_answers(on_file, "pupils", "10000001", "4B", 18)
    text = words(admin.fetch(HT).text)
    assert "18 of 116 have answered" in text
    assert "Ängsskolan 10000001 18 44 41 % 4B 18 24 75 % 10A 0 20 0 %" in text
    assert "closes 6 November 2026" in text


def test_more_answers_than_expected_are_shown_and_flagged(admin: OfficeVisitor, on_file: Database) -> None:
    show_answers(on_file, "guardians", "10000002", "", 12)
    assert "12 10 120 % more than expected" in words(admin.fetch(HT).text)


def test_a_group_without_head_count_has_no_rate(admin: OfficeVisitor, on_file: Database) -> None:
    with on_file.write() as connection:
        connection.exec_driver_sql("UPDATE link SET expected = 0")
    text = words(admin.fetch(HT).text)
    assert "no head-count" in text
    assert "0 %" not in text


def test_a_unit_has_a_page_of_its_own(admin: OfficeVisitor, on_file: Database) -> None:
    show_answers(on_file, "pupils", "10000001", "4B", 18)
    text = words(admin.fetch(f"{HT}/units/10000001").text)
    assert "18 of 88 have answered" in text
    assert "Björkskolan" not in text


def test_a_large_round_shows_groups_on_the_pages_of_units(
    admin: OfficeVisitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(rounds, "MOST_GROUPS_ON_A_PAGE", 2)
    assert "10A" not in admin.fetch(HT).text
    assert "10A" in admin.fetch(f"{HT}/units/10000001").text


def test_names_are_shown_as_they_are_whatever_they_hold(admin: OfficeVisitor, on_file: Database) -> None:
    unit = ORGANISATION.units["10000001"]
    hostile = "<script>alert('å')</script> \"& مدرسة"
    units = ORGANISATION.units | {"10000001": replace(unit, name=hostile)}
    with on_file.write() as connection:
        replace_organisation(connection, replace(ORGANISATION, units=units))
        put_round(connection, replace(ROUND, name={"sv": hostile, "en": hostile}))
    for path in PAGES:
        assert "<script>" not in admin.fetch(path).text


def test_the_figures_are_sent_again_only_when_they_have_changed(admin: OfficeVisitor, on_file: Database) -> None:
    first = admin.fetch(f"{HT}/figures")
    tag = first.headers["ETag"]
    assert "<html" not in first.text
    assert first.text.strip() in admin.fetch(HT).text

    unchanged = admin.fetch(f"{HT}/figures", status=304, headers={"If-None-Match": tag})
    assert unchanged.data == b""

    show_answers(on_file, "pupils", "10000001", "4B", 18)
    changed = admin.fetch(f"{HT}/figures", headers={"If-None-Match": tag})
    assert changed.headers["ETag"] != tag
    assert "18 of 116" in words(changed.text)


def test_the_figures_of_a_unit_are_polled_alike(admin: OfficeVisitor) -> None:
    path = f"{HT}/figures/10000001"
    tag = admin.fetch(path).headers["ETag"]
    admin.fetch(path, status=304, headers={"If-None-Match": tag})


def test_a_page_that_polls_after_signing_out_is_sent_to_sign_in(admin: OfficeVisitor) -> None:
    admin.press(HT, "/office/sign-out")
    assert admin.fetch(f"{HT}/figures", status=303).location == "/office/sign-in"


def test_the_live_script_is_a_file_of_ours_that_browsers_may_keep(admin: OfficeVisitor) -> None:
    (script,) = admin.page(HT).attributes("script")
    assert script["type"] == "module"
    reply = admin.fetch(script["src"])
    assert reply.mimetype == "text/javascript"
    assert "immutable" in reply.headers["Cache-Control"]
    assert "Set-Cookie" not in reply.headers


def test_closing_asks_first_and_then_closes_for_good(admin: OfficeVisitor, on_file: Database) -> None:
    question = words(admin.fetch(f"{HT}/close").text)
    assert "Close the round now?" in question
    assert "cannot be undone" in question
    assert admin.press(f"{HT}/close", f"{HT}/close").location == HT

    after = words(admin.fetch(HT).text)
    assert "No more answers are taken." in after
    assert "Answers are being counted." in after
    assert "Close the round…" not in after
    assert round_status(on_file, "ht-2026", DURING).state is State.CLOSED


def test_one_collection_can_be_closed_alone(admin: OfficeVisitor, on_file: Database) -> None:
    path = f"{HT}/close?collection=pupils"
    assert "Guardians" not in admin.fetch(path).text
    admin.press(path, f"{HT}/close", collection="pupils")
    states = {item.id: item.state for item in round_status(on_file, "ht-2026", DURING).collections}
    assert states == {"pupils": State.CLOSED, "guardians": State.OPEN, "staff": State.OPEN}


def test_a_round_that_somebody_else_has_just_closed_says_so(admin: OfficeVisitor, on_file: Database) -> None:
    close_round(on_file, "ht-2026", DURING)
    assert "Nothing is open" in admin.fetch(f"{HT}/close", status=409).text
    assert "Nothing is open" in admin.press(HT, f"{HT}/close", status=409).text


def test_a_compiled_round_says_how_its_results_are_exported(admin: OfficeVisitor, on_file: Database) -> None:
    with on_file.write() as connection:
        mark_collection(connection, "ht-2026", "pupils", closed_at=DURING, compiled_at=DURING)
    command = "survey-service results export ht-2026 --format csv --table tallies --output ht-2026.csv"
    page = admin.fetch(HT).text
    assert command in page
    assert "The first results are compiled." in page
    with on_file.write() as connection:
        for name in ("guardians", "staff"):
            mark_collection(connection, "ht-2026", name, closed_at=DURING, compiled_at=DURING)
    assert "All results are compiled." in admin.fetch(HT).text


def test_without_an_open_round_the_office_begins_with_the_list(admin: OfficeVisitor, on_file: Database) -> None:
    assert admin.fetch("/office", status=303).location == HT
    close_round(on_file, "ht-2026", DURING)
    assert admin.fetch("/office", status=303).location == "/office/rounds"
    assert "Being counted" in admin.fetch("/office/rounds").text


def test_before_the_first_round_the_list_says_how_one_is_made(on_file: Database, admin: OfficeVisitor) -> None:
    with on_file.write() as connection:
        for table in ("link_code", "link", "collection", "survey_round"):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    assert "survey-service round apply FILE" in admin.fetch("/office/rounds").text


def test_a_round_without_collections_is_an_empty_page(on_file: Database, admin: OfficeVisitor) -> None:
    with on_file.write() as connection:
        put_round(connection, replace(ROUND, id="empty", name={}, collections=()))
    assert "no collections" in admin.fetch("/office/rounds/empty").text
    assert "no links" in admin.fetch("/office/rounds/empty/links").text
    admin.fetch("/office/rounds/empty/close", status=409)


def test_the_links_of_a_unit_are_all_listed_with_codes_and_addresses(admin: OfficeVisitor, on_file: Database) -> None:
    codes = list_codes(on_file, KEYS, "ht-2026", "10000002")
    page = admin.fetch(f"{HT}/links/10000002").text
    assert len(codes) == 1 + 1 + 8
    for issued in codes:
        assert f"https://answer.example/s/{issued.code}" in page
    assert "10A" not in page


def test_codes_whose_key_is_gone_are_explained(admin: OfficeVisitor, on_file: Database) -> None:
    with on_file.write() as connection:
        put_round(connection, replace(ROUND, link_key="0" * 16))
    assert "The codes cannot be shown" in admin.fetch(f"{HT}/links/10000001", status=503).text


@pytest.mark.parametrize("tail", ["", "/figures", "/close", "/links", "/links/10000001", "/units/10000001"])
@pytest.mark.parametrize("name", ["vt-2031", "%00", "..", "å", "x" * 3000, "'; --"])
def test_a_round_that_does_not_exist_is_not_found(admin: OfficeVisitor, name: str, tail: str) -> None:
    path = f"/office/rounds/{name}{tail}"
    admin.fetch(path, status=404)


@pytest.mark.parametrize("tail", ["units", "links", "figures"])
@pytest.mark.parametrize("code", ["99999999", "%00", "a/b", "å"])
def test_a_unit_that_is_not_asked_is_not_found(admin: OfficeVisitor, tail: str, code: str) -> None:
    admin.fetch(f"{HT}/{tail}/{code}", status=404)


def test_a_collection_that_does_not_exist_cannot_be_closed(admin: OfficeVisitor) -> None:
    admin.fetch(f"{HT}/close?collection=nobody", status=404)
    admin.press(f"{HT}/close", f"{HT}/close", status=404, collection="nobody")


@pytest.mark.parametrize("path", ["/office/rounds", HT, f"{HT}/links", "/office/sign-in"])
def test_other_ways_of_asking_get_a_clear_answer(admin: OfficeVisitor, visitor: OfficeVisitor, path: str) -> None:
    who = visitor if path == "/office/sign-in" else admin
    assert who.fetch(path, "HEAD").data == b""
    for method in ("PUT", "DELETE", "PATCH", "POST"):
        assert "GET" in who.fetch(path, method, status=405).headers["Allow"]
    assert who.fetch(path, "OPTIONS").headers["Allow"]


def test_a_form_of_a_megabyte_is_not_read(admin: OfficeVisitor) -> None:
    admin.fetch(f"{HT}/close", "POST", status=413, data={"collection": "x" * 1_000_000})


def test_machines_can_ask_whether_the_office_is_alive_and_ready(visitor: OfficeVisitor, clock: Clock) -> None:
    assert clock.now == DURING
    assert [visitor.fetch(path).mimetype for path in ("/health", "/ready")] == ["text/plain"] * 2
