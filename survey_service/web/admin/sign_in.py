"""Sign in by a one-time link, sign out everywhere, and choose the office's language."""

import re
from http import HTTPStatus

from flask import Blueprint, abort, current_app, flash, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from survey_service.services.sign_in import ExpiredLink, UnknownLink, look_at_link, sign_out, use_link
from survey_service.web.shared.application import now
from survey_service.web.shared.language import gettext, speak
from survey_service.web.shared.office_session import end_session, signed_in_account, start_session, the_database

pages = Blueprint("sign_in", __name__)

REFUSALS = {
    UnknownLink: ("admin/link_unknown.html", HTTPStatus.NOT_FOUND),
    ExpiredLink: ("admin/link_expired.html", HTTPStatus.GONE),
}


@pages.get("/office/sign-in")
def explain() -> ResponseReturnValue:
    """How one signs in."""
    if signed_in_account():
        return redirect(url_for("rounds.start"), HTTPStatus.SEE_OTHER)
    return render_template("admin/sign_in.html")


@pages.get("/office/sign-in/<token>")
def ask(token: str) -> ResponseReturnValue:
    """A button to sign in with: opening the link does nothing yet, as programs that check mail open links too."""
    try:
        email = look_at_link(the_database(), token, now())
    except (UnknownLink, ExpiredLink) as refusal:
        return _refused(refusal)
    return render_template("admin/sign_in_now.html", email=email)


@pages.post("/office/sign-in/<token>")
def enter(token: str) -> ResponseReturnValue:
    """Sign in, using the link up."""
    try:
        account = use_link(the_database(), token, now())
    except (UnknownLink, ExpiredLink) as refusal:
        return _refused(refusal)
    start_session(account)
    return redirect(url_for("rounds.start"), HTTPStatus.SEE_OTHER)


@pages.post("/office/sign-out")
def leave() -> ResponseReturnValue:
    """End all sessions of the account, on every device."""
    account = signed_in_account()
    if account:
        sign_out(the_database(), account.email)
        flash(gettext("You are signed out, on every device."))
    end_session()
    return redirect(url_for("sign_in.explain"), HTTPStatus.SEE_OTHER)


@pages.post("/office/language")
def choose_language() -> ResponseReturnValue:
    """Speak another language from now on, and go back to the page that was open."""
    tag = request.form.get("language", "")
    if tag not in current_app.extensions["tags"]:
        abort(HTTPStatus.BAD_REQUEST)
    session["language"] = tag
    speak(tag)
    back = request.form.get("back", "")
    # Only to a page of ours: an address from outside could lead anywhere.
    own = re.fullmatch(r"/office(/[\w%~.-]+)*", back, re.ASCII)
    return redirect(back if own else url_for("rounds.start"), HTTPStatus.SEE_OTHER)


def _refused(refusal: Exception) -> ResponseReturnValue:
    template, status = REFUSALS[type(refusal)]
    return render_template(template), status
