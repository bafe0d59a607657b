"""Who is signed in to the office: a session in a signed cookie, and what it lets somebody do."""

from collections.abc import Callable
from datetime import timedelta
from functools import wraps
from http import HTTPStatus
from typing import ParamSpec

from flask import Flask, abort, current_app, g, redirect, request, session, url_for
from flask.typing import ResponseReturnValue
from flask_wtf.csrf import CSRFProtect

from survey_service.domain.permission import Action, may
from survey_service.services.readiness import Database
from survey_service.services.sign_in import Account, signed_in
from survey_service.settings import Settings
from survey_service.web.shared.application import now
from survey_service.web.shared.language import speak

SESSION_LIVES = timedelta(hours=12)

Arguments = ParamSpec("Arguments")


def install_sessions(app: Flask, settings: Settings, database: Database) -> None:
    """Give the application signed sessions, and refuse forms that it did not hand out."""
    app.extensions.update(settings=settings, database=database)
    newest, *older = settings.keys["session"]
    app.config.update(
        SECRET_KEY=newest,
        SECRET_KEY_FALLBACKS=older,
        SESSION_COOKIE_NAME="office",
        SESSION_COOKIE_PATH="/office",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.office_url.startswith("https:"),
        SESSION_REFRESH_EACH_REQUEST=False,
        PERMANENT_SESSION_LIFETIME=SESSION_LIVES,
        # A form's token lives as long as its session. Its check of the referrer is off as our pages send none.
        WTF_CSRF_TIME_LIMIT=None,
        WTF_CSRF_SSL_STRICT=False,
    )
    app.before_request(_know_the_reader)
    CSRFProtect(app)


def the_database() -> Database:
    """The database of the running application."""
    database: Database = current_app.extensions["database"]
    return database


def the_settings() -> Settings:
    """The settings of the running application."""
    settings: Settings = current_app.extensions["settings"]
    return settings


def start_session(account: Account) -> None:
    """Sign in as the account for twelve hours; of the session before, only the language stays."""
    language = session.get("language")
    session.clear()
    session.permanent = True
    until = now() + SESSION_LIVES
    session.update(email=account.email, epoch=account.session_epoch, until=until.timestamp())
    if language:
        session["language"] = language


def end_session() -> None:
    """Forget who was signed in on this browser."""
    for name in ("email", "epoch", "until"):
        session.pop(name, None)


def signed_in_account() -> Account | None:
    """The account that this request comes from, None where nobody is signed in."""
    account: Account | None = g.get("account")
    return account


def allowed(action: str) -> bool:
    """Whether somebody is signed in who may take the action."""
    account = signed_in_account()
    return account is not None and may(account.role, Action(action))


def requires(
    action: Action,
) -> Callable[[Callable[Arguments, ResponseReturnValue]], Callable[Arguments, ResponseReturnValue]]:
    """Let only accounts whose role may take the action reach a view; send those who are not signed in to do so."""

    def guard(view: Callable[Arguments, ResponseReturnValue]) -> Callable[Arguments, ResponseReturnValue]:
        @wraps(view)
        def guarded(*args: Arguments.args, **kwargs: Arguments.kwargs) -> ResponseReturnValue:
            account = signed_in_account()
            if account is None:
                return redirect(url_for("sign_in.explain"), HTTPStatus.SEE_OTHER)
            if not may(account.role, action):
                abort(HTTPStatus.FORBIDDEN)
            return view(*args, **kwargs)

        return guarded

    return guard


def _know_the_reader() -> None:
    """Settle language and account once, before anything else, so that error pages know them too."""
    g.account = None
    if request.endpoint in {"static", "health", "ready"}:
        return
    if session.get("language") in current_app.extensions["tags"]:
        speak(session["language"])
    if "email" in session and now().timestamp() < session["until"]:
        g.account = signed_in(the_database(), session["email"], session["epoch"])
