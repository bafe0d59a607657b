"""Error pages: each says in plain words what happened and what to do, in the reader's language."""

from http import HTTPStatus

from flask import Flask, Response, make_response, render_template, request
from werkzeug.exceptions import HTTPException

from survey_service.services.readiness import DatabaseAway
from survey_service.web.shared.quiet_log import described

PAGES = {
    HTTPStatus.FORBIDDEN: "shared/errors/403.html",
    HTTPStatus.NOT_FOUND: "shared/errors/404.html",
    HTTPStatus.METHOD_NOT_ALLOWED: "shared/errors/405.html",
    HTTPStatus.REQUEST_ENTITY_TOO_LARGE: "shared/errors/413.html",
    HTTPStatus.SERVICE_UNAVAILABLE: "shared/errors/503.html",
}
"""The page of a status; an area may put its own in place by a template of the same name."""

READER_FAULT, OUR_FAULT = "shared/errors/400.html", "shared/errors/500.html"

DRAINED_AT_MOST = 4 * 1024 * 1024
DRAINED_AT_ONCE = 64 * 1024

RETRY_SECONDS = "60"


def install_error_pages(app: Flask) -> None:
    """Answer every HTTP error, a database that is away and anything unexpected with a page."""

    @app.errorhandler(HTTPException)
    def _http_error(error: HTTPException) -> Response:
        status = HTTPStatus(error.code or HTTPStatus.INTERNAL_SERVER_ERROR)
        if status is HTTPStatus.REQUEST_ENTITY_TOO_LARGE:
            _drain()
        response = error_page(status)
        allowed = [(name, value) for name, value in error.get_headers() if name == "Allow"]
        response.headers.extend(allowed)
        return response

    @app.errorhandler(DatabaseAway)
    def _database_away(error: DatabaseAway) -> Response:
        app.logger.error("The database is away: %s", described(error))
        response = error_page(HTTPStatus.SERVICE_UNAVAILABLE)
        response.headers["Retry-After"] = RETRY_SECONDS
        return response


def error_page(status: HTTPStatus) -> Response:
    """The page of an error status."""
    fallback = READER_FAULT if status < HTTPStatus.INTERNAL_SERVER_ERROR else OUR_FAULT
    return make_response(render_template(PAGES.get(status, fallback)), status)


def _drain() -> None:
    """Read what a client still sends, within bounds: a browser cut off in the middle shows no page at all."""
    left = DRAINED_AT_MOST
    while left > 0 and (read := request.environ["wsgi.input"].read(DRAINED_AT_ONCE)):
        left -= len(read)
