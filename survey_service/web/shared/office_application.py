"""Puts the office application together from its areas: the signed-in part of the service."""

from collections.abc import Sequence
from dataclasses import dataclass
from http import HTTPStatus
from pathlib import Path

from flask import Blueprint, Flask, Response, make_response, render_template
from flask_wtf.csrf import CSRFError
from werkzeug.routing import BaseConverter

from survey_service.domain.languages import LANGUAGES
from survey_service.domain.organisation import SCHOOL_FORMS, Grades
from survey_service.questionnaires.catalogs import Catalogs
from survey_service.services.readiness import Database
from survey_service.settings import Settings, shipped
from survey_service.web.shared.application import Clock, make_application
from survey_service.web.shared.headers import content_policy
from survey_service.web.shared.office_session import allowed, install_sessions, signed_in_account
from survey_service.web.shared.probes import install_probes

LARGEST_REQUEST = 256 * 1024
"""A logo, or the municipality's texts in every language."""


class SlugConverter(BaseConverter):
    """A round's id in an address; what no id can hold is no page, and never reaches the database."""

    regex = r"[\w.-]+"


class TextConverter(BaseConverter):
    """A unit's code in an address: any text that a database can look for, slashes included."""

    part_isolating = False
    regex = r"[^/\0][^\0]*"


@dataclass(frozen=True)
class Area:
    """A part of the office: the folder of its templates and static files, and its routes."""

    folder: Path
    blueprints: tuple[Blueprint, ...]


def make_office(settings: Settings, database: Database, areas: Sequence[Area], *, clock: Clock | None = None) -> Flask:
    """The office application, with OFFICE_KEYS among the settings.

    One of the areas brings the templates `office/layout.html` and `office/form_too_old.html`.
    """
    app = make_application(
        "survey_service.office",
        layout="office/layout.html",
        areas=[area.folder for area in areas],
        catalogs=Catalogs(shipped("translations")),
        tags=tuple(LANGUAGES),
        policy=content_policy(script_src="'self'", connect_src="'self'"),
        static_prefix="/office/static",
        clock=clock,
        MAX_CONTENT_LENGTH=LARGEST_REQUEST,
    )
    app.jinja_env.globals.update(account=signed_in_account, allowed=allowed, school_forms=SCHOOL_FORMS)
    app.jinja_env.filters.update(percent=percent, number=number, grade=lambda grade: str(Grades(grade, grade)))
    install_sessions(app, settings, database)
    app.register_error_handler(CSRFError, _refused_form)
    app.url_map.converters.update(slug=SlugConverter, text=TextConverter)
    install_probes(app, database)
    for area in areas:
        for blueprint in area.blueprints:
            app.register_blueprint(blueprint)
    return app


def percent(rate: float) -> str:
    """A rate of 0–1 and beyond in whole percent."""
    return f"{round(100 * rate)}\N{NO-BREAK SPACE}%"


def number(count: int) -> str:
    """A number with its thousands apart."""
    return f"{count:,}".replace(",", "\N{NO-BREAK SPACE}")


def _refused_form(_error: CSRFError) -> Response:
    return make_response(render_template("office/form_too_old.html"), HTTPStatus.BAD_REQUEST)
