"""Signing in to the office and out of it."""

import re
from datetime import timedelta

import pytest
from flask import Flask

from survey_service.storage.database import Database
from tests.support.office import ADMIN, SESSION_KEY, Clock, OfficeVisitor, csrf_token, office_on

ROUND = "/office/rounds/ht-2026"


def cookie(visitor: OfficeVisitor) -> str:
    found = visitor.client.get_cookie("office", path="/office")
    assert found is not None
    return str(found.value)


def test_somebody_who_is_not_signed_in_is_shown_how(visitor: OfficeVisitor) -> None:
    assert visitor.fetch("/office", status=303).location == "/office/sign-in"
    page = visitor.fetch("/office/sign-in").text
    assert "survey-service account link" in page
    assert '<input type="email"' not in page


def test_a_link_and_its_button_sign_in(visitor: OfficeVisitor) -> None:
    link = visitor.link()
    assert ADMIN in visitor.fetch(link).text
    assert visitor.press(link, link).location == "/office"
    assert visitor.fetch("/office", status=303).location == ROUND
    assert ADMIN in visitor.fetch(ROUND).text


def test_somebody_signed_in_need_not_sign_in_again(admin: OfficeVisitor) -> None:
    assert admin.fetch("/office/sign-in", status=303).location == "/office"


@pytest.mark.parametrize("method", ["GET", "HEAD", "OPTIONS"])
def test_a_program_that_opens_links_in_mail_does_not_use_them_up(app: Flask, method: str) -> None:
    scanner, person = OfficeVisitor(app), OfficeVisitor(app)
    link = person.link()
    for _ in range(3):
        scanner.fetch(link, method)
    assert person.press(link, link).location == "/office"


def test_a_link_works_once_and_says_so_the_second_time(app: Flask) -> None:
    first, second = OfficeVisitor(app), OfficeVisitor(app)
    link = first.link()
    form = csrf_token(second.page(link))
    first.press(link, link)
    second.fetch(link, "POST", status=404, data={"csrf_token": form})
    assert "used already" in second.fetch(link, status=404).text
    second.fetch(ROUND, status=303)


def test_a_link_of_fifteen_minutes_ago_is_too_old(visitor: OfficeVisitor, clock: Clock) -> None:
    link = visitor.link()
    form = csrf_token(visitor.page(link))
    clock.now += timedelta(minutes=15)
    assert "fifteen minutes" in visitor.fetch(link, status=410).text
    visitor.fetch(link, "POST", status=410, data={"csrf_token": form})
    visitor.fetch(ROUND, status=303)


@pytest.mark.parametrize("token", ["x", "A" * 43, "å" * 43, "%00", "%FF%FE", "x" * 5000, "..%2f..%2fround"])
def test_a_forged_link_signs_nobody_in(visitor: OfficeVisitor, token: str) -> None:
    path = f"/office/sign-in/{token}"
    visitor.fetch(path, status=404)
    form = csrf_token(visitor.page("/office/sign-in"))
    visitor.fetch(path, "POST", status=404, data={"csrf_token": form})


def test_signing_out_ends_the_sessions_on_every_device(app: Flask) -> None:
    phone, desk, somebody_else = OfficeVisitor(app).sign_in(), OfficeVisitor(app).sign_in(), OfficeVisitor(app)
    somebody_else.sign_in("school@example.se")
    assert phone.press(ROUND, "/office/sign-out").location == "/office/sign-in"
    assert "signed out" in phone.fetch("/office/sign-in").text
    desk.fetch(ROUND, status=303)
    somebody_else.fetch(ROUND, status=403)


def test_a_cookie_kept_from_before_signing_out_opens_nothing(app: Flask) -> None:
    person, thief = OfficeVisitor(app).sign_in(), OfficeVisitor(app)
    thief.client.set_cookie("office", cookie(person), path="/office")
    thief.fetch(ROUND)
    person.press(ROUND, "/office/sign-out")
    thief.fetch(ROUND, status=303)


def test_signing_out_without_being_signed_in_is_harmless(visitor: OfficeVisitor) -> None:
    assert visitor.press("/office/sign-in", "/office/sign-out").location == "/office/sign-in"


