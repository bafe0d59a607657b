"""The links of a round, unit by unit: every code that was issued, never whether it was used."""

from base64 import b64encode
from http import HTTPStatus
from itertools import groupby

from flask import Blueprint, render_template
from flask.typing import ResponseReturnValue

from survey_service.domain.access import spaced
from survey_service.domain.permission import Action
from survey_service.outputs.qr_code import qr_svg
from survey_service.services.issue_links import IssuedCode, LinkKeyMissing, LinkKeys, list_codes
from survey_service.services.round_status import as_people_sort
from survey_service.web.admin.rounds import existing
from survey_service.web.shared.office_session import requires, the_database, the_settings

pages = Blueprint("links", __name__)


@pages.get("/office/rounds/<slug:round_id>/links")
@requires(Action.SEE_LINKS)
def index(round_id: str) -> ResponseReturnValue:
    """The round's units, each leading to its links."""
    status = existing(round_id)
    units = {unit.code: unit.name for collection in status.collections for unit in collection.units}
    in_order = sorted(units.items(), key=lambda unit: (as_people_sort(unit[1]), unit[0]))
    return render_template("admin/links.html", status=status, units=in_order)


@pages.get("/office/rounds/<slug:round_id>/links/<text:unit_code>")
@requires(Action.SEE_LINKS)
def of_unit(round_id: str, unit_code: str) -> ResponseReturnValue:
    """Every code of one unit, with its address."""
    settings = the_settings()
    status = existing(round_id, unit_code)
    try:
        codes = list_codes(
            the_database(), LinkKeys(settings.keys["link"], settings.keys["lookup"]), round_id, unit_code
        )
    except LinkKeyMissing:
        return render_template("admin/link_key_missing.html", status=status), HTTPStatus.SERVICE_UNAVAILABLE
    return render_template(
        "admin/unit_links.html",
        status=status,
        unit=status.collections[0].units[0],
        codes={name: list(issued) for name, issued in groupby(codes, _collection_id)},
        spaced=spaced,
        address=f"{settings.public_url}/s/",
        picture=_picture,
    )


def _picture(address: str, title: str) -> str:
    """A QR code as the address of a picture that needs no further request."""
    return f"data:image/svg+xml;base64,{b64encode(qr_svg(address, title).encode()).decode('ascii')}"


def _collection_id(issued: IssuedCode) -> str:
    return issued.collection.id
