"""The headers that every reply carries, and the Content-Security-Policy of an application."""

import base64
import hashlib

from flask import Flask, Response

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


def install_headers(app: Flask, policy: str) -> None:
    """Give every reply of the application the headers that it does not have yet."""
    headers = [("Content-Security-Policy", policy), *ALWAYS.items()]

    @app.after_request
    def _complete(response: Response) -> Response:
        for name, value in headers:
            response.headers.setdefault(name, value)
        return response
