"""What a respondent can do: type a code, open a form, switch its language, send it, and read thanks."""

from dataclasses import replace
from http import HTTPStatus
from typing import Any

from flask import Blueprint, Response, redirect, render_template, request, url_for
from werkzeug.exceptions import BadRequest
from werkzeug.wrappers import Response as AnyResponse

from survey_service.domain.access import Access, LinkRefused, MistypedCode, NoSeatsLeft, UnknownCode, read_code
from survey_service.domain.answer_fields import UnknownField, UnknownValue, readable_fields
from survey_service.domain.form_token import AlteredToken, FormToken
from survey_service.services.enter_link import check_door
from survey_service.services.submit_answers import submit_answers
from survey_service.web.respondent.desk import SENDING_SECONDS, Visit, desk
from survey_service.web.respondent.form_pages import Problem, Sheet
from survey_service.web.respondent.refusals import last_day, refusal_page
from survey_service.web.shared.accepts import takes_gzip
from survey_service.web.shared.application import now
from survey_service.web.shared.language import address_language

TOKEN, SWITCH, SECOND, STEP = "_token", "_switch", "_second", "_step"
OWN_FIELDS = frozenset({TOKEN, SWITCH, SECOND, STEP})

VARY = ("Vary", "Accept-Encoding, Accept-Language")

FORM_TYPES = frozenset({"application/x-www-form-urlencoded", "multipart/form-data"})

SHOWN_AT_MOST = 48
"""How much of a mistyped code is given back."""

WITH_THANKS = "return=representation"
"""What the script prefers (RFC 7240), so that sending is one request: the thanks come with the reply itself."""

respondent = Blueprint("respondent", __name__)

Fields = dict[str, list[str]]


@respondent.get("/")
def type_code() -> str:
    """The page to type a code on."""
    return _code_page()


@respondent.post("/")
def take_code() -> AnyResponse:
    """To the form of the typed code."""
    typed = request.form.get("code", "")
    return redirect(url_for(".open_form", code=read_code(typed), **address_language()), HTTPStatus.SEE_OTHER)


@respondent.get("/s/<code>", strict_slashes=False)
def open_form(code: str) -> Response:
    """The form behind a code, blank."""
    counter = desk()
    visit = counter.visit(code)
    check_door(visit.entrance, now())
    _speak(visit)
    page = counter.pages.blank(_sheet(visit))
    token = counter.tokens.sign(counter.new_token(visit)).encode()
    if takes_gzip(request.headers.get("Accept-Encoding", "")):
        return Response(page.gzipped(token), headers=[VARY, ("Content-Encoding", "gzip")])
    return Response(page.plain(token), headers=[VARY])


@respondent.post("/s/<code>", strict_slashes=False)
def send_form(code: str) -> AnyResponse:
    """Take the answers, switch the language around them, or give them back with what is wrong."""
    if request.mimetype not in FORM_TYPES:
        raise BadRequest
    visit = desk().visit(code, SENDING_SECONDS)
    _speak(visit)
    fields: Fields = request.form.to_dict(flat=False)
    answers = {name: values for name, values in fields.items() if name not in OWN_FIELDS}
    if SWITCH in fields:
        return _form_again(visit, fields)
    try:
        _submit(visit, desk().read_token(visit, _text(fields, TOKEN)), answers)
    except AlteredToken:
        return _form_again(visit, fields, Problem("token"), HTTPStatus.BAD_REQUEST)
    except UnknownField:
        return _form_again(visit, fields, Problem("field"), HTTPStatus.BAD_REQUEST)
    except UnknownValue as error:
        return _form_again(visit, fields, Problem("value", (str(error),)), HTTPStatus.BAD_REQUEST)
    except NoSeatsLeft:
        return _form_again(visit, fields, Problem("seats"), HTTPStatus.CONFLICT)
    return _sent(visit)


