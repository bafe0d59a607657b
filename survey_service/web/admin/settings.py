"""How respondents' pages look and what they say: the municipality's face and words, and each unit's own."""

from http import HTTPStatus

from flask import Blueprint, abort, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from survey_service.domain.colour import DARK, LIGHT, Colour, accents
from survey_service.domain.logo import LARGEST, Logo
from survey_service.domain.municipality import LONGEST_NAME, LONGEST_TEXT, OF_A_UNIT, Face, Kind, Words
from survey_service.domain.permission import Action
from survey_service.services.accessibility_feedback import read_feedback, remove_feedback
from survey_service.services.change_settings import (
    ChangedMeanwhile,
    UnknownUnit,
    change_face,
    change_words,
    face_to_edit,
    name_units,
    unit_name,
    words_to_edit,
)
from survey_service.services.municipality import find_logo
from survey_service.web.admin import colour_picture
from survey_service.web.admin.colour_picture import data_address
from survey_service.web.admin.settings_form import Typed, read_face, read_words
from survey_service.web.shared.application import now
from survey_service.web.shared.language import gettext
from survey_service.web.shared.office_session import requires, the_database

pages = Blueprint("settings", __name__)


@pages.get("/office/settings")
@requires(Action.CHANGE_SETTINGS)
def show() -> ResponseReturnValue:
    """Name, logo and colour, and the way to everything else that can be set."""
    version, face = face_to_edit(the_database())
    return _face_page(face, version)


@pages.post("/office/settings")
@requires(Action.CHANGE_SETTINGS)
def change() -> ResponseReturnValue:
    """Take a new face, show how its colour would look, or say what is wrong with it."""
    _, now_shown = face_to_edit(the_database())
    typed = Typed(request.form)
    face, logo = read_face(typed, request.files.get("logo"), now_shown.logo)
    if typed.wrong or "look" in request.form:
        shown = Face(face.name, face.colour, now_shown.logo)
        return _face_page(shown, typed.version(), typed), HTTPStatus.BAD_REQUEST if typed.wrong else HTTPStatus.OK
    return _face_taken(typed, face, logo)


@pages.get("/office/settings/texts")
@requires(Action.CHANGE_SETTINGS)
def show_texts() -> ResponseReturnValue:
    """What pages say for the municipality."""
    version, words = words_to_edit(the_database())
    return _words_page(words, version)


@pages.post("/office/settings/texts")
@requires(Action.CHANGE_SETTINGS)
def change_texts() -> ResponseReturnValue:
    """Take new words of the municipality, or say what is wrong with them."""
    return _take_words(tuple(Kind))


@pages.get("/office/settings/units")
@requires(Action.CHANGE_SETTINGS)
def units() -> ResponseReturnValue:
    """Every unit, leading to its own words."""
    return render_template("admin/settings_units.html", units=name_units(the_database()))


@pages.get("/office/settings/units/<text:unit_code>")
@requires(Action.CHANGE_SETTINGS)
def show_unit(unit_code: str) -> ResponseReturnValue:
    """What pages say for one unit."""
    try:
        version, words = words_to_edit(the_database(), unit_code)
    except UnknownUnit:
        abort(HTTPStatus.NOT_FOUND)
    return _words_page(words, version, unit_code=unit_code)


@pages.post("/office/settings/units/<text:unit_code>")
@requires(Action.CHANGE_SETTINGS)
def change_unit(unit_code: str) -> ResponseReturnValue:
    """Take new words of a unit, or say what is wrong with them."""
    return _take_words(OF_A_UNIT, unit_code)


@pages.get("/office/feedback")
@requires(Action.CHANGE_SETTINGS)
def feedback() -> ResponseReturnValue:
    """What people wrote about accessibility."""
    return render_template("admin/feedback.html", texts=read_feedback(the_database()))


@pages.post("/office/feedback")
@requires(Action.CHANGE_SETTINGS)
def remove() -> ResponseReturnValue:
    """Remove a text that was dealt with."""
    remove_feedback(the_database(), request.form.get("id", ""))
    flash(gettext("The text is removed."))
    return redirect(url_for(".feedback"), HTTPStatus.SEE_OTHER)


def _face_taken(typed: Typed, face: Face, logo: Logo | None) -> ResponseReturnValue:
    try:
        change_face(the_database(), typed.version(), face, logo)
    except ChangedMeanwhile:
        version, current = face_to_edit(the_database())
        shown = Face(face.name, face.colour, current.logo)
        return _face_page(shown, version, typed, meanwhile=True), HTTPStatus.CONFLICT
    flash(gettext("Saved. Respondents see it within a minute."))
    return redirect(url_for(".show"), HTTPStatus.SEE_OTHER)


def _take_words(kinds: tuple[Kind, ...], unit_code: str = "") -> ResponseReturnValue:
    typed = Typed(request.form)
    words = read_words(typed, kinds, now())
    try:
        version, _ = words_to_edit(the_database(), unit_code)
        if typed.wrong:
            return _words_page(words, typed.version(), typed, unit_code=unit_code), HTTPStatus.BAD_REQUEST
        change_words(the_database(), typed.version(), words, now(), unit_code)
    except UnknownUnit:
        abort(HTTPStatus.NOT_FOUND)
    except ChangedMeanwhile:
        return _words_page(words, version, typed, meanwhile=True, unit_code=unit_code), HTTPStatus.CONFLICT
    flash(gettext("Saved. Respondents see it within a minute."))
    return redirect(url_for(".units" if unit_code else ".show"), HTTPStatus.SEE_OTHER)


def _face_page(face: Face, version: int, typed: Typed | None = None, *, meanwhile: bool = False) -> str:
    wrong = typed.wrong if typed else {}
    found = accents(Colour.parse(face.colour)) if face.colour and "colour" not in wrong else None
    logo = find_logo(the_database(), face.logo)
    return render_template(
        "admin/settings.html",
        face=face,
        version=version,
        wrong=wrong,
        meanwhile=meanwhile,
        logo=data_address(logo.content, logo.media_type) if logo else None,
        accents=found,
        picture=colour_picture.picture(found) if found else None,
        ratios=(colour_picture.ratio(found.light, LIGHT), colour_picture.ratio(found.dark, DARK)) if found else (),
        longest_name=LONGEST_NAME,
        most_bytes=LARGEST // 1024,
    )


def _words_page(
    words: Words, version: int, typed: Typed | None = None, *, meanwhile: bool = False, unit_code: str = ""
) -> str:
    return render_template(
        "admin/settings_words.html",
        words=words,
        version=version,
        wrong=typed.wrong if typed else {},
        assessed=typed.fields.get("assessed", "") if typed else words.assessed or "",
        meanwhile=meanwhile,
        kinds=OF_A_UNIT if unit_code else tuple(Kind),
        unit=unit_name(the_database(), unit_code) if unit_code else "",
        longest=LONGEST_TEXT,
    )
