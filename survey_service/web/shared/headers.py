"""The headers that every reply carries, and the Content-Security-Policy of an application."""

import base64
import hashlib
from collections.abc import Callable, Iterable, Mapping
from typing import Any
from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

from flask import Flask

ALWAYS = {
    "Referrer-Policy": "no-referrer",
    "X-Content-Type-Options": "nosniff",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=()",
    "X-Robots-Tag": "noindex, nofollow",
    # A page that somebody answered, or that shows results to one person, is nobody else's.
    "Cache-Control": "no-store",
}
"""What a reply carries unless its view said otherwise."""

STRICT = {
    "default-src": "'none'",
    "style-src": "'self'",
    "img-src": "'self' data:",
    "form-action": "'self'",
    "base-uri": "'none'",
    "frame-ancestors": "'none'",
}


def content_policy(**sources: str) -> str:
    """The strict policy with some of its directives (underscores for dashes) changed or added."""
    directives = STRICT | {name.replace("_", "-"): source for name, source in sources.items()}
    return "; ".join(f"{name} {source}" for name, source in directives.items())


def inline_source(content: str) -> str:
    """The policy source that allows exactly this inline style sheet or script."""
    digest = hashlib.sha256(content.encode()).digest()
    return f"'sha256-{base64.b64encode(digest).decode()}'"


class CompletedHeaders:
    """A WSGI application whose every reply has the given headers, unless it has its own.

    Below Flask, because it costs a tenth there, and because a reply that fails half-way passes here too.
    """

    def __init__(self, app: WSGIApplication, headers: Mapping[str, str]) -> None:
        self._app = app
        self._headers = [(name.lower(), (name, value)) for name, value in headers.items()]

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Pass the request on, and complete the headers of the reply."""

        def start(status: str, headers: list[tuple[str, str]], *exc_info: Any) -> Callable[[bytes], object]:
            there = {name.lower() for name, _ in headers}
            missing = [header for name, header in self._headers if name not in there]
            return start_response(status, headers + missing, *exc_info)

        return self._app(environ, start)


def install_headers(app: Flask, policy: str) -> None:
    """Give every reply of the application the headers that it does not have yet."""
    headers = {"Content-Security-Policy": policy, **ALWAYS}
    app.wsgi_app = CompletedHeaders(app.wsgi_app, headers)  # type: ignore[method-assign]
