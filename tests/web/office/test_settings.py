"""The pages of settings: what is typed is kept or given back with what is wrong, and the second of two is told."""

import re
from io import BytesIO
from typing import Any

import pytest
from flask import Flask
from werkzeug.test import TestResponse

from survey_service.domain.municipality import LONGEST_TEXT, Words
from survey_service.services.accessibility_feedback import give_feedback, read_feedback
from survey_service.services.change_settings import change_words, face_to_edit, words_to_edit
from survey_service.services.municipality import find_logo
from survey_service.storage.database import Database
from tests.support.logos import SCRIPTED, SVG, png
from tests.support.office import OfficeVisitor, csrf_token
from tests.support.small_municipality import DURING

SETTINGS, TEXTS, UNIT = "/office/settings", "/office/settings/texts", "/office/settings/units/10000001"
PAGES = [SETTINGS, TEXTS, UNIT, "/office/settings/units", "/office/feedback"]


def save(admin: OfficeVisitor, path: str, *, status: int = 303, **fields: Any) -> TestResponse:
    """Open a page of settings, change these fields, and send it."""
    page = admin.page(path)
    version = next(item["value"] for item in page.attributes("input") if item.get("name") == "version")
    data = {"csrf_token": csrf_token(page), "version": version, **fields}
    return admin.fetch(path, "POST", status=status, data=data, content_type="multipart/form-data")


def stored(database: Database, unit_code: str = "") -> Words:
    return words_to_edit(database, unit_code)[1]


@pytest.mark.parametrize("language", ["sv", "en"])
@pytest.mark.parametrize("path", PAGES)
def test_every_page_is_in_order_in_both_languages(app: Flask, path: str, language: str) -> None:
    page = OfficeVisitor(app, language).sign_in().fetch(path).text
    assert f'<html lang="{language}"' in page


def test_name_and_colour_are_kept(admin: OfficeVisitor, on_file: Database) -> None:
    save(admin, SETTINGS, name="  Exempelby \t stad ", colour="0A4A57")
    assert (face_to_edit(on_file)[1].name, face_to_edit(on_file)[1].colour) == ("Exempelby stad", "#0a4a57")
    page = admin.fetch(SETTINGS).text
    assert 'value="Exempelby stad"' in page
    assert "Saved." in page


@pytest.mark.parametrize(("picture", "kind"), [(SVG, ".svg"), (png(), ".png")])
def test_a_logo_is_kept_shown_and_removed_again(
    admin: OfficeVisitor, on_file: Database, picture: bytes, kind: str
) -> None:
    save(admin, SETTINGS, logo=(BytesIO(picture), "logo.exe"))
    name = face_to_edit(on_file)[1].logo
    assert name.endswith(kind)
    logo = find_logo(on_file, name)
    assert logo is not None
    assert logo.content == picture
    save(admin, SETTINGS, name="Staden")
    assert face_to_edit(on_file)[1].logo == name
    assert "The logo as it is now" in admin.fetch(SETTINGS).text
    save(admin, SETTINGS, remove_logo="yes")
    assert face_to_edit(on_file)[1].logo == ""
    assert find_logo(on_file, name) is None


@pytest.mark.parametrize(
    ("content", "reason"),
    [
        (SCRIPTED, "&lt;script&gt;"),
        (b"GIF89a", "no whole PNG or SVG"),
        (b"", "no whole PNG or SVG"),
        (png()[:-4], "no whole PNG or SVG"),
        (b"<svg>" + b" " * 120_000, "too large"),
    ],
)
def test_a_bad_logo_is_refused_with_the_reason_and_nothing_is_stored(
    admin: OfficeVisitor, on_file: Database, content: bytes, reason: str
) -> None:
    reply = save(admin, SETTINGS, status=400, name="Staden", logo=(BytesIO(content), "logo.svg"))
    assert reason in reply.text
    assert 'value="Staden"' in reply.text
    assert face_to_edit(on_file)[0] == 0


@pytest.mark.parametrize(
    ("colour", "reason"),
    [("red", "This is no colour"), ("#12", "This is no colour"), ("#ffff00", "too light"), ("x" * 9999, "no colour")],
)
def test_a_bad_colour_is_refused_with_the_reason_at_its_field(
    admin: OfficeVisitor, on_file: Database, colour: str, reason: str
) -> None:
    page = save(admin, SETTINGS, status=400, colour=colour).text
    assert reason in page
    assert 'id="colour-wrong"' in page
    assert re.search(r'aria-describedby="colour-hint colour-wrong"\s+aria-invalid="true"', page)
    assert 'href="#colour"' in page
    assert face_to_edit(on_file)[0] == 0


