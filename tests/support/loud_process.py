"""Sends answers, refused ones too, and counts them, in a process that logs all that can be logged to its stderr.

Called with a database URL; prints every code on a line of its own.
"""

import logging
import sys
from collections.abc import Mapping
from datetime import datetime, timedelta

from survey_service.domain.access import LinkRefused
from survey_service.domain.answer_fields import UnknownField, UnknownValue
from survey_service.services.work import Worker
from tests.support.open_round import CLOSED, DURING, OWN, PUPILS, STAFF, OpenRound, make_open_round
from tests.support.small_municipality import migrated

LOG = logging.getLogger(__name__)
LATE = timedelta(days=90)


def main(url: str) -> None:
    """Everything that can go well or wrong with a code."""
    logging.basicConfig(level=logging.DEBUG, stream=sys.stderr)
    with migrated(url) as database:
        given = make_open_round(database, PUPILS, STAFF)
        used_twice = given.codes_of("staff")[:10] * 2
        more_than_seats = given.codes_of("pupils", OWN, "4B") * 7
        for number, code in enumerate([*used_twice, *more_than_seats]):
            attempt(given, code, number, {"code": [code]}, DURING)
            attempt(given, code, number, {"gender": [code]}, DURING)
            attempt(given, code, number, {}, DURING + LATE)
            attempt(given, code, number, {}, DURING)
        worker = Worker(database, given.counting_key)
        worker.turn(DURING)
        worker.turn(CLOSED + LATE)
        print(*(issued.code for issued in given.codes), sep="\n")  # noqa: T201 - what the test reads


def attempt(given: OpenRound, code: str, number: int, more: Mapping[str, list[str]], now: datetime) -> None:
    """Open a form and send it, whatever comes of it."""
    try:
        form = given.hand_out(code)
        given.send(form, {**form.only(number), **more}, now)
    except (LinkRefused, UnknownField, UnknownValue):
        LOG.exception("refused")


if __name__ == "__main__":
    main(sys.argv[1])
