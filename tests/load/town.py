"""An invented town under load: classes whose round is open, with codes, tokens and answers made beforehand."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from functools import cached_property
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory

from survey_service.domain.access import Link
from survey_service.domain.answers import AnswerLayout, answer_context
from survey_service.domain.counting_key import public_part
from survey_service.domain.form import Form
from survey_service.domain.form_token import FormToken, FormTokens, new_submission_id
from survey_service.domain.sealing import seal
from survey_service.domain.survey_round import LOCAL_TIME
from survey_service.questionnaires.form_file import digest, load_forms
from survey_service.services.issue_links import IssuedCode, list_codes
from survey_service.settings import shipped
from survey_service.storage.database import Database
from survey_service.storage.schema import migrate
from survey_service.storage.sealed_answers import add_receipt, add_sealed
from tests.load.generator import get_request, post_request
from tests.support.installation import (
    COUNTING_KEY,
    LOOKUP_KEY,
    PUPILS,
    ROUND,
    TOKEN_KEY,
    Clock,
    Installation,
    municipality,
)
from tests.support.postgres import PostgresServer, running_server

ENGINES = ("sqlite", "postgresql")

FORM = "pupil-4-6"
CLASSES_OF_A_SCHOOL, PUPILS_OF_A_CLASS = 30, 25

SKIPPED = 0.05
DURABLE = ("fsync", "full_page_writes")


@dataclass(frozen=True)
class Town:
    """A database with classes whose pupils may answer now, and all keys."""

    database: Database
    installation: Installation
    form: Form

    @cached_property
    def issued(self) -> list[IssuedCode]:
        """Every class's link and code, in a random order that is always the same."""
        codes = list_codes(self.database, self.installation.keys, ROUND)
        return Random(1).sample(codes, len(codes))

    @property
    def settings(self) -> dict[str, str]:
        """The environment of a respondent process."""
        keys = {"LOOKUP": LOOKUP_KEY, "TOKEN": TOKEN_KEY, "SEALING": public_part(COUNTING_KEY)}
        secrets = {f"SURVEY_{name}_KEY": key.hex() for name, key in keys.items()}
        return {"SURVEY_DATABASE_URL": self.database.url.render_as_string(hide_password=False), **secrets}

    def open_requests(self, classes: int) -> Iterator[bytes]:
        """One request for the form of each of some classes."""
        return (get_request(f"/s/{item.code}") for item in self.issued[:classes])

    def send_requests(self, number: int) -> Iterator[bytes]:
        """As many sent forms, each with a new valid token, class after class."""
        tokens, form_digest, chance = FormTokens([TOKEN_KEY]), digest(self.form), Random(2)
        for place in range(number):
            item = self.issued[place % len(self.issued)]
            token = FormToken(item.link.id, item.link.version, form_digest, new_submission_id())
            yield post_request(f"/s/{item.code}", {**self.answers(chance), "_token": [tokens.sign(token)]})

    def answers(self, chance: Random) -> dict[str, list[str]]:
        """What somebody answers."""
        return {
            question.id: [chance.choice(question.options).id]
            for question in self.form.questions
            if chance.random() > SKIPPED
        }

    def let_wait(self, links: list[Link], number: int) -> None:
        """Let so many answers wait for each of the links, as if they had been sent."""
        layout, form_digest, chance = AnswerLayout(self.form), digest(self.form), Random(3)
        sealing_key = public_part(COUNTING_KEY)
        with self.database.write() as connection:
            for link in links:
                context = answer_context(link.id, link.version, form_digest)
                for _ in range(number):
                    add_receipt(connection, link.id, link.version, new_submission_id())
                    box = seal(sealing_key, layout.encode(self.answers(chance), context))
                    add_sealed(connection, link.id, link.version, box)


def make_town(database: Database, classes: int, *, seats: int | None = None) -> Town:
    """Fill an empty database with so many classes whose round is open; `seats` in place of what a class would have."""
    migrate(database)
    forms = load_forms(shipped("forms"))
    now = datetime.now(UTC)
    today = now.astimezone(LOCAL_TIME).date()
    installation = Installation(database, forms=forms, clock=Clock(now))
    installation.organise(municipality(_schools(classes)))
    pupils = replace(
        PUPILS,
        form=FORM,
        form_version=forms[FORM].version,
        opens=today - timedelta(days=7),
        closes=today + timedelta(days=21),
        seats=seats,
    )
    installation.apply(pupils)
    installation.confirm()
    installation.open()
    return Town(database, installation, forms[FORM])


def _schools(classes: int) -> dict[str, dict[str, int]]:
    schools: dict[str, dict[str, int]] = {}
    for number in range(classes):
        school, place = divmod(number, CLASSES_OF_A_SCHOOL)
        schools.setdefault(f"{school:08}", {})[f"{4 + place % 3}-{place}"] = PUPILS_OF_A_CLASS
    return schools


@dataclass(frozen=True)
class Place:
    """Where databases of one engine are made: a folder, and a server unless the engine is SQLite."""

    engine: str
    folder: Path
    server: PostgresServer | None = None

    @contextmanager
    def empty(self) -> Iterator[Database]:
        """A database of one's own, gone afterwards."""
        if self.server is None:
            with TemporaryDirectory(dir=self.folder) as folder:
                yield from _opened(f"sqlite:///{folder}/survey.sqlite3")
        else:
            with self.server.database() as url:
                yield from _opened(url)


@contextmanager
def place_of(engine: str) -> Iterator[Place]:
    """A place for databases that keep what they have confirmed, as in earnest."""
    with TemporaryDirectory(prefix="load-") as folder:
        if engine == "sqlite":
            yield Place(engine, Path(folder))
            return
        with running_server() as server:
            _make_durable(server)
            yield Place(engine, Path(folder), server)


def _make_durable(server: PostgresServer) -> None:
    """The tests' server does not wait for the disk; this one has to."""
    with server.connect() as connection:
        for setting in DURABLE:
            connection.execute(f"ALTER SYSTEM SET {setting} = on")
        connection.execute("SELECT pg_reload_conf()")
    while True:
        with server.connect() as connection:
            shown = [connection.execute(f"SHOW {setting}").fetchone() for setting in DURABLE]
        if all(row == ("on",) for row in shown):
            return


def _opened(url: str) -> Iterator[Database]:
    database = Database(url)
    try:
        yield database
    finally:
        database.dispose()