def test_looking_at_a_colour_shows_what_becomes_of_it_and_stores_nothing(
    admin: OfficeVisitor, on_file: Database
) -> None:
    page = save(admin, SETTINGS, status=200, name="Staden", colour="#c8102e", look="yes").text
    assert "it is darkened to #9e0d24" in page
    assert "it is lightened to" in page
    assert "data:image/svg+xml;base64," in page
    assert 'value="Staden"' in page
    assert "used as it is" in save(admin, SETTINGS, status=200, colour="#0a4a57", look="yes").text
    assert face_to_edit(on_file)[0] == 0


def test_the_texts_of_the_municipality_are_kept_by_kind_and_language(admin: OfficeVisitor, on_file: Database) -> None:
    save(admin, TEXTS, **{"support-sv": "Kuratorn\r\nhar öppet", "support-en": "The counsellor", "results-sv": " "})
    assert stored(on_file).texts == {
        **{kind: {} for kind in ("contact", "results", "data_protection", "shortcomings", "method")},
        "support": {"sv": "Kuratorn\nhar öppet", "en": "The counsellor"},
    }
    assert "Kuratorn\nhar öppet</textarea>" in admin.fetch(TEXTS).text


def test_what_is_typed_is_shown_as_it_is_whatever_it_holds(admin: OfficeVisitor) -> None:
    hostile = "</textarea><script>alert('å')</script> {{ 7 * 7 }} مدرسة"
    save(admin, TEXTS, **{"contact-sv": hostile})
    assert "<script>" not in admin.fetch(TEXTS).text
    save(admin, SETTINGS, name=hostile[:90])
    assert "<script>" not in admin.fetch(SETTINGS).text


def test_a_text_that_is_too_long_is_given_back_whole(admin: OfficeVisitor, on_file: Database) -> None:
    long = "å" * (LONGEST_TEXT + 3)
    page = save(admin, TEXTS, status=400, **{"method-en": long, "contact-sv": "kept on the page"}).text
    assert "This is 3 characters too long." in page
    assert long in page
    assert "kept on the page" in page
    assert words_to_edit(on_file)[0] == 0


@pytest.mark.parametrize("day", ["2026-13-01", "yesterday", "1 mars", "2026-10-02", "9" * 500])
def test_a_day_that_is_none_or_has_not_come_is_refused(admin: OfficeVisitor, on_file: Database, day: str) -> None:
    page = save(admin, TEXTS, status=400, assessed=day).text
    assert 'id="assessed-wrong"' in page
    assert f'value="{day}"' in page
    assert words_to_edit(on_file)[0] == 0


def test_full_conformance_is_only_taken_with_a_dated_test(admin: OfficeVisitor, on_file: Database) -> None:
    assert "Only a dated test" in save(admin, TEXTS, status=400, conforms="yes").text
    tested = {"assessed": "2026-09-30", "method-sv": "Extern granskning", "conforms": "yes"}
    save(admin, TEXTS, status=400, **tested, **{"shortcomings-sv": "Kartan"})
    save(admin, TEXTS, **tested)
    assert stored(on_file).fully_conformant


def test_a_unit_has_texts_of_its_own_and_the_list_says_so(admin: OfficeVisitor, on_file: Database) -> None:
    assert "has texts" not in admin.fetch("/office/settings/units").text
    save(admin, UNIT, **{"support-sv": "Vår kurator", "results-sv": "none of a unit's"})
    assert stored(on_file, "10000001").texts == {"support": {"sv": "Vår kurator"}, "contact": {}}
    assert "has texts" in admin.fetch("/office/settings/units").text
    assert "Ängsskolan" in admin.fetch(UNIT).text


@pytest.mark.parametrize("code", ["99999999", "%00", "a/b", "å"])
def test_a_unit_that_does_not_exist_is_not_found(admin: OfficeVisitor, code: str) -> None:
    path = f"/office/settings/units/{code}"
    admin.fetch(path, status=404)
    admin.press(SETTINGS, path, status=404)


