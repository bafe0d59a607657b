"""Makes the respondent application: only public keys and signing keys, and no cookie."""

from pathlib import Path

from flask import Flask

from survey_service.domain.feedback_token import FeedbackTokens
from survey_service.questionnaires.catalogs import Catalogs
from survey_service.services.readiness import Database
from survey_service.settings import Settings, shipped
from survey_service.web.respondent.desk import Desk
from survey_service.web.respondent.face import Faces, install_faces
from survey_service.web.respondent.failed_codes import FailedCodes
from survey_service.web.respondent.feedback_bound import FeedbackBound
from survey_service.web.respondent.form_pages import FormPages
from survey_service.web.respondent.recordings import Recordings
from survey_service.web.respondent.statements import FeedbackBox, statements
from survey_service.web.respondent.symbols import Symbols
from survey_service.web.respondent.views import respondent
from survey_service.web.shared.application import SHARED, Clock, make_application
from survey_service.web.shared.headers import content_policy, inline_source
from survey_service.web.shared.language import complete_tags
from survey_service.web.shared.probes import install_probes
from survey_service.web.shared.styles import data_address, style_sheet

AREA = Path(__file__).parent

LARGEST_BODY = 64 * 1024
MOST_PARTS = 500

PAUSE_SECONDS = 1.0


def create_respondent(
    settings: Settings,
    database: Database,
    *,
    catalogs: Catalogs | None = None,
    clock: Clock | None = None,
    pause_seconds: float = PAUSE_SECONDS,
) -> Flask:
    """The application, with RESPONDENT_KEYS among the settings.

    `catalogs` are the shipped ones unless told otherwise; `pause_seconds` is how long at most one thread delays
    a failed code, a second at most.
    """
    catalogs = catalogs or Catalogs(shipped("translations"))
    sheets = [SHARED / "static" / name for name in ("tokens.css", "base.css")]
    styles = style_sheet(*sheets, *(AREA / name for name in ("respondent.css", "steps.css", "face.css")))
    app = make_application(
        __package__,
        layout="respondent/layout.html",
        areas=[AREA],
        catalogs=catalogs,
        tags=complete_tags(catalogs),
        policy=_policy(styles),
        clock=clock,
        MAX_CONTENT_LENGTH=LARGEST_BODY,
        MAX_FORM_MEMORY_SIZE=LARGEST_BODY,
        MAX_FORM_PARTS=MOST_PARTS,
    )
    # Styles and icon stand inside the page, so that opening a form is one request.
    install_faces(app, Faces(database, styles, _policy))
    app.jinja_env.globals["icon"] = data_address(SHARED / "static" / "mark.svg", "image/svg+xml")
    Recordings(settings.forms_folders).install(app)
    pages = FormPages(catalogs, Symbols(shipped("forms") / "symbols"))
    app.extensions["desk"] = Desk(settings, database, pages, FailedCodes(pause_seconds))
    app.extensions["feedback_box"] = FeedbackBox(database, FeedbackTokens(settings.keys["token"]), FeedbackBound())
    app.register_blueprint(respondent)
    app.register_blueprint(statements)
    install_probes(app, database)
    return app


def _policy(styles: str) -> str:
    own = "'self'"  # the script, where it sends the answers, and recordings of questions
    return content_policy(style_src=inline_source(styles), script_src=own, connect_src=own, media_src=own)
