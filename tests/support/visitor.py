"""Somebody with a browser: every page that they fetch is checked for what must hold for all pages."""

from typing import Any

from flask import Flask
from werkzeug.test import TestResponse

from tests.support.pages import Page, faults

LIKE_A_BROWSER = {"Accept-Language": "sv"}


class Visitor:
    """Fetches pages from an application without a network; redirects are not followed."""

    def __init__(self, app: Flask) -> None:
        self.client = app.test_client(use_cookies=False)

    def fetch(self, path: str, method: str = "GET", *, status: int = 200, **request: Any) -> TestResponse:
        """The reply, which must have that status and no fault."""
        headers = {**LIKE_A_BROWSER, **request.pop("headers", {})}
        response = self.client.open(path, method=method, headers=headers, **request)
        assert response.status_code == status, response.text
        assert "Set-Cookie" not in response.headers
        if response.mimetype == "text/html" and method not in ("HEAD", "OPTIONS") and status not in (302, 303, 308):
            found = list(faults(response.text, dict(response.headers)))
            assert not found, "\n".join([*found, response.text])
        return response

    def page(self, path: str, *, status: int = 200, **request: Any) -> Page:
        """The page at a path."""
        return Page(self.fetch(path, status=status, **request).text)

    def send(self, path: str, fields: dict[str, Any], *, status: int = 303, **request: Any) -> TestResponse:
        """The reply to a sent form."""
        return self.fetch(path, "POST", status=status, data=fields, **request)