@respondent.get("/s/<code>/thanks")
def thanks(code: str) -> Response:
    """What happens now with the answers."""
    visit = desk().visit(code)
    _speak(visit)
    return _thanks(visit)


@respondent.errorhandler(MistypedCode)
def mistyped(_: MistypedCode) -> tuple[str, int]:
    """The code page again, with what was typed."""
    desk().failed_codes.note()
    return _code_page("mistyped"), HTTPStatus.NOT_FOUND


@respondent.errorhandler(UnknownCode)
def unknown(_: UnknownCode) -> tuple[str, int]:
    """The code page again: the code is spelt as codes are, but there is none like it."""
    desk().failed_codes.note()
    return _code_page("unknown"), HTTPStatus.NOT_FOUND


@respondent.errorhandler(LinkRefused)
def refused(reason: LinkRefused) -> tuple[str, int]:
    """Why the link does not admit its holder, and whom to ask."""
    _, entrance = desk().entrance((request.view_args or {})["code"])
    return refusal_page(reason, entrance, now())


def _submit(visit: Visit, token: FormToken, answers: Fields) -> None:
    submit_answers(
        desk().database,
        entrance=visit.entrance,
        token=token,
        form=visit.form,
        fields=answers,
        groups=visit.groups,
        sealing_key=desk().sealing_key,
        now=now(),
    )


def _sent(visit: Visit) -> AnyResponse:
    if request.headers.get("Prefer") == WITH_THANKS:
        return _thanks(visit)
    return redirect(url_for(".thanks", code=visit.code, **_kept_address()), HTTPStatus.SEE_OTHER)


def _thanks(visit: Visit) -> Response:
    another = visit.entrance.link.access is not Access.SINGLE_USE and _is_open(visit)
    page = render_template(
        "respondent/thanks.html",
        child=visit.form.form.voice == "child",
        unit_code=visit.entrance.link.unit_code,
        closes=last_day(visit.entrance),
        another=url_for(".open_form", code=visit.code, **_kept_address()) if another else None,
        kiosk=_kiosk(),
    )
    # The next one at this device gets nothing that the browser kept of the answered form.
    return Response(page, headers={"Clear-Site-Data": '"cache"'})


def _form_again(
    visit: Visit, fields: Fields, problem: Problem | None = None, status: HTTPStatus = HTTPStatus.OK
) -> Response:
    """The form with the answers that could be read, under the same submission id where its token can be read."""
    visit = desk().visit(visit.code)  # what was good enough to send with is not to show
    check_door(visit.entrance, now(), sending=True)
    try:
        token = desk().read_token(visit, _text(fields, TOKEN))
    except AlteredToken:
        token = desk().new_token(visit)
    sheet = replace(
        _sheet(visit),
        answers=readable_fields(visit.form.form, fields, visit.groups),
        problem=problem,
        second=_text(fields, SECOND),
        step=_text(fields, STEP),
    )
    return Response(desk().pages.filled(sheet, desk().tokens.sign(token)), status)


def _sheet(visit: Visit) -> Sheet:
    return Sheet(visit.form, visit.entrance, groups=visit.groups, kiosk=_kiosk())


def _speak(visit: Visit) -> None:
    desk().pages.speak(visit.form, visit.entrance.collection.languages)


def _kiosk() -> bool:
    return request.args.get("kiosk") == "1"


def _kept_address() -> dict[str, Any]:
    """What goes along from address to address: the language, and that the device is shared."""
    return address_language() | ({"kiosk": 1} if _kiosk() else {})


def _is_open(visit: Visit) -> bool:
    try:
        check_door(visit.entrance, now())
    except LinkRefused:
        return False
    return True


def _code_page(problem: str | None = None) -> str:
    typed = request.form.get("code") or (request.view_args or {}).get("code", "")
    return render_template(
        "respondent/code.html",
        problem=problem,
        typed=typed[:SHOWN_AT_MOST],
    )


def _text(fields: Fields, name: str) -> str:
    return fields.get(name, [""])[0]
