"""The municipality's face on respondents' pages: name, logo and colour, the same throughout a reply."""

from collections.abc import Callable
from dataclasses import dataclass
from http import HTTPStatus

from flask import Flask, Response, abort, current_app, g
from markupsafe import Markup

from survey_service.domain.colour import Accent, Colour, accents
from survey_service.domain.logo import Logo
from survey_service.domain.municipality import Municipality
from survey_service.services.municipality import find_logo, read_municipality
from survey_service.services.readiness import Database, DatabaseAway
from survey_service.web.respondent.kept import Kept
from survey_service.web.shared.application import now
from survey_service.web.shared.static_files import A_YEAR

SECONDS = 60.0
"""How long a process goes on with what it has read."""


@dataclass(frozen=True)
class PageFace:
    """How a page looks and who speaks on it; `policy` is what allows its style sheet, None where the usual one does."""

    municipality: Municipality
    styles: Markup
    policy: str | None = None

    @property
    def name(self) -> str:
        """Whose survey it is; empty where that is not known."""
        return self.municipality.face.name

    @property
    def key(self) -> tuple[str, int]:
        """What a page that shows this face may be kept by."""
        return self.name, self.municipality.version


class Faces:
    """Makes faces from what the office has set. One object serves a process."""

    def __init__(self, database: Database, styles: str, policy: Callable[[str], str]) -> None:
        self._database = database
        self._styles = styles
        self._policy = policy
        self._faces: Kept[None, PageFace] = Kept(1, SECONDS)
        self._logos: Kept[str, Logo] = Kept(2)

    def current(self) -> PageFace:
        """The face of today; one of nobody in particular where the database is away, for pages that can do without."""
        try:
            return self._faces.get(None, lambda: self._make(read_municipality(self._database, now())))
        except DatabaseAway:
            return self._make(Municipality())

    def logo(self, name: str) -> Logo | None:
        """The logo that is shown today, if that is its name."""
        if not name or name != self.current().municipality.face.logo:
            return None
        try:
            return self._logos.get(name, lambda: self._find_logo(name))
        except LookupError:
            return None

    def _find_logo(self, name: str) -> Logo:
        found = find_logo(self._database, name)
        if found is None:
            # Not kept as missing: the same picture may be chosen again.
            raise LookupError(name)
        return found

    def _make(self, municipality: Municipality) -> PageFace:
        if not municipality.face.colour:
            return PageFace(municipality, Markup(self._styles))  # noqa: S704 - files of ours
        styles = self._styles + colour_rules(municipality.face.colour)
        return PageFace(municipality, Markup(styles), self._policy(styles))  # noqa: S704 - and checked colours


def colour_rules(colour: str) -> str:
    """The style rules that make a colour, as it was stored, the accent of light and dark pages."""
    found = accents(Colour.parse(colour))
    return f"{_rule(found.light)}@media (prefers-color-scheme:dark){{{_rule(found.dark)}}}"


def face() -> PageFace:
    """The face of this reply."""
    if "face" not in g:
        faces: Faces = current_app.extensions["faces"]
        g.face = faces.current()
    found: PageFace = g.face
    return found


def install_faces(app: Flask, faces: Faces) -> None:
    """Let templates and views ask for the face, allow its style sheet, and serve the logo."""
    app.extensions["faces"] = faces
    app.jinja_env.globals["face"] = face

    @app.after_request
    def _allow_styles(response: Response) -> Response:
        shown: PageFace | None = g.get("face")
        if shown is not None and shown.policy is not None:
            response.headers["Content-Security-Policy"] = shown.policy
        return response

    @app.get("/logo/<name>")
    def logo(name: str) -> Response:
        found = faces.logo(name) or abort(HTTPStatus.NOT_FOUND)
        return Response(found.content, mimetype=found.media_type, headers={"Cache-Control": A_YEAR})


def _rule(accent: Accent) -> str:
    return f":root{{--accent:{accent.colour};--accent-ink:{accent.ink};--tint:{accent.tint}}}"
