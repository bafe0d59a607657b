"""Watch the answers of a round come in, and close it."""

from http import HTTPStatus

from flask import Blueprint, Response, abort, flash, make_response, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_service.domain.permission import Action
from survey_service.domain.survey_round import LOCAL_TIME, State
from survey_service.services.close_round import NotOpen, close_round
from survey_service.services.find import UnknownCollection, UnknownRound
from survey_service.services.round_status import RoundStatus, list_rounds_status, round_status
from survey_service.web.shared.application import now
from survey_service.web.shared.language import gettext
from survey_service.web.shared.office_session import requires, the_database

pages = Blueprint("rounds", __name__)

MOST_GROUPS_ON_A_PAGE = 600
"""Beyond it a round's page shows units only; the groups are on each unit's own page."""

TAKES_ANSWERS = (State.OPEN, State.CLOSING)


@pages.get("/office")
@requires(Action.WATCH_ROUNDS)
def start() -> ResponseReturnValue:
    """The newest round that takes answers, or the list of rounds where none does."""
    going_on = (item.id for item in list_rounds_status(the_database(), now()) if item.state in TAKES_ANSWERS)
    newest = next(going_on, None)
    target = url_for("rounds.show", round_id=newest) if newest else url_for("rounds.index")
    return redirect(target, HTTPStatus.SEE_OTHER)


@pages.get("/office/rounds")
@requires(Action.WATCH_ROUNDS)
def index() -> ResponseReturnValue:
    """Every round with its figures."""
    return render_template("admin/rounds.html", rounds=list_rounds_status(the_database(), now()))


@pages.get("/office/rounds/<slug:round_id>")
@requires(Action.WATCH_ROUNDS)
def show(round_id: str) -> ResponseReturnValue:
    """One round, live."""
    return _page(existing(round_id))


@pages.get("/office/rounds/<slug:round_id>/figures")
@requires(Action.WATCH_ROUNDS)
def figures(round_id: str) -> ResponseReturnValue:
    """The part of a round's page that changes; 304 where it has not."""
    return _figures(existing(round_id))


@pages.get("/office/rounds/<slug:round_id>/units/<text:unit_code>")
@requires(Action.WATCH_ROUNDS)
def show_unit(round_id: str, unit_code: str) -> ResponseReturnValue:
    """One unit in a round, live."""
    return _page(existing(round_id, unit_code), unit_code)


@pages.get("/office/rounds/<slug:round_id>/figures/<text:unit_code>")
@requires(Action.WATCH_ROUNDS)
def unit_figures(round_id: str, unit_code: str) -> ResponseReturnValue:
    """The part of a unit's page that changes; 304 where it has not."""
    return _figures(existing(round_id, unit_code), unit_code)


@pages.get("/office/rounds/<slug:round_id>/close")
@requires(Action.CLOSE_ROUNDS)
def ask_to_close(round_id: str) -> ResponseReturnValue:
    """Say what closing means, and ask."""
    return _close_page(existing(round_id), request.args.get("collection"))


@pages.post("/office/rounds/<slug:round_id>/close")
@requires(Action.CLOSE_ROUNDS)
def close(round_id: str) -> ResponseReturnValue:
    """Close the round or one collection of it now; the worker then counts and compiles."""
    try:
        close_round(the_database(), round_id, now(), request.form.get("collection"))
    except (UnknownRound, UnknownCollection):
        abort(HTTPStatus.NOT_FOUND)
    except NotOpen:
        return _close_page(existing(round_id), request.form.get("collection"))
    flash(gettext("Closed. No more answers are taken."))
    return redirect(url_for("rounds.show", round_id=round_id), HTTPStatus.SEE_OTHER)


def existing(round_id: str, unit_code: str | None = None) -> RoundStatus:
    """The status of the round that the address names, or of one unit in it; else a 404 page."""
    most_groups = MOST_GROUPS_ON_A_PAGE if unit_code is None else None
    try:
        status = round_status(the_database(), round_id, now(), unit_code=unit_code, most_groups=most_groups)
    except UnknownRound:
        abort(HTTPStatus.NOT_FOUND)
    if unit_code is not None and not status.collections:
        abort(HTTPStatus.NOT_FOUND)
    return status


def _page(status: RoundStatus, unit_code: str = "") -> str:
    return render_template(
        "admin/unit.html" if unit_code else "admin/round.html",
        status=status,
        unit_code=unit_code,
        can_close=any(item.state in TAKES_ANSWERS for item in status.collections),
        at=now().astimezone(LOCAL_TIME),
    )


def _figures(status: RoundStatus, unit_code: str = "") -> Response:
    text = render_template("admin/figures.html", status=status, unit_code=unit_code)
    response = make_response(text)
    response.add_etag()
    response.make_conditional(request)
    return response


def _close_page(status: RoundStatus, only: str | None) -> ResponseReturnValue:
    named = [item for item in status.collections if only in (None, item.id)]
    if only is not None and not named:
        abort(HTTPStatus.NOT_FOUND)
    closing = [item for item in named if item.state in TAKES_ANSWERS]
    template = "admin/close.html" if closing else "admin/nothing_open.html"
    page = render_template(template, status=status, closing=closing, only=only)
    return page, HTTPStatus.OK if closing else HTTPStatus.CONFLICT
