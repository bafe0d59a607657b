"""Realistic answers through the real HTTP door, to try a round out."""

import http.client
import random
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from threading import local
from urllib.parse import urlencode, urlsplit

import click

from survey_service.cli.command import Failed, installation
from survey_service.domain.access import Access
from survey_service.domain.form import Form, Question
from survey_service.services.forms_in_use import FormsInUse
from survey_service.services.issue_links import IssuedCode, LinkKeys, list_codes
from survey_service.storage.database import Database

THREADS = 4
TIMEOUT_SECONDS = 30
SKIPPED, DONT_KNOW = 0.03, 0.06
TOKEN = re.compile(rb'name="_token"[^>]* value="([^"]+)"')
HTTP_OK, HTTP_SEE_OTHER = 200, 303


@dataclass(frozen=True)
class Respondent:
    """Somebody invented: the code in their hand and what they will answer."""

    code: str
    answers: dict[str, str]


class Door:
    """The HTTP door of the respondent application, one kept-alive connection for each thread."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        if parts.scheme not in ("http", "https") or not parts.hostname:
            raise Failed(f"{url!r} is not an http address")
        self._parts = parts
        self._threads = local()

    def answer(self, respondent: Respondent) -> bool:
        """Open the form and send the answers. Tells whether thanks came back."""
        path = f"{self._parts.path.rstrip('/')}/s/{respondent.code}"
        status, page = self._request("GET", path)
        token = TOKEN.search(page)
        if status != HTTP_OK or token is None:
            return False
        body = urlencode({**respondent.answers, "_token": token[1].decode("ascii")})
        status, _ = self._request("POST", path, body)
        return status == HTTP_SEE_OTHER

    def _request(self, method: str, path: str, body: str | None = None) -> tuple[int, bytes]:
        headers = {"Content-Type": "application/x-www-form-urlencoded"} if body else {}
        for fresh in (False, True):
            connection = self._connection(fresh=fresh)
            try:
                connection.request(method, path, body, headers)
                response = connection.getresponse()
                return response.status, response.read()
            except (http.client.HTTPException, ConnectionError):
                if fresh:  # a kept connection may have been closed meanwhile, a new one may not
                    raise
        raise AssertionError("the second try returns or raises")

    def _connection(self, *, fresh: bool) -> http.client.HTTPConnection:
        if fresh or not hasattr(self._threads, "connection"):
            kind = http.client.HTTPSConnection if self._parts.scheme == "https" else http.client.HTTPConnection
            self._threads.connection = kind(self._parts.hostname or "", self._parts.port, timeout=TIMEOUT_SECONDS)
        connection: http.client.HTTPConnection = self._threads.connection
        return connection


@click.command()
@click.argument("round_id", metavar="ROUND")
@click.option("--responses", type=click.IntRange(min=1), required=True, help="How many people answer.")
@click.option("--seed", type=int, help="The same seed invents the same people.")
@click.option("--url", help="Where respondents are served; SURVEY_PUBLIC_URL unless given.")
def simulate(round_id: str, responses: int, seed: int | None, url: str | None) -> None:
    """Send realistic answers to ROUND through the service's own HTTP door."""
    with installation("link", "lookup") as (settings, database):
        keys = LinkKeys(settings.keys["link"], settings.keys["lookup"])
        people = invent(database, keys, round_id, responses, random.Random(seed))  # noqa: S311 - invented people
        door = Door(url or settings.public_url)
    sent = 0
    with (
        ThreadPoolExecutor(THREADS) as pool,
        click.progressbar(pool.map(door.answer, people), length=len(people), label="Answering") as answered,
    ):
        sent = sum(answered)
    click.echo(f"{sent} answered, {len(people) - sent} were turned away", err=True)
    if not sent:
        raise Failed("nobody could answer: is the round open, and the service running?")


def invent(
    database: Database, keys: LinkKeys, round_id: str, responses: int, chance: random.Random
) -> list[Respondent]:
    """People with codes of the round, at most as many as are expected, and what they will answer."""
    forms = FormsInUse(database)
    seats = [issued for issued in list_codes(database, keys, round_id) for _ in range(_people(issued))]
    if responses > len(seats):
        click.echo(f"only {len(seats)} are expected: sending that many", err=True)
    chosen = chance.sample(seats, min(responses, len(seats)))
    mood_of_unit = {code: chance.gauss(0.68, 0.08) for code in sorted({item.link.unit_code for item in seats})}
    return [
        Respondent(
            issued.code,
            dict(
                _answers(
                    forms.get(issued.collection.form, issued.collection.form_version).form,
                    chance.gauss(mood_of_unit[issued.link.unit_code], 0.16),
                    chance,
                )
            ),
        )
        for issued in chosen
    ]


def _people(issued: IssuedCode) -> int:
    return 1 if issued.link.access is Access.SINGLE_USE else issued.link.expected


def _answers(form: Form, mood: float, chance: random.Random) -> Iterator[tuple[str, str]]:
    for question in form.questions:
        fate = chance.random()
        if fate < SKIPPED:
            continue
        if question.dont_know and fate < SKIPPED + DONT_KNOW:
            yield question.id, "dont_know"
        else:
            yield question.id, _option(question, mood, chance)


def _option(question: Question, mood: float, chance: random.Random) -> str:
    if question.scores is None:
        return chance.choice(question.options).id
    felt = 10 * min(1.0, max(0.0, chance.gauss(mood, 0.22)))
    nearest = min(zip(question.scores, question.options, strict=True), key=lambda pair: abs(float(pair[0]) - felt))
    return nearest[1].id