def test_the_second_of_two_administrators_is_told_and_keeps_what_they_wrote(
    app: Flask, admin: OfficeVisitor, on_file: Database
) -> None:
    other = OfficeVisitor(app).sign_in()
    page = admin.page(TEXTS)
    save(other, TEXTS, **{"contact-sv": "theirs"})
    mine = {"csrf_token": csrf_token(page), "version": "0", "contact-sv": "mine"}
    refused = admin.fetch(TEXTS, "POST", status=409, data=mine)
    assert "somebody else has changed this" in refused.text
    assert "mine</textarea>" in refused.text
    assert stored(on_file).texts["contact"] == {"sv": "theirs"}
    assert 'name="version" value="1"' in refused.text
    admin.fetch(TEXTS, "POST", status=303, data={**mine, "version": "1"})
    assert stored(on_file).texts["contact"] == {"sv": "mine"}


@pytest.mark.parametrize("version", ["", "-1", "x", "7", "9" * 400, "٣", "1.0"])
@pytest.mark.parametrize("path", [SETTINGS, TEXTS, UNIT])
def test_a_version_that_was_never_handed_out_changes_nothing(
    admin: OfficeVisitor, on_file: Database, path: str, version: str
) -> None:
    data = {"csrf_token": csrf_token(admin.page(path)), "version": version, "name": "x", "contact-sv": "x"}
    assert "somebody else has changed this" in admin.fetch(path, "POST", status=409, data=data).text
    assert face_to_edit(on_file)[0] == words_to_edit(on_file)[0] == words_to_edit(on_file, "10000001")[0] == 0


@pytest.mark.parametrize("path", [SETTINGS, TEXTS, UNIT, "/office/feedback"])
def test_a_form_that_the_office_did_not_hand_out_changes_nothing(
    admin: OfficeVisitor, on_file: Database, path: str
) -> None:
    admin.fetch(path, "POST", status=400, data={"version": "0", "name": "x", "contact-sv": "x"})
    assert face_to_edit(on_file)[0] == words_to_edit(on_file)[0] == 0


def test_everything_at_its_longest_is_taken(admin: OfficeVisitor, on_file: Database) -> None:
    fields = {f"{kind}-{tag}": "ش" * LONGEST_TEXT for kind in ("support", "contact", "method") for tag in ("sv", "en")}
    save(admin, TEXTS, **fields)
    assert len(stored(on_file).texts["support"]["sv"]) == LONGEST_TEXT


def test_what_people_write_about_accessibility_is_read_and_removed(admin: OfficeVisitor, on_file: Database) -> None:
    assert "Nobody has written anything." in admin.fetch("/office/feedback").text
    give_feedback(on_file, "1" * 32, "<b>The button</b>\nis silent", DURING)
    page = admin.fetch("/office/feedback").text
    assert "&lt;b&gt;The button&lt;/b&gt;" in page
    assert "1 October 2026" in page
    admin.press("/office/feedback", "/office/feedback", id="nothing")
    assert len(read_feedback(on_file)) == 1
    admin.press("/office/feedback", "/office/feedback", id="1" * 32)
    assert read_feedback(on_file) == []


def test_only_the_municipal_office_is_shown_the_way_to_settings(app: Flask) -> None:
    way = f'href="{SETTINGS}"'
    assert way in OfficeVisitor(app).sign_in().fetch("/office/rounds").text
    school = OfficeVisitor(app).sign_in("school@example.se")
    assert way not in school.fetch(SETTINGS, status=403).text


def test_before_the_first_import_there_is_no_unit_to_choose(admin: OfficeVisitor, on_file: Database) -> None:
    with on_file.write() as connection:
        for table in (
            *("link_code", "link", "collection", "survey_round"),
            *("unit_group", "unit_school_form", "unit", "operator", "municipality"),
        ):
            connection.exec_driver_sql(f"DELETE FROM {table}")  # noqa: S608
    assert "no organisation yet" in admin.fetch("/office/settings/units").text
    admin.fetch(UNIT, status=404)


def test_words_that_were_kept_are_on_the_page_again(admin: OfficeVisitor, on_file: Database) -> None:
    change_words(on_file, 0, Words({"results": {"en": "In March"}}), DURING)
    assert "In March</textarea>" in admin.fetch(TEXTS).text
