"""What the service says of itself: about the survey, data protection and accessibility, with a form for feedback."""

from dataclasses import dataclass
from http import HTTPStatus

from flask import Blueprint, current_app, redirect, render_template, request, url_for
from werkzeug.wrappers import Response

from survey_service.domain.feedback_token import AlteredFeedbackToken, FeedbackTokens
from survey_service.domain.municipality import LONGEST_TEXT, TooLong
from survey_service.services.accessibility_feedback import NothingWritten, TooMuchFeedback, give_feedback
from survey_service.services.readiness import Database
from survey_service.web.respondent.feedback_bound import FeedbackBound, TooManyAtOnce
from survey_service.web.shared.application import now
from survey_service.web.shared.language import address_language

statements = Blueprint("statements", __name__)

REFUSALS: dict[type[Exception], tuple[str, HTTPStatus]] = {
    NothingWritten: ("empty", HTTPStatus.BAD_REQUEST),
    TooLong: ("long", HTTPStatus.BAD_REQUEST),
    AlteredFeedbackToken: ("token", HTTPStatus.BAD_REQUEST),
    TooManyAtOnce: ("many", HTTPStatus.TOO_MANY_REQUESTS),
    TooMuchFeedback: ("many", HTTPStatus.TOO_MANY_REQUESTS),
}
"""Why a text is given back: the words for it, and the status."""


@dataclass(frozen=True)
class FeedbackBox:
    """What takes feedback in. One object serves a process."""

    database: Database
    tokens: FeedbackTokens
    bound: FeedbackBound


@statements.get("/about")
def about() -> str:
    """Who asks, why, and who sees what: for children, or for grown-ups."""
    child = request.args.get("voice") == "child"
    return render_template("respondent/about_child.html" if child else "respondent/about.html")


@statements.get("/privacy")
def privacy() -> str:
    """What is stored and what is not, for how long, and whom to ask."""
    return render_template("respondent/privacy.html")


@statements.get("/accessibility")
def accessibility() -> str:
    """The accessibility statement, with a form for feedback."""
    return _accessibility_page()


@statements.post("/accessibility/feedback")
def take_feedback() -> Response | tuple[str, HTTPStatus]:
    """Keep what somebody wrote about accessibility, or give it back with what is wrong."""
    text = request.form.get("text", "")
    box: FeedbackBox = current_app.extensions["feedback_box"]
    try:
        feedback_id = box.tokens.read(request.form.get("token", ""))
        if text.strip():
            box.bound.take()
        give_feedback(box.database, feedback_id, text, now())
    except tuple(REFUSALS) as refusal:
        problem, status = REFUSALS[type(refusal)]
        return _accessibility_page(text, problem), status
    return redirect(url_for(".thanks_for_feedback", **address_language()), HTTPStatus.SEE_OTHER)


@statements.get("/accessibility/thanks")
def thanks_for_feedback() -> str:
    """The text has come."""
    return render_template("respondent/feedback_thanks.html")


def _accessibility_page(text: str = "", problem: str | None = None) -> str:
    box: FeedbackBox = current_app.extensions["feedback_box"]
    return render_template(
        "respondent/accessibility.html",
        written=text,
        problem=problem,
        longest=LONGEST_TEXT,
        token=box.tokens.new(),
    )
