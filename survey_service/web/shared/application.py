"""Puts a Flask application together from the pieces that both applications share."""

from collections.abc import Callable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from types import TracebackType
from typing import Any

from flask import Flask, current_app, request
from jinja2 import FileSystemLoader, StrictUndefined

from survey_service.questionnaires.catalogs import Catalogs
from survey_service.web.shared.errors import install_error_pages
from survey_service.web.shared.headers import install_headers
from survey_service.web.shared.language import install_languages
from survey_service.web.shared.quiet_log import described
from survey_service.web.shared.static_files import StaticFiles

SHARED = Path(__file__).parent

Clock = Callable[[], datetime]
"""The present as an aware instant in UTC; tests set their own."""


class QuietFlask(Flask):
    """Flask that writes down what went wrong without writing down who met it or what they sent."""

    def log_exception(
        self, exc_info: tuple[type, BaseException, TracebackType | None] | tuple[None, None, None]
    ) -> None:
        """The route's pattern, the exception's class and places in the code; no path, message or value."""
        self.logger.error("Error in %s: %s", request.url_rule or "no route", described(exc_info[1]))


def make_application(
    name: str,
    *,
    layout: str,
    areas: Sequence[Path],
    catalogs: Catalogs,
    tags: Sequence[str],
    policy: str,
    static_prefix: str = "/static",
    clock: Clock | None = None,
    **config: Any,
) -> Flask:
    """An application with languages, security headers, error pages and static files, and no route of its own.

    `layout` is the template that the shared error pages extend, `areas` the folders whose `templates` and `static`
    belong to the application besides the shared ones, `tags` the languages it speaks (the first is the default),
    `policy` its Content-Security-Policy. `config` goes to Flask.
    """
    app = QuietFlask(name, static_folder=None)
    app.config.update(config)
    app.extensions["clock"] = clock or _present
    app.jinja_loader = FileSystemLoader([folder / "templates" for folder in (*areas, SHARED)])
    environment = app.jinja_env
    environment.autoescape = True
    environment.undefined = StrictUndefined
    environment.trim_blocks = environment.lstrip_blocks = True
    environment.globals["layout"] = layout
    install_languages(app, catalogs, tags)
    install_headers(app, policy)
    install_error_pages(app)
    StaticFiles(static_prefix, [folder / "static" for folder in (SHARED, *areas)]).install(app)
    return app


def now() -> datetime:
    """The present of the running application."""
    clock: Clock = current_app.extensions["clock"]
    return clock()


def _present() -> datetime:
    return datetime.now(UTC)
