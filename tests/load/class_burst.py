"""A class of thirty at one address answers within ten seconds, some of them after mistyping the code."""

import http.client
import re
import time
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from html import unescape
from http import HTTPStatus
from random import Random
from urllib.parse import urlencode

from survey_service.domain.access import Link
from survey_service.services.count_sealed import count_finally
from survey_service.storage.sealed_answers import receipts_per_link
from tests.load.generator import LoadFailed
from tests.load.over_http import RESPONDENT
from tests.load.servers import serving
from tests.load.town import Place, Town, make_town

RESPONDENTS, MISTYPING, WITHIN_SECONDS = 30, 3, 10.0
SEATS = RESPONDENTS
TOKEN = re.compile(r'name="_token"[^>]* value="([^"]+)"')


@dataclass(frozen=True)
class Burst:
    """Milliseconds until the slowest reply: to whom held a valid code, and to whom had mistyped it."""

    slowest: float
    slowest_mistyped: float
    counted: int


@dataclass
class Pupil:
    """Somebody in the class: when they begin, how long they think, and how long each reply took."""

    number: int
    begins: float
    thinks: float
    answers: dict[str, str]
    replies: list[float]
    mistyped: list[float]


def measure_burst(place: Place, within: float = WITHIN_SECONDS) -> Burst:
    """Let the class answer on one engine. Raises LoadFailed where one was refused or an answer was lost."""
    with place.empty() as database:
        town = make_town(database, 1, seats=SEATS)
        (issued,) = town.issued
        pupils = _class(town, within)
        with serving(RESPONDENT, "/health", town.settings) as server, ThreadPoolExecutor(RESPONDENTS) as pool:
            began = time.monotonic()
            list(pool.map(lambda pupil: _answer(pupil, server.port, issued.code, began), pupils))
        return Burst(
            max(reply for pupil in pupils for reply in pupil.replies),
            max(reply for pupil in pupils for reply in pupil.mistyped),
            _counted(town, issued.link),
        )


def _class(town: Town, within: float) -> list[Pupil]:
    """All begin in the first half, when the teacher says so, and have sent when the time is over."""
    chance = Random(4)
    return [
        Pupil(number, chance.uniform(0, within / 2), chance.uniform(0, within / 3), town.answers(chance), [], [])
        for number in range(RESPONDENTS)
    ]


def _answer(pupil: Pupil, port: int, code: str, began: float) -> None:
    time.sleep(max(0.0, began + pupil.begins - time.monotonic()))
    if pupil.number < MISTYPING:
        mistyped = code[:-2] + code[-1] + code[-2] if code[-1] != code[-2] else code[:-1]
        pupil.mistyped.append(_request(port, f"/s/{mistyped}", HTTPStatus.NOT_FOUND)[0])
    path = f"/s/{code}"
    opened, page = _request(port, path, HTTPStatus.OK)
    token = TOKEN.search(page)
    if token is None:
        raise LoadFailed("a form holds no token")
    time.sleep(pupil.thinks)
    body = urlencode({**pupil.answers, "_token": unescape(token[1])})
    sent, _ = _request(port, path, HTTPStatus.SEE_OTHER, body)
    thanked, _ = _request(port, f"{path}/thanks", HTTPStatus.OK)
    pupil.replies += [opened, sent, thanked]


def _request(port: int, path: str, wanted: HTTPStatus, body: str | None = None) -> tuple[float, str]:
    """(milliseconds, page) over a connection of its own, as every device has one. Raises LoadFailed."""
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
    began = time.perf_counter()
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=30)
    connection.request("POST" if body else "GET", path, body, headers)
    response = connection.getresponse()
    page = response.read().decode()
    connection.close()
    if response.status != wanted:
        raise LoadFailed(f"somebody in the class got status {response.status} instead of {wanted}")
    return 1000 * (time.perf_counter() - began), page


def _counted(town: Town, link: Link) -> int:
    """Count the class to the end. Raises LoadFailed unless everybody's answer is in the tally once."""
    count_finally(town.installation.counting_room, link.id)
    counted = town.installation.tally(link).counted
    with town.database.read() as connection:
        received = sum(receipts_per_link(connection).values())
    if (received, counted) != (RESPONDENTS, RESPONDENTS):
        raise LoadFailed(f"{RESPONDENTS} answered, {received} were received and {counted} counted")
    return counted
