"""Somebody at the municipal office with a browser: every page that they fetch is checked for what must always hold."""

from datetime import datetime
from pathlib import Path
from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from survey_service.services.sign_in import make_sign_in_link
from survey_service.settings import Settings
from survey_service.storage.database import Database
from survey_service.web.admin import AREA
from survey_service.web.shared.office_application import make_office
from tests.support.pages import HEADERS, Page, faults_of_html
from tests.support.small_municipality import DURING, KEYS

SESSION_KEY = bytes(range(40, 72))
ADMIN = "anna@example.se"

POLICY = ("default-src 'none'", "script-src 'self'", "style-src 'self'", "form-action 'self'", "frame-ancestors 'none'")


class Clock:
    """A clock that stands still until it is set."""

    def __init__(self) -> None:
        self.now: datetime = DURING

    def __call__(self) -> datetime:
        return self.now


def office_on(
    database: Database,
    clock: Clock,
    *,
    office_url: str = "http://localhost",
    session: tuple[bytes, ...] = (SESSION_KEY,),
) -> Flask:
    """The office application on a database that holds the small municipality."""
    keys = {"session": session, "link": tuple(KEYS.link), "lookup": tuple(KEYS.lookup)}
    settings = Settings(Path(), str(database.url), "https://answer.example", office_url, keys)
    return make_office(settings, database, [AREA], clock=clock)


class OfficeVisitor:
    """Fetches pages without a network and keeps cookies; redirects are not followed."""

    def __init__(self, app: Flask, language: str = "en") -> None:
        self.app = app
        self.client = app.test_client()
        self.language = language

    def fetch(self, path: str, method: str = "GET", *, status: int = 200, **request: Any) -> TestResponse:
        """The reply, which must have that status and no fault."""
        headers = {"Accept-Language": self.language, **request.pop("headers", {})}
        response = self.client.open(path, method=method, headers=headers, **request)
        assert response.status_code == status, response.text
        if response.mimetype == "text/html" and status not in (302, 303, 304, 308):
            assert not list(_header_faults(response))
            if method != "HEAD" and "<html" in response.text:
                found = list(faults_of_html(response.text))
                assert not found, "\n".join([*found, response.text])
        return response

    def page(self, path: str, *, status: int = 200) -> Page:
        """The page at a path."""
        return Page(self.fetch(path, status=status).text)

    def press(self, on: str, path: str, *, status: int = 303, **fields: str) -> TestResponse:
        """Open the page `on`, and send to `path` a form with the token that the page holds."""
        return self.fetch(path, "POST", status=status, data={"csrf_token": csrf_token(self.page(on)), **fields})

    def sign_in(self, email: str = ADMIN) -> "OfficeVisitor":
        """Sign in by a link, as a person does."""
        link = self.link(email)
        self.press(link, link)
        return self

    def link(self, email: str = ADMIN) -> str:
        """The path of a new sign-in link."""
        return make_sign_in_link(self.app.extensions["database"], "", email, self.app.extensions["clock"]())


def csrf_token(page: Page) -> str:
    """The token of a page's forms."""
    return next(item["value"] for item in page.attributes("input") if item.get("name") == "csrf_token")


def _header_faults(response: TestResponse) -> list[str]:
    wrong = [name for name, value in HEADERS.items() if response.headers.get(name) != value]
    policy = response.headers.get("Content-Security-Policy", "")
    return wrong + [part for part in POLICY if part not in policy] + ["unsafe"] * ("unsafe" in policy)
