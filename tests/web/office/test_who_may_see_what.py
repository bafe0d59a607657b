"""Every address of the office, walked by everybody: what is not allowed is refused, and this would be noticed."""

import pytest
from flask import Flask
from werkzeug.routing import Rule

from survey_service.domain.permission import Role
from survey_service.services.manage_accounts import add_account
from tests.support.office import OfficeVisitor, csrf_token

OPEN_TO_ALL = {
    *("/health", "/ready", "/office/static/<name>"),
    *("/office/sign-in", "/office/sign-in/<token>", "/office/sign-out", "/office/language"),
}
"""The only addresses that need nobody to be signed in."""

EXAMPLES = {"round_id": "ht-2026", "unit_code": "10000001", "token": "x", "name": "x.css"}

ANONYMOUS = "anonymous"
REFUSED = {ANONYMOUS: 303, Role.OPERATOR: 403, Role.SCHOOL: 403, Role.READER: 403}


def doors(app: Flask) -> list[tuple[str, str, str]]:
    """Every (method, pattern, address) of the application."""
    return [
        (method, rule.rule, address(app, rule))
        for rule in app.url_map.iter_rules()
        for method in sorted((rule.methods or set()) - {"OPTIONS"})
    ]


def address(app: Flask, rule: Rule) -> str:
    with app.test_request_context():
        url: str = app.url_for(rule.endpoint, **{name: EXAMPLES[name] for name in rule.arguments})
    return url


def left_open(app: Flask, role: str) -> list[str]:
    """The doors that do not turn a role away as they should, of those that are not open to all."""
    visitor = OfficeVisitor(app)
    if role != ANONYMOUS:
        visitor.sign_in(f"{role}@example.se")
    found = []
    for method, pattern, path in doors(app):
        if pattern not in OPEN_TO_ALL:
            token = csrf_token(visitor.page("/office/nowhere", status=404))
            data = {"csrf_token": token} if method == "POST" else None
            reply = visitor.client.open(path, method=method, data=data)
            if reply.status_code != REFUSED[role]:
                found.append(f"{method} {pattern} answers {reply.status_code}")
    return found


@pytest.mark.parametrize("role", REFUSED)
def test_whoever_is_not_of_the_municipal_office_is_turned_away_everywhere(app: Flask, role: str) -> None:
    assert left_open(app, role) == []


@pytest.mark.parametrize("role", REFUSED)
def test_a_door_that_somebody_forgot_to_lock_would_be_noticed(app: Flask, role: str) -> None:
    app.add_url_rule("/office/forgotten", "forgotten", lambda: "<p>everything</p>", methods=["GET", "POST"])
    assert left_open(app, role) == [f"{method} /office/forgotten answers 200" for method in ("GET", "HEAD", "POST")]


def test_the_municipal_office_comes_through_every_door(app: Flask) -> None:
    admin = OfficeVisitor(app).sign_in()
    replies = {
        pattern: admin.client.get(path).status_code
        for method, pattern, path in doors(app)
        if method == "GET" and pattern not in OPEN_TO_ALL
    }
    assert replies
    assert set(replies.values()) <= {200, 303}


def test_what_is_open_to_all_exists(app: Flask) -> None:
    assert {pattern for _, pattern, _ in doors(app)} >= OPEN_TO_ALL


def test_an_account_without_pages_yet_is_told_so_and_can_sign_out(app: Flask) -> None:
    school = OfficeVisitor(app).sign_in("school@example.se")
    page = school.fetch("/office", status=403).text
    assert "Your account may not see this page" in page
    assert "not there yet" in page
    assert "Sign out" in page


def test_an_account_that_loses_its_role_loses_its_pages_at_once(app: Flask) -> None:
    admin = OfficeVisitor(app).sign_in()
    add_account(app.extensions["database"], "anna@example.se", "reader", ["10000001"])
    admin.fetch("/office/rounds", status=403)
