"""The pages of links that do not admit their holder now: a table from the reason to its page and status."""

from datetime import date, datetime
from http import HTTPStatus

from flask import render_template

from survey_service.domain.access import Closed, LinkRefused, NotYetOpen, Replaced, Used
from survey_service.domain.survey_round import LOCAL_TIME
from survey_service.services.enter_link import Entrance

PAGES: dict[type[LinkRefused], tuple[str, HTTPStatus]] = {
    NotYetOpen: ("respondent/refused/not_yet_open.html", HTTPStatus.CONFLICT),
    Closed: ("respondent/refused/closed.html", HTTPStatus.GONE),
    Replaced: ("respondent/refused/replaced.html", HTTPStatus.GONE),
    Used: ("respondent/refused/used.html", HTTPStatus.GONE),
}


def refusal_page(reason: LinkRefused, entrance: Entrance, now: datetime) -> tuple[str, HTTPStatus]:
    """The page that says why and what to do, in the language of the reply, and its status."""
    template, status = PAGES[type(reason)]
    today = now.astimezone(LOCAL_TIME).date()
    page = render_template(
        template,
        unit_name=entrance.unit_name,
        group=entrance.link.group,
        # A day that has passed without the collection being opened by anyone is no promise to repeat.
        opens=entrance.collection.opens if entrance.collection.opens > today else None,
        closed=min(last_day(entrance), today),
    )
    return page, status


def last_day(entrance: Entrance) -> date:
    """The last day on which the link's unit can answer, or could: the planned one, or an earlier one by hand."""
    collection = entrance.collection
    planned = collection.closes_by_unit.get(entrance.link.unit_code, collection.closes)
    if collection.closed_at is None:
        return planned
    return min(planned, collection.closed_at.astimezone(LOCAL_TIME).date())