def test_a_session_ends_after_twelve_hours_however_busy_it_was(admin: OfficeVisitor, clock: Clock) -> None:
    for _ in range(11):
        clock.now += timedelta(hours=1)
        admin.fetch(ROUND)
    clock.now += timedelta(minutes=59)
    admin.press(ROUND, "/office/language", language="sv", back="/office/rounds")
    clock.now += timedelta(minutes=1)
    admin.fetch(ROUND, status=303)


def test_the_cookie_is_kept_from_scripts_other_sites_and_other_paths(visitor: OfficeVisitor) -> None:
    link = visitor.link()
    (header,) = visitor.press(link, link).headers.getlist("Set-Cookie")
    name, *attributes = header.split("; ")
    assert name.startswith("office=")
    assert {"HttpOnly", "Path=/office", "SameSite=Lax"} <= set(attributes)
    assert "Secure" not in attributes


def test_on_https_the_cookie_travels_on_https_only(on_file: Database, clock: Clock) -> None:
    visitor = OfficeVisitor(office_on(on_file, clock, office_url="https://office.example"))
    reply = visitor.fetch("/office/sign-in", base_url="https://office.example")
    assert "Secure" in reply.headers["Set-Cookie"]
    link = visitor.link()
    page = visitor.fetch(link, base_url="https://office.example").text
    token = re.search(r'csrf_token" value="([^"]+)', page)
    assert token is not None
    visitor.fetch(link, "POST", status=303, data={"csrf_token": token[1]}, base_url="https://office.example")


def test_a_cookie_that_was_tampered_with_is_nobodys(admin: OfficeVisitor) -> None:
    payload, _, signature = cookie(admin).partition(".")
    admin.client.set_cookie("office", f"{payload[:-2]}AA.{signature}", path="/office")
    admin.fetch(ROUND, status=303)


def test_a_session_outlives_the_rotation_of_its_key_but_not_its_removal(on_file: Database, clock: Clock) -> None:
    person = OfficeVisitor(office_on(on_file, clock)).sign_in()
    for keys, status in (((bytes(range(50, 82)), SESSION_KEY), 200), ((bytes(range(50, 82)),), 303)):
        other = OfficeVisitor(office_on(on_file, clock, session=keys))
        other.client.set_cookie("office", cookie(person), path="/office")
        other.fetch(ROUND, status=status)


@pytest.mark.parametrize("path", ["/office/sign-out", "/office/language", f"{ROUND}/close", "/office/sign-in/{token}"])
@pytest.mark.parametrize("token", ["", "forged"])
def test_a_form_that_the_office_did_not_hand_out_is_refused_in_plain_words(
    admin: OfficeVisitor, path: str, token: str
) -> None:
    target = path.replace("{token}", admin.link().rpartition("/")[2])
    reply = admin.fetch(target, "POST", status=400, data={"csrf_token": token})
    assert "Nothing was done" in reply.text
    assert "take no more" in admin.fetch(f"{ROUND}/close").text


def test_the_language_is_the_browsers_until_somebody_chooses_one(app: Flask) -> None:
    assert '<html lang="sv"' in OfficeVisitor(app, "fr").fetch("/office/sign-in").text
    assert '<html lang="en"' in OfficeVisitor(app, "en-US").fetch("/office/sign-in").text
    person = OfficeVisitor(app, "sv")
    reply = person.press("/office/sign-in", "/office/language", language="en", back="/office/sign-in")
    assert reply.location == "/office/sign-in"
    assert '<html lang="en"' in person.fetch("/office/sign-in").text
    person.sign_in()
    assert '<html lang="en"' in person.fetch(ROUND).text
    assert '<html lang="en"' in person.fetch("/office/nowhere", status=404).text


def test_a_language_that_the_office_does_not_speak_is_refused(visitor: OfficeVisitor) -> None:
    visitor.press("/office/sign-in", "/office/language", status=400, language="tlh")


@pytest.mark.parametrize(
    "back", ["https://evil.example/office", "//evil.example", "/office//evil.example", "/other", "/office\r\nX: y", ""]
)
def test_choosing_a_language_leads_nowhere_but_to_the_office(visitor: OfficeVisitor, back: str) -> None:
    reply = visitor.press("/office/sign-in", "/office/language", language="sv", back=back)
    assert reply.location == "/office"
